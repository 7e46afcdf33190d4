"""指标看板: tiles of a theme, and one indicator by unit. Two clicks lead to the records."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from jiezhen.indicators import queries
from jiezhen.indicators.queries import Figure, Sheet
from jiezhen.indicators.queries.origins import divided
from jiezhen.indicators.views import files, parts, scope
from jiezhen.indicators.views.scope import Scope
from jiezhen.kernel.periods import Period
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Indicator
from jiezhen.records import wording
from jiezhen.units.queries import UnitRow
from jiezhen.web.charts import Chart
from jiezhen.web.components import Action, Chip, Choice, Crumb, Lamp, Table, Tile
from jiezhen.web.pages import StaffRequest, render, staff

MOST_TILES = 60
#: Which comparison the tiles tell.
AGAINST = {"year": gettext_noop("同比"), "previous": gettext_noop("环比")}


@dataclass(frozen=True, slots=True)
class Board:
    """What the board's template is given."""

    title: str
    tabs: tuple[Choice, ...]
    scope: tuple[Chip, ...]
    actions: tuple[Action, ...]
    tiles: tuple[Tile, ...]
    picks: tuple[Choice, ...]
    views: tuple[Choice, ...]
    by_title: str
    map: Any
    table: Table | None
    at: Any


def themes() -> dict[str, list[Indicator]]:
    """Return the indicators by their theme, in the order of the packs."""
    found: dict[str, list[Indicator]] = {}
    for spec in catalogue().indicators.values():
        found.setdefault(spec.theme, []).append(spec)
    return found


@staff
@require_GET
def board(request: StaffRequest) -> HttpResponse:
    """Show the tiles of a theme; `?theme=&period=&unit=&pick=&view=map|squares|table`."""
    where = scope.read(request, polygons=True)
    known = themes()
    theme = where.given.get("theme") or next(iter(known), "")
    if known and theme not in known:
        raise Http404(theme)
    specs = known.get(theme, [])[:MOST_TILES]
    sheet, months = _count(request, where, specs)
    against = where.given.get("against", "year")
    tiles = [
        parts.tile(
            sheet.figure(s.name, where.unit, where.period),
            [sheet.figure(s.name, where.unit, m) for m in months],
            against,
            where.link(f"/indicators/{s.name}"),
        )
        for s in specs
    ]
    pick = next(
        (s for s in specs if s.name == where.given.get("pick")), specs[0] if specs else None
    )
    units = divided(where.frame, _above(where))
    by_title = _("按单元：{title}").format(title=wording.title(pick)) if pick else ""
    view = where.given.get("view", "map")
    return render(
        request,
        "indicators/board.html",
        Board(
            title=_("指标看板"),
            tabs=_tabs(where, known, theme),
            scope=(*where.chips(), _against(where, against)),
            actions=(
                Action(_("指标目录"), "/indicators/catalogue"),
                Action(_("导出Excel"), where.link("/indicators.xlsx")),
            ),
            tiles=tuple(tiles),
            picks=tuple(
                Choice(wording.title(s), where.link(pick=s.name), current=s is pick) for s in specs
            ),
            views=views_of(where),
            by_title=by_title,
            map=parts.unit_map(sheet, pick.name, units, where, by_title)
            if pick and units and view != "table"
            else None,
            table=parts.unit_table(sheet, pick.name, units, where, by_title)
            if pick and units and view == "table"
            else None,
            at=request.at,
        ),
    )


def _count(
    request: StaffRequest, where: Scope, specs: list[Indicator]
) -> tuple[Sheet, list[Period]]:
    months = scope.run_up(where.period, where.frame)
    sheet = queries.sheet(
        request.viewer,
        [s.name for s in specs],
        [where.unit],
        [where.period, *months],
        request.at,
        given_frame=where.frame,
    )
    return sheet, months


def _above(where: Scope) -> UnitRow:
    """Return the unit whose parts are drawn: a residents' area shows its whole office."""
    return where.unit if where.unit.level in ("office", "area") else where.frame.office


def _tabs(where: Scope, known: dict[str, list[Indicator]], theme: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(name, where.link(theme=name, pick=""), len(specs), name == theme)
        for name, specs in known.items()
    )


def _against(where: Scope, against: str) -> Chip:
    choices = tuple(
        Choice(_(title), where.link(against=key), current=key == against)
        for key, title in AGAINST.items()
    )
    return Chip(_(AGAINST.get(against, AGAINST["year"])), choices=choices)


