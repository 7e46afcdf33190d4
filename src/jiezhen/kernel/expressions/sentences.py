"""Telling an expression in Chinese, with the titles of its columns and options."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from jiezhen.kernel.clock import ZONE
from jiezhen.kernel.expressions.nodes import Node

_NUMBERS = {"=": "等于", "<>": "不等于", "<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于"}
_DAYS = {"=": "为", "<>": "不是", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
_TEXTS = {"=": "为", "<>": "不是"}
_OPPOSITES = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_SIGNS = {"+": "加", "-": "减", "*": "乘", "/": "除以"}


def told(node: Node) -> str:
    """Return the node in Chinese, without a full stop."""
    if node.op == "column":
        return node.column.title or node.column.name if node.column else ""
    if node.op == "literal":
        return _literal(node)
    if node.op in _OPPOSITES:
        return _comparison(node, node.op)
    if node.op in _SIGNS:
        return f"（{told(node.args[0])}{_SIGNS[node.op]}{told(node.args[1])}）"
    return _FORMS[node.op](node)


def _literal(node: Node) -> str:
    value = node.value
    if isinstance(value, bool):
        return "是" if value else "否"
    if node.type == "money" and isinstance(value, int):
        return f"{value / 100:.2f}".rstrip("0").rstrip(".") + "元"
    if isinstance(value, datetime):
        local = value.astimezone(ZONE)
        return f"{_day(local.date())}{local:%H:%M}"
    if isinstance(value, date):
        return _day(value)
    if node.type == "choice" and node.column is not None:
        return node.column.options.get(str(value)) or str(value)
    return f"“{value}”" if node.type == "text" else str(value)


def _day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def _comparison(node: Node, sign: str) -> str:
    left, right = node.args
    words = {"date": _DAYS, "time": _DAYS, "number": _NUMBERS, "money": _NUMBERS}
    return f"{told(left)}{words.get(left.type, _TEXTS)[sign]}{told(right)}"


def _joined(word: str) -> Callable[[Node], str]:
    def join(node: Node) -> str:
        parts = [f"（{told(a)}）" if a.op in ("and", "or") else told(a) for a in node.args]
        return f" {word} ".join(parts)

    return join


def _not(node: Node) -> str:
    inner = node.args[0]
    if inner.op in _OPPOSITES:
        return _comparison(inner, _OPPOSITES[inner.op])
    if inner.op == "in":
        return f"{told(inner.args[0])}不是{'、'.join(map(told, inner.args[1:]))}"
    if inner.op == "null":
        return f"已填写{told(inner.args[0])}"
    if inner.op == "not":
        return told(inner.args[0])
    return f"不满足“{told(inner)}”" if inner.op != "column" else f"并非{told(inner)}"


def _in(node: Node) -> str:
    items = [told(item) for item in node.args[1:]]
    listed = "、".join(items[:-1]) + "或" + items[-1] if len(items) > 1 else items[0]
    return f"{told(node.args[0])}为{listed}"


def _between(node: Node) -> str:
    subject, low, high = (told(arg) for arg in node.args)
    return f"{subject}在{low}到{high}之间"


def _like(node: Node) -> str:
    pattern, subject = str(node.value), told(node.args[0])
    core = pattern.strip("%")
    if "%" in core or "_" in core or not core:
        return f"{subject}符合“{pattern}”"
    shape = (pattern.startswith("%"), pattern.endswith("%"))
    words = {
        (True, True): f"含有“{core}”",
        (False, True): f"以“{core}”开头",
        (True, False): f"以“{core}”结尾",
        (False, False): f"为“{core}”",
    }
    return subject + words[shape]


def _case(node: Node) -> str:
    pairs, default = divmod(len(node.args), 2)
    parts = [f"{told(node.args[2 * n])}时取{told(node.args[2 * n + 1])}" for n in range(pairs)]
    if default:
        parts.append(f"其余取{told(node.args[-1])}")
    return f"（{'，'.join(parts)}）"


def _coalesce(node: Node) -> str:
    first, *rest = (told(arg) for arg in node.args)
    return f"{first}（没有填写时取{'，再取'.join(rest)}）"


def _round(node: Node) -> str:
    kept = f"保留{node.value}位小数" if node.value else "取整"
    return f"{told(node.args[0])}（四舍五入{kept}）"


_FORMS: dict[str, Callable[[Node], str]] = {
    "and": _joined("且"),
    "or": _joined("或"),
    "not": _not,
    "in": _in,
    "between": _between,
    "null": lambda node: f"没有填写{told(node.args[0])}",
    "like": _like,
    "negative": lambda node: f"负的{told(node.args[0])}",
    "abs": lambda node: f"{told(node.args[0])}的绝对值",
    "case": _case,
    "coalesce": _coalesce,
    "least": lambda node: f"{'、'.join(map(told, node.args))}中最小的",
    "greatest": lambda node: f"{'、'.join(map(told, node.args))}中最大的",
    "round": _round,
    "length": lambda node: f"{told(node.args[0])}的字数",
    "year": lambda node: f"{told(node.args[0])}的年份",
    "month": lambda node: f"{told(node.args[0])}的月份",
    "days_between": lambda node: f"从{told(node.args[0])}到{told(node.args[1])}的天数",
}
