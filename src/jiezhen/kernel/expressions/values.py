"""Evaluating an expression on one row, three-valued: None is unknown, and unknown is not no.

The results agree with SQLite and PostgreSQL on the compiled statement: numbers are computed in
double precision, division by zero is unknown, LIKE minds upper and lower case.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache

from jiezhen.kernel.clock import ZONE, day_of
from jiezhen.kernel.expressions.nodes import Column, Node, Value

#: Above this a number has no decimals left that could be rounded.
ROUND_LIMIT = 1e14


def evaluate(node: Node, values: Mapping[str, object]) -> Value:
    """Return the value of the node on a row; None when it is unknown.

    Args:
        node: The checked expression.
        values: Field values as they are stored: days and moments as ISO text or as date and
            datetime, money in 分, flags as "yes" and "no" (or bool). A missing name is unknown.
    """
    if node.op == "column":
        return column_value(node.column, values)
    if node.op == "literal":
        return node.value
    if node.op in LAZY:
        return LAZY[node.op](node, values)
    args = [evaluate(arg, values) for arg in node.args]
    if node.op == "null":
        return args[0] is None
    if any(arg is None for arg in args):
        return None
    return STRICT[node.op](node, args)


def column_value(column: Column | None, values: Mapping[str, object]) -> Value:
    """Return a stored value in the form the expression works with."""
    value = values.get(column.name) if column is not None else None
    if value is None or column is None:
        return None
    return READ.get(column.type, str)(value)


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else {"yes": True, "no": False}.get(str(value))


def _date(value: object) -> date:
    if isinstance(value, date):
        return day_of(value)
    return date.fromisoformat(str(value))


def _time(value: object) -> datetime:
    read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return read if read.tzinfo else read.replace(tzinfo=ZONE)


def _number(value: object) -> int | float:
    return value if isinstance(value, int | float) else float(str(value))


READ: dict[str, Callable[[object], Value]] = {
    "flag": _flag,
    "date": _date,
    "time": _time,
    "number": _number,
    "money": _number,
}


def _and(node: Node, values: Mapping[str, object]) -> Value:
    unknown = False
    for arg in node.args:
        value = evaluate(arg, values)
        if value is False:
            return False
        unknown = unknown or value is None
    return None if unknown else True


def _or(node: Node, values: Mapping[str, object]) -> Value:
    unknown = False
    for arg in node.args:
        value = evaluate(arg, values)
        if value is True:
            return True
        unknown = unknown or value is None
    return None if unknown else False


def _case(node: Node, values: Mapping[str, object]) -> Value:
    pairs, default = divmod(len(node.args), 2)
    for index in range(pairs):
        if evaluate(node.args[2 * index], values) is True:
            return evaluate(node.args[2 * index + 1], values)
    return evaluate(node.args[-1], values) if default else None


def _coalesce(node: Node, values: Mapping[str, object]) -> Value:
    found = (evaluate(arg, values) for arg in node.args)
    return next((value for value in found if value is not None), None)


def _between(node: Node, values: Mapping[str, object]) -> Value:
    """Return both halves of the comparison: a known half that fails settles it."""
    value, low, high = (evaluate(arg, values) for arg in node.args)
    halves = [
        None if value is None or low is None else bool(value >= low),  # type: ignore[operator]
        None if value is None or high is None else bool(value <= high),  # type: ignore[operator]
    ]
    if False in halves:
        return False
    return None if None in halves else True


def _float(value: Value) -> float:
    return float(value)  # type: ignore[arg-type]


def _divide(left: float, right: float) -> float | None:
    return left / right if right else None


def _round(node: Node, args: list[Value]) -> Value:
    """Round half away from zero, in the same steps of double precision as the compiled form."""
    value, digits = _float(args[0]), int(node.value)  # type: ignore[arg-type]
    if abs(value) >= ROUND_LIMIT:
        return value
    half = -0.5 if value < 0 else 0.5
    if node.type == "money":
        step = 10.0 ** (2 - digits)
        return math.trunc(value / step + half) * step
    step = 10.0**digits
    return math.trunc(value * step + half) / step


@lru_cache(maxsize=1024)
def like(pattern: str) -> re.Pattern[str]:
    """Return the regular expression of a LIKE pattern."""
    parts = {"%": ".*", "_": "."}
    return re.compile("".join(parts.get(sign, re.escape(sign)) for sign in pattern), re.DOTALL)


LAZY: dict[str, Callable[[Node, Mapping[str, object]], Value]] = {
    "and": _and,
    "or": _or,
    "case": _case,
    "coalesce": _coalesce,
    "between": _between,
}

STRICT: dict[str, Callable[[Node, list[Value]], Value]] = {
    "not": lambda _, args: not args[0],
    "=": lambda _, args: bool(args[0] == args[1]),
    "<>": lambda _, args: bool(args[0] != args[1]),
    "<": lambda _, args: bool(args[0] < args[1]),  # type: ignore[operator]
    "<=": lambda _, args: bool(args[0] <= args[1]),  # type: ignore[operator]
    ">": lambda _, args: bool(args[0] > args[1]),  # type: ignore[operator]
    ">=": lambda _, args: bool(args[0] >= args[1]),  # type: ignore[operator]
    "in": lambda _, args: args[0] in args[1:],
    "like": lambda node, args: like(str(node.value)).fullmatch(str(args[0])) is not None,
    "+": lambda _, args: _float(args[0]) + _float(args[1]),
    "-": lambda _, args: _float(args[0]) - _float(args[1]),
    "*": lambda _, args: _float(args[0]) * _float(args[1]),
    "/": lambda _, args: _divide(_float(args[0]), _float(args[1])),
    "negative": lambda _, args: -_float(args[0]),
    "abs": lambda _, args: abs(_float(args[0])),
    "least": lambda _, args: min(args),  # type: ignore[type-var]
    "greatest": lambda _, args: max(args),  # type: ignore[type-var]
    "round": _round,
    "length": lambda _, args: len(str(args[0])),
    "year": lambda _, args: args[0].year,  # type: ignore[union-attr]
    "month": lambda _, args: args[0].month,  # type: ignore[union-attr]
    "days_between": lambda _, args: (args[1] - args[0]).days,  # type: ignore[operator,union-attr]
}
