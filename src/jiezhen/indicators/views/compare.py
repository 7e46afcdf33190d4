"""对比: several indicators or units side by side; and the answer to 「要一个数」."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiezhen.indicators import queries
from jiezhen.indicators.queries.origins import divided
from jiezhen.indicators.views import board, files, parts, scope
from jiezhen.packs.registry import catalogue
from jiezhen.records import wording
from jiezhen.web import charts
from jiezhen.web.chart_sentences import Point
from jiezhen.web.charts import Chart
from jiezhen.web.components import Action, Chip, Choice, Column, Crumb, Row, Table
from jiezhen.web.pages import StaffRequest, render, staff

MOST = 6


@dataclass(frozen=True, slots=True)
class Page:
    """What the template of the comparison is given."""

    title: str
    crumbs: tuple[Crumb, ...]
    scope: tuple[Chip, ...]
    actions: tuple[Action, ...]
    names: tuple[str, ...]
    choices: tuple[Choice, ...]
    table: Table
    chart: Chart | None
    at: Any


def _names(request: StaffRequest) -> list[str]:
    listed = request.GET.getlist("names")
    found = [n for text in listed for n in text.split(",") if n in catalogue().indicators]
    return list(dict.fromkeys(found))[:MOST]


@staff
@require_GET
def compare(request: StaffRequest) -> HttpResponse:
    """Compare up to six indicators over the units below the scope's unit."""
    where = scope.read(request)
    names = _names(request)
    units = [where.unit, *divided(where.frame, where.unit)]
    sheet = (
        queries.sheet(
            request.viewer, names, units, [where.period], request.at, given_frame=where.frame
        )
        if names
        else None
    )
    specs = [catalogue().indicators[n] for n in names]
    columns = (Column(_("单元")), *(Column(wording.title(s), "number") for s in specs))
    rows = (
        tuple(
            Row((u.title, *(parts.value_cell(sheet.figure(n, u, where.period)) for n in names)))
            for u in units
        )
        if sheet
        else ()
    )
    chart = None
    if sheet and len(names) == 1:
        figures = [sheet.figure(names[0], u, where.period) for u in units[1:]]
        points = [Point(f.unit.title, parts.amount(f), href=f.href) for f in figures]
        if points:
            chart = charts.bars(points, title=wording.title(specs[0]), unit=figures[0].word)
    query = ",".join(names)
    return render(
        request,
        "indicators/compare.html",
        Page(
            title=_("对比"),
            crumbs=(Crumb(_("指标"), "/indicators"), Crumb(_("对比"))),
            scope=_chips(where, query),
            actions=(
                Action(_("导出Excel"), _with(where.link("/indicators/compare.xlsx"), query)),
            ),
            names=tuple(names),
            choices=tuple(
                Choice(f"{wording.title(s)}（{s.unit}）", s.name, current=s.name in names)
                for some in board.themes().values()
                for s in some
            ),
            table=Table(_("对比"), columns, rows, wide=True),
            chart=chart,
            at=request.at,
        ),
    )


def _with(link: str, names: str) -> str:
    return f"{link}{'&' if '?' in link else '?'}names={names}"


def _chips(where: scope.Scope, names: str) -> tuple[Chip, ...]:
    """Return the scope chips with the chosen indicators kept in their links."""
    return tuple(
        Chip(
            chip.title,
            chip.label,
            choices=tuple(
                Choice(c.title, _with(c.href, names), current=c.current) for c in chip.choices
            ),
        )
        for chip in where.chips()
    )


@staff
@require_GET
def compare_file(request: StaffRequest, form: str) -> HttpResponse:
    """Hand out the comparison."""
    where = scope.read(request)
    names = _names(request)
    units = [where.unit, *divided(where.frame, where.unit)]
    sheet = queries.sheet(
        request.viewer, names, units, [where.period], request.at, given_frame=where.frame
    )
    figures = [sheet.figure(n, u, where.period) for n in names for u in units]
    return files.answer(form, _("对比"), files.FIGURES, files.figure_rows(figures))


@staff
@require_GET
def ask(request: StaffRequest) -> HttpResponse:
    """Answer 「要一个数」 as a fragment, for the header and the search page; `?q=`."""
    answer = queries.ask(request.viewer, request.GET.get("q", ""), request.at)
    return render(request, "indicators/answer.html", {"answer": answer})
