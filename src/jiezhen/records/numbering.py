"""Codes of records: DT-2023-000713, one series for each prefix and year of an office."""

import re
from datetime import datetime

from jiezhen.kernel import clock
from jiezhen.packs.schema import Kind
from jiezhen.records.models import Counter, Row

_CODE = re.compile(r"(?P<prefix>[A-Z]+)-(?P<year>\d{4})-(?P<number>\d{1,12})")


def number(office_id: int, spec: Kind, rows: list[Row], at: datetime) -> None:
    """Give codes to the rows that have none: one counter for each prefix and year."""
    waiting: dict[int, list[Row]] = {}
    for row in rows:
        if not row.code:
            opened = getattr(row, "opened_on", None) or row.on or clock.day_of(at)
            waiting.setdefault(opened.year, []).append(row)
    for year, some in waiting.items():
        series = f"{spec.code}-{year}"
        counter = _counter(office_id, series)
        for row in some:
            counter.latest += 1
            row.code = f"{series}-{counter.latest:06d}"
        counter.save(update_fields=["latest"])


def _counter(office_id: int, series: str) -> Counter:
    """Return the locked counter of a series."""
    found, _made = Counter.objects.select_for_update().get_or_create(
        office_id=office_id, series=series
    )
    return found


def pass_by(office_id: int, spec: Kind, rows: list[Row]) -> None:
    """Let the counters pass the codes that records brought along, so that none is given twice."""
    highest: dict[str, int] = {}
    for row in rows:
        match = _CODE.fullmatch(row.code)
        if match and match["prefix"] == spec.code:
            series = f"{spec.code}-{match['year']}"
            highest[series] = max(highest.get(series, 0), int(match["number"]))
    for series, number in highest.items():
        counter = _counter(office_id, series)
        if counter.latest < number:
            counter.latest = number
            counter.save(update_fields=["latest"])
