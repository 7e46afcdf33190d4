"""考核: the scores of units for a period, every number with its arithmetic and its records."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiezhen.indicators.queries import scoring
from jiezhen.indicators.queries.scoring import Scored, Scores
from jiezhen.indicators.queries.splits import WHOLE
from jiezhen.indicators.rules.scores import Got, Total, most, written
from jiezhen.indicators.views import files
from jiezhen.indicators.views.division import with_words
from jiezhen.kernel import clock
from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.packs.registry import catalogue
from jiezhen.records import places, wording
from jiezhen.records.sheets import Head
from jiezhen.units.queries import UnknownUnit
from jiezhen.web import formats
from jiezhen.web.components import Action, Cell, Chip, Choice, Column, Crumb, Row, Table
from jiezhen.web.pages import StaffRequest, render, staff

HEADS = (
    Head("组", width=18),
    Head("单元", width=20),
    Head("项目", width=20),
    Head("数", width=14),
    Head("得分", "number"),
    Head("怎么算的", width=48),
    Head("出处", width=30),
)


@dataclass(frozen=True, slots=True)
class Page:
    """What the template of scores is given."""

    title: str
    crumbs: tuple[Crumb, ...]
    scope: tuple[Chip, ...]
    actions: tuple[Action, ...]
    tables: tuple[Table, ...]
    rules: tuple[str, ...]
    source: str
    at: Any


@staff
@require_GET
def listing(request: StaffRequest) -> HttpResponse:
    """List the scores that the packs declare."""
    rows = tuple(
        Row(
            (
                Cell(wording.title(spec), href=f"/indicators/scores/{name}"),
                spec.source.document if spec.source else "",
            )
        )
        for name, spec in catalogue().scores.items()
    )
    table = Table(_("考核"), (Column(_("考核")), Column(_("依据"))), rows)
    crumbs = (Crumb(_("指标"), "/indicators"), Crumb(_("考核")))
    page = Page(_("考核"), crumbs, (), (), (table,) if rows else (), (), "", request.at)
    return render(request, "indicators/scores.html", page)


@staff
@require_GET
def score(request: StaffRequest, name: str) -> HttpResponse:
    """Show the scores of a period, the assessment year so far when none is named; `?unit=` one unit."""
    found = _scored(request, name)
    asked = request.GET.get("unit", "")[:80]
    if asked:
        one = {
            g: tuple(s for s in some if s.unit.code == asked) for g, some in found.groups.items()
        }
        found = replace(found, groups={g: some for g, some in one.items() if some})
    path, title = f"/indicators/scores/{name}", wording.title(found.spec)
    export = with_words(f"{path}.xlsx", WHOLE, period=found.period.code)
    return render(
        request,
        "indicators/scores.html",
        Page(
            title=title,
            crumbs=(
                Crumb(_("指标"), "/indicators"),
                Crumb(_("考核"), "/indicators/scores"),
                Crumb(title),
            ),
            scope=(_period_chip(found, path),),
            actions=(Action(_("导出Excel"), export),),
            tables=tuple(_table(found, group) for group in found.groups),
            rules=_rules(found),
            source=_source(found),
            at=request.at,
        ),
    )


def _scored(request: StaffRequest, name: str) -> Scores:
    try:
        spec = scoring.score_of(name)
        period = _period(request, scoring.year_of(spec, clock.day_of(request.at)))
        return scoring.scored(request.viewer, name, period, request.at)
    except scoring.UnknownScore as unknown:
        raise Http404(name) from unknown


def _period(request: StaffRequest, usual: Period) -> Period:
    code = request.GET.get("period", "")[:10]
    try:
        return Period.parse(code) if code else usual
    except BadPeriod as bad:
        raise Http404(bad.message) from bad


def _period_chip(found: Scores, path: str) -> Chip:
    on = clock.day_of(found.at)
    year = scoring.year_of(found.spec, on)
    offered = [year, *reversed([m for m in year.months if m.start <= on]), year.years_before()]
    offered = offered if found.period in offered else [found.period, *offered]
    choices = tuple(
        Choice(wording.period(p), f"{path}?period={p.code}", current=p == found.period)
        for p in offered
    )
    return Chip(wording.period(found.period), _("期间"), choices=choices)


def _table(found: Scores, group: str) -> Table:
    parts = found.version.parts if found.version else {}
    columns = [Column(_("单元")), Column(_("总分"), "number")]
    columns += [Column(f"{wording.title(p)}", "number") for p in parts.values()]
    columns += [Column(_("扣分"), "number")] if found.spec.deductions else []
    return Table(
        group, tuple(columns), tuple(_row(found, s) for s in found.groups[group]), wide=True
    )


def _row(found: Scores, one: Scored) -> Row:
    parts = found.version.parts if found.version else {}
    cells: list[Cell | str] = [one.unit.title, _total(found, one)]
    for got in one.total.parts:
        figure = one.figures[got.weight.key]
        cells.append(
            Cell(
                _points(got.got) if got.got is not None else "—",
                href=figure.href,
                number=True,
                note=arithmetic(got, figure.text, parts[got.weight.key].indicator),
            )
        )
    if found.spec.deductions:
        cells.append(_taken(found, one))
    return Row(tuple(cells), key=one.unit.code, label=one.unit.title)


def _total(found: Scores, one: Scored) -> Cell:
    if one.total.sum is None:
        return Cell(number=True, why=_("没有可以计分的数"))
    href = _address(found, one, "")
    return Cell(_points(one.total.sum), href=href, number=True, note=adding(one.total))


def _taken(found: Scores, one: Scored) -> Cell:
    href = _address(found, one, "/deductions")
    note = _("{n}条").format(n=one.deductions) if one.deductions else ""
    return Cell(written(one.total.deducted), href=href, number=True, note=note)


def _address(found: Scores, one: Scored, end: str) -> str:
    path = f"/indicators/scores/{found.spec.name}{end}"
    return with_words(path, WHOLE, unit=one.unit.code, period=found.period.code)


def _points(number: Fraction) -> str:
    return _("{n}分").format(n=written(number))


def arithmetic(got: Got, text: str, indicator: str) -> str:
    """Return how a part came to its points, in one line: 99.2% × 30 = 29.76."""
    weight = got.weight
    if got.value is None:
        said = {"full": _("没有数，按满分"), "none": _("没有数，得0分"), "skip": _("没有数，不计")}
        return said[weight.missing]
    points, full = written(got.got), written(weight.points)
    if weight.by == "share":
        word = catalogue().indicators[indicator].unit
        return f"{text} ÷ {written(got.whole)}{word} × {full} = {points}"
    if weight.by == "bands":
        pairs = "，".join(f"{written(v)}→{written(p)}" for v, p in sorted(weight.bands))
        return _("{text} 落在 {pairs} 上，得 {points}").format(
            text=text, pairs=pairs, points=points
        )
    return f"{text} × {full} = {points}"


def adding(total: Total) -> str:
    """Return how the parts came to the sum: (29.76 + 20) × 100 ÷ 60 − 2 = 80.93."""
    said = " + ".join(written(p.got) for p in total.parts if p.got is not None)
    if total.counted != total.full:
        said = f"({said}) × {written(total.full)} ÷ {written(total.counted)}"
    if total.deducted > 0:
        said = f"{said} − {written(total.deducted)}"
    elif total.deducted < 0:
        said = f"{said} + {written(-total.deducted)}"
    return f"{said} = {written(total.sum)}"


def _rules(found: Scores) -> tuple[str, ...]:
    """Return the table in force in words, one line a part."""
    if found.version is None:
        return (_("{period}还没有考核办法。").format(period=wording.period(found.period)),)
    how = {"rate": _("按比率"), "share": _("按占本组的份额"), "bands": _("按区间线性取分")}
    lines = [_("自{day}起的办法：").format(day=found.version.since)]
    for key, part in found.version.parts.items():
        points = written(most(scoring.weight(key, part)))
        lines.append(f"{wording.title(part)}：{_('{n}分').format(n=points)}，{how[part.by]}")
    return tuple(lines)


def _source(found: Scores) -> str:
    source = (found.version.source if found.version else None) or found.spec.source
    return source.document if source else ""


@staff
@require_GET
def score_file(request: StaffRequest, name: str, form: str) -> HttpResponse:
    """Hand out the scores of a period, one line for each part of each unit."""
    found = _scored(request, name)
    rows = [line for group in found.groups for line in _lines(found, group)]
    return files.answer(form, f"{found.spec.title}_{found.period.code}", HEADS, rows)


def _lines(found: Scores, group: str) -> list[tuple[Any, ...]]:
    parts = found.version.parts if found.version else {}
    lines: list[tuple[Any, ...]] = []
    for one in found.groups[group]:
        for got in one.total.parts:
            figure, part = one.figures[got.weight.key], parts[got.weight.key]
            said = arithmetic(got, figure.text, part.indicator)
            lines.append(
                (
                    group,
                    one.unit.title,
                    part.title,
                    figure.text,
                    _number(got.got),
                    said,
                    figure.href,
                )
            )
        if found.spec.deductions:
            taken, said = -one.total.deducted, _("{n}条").format(n=one.deductions)
            lines.append((group, one.unit.title, _("扣分"), "", _number(taken), said, ""))
        total = one.total
        said = adding(total) if total.sum is not None else _("没有可以计分的数")
        lines.append((group, one.unit.title, _("总分"), "", _number(total.sum), said, ""))
    return lines


def _number(points: Fraction | None) -> float | None:
    return None if points is None else float(written(points))


@staff
@require_GET
def deductions(request: StaffRequest, name: str) -> HttpResponse:
    """List the records that took points off a unit."""
    try:
        spec = scoring.score_of(name)
        period = _period(request, scoring.year_of(spec, clock.day_of(request.at)))
        asked = request.GET.get("unit", "")[:80]
        found, unit = scoring.deductions(request.viewer, name, asked, period, request.at)
    except (scoring.UnknownScore, UnknownUnit) as unknown:
        raise Http404(name) from unknown
    kind = str(spec.deductions.of) if spec.deductions else ""
    rows = tuple(
        Row(
            (
                Cell(r.code, href=places.page(kind, r.code), code=True),
                r.title or r.code,
                r.day[:10],
                Cell(formats.plain(float(r.value)), number=True),
            )
        )
        for r in found
    )
    columns = (
        Column(_("编号")),
        Column(_("事由")),
        Column(_("日期")),
        Column(_("扣分"), "number"),
    )
    title = _("{unit}的扣分记录").format(unit=unit.title)
    back = f"/indicators/scores/{name}?period={period.code}"
    crumbs = (
        Crumb(_("指标"), "/indicators"),
        Crumb(wording.title(spec), back),
        Crumb(_("扣分记录")),
    )
    chip = Chip(wording.period(period), _("期间"))
    tables = (Table(title, columns, rows),) if rows else ()
    none = () if rows else (_("没有您能看的扣分记录。"),)
    page = Page(title, crumbs, (chip,), (), tables, none, "", request.at)
    return render(request, "indicators/scores.html", page)
