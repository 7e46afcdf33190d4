"""Measure deadlines a second beside the raw limit: the same starts with a plain timedelta added.

    python bench/worktime.py [--small]

Ends with 1 when fewer than 100,000 deadlines a second are found on one core.
"""

# ruff: noqa: T201 - a benchmark prints its table

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from bench import small, table  # noqa: E402
from jiezhen.kernel.clock import ZONE  # noqa: E402
from jiezhen.kernel.worktime import (  # noqa: E402
    Calendar,
    TimeUnit,
    after_pause,
    due,
    spent,
    warn_at,
    words,
)

WANTED = 100_000
OWN = Calendar(days_off=frozenset({date(2023, 7, 12)}))
DUE: tuple[tuple[float, TimeUnit], ...] = (
    (5, "work_day"),
    (0.5, "work_day"),
    (12, "work_hour"),
    (2, "urgent_hour"),
    (5, "calendar_day"),
)


def starts(number: int) -> list[datetime]:
    """Return moments of a year, day and night."""
    chance = random.Random(5)
    first = datetime(2023, 1, 1, tzinfo=ZONE)
    return [first + timedelta(seconds=chance.randrange(365 * 86_400)) for _ in range(number)]


def pace(work: Callable[[datetime], object], moments: list[datetime]) -> float:
    """Return calls a second of processor time, the best of three runs."""
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        for moment in moments:
            work(moment)
        best = min(best, time.process_time() - begun)
    return len(moments) / best


def main() -> int:
    """Print the table; return 0 when the mark is met."""
    moments = starts(5_000 if small() else 20_000)
    begun = time.process_time()
    due(moments[0], 1, "work_day", OWN)
    built = time.process_time() - begun
    five = timedelta(days=5)
    raw = pace(lambda at: at + five, moments)
    calls: dict[str, Callable[[datetime], object]] = {
        f"due, {amount:g} {unit}": lambda at, a=amount, u=unit: due(at, a, u, OWN)
        for amount, unit in DUE
    }
    week = timedelta(days=7)
    calls["spent, a week of work_day"] = lambda at: spent(at, at + week, "work_day", OWN)
    calls["after_pause, a week"] = lambda at: after_pause(at, at, at + week, "work_day", OWN)
    calls["warn_at, a week"] = lambda at: warn_at(at, at + week, "work_day", OWN)
    calls["words, a week"] = lambda at: words(at, at + week, "work_day", OWN)
    found = {name: pace(call, moments) for name, call in calls.items()}
    rows = [("datetime + timedelta (the raw limit)", f"{raw:,.0f}", "1.0")]
    rows += [(name, f"{each:,.0f}", f"{raw / each:.1f}") for name, each in found.items()]
    print(table("Working time, one core", ("what", "a second", "× raw"), rows))
    slowest = min(each for name, each in found.items() if name.startswith("due"))
    print(f"table of one calendar built in {built * 1000:.0f} ms")
    print(f"slowest deadline {slowest:,.0f} a second, wanted {WANTED:,}")
    return 0 if slowest >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
