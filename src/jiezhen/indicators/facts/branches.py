"""The pieces of the statement of one kind: each counts something by unit and bucket of time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlglot import exp

from jiezhen.indicators.facts import slices
from jiezhen.indicators.facts.binding import Bindings
from jiezhen.indicators.facts.slices import Slice
from jiezhen.indicators.rules.spans import Buckets, next_month
from jiezhen.packs.definitions import Definition
from jiezhen.packs.schema import Kind
from jiezhen.records import facts
from jiezhen.records.facts import ROW, UNIT


def kind_of(definition: Definition) -> Kind:
    """Return the kind that an indicator counts.

    Raises:
        LookupError: It is a ratio or a supplied number, which counts no kind itself.
    """
    if definition.kind is None:
        raise LookupError(f"{definition.indicator.name} counts no records itself")
    return definition.kind


@dataclass(frozen=True, slots=True)
class Scope:
    """What every branch of a statement shares: whose records, which buckets, as of which day.

    `only` narrows to parts of the kind's records, `split` names the column that divides them.
    """

    kind: Kind
    office_id: int
    buckets: Buckets
    on: date
    bind: Bindings
    columns: dict[str, exp.Expr]
    only: tuple[Slice, ...] = ()
    split: str = ""

    @property
    def limit(self) -> date:
        """Return the day from which on nothing counts: after the buckets, or after today."""
        return min(self.buckets.until, date.fromordinal(self.on.toordinal() + 1))


@dataclass(slots=True)
class Branch:
    """One SELECT: its number, its mode, its value columns, what it keeps and groups by.

    Shape of its result: branch, unit, bucket, key, then the value columns as doubles. Where the
    statement is divided, the value that divides stands before the value columns.
    """

    number: int
    mode: str
    on: str = ""
    keep: exp.Expr | None = None
    key: exp.Expr | None = None
    values: list[exp.Expr] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)

    def place(self, tree: exp.Expr) -> int:
        """Return the place of a value column; equal ones are computed once."""
        text = tree.sql("postgres")
        if text not in self.known:
            self.known[text] = len(self.values)
            self.values.append(tree)
        return self.known[text]


def true_part(condition: exp.Expr | None, value: exp.Expr) -> exp.Expr:
    """Return the value where the condition is true and nothing elsewhere; unknown is not true.

    CASE instead of FILTER: it is several times faster in columnar engines.
    """
    if condition is None:
        return value.copy()
    return exp.Case(ifs=[exp.If(this=condition.copy(), true=value.copy())])


def counted(condition: exp.Expr | None, value: exp.Expr | None) -> exp.Expr:
    """Return the number of rows for which the condition is true and the value known."""
    if value is not None:
        return exp.Count(this=true_part(condition, value))
    if condition is None:
        return exp.Count(this=exp.Star())
    return exp.Count(this=true_part(condition, exp.Literal.number(1)))


def select(scope: Scope, branch: Branch, width: int) -> exp.Expr:
    """Return the SELECT of a branch, padded to the width that all branches share."""
    bucket, range_ = _time(scope, branch)
    key = exp.cast(branch.key.copy() if branch.key else exp.Null(), "TEXT")
    padding = [exp.Null()] * (width - len(branch.values))
    values = [
        exp.cast(value.copy(), "DOUBLE PRECISION", dialect="postgres")
        for value in [*branch.values, *padding]
    ]
    heads = [exp.Literal.number(branch.number), exp.column("unit_id", table=ROW), bucket, key]
    query = exp.select(*heads, *_divided(scope, branch), *values)
    query = from_tables(scope, query, uses_unit(branch))
    conditions = [*whose(scope, withdrawn=branch.mode == "left"), *range_]
    if branch.mode != "presence":
        conditions += narrowed(scope)
    if branch.keep is not None:
        conditions.append(branch.keep.copy())
    return query.where(*conditions).group_by(*_groups(branch, divided=bool(scope.split)))


#: By which places of its result each mode groups; the others group by unit and bucket.
_GROUPS = {"presence": (2,), "left": (2, 4), "distinct": (2, 3, 4), "percentile": (2, 3, 5)}


def _groups(branch: Branch, *, divided: bool) -> list[exp.Expr]:
    places = _GROUPS.get(branch.mode, (2, 3))
    if divided and branch.mode != "presence":
        places = (*(place + (place > 4) for place in places), 5)
    return [exp.Literal.number(place) for place in places]


def _divided(scope: Scope, branch: Branch) -> list[exp.Expr]:
    """Return the value that divides, as text; nothing when the statement is not divided."""
    if not scope.split:
        return []
    if branch.mode == "presence":
        return [exp.cast(exp.Null(), "TEXT")]
    return [exp.cast(slices.column(scope.kind, scope.columns, scope.split).copy(), "TEXT")]


def narrowed(scope: Scope) -> list[exp.Expr]:
    """Return the conditions of the parts to which a statement is narrowed."""
    return [slices.condition(scope.kind, scope.columns, part) for part in scope.only]


def _time(scope: Scope, branch: Branch) -> tuple[exp.Expr, list[exp.Expr]]:
    """Return the bucket of a row and the conditions that keep it inside the buckets."""
    if branch.mode == "presence":
        return _earliest(scope), []
    if branch.mode == "left":
        return exp.cast(exp.Literal.string(""), "TEXT"), []
    first = scope.buckets.starts[0]
    if branch.mode in ("starts", "ends"):
        name = "valid_from" if branch.mode == "starts" else "valid_until"
        column = facts.validity(scope.kind)[branch.mode == "ends"]
        begun = exp.LT(this=column.copy(), expression=scope.bind.put(scope.limit.isoformat()))
        missing = exp.Is(this=column.copy(), expression=exp.Null())
        early = exp.LT(this=column.copy(), expression=scope.bind.put(first.isoformat()))
        cases = [exp.If(this=exp.or_(missing.copy(), early), true=exp.Literal.string(""))]
        bucket = _bucket(scope, facts.day(scope.kind, name), cases)
        return bucket, [exp.or_(missing, begun) if branch.mode == "starts" else begun]
    column = facts.comparable_day(scope.kind, branch.on)
    low = exp.GTE(this=column.copy(), expression=scope.bind.put(first.isoformat()))
    high = exp.LT(this=column.copy(), expression=scope.bind.put(scope.limit.isoformat()))
    return _bucket(scope, facts.day(scope.kind, branch.on), []), [low, high]


def _bucket(scope: Scope, day: exp.Expr, cases: list[exp.If]) -> exp.Expr:
    """Return the label of a day's bucket: its month, or the day at which its month is cut."""
    month = exp.Substring(
        this=day.copy(), start=exp.Literal.number(1), length=exp.Literal.number(7)
    )
    cuts = scope.buckets.cuts
    for place, cut in enumerate(cuts):
        after = next_month(cut)
        until = min([after, *cuts[place + 1 : place + 2]])
        inside = exp.and_(
            exp.GTE(this=day.copy(), expression=scope.bind.put(cut.isoformat())),
            exp.LT(this=day.copy(), expression=scope.bind.put(until.isoformat())),
        )
        cases.append(exp.If(this=inside, true=exp.Literal.string(cut.isoformat())))
    return exp.Case(ifs=cases, default=month) if cases else month


