"""The one place where the clock is read.

Views, commands and workers call `now()` or `today()` and pass the result down as `at`; inner code
never asks for the time. `JIEZHEN_NOW` makes the clock stand still for demonstrations and tests.
"""

from __future__ import annotations

import os
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")

#: A day without an hour in JIEZHEN_NOW means the opening of the office.
OPENING = time(9, 0)


class BadClock(ValueError):
    """JIEZHEN_NOW is neither a day nor a moment."""

    def __init__(self, text: str) -> None:
        self.message = (
            f"JIEZHEN_NOW 的值“{text}”不是日期或时间，请写成 2023-07-03 或 2023-07-03T09:00。"
        )
        self.message_en = (
            f"JIEZHEN_NOW is {text!r}, which is no day or moment; "
            "write 2023-07-03 or 2023-07-03T09:00."
        )
        super().__init__(self.message)


def now() -> datetime:
    """Return the present moment, aware, in Asia/Shanghai.

    Raises:
        BadClock: JIEZHEN_NOW is set and cannot be read.
    """
    standing = os.environ.get("JIEZHEN_NOW", "").strip()
    if standing:
        return moment(standing)
    return datetime.now(tz=ZONE)  # noqa: TID251 -- the edge itself


def today() -> date:
    """Return the present day in Asia/Shanghai."""
    return now().date()


def day_of(at: date | datetime) -> date:
    """Return the local day of a moment; a day is returned as it is.

    Raises:
        ValueError: The moment carries no zone, so that its day is not known.
    """
    if not isinstance(at, datetime):
        return at
    if at.tzinfo is None:
        raise ValueError("a moment without a zone has no day")
    return at.astimezone(ZONE).date()


@lru_cache(maxsize=8)
def as_day(value: str | date | None) -> date | None:
    """Return a day that a statement or a file gave: SQLite gives it as text; blank is none."""
    if isinstance(value, str):
        return date.fromisoformat(value) if value else None
    return value


def moment(text: str) -> datetime:
    """Return the moment written in `text` (ISO 8601), in Asia/Shanghai.

    A day alone means nine o'clock; a time without offset is local.

    Raises:
        BadClock: The text is neither.
    """
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise BadClock(text) from None
    if "T" not in text and " " not in text:
        read = datetime.combine(read.date(), OPENING)
    return read.replace(tzinfo=ZONE) if read.tzinfo is None else read.astimezone(ZONE)
