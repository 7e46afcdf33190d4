"""这个数从哪里来: the page of one number, live or frozen."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiezhen.indicators import queries
from jiezhen.indicators.facts import left_out
from jiezhen.indicators.facts.branches import kind_of
from jiezhen.indicators.facts.rows import Listed
from jiezhen.indicators.queries import freezing, origins
from jiezhen.indicators.queries.supplied import SuppliedRow, readable
from jiezhen.indicators.rules import amounts, codes
from jiezhen.indicators.rules.spans import span_of
from jiezhen.indicators.views import division, files, parts
from jiezhen.kernel import clock
from jiezhen.kernel.periods import Period
from jiezhen.packs.definitions import Definition
from jiezhen.packs.schema import Kind
from jiezhen.records import display, places, wording
from jiezhen.web import formats
from jiezhen.web.components import Action, Cell, Chip, Column, Crumb, Lamp, Row, Table
from jiezhen.web.pages import StaffRequest, render, staff, whole

#: Types of field that say what a record is; names, files and links stay on its own page.
_SHOWN = ("place", "text", "choice", "number", "money", "date", "flag")
_MOST_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Page:
    """What the template of a number is given; `left_view` says that the left-out are listed."""

    title: str
    crumbs: tuple[Crumb, ...]
    scope: tuple[Chip, ...]
    shares_title: str
    actions: tuple[Action, ...]
    text: str
    why: str
    days: str
    unit: str
    as_of: Any
    state: str
    drift: str
    definition: str
    version: str
    history: tuple[str, ...]
    history_href: str
    sums: str
    shares: tuple[origins.Share, ...]
    records: Table | None
    total: int
    hidden: int
    next: str
    left_view: bool
    left_total: int
    left: tuple[str, ...]
    left_href: str
    back_href: str
    parts: tuple[queries.Figure, ...]
    supplied: Table | None
    uses: tuple[queries.Use, ...]
    lamp: Lamp | None
    target: str
    growths: tuple[str, ...]
    code: str
    at: Any


@staff
@require_GET
def number(request: StaffRequest, code: str) -> HttpResponse:
    """Show where a number comes from; `?left=1` lists what was left out, `?after=` goes on.

    `?by=source` divides it by another column than the unit; `?source=phone&grid=c1` shows that
    part of it alone.
    """
    if len(code) == codes.FROZEN:
        return _frozen(request, code)
    frame = queries.frame(request.viewer, request.at)
    try:
        name, unit, period = queries.resolve(request.viewer, code, frame)
    except queries.NoSuchNumber as missing:
        raise Http404(str(missing)) from missing
    left = request.GET.get("left") == "1"
    listed = [queries.definition_of(name)]
    found = queries.lineage(
        request.viewer,
        name,
        unit,
        period,
        request.at,
        whole=frame,
        left=left,
        after=request.GET.get("after", "")[:40],
        part=division.part_of(request.GET, listed, frame, unit),
        by=division.chosen(request.GET, listed),
    )
    return render(request, "indicators/number.html", _live(code, found, left))


def _live(code: str, found: queries.Lineage, left: bool) -> Page:
    figure, definition = found.figure, found.definition
    spec, current = definition.indicator, found.versions[0]
    part, path = found.part, f"/n/{code}"
    by = "" if found.by == "unit" else found.by
    here = division.with_words(path, part, by=by)
    chip = division.by_chip(
        [definition], found.by, lambda name: division.with_words(path, part, by=name)
    )
    growths = [parts.growth_words(g) for g in (figure.year, figure.previous) if g]
    return Page(
        title=_("这个数从哪里来"),
        crumbs=_crumbs(wording.title(spec), spec.name),
        scope=(*chip, *division.part_chips(part, path, found.by)),
        shares_title=_("按{what}").format(what=chip[0].title) if chip else _("按单元"),
        actions=(Action(_("导出Excel"), division.with_words(f"{path}.xlsx", part, by=by)),),
        text=figure.text if figure.value is not None else "",
        why=figure.why,
        days=_days(figure.period),
        unit=figure.unit.title,
        as_of=figure.as_of,
        state=_("实时（未冻结）"),
        drift="",
        definition=spec.definition_sentence(),
        version=_version(current),
        history=tuple(_version(v) for v in found.versions[1:]),
        history_href=f"/indicators/catalogue?name={spec.name}",
        sums=_sums(found),
        shares=found.shares,
        records=_records(found, left),
        total=figure.rows,
        hidden=found.hidden,
        next=division.with_words(path, part, by=by, left="1" * left, after=found.next)
        if found.next
        else "",
        left_view=left,
        left_total=sum(item.rows for item in found.left),
        left=tuple(_("{n}条{why}").format(n=i.rows, why=i.words) for i in found.left),
        left_href=division.with_words(path, part, by=by, left="1") + "#records",
        back_href=here,
        parts=found.parts,
        supplied=_supplied(found.supplied, definition),
        uses=found.uses,
        lamp=parts.lamp(figure.light),
        target=parts.target_text(figure),
        growths=tuple(growths),
        code=f"{code}{part.query}",
        at=figure.as_of,
    )


def _crumbs(title: str, name: str) -> tuple[Crumb, ...]:
    return (
        Crumb(_("指标"), "/indicators"),
        Crumb(title, f"/indicators/{name}"),
        Crumb(_("这个数从哪里来")),
    )


def _days(period: Period) -> str:
    return f"{formats.day(period.start)}—{formats.day(period.last)}"


def _version(version: queries.Version) -> str:
    said = _("第{n}版").format(n=version.version)
    if version.approved_by:
        return _("{said}，{who}，{day}确认").format(
            said=said, who=version.approved_by, day=formats.day(version.approved_at)
        )
    since = _("，{day}起用").format(day=formats.day(version.since)) if version.since else ""
    return _("{said}{since}，还没有人确认").format(said=said, since=since)


def _sums(found: queries.Lineage) -> str:
    """Say how the records make the value where they are not simply counted."""
    figure, measure = found.figure, found.definition.indicator.measure
    n = figure.rows
    said = {
        "sum": _("{n}条记录加起来是{text}。"),
        "distinct": _("{n}条记录去掉重复，共{text}；各单元相加可能多于合计。"),
        "average": _("{n}条记录的平均数。"),
        "minimum": _("{n}条记录里最小的。"),
        "maximum": _("{n}条记录里最大的。"),
        "percentile": _("{n}条记录从小到大排出来的。"),
        "stock": _("这段时间最后一天仍然有效的{n}条记录。"),
    }
    return said.get(measure, "").format(n=n, text=figure.text)


def _records(found: queries.Lineage, left: bool) -> Table | None:
    if found.records is None or found.definition.kind is None:
        return None
    return listed_table(found.definition, found.records, found, left=left)


def listed_table(
    definition: Definition, records: tuple[Listed, ...], found: queries.Lineage, *, left: bool
) -> Table:
    """Return records as a table: code, what they are, day, value, unit, writer."""
    kind = kind_of(definition)
    names = shown_fields(definition, kind)
    valued = definition.value is not None and not left
    columns = [Column(_("编号")), *(Column(wording.title(kind.fields[n])) for n in names)]
    columns.append(Column(kind.columns()[definition.on].title if definition.on else _("起用日期")))
    columns += [Column(_("计入的数"), "number")] if valued else []
    columns += [Column(_("单元")), Column(_("登记人"))]
    columns += [Column(_("为什么没算"))] if left else []
    span, on = span_of(found.figure.period), clock.day_of(found.figure.as_of)
    rows = []
    for record in records:
        cells: list[Cell | str] = [
            Cell(record.code, href=places.page(kind.name, record.code), code=True)
        ]
        cells += [_field(kind, name, record) for name in names]
        cells.append(Cell(_day(record.day), why=_("没有填写")))
        cells += [_value(definition, record)] if valued else []
        cells += [found.frame.by_id[record.unit_id].title, Cell(record.writer, why=_("系统"))]
        cells += [left_out.words(definition, record.reason, span, on)] if left else []
        rows.append(Row(tuple(cells)))
    return Table(_("没有算进来的记录") if left else _("算进来的记录"), tuple(columns), tuple(rows))


def shown_fields(definition: Definition, kind: Kind) -> list[str]:
    """Return the few fields that say what a record is; its date and value have their columns."""
    own = {definition.on, definition.value.text if definition.value else ""}
    in_label = [n for n in kind.fields if f"{{{n}}}" in kind.label and n not in own]
    names = [
        n for n, f in kind.kept.items() if f.type in _SHOWN and n not in own and n not in in_label
    ]
    first = [n for n in in_label if kind.fields[n].type in (*_SHOWN, "person")]
    return [*first, *names][:_MOST_COLUMNS]


def _field(kind: Kind, name: str, record: Listed) -> Cell:
    shown = display.stored_value(kind.name, name, kind.fields[name], record.data.get(name))
    return Cell(shown.text, why=_("没有填写"))


def _day(text: str) -> str:
    day = display.day_of(text)
    return formats.day(day) if day else ""


def _value(definition: Definition, record: Listed) -> Cell:
    kind = definition.value.type if definition.value else "text"
    if kind in ("number", "money"):
        number = amounts.exact(float(record.value))
        money = kind == "money"
        unit = definition.indicator.unit if definition.indicator.measure != "distinct" else ""
        return Cell(amounts.written(number / 100 if money else number, unit, 2))
    return Cell(str(record.value))


def _supplied(rows: tuple[SuppliedRow, ...], definition: Definition) -> Table | None:
    if not rows or definition.statistic is None:
        return None
    return supplied_table(rows, definition.statistic.unit)


def supplied_table(rows: tuple[SuppliedRow, ...], unit: str) -> Table:
    """Return supplied numbers with their sources."""
    columns = (
        Column(_("期间")),
        Column(_("数"), "number"),
        Column(_("可比基数"), "number"),
        Column(_("来源")),
        Column(_("填报人")),
        Column(_("时间")),
    )
    return Table(
        _("外部提供的数"),
        columns,
        tuple(
            Row(
                (
                    wording.period(p) if (p := readable(r.period)) else r.period,
                    Cell(_supplied_text(r.value, unit), why=_("已取消")),
                    Cell(_supplied_text(r.base, unit), why=_("没有提供")),
                    r.source,
                    r.actor,
                    formats.moment(r.at),
                )
            )
            for r in rows
        ),
    )


def _supplied_text(value: Decimal | None, unit: str) -> str:
    return "" if value is None else f"{formats.plain(value)}{unit}"


def _frozen(request: StaffRequest, code: str) -> HttpResponse:
    """Show a frozen number as it was, its records, and what has changed since."""
    try:
        kept = queries.frozen(request.viewer, code)
        frame = queries.frame(request.viewer, request.at)
        unit = frame.find(kept.unit_id)
        definition = queries.definition_of(kept.indicator)
        drift = queries.drift(request.viewer, kept, frame)
    except (queries.NoSuchNumber, queries.UnknownIndicator) as missing:
        raise Http404(str(missing)) from missing
    first = whole(request.GET.get("from"))
    rows = tuple(freezing.frozen_records(request.viewer, kept, frame, first))
    more = f"/n/{code}?from={first + origins.PAGE}" if len(rows) == origins.PAGE else ""
    spec = definition.indicator
    live = queries.link_for(kept.indicator, unit, kept.period)
    table = None
    if definition.kind is not None and rows:
        table = listed_table(definition, rows, _Seen(kept, frame), left=False)  # type: ignore[arg-type]
    seen = bool(table) or not kept.rows
    return render(
        request,
        "indicators/number.html",
        Page(
            title=_("这个数从哪里来"),
            crumbs=_crumbs(wording.title(spec), spec.name),
            scope=(),
            shares_title=_("按单元"),
            actions=(Action(_("看现在的数"), live),),
            text=kept.text,
            why=_("冻结时没有数"),
            days=_days(kept.period),
            unit=unit.title,
            as_of=kept.as_of,
            state=_("已冻结（{who}）").format(who=kept.by),
            drift=drift.words,
            definition=kept.sentence,
            version=_("第{n}版").format(n=kept.version),
            history=(),
            history_href=f"/indicators/catalogue?name={spec.name}",
            sums="",
            shares=_frozen_shares(kept, frame),
            records=table,
            total=kept.rows,
            hidden=0 if seen else kept.rows,
            next=more,
            left_view=False,
            left_total=0,
            left=(),
            left_href="",
            back_href=f"/n/{code}",
            parts=(),
            supplied=None,
            uses=(queries.Use(kept.used_in),) if kept.used_in else (),
            lamp=None,
            target="",
            growths=(),
            code=code,
            at=request.at,
        ),
    )


class _Seen:
    """What `listed_table` needs of a page, for a frozen number."""

    def __init__(self, kept: queries.Frozen, frame: queries.Frame) -> None:
        self.frame = frame
        self.figure = kept


def _frozen_shares(kept: queries.Frozen, frame: queries.Frame) -> tuple[origins.Share, ...]:
    count: dict[int, int] = {}
    for _part, _record, _version, unit in kept.made_by:
        count[unit] = count.get(unit, 0) + 1
    return tuple(
        origins.Share(
            frame.by_id[unit],
            Decimal(rows),
            rows,
            _("{n}条").format(n=rows),
            title=frame.by_id[unit].title,
        )
        for unit, rows in sorted(count.items(), key=lambda pair: -pair[1])
        if unit in frame.by_id
    )


@staff
@require_GET
def number_file(request: StaffRequest, code: str, form: str) -> HttpResponse:
    """Hand out the breakdown of a live number by unit; no names are in it."""
    frame = queries.frame(request.viewer, request.at)
    try:
        name, unit, period = queries.resolve(request.viewer, code, frame)
    except queries.NoSuchNumber as missing:
        raise Http404(str(missing)) from missing
    listed = [queries.definition_of(name)]
    found = queries.lineage(
        request.viewer,
        name,
        unit,
        period,
        request.at,
        whole=frame,
        part=division.part_of(request.GET, listed, frame, unit),
        by=division.chosen(request.GET, listed),
    )
    figure, word = found.figure, found.definition.indicator.unit
    rows: list[tuple[Any, ...]] = [
        (
            "，".join([unit.title, *found.part.titles]),
            files.shown(figure.value, word),
            word,
            figure.rows,
            figure.href,
        )
    ]
    rows += [
        (s.title or _("其他"), files.shown(s.value, word), word, s.rows, s.href)
        for s in found.shares
    ]
    return files.answer(form, f"{figure.title}_{period.code}", files.SHARES, rows)
