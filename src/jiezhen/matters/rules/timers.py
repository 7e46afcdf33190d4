"""The clocks of a matter: when each starts, stands still, is met, and what is due next.

A clock is a small mapping that lies in the matter's row (`Matter.timers`), with moments as ISO
text in the office's zone: start, due, warn (a quarter of the time is left), amount and unit; done
and met ("yes" or "no") once it is judged, with the hours it took; paused while it stands still;
dropped when it ended unjudged. `round` counts how often it was started; a clock that was missed
once stays missed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from jiezhen.kernel import clock, worktime
from jiezhen.kernel.worktime import Calendar
from jiezhen.matters.rules.flows import met
from jiezhen.packs.flows import OPENED, Amount, Flow, Timer, Within

Clock = dict[str, Any]
Clocks = dict[str, Clock]


@dataclass(frozen=True, slots=True)
class Setting:
    """What clocks need to know: the calendar, the class of the area, the register's standards.

    `standards` answers with the length that a register gives a timer; None when it has none.
    """

    calendar: Calendar
    area: str = "B"
    standards: Callable[[str], Amount | None] = lambda _timer: None


def length(timer: Timer, values: Mapping[str, Any], opened: date, area: str) -> Amount | None:
    """Return the first row of the timer's table that fits; None when none does."""
    return next((row for row in timer.within if _fits(row, values, opened, area)), None)


def _fits(row: Within, values: Mapping[str, Any], opened: date, area: str) -> bool:
    day = opened.isoformat()
    if (row.since and day < row.since) or (row.until and day >= row.until):
        return False
    return (row.area is None or row.area == area) and met(row.condition, values)


def started(before: Clock | None, amount: Amount, at: datetime, calendar: Calendar) -> Clock:
    """Return a clock that starts at a moment; one that ran before starts its next round.

    Raises:
        worktime.BadTime: The moment lies outside the years with which clocks reckon.
    """
    at = worktime.known(at)
    due = worktime.due(at, amount.amount, amount.unit, calendar)
    found: Clock = {
        "start": _text(at),
        "due": _text(due),
        "warn": _text(worktime.warn_at(at, due, amount.unit, calendar)),
        "amount": amount.amount,
        "unit": amount.unit,
        "round": (before or {}).get("round", 0) + 1,
    }
    if before and (before.get("missed") or before.get("met") == "no"):
        found["missed"] = True
    return found


def running(item: Clock | None) -> bool:
    """Say whether a clock was started and is neither judged nor dropped."""
    return item is not None and "done" not in item and "dropped" not in item


def judged(item: Clock, at: datetime, calendar: Calendar) -> Clock:
    """Return a clock that was met, in time or late, at a moment."""
    item = woken(item, at, calendar) if "paused" in item else item
    due = moment(item["due"])
    late = at > due or item.get("missed", False)
    spent = worktime.spent(moment(item["start"]), at, _hours_of(item["unit"]), calendar)
    spent = max(0.0, spent - item.get("rested", 0.0))
    return {**item, "done": _text(at), "met": "no" if late else "yes", "hours": round(spent, 2)}


def dropped(item: Clock, at: datetime) -> Clock:
    """Return a clock that ended without being judged."""
    return {k: v for k, v in item.items() if k != "paused"} | {"dropped": _text(at)}


def paused(item: Clock, at: datetime) -> Clock:
    """Return a clock that stands still from a moment on."""
    return item if "paused" in item else {**item, "paused": _text(at)}


def woken(item: Clock, at: datetime, calendar: Calendar) -> Clock:
    """Return a clock that goes on; its deadline moves by the time that did not run."""
    since, unit = moment(item["paused"]), item["unit"]
    due = worktime.after_pause(moment(item["due"]), since, at, unit, calendar)
    rested = item.get("rested", 0.0) + worktime.spent(since, at, _hours_of(unit), calendar)
    begun = worktime.after_pause(_base(item), since, at, unit, calendar)
    rest = {k: v for k, v in item.items() if k != "paused"}
    return _moved({**rest, "rested": round(rested, 4), "base": _text(begun)}, due, calendar)


def _base(item: Clock) -> datetime:
    """Return the start as if the clock had never stood still; yellow is reckoned from it."""
    return moment(str(item.get("base", item["start"])))


def extended(item: Clock, amount: Amount, calendar: Calendar) -> Clock:
    """Return a clock whose deadline lies further off."""
    due = worktime.extended(moment(item["due"]), amount.amount, amount.unit, calendar)
    return _moved({**item, "extended": item.get("extended", 0) + 1}, due, calendar)


def _moved(item: Clock, due: datetime, calendar: Calendar) -> Clock:
    warn = worktime.warn_at(_base(item), due, item["unit"], calendar)
    return {**item, "due": _text(due), "warn": _text(warn)}


