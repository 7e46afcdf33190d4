"""Matters put into the components of the design system."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from jiezhen.matters import rules
from jiezhen.matters.queries import Board, kinds
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import display, places, wording
from jiezhen.records.queries import Row
from jiezhen.records.tables import kind_tabs
from jiezhen.web import components as web
from jiezhen.web import formats


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
        clear=to("") if any(u.code == now for u in some) else "",
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
