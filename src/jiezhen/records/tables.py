"""A list's page put into the components of the design system."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jiezhen.kernel.periods import Period
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import columns, facets, places, sentences, wording
from jiezhen.records.columns import Column
from jiezhen.records.filters import Query, sort_column
from jiezhen.records.queries import Line, Page
from jiezhen.units.queries import UnitRow
from jiezhen.web import components as web

#: Most kinds that stand as tabs; the others are behind 「更多」.
TABS = 8
_FORMATS = (("xlsx", "Excel"), ("csv", "CSV"), ("json", "JSON"))


@dataclass(frozen=True, slots=True)
class ListPage:
    """What `records/list.html` shows; the names are those of `web/list.html`."""

    title: str
    kind: Kind
    query: Query
    table: web.Table
    facets: tuple[web.Facet, ...]
    filters: tuple[web.Chip, ...]
    scope: tuple[web.Chip, ...]
    pager: web.Pager
    sentence: str
    notes: tuple[str, ...]
    actions: tuple[web.Action, ...]
    exports: tuple[web.Choice, ...]
    choosable: tuple[tuple[str, str, bool], ...]
    kept: tuple[tuple[str, str], ...]
    searchable: bool
    personal: bool
    empty_title: str = ""
    empty_why: str = ""
    empty_action: web.Action | None = None
    tabs: tuple[web.Choice, ...] = ()
    crumbs: tuple[web.Crumb, ...] = ()


def list_page(viewer: Viewer, page: Page, today: date, **more: Any) -> ListPage:
    """Return everything that the page of a list shows."""
    kind, query = page.kind, page.query
    title = wording.title(kind)
    new = _new(viewer, kind)
    filtered = bool(query.conditions or query.q or query.period or query.unit)
    return ListPage(
        title=title,
        kind=kind,
        query=query,
        table=_table(page, title),
        facets=tuple(_facets(page)),
        filters=tuple(_chips(page)),
        scope=(_unit_chip(page), *_period_chip(page, today)),
        pager=_pager(page),
        sentence=page.sentence,
        notes=page.notes,
        actions=new,
        exports=_exports(viewer, page),
        choosable=tuple(_choosable(page)),
        kept=tuple(p for p in query.pairs if p[0] not in {"q", "after", "columns"}),
        searchable=True,
        personal=bool(kind.personal),
        empty_title=_("没有符合条件的{kind}。").format(kind=title)
        if filtered
        else _("还没有{kind}。").format(kind=title),
        empty_why=_("换个条件看看？") if filtered else _("登记一条，或者从Excel导入。"),
        empty_action=None if filtered or not new else new[0],
        **more,
    )


def _new(viewer: Viewer, kind: Kind) -> tuple[web.Action, ...]:
    if not viewer.may("change", kind.name, sensitivity=kind.sensitivity):
        return ()
    said = _("登记{kind}").format(kind=wording.title(kind))
    return (web.Action(said, places.new(kind.name), primary=True),)


def _exports(viewer: Viewer, page: Page) -> tuple[web.Choice, ...]:
    kind = page.kind
    if not viewer.may("export", kind.name, sensitivity=kind.sensitivity):
        return ()
    return tuple(
        web.Choice(word, f"/records/{kind.name}.{suffix}{page.query.address()}".rstrip("?"))
        for suffix, word in _FORMATS
    )


def _table(page: Page, title: str) -> web.Table:
    heads = [_head(page, Column("code", _("编号"), "text", place="code"))]
    heads.append(_head(page, Column("title", _("名称"), "text", place="title")))
    shown = [c for c in page.columns if c.name != "code"]
    heads += [_head(page, c) for c in shown]
    heads.append(web.Column(_("单元")))
    rows = tuple(_row(line, shown) for line in page.lines)
    return web.Table(title, tuple(heads), rows)


def _head(page: Page, column: Column) -> web.Column:
    align: web.Align = "number" if column.number else "date" if column.type == "date" else "text"
    if sort_column(page.kind, column.name) is None:
        return web.Column(column.title, align)
    now = page.order
    order: web.Order = ""
    if now.name == column.name or (now.name == "on" and column.name == page.kind.on):
        order = "descending" if now.descending else "ascending"
    sign = "" if order == "descending" else "-"
    if order == "" and column.type == "text":
        sign = ""
    return web.Column(column.title, align, page.query.address(sort=sign + column.name), order)


def _row(line: Line, shown: Iterable[Column]) -> web.Row:
    cells: list[web.Cell | str] = [
        web.Cell(line.code, line.href, code=True),
        web.Cell(line.title, line.href),
    ]
    for column in shown:
        value = line.values[column.name]
        if column.number:
            cells.append(web.Cell(value.text, number=True, why="" if value.text else _("没有填")))
        else:
            cells.append(web.Cell(value.text, value.href, why="" if value.text else _("没有填")))
    cells.append(line.unit)
    return web.Row(tuple(cells), key=line.code, label=line.title)


def _facets(page: Page) -> Iterable[web.Facet]:
    for column in facets.facet_columns(page.kind):
        chosen = page.query.chosen(column.name)
        options = dict(column.options) or {"yes": _("是"), "no": _("否")}
        counts = page.counts.by.get(column.name, {})
        choices = []
        for key, title in options.items():
            known = page.counts.exact and (not chosen or key in chosen)
            count = counts.get(key, 0) if known else None
            if count == 0 and key not in chosen:
                continue
            href = page.query.toggled(column.parameter, key)
            choices.append(web.Choice(title, href, count, key in chosen))
        if choices:
            clear = page.query.address(drop=[column.parameter]) if chosen else ""
            yield web.Facet(column.title, tuple(choices[: facets.CHOICES]), clear)


def _chips(page: Page) -> Iterable[web.Chip]:
    """Return the filters in force that no facet shows, each with a way to drop it."""
    shown = {c.name for c in facets.facet_columns(page.kind)}
    for condition in page.query.conditions:
        if condition.column.name in shown and condition.test == "is":
            continue
        gone = [condition.parameter, f"f.{condition.parameter}"]
        linked = _("这一条") if condition.column.type == "link" else ""
        yield web.Chip(sentences.told(condition, linked), remove=page.query.address(drop=gone))
    if page.query.q:
        said = _("含“{q}”").format(q=page.query.q)
        yield web.Chip(said, remove=page.query.address(drop=["q"]))
    if page.query.withdrawn:
        yield web.Chip(_("已撤回"), remove=page.query.address(drop=["withdrawn"]))


def _unit_chip(page: Page) -> web.Chip:
    """Return the chip of units: those that have records, with what lies below them."""
    counts = page.counts.by.get("unit", {}) if page.counts.exact else {}
    choices = [web.Choice(_("全部"), page.query.address(drop=["unit"]), None, not page.query.unit)]
    for unit in page.units:
        below = sum(n for u, n in _paths(page.units, counts) if u.startswith(unit.path))
        if (counts and not below) or unit.level == "office":
            continue
        href = page.query.address(unit=unit.code)
        known = below if counts and not page.query.unit else None
        choices.append(web.Choice(unit.title, href, known, page.query.unit == unit.code))
    now = next((u.title for u in page.units if u.code == page.query.unit), page.query.unit)
    return web.Chip(now or _("全部单元"), label=_("单元"), choices=tuple(choices))


def _paths(units: Iterable[UnitRow], counts: dict[Any, int]) -> list[tuple[str, int]]:
    return [(u.path, counts[u.id]) for u in units if u.id in counts]


def _period_chip(page: Page, today: date) -> Iterable[web.Chip]:
    if columns.main_date(page.kind) is None:
        return
    now = page.query.period
    offered = offered_periods(today)
    if now is not None and now not in offered:
        offered = [now, *offered]
    titles = [(p, p.title_en if wording.english() else p.title) for p in offered]
    choices = [web.Choice(_("全部时间"), page.query.address(drop=["period"]), None, now is None)]
    choices += [
        web.Choice(title, page.query.address(period=p.code), None, p == now) for p, title in titles
    ]
    shown = next((title for p, title in titles if p == now), _("全部时间"))
    yield web.Chip(shown, label=_("期间"), choices=tuple(choices))


def offered_periods(today: date) -> list[Period]:
    """Return the periods that a list offers: this year and its parts, and the year before."""
    year = Period.of(today, "year")
    found = [year, Period.of(today, "half"), Period.of(today, "quarter")]
    month = Period.of(today, "month")
    return [*found, month, month.previous(), year.previous()]


def _pager(page: Page) -> web.Pager:
    total = page.total
    before = page.before + (1 if page.lines else 0)

    def to(place: str) -> str:
        if not place:
            return ""
        start = page.query.address()
        return f"{start}{'&' if len(start) > 1 else ''}after={place}"

    return web.Pager(
        before,
        page.before + len(page.lines),
        total if page.counts.exact else None,
        _("条"),
        to(page.previous),
        to(page.next),
    )


def _choosable(page: Page) -> Iterable[tuple[str, str, bool]]:
    """Return name and title of every column that may be shown, and whether it is."""
    shown = {c.name for c in page.columns}
    for name, column in columns.columns_of(page.kind).items():
        if column.type != "file" and name != "code":
            yield name, column.title, name in shown


def kind_tabs(kinds: Iterable[Kind], current: str, more: str = "") -> tuple[web.Choice, ...]:
    """Return the kinds of a shape as tabs: the first ones, the current one, and 「更多」."""
    some = list(kinds)
    first = some[:TABS]
    shown = first + [k for k in some[TABS:] if k.name == current]
    tabs = [
        web.Choice(wording.title(k), places.listing(k.name), None, k.name == current)
        for k in shown
    ]
    if more and len(some) > len(shown):
        tabs.append(web.Choice(_("更多"), more))
    return tuple(tabs)
