"""Working time: deadlines, pauses and what is left, on four clocks.

    at = datetime(2023, 6, 21, 9, 12, tzinfo=ZONE)
    end = due(at, 5, "work_day", NATIONAL)                # 2023-06-29 09:12, over 端午 and its make-up day
    words(at, end, "work_day", NATIONAL).zh               # 剩5个工作日

Every moment is aware and every result is in Asia/Shanghai. `due(at, 0, "work_hour", calendar)` is
the next working moment, for reminders that should not come at night. The rules, with their
guarantees and a worked table, are in docs/algorithms/working-time.md.
"""

from __future__ import annotations

from jiezhen.kernel.worktime.calendars import NATIONAL, PACKAGE, Calendar
from jiezhen.kernel.worktime.clocks import (
    UNITS,
    TimeUnit,
    after_pause,
    due,
    extended,
    known,
    spent,
    warn_at,
)
from jiezhen.kernel.worktime.tables import BadTime
from jiezhen.kernel.worktime.words import Light, Words, words

__all__ = [
    "NATIONAL",
    "PACKAGE",
    "UNITS",
    "BadTime",
    "Calendar",
    "Light",
    "TimeUnit",
    "Words",
    "after_pause",
    "due",
    "extended",
    "known",
    "spent",
    "warn_at",
    "words",
]
