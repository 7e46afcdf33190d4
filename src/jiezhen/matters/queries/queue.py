"""The queue: what is to be done over all kinds of matters, the most urgent first.

Tabs are clocks. Every tab is a range of an index of the table (`models.Matter`), every count
stops at `MOST`, and units are told by their ids: a page costs the same with a million matters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.matters.facts import flow_of
from jiezhen.matters.models import OPEN, Matter, Request
from jiezhen.matters.queries.clocks import Clock, nearest
from jiezhen.matters.queries.leafing import Stretch, leaf
from jiezhen.matters.queries.places import field_of
from jiezhen.matters.queries.scope import kinds, rows_of
from jiezhen.matters.queries.single import state_title
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Kind
from jiezhen.people import masking
from jiezhen.people.access import Viewer
from jiezhen.people.models import Account
from jiezhen.records import access, places, shapes, wording
from jiezhen.records.lookups import TextValue, keys_for
from jiezhen.units import queries as unit_queries
from jiezhen.units.queries import UnitRow

__all__ = ["TABS", "Asked", "Line", "Queue", "chosen", "kinds", "order", "queue", "tabs", "urgent"]

#: So many lines of a page when nothing is asked for, and at most.
PAGE, LONGEST = 50, 100
#: Counts stop here; one more is shown as 1000+.
MOST = 1000
#: What a matter can wait for, by the tab that shows it, in the order of the tabs.
WAITS = {
    "contact": "contact",
    "dispatch": "dispatch",
    "verify": "verify",
    "check": "check",
    "decide": "decide",
    "revisit": "revisit",
}
#: The tabs of the queue: clocks, not states.
TABS = (
    "contact",
    "today",
    "overdue",
    "dispatch",
    "verify",
    "check",
    "decide",
    "revisit",
    "todo",
    "closed",
    "all",
)
HANDLERS = ("me", "none")
_UNDATED = Q(due_at=None)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the queue asks for; unknown words of it are not in here."""

    tab: str = "todo"
    kind: str = ""
    state: str = ""
    unit: str = ""
    q: str = ""
    after: str = ""
    source: str = ""
    handler: str = ""
    pressed: bool = False
    paused: bool = False
    size: int = PAGE
    cell: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Asked":
        """Return the parts of an address that the queue knows."""
        tab = given.get("clock", "") or given.get("tab", "todo")
        q = given.get("q", "").strip()[:60]
        handler, size = given.get("handler", ""), given.get("n", "")
        return cls(
            tab if tab in TABS else "todo",
            given.get("kind", "")[:80],
            given.get("state", "")[:40],
            given.get("unit", "")[:40],
            "" if masking.free_text(q) != q else q,
            given.get("after", "")[:400],
            given.get("source", "")[:20],
            handler if handler in HANDLERS else "",
            given.get("pressed", "") == "1",
            given.get("paused", "") == "1",
            min(LONGEST, max(1, int(size))) if size.isdecimal() and len(size) < 4 else PAGE,
            given.get("cell", "")[:80],
        )

    @property
    def parts(self) -> dict[str, str]:
        """Return what an address of the same page says, without the place in it."""
        return {
            "tab": self.tab,
            "kind": self.kind,
            "state": self.state,
            "unit": self.unit,
            "q": self.q,
            "source": self.source,
            "handler": self.handler,
            "pressed": "1" if self.pressed else "",
            "paused": "1" if self.paused else "",
            "cell": self.cell,
            "n": str(self.size) if self.size != PAGE else "",
        }

    @property
    def narrowed(self) -> bool:
        """Say whether more than a tab is asked for."""
        return any(v for k, v in self.parts.items() if k not in {"tab", "n"})

    @property
    def salt(self) -> str:
        """Return what binds a place in the queue to these filters."""
        return "matters:" + "\n".join(v for k, v in self.parts.items() if k != "n")


