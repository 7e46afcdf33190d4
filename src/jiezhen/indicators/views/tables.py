"""统计表: all indicators of a kind over units, grids, a choice or months, with right totals."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from jiezhen.indicators import queries
from jiezhen.indicators.queries import Figure, Sheet, splits
from jiezhen.indicators.queries.splits import Part
from jiezhen.indicators.views import division, files, parts, scope
from jiezhen.indicators.views.scope import Scope
from jiezhen.kernel import clock
from jiezhen.matters.rules import is_project
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Indicator, Kind
from jiezhen.records import places, wording
from jiezhen.records.sheets import Head
from jiezhen.web.components import Action, Cell, Chip, Choice, Column, Crumb, Row, Table
from jiezhen.web.pages import StaffRequest, render, staff

PATH = "/indicators/table"
#: Most columns of one table; the packs' order decides.
MOST = 24
COMPARED = {
    "": gettext_noop("不比较"),
    "year": gettext_noop("同比"),
    "previous": gettext_noop("环比"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """What the template of the statistics table is given."""

    title: str
    crumbs: tuple[Crumb, ...]
    scope: tuple[Chip, ...]
    actions: tuple[Action, ...]
    table: Table | None
    at: Any


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: the kind with its indicators, the rows, the part, the growth."""

    where: Scope
    kind: Kind | None
    specs: tuple[Indicator, ...]
    by: str
    compare: str
    part: Part

    def link(self, path: str = PATH, **changes: str) -> str:
        """Return the address with some words changed; another kind begins without a part."""
        told = {
            "kind": self.kind.name if self.kind else "",
            "by": "" if self.by == "unit" else self.by,
            "compare": self.compare,
            **{k: v for k, v in self.where.given.items() if k in ("period", "unit")},
            **changes,
        }
        words = [(k, v) for k, v in told.items() if v]
        words += [] if "kind" in changes else list(self.part.words)
        return f"{path}?{urlencode(words)}" if words else path


def counted_kinds() -> dict[str, list[Indicator]]:
    """Return the kinds that indicators count, each with those that count it alone."""
    found: dict[str, list[Indicator]] = {}
    for spec in catalogue().indicators.values():
        kinds = splits.kinds_of([spec.definition])
        if len(kinds) == 1:
            found.setdefault(kinds[0].name, []).append(spec)
    return found


def _asked(request: StaffRequest) -> Asked:
    where, known = scope.read(request), counted_kinds()
    name = request.GET.get("kind", "")[:80] or next(iter(known), "")
    if known and name not in known:
        raise Http404(name)
    specs = tuple(known.get(name, [])[:MOST])
    definitions = [s.definition for s in specs]
    by = request.GET.get("by", "")[:40]
    by = by if by == "month" else division.chosen({"by": by}, definitions)
    compare = request.GET.get("compare", "")
    part = division.part_of(request.GET, definitions, where.frame, where.unit)
    kind = catalogue().kinds[name] if known else None
    return Asked(where, kind, specs, by, compare if compare in COMPARED else "", part)


#: The title of a line, and its figures in the order of the columns.
Line = tuple[str, list[Figure]]


def _lines(request: StaffRequest, asked: Asked) -> list[Line]:
    """Return the lines, the whole last: a ratio of it is its own, never a sum of ratios."""
    where = asked.where
    months = [m for m in where.period.months if m.start <= clock.day_of(request.at)]
    definitions = [s.definition for s in asked.specs]
    split = None
    if asked.by != "month" and definitions:
        split = splits.split_of(asked.by, definitions, where.frame, where.unit, asked.part)
    sheet = queries.sheet(
        request.viewer,
        [s.name for s in asked.specs],
        [where.unit],
        [where.period, *(months if asked.by == "month" else [])],
        request.at,
        compare=(asked.compare,) if asked.compare else (),
        given_frame=where.frame,
        noted=False,
        part=asked.part,
        split=split,
    )
    if split is None:
        lines = [(wording.period(m), _figures(sheet, asked, where, m)) for m in months]
    else:
        lines = list(_divided(sheet, asked, split))
    return [*lines, (_("合计"), _figures(sheet, asked, where, where.period))]


def _figures(sheet: Sheet, asked: Asked, where: Scope, period: Any) -> list[Figure]:
    return [sheet.figure(s.name, where.unit, period) for s in asked.specs]


def _divided(sheet: Sheet, asked: Asked, split: splits.Split) -> Iterable[Line]:
    """Return a line for each part of the division in which anything was counted."""
    where = asked.where
    for member in list(split.members):
        part = sheet.member(member)
        unit = member.unit if member.unit and split.name == "unit" else where.unit
        figures = [part.figure(s.name, unit, where.period) for s in asked.specs]
        if any(f.rows or f.value for f in figures):
            yield member.title, figures


