"""Charts drawn on the server: lines, bars, columns by month; each with its sentence and table.

Words: a point is one value at one label of one series; None is 无数据 and is hatched or left open,
never zero. Values are in the unit that is shown. The same chart is an SVG for the page and a PNG
for download; the picture never says more than the sentence and the table beside it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import vl_convert
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jiezhen.web import chart_sentences, chart_theme, formats, svg
from jiezhen.web.chart_sentences import Point
from jiezhen.web.components import Cell, Column, Row, Table

MAX_SERIES = len(chart_theme.CATEGORY)
Layer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart: title, safe inline SVG, generated sentence, table of the same values."""

    title: str
    svg: SafeString
    sentence: str
    table: Table

    def file(self) -> str:
        """Return the chart as an SVG document of its own."""
        return svg.alone(self.svg)

    def png(self, scale: float = 2) -> bytes:
        """Return the chart as a PNG picture; see `fonts` for machines without Chinese."""
        return bytes(vl_convert.svg_to_png(self.file(), scale=scale))


@lru_cache(maxsize=256)
def _render(spec: str) -> str:
    return str(vl_convert.vegalite_to_svg(spec))


def _draw(title: str, unit: str, sentence: str, points: Sequence[Point], spec: Layer) -> Chart:
    text = json.dumps(spec, ensure_ascii=False, sort_keys=True)
    prefix = "c" + hashlib.sha256(text.encode()).hexdigest()[:8]
    if any(p.value is not None for p in points):
        shape = svg.clean(_render(text), sentence, prefix)
    else:
        shape = SafeString()
    return Chart(title, shape, sentence, _table(title, unit, points))


def _table(title: str, unit: str, points: Sequence[Point]) -> Table:
    series = list(dict.fromkeys(p.series for p in points))
    labels = list(dict.fromkeys(p.label for p in points))
    known = {(p.label, p.series): p for p in points}
    columns = [Column(_("名称")), *(Column(name or title, "number") for name in series)]
    rows = []
    for label in labels:
        cells: list[Cell | str] = [label]
        for name in series:
            point = known.get((label, name))
            value = None if point is None else point.value
            shown = "" if value is None else chart_sentences.figure(value, unit)
            href = point.href if point else ""
            why = _("无数据") if value is None else ""
            cells.append(Cell(shown, href=href, number=True, why=why))
        rows.append(Row(tuple(cells)))
    return Table(title, tuple(columns), tuple(rows))


def _spec(layers: Sequence[alt.Chart], width: int, height: int) -> Layer:
    chart = alt.layer(*layers).properties(width=width, height=height)
    made: Layer = chart.to_dict()
    made["config"] = chart_theme.config()
    return made


def _inline(values: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=values)


def _data(points: Sequence[Point], unit: str) -> alt.InlineData:
    return _inline(
        [
            {
                "label": p.label,
                "value": None if p.value is None else float(p.value),
                "series": p.series,
                "text": "" if p.value is None else chart_sentences.figure(p.value, unit),
                "short": "" if p.value is None else formats.plain(p.value),
            }
            for p in points
        ]
    )


def _y(unit: str, *, zero: bool) -> alt.Y:
    title = _("单位：%(unit)s") % {"unit": unit} if unit else None
    axis = alt.Axis(
        title=title, titleX=0, titleY=-8, tickCount=4, labelExpr=chart_theme.AXIS_LABEL
    )
    return alt.Y("value:Q", axis=axis, scale=alt.Scale(zero=zero, nice=True))


def _x(labels: Sequence[str]) -> alt.X:
    axis = alt.Axis(title=None, labelOverlap="greedy")
    return alt.X("label:O", sort=list(labels), axis=axis, scale=alt.Scale(padding=0.3))


def _gaps(points: Sequence[Point], labels: Sequence[str], height: int) -> list[alt.Chart]:
    """Return the layer that hatches labels at which no series has a value."""
    known = {p.label for p in points if p.value is not None}
    empty = [{"label": label} for label in labels if label not in known]
    if not empty:
        return []
    base = alt.Chart(_inline(empty)).mark_bar(color=svg.HATCH)
    return [base.encode(x=_x(labels), y=alt.value(0), y2=alt.value(height))]


