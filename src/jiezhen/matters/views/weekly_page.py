"""一周一研 put into the components of the design system."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from jiezhen.matters.queries import MOST_COUNTED, Line, kinds
from jiezhen.matters.queries import weekly as week
from jiezhen.matters.queries.weekly import REPEATED, Repeat, Weekly
from jiezhen.matters.views.queue_page import counted, due_cell, statistics
from jiezhen.people.access import Viewer
from jiezhen.web import components as web
from jiezhen.web import formats


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the list: its first lines, how many there are, and where the others are."""

    title: str
    table: web.Table
    count: int | str
    href: str = ""
    more: int | str = ""
    more_href: str = ""


@dataclass(frozen=True, slots=True)
class Repeated:
    """Places or callers that came again, with the address of the matters of each."""

    title: str
    repeats: tuple[tuple[Repeat, str], ...]
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class WeeklyPage:
    """What `matters/weekly.html` shows."""

    title: str
    lede: str
    parts: tuple[Part, ...]
    repeats: tuple[Repeated, ...]
    actions: tuple[web.Action, ...]
    crumbs: tuple[web.Crumb, ...]
    nothing: bool


@dataclass(frozen=True, slots=True)
class PartPage:
    """What `web/list.html` shows of one part as a whole."""

    title: str
    table: web.Table
    pager: web.Pager
    actions: tuple[web.Action, ...]
    crumbs: tuple[web.Crumb, ...]
    empty_title: str


HERE = "/matters/weekly"


def titles() -> dict[str, str]:
    """Return what the parts are called."""
    return {
        "overdue": _("现在超期的"),
        "newly": _("这一周超期的"),
        "reopened": _("这一周重办的"),
        "returned": _("这一周退回的"),
        "pressed": _("督办的"),
    }


def weekly_page(viewer: Viewer, found: Weekly, at: datetime) -> WeeklyPage:
    """Return everything that the page shows; parts without lines are left out."""
    parts = tuple(
        _part(name, title, found.parts[name], at)
        for name, title in titles().items()
        if found.parts[name].lines
    )
    said = _("只列来得最多的{n}个。").format(n=REPEATED)
    told = [(_("同一地点又来的（近一年）"), found.places)]
    if found.callers is not None:
        told.append((_("同一来电人又来的（近一年）"), found.callers))
    repeats = tuple(
        Repeated(
            title,
            tuple((r, _more(r)) for r in some[:REPEATED]),
            said if len(some) > REPEATED else "",
        )
        for title, some in told
        if some
    )
    return WeeklyPage(
        _("一周一研"),
        _("{since}—{until}").format(
            since=formats.day(found.since), until=formats.day_near(at, found.since)
        ),
        parts,
        repeats,
        (web.Action(_("事项队列"), "/matters"), *statistics(kinds(viewer))),
        (web.Crumb(_("事项"), "/matters"), web.Crumb(_("一周一研"))),
        not parts and not repeats,
    )


def part_page(name: str, found: week.Part, at: datetime) -> PartPage:
    """Return one page of a part as a whole; without lines it says so."""
    title = titles()[name]
    first = found.before + (1 if found.lines else 0)
    return PartPage(
        title,
        _table(title, found.lines, at),
        web.Pager(
            first,
            found.before + len(found.lines),
            counted(found.count),
            _("件"),
            _page_of(name, found.previous),
            _page_of(name, found.next),
        ),
        (web.Action(_("事项队列"), "/matters"),),
        (web.Crumb(_("事项"), "/matters"), web.Crumb(_("一周一研"), HERE), web.Crumb(title)),
        _("没有这样的事项。"),
    )


def _page_of(name: str, after: str) -> str:
    return f"{HERE}?{urlencode({'part': name, 'after': after})}" if after else ""


def _more(repeat: Repeat) -> str:
    return f"/matters?tab=all&cell={quote(repeat.cell, safe='')}" if repeat.cell else ""


def _part(name: str, title: str, found: week.Part, at: datetime) -> Part:
    left = found.count - len(found.lines)
    return Part(
        title,
        _table(title, found.lines, at),
        counted(found.count),
        _QUEUES.get(name, ""),
        (f"{left - 1}+" if found.count > MOST_COUNTED else left) if left else "",
        f"{HERE}?part={name}",
    )


#: The parts that the queue shows as well, where something can be done with the lines.
_QUEUES = {"overdue": "/matters?tab=overdue", "pressed": "/matters?pressed=1"}


def _table(title: str, lines: Sequence[Line], at: datetime) -> web.Table:
    columns = tuple(
        web.Column(t) for t in (_("编号"), _("什么事"), _("单元"), _("现在"), _("时限"))
    )
    rows = tuple(
        web.Row(
            (
                web.Cell(line.code, line.href, code=True),
                web.Cell(line.title, line.href, note=line.where),
                web.Cell(line.unit, note=line.handler),
                line.state,
                due_cell(line, at),
            )
        )
        for line in lines
    )
    return web.Table(title, columns, rows)
