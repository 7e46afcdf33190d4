"""Which days an office works, and from when to when.

National holidays and make-up working days come from the library `chinesecalendar`, which is renewed
each November with the State Council's notice. Beyond its years Monday to Friday are worked; ask
`known_until`, and `runs_out` in good time. The office's own days stand above the nation's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property, lru_cache

from chinese_calendar.constants import (  # type: ignore[import-untyped]
    holidays,
    workdays,
)

from jiezhen.kernel.worktime.tables import BadTime, Periods, Table

#: Our choice for an office that says nothing: 08:30 to 11:30 and 13:00 to 17:30, seven and a half hours.
OFFICE_HOURS: Periods = ((time(8, 30), time(11, 30)), (time(13, 0), time(17, 30)))

#: So long before the end of what is known the start and the status page ask for a renewal: the notice
#: for the next year comes in November.
AHEAD = timedelta(days=60)
#: Who has to be renewed, as it is called where packages are had.
PACKAGE = "chinesecalendar"

Hours = tuple[tuple[date, Periods], ...]


@dataclass(frozen=True)
class Calendar:
    """The working time of one office. Equal calendars share one table; make it once and keep it.

    Attributes:
        days_off: Days that the office does not work whatever the nation does.
        days_on: Days that it works whatever the nation does.
        hours: Working periods of a day with the date from which they hold. Before the first date
            the first ones hold.

    Raises:
        BadTime: A day is both on and off, or hours are missing, overlap or run backwards.
    """

    days_off: frozenset[date] = frozenset()
    days_on: frozenset[date] = frozenset()
    hours: Hours = ((date.min, OFFICE_HOURS),)

    def __post_init__(self) -> None:
        """Put the hours in order of their dates and check everything."""
        keep = object.__setattr__
        keep(self, "days_off", frozenset(self.days_off))
        keep(self, "days_on", frozenset(self.days_on))
        ordered = sorted((since, tuple(map(tuple, spans))) for since, spans in self.hours)
        keep(self, "hours", tuple(ordered))
        _check(self)

    def is_workday(self, day: date) -> bool:
        """Say whether the office works on this day."""
        if day in self.days_on:
            return True
        if day in self.days_off or day in holidays:
            return False
        return day in workdays or day.weekday() < 5

    def periods(self, day: date) -> Periods:
        """Return the working periods of this day, from and until; none on a day off."""
        if not self.is_workday(day):
            return ()
        chosen = self.hours[0][1]
        for since, spans in self.hours[1:]:
            if since > day:
                break
            chosen = spans
        return chosen

    def known_until(self) -> date:
        """Return the last day whose holidays the library knows; later, weekends alone are off."""
        return date(max(holidays).year, 12, 31)

    def runs_out(self, today: date) -> bool:
        """Say whether less than `AHEAD` is left of what the library knows, or nothing."""
        return today >= self.known_until() - AHEAD

    @cached_property
    def table(self) -> Table:
        """The sums that the clocks reckon with; built on first use, in some tens of milliseconds."""
        return _table(self)


@lru_cache(maxsize=16)
def _table(calendar: Calendar) -> Table:
    return Table(calendar.periods)


def _check(calendar: Calendar) -> None:
    both = calendar.days_on & calendar.days_off
    if both:
        day = min(both)
        raise BadTime(
            f"{day} 既是上班日又是休息日，请只留一种。",
            f"{day} is both a day on and a day off; keep one of them.",
        )
    sinces = [since for since, _ in calendar.hours]
    if not sinces or len(set(sinces)) < len(sinces):
        raise BadTime(
            "工作时段要有起始日期，每个日期只写一次。",
            "Working hours need the date from which they hold, each date once.",
        )
    for since, spans in calendar.hours:
        clocks = [clock for span in spans for clock in span]
        rising = all(a < b for a, b in spans)
        if not clocks or not rising or clocks != sorted(clocks):
            raise BadTime(
                f"{since} 起的工作时段不对，请按先后写成 08:30–11:30、13:00–17:30，互不重叠。",
                f"The working hours from {since} on are wrong; write them in order and without "
                "overlap, such as 08:30-11:30, 13:00-17:30.",
            )


#: The State Council's calendar with the hours of our choice.
NATIONAL = Calendar()
