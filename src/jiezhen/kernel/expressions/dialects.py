"""From the PostgreSQL dialect to the words of an engine, with equal results.

SQLite needs its own rules: JSON text keeps its type there, months are cut with DATE, LIKE forgets
upper and lower case, and there is no EXTRACT, TRUNC or time with a zone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from sqlglot import exp

Dialect = Literal["sqlite", "postgres", "duckdb", "spark"]

_FORMATS = {"YEAR": "%Y", "MONTH": "%m", "DAY": "%d"}
_STARTS = {"MONTH": "start of month", "YEAR": "start of year"}


class NotPortable(ValueError):
    """A statement holds a construct that has no equal form in the engine."""


def to_dialect(tree: exp.Expr, dialect: Dialect) -> str:
    """Return the statement or expression as text for an engine; the tree is left as it is.

    Raises:
        NotPortable: The tree cuts dates or takes parts of them in a way SQLite has no words for.
    """
    if dialect == "sqlite":
        tree = tree.transform(_sqlite)
    return tree.sql(dialect)


def _sqlite(node: exp.Expr) -> exp.Expr:
    rule = _RULES.get(type(node))
    return rule(node) if rule else node


def _json(node: exp.Expr) -> exp.Expr:
    return node if isinstance(node.parent, exp.Cast) else exp.cast(node.copy(), "TEXT")


def _like(node: exp.Expr) -> exp.Expr:
    if not isinstance(node.expression, exp.Literal):
        raise NotPortable("LIKE needs a literal pattern")
    return exp.Glob(this=node.this, expression=exp.Literal.string(_glob(node.expression.name)))


def _trunc(node: exp.Expr) -> exp.Expr:
    return exp.cast(exp.cast(node.this, "BIGINT"), "DOUBLE")


def _cast(node: exp.Expr) -> exp.Expr:
    if not node.is_type("timestamptz"):
        return node
    return _call("STRFTIME", exp.Literal.string("%Y-%m-%d %H:%M:%f"), node.this)


def _call(name: str, *args: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(args))


def _cut(node: exp.Expr) -> exp.Expr:
    unit = str(node.args["unit"].name).upper()
    if unit not in _STARTS:
        raise NotPortable(f"SQLite cannot cut dates to {unit}")
    return _call("DATE", node.this, exp.Literal.string(_STARTS[unit]))


def _extract(node: exp.Expr) -> exp.Expr:
    part = str(node.this.name).upper()
    if part not in _FORMATS:
        raise NotPortable(f"SQLite cannot take {part} of a date")
    text = _call("STRFTIME", exp.Literal.string(_FORMATS[part]), node.expression)
    return exp.cast(text, "BIGINT")


def _glob(pattern: str) -> str:
    """Return a LIKE pattern as GLOB writes it; GLOB minds upper and lower case."""
    signs = {"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"}
    return "".join(signs.get(sign, sign) for sign in pattern)


_RULES: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.TimestampTrunc: _cut,
    exp.DateTrunc: _cut,
    exp.JSONExtractScalar: _json,
    exp.Like: _like,
    exp.Extract: _extract,
    exp.Trunc: _trunc,
    exp.Cast: _cast,
}