def _earliest(scope: Scope) -> exp.Expr:
    return exp.cast(exp.Min(this=exp.column("on", table=ROW, quoted=True)), "TEXT")


def uses_unit(branch: Branch) -> bool:
    """Say whether a branch speaks of the unit's own columns, so that its table is joined."""
    trees: Sequence[exp.Expr | None] = [branch.keep, branch.key, *branch.values]
    return any(needs_unit(tree) for tree in trees if tree is not None)


def needs_unit(tree: exp.Expr) -> bool:
    """Say whether a tree names a column of the unit."""
    return any(column.table == UNIT for column in tree.find_all(exp.Column))


def from_tables(scope: Scope, query: exp.Select, unit: bool) -> exp.Select:
    """Add the table of the records, and that of the units where it is needed."""
    tables = facts.tables(scope.kind)
    query = query.from_(exp.table_(tables[ROW], alias=ROW))
    if unit:
        on = exp.EQ(this=exp.column("id", table=UNIT), expression=exp.column("unit_id", table=ROW))
        query = query.join(exp.table_(tables[UNIT], alias=UNIT), on=on)
    return query


def whose(scope: Scope, *, withdrawn: bool = False) -> list[exp.Expr]:
    """Return the conditions on office and kind; withdrawn rows only when asked for."""
    bind = scope.bind
    conditions: list[exp.Expr] = [
        exp.EQ(this=exp.column("office_id", table=ROW), expression=bind.put(scope.office_id)),
        exp.EQ(this=exp.column("kind", table=ROW), expression=bind.put(scope.kind.name)),
    ]
    if not withdrawn:
        gone = exp.column("withdrawn_at", table=ROW)
        conditions.append(exp.Is(this=gone, expression=exp.Null()))
    return conditions
