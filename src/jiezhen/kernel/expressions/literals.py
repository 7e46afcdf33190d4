"""Literals take the type of what they stand beside: a quoted day beside a date is a day.

A plain number beside money is in 元 and becomes 分, so that `tax >= 10000` says ten thousand yuan.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from jiezhen.kernel.clock import ZONE
from jiezhen.kernel.expressions.nodes import TYPE_TITLES, BadExpression, Node, Type
from jiezhen.kernel.expressions.words import nearest


def number(text: str) -> int | float:
    """Return the number written in digits."""
    return float(text) if "." in text else int(text)


def same_type(nodes: Sequence[Node], place: int) -> list[Node]:
    """Return the nodes with one type for all; literals give way to columns.

    Raises:
        BadExpression: The types do not go together, or a literal does not fit.
    """
    leading = next((node for node in nodes if node.op != "literal"), nodes[0])
    chosen = next((n for n in nodes if n.type == "choice" and n.op == "column"), leading)
    fitted = [fit(node, chosen.type, place, chosen) for node in nodes]
    for node in fitted:
        if _family(node.type) != _family(chosen.type):
            raise BadExpression(
                f"{TYPE_TITLES[chosen.type]}和{TYPE_TITLES[node.type]}不能放在一起。",
                f"{chosen.type} and {node.type} do not go together.",
                place,
            )
    return fitted


def fit(node: Node, wanted: Type, place: int, beside: Node | None = None) -> Node:
    """Return a literal as a literal of the wanted type; anything else as it is.

    Raises:
        BadExpression: The literal cannot be of that type, or is none of the choices of `beside`.
    """
    if node.op != "literal" or (node.type == wanted and wanted != "choice"):
        return node
    if wanted == "money" and node.type == "number":
        return Node("literal", "money", value=_cents(node.value, place))
    if wanted in ("date", "time") and node.type == "text":
        return Node("literal", wanted, value=_moment(str(node.value), wanted, place))
    if wanted == "choice" and node.type == "text":
        return _chosen(node, place, beside)
    return node


def _family(kind: Type) -> str:
    return "text" if kind == "choice" else kind


def _cents(value: object, place: int) -> int:
    cents = Decimal(str(value)) * 100
    if cents != cents.to_integral_value():
        raise BadExpression(
            f"金额“{value}”的小数超过两位。", f"Money {value} has more than two decimals.", place
        )
    return int(cents)


def _moment(text: str, wanted: Type, place: int) -> date | datetime:
    try:
        if wanted == "date":
            if len(text) != 10:
                raise ValueError(text)
            return date.fromisoformat(text)
        read = datetime.fromisoformat(text)
        return read if read.tzinfo else read.replace(tzinfo=ZONE)
    except ValueError:
        shape = "2023-06-30" if wanted == "date" else "2023-06-30 18:00"
        raise BadExpression(
            f"“{text}”不是{TYPE_TITLES[wanted]}，请写成 '{shape}'。",
            f"{text!r} is no {wanted}; write '{shape}'.",
            place,
        ) from None


def _chosen(node: Node, place: int, beside: Node | None) -> Node:
    column = beside.column if beside is not None else None
    key = str(node.value)
    if column is not None and column.options and key not in column.options:
        hint, hint_en = nearest(key, column.options)
        listed = "、".join(f"{option}（{title}）" for option, title in column.options.items())
        raise BadExpression(
            f"“{column.title or column.name}”没有选项“{key}”。{hint}可选：{listed}。",
            f"{column.name!r} has no option {key!r}.{hint_en} "
            f"Options: {', '.join(column.options)}.",
            place,
        )
    return Node("literal", "choice", value=key, column=column)
