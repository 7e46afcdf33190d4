"""One small language for every condition and every sum: the scalar subset of SQL.

    columns = {"age": Column("age", "number", "年龄"), "alone": Column("alone", "flag", "独居")}
    expression = parse("age >= 80 AND alone", columns)
    expression.evaluate({"age": 82, "alone": "yes"})    # True; None when the age is not known
    expression.sentence()                               # 年龄不小于80 且 独居

An expression is one line of at most 400 characters and 64 parts. It holds declared names, plain
values, comparison, AND OR NOT, IN, BETWEEN, IS NULL, LIKE, arithmetic, CASE WHEN and the functions
of `words.FUNCTIONS`, nothing else. Statements and whole queries are not here.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp, parse_one
from sqlglot.errors import ParseError, SqlglotError

from jiezhen.kernel.expressions.compiler import compiled
from jiezhen.kernel.expressions.dialects import Dialect, NotPortable, to_dialect
from jiezhen.kernel.expressions.nodes import TYPE_TITLES, BadExpression, Column, Node, Type, Value
from jiezhen.kernel.expressions.reader import read
from jiezhen.kernel.expressions.sentences import told
from jiezhen.kernel.expressions.values import evaluate
from jiezhen.kernel.expressions.words import FUNCTIONS, KEYWORDS, checked, is_name, too_deep

__all__ = [
    "FUNCTIONS",
    "KEYWORDS",
    "TYPE_TITLES",
    "BadExpression",
    "Column",
    "Dialect",
    "Expression",
    "NotPortable",
    "Type",
    "Value",
    "is_name",
    "parse",
    "to_dialect",
]


class Expression:
    """A checked expression.

    Attributes:
        text: The words it was read from.
        names: The columns it uses, in the order of their first use.
        type: The type of its result.
        tree: The parsed form, in sqlglot's PostgreSQL dialect, with plain column names.
    """

    __slots__ = ("_columns", "_node", "names", "text", "tree", "type")

    def __init__(self, text: str, tree: exp.Expr, columns: Mapping[str, Column]) -> None:
        self._columns = columns
        self._node: Node = read(tree, columns)
        self.text = text
        self.tree = tree
        self.type: Type = self._node.type
        used = (
            step.column.name for step in self._node.walk() if step.op == "column" and step.column
        )
        self.names: tuple[str, ...] = tuple(dict.fromkeys(used))

    def conjuncts(self) -> tuple[Expression, ...]:
        """Return the conditions joined by AND at the top, in order; one when there is no AND."""
        parts: list[exp.Expr] = []
        waiting: list[exp.Expr] = [self.tree.unnest()]
        while waiting:
            tree = waiting.pop().unnest()
            if isinstance(tree, exp.And):
                waiting += [tree.expression, tree.this]
            else:
                parts.append(tree)
        if len(parts) == 1:
            return (self,)
        return tuple(
            Expression(part.sql("postgres"), part.copy(), self._columns) for part in parts
        )

    def evaluate(self, values: Mapping[str, object]) -> Value:
        """Return the value on one row, None when it is unknown.

        Money comes out in 分; whole numbers come out as int. Values that are stored as text
        (days, moments, flags) may be given as text.

        Raises:
            ValueError: A value does not have the form of its type.
        """
        value = evaluate(self._node, values)
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            return int(value)
        return value

    def sql(self, columns: Mapping[str, exp.Expr]) -> exp.Expr:
        """Return the tree with the given trees in place of its columns; see `compiler`.

        Raises:
            KeyError: A column in `names` is not given.
        """
        return compiled(self._node, columns)

    def sentence(self) -> str:
        """Return the expression in Chinese, without a full stop."""
        return told(self._node)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self._node == other._node

    def __hash__(self) -> int:
        return hash((self.text, self.type))


def parse(text: str, columns: Mapping[str, Column]) -> Expression:
    """Return the checked expression.

    Args:
        text: One line.
        columns: The names that may be used.

    Raises:
        BadExpression: A word, sign, construct, type or size is not allowed; the message names it
            and what is allowed.
    """
    checked(text, columns)
    try:
        tree = parse_one(text, read="postgres")
        return Expression(text.strip(), tree, columns)
    except ParseError as error:
        where = error.errors[0] if error.errors else {}
        near = str(where.get("highlight") or "")
        place = max(int(where.get("col") or 1) - len(near), 0)
        raise BadExpression(
            f"读不懂这个式子，问题在“{near or text[place : place + 10]}”附近。",
            f"The expression cannot be read near {near or text[place : place + 10]!r}.",
            place,
        ) from None
    except SqlglotError as error:
        raise BadExpression(
            "读不懂这个式子。", f"The expression cannot be read: {error}"
        ) from None
    except RecursionError:
        raise too_deep() from None
