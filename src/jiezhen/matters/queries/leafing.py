"""Leaf through matters in an order that an index has, at the same cost on every page.

An order is one or two stretches: those with a deadline by (deadline, id), then those without one
by id. A place names the stretch by whether it has a value, so that missing deadlines have a sound
place of their own and no value has to stand for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from jiezhen.matters.models import Matter
from jiezhen.records.paging import Place, sealed, unsealed


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows in the order of one column and the id; of the id alone without a column."""

    rows: "QuerySet[Matter]"
    column: str = ""
    falling: bool = False

    def some(self, most: int, place: Place | None, *, back: bool) -> list[Matter]:
        """Return the first rows behind a place, or the latest before it in reverse."""
        names = (self.column, "id") if self.column else ("id",)
        down = self.falling != back
        rows = self.rows.order_by(*(f"-{n}" if down else n for n in names))
        if place is not None:
            rows = rows.filter(self._beyond(place, down))
        return list(rows[:most])

    def _beyond(self, place: Place, down: bool) -> Any:
        compare = TupleLessThan if down else TupleGreaterThan
        if not self.column:
            return compare(Tuple(F("id")), (place.id,))
        read = date if self.column == "closed_on" else datetime
        return compare(
            Tuple(F(self.column), F("id")), (read.fromisoformat(str(place.value)), place.id)
        )


@dataclass(frozen=True, slots=True)
class Leaf:
    """The rows of one page, how many lie before them, and the places around it."""

    rows: list[Matter]
    before: int
    next: str
    previous: str


def leaf(order: Sequence[Stretch], after: str, salt: str, size: int) -> Leaf:
    """Return the page behind a signed place, or the first one; one statement a stretch."""
    place = unsealed(after, salt)
    back = place is not None and place.back
    found = _through(order, place, back, size + 1)
    more = len(found) > size
    shown = found[:size][::-1] if back else found[:size]
    edge = place.before if place else 0
    before = max(0, edge - len(shown)) if back else edge
    columns = [s.column for s in order]
    return Leaf(
        shown,
        before,
        _place(shown[-1], columns, salt, before + len(shown), back=False)
        if shown and (back or more)
        else "",
        _place(shown[0], columns, salt, before, back=True)
        if shown and (more if back else place)
        else "",
    )


def _through(order: Sequence[Stretch], place: Place | None, back: bool, most: int) -> list[Matter]:
    """Return rows from one stretch after the other until there are enough."""
    found: list[Matter] = []
    reached = place is None
    for stretch in reversed(order) if back else order:
        here = place is not None and (place.value is not None) == bool(stretch.column)
        reached = reached or here
        if reached and len(found) < most:
            found += stretch.some(most - len(found), place if here else None, back=back)
    return found


def _place(row: Matter, columns: list[str], salt: str, before: int, *, back: bool) -> str:
    name = next((c for c in columns if c), "")
    value = getattr(row, name) if name else None
    return sealed(Place(value, row.pk, before, back), salt)
