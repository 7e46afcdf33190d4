"""The right side of a matter's page: its clocks, who called, what is alike, what to do next."""

from typing import Any

from django.utils.translation import gettext as _

from jiezhen.matters import operations, queries
from jiezhen.matters.queries import page
from jiezhen.matters.queries import places as places_of
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import places, reveals, shapes, wording
from jiezhen.web import components as web
from jiezhen.web import formats
from jiezhen.web.pages import StaffRequest


def under(here: str, part: str) -> str:
    """Return an address below a matter's page; a kind that it names stays behind it."""
    path, _mark, query = here.partition("?")
    return f"{path}/{part}" + (f"?{query}" if query else "")


def address(row: Any, part: str) -> str:
    """Return an address below the page of a matter."""
    return under(places.page(row.kind, row.code), part)


def beside(request: StaffRequest, row: Any) -> dict[str, Any]:
    """Return what `matters/matter.html` shows beside the facts and the timeline."""
    viewer, at, kind = request.viewer, request.at, shapes.kind_of(row.kind)
    change = viewer.may("change", row.kind, row.unit.path, kind.sensitivity)
    going = row.closed_on is None and row.withdrawn_at is None
    acts = {name: address(row, name) for name in _ACTS}
    family = page.family(viewer, row, at)
    return {
        "acts": acts,
        "place": _place(row, kind),
        "clocks": [_clock(c) for c in queries.clocks(row, at)],
        "due": queries.nearest(row, at) if not row.timers else None,
        "paused": row.paused_at is not None,
        "moves": [_move(row, o) for o in queries.offered(viewer, row)],
        "asks": [
            web.Action(wording.title(spec), address(row, f"ask/{name}"))
            for name, spec in operations.offered(viewer, row, at)
        ],
        "requests": [(r, address(row, f"requests/{r.id}")) for r in page.requests_of(viewer, row)],
        "callers": _callers(viewer, row),
        "barred": bool(kind.parties) and queries.barred(viewer, row),
        "calls": page.calls_of(viewer, row, at),
        "may_contact": change and going and bool(kind.parties),
        "alike": queries.twins_of(viewer, row, at),
        "at_place": page.at_this_place(viewer, row, at) if going else 0,
        "cell": row.cell,
        "family": family,
        # One statement more only where there are too many to count at a glance.
        "children": page.children_told(viewer, row, at) if len(family) > _GLANCE else [],
        "handler": page.handler_of(row),
        "colleagues": page.colleagues(viewer, row, at) if change and going else [],
        "may_supervise": going and viewer.may("matters.supervise", row.kind, row.unit.path),
        "supervised": row.supervised_at,
        "carried": row.merged_into_id is not None,
        "may_join": change and going,
        "purposes": reveals.reasons(),
    }


#: So many matters of a family are counted by looking at them.
_GLANCE = 9
_ACTS = (
    "say",
    "later",
    "contact",
    "resume",
    "assign",
    "supervise",
    "merge",
    "unmerge",
    "split",
    "reveal",
)


def _place(row: Any, kind: Kind) -> str:
    """Return where it is, for the line under the title; covered where the facts cover it."""
    name = places_of.field_of(kind)
    where = row.data.get(name) if name not in kind.personal else None
    return str(where.get("text") or "") if isinstance(where, dict) else ""


def _move(row: Any, offered: queries.Offered) -> web.Action:
    """A move that asks for nothing is made by its button; another opens its form."""
    href = address(row, f"moves/{offered.name}")
    return web.Action(offered.title, href, post=not (offered.asks or offered.move.phrases))


def _clock(clock: queries.Clock) -> dict[str, Any]:
    done = formats.moment(clock.done_at) if clock.done_at else ""
    return {
        "title": clock.title,
        "length": clock.length,
        "lamp": web.Lamp(clock.lamp, clock.word),
        "rest": clock.rest,
        # A clock that stands still has no deadline until it goes on.
        "due": "" if clock.word == _("暂停") else formats.moment(clock.due_at),
        "done": _("完成于 {when}").format(when=done) if done else "",
    }


def _callers(viewer: Viewer, row: Any) -> list[dict[str, Any]]:
    roles = {"caller": _("诉求人"), "reporter": _("上报人")}
    return [
        {
            "role": roles.get(person.role, person.role),
            "name": person.name,
            "masked": web.Masked(
                person.phone or _("没有留电话"),
                # The number is read and dialled where it was asked for, not at the top of the page.
                address(row, "reveal") + "#callers",
                _("看号码并记录"),
                reveals.reasons(),
                {"party": str(person.id)},
            ),
        }
        for person in queries.parties(viewer, row)
    ]
