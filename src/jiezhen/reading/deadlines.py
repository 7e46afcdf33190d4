"""From when until when a promise runs: 下半年新增 starts on 1 July and ends on 31 December."""

from __future__ import annotations

import calendar
import re
from typing import Final

from jiezhen.reading.frames import Frame

Window = tuple[str | None, str | None]

_HALVES: Final = {"H1": ("01-01", "06-30"), "H2": ("07-01", "12-31")}
_QUARTERS: Final = {
    "Q1": ("01-01", "03-31"),
    "Q2": ("04-01", "06-30"),
    "Q3": ("07-01", "09-30"),
    "Q4": ("10-01", "12-31"),
    "Q1-Q3": ("01-01", "09-30"),
}
_SAID: Final = re.compile(
    r"(?:(?P<year>20\d\d)年)?(?:(?P<month>1[0-2]|[1-9])月)(?:(?P<day>[12]?\d|3[01])日|底|末)?(?:之?前|底|末|内|份|完成|建成)"
    r"|(?P<close>年底|年内|全年|年度|年末)|(?P<half>上半年|下半年)|(?P<quarter>[一二三四])季度|(?P<until>20\d\d)年(?:底|末|年底)"
)


def window(sentence: str, clause: str, frame: Frame) -> Window:
    """Return the first and last day (ISO) of a promise; None where neither its words nor its section say a year.

    The clause speaks first, then its sentence, then the period of the section.
    """
    year = int(frame.period[:4]) if frame.period else frame.year
    for words in (clause, sentence):
        found = _SAID.search(words)
        if found:
            said = _said(found, year)
            if said is not None:
                return said
    return of_period(frame.period)


def of_period(period: str | None) -> Window:
    """Return the first and last day of 2023, 2023H2, 2023Q1 or 2023-06."""
    if period is None:
        return None, None
    year, part = period[:4], period[4:]
    if part.startswith("-"):
        last = calendar.monthrange(int(year), int(part[1:]))[1]
        return f"{period}-01", f"{period}-{last}"
    first, last_day = (_HALVES | _QUARTERS).get(part, ("01-01", "12-31"))
    return f"{year}-{first}", f"{year}-{last_day}"


def _said(found: re.Match[str], year: int | None) -> Window | None:
    if found["until"]:
        return None, f"{found['until']}-12-31"
    year = int(found["year"]) if found["year"] else year
    if year is None:
        return None
    if found["month"]:
        month = int(found["month"])
        day = int(found["day"] or calendar.monthrange(year, month)[1])
        return None, f"{year}-{month:02d}-{day:02d}"
    if found["close"]:
        return f"{year}-01-01", f"{year}-12-31"
    if found["half"]:
        return of_period(f"{year}{'H1' if found['half'] == '上半年' else 'H2'}")
    return of_period(f"{year}Q{'一二三四'.index(found['quarter']) + 1}")
