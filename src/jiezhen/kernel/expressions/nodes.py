"""The checked form of an expression: typed nodes that are evaluated, compiled and told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Type = Literal["text", "number", "money", "date", "time", "flag", "choice"]

TYPE_TITLES: dict[Type, str] = {
    "text": "文字",
    "number": "数",
    "money": "金额",
    "date": "日期",
    "time": "时间",
    "flag": "是否",
    "choice": "选项",
}

#: A value inside an expression: money is a whole number of 分, None is unknown.
Value = str | int | float | bool | date | datetime | None


class BadExpression(ValueError):
    """An expression is refused. `position` counts characters from 0."""

    def __init__(self, message: str, message_en: str, position: int = 0) -> None:
        self.message = message
        self.message_en = message_en
        self.position = position
        super().__init__(f"{message}（第 {position + 1} 个字符）")


@dataclass(frozen=True, slots=True)
class Column:
    """A name that an expression may use.

    Attributes:
        name: The name as written.
        type: One of text number money date time flag choice.
        title: The Chinese words for it, used in sentences.
        options: Key and title of each choice; none when the choices are not known.
    """

    name: str
    type: Type
    title: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Node:
    """One step of an expression.

    Attributes:
        op: column, literal, and, or, not, a comparison sign, in, between, null, like, an
            arithmetic sign, negative, case, or the name of a function.
        type: The type of the result.
        args: The steps it works on. `case` holds condition, value, ... and the default last.
        value: The value of a literal; the pattern of like; the digits of round.
        column: The column, for column.
    """

    op: str
    type: Type
    args: tuple[Node, ...] = ()
    value: Value = None
    column: Column | None = None

    def walk(self) -> Iterator[Node]:
        """Return this node and all below it, the outer before the inner, left to right."""
        yield self
        for arg in self.args:
            yield from arg.walk()

    @property
    def depth(self) -> int:
        """Return the number of levels; a single name has one."""
        return 1 + max((arg.depth for arg in self.args), default=0)
