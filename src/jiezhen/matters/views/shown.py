"""Matters put into the components of the design system."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from jiezhen.matters import rules
from jiezhen.matters.queries import Asked, Board, Queue, kinds
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import display, places, wording
from jiezhen.records.queries import Row
from jiezhen.records.tables import kind_tabs
from jiezhen.web import components as web
from jiezhen.web import formats


@dataclass(frozen=True, slots=True)
class QueuePage:
    """What `matters/queue.html` shows; the names are those of `web/list.html`."""

    title: str
    tabs: tuple[web.Choice, ...]
    scope: tuple[web.Chip, ...]
    table: web.Table
    pager: web.Pager
    asked: Asked
    actions: tuple[web.Action, ...]
    empty_title: str
    empty_why: str


def queue_page(viewer: Viewer, found: Queue, today: date) -> QueuePage:
    """Return everything that the page of the queue shows."""
    asked = found.asked
    names = {
        "todo": _("待办"),
        "today": _("今天到期"),
        "overdue": _("已超时"),
        "closed": _("已办结"),
        "all": _("全部"),
    }
    tabs = tuple(
        web.Choice(title, address(asked, tab=name), found.counts[name], name == asked.tab)
        for name, title in names.items()
    )
    columns = (
        web.Column(_("编号")),
        web.Column(_("什么事")),
        web.Column(_("类型")),
        web.Column(_("单元")),
        web.Column(_("现在")),
        web.Column(_("时限")),
    )
    rows = tuple(_row(line, today) for line in found.lines)
    total = found.counts[asked.tab]
    after = address(asked, after=found.next) if found.next else ""
    previous = address(asked, after=found.previous) if found.previous else ""
    new = (web.Action(_("上报"), "/matters/new", primary=True),) if viewer.may("change") else ()
    return QueuePage(
        _("事项"),
        tabs,
        tuple(_scope(found)),
        web.Table(_("事项"), columns, rows),
        web.Pager(
            found.before + (1 if rows else 0),
            found.before + len(rows),
            total,
            _("件"),
            previous,
            after,
        ),
        asked,
        new,
        _("没有要办的事项。") if asked.tab == "todo" else _("没有这样的事项。"),
        _("换个条件看看？") if asked.q or asked.kind or asked.unit else "",
    )


def address(asked: Asked, **changed: str) -> str:
    """Return the queue's address with some parts changed; paging begins anew."""
    parts = {
        "tab": asked.tab,
        "kind": asked.kind,
        "state": asked.state,
        "unit": asked.unit,
        "q": asked.q,
    } | changed
    return "?" + urlencode({k: v for k, v in parts.items() if v})


def _row(line: Any, today: date) -> web.Row:
    lamp = due_lamp(line.due_on, line.closed_on, today)
    due = (
        web.Cell(lamp=lamp, note=formats.day_near(line.due_on, today))
        if lamp
        else web.Cell(
            formats.day_near(line.closed_on, today) if line.closed_on else "", why=_("没有期限")
        )
    )
    return web.Row(
        (
            web.Cell(line.code, line.href, code=True),
            web.Cell(line.title, line.href),
            line.kind,
            line.unit,
            line.state,
            due,
        ),
        key=line.code,
        label=line.title,
    )


def due_lamp(due_on: date | None, closed_on: date | None, today: date) -> web.Lamp | None:
    """Return the light of a deadline; none without one, and none once the matter is over."""
    if due_on is None or closed_on is not None:
        return None
    left = (due_on - today).days
    if left < 0:
        return web.Lamp("red", _("超期"), _("{n}天").format(n=-left))
    if left == 0:
        return web.Lamp("yellow", _("快到期"), _("今天"))
    return web.Lamp("green", _("正常"), _("剩{n}天").format(n=left))


def _scope(found: Queue) -> Iterable[web.Chip]:
    asked = found.asked
    title = next((wording.title(k) for k in found.kinds if k.name == asked.kind), _("全部类型"))
    yield web.Chip(
        title,
        label=_("类型"),
        choices=(
            web.Choice(_("全部类型"), address(asked, kind="", state=""), None, not asked.kind),
            *(
                web.Choice(
                    wording.title(k),
                    address(asked, kind=k.name, state=""),
                    None,
                    k.name == asked.kind,
                )
                for k in found.kinds
            ),
        ),
    )
    yield unit_chip(found.units, asked.unit, lambda code: address(asked, unit=code))
    kind = next((k for k in found.kinds if k.name == asked.kind), None)
    if kind is not None and kind.flow_spec is not None:
        states = kind.flow_spec.states
        now = wording.title(states[asked.state]) if asked.state in states else _("全部状态")
        yield web.Chip(
            now,
            label=_("现在"),
            choices=(
                web.Choice(_("全部状态"), address(asked, state=""), None, not asked.state),
                *(
                    web.Choice(wording.title(s), address(asked, state=n), None, n == asked.state)
                    for n, s in states.items()
                ),
            ),
        )