@dataclass(frozen=True, slots=True)
class Line:
    """One matter in the queue. `paused` is why it stands still, blank while it does not."""

    id: int
    code: str
    title: str
    href: str
    kind: str
    kind_name: str
    state: str
    unit: str
    due_on: date | None
    closed_on: date | None
    opened_on: date
    place: str = ""
    clock: Clock | None = None
    paused: str = ""
    handler: str = ""
    pressed: bool = False
    returns: int = 0
    carried: bool = False
    lon: float | None = None
    lat: float | None = None
    waits: str = ""
    cell: str = ""
    unit_code: str = ""

    @property
    def where(self) -> str:
        """Return the place beside the title; blank when the title says it already."""
        return "" if self.place in self.title else self.place


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue, how many matters lie in each tab, and what may be chosen.

    Counts above `MOST` are `MOST + 1`: more than that was not counted.
    """

    asked: Asked
    lines: tuple[Line, ...]
    counts: Mapping[str, int]
    kinds: tuple[Kind, ...]
    units: tuple[UnitRow, ...]
    before: int = 0
    next: str = ""
    previous: str = ""


def queue(viewer: Viewer, asked: Asked, at: datetime) -> Queue:
    """Return one page of the queue over all kinds: the most urgent first.

    Two statements while the units are in memory, the counts and the page; a third where the
    page reaches from matters with a deadline into those without.
    """
    seen = kinds(viewer, projects=False)
    rows = chosen(viewer, asked, at)
    tree = unit_queries.tree(viewer.office_id, at)
    counts = _counts(rows, tabs(_kinds(viewer, asked), asked.tab), at)
    page = leaf(order(_told(rows), asked.tab, at), asked.after, asked.salt, asked.size)
    lines = tuple(_line(row, tree.unit(row.unit_id), at) for row in page.rows)
    return Queue(
        asked, lines, counts, tuple(seen), tree.units, page.before, page.next, page.previous
    )


def _kinds(viewer: Viewer, asked: Asked) -> list[Kind]:
    if not asked.kind:
        return kinds(viewer, projects=False)
    return [k for k in access.kinds(viewer, "matter") if k.name == asked.kind]


def tabs(some: Iterable[Kind], now: str = "") -> tuple[str, ...]:
    """Return the tabs that matters of some kinds can ever be in; the one that is open too."""
    waits = {s.waits for k in some for s in flow_of(k).states.values()}
    waits |= {"decide" for k in some if any(r.nodes for r in flow_of(k).requests.values())}
    return tuple(t for t in TABS if t not in WAITS or WAITS[t] in waits or t == now)


def chosen(viewer: Viewer, asked: Asked, at: datetime) -> "QuerySet[Matter]":
    """Return the matters that the viewer sees and the filters leave, whatever tab."""
    some = _kinds(viewer, asked)
    rows = rows_of(viewer, some, at).filter(withdrawn_at=None)
    for name in ("state", "source", "cell"):
        if value := getattr(asked, name):
            rows = rows.filter(**{name: value})
    if asked.unit:
        tree = unit_queries.tree(viewer.office_id, at)
        unit = tree.by_code(asked.unit)
        rows = rows.filter(unit__in=tree.below(unit.path)) if unit else rows.none()
    if asked.handler:
        rows = rows.filter(handler_id=viewer.account_id if asked.handler == "me" else 0)
    if asked.pressed:
        rows = rows.filter(supervised_at__isnull=False)
    if asked.paused:
        rows = rows.filter(paused_at__isnull=False)
    return _holding(rows, some, asked.q)


def _holding(rows: "QuerySet[Matter]", some: Iterable[Kind], text: str) -> "QuerySet[Matter]":
    """Keep matters with all words in what they are, where, or as one of their numbers."""
    some, words = tuple(some), text.split()[:5]
    named = {field_of(k) for k in some} - {""} if words else set()
    where = {f"where{n}": TextValue(name, "text") for n, name in enumerate(sorted(named))}
    rows = rows.alias(**where)
    for word in words:
        found = Q(title__icontains=word) | Q(code__icontains=word)
        found |= Q(natural_key__in=keys_for(some, word))
        for name in where:
            found |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(found)
    return rows


def _test(tab: str, at: datetime) -> Q:
    """Return the condition of a tab; matters that another one carries are in none but the last."""
    if tab == "all":
        return Q()
    if tab == "closed":
        return Q(closed_on__isnull=False)
    if tab in WAITS:
        # Told twice, because the index of what waits holds only rows that do.
        return OPEN & ~Q(waits="") & Q(waits=WAITS[tab])
    if tab == "overdue":
        return OPEN & Q(due_at__isnull=False, due_at__lt=at)
    if tab == "today":
        return OPEN & Q(due_at__isnull=False, due_at__gte=at, due_at__lt=_tomorrow(at))
    return OPEN


def _tomorrow(at: datetime) -> datetime:
    return datetime.combine(clock.day_of(at) + timedelta(days=1), time(0), clock.ZONE)


def order(rows: "QuerySet[Matter]", tab: str, at: datetime) -> list[Stretch]:
    """Return the order of a tab: by deadline, those without one last; the newest first in others."""
    rows = rows.filter(_test(tab, at))
    if tab == "all":
        return [Stretch(rows, falling=True)]
    if tab == "closed":
        return [Stretch(rows, "closed_on", falling=True)]
    # Said as the index says it: SQLite does not see that NOT (… IS NULL) is the same.
    dated = Stretch(rows.filter(due_at__isnull=False), "due_at")
    return [dated] if tab in {"today", "overdue"} else [dated, Stretch(rows.filter(_UNDATED))]


def _counts(rows: "QuerySet[Matter]", wanted: Iterable[str], at: datetime) -> dict[str, int]:
    """Return how many rows each tab has, none counted beyond `MOST`: one statement."""
    parts: list[str] = []
    params: list[Any] = []
    found: dict[str, int] = {}
    for tab in wanted:
        # The order keeps SQLite from looking for what is open through everything of a kind.
        order = ("id",) if tab == "todo" else ()
        some = rows.filter(_test(tab, at)).order_by(*order).values("pk")[: MOST + 1]
        if some.query.is_empty():
            found[tab] = 0
            continue
        sql, given = some.query.get_compiler(connection=connection).as_sql()
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS capped)")  # noqa: S608  # Django's own SQL
        params += given
        found[tab] = -len(parts)
    if not parts:
        return found
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), params)
        counted = cursor.fetchone()
    return {tab: n if n == 0 else counted[-n - 1] for tab, n in found.items()}


def _told(rows: "QuerySet[Matter]") -> "QuerySet[Matter]":
    """Add what a line tells beside its row: who looks after it, and why it stands still."""
    names = Account.objects.filter(pk=OuterRef("handler_id")).values("name")
    pauses = Request.objects.filter(
        matter=OuterRef("pk"), state="granted", name__in=_pause_names()
    )
    return rows.annotate(
        handled_by=Subquery(names[:1]),
        reason=Subquery(pauses.order_by("-id").values("reason")[:1]),
    ).defer("entered", "subjects")


def _line(row: Any, unit: UnitRow | None, at: datetime) -> Line:
    kind = shapes.kind_of(row.kind)
    where, title = row.data.get(field_of(kind)), row.title or row.code
    place = str(where.get("text") or "") if isinstance(where, dict) else ""
    return Line(
        row.pk,
        row.code,
        title,
        places.page(row.kind, row.code),
        wording.title(kind),
        row.kind,
        state_title(kind, row.state),
        unit.title if unit else "",
        row.due_on,
        row.closed_on,
        row.opened_on,
        place=place,
        clock=nearest(row, at),
        paused=_pause(kind, row.reason) if row.paused_at else "",
        handler=row.handled_by or "",
        pressed=row.supervised_at is not None,
        returns=row.returns,
        waits=row.waits,
        carried=row.merged_into_id is not None,
        lon=row.lon,
        lat=row.lat,
        cell=row.cell,
        unit_code=unit.code if unit else "",
    )


def lines(viewer: Viewer, rows: "QuerySet[Matter]", at: datetime) -> tuple[Line, ...]:
    """Return matters that were chosen for a viewer as lines of the queue: one statement."""
    tree = unit_queries.tree(viewer.office_id, at)
    return tuple(_line(row, tree.unit(row.unit_id), at) for row in _told(rows))


def _pause_names() -> list[str]:
    """Return the names under which flows let their clocks stand still."""
    flows = catalogue().flows.values()
    return sorted({n for f in flows for n, r in f.requests.items() if r.effect == "pause"})


def _pause(kind: Kind, reason: str | None) -> str:
    """Return why a matter stands still, in the words of its flow."""
    pauses = [r for r in flow_of(kind).requests.values() if r.effect == "pause"]
    named = (wording.reason(r, str(reason)) for r in pauses if reason in r.reasons)
    return next(named, _("没有写理由"))


def urgent(viewer: Viewer, at: datetime, most: int = 10) -> list[Line]:
    """Return the open matters that are late or due today, and those whose caller waits for a call.

    The nearest deadline first; at most `most` of either: one statement.
    """
    rows = rows_of(viewer, kinds(viewer, projects=False), at).filter(OPEN).order_by("due_at", "id")
    due = rows.filter(due_at__isnull=False, due_at__lt=_tomorrow(at))[:most]
    calls = rows.filter(due_at__isnull=False, waits="contact")[:most]
    both = rows.filter(Q(pk__in=due.values("pk")) | Q(pk__in=calls.values("pk")))
    return list(lines(viewer, both, at))