@staff
@require_GET
def table(request: StaffRequest) -> HttpResponse:
    """Show the table; `?kind=&period=&unit=&by=unit|grid|month|source…&compare=year|previous`."""
    asked = _asked(request)
    lines = _lines(request, asked) if asked.specs else []
    heads = [Column(_title(asked))]
    heads += [Column(wording.title(s), "number", unit=s.unit) for s in asked.specs]
    rows = tuple(
        Row((Cell(title), *(_cell(f, asked.compare) for f in figures))) for title, figures in lines
    )
    return render(
        request,
        "indicators/table.html",
        Page(
            title=_("统计表"),
            crumbs=(Crumb(_("指标"), "/indicators"), Crumb(_("统计表"))),
            scope=_chips(asked),
            actions=(*_back(asked.kind), Action(_("导出Excel"), asked.link(f"{PATH}.xlsx"))),
            table=Table(_("统计表"), tuple(heads), rows, wide=True) if lines else None,
            at=request.at,
        ),
    )


def _back(kind: Kind | None) -> tuple[Action, ...]:
    """Return the way to the records that are counted; matters have their queue and their week."""
    if kind is None:
        return ()
    if kind.shape == "matter" and not is_project(kind, kind.flow_spec):
        queue = f"/matters?{urlencode({'tab': 'all', 'kind': kind.name})}"
        return Action(_("事项队列"), queue), Action(_("一周一研"), "/matters/weekly")
    return (Action(wording.title(kind), places.listing(kind.name)),)


def _cell(figure: Figure, compare: str) -> Cell:
    growth = figure.year if compare == "year" else figure.previous
    shown = parts.value_cell(figure)
    if growth is None or not shown.text or (growth.rate is None and growth.points is None):
        return shown
    return replace(shown, note=parts.growth_words(growth))


def _title(asked: Asked) -> str:
    return _rows_of(asked).get(asked.by, "")


def _rows_of(asked: Asked) -> dict[str, str]:
    known = splits.dimensions([s.definition for s in asked.specs])
    places = {k: v for k, v in known.items() if k in ("unit", "grid")}
    return {**places, "month": _("月份"), **known}


def _chips(asked: Asked) -> tuple[Chip, ...]:
    where, kind = asked.where, asked.kind
    if kind is None:
        return ()
    kinds = tuple(
        Choice(
            wording.title(catalogue().kinds[n]), asked.link(kind=n, by=""), len(s), n == kind.name
        )
        for n, s in counted_kinds().items()
    )
    periods = tuple(
        Choice(wording.period(p), asked.link(period=p.code), current=p == where.period)
        for p in where.periods()
    )
    units = tuple(
        Choice(
            u.title,
            asked.link(unit="" if u == where.frame.office else u.code),
            current=u == where.unit,
        )
        for level in scope.LEVELS
        for u in where.frame.of_level(level)
    )
    by = tuple(
        Choice(title, asked.link(by=name), current=name == asked.by)
        for name, title in _rows_of(asked).items()
    )
    compared = tuple(
        Choice(_(title), asked.link(compare=key), current=key == asked.compare)
        for key, title in COMPARED.items()
    )
    narrowed = tuple(
        Chip(title, remove=replace(asked, part=_without(asked.part, n)).link())
        for n, title in enumerate(asked.part.titles)
    )
    return (
        Chip(wording.title(kind), _("种类"), choices=kinds),
        Chip(wording.period(where.period), _("期间"), choices=periods),
        Chip(where.unit.title, _("单元"), choices=units),
        Chip(_title(asked), _("按"), choices=by),
        Chip(_(COMPARED[asked.compare]), choices=compared),
        *narrowed,
    )


def _without(part: Part, place: int) -> Part:
    words = tuple(w for n, w in enumerate(part.words) if n != place)
    return replace(part, words=words)


@staff
@require_GET
def table_file(request: StaffRequest, form: str) -> HttpResponse:
    """Hand out the table; rates in percent, growth in a column of its own where it is asked for."""
    asked = _asked(request)
    if asked.kind is None:
        raise Http404
    growth = _(COMPARED[asked.compare])
    heads = [Head(_title(asked), width=20)]
    for spec in asked.specs:
        heads.append(Head(f"{spec.title}（{spec.unit}）", "number", 14))
        heads += [Head(f"{spec.title}{growth}", width=18)] if asked.compare else []
    rows = []
    for title, figures in _lines(request, asked):
        row: list[Any] = [title]
        for figure, spec in zip(figures, asked.specs, strict=True):
            row.append(files.shown(figure.value, spec.unit))
            told = figure.year if asked.compare == "year" else figure.previous
            row += [told.words if told else ""] if asked.compare else []
        rows.append(row)
    name = f"{asked.kind.title}_{asked.where.period.code}"
    return files.answer(form, name, heads, rows)
