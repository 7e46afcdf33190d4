"""The lists as files, and 年度任务分解: the whole plan of a year on one page."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiezhen.plans.queries import breakdown as breakdowns
from jiezhen.plans.queries import documents
from jiezhen.plans.queries import listing as listings
from jiezhen.plans.queries.breakdown import BreakdownRow
from jiezhen.plans.queries.listing import Query
from jiezhen.plans.rules import lights
from jiezhen.plans.rules.lights import percent
from jiezhen.plans.views import shared
from jiezhen.records import sheets
from jiezhen.records.sheets import Head
from jiezhen.web.components import Action, Cell, Choice, Column, Crumb, Lamp, Row, Table
from jiezhen.web.formats import day
from jiezhen.web.pages import StaffRequest, render, staff

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TASKS = (
    Head("编号", width=16),
    Head("任务", width=40),
    Head("牵头"),
    Head("责任人"),
    Head("力度"),
    Head("目标"),
    Head("已完成"),
    Head("完成率"),
    Head("序时"),
    Head("灯"),
    Head("理由", width=50),
    Head("期限", "date"),
    Head("来源", width=30),
    Head("最近进展", "time", 18),
    Head("科室说明", width=40),
)
DOCUMENTS = (
    Head("标题", width=40),
    Head("文件名", width=40),
    Head("年度", "number", 8),
    Head("已确认", "number"),
    Head("待确认", "number"),
    Head("说明性", "number"),
    Head("任务", "number"),
    Head("上传", "time", 18),
    Head("谁"),
)
BREAKDOWN = (
    Head("序号", "number", 8),
    Head("文件", width=30),
    Head("段落", width=24),
    Head("承诺", width=50),
    Head("力度"),
    Head("目标"),
    Head("牵头"),
    Head("责任人"),
    Head("期限", "date"),
    Head("状态"),
    Head("任务编号", width=16),
    Head("灯"),
)


@staff
@require_GET
def documents_file(request: StaffRequest, form: str) -> HttpResponse:
    """Hand out the list of plan files."""
    shared.need_read(request.viewer)
    rows = [
        (
            d.title,
            d.file_name,
            d.year,
            d.confirmed,
            d.proposed,
            d.ignored,
            d.tasks,
            d.uploaded_at,
            d.uploaded_by,
        )
        for d in documents.files(request.viewer)
    ]
    return _file(form, _("计划文件"), DOCUMENTS, rows)


@staff
@require_GET
def tasks_file(request: StaffRequest, form: str) -> HttpResponse:
    """Hand out the list of tasks under the same query and rights as its page."""
    shared.need_read(request.viewer)
    found = listings.listing(request.viewer, Query.read(request.GET.dict()), request.at)
    rows = [
        (
            r.code,
            r.title,
            r.lead,
            r.owner,
            r.strength,
            r.target,
            " ".join(x for x in (r.progress.done, r.progress.note) if x),
            percent(r.light.share) if r.light.share is not None else "",
            percent(r.light.pace) if r.target else "",
            r.light.word,
            r.light.why,
            r.due_on,
            r.source,
            r.progressed_at,
            r.explained,
        )
        for r in found.rows
    ]
    return _file(form, _("任务督办"), TASKS, rows)


@staff
@require_GET
def breakdown(request: StaffRequest, year: int) -> HttpResponse:
    """Show all commitments of a year with lead and date, ready to print; `?lamp=red` keeps a colour."""
    shared.need_read(request.viewer)
    every = breakdowns.breakdown(request.viewer, year, request.at)
    lamp = Query.read(request.GET.dict()).lamp
    rows = [r for r in every if not lamp or r.progress.light.colour == lamp]
    columns = (
        Column(_("承诺")),
        Column(_("目标"), "number"),
        Column(_("牵头")),
        Column(_("责任人")),
        Column(_("期限")),
        Column(_("灯")),
        Column(_("来源")),
    )
    table = Table(
        _("任务分解"),
        columns,
        tuple(
            Row(
                (
                    Cell(text=r.title, href=r.href, note=f"{r.strength}：{r.words}"),
                    r.target or _("节点"),
                    Cell(text=r.lead, why=_("还没有指定")),
                    Cell(text=r.owner, why=_("还没有指定")),
                    day(r.due_on),
                    Cell(lamp=shared.lamp(r.progress)),
                    Cell(text=r.document, note=r.section),
                ),
                key=str(n),
            )
            for n, r in enumerate(rows, 1)
        ),
        groups=()
        if lamp
        else shared.chapters(
            [shared.Placed(r.document, r.section, r.progress.light) for r in rows]
        ),
    )
    asked = f"?lamp={lamp}" if lamp else ""
    return render(
        request,
        "plans/breakdown.html",
        {
            "title": _("{year}年任务分解").format(year=year),
            "table": table,
            "lamp": lamp,
            "tabs": _colours(every, lamp),
            "crumbs": (
                Crumb(_("计划"), "/plans"),
                Crumb(_("{year}年").format(year=year), f"/plans/{year}"),
                Crumb(_("任务分解")),
            ),
            "actions": (
                Action(_("导出Excel"), f"/plans/{year}/list.xlsx{asked}"),
                Action(_("导出CSV"), f"/plans/{year}/list.csv{asked}"),
            ),
            "empty_title": _("没有符合条件的承诺。") if lamp else _("这一年还没有确认的承诺。"),
            "empty_why": (
                _("换个条件看看？") if lamp else _("打开计划文件，确认承诺后就列在这里。")
            ),
            "empty_action": Action(_("看计划文件"), "/plans"),
        },
    )


def _colours(rows: Sequence[BreakdownRow], lamp: str) -> tuple[Choice, ...]:
    """Return the ways to the commitments of one colour, red first."""
    some = [r.progress.light for r in rows]
    made = [Choice(_("全部"), "?", len(some), current=not lamp)]
    for colour in lights.COLOURS:
        n = sum(1 for light in some if light.colour == colour)
        if n or colour == lamp:
            drawn = Lamp(colour, shared.words(some, colour))
            made.append(Choice(drawn.word, f"?lamp={colour}", n, colour == lamp, lamp=drawn))
    return tuple(made) if some else ()


@staff
@require_GET
def breakdown_file(request: StaffRequest, year: int, form: str) -> HttpResponse:
    """Hand out 年度任务分解 as a file, under the same filter as its page."""
    shared.need_read(request.viewer)
    lamp = Query.read(request.GET.dict()).lamp
    rows = [
        (
            n,
            r.document,
            r.section,
            r.words,
            r.strength,
            r.target,
            r.lead,
            r.owner,
            r.due_on,
            r.state,
            r.task_code,
            r.progress.light.word,
        )
        for n, r in enumerate(breakdowns.breakdown(request.viewer, year, request.at), 1)
        if not lamp or r.progress.light.colour == lamp
    ]
    return _file(form, _("{year}年任务分解").format(year=year), BREAKDOWN, rows)


def _file(
    form: str, title: str, heads: Sequence[Head], rows: Sequence[Sequence[Any]]
) -> HttpResponse:
    writers: dict[str, Callable[..., HttpResponse]] = {
        "xlsx": _xlsx,
        "csv": _csv,
        "json": _json,
    }
    if form not in writers:
        raise Http404(form)
    response = writers[form](title, heads, rows)
    if form != "json":
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.{form}"
    response["Cache-Control"] = "no-store"
    return response


def _xlsx(title: str, heads: Sequence[Head], rows: Sequence[Sequence[Any]]) -> HttpResponse:
    out = io.BytesIO()
    with sheets.SafeBook(out) as book:
        sheet = book.sheet(title, heads)
        for row in rows:
            sheet.row(row)
    return HttpResponse(out.getvalue(), content_type=XLSX)


def _csv(title: str, heads: Sequence[Head], rows: Sequence[Sequence[Any]]) -> HttpResponse:
    return HttpResponse(b"".join(sheets.csv_lines(heads, rows)), content_type="text/csv")


def _json(title: str, heads: Sequence[Head], rows: Sequence[Sequence[Any]]) -> HttpResponse:
    names = [h.title for h in heads]

    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    told = [dict(zip(names, map(plain, row), strict=True)) for row in rows]
    return JsonResponse(
        {"title": title, "count": len(told), "rows": told},
        json_dumps_params={"ensure_ascii": False},
    )
