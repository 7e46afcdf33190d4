"""The queue put into the components of the design system."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jiezhen.matters.queries import MOST_COUNTED, Asked, Clock, Line, Queue
from jiezhen.matters.views.shown import unit_chip
from jiezhen.packs.definitions import Definition
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Indicator, Kind
from jiezhen.people.access import Viewer
from jiezhen.records import places, wording
from jiezhen.units.queries import UnitRow
from jiezhen.web import components as web
from jiezhen.web import formats, inline


@dataclass(frozen=True, slots=True)
class QueuePage:
    """What `matters/queue.html` shows; the names are those of `web/list.html`."""

    title: str
    tabs: tuple[web.Choice, ...]
    scope: tuple[web.Chip, ...]
    folded: web.Folded
    table: web.Table
    pager: web.Pager
    asked: Asked
    hidden: dict[str, str]
    actions: tuple[web.Action, ...]
    bulk: tuple[web.Action, ...]
    faults: list[str]
    empty_title: str
    empty_why: str


def tab_titles() -> dict[str, str]:
    """Return what the tabs of the queue are called."""
    return {
        "contact": _("要联系"),
        "today": _("今天到期"),
        "overdue": _("已超时"),
        "dispatch": _("待派单"),
        "verify": _("待核实"),
        "check": _("待核查"),
        "decide": _("待审批"),
        "revisit": _("待回访"),
        "todo": _("待办"),
        "closed": _("已办结"),
        "all": _("全部"),
    }


def counted(number: int) -> int | str:
    """Return a count of the queue as it is shown: 1000+ where it stopped."""
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else number


def queue_page(viewer: Viewer, found: Queue, at: datetime, faults: list[str]) -> QueuePage:
    """Return everything that the page of the queue shows."""
    asked = found.asked
    titles = tab_titles()
    tabs = tuple(
        web.Choice(titles[name], address(asked, tab=name), counted(n), name == asked.tab)
        for name, n in found.counts.items()
    )
    columns = (
        web.Column(_("编号")),
        web.Column(_("什么事")),
        web.Column(_("类型")),
        web.Column(_("单元")),
        web.Column(_("现在")),
        web.Column(_("时限")),
    )
    rows = tuple(_row(line, at) for line in found.lines)
    change = viewer.may("change")
    scope = tuple(scope_chips(asked, found.kinds, found.units))
    return QueuePage(
        _("事项"),
        tabs,
        scope,
        folded(asked, scope),
        web.Table(_("事项"), columns, rows, selectable=change or viewer.may("export")),
        _pager(found),
        asked,
        {k: v for k, v in asked.parts.items() if v and k != "q"},
        _actions(viewer, asked, found.kinds),
        bulk_actions(viewer),
        faults,
        _("没有要办的事项。") if asked.tab == "todo" else _("没有这样的事项。"),
        _("换个条件看看？") if asked.narrowed else "",
    )


def _actions(viewer: Viewer, asked: Asked, kinds: Iterable[Kind]) -> tuple[web.Action, ...]:
    """Return what leads on from the queue; from that of one kind also its import and its form."""
    parts = {k: v for k, v in asked.parts.items() if v and k not in {"n", "tab"}}
    there = "/matters/map" + ("?" + urlencode(parts) if parts else "")
    chosen = [k for k in kinds if asked.kind in {"", k.name}]
    found = [
        web.Action(_("地图"), there),
        web.Action(_("一周一研"), "/matters/weekly"),
        *statistics(chosen),
    ]
    kind = next((k for k in chosen if k.name == asked.kind), None)
    if kind is not None and viewer.may("import", kind.name, sensitivity=kind.sensitivity):
        found.append(web.Action(_("导入Excel"), f"/imports/new?kind={kind.name}"))
    if kind is not None and viewer.may("change", kind.name, sensitivity=kind.sensitivity):
        title = _("登记{kind}").format(kind=wording.title(kind))
        found.append(web.Action(title, places.new(kind.name), primary=True))
    elif kind is None and viewer.may("change"):
        found.append(web.Action(_("上报"), "/matters/new", primary=True))
    return tuple(found)


def statistics(kinds: Iterable[Kind]) -> tuple[web.Action, ...]:
    """Return the way to the statistics table of the first of some kinds that figures count alone."""
    alone = set()
    for spec in catalogue().indicators.values():
        counted_ = {p.kind.name if p.kind else "" for p in _counts(spec)}
        if len(counted_) == 1:
            alone |= counted_
    name = next((k.name for k in kinds if k.name in alone), "")
    return (web.Action(_("统计表"), f"/indicators/table?kind={name}"),) if name else ()


def _counts(spec: Indicator) -> Iterable[Definition]:
    return spec.definition.parts or (spec.definition,)


def bulk_actions(viewer: Viewer) -> tuple[web.Action, ...]:
    """Return what may be done with the chosen rows."""
    found = []
    if viewer.may("change"):
        found = [
            ("move", _("派单")),
            ("merge", _("并案")),
            ("ask", _("延期、退回")),
            ("assign", _("指定承办人")),
        ]
    if viewer.may("export"):
        found.append(("export", _("导出")))
    return tuple(web.Action(title, name="do", value=name) for name, title in found)


def _pager(found: Queue) -> web.Pager:
    asked = found.asked
    first = found.before + (1 if found.lines else 0)
    latest = found.before + len(found.lines)
    total = found.counts.get(asked.tab, 0)
    return web.Pager(
        first,
        latest,
        counted(total),
        _("件"),
        address(asked, after=found.previous) if found.previous else "",
        address(asked, after=found.next) if found.next else "",
    )


def address(asked: Asked, **changed: str) -> str:
    """Return the queue's address with some parts changed; paging begins anew."""
    parts = asked.parts | changed
    return "?" + urlencode({k: v for k, v in parts.items() if v})


