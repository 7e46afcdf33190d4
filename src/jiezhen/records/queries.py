"""Every read of records: lists, one record, its history and its timeline."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import (
    access,
    columns,
    display,
    facets,
    filters,
    histories,
    lookups,
    paging,
    places,
    sentences,
)
from jiezhen.records.access import NoSuchRecord
from jiezhen.records.columns import Column
from jiezhen.records.display import Shown
from jiezhen.records.filters import Query
from jiezhen.records.models import Row
from jiezhen.units import queries as unit_queries
from jiezhen.units.queries import UnitRow

PAGE = 100

__all__ = [
    "NoSuchRecord",
    "Page",
    "Query",
    "Row",
    "every",
    "history",
    "listing",
    "query_of",
    "record_for",
    "timeline",
]


@dataclass(frozen=True, slots=True)
class Line:
    """One record in a list: its columns as people see them, personal values masked."""

    id: int
    code: str
    title: str
    href: str
    unit: str
    values: dict[str, Shown]
    row: Row


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `before` rows lie before it; `total` is above the limit when unknown."""

    kind: Kind
    query: Query
    order: paging.Order
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    counts: facets.Counts
    units: tuple[UnitRow, ...]
    before: int = 0
    next: str = ""
    previous: str = ""
    sentence: str = ""
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Return the number of records, one above the limit when there are more."""
        return self.counts.total


def query_of(kind: Kind, given: Any, at: datetime) -> Query:
    """Return what an address asks of a kind's list; a QueryDict, a mapping or pairs."""
    return filters.read(kind, given, clock.day_of(at))


