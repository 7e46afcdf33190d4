"""Periods: the spans of time that figures are told for.

A period is a half-open span of whole months with a code that is read back to the same period:

    2023       the calendar year
    2023H1     a half year            2023Q2   a quarter           2023-06   a month
    2023Y11    the office's own year named 2023 that begins in November: 2022-11-01 to 2023-10-31

An own year is named by the calendar year in which it ends. Working days, deadlines and words such
as 本年 are not here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Literal, get_args

from jiezhen.kernel.clock import day_of

Kind = Literal["year", "half", "quarter", "month", "office_year"]
KINDS: tuple[Kind, ...] = get_args(Kind)

#: Months in a period of each kind.
LENGTHS: dict[Kind, int] = {"year": 12, "half": 6, "quarter": 3, "month": 1, "office_year": 12}

EARLIEST, LATEST = 1900, 2999
_CODE = re.compile(
    r"(?P<year>[0-9]{4})(?:H(?P<half>[12])|Q(?P<quarter>[1-4])"
    r"|-(?P<month>0[1-9]|1[0-2])|Y(?P<office_year>0[2-9]|1[0-2]))?"
)
_QUARTERS = "一二三四"


class BadPeriod(ValueError):
    """A period cannot be read or lies outside the years that are kept."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.message = (
            f"读不懂期间“{code}”，请写成 2023、2023H1、2023Q2、2023-06 或 2023Y11"
            f"（{EARLIEST} 至 {LATEST} 年）。"
        )
        self.message_en = (
            f"{code!r} is no period; write 2023, 2023H1, 2023Q2, 2023-06 or 2023Y11 "
            f"(years {EARLIEST} to {LATEST})."
        )
        super().__init__(self.message)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of whole months, from `start` until the day before `until`.

    Periods order by their start, a shorter one before a longer one with the same start.
    """

    start: date
    until: date
    code: str

    @classmethod
    def parse(cls, code: str) -> Period:
        """Return the period with this code.

        Raises:
            BadPeriod: The text is no code.
        """
        return _parsed(code.strip())

    @classmethod
    def of(cls, day: date, kind: Kind, first_month: int = 1) -> Period:
        """Return the period of `kind` in which `day` lies.

        Args:
            day: A day, or an aware moment, whose local day is taken.
            kind: One of `KINDS`.
            first_month: The month in which the office's own year begins (1 to 12); used by
                office_year alone, and 1 gives the calendar year.

        Raises:
            BadPeriod: The year is out of range, or `kind` or `first_month` does not exist.
        """
        if kind not in KINDS or not 1 <= first_month <= 12:
            raise BadPeriod(f"{kind}/{first_month}")
        day = day_of(day)
        if kind == "office_year" and first_month > 1:
            named = day.year + (day.month >= first_month)
            return cls.parse(f"{named:04d}Y{first_month:02d}")
        return _from_month(
            day.year * 12 + day.month - 1, "year" if kind == "office_year" else kind
        )

    @property
    def kind(self) -> Kind:
        """Return year, half, quarter, month or office_year."""
        match = _CODE.fullmatch(self.code)
        if match is None:
            raise BadPeriod(self.code)
        name = match.lastgroup
        return "year" if name == "year" else name  # type: ignore[return-value]

    @property
    def title(self) -> str:
        """Return the period in Chinese: 2023年, 2023年上半年, 2023年第二季度, 2023年6月."""
        year, month = self.start.year, self.start.month
        match self.kind:
            case "year":
                return f"{year}年"
            case "half":
                return f"{year}年{'上' if month == 1 else '下'}半年"
            case "quarter":
                return f"{year}年第{_QUARTERS[month // 3]}季度"
            case "month":
                return f"{year}年{month}月"
        last = self.last
        return f"{last.year}年度（{year}年{month}月至{last.year}年{last.month}月）"

    @property
    def title_en(self) -> str:
        """Return the period in English: 2023, first half of 2023, Q2 2023, June 2023."""
        year, month = self.start.year, self.start.month
        match self.kind:
            case "year":
                return f"{year}"
            case "half":
                return f"{'first' if month == 1 else 'second'} half of {year}"
            case "quarter":
                return f"Q{month // 3 + 1} {year}"
            case "month":
                return f"{_MONTHS[month - 1]} {year}"
        last = self.last
        return (
            f"year {last.year} ({_MONTHS[month - 1]} {year} to {_MONTHS[last.month - 1]} "
            f"{last.year})"
        )

    @property
    def last(self) -> date:
        """Return the last day that belongs to the period."""
        return self.until - timedelta(days=1)

    @property
    def days(self) -> int:
        """Return the number of days in the period."""
        return (self.until - self.start).days

    @property
    def months(self) -> tuple[Period, ...]:
        """Return the months of the period in order; a month gives itself."""
        first = self.start.year * 12 + self.start.month - 1
        return tuple(_from_month(first + step, "month") for step in range(LENGTHS[self.kind]))

    def previous(self) -> Period:
        """Return the period of the same kind just before (环比)."""
        return self.shifted(-1)

    def next(self) -> Period:
        """Return the period of the same kind just after."""
        return self.shifted(1)

    def years_before(self, n: int = 1) -> Period:
        """Return the same period `n` years earlier (同比); a negative `n` goes forward."""
        year = int(self.code[:4]) - n
        if not EARLIEST <= year <= LATEST:
            raise BadPeriod(f"{year}{self.code[4:]}")
        return _parsed(f"{year:04d}{self.code[4:]}")

    def shifted(self, steps: int) -> Period:
        """Return the period of the same kind `steps` after this one, or before when negative.

        Raises:
            BadPeriod: The result leaves the years that are kept.
        """
        kind = self.kind
        if kind in ("year", "office_year"):
            return self.years_before(-steps)
        first = self.start.year * 12 + self.start.month - 1
        return _from_month(first + steps * LENGTHS[kind], kind)

    def elapsed(self, at: date) -> Fraction:
        """Return the share of the period's days that are gone on `at`, that day included.

        2023-07-03 in 2023 is 184/365. Before the start it is 0, from the last day on it is 1.
        """
        gone = (day_of(at) - self.start).days + 1
        return Fraction(min(max(gone, 0), self.days), self.days)

    def contains(self, other: Period) -> bool:
        """Return whether every day of `other` belongs to this period."""
        return self.start <= other.start and other.until <= self.until

    def __contains__(self, day: date | datetime) -> bool:
        """Return whether the day, or the local day of a moment, belongs to the period."""
        return self.start <= day_of(day) < self.until

    def __str__(self) -> str:
        """Return the code."""
        return self.code


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@lru_cache(maxsize=4096)
def _parsed(code: str) -> Period:
    match = _CODE.fullmatch(code)
    if match is None or not EARLIEST <= int(match["year"]) <= LATEST:
        raise BadPeriod(code)
    first = int(match["year"]) * 12
    if match["office_year"]:
        first += int(match["office_year"]) - 13
        length = 12
    elif match["half"]:
        first, length = first + 6 * (int(match["half"]) - 1), 6
    elif match["quarter"]:
        first, length = first + 3 * (int(match["quarter"]) - 1), 3
    elif match["month"]:
        first, length = first + int(match["month"]) - 1, 1
    else:
        length = 12
    return Period(_first_day(first), _first_day(first + length), code)


def _first_day(month: int) -> date:
    """Return the first day of a month counted from January of the year 0."""
    return date(month // 12, month % 12 + 1, 1)


def _from_month(month: int, kind: Kind) -> Period:
    """Return the period of a calendar kind in which the counted month lies."""
    year, index = divmod(month, 12)
    suffix = {
        "year": "",
        "half": f"H{index // 6 + 1}",
        "quarter": f"Q{index // 3 + 1}",
        "month": f"-{index + 1:02d}",
    }[kind]
    return Period.parse(f"{year:04d}{suffix}")
