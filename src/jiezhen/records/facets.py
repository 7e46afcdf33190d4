"""How many records there are, and how many of each choice: one statement for both.

The rows are grouped by all facet columns at once and added up here. Beyond the limit
nothing is counted, because that would read the whole table for a number that nobody
needs exactly; the choices then stand without counts.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from jiezhen.packs.schema import Kind
from jiezhen.records import columns, shapes
from jiezhen.records.columns import Column
from jiezhen.records.models import Row
from jiezhen.records.sentences import LIMIT

#: Most columns of choices that are counted, and most choices of one that are shown.
COLUMNS, CHOICES = 5, 30


@dataclass(frozen=True, slots=True)
class Counts:
    """How a list divides: `total` is above the limit when not all was counted."""

    total: int
    by: dict[str, dict[Any, int]]

    @property
    def exact(self) -> bool:
        """Say whether every row was counted."""
        return self.total <= LIMIT


def facet_columns(kind: Kind) -> list[Column]:
    """Return the columns of a kind whose choices are offered as filters."""
    named = columns.columns_of(kind).values()
    found = [c for c in named if c.type in {"choice", "flag"}]
    return sorted(found, key=lambda c: c.name != "state")[:COLUMNS]


def count(kind: Kind, rows: QuerySet[Row]) -> Counts:
    """Return the number of rows and their division by unit and by each choice."""
    some = facet_columns(kind)
    model = shapes.model_of(kind.name)
    chosen = rows.order_by().values("pk")[: LIMIT + 1]
    grouped = model.objects.for_system("the ids were scoped by the caller").filter(pk__in=chosen)
    names = {f"g{n}": c for n, c in enumerate(some)}
    grouped = grouped.annotate(**{a: c.expression() for a, c in names.items()})
    found = grouped.order_by().values_list("unit_id", *names).annotate(n=Count("pk"))
    return _added_up(list(found), [c.name for c in some])


def _added_up(groups: Sequence[tuple[Any, ...]], names: list[str]) -> Counts:
    by: dict[str, Counter[Any]] = {name: Counter() for name in ["unit", *names]}
    total = 0
    for *values, n in groups:
        total += n
        for name, value in zip(["unit", *names], values, strict=True):
            by[name][value] += n
    return Counts(total, {name: dict(found) for name, found in by.items()})
