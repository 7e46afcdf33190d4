"""What a row of the table of matters is: its flow, its states, the values that conditions see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jiezhen.matters import rules
from jiezhen.matters.models import Matter
from jiezhen.matters.rules import timers
from jiezhen.packs.flows import Flow, Move
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Kind
from jiezhen.records.models import Row

#: The table's own columns as expressions and lists know them, with their place in the table.
COLUMNS = {
    "state": "state",
    "opened_on": "opened_on",
    "closed_on": "closed_on",
    "due_on": "due_on",
    "returns": "returns",
    "extended": "extended",
}
#: System values that an import or a machine may give.
GIVEN = ("code", "state", "opened_on", "closed_on", "due_on")


@dataclass(frozen=True, slots=True)
class Said:
    """What a person answered to a move, and the words with it."""

    answers: dict[str, str]
    note: str


def flow_of(kind: Kind) -> Flow:
    """Return the flow of a kind of matter."""
    return catalogue().flows[str(kind.flow)]


def said(kind: Kind, move: Move, answers: Mapping[str, str], note: str, phrase: str) -> Said:
    """Return a move's answers and words with a usual phrase put where it belongs.

    That is the text which the move needs and nobody wrote yet, so that one button is enough;
    else the words.
    """
    needed = move.asks if move.needs is None else move.needs
    texts = (n for n in needed if kind.fields[n].type == "text" and not answers.get(n, "").strip())
    field = next(texts, "") if phrase else ""
    if field:
        return Said({**answers, field: phrase}, note)
    return Said(dict(answers), note or phrase)


def filled_later(kind: Kind) -> list[str]:
    """Return the fields that moves and clocks fill: nobody knows them when a matter comes in."""
    flow = flow_of(kind)
    found = {t.field for t in flow.timers.values()}
    found |= {s.date for s in flow.states.values() if not s.start}
    for move in flow.moves.values():
        found |= {*move.asks, *move.sets}
    known = {*kind.key, *(kind.offer.fields if kind.offer else ())}
    known |= {n for n, f in kind.fields.items() if f.required or "{" + n + "}" in kind.label}
    return [n for n in kind.fields if n in found and n not in known]


def as_matter(row: Row) -> Matter:
    """Return a row of the table of matters as what it is.

    Raises:
        TypeError: It is a row of another table. A defect.
    """
    if not isinstance(row, Matter):
        raise TypeError(f"{row!r} is no matter")
    return row


def values_of(row: Matter) -> dict[str, Any]:
    """Return what conditions of a pack see: the fields, and the system's columns."""
    found: dict[str, Any] = dict(row.data)
    for name in COLUMNS:
        value = getattr(row, name)
        found[name] = value.isoformat() if isinstance(value, date) else value
    # A row that is not saved yet has no unit at hand, and asking for it would cost a statement.
    there = "unit" in row._state.fields_cache
    found |= {"code": row.code, "unit_code": row.unit.code if there else None}
    for name, item in row.timers.items():
        found[f"{name}_met"] = item.get("met")
        found[f"{name}_hours"] = item.get("hours")
        found[f"{name}_due_on"] = item["due"][:10]
        found[f"{name}_done_on"] = (item.get("done") or "")[:10] or None
    return found


def begin(row: Matter, kind: Kind, state: str) -> None:
    """Let a new matter stand in a state from the day on which it was opened."""
    flow = flow_of(kind)
    row.on = row.opened_on
    row.entered = {rules.start(flow): row.opened_on.isoformat()}
    row.state = state


def enter(row: Matter, kind: Kind, state: str, on: date) -> None:
    """Let a matter enter a state on a day: its date fields, its end, what it waits for.

    The day is the state's own date field where that was filled, so that a matter that
    is entered late still counts on the day on which it happened. Who stays in a state, as a
    matter does that is rated after its end, entered it on the day on which they did.
    """
    spec = flow_of(kind).states[state]
    if spec.date:
        if not row.data.get(spec.date):
            row.data[spec.date] = on.isoformat()
        on = date.fromisoformat(row.data[spec.date][:10])
    elif state == row.state and state in row.entered:
        on = date.fromisoformat(row.entered[state])
    row.entered = {**row.entered, state: on.isoformat()}
    row.state = state
    row.waits = spec.waits or ""
    row.closed_on = on if spec.end else None


def follow(given_row: Row, kind: Kind) -> None:
    """Let the days on which states were entered follow a corrected date field."""
    row = as_matter(given_row)
    for name, state in flow_of(kind).states.items():
        day = row.data.get(state.date) if state.date else None
        if day and name in row.entered:
            row.entered = {**row.entered, name: day[:10]}
            if name == row.state and state.end:
                row.closed_on = date.fromisoformat(day[:10])


def by_day(row: Matter) -> None:
    """Let a matter whose flow has no clocks be due at the end of the day that was written."""
    if row.due_on is None or row.closed_on is not None or row.paused_at is not None:
        return
    row.warn_at, row.due_at = timers.ends(row.due_on)


def refresh(row: Matter, kind: Kind) -> None:
    """Let the columns of the queue follow the clocks, and choices follow judged clocks.

    A pause lets only the clocks stand still that it names: the first contact stays due while
    the handling waits.
    """
    following = timers.next_due(row.timers)
    row.due_at = following.due_at if following else None
    row.warn_at = following.warn_at if following else None
    row.due_timer = following.name if following else ""
    if following is not None:
        row.due_on = following.due_at.date()
    elif not flow_of(kind).timers:
        by_day(row)
    for name, timer in flow_of(kind).timers.items():
        judged = row.timers.get(name, {}).get("met")
        if timer.field and judged and not row.data.get(timer.field):
            row.data[timer.field] = timer.met if judged == "yes" else timer.missed
