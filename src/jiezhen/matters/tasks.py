"""What follows from moves and passing deadlines, handed on to `effects` by the worker.

A move is its own outbox row: it is written in the transaction of the deed, and a round of the
worker announces it and marks it as told in one transaction. Intake pays nothing for it.
"""

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jiezhen.effects import operations as effects
from jiezhen.effects.rules.events import Event
from jiezhen.matters.facts import flow_of
from jiezhen.matters.models import OPEN, Matter, Move
from jiezhen.matters.operations import learning
from jiezhen.matters.queries import guessing
from jiezhen.matters.queries.leafing import Stretch
from jiezhen.matters.queries.single import ADDED, move_title
from jiezhen.matters.rules import apart
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer, system_viewer
from jiezhen.records import places, shapes
from jiezhen.records.operations import Refused
from jiezhen.records.paging import Place
from jiezhen.units import queries as units

_log = logging.getLogger(__name__)

#: Most moves that one round hands on.
MOST = 200
#: Deadlines that are looked at together.
LOOKED = 1000
#: How far back a round looks for deadlines that passed while nobody looked.
BACK = timedelta(days=3)

_NAMES = {
    "opened": "matter.opened",
    "supervised": "matter.supervised",
    "assigned": "matter.assigned",
    "said": "matter.said",
    ADDED: "matter.said",
    "undo": "matter.undone",
}
_STARTS = {"ask": "matter.asked", "decide": "matter.decided", "drop": "matter.asked"}


def tell(at: datetime) -> int:
    """Hand on moves that nobody was told of and return how many; several processes may."""
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        rows = Move.objects.filter(told=False).order_by("id")
        moves = list(
            rows.select_for_update(skip_locked=skip, of=("self",)).select_related(
                "matter", "matter__unit"
            )[:MOST]
        )
        by_office: dict[int, list[Event]] = {}
        known = catalogue().kinds
        for move in moves:
            # What a pack declared that was taken away since is told to nobody, and holds nobody up.
            if move.matter.kind in known:
                by_office.setdefault(move.matter.office_id, []).append(_event(move))
        for office_id, events in by_office.items():
            effects.announce_many(office_id, events, at)
        Move.objects.filter(pk__in=[m.pk for m in moves]).update(told=True)
    return len(moves)


def _event(move: Move) -> Event:
    row = move.matter
    kind = shapes.kind_of(row.kind)
    title = move_title(kind, move.name)
    return Event(
        name=_name(move, row),
        about=f"{row.kind}:{row.code}",
        unit_path=row.unit.path,
        kind=row.kind,
        title=f"{title}：{row.title or row.code}",
        # A notice also goes to whom the matter is about.
        text=(apart.without_links(move.note) if move.name == ADDED else move.note)[:400],
        href=places.page(row.kind, row.code),
        data={"code": row.code, "state": move.went_to, "move": move.name},
        key=f"move:{move.pk}",
        sensitivity=kind.sensitivity,
        to=tuple({a for a in (row.handler_id, _reporter(row, move)) if a}),
        by=move.account_id,
    )


def _name(move: Move, row: Matter) -> str:
    """Return the dotted name of what happened."""
    first = move.name.partition(".")[0]
    known = _NAMES.get(move.name) or _STARTS.get(first)
    if known:
        return known
    flow = flow_of(shapes.kind_of(row.kind))
    spec = flow.moves.get(move.name)
    if spec is not None and spec.assigns:
        return "matter.dispatched"
    state = flow.states.get(move.went_to)
    return "matter.closed" if state is not None and state.end else "matter.moved"


def _reporter(row: Matter, move: Move) -> int:
    """Return who reported it, when it is over: they want to know."""
    state = flow_of(shapes.kind_of(row.kind)).states.get(move.went_to)
    return row.created_by_id if state is not None and state.end else 0


def remind(at: datetime) -> int:
    """Announce deadlines that are near or have passed, each once; return how many were due.

    Two ranges of an index for each office; the key of an announcement keeps it from being told
    again.
    """
    found = 0
    for office in units.offices():
        rows = Matter.objects.for_system("deadlines pass for everybody").filter(
            OPEN, office_id=office.id, due_at__isnull=False
        )
        late = rows.filter(due_at__gt=at - BACK, due_at__lte=at)
        near = rows.filter(due_at__gt=at, warn_at__gt=at - BACK, warn_at__lte=at)
        found += _remind(office.id, late, "matter.overdue", _("超期"), at)
        found += _remind(office.id, near, "matter.due_soon", _("快到期"), at)
    return found


def _remind(office_id: int, rows: "QuerySet[Matter]", name: str, word: str, at: datetime) -> int:
    """Announce the deadlines of some matters, however many they are."""
    stretch, place, found = Stretch(rows.select_related("unit"), "due_at"), None, 0
    while some := stretch.some(LOOKED, place, back=False):
        told = [_reminder(row, name, word) for row in some if row.kind in catalogue().kinds]
        effects.announce_many(office_id, told, at)
        place, found = Place(some[-1].due_at, some[-1].pk, 0, back=False), found + len(some)
        if len(some) < LOOKED:
            break
    return found


def _reminder(row: Matter, name: str, word: str) -> Event:
    kind = shapes.kind_of(row.kind)
    due = row.due_at.isoformat() if row.due_at else ""
    timer = flow_of(kind).timers.get(row.due_timer)
    return Event(
        name=name,
        about=f"{row.kind}:{row.code}",
        unit_path=row.unit.path,
        kind=row.kind,
        title=f"{timer.title if timer else ''}{word}：{row.title or row.code}",
        href=places.page(row.kind, row.code),
        data={"code": row.code, "timer": row.due_timer, "due_at": due},
        key=f"{name}:{row.pk}:{row.due_timer}:{due}",
        sensitivity=kind.sensitivity,
        to=(row.handler_id,) if row.handler_id else (),
    )


#: When each office's kind was last looked at by this process; counting is not done every round.
_looked: dict[tuple[int, str], datetime] = {}
_LOOK = timedelta(hours=1)


def learn(at: datetime) -> int:
    """Learn again where enough is new or somebody asked for it; return how often. Once a day."""
    done = 0
    guessing = [k for k in catalogue().kinds.values() if k.guess and k.shape == "matter"]
    for office in units.offices():
        viewer = system_viewer(office.id, office.path, office.title)
        done += sum(_learn(viewer, kind, at) for kind in guessing)
    return done


def _learn(viewer: Viewer, kind: Kind, at: datetime) -> bool:
    wish = guessing.wish_of(guessing.path_of(viewer.office_id, kind.name))
    wanted = wish.exists()
    key = (viewer.office_id, kind.name)
    looked = _looked.get(key)
    if not wanted and looked is not None and at < looked + _LOOK:
        return False
    _looked[key] = at
    if not wanted and not guessing.due(viewer, kind, at):
        return False
    try:
        learning.retrain(viewer, kind.name, at)
    except Refused as refused:
        wish.unlink(missing_ok=True)
        # A failed attempt is not made again before the next day.
        _looked[key] = at + timedelta(days=1) - _LOOK
        _log.info("%s was not learned: %s", kind.name, refused)
        return False
    return True
