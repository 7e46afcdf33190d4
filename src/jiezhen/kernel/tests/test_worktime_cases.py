"""Deadlines by table: start, rule, expected, on both sides of every edge."""

import re
from pathlib import Path

import pytest

from jiezhen.kernel.tests.worktime_tools import CALENDARS, CASES, at, reckoned

ROWS = [row for rows in CASES["cases"].values() for row in rows]
PAGE = Path(__file__).resolve().parents[4] / "docs" / "algorithms" / "working-time.md"
TOLD = re.findall(
    r"^\| (\d{4}-\d\d-\d\d \d\d:\d\d) \| ([^|]+) \| (\d{4}-\d\d-\d\d \d\d:\d\d) \|",
    PAGE.read_text("utf-8"),
    re.MULTILINE,
)


@pytest.mark.parametrize("row", ROWS, ids=[" ".join(row) for row in ROWS])
def test_a_row_of_the_table(row):
    start, rule, expected, *name = row
    assert reckoned(start, rule, *name) == at(expected)


def test_every_calendar_and_unit_is_used():
    assert {row[3] for row in ROWS if len(row) == 4} | {""} == set(CALENDARS)
    for unit in ("work_day", "work_hour", "urgent_hour", "calendar_day"):
        assert sum(unit in row[1] for row in ROWS) >= 5


def test_the_page_about_it_tells_the_truth():
    assert len(TOLD) >= 12
    for start, rule, expected in TOLD:
        assert reckoned(start, rule.strip()) == at(expected), (start, rule)
