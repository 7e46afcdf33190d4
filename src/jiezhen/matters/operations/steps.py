"""One step of a matter: its state, its clocks, its counts. Shared by every operation."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.kernel.worktime import BadTime
from jiezhen.matters import rules
from jiezhen.matters.facts import enter, flow_of, refresh, values_of
from jiezhen.matters.models import Matter, Move, Party
from jiezhen.matters.queries import setting
from jiezhen.matters.rules import apart, timers
from jiezhen.packs.flows import Move as MoveSpec
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer, system_viewer
from jiezhen.records import operations as records
from jiezhen.records import wording
from jiezhen.records.models import Row
from jiezhen.units import queries as units

#: Columns of a matter that a step may change and undoing it puts back, beside the data.
KEPT = (
    "state",
    "entered",
    "timers",
    "due_timer",
    "returns",
    "extended",
    "unit_id",
    "handler_id",
    "title",
    "merged_into_id",
)
MOMENTS = ("state_since", "due_at", "warn_at", "paused_at", "supervised_at")
DAYS = ("closed_on", "due_on")
#: Most characters of a word of progress, and of the reason of a move.
MOST_SAID = 1000


def kept(row: Matter) -> dict[str, Any]:
    """Return what undoing a step puts back."""
    found: dict[str, Any] = {"data": dict(row.data)}
    for name in KEPT:
        found[name] = getattr(row, name)
    for name in (*MOMENTS, *DAYS):
        value = getattr(row, name)
        found[name] = value.isoformat() if value is not None else None
    return found


def put_back(row: Matter, before: Mapping[str, Any]) -> None:
    """Put back what a step changed, fields and columns; what it left alone stays as it is now."""
    for name, stored in before["data"].items():
        if stored is None:
            row.data.pop(name, None)
        else:
            row.data[name] = stored
    for name in KEPT:
        setattr(row, name, before.get(name, getattr(row, name)))
    for names, read in ((MOMENTS, datetime.fromisoformat), (DAYS, date.fromisoformat)):
        for name in (n for n in names if n in before):
            text = before[name]
            setattr(row, name, read(text) if text else None)


def changed(before: dict[str, Any], row: Matter) -> dict[str, Any]:
    """Return of what `kept` told only what is another now: this is what undoing puts back.

    Whatever others do with the matter meanwhile (press for it, merge it) stays theirs.
    """
    now = kept(row)
    found: dict[str, Any] = {k: v for k, v in before.items() if k != "data" and now[k] != v}
    return found | {"data": differing(before["data"], now["data"])}


def touched(before: Mapping[str, Any]) -> set[str]:
    """Return the names under which the history of records knows what undoing would put back."""
    found = {f"_{name}" for name in (*KEPT, *MOMENTS, *DAYS) if name in before}
    if "unit_id" in before:
        # Who was chosen in the new unit would be left with a matter of the old one.
        found.add("_handler_id")
    return found | set(before["data"])


def differing(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return what the fields that differ held before; None for a field that was not there."""
    return {
        k: before.get(k) for k in before.keys() | after.keys() if before.get(k) != after.get(k)
    }


def advance(row: Matter, spec: Kind, name: str, move: MoveSpec, at: datetime) -> None:
    """Let a matter make a move: enter its state, judge and start its clocks, count it."""
    flow = flow_of(spec)
    where = setting.setting(row, spec, units.tree(row.office_id, at))
    for field, text in move.sets.items():
        if text:
            row.data[field] = said(text, at)
        else:
            row.data.pop(field, None)
    with reckoned():
        row.timers = timers.after(flow, row.timers, name, values_of(row), row.opened_on, at, where)
    if move.again:
        row.returns += 1
    row.state_since = at
    enter(row, spec, move.to, clock.day_of(at))
    if row.closed_on is not None:
        row.timers = timers.ended(row.timers, at)
        row.paused_at = None
    row.waits = waiting(row, spec)
    refresh(row, spec)


