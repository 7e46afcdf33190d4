"""Working time as sums over days, so that no deadline walks through the days between.

A `Table` numbers the days from `FIRST` on. A place in it is a day and a time of day in
microseconds; `work` counts the microseconds of working time before a place, and `reached` and
`passed` turn that count back into a place by bisection.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from jiezhen.kernel.clock import ZONE

#: China has kept no summer time since 1991, so that from here on the clock on the wall runs evenly.
FIRST, LAST = date(1992, 1, 1), date(2099, 12, 31)
BASE = FIRST.toordinal()
SIZE = LAST.toordinal() - BASE + 1

MICROSECOND = timedelta(microseconds=1)
Periods = tuple[tuple[time, time], ...]
Place = tuple[int, int]


class BadTime(ValueError):
    """A moment, an amount, a unit or an office calendar that cannot be reckoned with."""

    def __init__(self, message: str, message_en: str) -> None:
        self.message = message
        self.message_en = message_en
        super().__init__(message)


def outside() -> BadTime:
    """Return the failure of a moment for which no working time is kept."""
    return BadTime(
        f"工作时间只能算到 {FIRST.year} 年至 {LAST.year} 年之间，请检查日期和时限。",
        f"Working time is kept for the years {FIRST.year} to {LAST.year}; "
        "check the date and the time limit.",
    )


def microseconds(clock: time) -> int:
    """Return the microseconds from midnight to this time of day."""
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    return seconds * 1_000_000 + clock.microsecond


@lru_cache(maxsize=1)
def midnights() -> list[datetime]:
    """Return the beginning of every day, shared by all tables."""
    first = datetime.combine(FIRST, time(), ZONE)
    return [first + timedelta(days=number) for number in range(SIZE)]


class Table:
    """The working time of one calendar.

    Attributes:
        hours: For each day its periods as microseconds of the day, empty on a day off.
        before: Microseconds of work before each day; one entry more than days.
        index: Working days before each day; one entry more than days.
        days: The number of each working day.
    """

    __slots__ = ("before", "days", "hours", "index")

    def __init__(self, periods: Callable[[date], Periods]) -> None:
        self.hours: list[tuple[Place, ...]] = []
        self.before = [0]
        self.index = [0]
        self.days: list[int] = []
        told: dict[Periods, tuple[Place, ...]] = {}
        for number in range(SIZE):
            given = periods(date.fromordinal(BASE + number))
            hours = told.get(given)
            if hours is None:
                hours = told[given] = tuple((microseconds(a), microseconds(b)) for a, b in given)
            self.hours.append(hours)
            self.before.append(self.before[-1] + sum(b - a for a, b in hours))
            if hours:
                self.days.append(number)
            self.index.append(len(self.days))

    def place(self, at: datetime) -> Place:
        """Return the place of a local moment.

        Raises:
            BadTime: It lies outside the years of the table.
        """
        day = at.toordinal() - BASE
        if not 0 <= day < SIZE:
            raise outside()
        seconds = at.hour * 3600 + at.minute * 60 + at.second
        return day, seconds * 1_000_000 + at.microsecond

    def moment(self, place: Place) -> datetime:
        """Return the moment of a place."""
        return midnights()[place[0]] + place[1] * MICROSECOND

    def work(self, place: Place) -> int:
        """Return the microseconds of work before this place."""
        day, clock = place
        done = self.before[day]
        for opens, closes in self.hours[day]:
            if clock <= opens:
                break
            done += (clock if clock < closes else closes) - opens
        return done

    def settled(self, place: Place, closing: bool = False) -> Place:
        """Return the place itself when it lies in working time, else where work next begins.

        Args:
            place: Any place.
            closing: Whether the moment of closing still belongs to the period before it, as it
                does for a deadline; for a start it does not.

        Raises:
            IndexError: No working day follows in the table.
        """
        day, clock = place
        for opens, closes in self.hours[day]:
            if clock < closes or (closing and clock == closes):
                return day, clock if clock > opens else opens
        day = self.days[self.index[day + 1]]
        return day, self.hours[day][0][0]

    def later(self, place: Place, days: int, closing: bool = False) -> Place:
        """Return the place so many working days after a place in working time, at the same time.

        Where that day does not work at that time, work next begins.

        Raises:
            IndexError: The table ends before.
        """
        return self.settled((self.days[self.index[place[0]] + days], place[1]), closing)

    def reached(self, work: int) -> Place:
        """Return the earliest place before which so much work lies: a closing, not an opening.

        Raises:
            IndexError: The table holds less work.
        """
        day = bisect_left(self.before, work) - 1
        rest = work - self.before[day]
        for opens, closes in self.hours[day]:
            if rest <= closes - opens:
                return day, opens + rest
            rest -= closes - opens
        raise IndexError(work)

    def passed(self, work: int) -> Place:
        """Return the latest place before which so much work lies: an opening, not a closing.

        Raises:
            IndexError: The table holds less work.
        """
        day = bisect_right(self.before, work) - 1
        rest = work - self.before[day]
        for opens, closes in self.hours[day]:
            if rest < closes - opens:
                return day, opens + rest
            rest -= closes - opens
        raise IndexError(work)
