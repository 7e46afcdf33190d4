"""Offers the table of activities to the machinery of records and to figures."""

from datetime import date, datetime
from typing import Any

from jiezhen.activities.models import Activity
from jiezhen.packs.schema import Kind
from jiezhen.records import shapes
from jiezhen.records.models import Row

#: Under this name a record keeps how the rows of its checklist were ticked.
TICKS = "_ticks"


def offer() -> None:
    """Make `Activity` the home of activities."""
    shapes.offer(
        shapes.Shape(
            name="activity",
            title="服务",
            model=Activity,
            columns={"on": "on", "until": "until"},
            prepare=_prepare,
            settle=_settle,
            given=("code", "on", "until"),
        )
    )


def _prepare(row: Row, kind: Kind, given: dict[str, Any], at: datetime) -> None:
    for name in ("on", "until"):
        value = given.get(name)
        setattr(row, name, date.fromisoformat(value) if isinstance(value, str) else value)
    if given.get(TICKS):
        row.data[TICKS] = given[TICKS]


def _settle(rows: list[Row], kind: Kind, viewer: Any, at: datetime) -> None:
    """Activity rows have nothing beside them."""
