"""What the pages of 单元与网格 show, as components."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jiezhen.units.queries import ChangeRow, UnitRow
from jiezhen.units.rules import LEVELS, valid
from jiezhen.web import formats
from jiezhen.web.components import Action, Cell, Column, Row, Table

#: Levels that are split and merged; departments and points only begin and end.
_SHAPED = ("area", "community", "grid", "microgrid")


@dataclass(frozen=True, slots=True)
class Line:
    """One unit in the tree with what can be done with it."""

    unit: UnitRow
    indent: str
    level: str
    note: str
    actions: tuple[Action, ...]


def lines(units: Sequence[UnitRow], on: date) -> list[Line]:
    """Return the units in path order; those that ended say what became of them."""
    by_id = {u.id: u for u in units}
    living: dict[int | None, int] = {}
    for unit in units:
        if valid(unit.valid_from, unit.valid_until, on) and unit.level in _SHAPED:
            living[unit.parent_id] = living.get(unit.parent_id, 0) + 1
    return [_line(u, by_id, living.get(u.id, 0)) for u in units]


def _line(unit: UnitRow, by_id: dict[int, UnitRow], below: int) -> Line:
    actions = []
    if unit.valid_until is None:
        if unit.level in _SHAPED:
            actions.append(Action(_("分设"), f"/admin/units/{unit.code}/split"))
        if below > 1:
            actions.append(Action(_("合并下级"), f"/admin/units/{unit.code}/merge"))
    note = ""
    heirs = [by_id[n].title for n in unit.heirs if n in by_id]
    if heirs:
        note = _("分为{units}").format(units="、".join(heirs))
    elif unit.successor_id in by_id:
        note = _("并入{unit}").format(unit=by_id[unit.successor_id].title)
    indent = "　" * (unit.path.count("/") - 2)
    return Line(unit, indent, LEVELS.get(unit.level, unit.level), note, tuple(actions))


def whats() -> dict[str, str]:
    """Return what each change of many units is called."""
    return {
        "boundaries": _("导入边界"),
        "tree": _("导入单元表"),
        "split": _("分设"),
        "merge": _("合并"),
    }


def states() -> dict[str, str]:
    """Return what each state of a change is called."""
    return {"checked": _("检查过，还没写入"), "done": _("已写入"), "taken_back": _("已撤回")}


def changes_table(changes: Sequence[ChangeRow]) -> Table:
    """Return the latest changes of many units."""
    rows = tuple(
        Row(
            (
                formats.moment(c.at),
                whats()[c.what],
                Cell(c.title, f"/admin/units/changes/{c.id}"),
                c.actor,
                states()[c.state],
            )
        )
        for c in changes
    )
    heads = (_("时间"), _("做了什么"), _("内容"), _("谁"), _("现在"))
    return Table(_("最近的变更"), tuple(Column(h) for h in heads), rows)


@dataclass(slots=True)
class ChangePage:
    """A change with its sentence, its tables and what can be done with it now."""

    title: str
    sentence: str
    tables: list[Table] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    note: str = ""


def change_page(change: ChangeRow) -> ChangePage:
    """Return what the page of a change shows."""
    page = _PAGES[change.what](change)
    page.title = f"{whats()[change.what]}：{change.title}"
    here = f"/admin/units/changes/{change.id}"
    if change.state == "checked" and page.note == "":
        page.actions.append(
            Action(_("写入"), here, primary=True, post=True, fields={"do": "write"})
        )
    if change.state == "done":
        if change.latest:
            page.actions.append(Action(_("撤回"), here, post=True, fields={"do": "take_back"}))
            page.note = _("撤回以后，单元回到变更以前的样子。新单元里有了记录或任职，就不能撤回。")
        else:
            page.note = _("后面还有别的变更，要撤回先撤回后面的。")
    return page


def _boundaries(change: ChangeRow) -> ChangePage:
    data = change.data
    good = [r for r in data["rows"] if not r["fault"]]
    bad = [r for r in data["rows"] if r["fault"]]
    said = _("{n}个图形对上了单元，{bad}个没有对上；有{faults}处重叠或空缺。").format(
        n=len(good), bad=len(bad), faults=len(data["faults"]) + data["more"]
    )
    page = ChangePage("", said)
    if bad:
        rows = tuple(
            Row((Cell(str(r["number"]), number=True), r["name"] or "—", r["fault"])) for r in bad
        )
        heads = (Column(_("第几个"), "number"), Column(_("名称")), Column(_("为什么")))
        page.tables.append(Table(_("没有对上的图形"), heads, rows))
    mended = [r for r in good if r["mended"]]
    if mended:
        rows = tuple(Row((r["name"], _("边界自己相交，已经理顺。请看一看。"))) for r in mended)
        page.tables.append(
            Table(_("理顺过的边界"), (Column(_("单元")), Column(_("为什么"))), rows)
        )
    if data["faults"]:
        page.tables.append(_faults(data["faults"]))
    if not good:
        page.note = _("没有可以写入的边界。请改好文件，再导入。")
    return page


def _faults(faults: Sequence[dict[str, Any]]) -> Table:
    words = {"overlap": _("重叠"), "gap": _("空缺")}
    rows = tuple(
        Row(
            (
                words[f["kind"]],
                "、".join(f["units"]) or _("各单元之间"),
                Cell(_("{n}平方米").format(n=round(f["area"])), number=True),
                f"{f['lon']:.6f}, {f['lat']:.6f}",
            )
        )
        for f in faults
    )
    heads = (
        Column(_("问题")),
        Column(_("单元")),
        Column(_("面积"), "number"),
        Column(_("在哪里（经度，纬度）")),
    )
    return Table(_("重叠和空缺"), heads, rows)


def _tree(change: ChangeRow) -> ChangePage:
    counts = dict.fromkeys(("new", "changed", "same", "bad"), 0)
    for row in change.data["rows"]:
        counts[row["state"]] += 1
    said = _("新加{new}个，改{changed}个，{same}个没有变，{bad}行要改。").format(**counts)
    page = ChangePage("", said)
    bad = [r for r in change.data["rows"] if r["state"] == "bad"]
    if bad:
        rows = tuple(
            Row((Cell(str(r["number"]), number=True), r["code"], r["title"], r["fault"]))
            for r in bad
        )
        heads = (
            Column(_("行"), "number"),
            Column(_("编号")),
            Column(_("名称")),
            Column(_("为什么")),
        )
        page.tables.append(Table(_("要改的行"), heads, rows))
    if not counts["new"] + counts["changed"]:
        page.note = _("没有可以写入的行。请改好文件，再导入。")
    return page


def _shape(change: ChangeRow) -> ChangePage:
    said = _("从{day}起{what}。").format(
        day=formats.day(change.on) if change.on else "", what=change.title
    )
    page = ChangePage("", said)
    moved = change.data["moved"]
    if moved:
        rows = tuple(
            Row((Cell(code, code=True), Cell(parent, code=True))) for code, parent in moved.items()
        )
        heads = (Column(_("单元")), Column(_("原来的上级")))
        page.tables.append(Table(_("跟着换了上级的单元"), heads, rows))
    return page


_PAGES = {"boundaries": _boundaries, "tree": _tree, "split": _shape, "merge": _shape}
