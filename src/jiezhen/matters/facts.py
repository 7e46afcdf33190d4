"""Offers the table of matters to the machinery of records and to figures."""

from datetime import date, datetime
from typing import Any, cast

from jiezhen.kernel import clock
from jiezhen.matters import rules
from jiezhen.matters.models import Matter, Move
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Flow, Kind
from jiezhen.records import shapes
from jiezhen.records.models import Row


def offer() -> None:
    """Make `Matter` the home of matters."""
    shapes.offer(
        shapes.Shape(
            name="matter",
            title="事项",
            model=Matter,
            columns={
                "state": "state",
                "opened_on": "opened_on",
                "closed_on": "closed_on",
                "due_on": "due_on",
            },
            prepare=_prepare,
            settle=_settle,
            given=("code", "state", "opened_on", "closed_on", "due_on"),
            follow=_follow,
        )
    )


def flow_of(kind: Kind) -> Flow:
    """Return the flow of a kind of matter."""
    return catalogue().flows[str(kind.flow)]


def as_matter(row: Row) -> Matter:
    """Return a row of the table of matters as what it is.

    Raises:
        TypeError: It is a row of another table. A defect.
    """
    if not isinstance(row, Matter):
        raise TypeError(f"{row!r} is no matter")
    return row


def _prepare(given_row: Row, kind: Kind, given: dict[str, Any], at: datetime) -> None:
    """Put a new matter into its first state, or into the one that an import gives."""
    row = as_matter(given_row)
    flow = flow_of(kind)
    row.opened_on = _day(given.get("opened_on")) or clock.day_of(at)
    row.due_on = _day(given.get("due_on"))
    row.state = str(given.get("state") or rules.start(flow))
    row.state_since = at
    row.on = row.opened_on
    row.entered = {rules.start(flow): row.opened_on.isoformat()}
    enter(row, kind, row.state, _day(given.get("closed_on")) or clock.day_of(at))


def enter(row: Matter, kind: Kind, state: str, on: date) -> None:
    """Let a matter enter a state on a day: its date fields, its end.

    The day is the state's own date field where that was filled, so that a matter that
    is entered late still counts on the day on which it happened.
    """
    spec = flow_of(kind).states[state]
    if spec.date:
        if not row.data.get(spec.date):
            row.data[spec.date] = on.isoformat()
        on = date.fromisoformat(row.data[spec.date][:10])
    row.entered = {
        **row.entered,
        state: row.entered.get(state, on.isoformat())
        if state == row.state and state in row.entered
        else on.isoformat(),
    }
    row.state = state
    row.closed_on = on if spec.end else None


def _follow(given_row: Row, kind: Kind) -> None:
    """Let the days on which states were entered follow a corrected date field."""
    row = as_matter(given_row)
    for name, state in flow_of(kind).states.items():
        day = row.data.get(state.date) if state.date else None
        if day and name in row.entered:
            row.entered = {**row.entered, name: day[:10]}
            if name == row.state and state.end:
                row.closed_on = date.fromisoformat(day[:10])


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


def _settle(rows: list[Row], kind: Kind, viewer: Any, at: datetime) -> None:
    """Append the first move of each new matter."""
    Move.objects.bulk_create(
        [
            Move(
                matter_id=row.pk,
                name="opened",
                went_to=cast(Matter, row).state,
                at=at,
                account_id=viewer.account_id,
                actor=viewer.name,
            )
            for row in rows
        ],
        batch_size=500,
    )
