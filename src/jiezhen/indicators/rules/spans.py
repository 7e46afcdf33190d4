"""Buckets of time: months, and pieces of months where an unfinished period is compared.

A figure of any period is the sum of whole buckets. On 3 July the half year so far is compared
with last year until 3 July, so July of last year is cut into two buckets.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from jiezhen.kernel.periods import Period


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open span of days."""

    start: date
    until: date


@dataclass(frozen=True, slots=True)
class Buckets:
    """The buckets of one statement.

    `starts` are the first days of the buckets in order, `until` the day after the latest one;
    `cuts` are those starts that are no first of a month. Place 0 is everything before.
    """

    starts: tuple[date, ...]
    until: date
    cuts: tuple[date, ...]

    @classmethod
    def of(cls, spans: Iterable[Span]) -> "Buckets":
        """Return the fewest buckets of which every span is a sum."""
        wanted = sorted(set(spans))
        first = min(s.start for s in wanted).replace(day=1)
        until = next_month(max(s.until for s in wanted) - timedelta(days=1))
        edges = {d for s in wanted for d in (s.start, s.until)}
        cuts = tuple(sorted(d for d in edges if d.day != 1))
        months = []
        month = first
        while month < until:
            months.append(month)
            month = next_month(month)
        return cls(tuple(sorted({*months, *cuts})), until, cuts)

    def place(self, label: str) -> int:
        """Return the place of a bucket by its label in the statement's result."""
        if not label:
            return 0
        day = date.fromisoformat(label if len(label) > 7 else f"{label}-01")
        return bisect_left(self.starts, day) + 1

    def places(self, span: Span) -> tuple[int, int]:
        """Return the half-open range of places that make a span."""
        return bisect_left(self.starts, span.start) + 1, bisect_left(self.starts, span.until) + 1

    def __len__(self) -> int:
        """Return the number of places, place 0 included."""
        return len(self.starts) + 1


def next_month(day: date) -> date:
    """Return the first day of the month after the one of `day`."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def span_of(period: Period) -> Span:
    """Return the days of a whole period."""
    return Span(period.start, period.until)


def compared(period: Period, base: Period, on: date) -> Span:
    """Return the days of `base` to compare with `period` as it stands on a day.

    A finished period is compared with the whole base. An unfinished one with the base until
    the same day of the year, or until as many days are gone when the two are not a number of
    years apart.
    """
    if on >= period.last or on < period.start:
        return span_of(base)
    months = (period.start.year - base.start.year) * 12 + period.start.month - base.start.month
    if months % 12 == 0:
        year = on.year - months // 12
        leap = on.month == 2 and on.day == 29
        same = date(year, 2, 28) if leap and not _leap(year) else on.replace(year=year)
        return Span(base.start, same + timedelta(days=1))
    gone = (on - period.start).days + 1
    return Span(base.start, min(base.until, base.start + timedelta(days=gone)))


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