def _row(line: Line, at: datetime) -> web.Row:
    unit = line.unit
    marks = [line.state]
    if line.pressed:
        marks.append(_("督办"))
    if line.returns:
        marks.append(_("重办{n}次").format(n=line.returns))
    if line.carried:
        marks.append(_("已并案"))
    return web.Row(
        (
            web.Cell(line.code, line.href, code=True),
            web.Cell(line.title, line.href, note=line.where),
            line.kind,
            web.Cell(unit, note=line.handler),
            "、".join(marks),
            due_cell(line, at),
        ),
        key=f"{line.kind_name}:{line.id}",
        label=line.title,
    )


def due_cell(line: Line, at: datetime) -> web.Cell:
    """Return a line's light, why it stands still, or when it was closed.

    A pause that leaves a clock running shows both.
    """
    if line.paused:
        said = _("暂停：{why}").format(why=line.paused)
        if line.clock is None:
            return web.Cell(said)
        both = format_html('{} <span class="hint">{}</span>', light(line.clock), said)
        return web.Cell(markup=both)
    if line.clock is not None and line.closed_on is None:
        return web.Cell(markup=light(line.clock))
    if line.closed_on is not None:
        return web.Cell(_("{day}办结").format(day=formats.day_near(line.closed_on, at)))
    return web.Cell(why=_("没有期限"))


def light(clock: Clock) -> SafeString:
    """Return a clock's light with the rest or excess; the exact deadline on hover and focus."""
    due = formats.moment(clock.due_at)
    said = _("{timer}时限 {due}").format(timer=clock.title, due=due) if clock.name else due
    return format_html(
        '<span class="due" tabindex="0" title="{}">{} <time datetime="{}">{}</time>'
        '<span class="due-exact">{}</span></span>',
        said,
        inline.lamp(web.Lamp(clock.lamp, clock.word)),
        clock.due_at.isoformat(),
        clock.rest,
        said,
    )


def folded(asked: Asked, scope: Iterable[web.Chip]) -> web.Folded:
    """Return what a phone folds; the words that were looked for stay when all filters go."""
    kept = {"tab", "q", "n"}
    return web.Folded.of(scope, address(asked, **{k: "" for k in asked.parts if k not in kept}))


def scope_chips(
    asked: Asked, kinds: Iterable[Kind], units: Iterable[UnitRow]
) -> Iterable[web.Chip]:
    """Return the filters of the queue and of the map."""
    kinds = tuple(kinds)
    yield _chip(
        asked,
        "kind",
        _("类型"),
        _("全部类型"),
        {k.name: wording.title(k) for k in kinds},
        state="",
    )
    yield unit_chip(units, asked.unit, lambda code: address(asked, unit=code))
    yield _chip(asked, "source", _("来源"), _("全部来源"), sources())
    handlers = {"me": _("我承办的"), "none": _("没有指定人")}
    yield _chip(asked, "handler", _("承办人"), _("全部承办人"), handlers)
    yield _chip(asked, "pressed", _("督办"), _("不论督办"), {"1": _("督办的")})
    yield _chip(asked, "paused", _("暂停"), _("不论暂停"), {"1": _("暂停的")})
    if asked.cell:
        yield web.Chip(_("同一地点"), remove=address(asked, cell=""))
    kind = next((k for k in kinds if k.name == asked.kind), None)
    if kind is not None and kind.flow_spec is not None:
        states = {n: wording.title(s) for n, s in kind.flow_spec.states.items()}
        yield _chip(asked, "state", _("现在"), _("全部状态"), states)


def sources() -> dict[str, str]:
    """Return the doors through which matters come in, and what they are called."""
    return {
        "form": _("登记"),
        "import": _("导入"),
        "api": _("接口"),
        "portal": _("居民反映"),
        "spawned": _("由别的事项带出"),
        "split": _("拆分"),
    }


def _chip(
    asked: Asked, part: str, label: str, every: str, titles: dict[str, str], **reset: str
) -> web.Chip:
    """Return the chip of one filter: everything, or one of some values."""
    now = asked.parts[part]
    choices = {"": every} | titles
    return web.Chip(
        choices.get(now, every),
        label=label,
        choices=tuple(
            web.Choice(title, address(asked, **{part: name}, **reset), None, name == now)
            for name, title in choices.items()
        ),
        clear=address(asked, **{part: ""}, **reset) if now and now in choices else "",
    )