def unit_chip(units: Iterable[Any], now: str, to: Any) -> web.Chip:
    """Return the chip that narrows a page to a unit and what lies below it."""
    some = [u for u in units if u.level != "office"]
    title = next((u.title for u in some if u.code == now), _("全部单元"))
    return web.Chip(
        title,
        label=_("单元"),
        choices=(
            web.Choice(_("全部单元"), to(""), None, not now),
            *(web.Choice(u.title, to(u.code), None, u.code == now) for u in some),
        ),
    )


def money(row: Row, kind: Kind) -> tuple[web.Fact, ...]:
    """Return the four sums of a project that its kind has, with their share of the contract."""
    named = [n for n in rules.MONEY if n in kind.fields and kind.fields[n].type == "money"]
    if len(named) < 2:
        return ()
    whole = row.data.get("contract") or 0
    found = []
    for name in named:
        cents = row.data.get(name)
        text = display.money(cents)
        if text and whole and name != "contract":
            text += f"（{formats.percent(cents / whole)}）"
        found.append(web.Fact(wording.title(kind.fields[name]), text, why=_("没有填")))
    return tuple(found)


def asked_files(row: Row, kind: Kind, names: Iterable[str]) -> list[dict[str, Any]]:
    """Return the files that a move asks for, and whether they were put to the matter."""
    return [
        {"title": wording.title(kind.fields[n]), "there": bool(row.data.get(n))}
        for n in names
        if kind.fields[n].type == "file"
    ]


def list_tabs(viewer: Viewer, current: str) -> tuple[web.Choice, ...]:
    """Return the kinds of the queue as tabs of their lists, the queue itself before them."""
    some = kind_tabs(kinds(viewer, projects=False), current)
    return (web.Choice(_("待办队列"), "/matters"), *some)


@dataclass(frozen=True, slots=True)
class BoardPage:
    """What `matters/board.html` shows."""

    title: str
    board: Board
    tabs: tuple[web.Choice, ...]
    views: tuple[web.Choice, ...]
    scope: tuple[web.Chip, ...]
    stages: tuple[dict[str, Any], ...]
    money: tuple[web.Fact, ...]
    actions: tuple[web.Action, ...]
    crumbs: tuple[web.Crumb, ...]


def board_page(viewer: Viewer, found: Board) -> BoardPage:
    """Return everything that the page of a board shows."""
    kind = found.kind
    here = places.listing(kind.name)
    title = wording.title(kind)
    may = viewer.may("change", kind.name, sensitivity=kind.sensitivity)
    new = _("登记{kind}").format(kind=title)
    return BoardPage(
        title,
        found,
        kind_tabs(kinds(viewer, projects=True), kind.name, "/projects"),
        view_tabs(here, "board"),
        (
            unit_chip(
                found.units, found.unit, lambda code: f"{here}?unit={code}" if code else here
            ),
        ),
        tuple(_stage(kind, stage, here, found.unit) for stage in found.stages),
        tuple(
            web.Fact(
                wording.title(kind.fields[n]),
                display.money(cents) or "0元",
                f"{here}?view=table&{n}__min=0.01",
                number=True,
            )
            for n, cents in found.money.items()
        ),
        (web.Action(new, places.new(kind.name), primary=True),) if may else (),
        (web.Crumb(_("项目"), "/projects"), web.Crumb(title)),
    )


def view_tabs(here: str, now: str) -> tuple[web.Choice, ...]:
    """Return the two views of a kind of project."""
    return (
        web.Choice(_("看板"), here, None, now == "board"),
        web.Choice(_("表格"), f"{here}?view=table", None, now == "table"),
    )


def _stage(kind: Kind, stage: Any, here: str, unit: str) -> dict[str, Any]:
    more = f"{here}?view=table&state={stage.state}" + (f"&unit={unit}" if unit else "")
    return {
        "title": stage.title,
        "count": stage.count,
        "href": more,
        "rest": stage.count - len(stage.cards),
        "cards": [_card(kind, card) for card in stage.cards],
    }


def _card(kind: Kind, card: Any) -> dict[str, Any]:
    lamp = None
    if card.late:
        said = _("超均值{n}天").format(n=round(card.days - card.average))
        lamp = web.Lamp("yellow", said if round(card.days - card.average) else _("超均值"))
    path, _mark, query = card.href.partition("?")
    behind = f"?{query}" if query else ""
    return {
        "title": card.row.title or card.row.code,
        "href": card.href,
        "unit": card.unit,
        "days": _("已{n}天").format(n=card.days) if not card.row.closed_on else "",
        "lamp": lamp,
        "facts": _short(kind, card.row),
        "moves": [
            web.Action(m.title, f"{path}/moves/{m.name}{behind}", post=not m.asks)
            for m in card.moves
        ],
    }


def _short(kind: Kind, row: Row) -> list[str]:
    """Return the first two figures that a card shows under its title."""
    found = []
    for name, spec in kind.fields.items():
        if spec.type in {"number", "money"} and row.data.get(name) is not None:
            shown = display.field_value(row, name, spec).text
            found.append(f"{wording.title(spec)}{shown}")
    return found[:2]
