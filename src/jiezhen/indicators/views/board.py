"""指标看板: tiles of a theme, and one indicator by unit. Two clicks lead to the records."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from jiezhen.indicators import queries
from jiezhen.indicators.queries import Figure, Sheet, splits
from jiezhen.indicators.queries.origins import divided
from jiezhen.indicators.views import division, files, parts, scope
from jiezhen.indicators.views.files import SHARES
from jiezhen.indicators.views.scope import Scope
from jiezhen.kernel.periods import Period
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Indicator
from jiezhen.records import wording
from jiezhen.records.sheets import Head
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
    definitions = [pick.definition] if pick else []
    by = division.chosen(where.given, definitions)
    panel = _divided(request, where, pick, by) if pick and by != "unit" else None
    panel = panel or _by_unit(sheet, pick, where)
    chip = division.by_chip(definitions, by, lambda name: where.link(by=name))
    return render(
        request,
        "indicators/board.html",
        Board(
            title=_("指标看板"),
            tabs=_tabs(where, known, theme),
            scope=(*where.chips(), *chip, _against(where, against)),
            actions=(
                Action(_("统计表"), "/indicators/table"),
                *([Action(_("考核"), "/indicators/scores")] if catalogue().scores else []),
                Action(_("指标目录"), "/indicators/catalogue"),
                Action(_("导出Excel"), where.link("/indicators.xlsx")),
            ),
            tiles=tuple(tiles),
            picks=tuple(
                Choice(wording.title(s), where.link(pick=s.name), current=s is pick) for s in specs
            ),
            views=panel.views,
            by_title=panel.title,
            map=panel.map,
            table=panel.table,
            at=request.at,
        ),
    )


@dataclass(frozen=True, slots=True)
class Panel:
    """One indicator divided: a map or squares of units, or a table."""

    title: str
    views: tuple[Choice, ...] = ()
    map: Any = None
    table: Table | None = None


def _by_unit(sheet: Sheet, spec: Indicator | None, where: Scope) -> Panel:
    units = divided(where.frame, _above(where))
    if spec is None or not units:
        return Panel("", views_of(where))
    title = _("按单元：{title}").format(title=wording.title(spec))
    if where.given.get("view", "map") == "table":
        table = parts.unit_table(sheet, spec.name, units, where, title)
        return Panel(title, views_of(where), table=table)
    drawn = parts.unit_map(sheet, spec.name, units, where, title)
    return Panel(title, views_of(where), map=drawn)


def _divided(request: StaffRequest, where: Scope, spec: Indicator, by: str) -> Panel:
    """Return the panel of an indicator divided by something else than units: one statement."""
    split = splits.split_of(by, [spec.definition], where.frame, where.unit)
    sheet = queries.sheet(
        request.viewer,
        [spec.name],
        [where.unit],
        [where.period],
        request.at,
        compare=("year",),
        given_frame=where.frame,
        noted=False,
        split=split,
    )
    return _by_split(sheet, spec, where, split)


def _by_split(sheet: Sheet, spec: Indicator, where: Scope, split: splits.Split) -> Panel:
    title = _("按{what}：{title}").format(what=split.title, title=wording.title(spec))
    inside = replace(where, path=f"/indicators/{spec.name}")
    table = division.table(
        sheet.cells(spec.name, where.unit, where.period), title, split.title,
        lambda member: replace(inside, more=sheet.slice.of(member).words).link(),
    )  # fmt: skip
    return Panel(title, table=table)


def _count(
    request: StaffRequest,
    where: Scope,
    specs: list[Indicator],
    part: splits.Part = splits.WHOLE,
    split: splits.Split | None = None,
) -> tuple[Sheet, list[Period]]:
    months = scope.run_up(where.period, where.frame)
    sheet = queries.sheet(
        request.viewer,
        [s.name for s in specs],
        [where.unit],
        [where.period, *months],
        request.at,
        given_frame=where.frame,
        part=part,
        split=split,
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
    """Show one indicator: value, light, growth, course of months, units.

    `?by=source` divides it by another column than the unit, `?source=phone` shows that part.
    """
    spec = spec_of(name)
    where, part, split = _narrowed(request, spec)
    sheet, months = _count(request, where, [spec], part, split)
    figure = sheet.figure(name, where.unit, where.period)
    panel = _by_split(sheet, spec, where, split) if split else _by_unit(sheet, spec, where)
    by = split.name if split else "unit"
    chip = division.by_chip([spec.definition], by, lambda name: where.link(by=name))
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
            scope=(*where.chips(), *chip, *division.part_chips(part, where.path, by)),
            actions=_actions(request, where, spec),
            figure=figure,
            lamp=parts.lamp(figure.light),
            target=parts.target_text(figure),
            definition=spec.definition_sentence(),
            version=sheet.notes.version(name),
            growths=growths,
            chart=parts.course(sheet, name, where.unit, months, _("近12个月")),
            views=panel.views,
            by_title=panel.title,
            map=panel.map,
            table=panel.table,
            at=request.at,
        ),
    )


def _narrowed(
    request: StaffRequest, spec: Indicator
) -> tuple[Scope, splits.Part, splits.Split | None]:
    """Return the scope of an indicator's page, the part that it is about and its division."""
    where = scope.read(request, polygons=True)
    listed = [spec.definition]
    part = division.part_of(request.GET, listed, where.frame, where.unit)
    by = division.chosen(where.given, listed)
    split = splits.split_of(by, listed, where.frame, where.unit, part) if by != "unit" else None
    return replace(where, more=part.words), part, split


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
    where, part, split = _narrowed(request, spec)
    sheet, months = _count(request, where, [spec], part, split)
    if split:
        return _split_file(sheet, spec, where, split, form)
    units = [where.unit, *divided(where.frame, where.unit)]
    figures = [sheet.figure(name, u, where.period) for u in units]
    figures += [sheet.figure(name, where.unit, m) for m in months]
    return files.answer(
        form, f"{spec.title}_{where.period.code}", files.FIGURES, files.figure_rows(figures)
    )


def _split_file(
    sheet: Sheet, spec: Indicator, where: Scope, split: splits.Split, form: str
) -> HttpResponse:
    """Hand out an indicator divided by something else than units, the whole first."""
    whole = sheet.figure(spec.name, where.unit, where.period)
    cells = sheet.cells(spec.name, where.unit, where.period)
    rows = [
        (title, files.shown(f.value, spec.unit), spec.unit, f.rows, f.href)
        for title, f in [(_("合计"), whole), *((m.title, f) for m, f in cells)]
    ]
    heads = (Head(split.title, width=20), *SHARES[1:])
    return files.answer(form, f"{spec.title}_{where.period.code}", heads, rows)
