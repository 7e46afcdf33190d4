"""The compiler: one statement for a kind, however many indicators, units and periods.

Additive measures become CASE aggregates in one SELECT for each date column; distinct counts
and percentiles give their values, so that they roll up exactly; stocks give what starts and
what ends. All are joined by UNION ALL and come as long rows:
branch, unit, bucket, key, values.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlglot import exp

from jiezhen.indicators.facts import branches, left_out
from jiezhen.indicators.facts.binding import Bindings, text_of
from jiezhen.indicators.facts.branches import Branch, Scope, counted, kind_of, true_part
from jiezhen.indicators.facts.slices import Slice
from jiezhen.indicators.rules.spans import Buckets, Span
from jiezhen.kernel.expressions.dialects import Dialect
from jiezhen.packs.definitions import Definition
from jiezhen.packs.schema import Kind
from jiezhen.records import facts as record_facts

#: Measures whose parts add up over units and months.
_AGGREGATES: dict[str, tuple[type[exp.AggFunc], ...]] = {
    "count": (),
    "sum": (exp.Sum,),
    "average": (exp.Sum,),
    "minimum": (exp.Min,),
    "maximum": (exp.Max,),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """Where an indicator's numbers stand in the result: branch and places of its columns."""

    measure: str
    branch: int
    rows: int = 0
    value: int = -1
    ends: int = -1
    at: float = 0


@dataclass(slots=True)
class Statement:
    """A compiled kind: its text, its bound values, and where each indicator is read."""

    kind: Kind
    buckets: Buckets
    sql: str
    values: dict[str, Any]
    slots: dict[str, Slot]
    branches: list[Branch]
    left: int = -1


@dataclass(slots=True)
class _Builder:
    scope: Scope
    branches: list[Branch] = field(default_factory=list)
    slots: dict[str, Slot] = field(default_factory=dict)
    merged: dict[tuple[str, str], Branch] = field(default_factory=dict)

    def open(self, mode: str, on: str = "") -> Branch:
        branch = Branch(len(self.branches), mode, on)
        self.branches.append(branch)
        return branch

    def shared(self, mode: str, on: str = "") -> Branch:
        if (mode, on) not in self.merged:
            self.merged[mode, on] = self.open(mode, on)
        return self.merged[mode, on]

    def add(self, definition: Definition) -> None:
        """Give an indicator its slot."""
        name, measure = definition.indicator.name, definition.indicator.measure
        where = definition.where.sql(self.scope.columns) if definition.where else None
        value = definition.value.sql(self.scope.columns) if definition.value else None
        if measure in _AGGREGATES:
            branch = self.shared("flow", definition.on)
            rows = branch.place(counted(where, value))
            aggregates = [
                branch.place(kind(this=true_part(where, value)))
                for kind in _AGGREGATES[measure]
                if value is not None
            ]
            self.slots[name] = Slot(measure, branch.number, rows, *aggregates)
        elif measure == "stock":
            self._stock(name, where)
        elif value is not None:
            self._listed(definition, where, value)

    def _stock(self, name: str, where: exp.Expr | None) -> None:
        """Count what starts and what ends; an entry that ends before it starts never was."""
        starts, ends = self.shared("starts"), self.shared("ends")
        was = left_out.ever_valid(self.scope)
        keep = was if where is None else exp.and_(where, was)
        tree = counted(keep, None)
        self.slots[name] = Slot(
            "stock", starts.number, starts.place(tree), ends.place(tree), ends.number
        )

    def _listed(self, definition: Definition, where: exp.Expr | None, value: exp.Expr) -> None:
        """List each value with its unit and bucket: a sum of distinct counts would be wrong."""
        name, measure = definition.indicator.name, definition.indicator.measure
        branch = self.open(measure, definition.on)
        known = exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))
        branch.keep = known if where is None else exp.and_(where, known)
        if measure == "distinct":
            branch.key = value
            branch.values = [exp.Count(this=exp.Star())]
            self.slots[name] = Slot(measure, branch.number)
        else:
            branch.values = [value, exp.Count(this=exp.Star())]
            at = definition.indicator.at or 0
            self.slots[name] = Slot(measure, branch.number, rows=1, value=0, at=at)


class _Same:
    """A definition as a key: equal to itself alone, and kept alive by the cache."""

    __slots__ = ("it",)

    def __init__(self, it: Definition) -> None:
        self.it = it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.it is other.it

    def __hash__(self) -> int:
        return id(self.it)


def compile_kind(  # noqa: PLR0913  # what a statement may be asked for
    definitions: Iterable[Definition],
    office_id: int,
    buckets: Buckets,
    on: date,
    dialect: Dialect,
    *,
    explain: tuple[Definition, Span] | None = None,
    presence: bool = True,
    only: tuple[Slice, ...] = (),
    split: str = "",
) -> Statement:
    """Return the one statement that counts all indicators of a kind; the same is made once.

    Args:
        definitions: Indicators over one and the same kind.
        office_id: Whose records.
        buckets: The buckets of time.
        on: The as-of day; rows dated later never count.
        dialect: The engine.
        explain: An indicator and span whose left-out rows are counted by reason as well.
        presence: Whether to find out in which units there are records at all, and since when.
        only: Parts of the kind's records to which it is narrowed.
        split: The column by which it is divided; `parted.run` reads the result then.
    """
    listed = tuple(_Same(definition) for definition in definitions)
    why = (_Same(explain[0]), explain[1]) if explain else None
    return _compiled(listed, office_id, buckets, on, dialect, why, presence, only, split)


@lru_cache(maxsize=256)
def _compiled(  # noqa: PLR0913  # the key of the cache
    listed: tuple[_Same, ...],
    office_id: int,
    buckets: Buckets,
    on: date,
    dialect: Dialect,
    explain: tuple[_Same, Span] | None,
    presence: bool,
    only: tuple[Slice, ...],
    split: str,
) -> Statement:
    kind = kind_of(listed[0].it)
    columns = record_facts.columns(kind, on)
    scope = Scope(kind, office_id, buckets, on, Bindings(), columns, only, split)
    builder = _Builder(scope)
    for definition in listed:
        builder.add(definition.it)
    if presence:
        builder.open("presence").values = [exp.Count(this=exp.Star())]
    left = -1
    if explain is not None:
        branch = builder.open("left")
        branch.key, branch.keep = left_out.reasons(scope, explain[0].it, explain[1])
        branch.values = [exp.Count(this=exp.Star())]
        left = branch.number
    width = max(len(branch.values) for branch in builder.branches)
    selects = [branches.select(scope, branch, width) for branch in builder.branches]
    sql = " UNION ALL ".join(text_of(scope.bind.bound(tree), dialect) for tree in selects)
    return Statement(kind, buckets, sql, scope.bind.values, builder.slots, builder.branches, left)
