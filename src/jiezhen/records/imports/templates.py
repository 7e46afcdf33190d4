"""Files that the product hands out for importing: a kind's template, and the faulty rows."""

import io
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiezhen.packs.schema import Field, Kind
from jiezhen.people.access import Viewer
from jiezhen.records import sheets
from jiezhen.records.imports import stored
from jiezhen.records.imports.access import may_import
from jiezhen.records.imports.targets import CODE, INCLUSIVE, STATE, UNIT, Target, targets
from jiezhen.records.models import Batch, StagedRow
from jiezhen.units import queries as unit_queries

REASON = "原因"
_HOW = {
    "text": gettext_noop("文字"), "choice": gettext_noop("从清单里选"), "number": gettext_noop("只写数字"), "money": gettext_noop("元，如1234.50；也可写65.8万元"),
    "date": gettext_noop("如2023-07-03或2023年7月3日"), "time": gettext_noop("如2023-07-03 09:12"), "flag": gettext_noop("是或否"),
    "place": gettext_noop("门牌地址，如沧源路123弄5号"), "link": gettext_noop("对方的编号或全名"), "person": gettext_noop("完整姓名"),
    "phone": gettext_noop("11位手机号，或带区号的座机"), "id_number": gettext_noop("18位，单元格要用文本格式"),
}  # fmt: skip
_SYSTEM_HOW = {
    CODE: gettext_noop("新记录不用填；填了已有的编号就是改那一条"), UNIT: gettext_noop("居民区、科室等单元的名称或编号"),
    STATE: gettext_noop("新记录可填；已有记录的状态请在事项里办理"), INCLUSIVE: gettext_noop("最后一天，如2023-12-31"),
}  # fmt: skip


def template(viewer: Viewer, kind: str) -> bytes:
    """Return an empty workbook for a kind: headings, lists of values, notes, units.

    Raises:
        NotAllowed: The viewer may not import this kind.
    """
    spec = may_import(viewer, kind)
    known = list(targets(spec).values())
    units = [u for u in unit_queries.units_of(viewer, right="change") if u.valid_until is None]
    names = tuple(u.title for u in units)
    out = io.BytesIO()
    with sheets.SafeBook(out) as book:
        book.sheet(spec.title, [_head(spec, target, names) for target in known])
        notes = book.sheet(
            _("填写说明"),
            [sheets.Head(_("列"), width=18), sheets.Head(_("必填"), width=8),
             sheets.Head(_("怎么填"), width=60)],
        )  # fmt: skip
        for target in known:
            must = target.required or target.name == UNIT
            notes.row([target.title, "是" if must else "", how(spec, target)])
        notes.row(["", "", _("不用的列可以删去。空单元格不会改动已有的内容。")])
        listed = book.sheet(_("单元"), [sheets.Head(_("编号")), sheets.Head(_("名称"), width=24)])
        for unit in units:
            listed.row([unit.code, unit.title])
    return out.getvalue()


def _head(kind: Kind, target: Target, units: tuple[str, ...]) -> sheets.Head:
    field = kind.fields.get(target.name)
    title = target.title + ("*" if target.required else "")
    if target.name == UNIT:
        return sheets.Head(title, width=18, choices=units)
    if target.name == STATE and kind.flow_spec:
        return sheets.Head(title, choices=tuple(s.title for s in kind.flow_spec.states.values()))
    if field is None:
        form = "date" if target.name not in (CODE, STATE) and target.name[0] == "@" else "text"
        return sheets.Head(title, "date" if form == "date" else "text")
    choices = ("是", "否") if field.type == "flag" else tuple(field.options.values())
    wide = 21 if field.type in ("id_number", "place") else 14
    # Text cells keep the digits of numbers that are names: ids, telephones.
    form = {"date": "date", "number": "number", "money": "number"}.get(field.type, "text")
    return sheets.Head(title, cast("sheets.HeadType", form), wide, choices)


def how(kind: Kind, target: Target) -> str:
    """Return how a column is filled, in a sentence."""
    field = kind.fields.get(target.name)
    if target.name in _SYSTEM_HOW:
        return _(_SYSTEM_HOW[target.name])
    if field is None:
        return _("度数，如121.4237") if "." in target.name else _(_HOW["date"])
    return _field_how(field)


def _field_how(field: Field) -> str:
    said = [field.help] if field.help else []
    if field.options:
        said.append("、".join(field.options.values()))
    else:
        said.append(_(_HOW[field.type]))
    if field.unit:
        said.append(_("单位：{unit}").format(unit=field.unit))
    return "；".join(said)


def leftovers(batch: Batch, kind: Kind) -> bytes:
    """Return the rows that could not be written, as they came, with 「原因」 behind them.

    Shape: the headings of the file, its own texts, one column more. The file can be
    mended and imported again; the column of reasons is passed over then.
    """
    titles = list(batch.columns["titles"])
    rows = StagedRow.objects.filter(batch=batch, state__in=("bad", "maybe")).order_by("number")
    heads = [sheets.Head(title or " ", width=16) for title in titles if title != REASON]
    out = io.BytesIO()
    with sheets.SafeBook(out) as book:
        sheet = book.sheet(
            _("要改的行"), [*heads, sheets.Head(REASON, width=60), sheets.Head(_("原来的行"))]
        )
        for row in rows.iterator(1000):
            cells = stored.open_cells(kind, row.cells)
            cells += [""] * (len(titles) - len(cells))
            kept = [c for c, title in zip(cells, titles, strict=False) if title != REASON]
            sheet.row([*kept, reasons(batch, row), row.number])
    return out.getvalue()


def reasons(batch: Batch, row: StagedRow) -> str:
    """Return everything that is wrong with a row, each with its column."""
    titles, said = batch.columns["titles"], []
    for told in row.problems:
        column = told["column"]
        title = titles[column] if 0 <= column < len(titles) else ""
        said.append(f"{title}：{told['message']}" if title else told["message"])
    return " ".join(said)
