"""The tree of units as rows of a table: which column means what, and what is wrong with a row."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from jiezhen.units.rules import AREA_CLASSES, LEVELS

CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
#: Longest path that the table of units holds.
MOST_PATH = 200

#: The headings under which each column may stand.
HEADS: dict[str, tuple[str, ...]] = {
    "code": ("编号", "代码", "编码", "单元编号", "网格编码", "网格编号", "code"),
    "title": ("名称", "单元名称", "网格名称", "单元", "title", "name"),
    "level": ("层级", "级别", "类型", "level"),
    "parent": ("上级", "上级编号", "上级单元", "所属", "所属上级", "parent"),
    "also": ("其他叫法", "别名", "简称", "also"),
    "area_class": ("地区等级", "区域等级", "地区类别", "area_class"),
}
#: What tables call the levels beside their own titles.
_LEVELS = {
    **{title: level for level, title in LEVELS.items()},
    **{level: level for level in LEVELS},
    "居委会": "community",
    "居委": "community",
    "居民区": "community",
    "社区": "community",
    "村": "community",
    "综合网格": "grid",
    "责任网格": "grid",
    "微格": "microgrid",
    "部门": "department",
    "办公室": "department",
}
State = Literal["new", "changed", "same", "bad"]


class BadTable(ValueError):
    """The sheet holds no tree of units; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One row of the sheet; `parent` is a code or a title until it is judged, then a code."""

    number: int
    code: str
    title: str
    level: str
    parent: str = ""
    also: tuple[str, ...] = ()
    area_class: str = ""
    state: State = "new"
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A unit that is there already."""

    code: str
    title: str
    level: str
    parent: str
    path: str
    also: tuple[str, ...] = ()
    area_class: str = ""


def read_rows(rows: Sequence[tuple[int, Sequence[Any]]]) -> list[TreeRow]:
    """Return the rows below the first row that names code, title and level.

    Raises:
        BadTable: No row does.
    """
    for place, (_number, cells) in enumerate(rows[:20]):
        columns = _columns(cells)
        if {"code", "title", "level"} <= columns.keys():
            return [_row(number, cells, columns) for number, cells in rows[place + 1 :]]
    raise BadTable("没有找到表头。第一行要有“编号”“名称”“层级”“上级”这几列。")


def _columns(cells: Sequence[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        head = re.sub(r"[\s*（）()]", "", str(cell or "")).lower()
        for name, heads in HEADS.items():
            if head in heads:
                found.setdefault(name, place)
    return found


def _row(number: int, cells: Sequence[Any], columns: Mapping[str, int]) -> TreeRow:
    def text(name: str) -> str:
        place = columns.get(name)
        value = cells[place] if place is not None and place < len(cells) else None
        return "" if value is None else str(value).strip()

    level = text("level")
    return TreeRow(
        number,
        text("code"),
        text("title"),
        _LEVELS.get(level, level),
        text("parent"),
        tuple(w for w in re.split(r"[、，,；;\s]+", text("also")) if w),
        text("area_class").upper().removesuffix("类"),
    )


def judge(rows: Iterable[TreeRow], known: Mapping[str, Known], office: str) -> list[TreeRow]:
    """Return every row with its state, its fault, and its parent as a code.

    Rows come parents first, bad ones at the end, so that the good ones can be written in order.
    """
    waiting = list(rows)
    codes = {r.code for r in waiting} | known.keys()
    titles = _titles(waiting, known)
    judged: dict[str, TreeRow] = {}
    paths = {code: unit.path for code, unit in known.items()}
    bad: list[TreeRow] = []
    checked: list[TreeRow] = []
    for row in waiting:
        found = _judged(row, known, codes, titles, office, {r.code for r in checked})
        (bad if found.fault else checked).append(found)
    while checked:
        ready = [r for r in checked if r.parent in paths and r.code not in judged]
        if not ready:
            bad += [_with(r, "上级没有写对，或上级互相绕成了圈。") for r in checked]
            break
        for row in ready:
            path = f"{paths[row.parent]}{row.code}/"
            if len(path) > MOST_PATH:
                bad.append(_with(row, "编号太长，连同各上级超过200个字符。"))
            else:
                judged[row.code] = row
                paths.setdefault(row.code, path)
        checked = [r for r in checked if r not in ready]
    return [*judged.values(), *sorted(bad, key=lambda r: r.number)]


def _with(row: TreeRow, fault: str) -> TreeRow:
    return replace(row, state="bad", fault=fault)


def _titles(rows: Sequence[TreeRow], known: Mapping[str, Known]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    every = [(u.code, u.title, u.also) for u in known.values()]
    for code, title, also in every + [(r.code, r.title, r.also) for r in rows]:
        for name in (title, *also):
            found.setdefault(name, set()).add(code)
    return found


def _judged(
    row: TreeRow,
    known: Mapping[str, Known],
    codes: set[str],
    titles: Mapping[str, set[str]],
    office: str,
    before: set[str],
) -> TreeRow:
    parent = row.parent or office
    if parent not in codes:
        named = titles.get(parent, set())
        parent = next(iter(named)) if len(named) == 1 else ""
    fault = _fault(row, parent, before)
    if fault:
        return _with(row, fault)
    there = known.get(row.code)
    if there is None:
        return replace(row, parent=parent)
    if (there.parent, there.level) != (parent, row.level):
        return _with(row, "已有这个编号，但上级或层级不同。改上级请用分设、合并。")
    old = (there.title, there.also, there.area_class)
    new = (row.title, row.also or there.also, row.area_class or there.area_class)
    return replace(
        row,
        parent=parent,
        also=new[1],
        area_class=new[2],
        state="same" if old == new else "changed",
    )


def _fault(row: TreeRow, parent: str, before: set[str]) -> str:
    if not CODE.fullmatch(row.code):
        return "编号只能用字母、数字、短横线，1到40个。"
    if row.code in before:
        return f"编号“{row.code}”在表里出现了两次。"
    if not 1 <= len(row.title) <= 100:
        return "请填名称，不超过100个字。"
    if row.level not in LEVELS or row.level == "office":
        levels = "、".join(title for level, title in LEVELS.items() if level != "office")
        return f"没有层级“{row.level}”，可用：{levels}。"
    if row.area_class and row.area_class not in AREA_CLASSES:
        return "地区等级只能是A、B、C，或空着随上级。"
    return "" if parent else f"没有上级单元“{row.parent}”，或有几个同名的。请写上级编号。"
