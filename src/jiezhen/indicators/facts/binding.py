"""From statement trees to an engine's text, with every value bound and none written in."""

import re
from collections.abc import Iterable
from typing import Any

from sqlglot import exp

from jiezhen.kernel.expressions import to_dialect
from jiezhen.kernel.expressions.dialects import Dialect

#: A mark that no literal of a pack can hold: expressions refuse control characters.
_MARK = "\x01"
_FOUND = re.compile(f"{_MARK}(p[0-9]+){_MARK}")
_KEPT = (exp.Like, exp.AtTimeZone, exp.JSONPath, exp.JSONPathKey)


class Bindings:
    """The values of one statement, each under a name of its own."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def put(self, value: Any) -> exp.Expr:
        """Bind a value and return what stands for it in a tree."""
        for name, known in self.values.items():
            if known == value and type(known) is type(value):
                return exp.var(f"{_MARK}{name}{_MARK}")
        name = f"p{len(self.values)}"
        self.values[name] = value
        return exp.var(f"{_MARK}{name}{_MARK}")

    def many(self, values: Iterable[Any]) -> list[exp.Expr]:
        """Bind several values."""
        return [self.put(value) for value in values]

    def bound(self, tree: exp.Expr) -> exp.Expr:
        """Return a tree in which the text literals of expressions are bound values.

        A LIKE pattern stays, because SQLite needs it rewritten as text; expressions allow no
        quote or backslash in it that would not be doubled.
        """

        def bind(node: exp.Expr) -> exp.Expr:
            held = isinstance(node, exp.Literal) and node.is_string
            return self.put(node.this) if held and not isinstance(node.parent, _KEPT) else node

        return tree.transform(bind)


def text_of(tree: exp.Expr, dialect: Dialect) -> str:
    """Return a tree in the words of an engine, with %(name)s where values are bound."""
    if dialect == "sqlite":
        tree = tree.transform(_local_day)
    text = to_dialect(tree, dialect).replace("%", "%%")
    return _FOUND.sub(r"%(\1)s", text)


def _local_day(node: exp.Expr) -> exp.Expr:
    """Write the local day of a moment in SQLite, which keeps moments in UTC and knows no zones.

    China has had one offset and no summer time since 1991.
    """
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.AtTimeZone):
        shift = exp.Literal.string("+8 hours")
        return exp.Anonymous(this="DATE", expressions=[node.this.this.copy(), shift])
    return node
