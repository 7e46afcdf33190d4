"""Deadlines on four clocks: working days, working hours, hours day and night, calendar days.

All reckoning is in whole microseconds. On the working clocks a start outside working time counts
from where work next begins, and a deadline may be the very moment of closing.
"""

from __future__ import annotations

from datetime import datetime
from math import inf
from typing import Literal, get_args

from jiezhen.kernel.clock import ZONE
from jiezhen.kernel.worktime.calendars import Calendar
from jiezhen.kernel.worktime.tables import (
    FIRST,
    LAST,
    MICROSECOND,
    BadTime,
    Place,
    Table,
    outside,
)

TimeUnit = Literal["work_day", "work_hour", "urgent_hour", "calendar_day"]
UNITS: tuple[TimeUnit, ...] = get_args(TimeUnit)

HOUR = 3_600_000_000
DAY = 24 * HOUR

#: The clocks that never stand still, with the length of their unit.
EVEN: dict[str, int] = {"urgent_hour": HOUR, "calendar_day": DAY}

#: Whole working days, and a part of the next one as numerator and denominator.
Run = tuple[int, int, int]


def due(start: datetime, amount: float, unit: TimeUnit, calendar: Calendar) -> datetime:
    """Return the moment at which `amount` units have run since `start`.

    Args:
        start: Aware.
        amount: Units; fractions are allowed. With 0 a working clock gives the next working moment.
        unit: One of `UNITS`.
        calendar: The office's; not used by `urgent_hour` and `calendar_day`.

    Raises:
        BadTime: The start has no zone, the amount is negative or no number, the unit is unknown,
            or working time is not kept so far.
    """
    return _moved(local(start), amount, unit, calendar, closing=False)


def extended(due_at: datetime, amount: float, unit: TimeUnit, calendar: Calendar) -> datetime:
    """Return a deadline moved by `amount` units; one at closing time stays one at closing time.

    Raises:
        BadTime: As `due`.
    """
    at = local(due_at)
    return _moved(at, amount, unit, calendar, closing=True) if amount else at


def spent(start: datetime, end: datetime, unit: TimeUnit, calendar: Calendar) -> float:
    """Return how many units run from `start` until `end`; 0 when the end is not later.

    Raises:
        BadTime: As `due`.
    """
    first, last = local(start), local(end)
    if last <= first:
        return 0.0
    if unit in EVEN:
        return (last - first) / MICROSECOND / EVEN[unit]
    if unit == "work_hour":
        return worked(first, last, calendar.table) / HOUR
    whole, part, of = run(first, last, calendar.table)
    return whole + part / of


def after_pause(
    due_at: datetime,
    paused_at: datetime,
    resumed_at: datetime,
    unit: TimeUnit,
    calendar: Calendar,
) -> datetime:
    """Return a deadline moved by exactly the time that did not run, on the clock of its unit.

    A pause in which the clock stands still anyway, as a working clock does over a weekend, moves
    nothing.

    Raises:
        BadTime: As `due`.
    """
    at, first, last = local(due_at), local(paused_at), local(resumed_at)
    if last <= first:
        return at
    if unit in EVEN:
        return at + (last - first)
    table = calendar.table
    if not worked(first, last, table):
        return at
    if unit == "work_hour":
        return _worked_on(at, worked(first, last, table), table, closing=True)
    return _days_on(at, run(first, last, table), table, closing=True)


def warn_at(
    start: datetime, due_at: datetime, unit: TimeUnit, calendar: Calendar, share: float = 0.25
) -> datetime:
    """Return the moment from which no more than `share` of the time is left.

    On a working clock it lies in working time: where it would be a closing it is the next opening,
    but never later than the deadline. After a pause give the start moved by the same pause, or the
    time that did not run counts as time allowed.

    Raises:
        BadTime: As `due`.
    """
    first, last = local(start), local(due_at)
    if last <= first:
        return last
    if unit in EVEN:
        return last - round((last - first) / MICROSECOND * share) * MICROSECOND
    table = calendar.table
    end = table.work(table.place(last))
    left = round(worked(first, last, table) * share)
    try:
        return min(last, table.moment(table.passed(end - left)))
    except IndexError:
        raise outside() from None