def views_of(where: Scope) -> tuple[Choice, ...]:
    """Return the switch of map, squares and table."""
    view = where.given.get("view", "map")
    named = (("map", _("地图")), ("squares", _("格子")), ("table", _("表格")))
    return tuple(Choice(title, where.link(view=key), current=view == key) for key, title in named)


@staff
@require_GET
def board_file(request: StaffRequest, form: str) -> HttpResponse:
    """Hand out the figures of a theme, or of all, for the scope's unit and its parts."""
    where = scope.read(request)
    known = themes()
    theme = where.given.get("theme", "")
    specs = known.get(theme) or [s for some in known.values() for s in some]
    sheet = queries.sheet(
        request.viewer,
        [s.name for s in specs],
        [where.unit],
        [where.period],
        request.at,
        given_frame=where.frame,
    )
    units = [where.unit, *divided(where.frame, where.unit)]
    figures = [sheet.figure(s.name, u, where.period) for s in specs for u in units]
    title = _("指标_{period}").format(period=where.period.code)
    return files.answer(form, title, files.FIGURES, files.figure_rows(figures))


@dataclass(frozen=True, slots=True)
class Page:
    """What the template of one indicator is given."""

    title: str
    crumbs: tuple[Crumb, ...]
    scope: tuple[Chip, ...]
    actions: tuple[Action, ...]
    figure: Figure
    lamp: Lamp | None
    target: str
    definition: str
    version: queries.Version
    growths: tuple[str, ...]
    chart: Chart
    views: tuple[Choice, ...]
    by_title: str
    map: Any
    table: Table | None
    at: Any


def spec_of(name: str) -> Indicator:
    """Return an indicator, or answer 404."""
    try:
        return queries.definition_of(name).indicator
    except queries.UnknownIndicator as unknown:
        raise Http404(unknown.message) from unknown


@staff
@require_GET
def indicator(request: StaffRequest, name: str) -> HttpResponse:
    """Show one indicator: value, light, growth, course of months, units."""
    spec = spec_of(name)
    where = scope.read(request, polygons=True)
    sheet, months = _count(request, where, [spec])
    figure = sheet.figure(name, where.unit, where.period)
    units = divided(where.frame, _above(where))
    by_title = _("按单元：{title}").format(title=wording.title(spec))
    view = where.given.get("view", "map")
    growths = tuple(parts.growth_words(g) for g in (figure.year, figure.previous) if g)
    return render(
        request,
        "indicators/indicator.html",
        Page(
            title=wording.title(spec),
            crumbs=(
                Crumb(_("指标"), "/indicators"),
                Crumb(spec.theme, where.link("/indicators", theme=spec.theme)),
                Crumb(wording.title(spec)),
            ),
            scope=where.chips(),
            actions=_actions(request, where, spec),
            figure=figure,
            lamp=parts.lamp(figure.light),
            target=parts.target_text(figure),
            definition=spec.definition_sentence(),
            version=sheet.notes.version(name),
            growths=growths,
            chart=parts.course(sheet, name, where.unit, months, _("近12个月")),
            views=views_of(where),
            by_title=by_title,
            map=parts.unit_map(sheet, name, units, where, by_title)
            if units and view != "table"
            else None,
            table=parts.unit_table(sheet, name, units, where, by_title)
            if units and view == "table"
            else None,
            at=request.at,
        ),
    )


def _actions(request: StaffRequest, where: Scope, spec: Indicator) -> tuple[Action, ...]:
    found = [Action(_("对比"), f"/indicators/compare?names={spec.name}")]
    if request.viewer.may("indicators.target", path=where.unit.path):
        href = where.link(f"/indicators/{spec.name}/target")
        found.append(Action(_("定目标"), href))
    if spec.statistic and request.viewer.may("indicators.supply", path=where.unit.path):
        found.append(Action(_("填数"), f"/indicators/supply/{spec.statistic}"))
    found.append(Action(_("导出Excel"), where.link(f"/indicators/{spec.name}.xlsx")))
    return tuple(found)


@staff
@require_GET
def indicator_file(request: StaffRequest, name: str, form: str) -> HttpResponse:
    """Hand out one indicator by unit and by month."""
    spec = spec_of(name)
    where = scope.read(request)
    sheet, months = _count(request, where, [spec])
    units = [where.unit, *divided(where.frame, where.unit)]
    figures = [sheet.figure(name, u, where.period) for u in units]
    figures += [sheet.figure(name, where.unit, m) for m in months]
    return files.answer(
        form, f"{spec.title}_{where.period.code}", files.FIGURES, files.figure_rows(figures)
    )