def listing(
    viewer: Viewer, kind: str, query: Query | Any, at: datetime, *, size: int = PAGE
) -> Page:
    """Return one page of a kind's list.

    Shape: at most `size` lines. Four statements however many records there are: the
    units, the page, the counts, and what links lead to (one for each table of those).

    Raises:
        NoSuchRecord: The viewer may not see the kind.
    """
    spec = access.kind_for(viewer, kind)
    if not isinstance(query, Query):
        query = query_of(spec, query, at)
    units = unit_queries.units_of_office(viewer.office_id)
    unit, notes = _unit(units, query)
    chosen = filters.apply(access.rows(viewer, spec), query, unit.path if unit else "")
    order, place, rows, more = _page(chosen, query, size)
    if query.after and place is None:
        notes = (*notes, _("这一页的地址失效了，回到第一页。"))
    counts = facets.count(spec, chosen)
    shown = shown_columns(spec, query)
    return _built(
        viewer,
        query,
        _Found(order, place, rows, more, counts, units, unit),
        shown,
        (*query.notes, *notes),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What the statements of one page brought."""

    order: paging.Order
    place: paging.Place | None
    rows: list[Row]
    more: bool
    counts: facets.Counts
    units: list[UnitRow]
    unit: UnitRow | None


def _unit(units: list[UnitRow], query: Query) -> tuple[UnitRow | None, tuple[str, ...]]:
    if not query.unit:
        return None, ()
    try:
        return unit_queries.find_unit(units, query.unit), ()
    except unit_queries.UnknownUnit as unknown:
        return None, (unknown.message,)


def _page(
    chosen: QuerySet[Row], query: Query, size: int
) -> tuple[paging.Order, paging.Place | None, list[Row], bool]:
    order = paging.order_of(query)
    place = paging.read(query, order)
    back = place is not None and place.back
    rows = paging.sorted_rows(chosen, order, back=back)
    if place is not None:
        rows = paging.behind(rows, order, place)
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    return order, place, found[::-1] if back else found, more


def _built(
    viewer: Viewer, query: Query, found: _Found, shown: tuple[Column, ...], notes: tuple[str, ...]
) -> Page:
    named = [(c.name, c.field) for c in shown if c.field is not None]
    wanted = display.wanted_links(found.rows, named)
    wanted |= {
        (str(c.column.field.to), int(v))
        for c in query.conditions
        if c.column.field is not None and c.column.type == "link" and c.test == "is"
        for v in c.values
    }
    links = display.links_of(viewer, wanted) if wanted else {}
    titles = {unit.id: unit.title for unit in found.units}
    before, previous, after = _around(query, found)
    linked = [links[key].title for key in links if key in _filtered(query)]
    return Page(
        query.kind,
        query,
        found.order,
        shown,
        tuple(_line(row, shown, links, titles) for row in found.rows),
        found.counts,
        tuple(found.units),
        before,
        after,
        previous,
        sentences.sentence(
            query, found.counts.total, found.unit.title if found.unit else "", "、".join(linked)
        ),
        notes,
    )


def _filtered(query: Query) -> set[tuple[str, int]]:
    return {
        (str(c.column.field.to), v)
        for c in query.conditions
        if c.column.field is not None and c.column.type == "link"
        for v in c.values
    }


def _around(query: Query, found: _Found) -> tuple[int, str, str]:
    """Return how many rows lie before the page, and the places of the pages around it."""
    rows, place = found.rows, found.place
    if not rows:
        return 0, "", ""
    back = place is not None and place.back
    edge = place.before if place else 0
    before = max(0, edge - len(rows)) if back else edge
    has_previous = found.more if back else place is not None
    has_next = True if back else found.more

    def at(row: Row, counted: int, *, backwards: bool) -> str:
        value = None if found.order.name == "" else row.sort_value  # type: ignore[attr-defined]
        there = paging.Place(value, row.pk, counted, backwards)
        return paging.written(query, found.order, there)

    previous = at(rows[0], before, backwards=True) if has_previous else ""
    following = at(rows[-1], before + len(rows), backwards=False) if has_next else ""
    return before, previous, following


def shown_columns(kind: Kind, query: Query) -> tuple[Column, ...]:
    """Return the columns that a list shows: those chosen, or the kind's first ones."""
    known = columns.columns_of(kind)
    if query.columns:
        return tuple(known[name] for name in query.columns)
    first = [known[name] for name in columns.shown_at_first(kind)]
    states = [known[n] for n in ("state", "due_on") if n in known]
    if kind.shape == "matter" and kind.on == "opened_on" and "opened_on" in known:
        states.append(known["opened_on"])
    return tuple(first + states)


def _line(
    row: Row, shown: tuple[Column, ...], links: display.Links, titles: dict[int, str]
) -> Line:
    values = {
        c.name: display.field_value(row, c.name, c.field, links)
        if c.field is not None
        else display.system_value(row, c)
        for c in shown
    }
    return Line(
        row.pk,
        row.code,
        row.title or row.code,
        places.page(row.kind, row.code),
        titles.get(row.unit_id, ""),
        values,
        row,
    )


def every(viewer: Viewer, kind: str, query: Query | Any, at: datetime) -> Iterator[Row]:
    """Return every record that a list shows, in its order, read in portions.

    Raises:
        NoSuchRecord: The viewer may not see the kind.
    """
    spec = access.kind_for(viewer, kind)
    if not isinstance(query, Query):
        query = query_of(spec, query, at)
    units = unit_queries.units_of_office(viewer.office_id) if query.unit else []
    unit, _notes = _unit(units, query)
    chosen = filters.apply(access.rows(viewer, spec), query, unit.path if unit else "")
    rows = paging.sorted_rows(chosen.select_related("unit"), paging.order_of(query))
    yield from rows.iterator(2000)


def record_for(viewer: Viewer, kind: str, code: str, right: str = "see") -> Row:
    """Return one record with its unit; withdrawn ones too.

    Raises:
        NoSuchRecord: There is none, or it is not for this viewer.
    """
    spec = access.kind_for(viewer, kind, right)
    found = access.rows(viewer, spec, right).select_related("unit").filter(code=code).first()
    if found is None:
        raise NoSuchRecord(f"{kind}:{code}")
    return found


def suggestions(viewer: Viewer, kind: str, text: str, most: int = 10) -> list[Row]:
    """Return records whose title, code or address holds the words, for a link's field.

    Raises:
        NoSuchRecord: The viewer may not see the kind.
    """
    spec = access.kind_for(viewer, kind)
    rows = access.rows(viewer, spec).filter(withdrawn_at=None)
    named = [n for n, f in spec.fields.items() if f.type == "place"][:2]
    rows = rows.alias(**{f"p{i}": lookups.TextValue(n, "text") for i, n in enumerate(named)})
    for word in text.split()[:4]:
        found = Q(title__icontains=word) | Q(code__icontains=word)
        for i in range(len(named)):
            found |= Q(**{f"p{i}__icontains": word})
        rows = rows.filter(found)
    return list(rows.order_by("-id")[:most])


history = histories.history
timeline = histories.timeline