def _hours_of(unit: str) -> worktime.TimeUnit:
    """Return the unit in which a clock's hours are told: working or continuous ones."""
    return "work_hour" if unit in ("work_day", "work_hour") else "urgent_hour"


def moment(text: str) -> datetime:
    """Return a stored moment."""
    return datetime.fromisoformat(text)


def _text(at: datetime) -> str:
    return at.astimezone(clock.ZONE).isoformat(timespec="seconds")


def after(  # noqa: PLR0913  # what a step does to the clocks depends on all of it
    flow: Flow,
    clocks: Clocks,
    step: str,
    values: Mapping[str, Any],
    opened: date,
    at: datetime,
    setting: Setting,
) -> Clocks:
    """Return the clocks after a step: those that it meets, drops and starts.

    `step` is the name of a move, or `opened`. A step that both meets and starts a clock judges the
    old round first.
    """
    found = dict(clocks)
    for name, timer in flow.timers.items():
        item = found.get(name)
        if running(item) and step in timer.stops:
            found[name] = judged(_there(item), at, setting.calendar)
        elif running(item) and step in timer.drops:
            found[name] = dropped(_there(item), at)
        if step in timer.starts and not running(found.get(name)):
            amount = setting.standards(name) or length(timer, values, opened, setting.area)
            begun = _begun(timer, values, at)
            if amount is not None:
                found[name] = started(found.get(name), amount, begun, setting.calendar)
    return found


def _there(item: Clock | None) -> Clock:
    if item is None:
        raise LookupError("the clock was never started")
    return item


def _begun(timer: Timer, values: Mapping[str, Any], at: datetime) -> datetime:
    """Return when a clock begins: at its time field where that is filled, else now."""
    said = values.get(timer.since) if timer.since else None
    begun = moment(said) if isinstance(said, str) and said else at
    return min(begun, at)


def ended(clocks: Clocks, at: datetime) -> Clocks:
    """Return the clocks of a matter that is over: what still ran is dropped."""
    return {n: dropped(item, at) if running(item) else item for n, item in clocks.items()}


def until(clocks: Clocks, name: str, day: date) -> Clocks:
    """Return the clocks with one that ends with a day, as somebody else's deadline was given.

    Raises:
        worktime.BadTime: As `ends`.
    """
    warn, end = ends(day)
    return {**clocks, name: {**clocks[name], "due": _text(end), "warn": _text(warn)}}


def ends(day: date) -> tuple[datetime, datetime]:
    """Return when a deadline that was given as a day turns yellow, and when it ends.

    Raises:
        worktime.BadTime: The day lies outside the years with which clocks reckon.
    """
    begin = worktime.known(datetime.combine(day, time(0), clock.ZONE))
    return begin, datetime.combine(day, time(23, 59, 59), clock.ZONE)


@dataclass(frozen=True, slots=True)
class Next:
    """The clock that falls due first: its name, its deadline, when it turns yellow."""

    name: str
    due_at: datetime
    warn_at: datetime


def next_due(clocks: Clocks) -> Next | None:
    """Return the clock that falls due first among those that run and do not stand still."""
    going = [
        Next(name, moment(item["due"]), moment(item["warn"]))
        for name, item in clocks.items()
        if running(item) and "paused" not in item
    ]
    return min(going, key=lambda n: n.due_at, default=None)


def passed(flow: Flow, state: str, values: Mapping[str, Any]) -> dict[str, date]:
    """Return the clocks of the registration that a matter is past in its state, with their ends.

    A matter whose file tells the day on which a state was entered (`finished_on`) is past the
    clocks that the way into that state meets. In the pack's order; none at the start.
    """
    found: dict[str, date] = {}
    if flow.states[state].start:
        return found
    for name, timer in flow.timers.items():
        targets = (flow.states[flow.moves[stop].to].date for stop in timer.stops)
        day = next((values[field] for field in targets if field and values.get(field)), None)
        if OPENED in timer.starts and day:
            found[name] = date.fromisoformat(day[:10])
    return found


def told(opened: date, due: date, done: date) -> Clock:
    """Return a clock of which only days are known: met when it ended on its last day at latest.

    Raises:
        worktime.BadTime: As `ends`.
    """
    start = datetime.combine(opened, time(0), clock.ZONE)
    _begin, last = ends(due)
    return {
        "start": _text(start),
        "due": _text(last),
        "warn": _text(last),
        "amount": (due - opened).days,
        "unit": "calendar_day",
        "round": 1,
        "done": _text(datetime.combine(done, time(12), clock.ZONE)),
        "met": "yes" if done <= due else "no",
    }