def local(at: datetime) -> datetime:
    """Return an aware moment in Asia/Shanghai.

    Raises:
        BadTime: It has no zone.
    """
    if at.tzinfo is ZONE:
        return at
    if at.tzinfo is None:
        raise BadTime(
            "时间没有写明时区，不能计算时限。", "A moment without a zone has no deadline."
        )
    return at.astimezone(ZONE)


def known(at: datetime) -> datetime:
    """Return a moment in Asia/Shanghai that lies in the years for which working time is kept.

    What people write is asked here, also for the clocks that never stand still: what is told of a
    deadline later (days left, in UTC) must not fail.

    Raises:
        BadTime: It has no zone, or lies outside those years.
    """
    here = local(at)
    if not FIRST <= here.date() <= LAST:
        raise outside()
    return here


def worked(first: datetime, last: datetime, table: Table) -> int:
    """Return the microseconds of work between two local moments."""
    return table.work(table.place(last)) - table.work(table.place(first))


def run(first: datetime, last: datetime, table: Table) -> Run:
    """Return the working days between two local moments; nothing when no work lies between.

    Whole days are counted from the time of day at which the first one begins. What is left is a
    part of the work up to the same time of the next day.

    Raises:
        BadTime: The table ends before.
    """
    end = table.work(table.place(last))
    try:
        start = table.settled(table.place(first))
        if end <= table.work(start):
            return 0, 0, 1
        whole = max(0, table.index[table.place(last)[0] + 1] - table.index[start[0]] - 1)
        low = table.work(table.later(start, whole))
        if low > end:
            whole -= 1
            low = table.work(table.later(start, whole))
        high = table.work(table.later(start, whole + 1))
    except IndexError:
        raise outside() from None
    return whole, end - low, high - low


def _moved(
    at: datetime, amount: float, unit: TimeUnit, calendar: Calendar, *, closing: bool
) -> datetime:
    if not 0 <= amount < inf:
        raise BadTime(
            f"时限“{amount}”不是从零起的数，请改正。",
            f"{amount} is no time limit; give 0 or more.",
        )
    if unit == "work_day":
        return _days_on(at, amount, calendar.table, closing=closing)
    if unit == "work_hour":
        return _worked_on(at, round(amount * HOUR), calendar.table, closing=closing)
    if unit in EVEN:
        try:
            return at + round(amount * EVEN[unit]) * MICROSECOND
        except OverflowError:
            raise outside() from None
    raise BadTime(
        f"没有“{unit}”这种时限单位，可用：{'、'.join(UNITS)}。",
        f"There is no unit {unit!r}; use one of {', '.join(UNITS)}.",
    )


def _worked_on(at: datetime, work: int, table: Table, *, closing: bool) -> datetime:
    """Return the moment so many microseconds of work later."""
    try:
        place = table.settled(table.place(at), closing)
        if work:
            place = table.reached(table.work(place) + work)
    except IndexError:
        raise outside() from None
    return table.moment(place)


def _days_on(at: datetime, amount: float | Run, table: Table, *, closing: bool) -> datetime:
    """Return the moment so many working days later.

    A part of a day is a part of the work between the two whole days on either side, which keeps the
    result monotone even where the hours of these days differ.
    """
    try:
        start = table.settled(table.place(at), closing)
        whole = amount[0] if isinstance(amount, tuple) else int(amount)
        place = table.later(start, whole, closing) if whole else start
        if amount != whole:
            place = _part_on(start, place, amount, table, closing)
    except IndexError:
        raise outside() from None
    return table.moment(place)


def _part_on(
    start: Place, place: Place, amount: float | Run, table: Table, closing: bool
) -> Place:
    """Return the place after the part of a day that `amount` holds beyond its whole days."""
    whole = amount[0] if isinstance(amount, tuple) else int(amount)
    low = table.work(place)
    span = table.work(table.later(start, whole + 1, closing)) - low
    if isinstance(amount, tuple):
        more = (2 * span * amount[1] + amount[2]) // (2 * amount[2])
    else:
        more = round((amount - whole) * span)
    return table.reached(low + more) if more else place
