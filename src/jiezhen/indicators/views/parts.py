"""Figures as the components of the design system: tiles, lamps, cells, maps, charts."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiezhen.indicators.queries import Figure, Sheet, TargetRow
from jiezhen.indicators.rules import COMPARATORS, Growth, Light, amounts
from jiezhen.indicators.rules.lights import percent
from jiezhen.indicators.views.scope import Scope
from jiezhen.kernel.periods import Period
from jiezhen.packs.registry import catalogue
from jiezhen.records import wording
from jiezhen.units.queries import UnitRow
from jiezhen.web import charts, maps
from jiezhen.web.chart_sentences import Point
from jiezhen.web.charts import Chart
from jiezhen.web.components import Bar, Cell, Column, Lamp, Row, Table, Tile

#: Words of the rules, which know no catalogue.
RULES_SAY = (
    gettext_noop("不少于"), gettext_noop("不超过"), gettext_noop("等于"),
    gettext_noop("有利"), gettext_noop("不利"),
)  # fmt: skip


def lamp(light: Light | None) -> Lamp | None:
    """Return a light as a component; in English its arithmetic is the short one."""
    if light is None:
        return None
    return Lamp(light.colour, _(light.word), light.why_en if wording.english() else light.why)


def bar(figure: Figure) -> Bar | None:
    """Return the target bar with its 序时 tick; None where nothing grows towards a target."""
    light = figure.light
    if light is None or light.share is None or light.pace is None:
        return None
    return Bar(light.share, light.pace)


def target_text(figure: Figure) -> str:
    """Return the target as a tile writes it."""
    target = figure.target
    return written_target(target, figure) if target else ""


def written_target(target: TargetRow, figure: Figure) -> str:
    """Return a target with its comparator where it is not the usual one."""
    text = amounts.written(target.value, figure.word, figure.decimals)
    return text if target.comparator == ">=" else f"{_(COMPARATORS[target.comparator])}{text}"


def tile(figure: Figure, months: Sequence[Figure], against: str, href: str) -> Tile:
    """Return one figure of the board: value, target, course of twelve months, 同比."""
    growth = figure.previous if against == "previous" else figure.year
    shown = figure.value is not None and not (figure.empty and not figure.value)
    light = figure.light
    note = figure.why if shown else ""
    if figure.target is None and shown:
        note = note or _("没有定目标")
    elif light is not None and light.pace is None:
        note = light.why
    return Tile(
        title=title_of(figure),
        value=figure.text if shown else "",
        href=figure.href,
        target=target_text(figure) if shown else "",
        bar=bar(figure) if shown else None,
        values=tuple(None if m.empty or m.value is None else float(m.value) for m in months),
        change=growth_words(growth) if growth and shown else "",
        favour=_(growth.favour) if growth and growth.favour else "",
        note=note,
        why=figure.why,
    )


def title_of(figure: Figure) -> str:
    """Return what a figure is called in the language of the page."""
    spec = catalogue().indicators.get(figure.indicator)
    return wording.title(spec) if spec else figure.title


def growth_words(growth: Growth) -> str:
    """Return a change in words, in the language of the page."""
    if not wording.english():
        return growth.words
    base = {"year": "last year", "previous": "the period before"}.get(
        growth.against, str(growth.year)
    )
    moved = growth.points if growth.rate is None else growth.rate
    if moved is None:
        return f"no figure to compare with {base}"
    if not moved:
        return f"same as {base}"
    size = percent(abs(moved)) if growth.rate is not None else f"{float(abs(moved)):.1f} points"
    return f"{'up' if moved > 0 else 'down'} {size} on {base}"


def amount(figure: Figure) -> float | None:
    """Return the value as charts and maps take it: percent as a number of hundred."""
    if figure.value is None or figure.empty:
        return None
    return float(figure.value * 100 if figure.is_rate else figure.value)


def regions(sheet: Sheet, name: str, units: Sequence[UnitRow], scope: Scope) -> list[maps.Region]:
    """Return the units of a map with their figures."""
    found = []
    for unit in units:
        figure = sheet.figure(name, unit, scope.period)
        value = amount(figure)
        found.append(
            maps.Region(
                code=unit.code,
                title=unit.title,
                text=figure.text,
                href=scope.link(unit=unit.code),
                value=None if value is None else int(value) if value.is_integer() else value,
                polygon=unit.polygon,
                current=unit == scope.unit,
            )
        )
    return found


def unit_map(sheet: Sheet, name: str, units: Sequence[UnitRow], scope: Scope, title: str) -> Any:
    """Return the map, or equal squares where they are asked for or there are no polygons."""
    found = regions(sheet, name, units, scope)
    if scope.given.get("view") == "squares":
        return maps.squares(found, title=title)
    return maps.choropleth(found, title=title)


def unit_table(
    sheet: Sheet, name: str, units: Sequence[UnitRow], scope: Scope, title: str
) -> Table:
    """Return the units as a table, most first: value, 同比, light."""
    figures = [sheet.figure(name, unit, scope.period) for unit in units]
    figures.sort(key=lambda f: (f.value is None or f.empty, -(f.value or Decimal(0))))
    columns = (Column(_("单元")), Column(_("数"), "number"), Column(_("同比")), Column(_("灯")))
    rows = tuple(
        Row(
            (
                Cell(f.unit.title, href=scope.link(unit=f.unit.code)),
                value_cell(f),
                Cell(f.year.words if f.year else "", why=_("没有数")),
                Cell(lamp=lamp(f.light)) if f.light else Cell(why=_("没有定目标")),
            )
        )
        for f in figures
    )
    return Table(title, columns, rows)


def value_cell(figure: Figure) -> Cell:
    """Return a figure as a cell: a link to where it comes from, or 「—」 with the reason."""
    if figure.value is None or (figure.empty and not figure.value):
        return Cell(number=True, why=figure.why or _("无数据"))
    return Cell(figure.text, href=figure.href, number=True)


def course(sheet: Sheet, name: str, unit: UnitRow, months: Sequence[Period], title: str) -> Chart:
    """Return the chart of a figure month by month, with its sentence and table."""
    figures = [sheet.figure(name, unit, month) for month in months]
    points = [
        Point(_("{n}月").format(n=f.period.start.month), amount(f), href=f.href) for f in figures
    ]
    unit_word = figures[0].word if figures else ""
    draw = charts.line if figures and figures[0].is_rate else charts.columns_by_month
    return draw(points, title=title, unit=unit_word, width=560)