def line(
    points: Sequence[Point], *, title: str, unit: str = "", width: int = 360, height: int = 180
) -> Chart:
    """Draw one line per series, named at its end, told apart by colour and dashes.

    Raises:
        ValueError: More series than can be told apart (6).
    """
    labels = list(dict.fromkeys(p.label for p in points))
    series = list(dict.fromkeys(p.series for p in points))
    if len(series) > MAX_SERIES:
        raise ValueError(f"at most {MAX_SERIES} series, not {len(series)}")
    colours = alt.Scale(domain=series, range=list(chart_theme.CATEGORY[: len(series)]))
    dashes = alt.Scale(domain=series, range=[list(d) for d in chart_theme.DASHES[: len(series)]])
    paint = {
        "x": _x(labels),
        "y": _y(unit, zero=False),
        "color": alt.Color("series:N", scale=colours, legend=None),
    }
    lines = (
        alt.Chart(_data(points, unit))
        .mark_line()
        .encode(strokeDash=alt.StrokeDash("series:N", scale=dashes, legend=None), **paint)
    )
    alone = [p for p in points if p.value is not None and _is_alone(p, points, labels)]
    layers = [*_gaps(points, labels, height), lines]
    if alone:
        layers.append(alt.Chart(_data(alone, unit)).mark_point(filled=True).encode(**paint))
    ends = [p for s in series if (p := _end(points, s))]
    if ends:
        named = [Point(p.label, p.value, p.series) for p in ends]
        words = alt.Chart(_data(named, unit)).mark_text(align="left", dx=6)
        field = "series:N" if any(series) else "text:N"
        layers.append(words.encode(text=field, **paint))
    told = chart_sentences.of_course(title, unit, points)
    return _draw(title, unit, told, points, _spec(layers, width, height))


def _end(points: Sequence[Point], series: str) -> Point | None:
    """Return the latest known point of a series."""
    return next((p for p in reversed(points) if p.series == series and p.value is not None), None)


def _is_alone(point: Point, points: Sequence[Point], labels: Sequence[str]) -> bool:
    """Say whether a point has no known neighbour, so that no line would show it."""
    known = {p.label for p in points if p.series == point.series and p.value is not None}
    at = labels.index(point.label)
    beside = [labels[i] for i in (at - 1, at + 1) if 0 <= i < len(labels)]
    return not any(label in known for label in beside)


def columns_by_month(
    points: Sequence[Point], *, title: str, unit: str = "", width: int = 360, height: int = 170
) -> Chart:
    """Draw one column per month, from zero; months without data are hatched."""
    labels = list(dict.fromkeys(p.label for p in points))
    data = _data(points, unit)
    y = _y(unit, zero=True)
    x = _x(labels)
    layers = [*_gaps(points, labels, height)]
    layers.append(alt.Chart(data).mark_bar(color=chart_theme.CATEGORY[0]).encode(x=x, y=y))
    if _fits(points, width / max(1, len(labels))):
        words = alt.Chart(data).mark_text(dy=-4, baseline="bottom")
        layers.append(words.encode(x=x, y=y, text="short:N"))
    told = chart_sentences.of_course(title, unit, points)
    return _draw(title, unit, told, points, _spec(layers, width, height))


def _fits(points: Sequence[Point], step: float) -> bool:
    """Say whether the widest value, at 7 px a digit, stands above its own column."""
    return max((len(formats.plain(p.value)) for p in points), default=0) * 7 <= step


def bars(points: Sequence[Point], *, title: str, unit: str = "", width: int = 300) -> Chart:
    """Draw one lying bar per label, from zero, longest first; labels without data come last."""
    ordered = sorted(points, key=lambda p: (p.value is None, -(p.value or 0)))
    labels = [p.label for p in ordered]
    rank = alt.Y("label:O", sort=labels, axis=_names(), scale=alt.Scale(paddingInner=0.35))
    length = alt.X("value:Q", axis=None, scale=alt.Scale(zero=True, nice=False))
    data = _data([p for p in ordered if p.value is not None], unit)
    base = alt.Chart(data).encode(x=length, y=rank)
    layers = [
        base.mark_bar(color=chart_theme.CATEGORY[0]),
        base.mark_text(align="left", dx=5).encode(text="text:N"),
    ]
    empty = [{"label": p.label, "text": _("无数据")} for p in ordered if p.value is None]
    if empty:
        blank = alt.Chart(_inline(empty)).encode(y=rank)
        hatched = blank.mark_bar(color=svg.HATCH)
        layers.append(hatched.encode(x=alt.value(0), x2=alt.value(40)))
        layers.append(blank.mark_text(align="left", dx=45).encode(x=alt.value(0), text="text:N"))
    told = chart_sentences.of_rank(title, unit, ordered)
    return _draw(title, unit, told, ordered, _spec(layers, width, 24 * len(labels)))


def _names() -> alt.Axis:
    return alt.Axis(title=None, domain=True, grid=False, labelLimit=160)
