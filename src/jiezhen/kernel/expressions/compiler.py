"""Compiling an expression into a statement: a tree in sqlglot's PostgreSQL dialect.

The caller gives one tree for each column: text for text and choice and for flags ("yes"/"no"), a
number for number, 分 for money, a DATE for date (ISO text in SQLite), an ISO moment with offset or
a TIMESTAMPTZ for time. `to_dialect` turns a whole statement into the words of an engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlglot import exp

from jiezhen.kernel.expressions.nodes import Node
from jiezhen.kernel.expressions.values import ROUND_LIMIT

SIGNS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
    "+": exp.Add,
    "-": exp.Sub,
    "*": exp.Mul,
}


def compiled(node: Node, columns: Mapping[str, exp.Expr]) -> exp.Expr:
    """Return the node as a tree with the given trees in place of the columns.

    Raises:
        KeyError: A column that the expression uses has no tree.
    """
    if node.op == "column" and node.column is not None:
        return _column(node, columns[node.column.name])
    if node.op == "literal":
        return _literal(node)
    args = [compiled(arg, columns) for arg in node.args]
    if node.op in FORMS:
        return FORMS[node.op](node, args)
    if node.op in "+-*":
        args = [_double(arg) for arg in args]
    return exp.paren(SIGNS[node.op](this=args[0], expression=args[1]))


def _column(node: Node, given: exp.Expr) -> exp.Expr:
    tree = given.copy()
    if not isinstance(tree, exp.Column | exp.Cast | exp.Func | exp.Paren | exp.Literal):
        tree = exp.paren(tree)
    if node.type == "flag":
        return exp.paren(exp.EQ(this=tree, expression=exp.Literal.string("yes")))
    if node.type == "time":
        return exp.cast(tree, "TIMESTAMPTZ", dialect="postgres")
    return tree


def _literal(node: Node) -> exp.Expr:
    value = node.value
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int | float):
        return _number(value)
    if node.type == "date":
        return exp.cast(exp.Literal.string(str(value)), "DATE", dialect="postgres")
    if isinstance(value, datetime):
        return exp.cast(
            exp.Literal.string(value.isoformat(timespec="seconds")),
            "TIMESTAMPTZ",
            dialect="postgres",
        )
    return exp.Literal.string(str(value))


def _number(value: float) -> exp.Expr:
    """Return a number; with decimals as double precision, or PostgreSQL would take numeric."""
    digits = exp.Literal.number(f"{abs(value):.15f}".rstrip("0") if value % 1 else int(abs(value)))
    tree: exp.Expr = _double(digits) if value % 1 else digits
    return exp.paren(exp.Neg(this=tree)) if value < 0 else tree


def _double(tree: exp.Expr) -> exp.Expr:
    return exp.cast(tree, "DOUBLE PRECISION", dialect="postgres")


def _junction(kind: type[exp.Connector]) -> Callable[[Node, list[exp.Expr]], exp.Expr]:
    def join(_: Node, args: list[exp.Expr]) -> exp.Expr:
        tree = args[0]
        for arg in args[1:]:
            tree = kind(this=tree, expression=arg)
        return exp.paren(tree)

    return join


def _not(_: Node, args: list[exp.Expr]) -> exp.Expr:
    return exp.paren(exp.Not(this=exp.paren(args[0])))


def _in(_: Node, args: list[exp.Expr]) -> exp.Expr:
    return exp.paren(exp.In(this=args[0], expressions=args[1:]))


def _between(_: Node, args: list[exp.Expr]) -> exp.Expr:
    return exp.paren(exp.Between(this=args[0], low=args[1], high=args[2]))


def _null(_: Node, args: list[exp.Expr]) -> exp.Expr:
    return exp.paren(exp.Is(this=args[0], expression=exp.Null()))


def _like(node: Node, args: list[exp.Expr]) -> exp.Expr:
    return exp.paren(exp.Like(this=args[0], expression=exp.Literal.string(str(node.value))))


def _divide(_: Node, args: list[exp.Expr]) -> exp.Expr:
    below = exp.Nullif(this=_double(args[1]), expression=exp.Literal.number(0))
    return exp.paren(exp.Div(this=_double(args[0]), expression=below, typed=True))


def _negative(_: Node, args: list[exp.Expr]) -> exp.Expr:
    return exp.paren(exp.Neg(this=_double(args[0])))


def _abs(_: Node, args: list[exp.Expr]) -> exp.Expr:
    return exp.Abs(this=_double(args[0]))


def _case(_: Node, args: list[exp.Expr]) -> exp.Expr:
    pairs, default = divmod(len(args), 2)
    branches = [exp.If(this=args[2 * n], true=args[2 * n + 1]) for n in range(pairs)]
    return exp.paren(exp.Case(ifs=branches, default=args[-1] if default else None))


def _coalesce(_: Node, args: list[exp.Expr]) -> exp.Expr:
    return exp.Coalesce(this=args[0], expressions=args[1:])


def _extreme(kind: type[exp.Func]) -> Callable[[Node, list[exp.Expr]], exp.Expr]:
    """Unknown when any part is unknown, which PostgreSQL would skip."""

    def choose(_: Node, args: list[exp.Expr]) -> exp.Expr:
        missing = exp.or_(*(exp.Is(this=arg.copy(), expression=exp.Null()) for arg in args))
        chosen = kind(this=args[0], expressions=args[1:], ignore_nulls=True)
        branch = exp.If(this=missing, true=exp.Null())
        return exp.paren(exp.Case(ifs=[branch], default=chosen))

    return choose


def _round(node: Node, args: list[exp.Expr]) -> exp.Expr:
    """Round half away from zero in plain steps: engines round numeric and double differently."""
    value, digits = _double(args[0]), int(str(node.value))
    step, scale = (10 ** (2 - digits), "/") if node.type == "money" else (10**digits, "*")
    size = _double(exp.Literal.number(step))
    into, back = (exp.Div, exp.Mul) if scale == "/" else (exp.Mul, exp.Div)

    def rounded(half: exp.Expr) -> exp.Expr:
        scaled = exp.paren(into(this=value.copy(), expression=size.copy()))
        whole = exp.Trunc(this=exp.Add(this=scaled, expression=half))
        return back(this=whole, expression=size.copy())

    limit = exp.GTE(
        this=exp.Abs(this=value.copy()), expression=exp.Literal.number(int(ROUND_LIMIT))
    )
    below = exp.LT(this=value.copy(), expression=exp.Literal.number(0))
    branches = [
        exp.If(this=limit, true=value.copy()),
        exp.If(this=below, true=rounded(_number(-0.5))),
    ]
    return exp.paren(exp.Case(ifs=branches, default=rounded(_number(0.5))))


def _length(_: Node, args: list[exp.Expr]) -> exp.Expr:
    return exp.Length(this=args[0])


def _part(name: str) -> Callable[[Node, list[exp.Expr]], exp.Expr]:
    def part(_: Node, args: list[exp.Expr]) -> exp.Expr:
        tree = exp.Extract(this=exp.var(name), expression=args[0])
        return exp.cast(tree, "BIGINT", dialect="postgres")

    return part


def _days_between(_: Node, args: list[exp.Expr]) -> exp.Expr:
    return exp.DateDiff(this=args[1], expression=args[0], unit=exp.var("DAY"))


FORMS: dict[str, Callable[[Node, list[exp.Expr]], exp.Expr]] = {
    "and": _junction(exp.And),
    "or": _junction(exp.Or),
    "not": _not,
    "in": _in,
    "between": _between,
    "null": _null,
    "like": _like,
    "/": _divide,
    "negative": _negative,
    "abs": _abs,
    "case": _case,
    "coalesce": _coalesce,
    "least": _extreme(exp.Least),
    "greatest": _extreme(exp.Greatest),
    "round": _round,
    "length": _length,
    "year": _part("YEAR"),
    "month": _part("MONTH"),
    "days_between": _days_between,
}
