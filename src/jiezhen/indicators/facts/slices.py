"""A part of a kind's records: those of one source, one class, one grid, one residents' area."""

from dataclasses import dataclass

from sqlglot import exp

from jiezhen.packs.schema import Kind
from jiezhen.records import facts
from jiezhen.records.facts import ROW

#: Columns of the table that hold the id of a unit: who is responsible, where it happened.
PLACES = ("unit", "grid")


@dataclass(frozen=True, slots=True)
class Slice:
    """Keep the records whose column holds one of the values; with `missing` also those with none.

    `column` is unit or grid with ids of units as values, else a choice or flag of the kind with
    its stored texts.
    """

    column: str
    values: tuple[str | int, ...] = ()
    missing: bool = False


def splittable(kind: Kind) -> list[str]:
    """Return the columns by which records of a kind may be divided."""
    places = ["unit", *(["grid"] if facts.grid(kind) is not None else [])]
    return places + [c.name for c in kind.columns().values() if c.type in ("choice", "flag")]


def column(kind: Kind, columns: dict[str, exp.Expr], name: str) -> exp.Expr:
    """Return what a kind is divided by, as a tree.

    Raises:
        KeyError: The kind has no such column.
    """
    if name == "unit":
        return exp.column("unit_id", table=ROW)
    held = facts.grid(kind) if name == "grid" else columns[name]
    if held is None:
        raise KeyError(name)
    return held


def condition(kind: Kind, columns: dict[str, exp.Expr], part: Slice) -> exp.Expr:
    """Return the condition that a record belongs to a part; values become bound ones later."""
    held = column(kind, columns, part.column)
    whole = part.column in PLACES
    made = exp.Literal.number if whole else exp.Literal.string
    listed: list[exp.Expr] = [made(value) for value in part.values]
    inside = exp.In(this=held.copy(), expressions=listed or [exp.Null()])
    if not part.missing:
        return inside
    return exp.paren(exp.or_(inside, exp.Is(this=held.copy(), expression=exp.Null())))
