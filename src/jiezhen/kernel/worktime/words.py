"""What a timer says: its light, and what is left or in excess, in words.

A light turns red after the deadline, not at it, as a matter closed at its deadline is closed in
time. Numbers are cut, never rounded up: what is said to be left is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from jiezhen.kernel.worktime.calendars import Calendar
from jiezhen.kernel.worktime.clocks import (
    DAY,
    EVEN,
    HOUR,
    TimeUnit,
    local,
    run,
    worked,
)
from jiezhen.kernel.worktime.tables import MICROSECOND

Light = Literal["green", "yellow", "red"]
LAMPS: dict[Light, tuple[str, str]] = {
    "green": ("正常", "On time"),
    "yellow": ("快到期", "Due soon"),
    "red": ("超期", "Overdue"),
}
MINUTE = HOUR // 60

#: Hours day and night are told in days from two days on.
LONG = 2 * DAY


@dataclass(frozen=True, slots=True)
class Words:
    """What a timer says at a moment.

    Attributes:
        light: Its colour.
        zh: 剩5个工作日, 剩1小时20分, 超期2个工作日.
        en: The same in English.
    """

    light: Light
    zh: str
    en: str

    @property
    def lamp(self) -> tuple[str, str]:
        """The word of the light, in Chinese and English."""
        return LAMPS[self.light]

    @property
    def line(self) -> str:
        """The word of the light and the words: 正常 剩5个工作日, 超期 2个工作日."""
        if self.light == "red":
            return f"超期 {self.zh.removeprefix('超期')}"
        return f"{self.lamp[0]} {self.zh}"

    @property
    def line_en(self) -> str:
        """The same in English."""
        return f"{self.lamp[1]}: {self.en}"


def words(
    at: datetime,
    due_at: datetime,
    unit: TimeUnit,
    calendar: Calendar,
    warn_at: datetime | None = None,
) -> Words:
    """Return what a running timer says.

    Args:
        at: Now.
        due_at: Its deadline.
        unit: The unit in which the deadline was given.
        calendar: The office's.
        warn_at: From when the light is yellow; without it the light stays green until the deadline.

    Raises:
        BadTime: A moment has no zone or working time is not kept so far.
    """
    now, end = local(at), local(due_at)
    if now > end:
        zh, en = _told(*_length(end, now, unit, calendar))
        return Words("red", f"超期{zh}", f"{en} over")
    light: Light = "yellow" if warn_at is not None and now >= warn_at else "green"
    if unit not in EVEN and now < end and not worked(now, end, calendar.table):
        return Words(light, "上班即到期", "due when work begins")
    zh, en = _told(*_length(now, end, unit, calendar))
    return Words(light, f"剩{zh}", f"{en} left")


def _length(
    first: datetime, last: datetime, unit: TimeUnit, calendar: Calendar
) -> tuple[int, str, str, int]:
    """Return whole days, what they are called in both languages, and microseconds."""
    if unit in EVEN:
        length = (last - first) // MICROSECOND
        days = 0 if unit == "urgent_hour" and length < LONG else length // DAY
        return days, "天", "day", length
    table = calendar.table
    return run(first, last, table)[0], "个工作日", "working day", worked(first, last, table)


def _told(days: int, zh: str, en: str, length: int) -> tuple[str, str]:
    """Return a length of time in Chinese and English: days, else hours and minutes."""
    if days:
        return f"{days}{zh}", f"{days} {en}{'s' if days > 1 else ''}"
    hours, minutes = divmod(length // MINUTE, 60)
    if hours and minutes:
        return f"{hours}小时{minutes:02d}分", f"{hours} h {minutes:02d} min"
    if hours:
        return f"{hours}小时", f"{hours} h"
    if minutes:
        return f"{minutes}分钟", f"{minutes} min"
    return "不到1分钟", "less than 1 min"
