"""Codes of records: DT-2023-000713, one series for each prefix and year of an office."""

import re
from datetime import datetime

from django.db import connection

from jiezhen.kernel import clock
from jiezhen.packs.schema import Kind
from jiezhen.records.models import Counter, Row

_CODE = re.compile(r"(?P<prefix>[A-Z]+)-(?P<year>\d{4})-(?P<number>\d{1,12})")


def number(office_id: int, spec: Kind, rows: list[Row], at: datetime) -> None:
    """Give codes to the rows that have none: one counter for each prefix and year.

    One statement a series; the counter stays locked until the transaction ends.
    """
    waiting: dict[int, list[Row]] = {}
    for row in rows:
        if not row.code:
            opened = getattr(row, "opened_on", None) or row.on or clock.day_of(at)
            waiting.setdefault(opened.year, []).append(row)
    for year, some in waiting.items():
        series = f"{spec.code}-{year}"
        latest = _advance(office_id, series, by=len(some))
        for number_, row in enumerate(some, latest - len(some) + 1):
            row.code = f"{series}-{number_:06d}"


def pass_by(office_id: int, spec: Kind, rows: list[Row]) -> None:
    """Let the counters pass the codes that records brought along, so that none is given twice."""
    highest: dict[str, int] = {}
    for row in rows:
        match = _CODE.fullmatch(row.code)
        if match and match["prefix"] == spec.code:
            series = f"{spec.code}-{match['year']}"
            highest[series] = max(highest.get(series, 0), int(match["number"]))
    for series, number_ in highest.items():
        _advance(office_id, series, to=number_)


def _advance(office_id: int, series: str, *, by: int = 0, to: int = 0) -> int:
    """Move a series on by a step, or up to a number, and return where it stands."""
    table = Counter._meta.db_table
    ahead = f"{table}.latest + excluded.latest"
    upto = (
        f"CASE WHEN {table}.latest < excluded.latest THEN excluded.latest ELSE {table}.latest END"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (office_id, series, latest) VALUES (%s, %s, %s)"  # noqa: S608
            f" ON CONFLICT (office_id, series) DO UPDATE SET latest = {ahead if by else upto}"
            " RETURNING latest",
            [office_id, series, by or to],
        )
        return int(cursor.fetchone()[0])