@contextmanager
def reckoned() -> Iterator[None]:
    """Turn a day or a moment with which no clock can reckon into a refusal that says so."""
    try:
        yield
    except BadTime as bad:
        said = bad.message_en if wording.english() else bad.message
        raise records.Refused(records.Problem("", said)) from bad


def waiting(row: Matter, spec: Kind) -> str:
    """Return what a matter waits for: a decision on what was asked for, else what its state does.

    What may not be granted any more in this state keeps nobody waiting. One statement where the
    flow has something to decide.
    """
    flow = flow_of(spec)
    names = [n for n, r in flow.requests.items() if r.nodes and rules.may_ask(flow, r, row.state)]
    if names and row.requests.filter(name__in=names, state="asked").exists():
        return "decide"
    return flow.states[row.state].waits or ""


def said(text: str, at: datetime) -> str:
    """Return a fixed value of a pack: `$today` and `$now` are the moment's."""
    if text == "$today":
        return clock.day_of(at).isoformat()
    if text == "$now":
        return at.astimezone(clock.ZONE).isoformat(timespec="seconds")
    return text


def append(  # noqa: PLR0913  # a move has this many parts
    viewer: Viewer,
    row: Matter,
    name: str,
    came_from: str,
    at: datetime,
    *,
    note: str = "",
    before: dict[str, Any] | None = None,
    asked: list[str] | None = None,
    undoes: Move | None = None,
    told: bool = False,
) -> Move:
    """Append a row to the moves of a matter."""
    return Move.objects.create(
        matter_id=row.pk,
        name=name,
        came_from=came_from,
        went_to=row.state,
        at=at,
        account_id=viewer.account_id,
        actor=viewer.name,
        unit_id=row.unit_id,
        note=note,
        before=before or {},
        asked=asked or [],
        undoes=undoes,
        told=told,
    )


def leave(row: Row) -> None:
    """Refuse to withdraw a matter that carries others: they would be in nobody's queue.

    Raises:
        records.Refused: The others have to go their own way first.
    """
    carried = Matter.objects.for_system("carried by it").filter(merged_into_id=row.pk)
    codes = carried.filter(withdrawn_at=None).order_by("id").values_list("code", flat=True)
    if told := "、".join(codes[:5]):
        problem = _("这件带着并案的{codes}。先取消并案，再撤回。").format(codes=told)
        raise records.Refused(records.Problem("", problem))


def words(row_id: int, spec: Kind, text: str) -> str:
    """Return words of staff as they are kept: trimmed, and without who called.

    Raises:
        records.Refused: They are too long.
    """
    text = text.strip()
    if len(text) > MOST_SAID:
        problem = _("太长了，最多{n}字。").format(n=MOST_SAID)
        raise records.Refused(records.Problem("note", problem))
    if not text or not spec.parties:
        return text
    people = callers(row_id)
    names, phones, homes = ([p[n] for p in people] for n in ("name", "phone", "address"))
    return apart.without(text, names, phones, homes)[:MOST_SAID]


def callers(row_id: int) -> list[dict[str, Any]]:
    """Return who must not be told by words about a matter: its callers, and those of carried ones.

    Shape: name, phone and address of each; one statement.
    """
    carried = Matter.objects.for_system("carried by it").filter(merged_into_id=row_id).order_by()
    # By ids, so that either half finds its rows by an index.
    whose = Q(matter_id=row_id) | Q(matter_id__in=carried.values("pk"))
    return [dict(p) for p in Party.objects.filter(whose).values("name", "phone", "address")]


def own(viewer: Viewer) -> Viewer:
    """Return the product acting in a person's name, for what follows from their act."""
    machine = system_viewer(viewer.office_id, viewer.office_path, viewer.name)
    return replace(
        machine,
        account_id=viewer.account_id,
        unit_id=viewer.unit_id,
        unit_path=viewer.unit_path,
        office_name=viewer.office_name,
    )
