"""Offers the table of entries to the machinery of records and to figures."""

from datetime import date, datetime
from typing import Any

from jiezhen.packs.schema import Kind
from jiezhen.records import shapes
from jiezhen.records.models import Row
from jiezhen.registers.models import Entry


def offer() -> None:
    """Make `Entry` the home of entries."""
    shapes.offer(
        shapes.Shape(
            name="entry",
            title="底数",
            model=Entry,
            columns={"valid_from": "on", "valid_until": "until"},
            prepare=_prepare,
            settle=_settle,
            given=("code", "valid_from", "valid_until"),
        )
    )


def _prepare(row: Row, kind: Kind, given: dict[str, Any], at: datetime) -> None:
    row.on = _day(given.get("valid_from"))
    row.until = _day(given.get("valid_until"))


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


def _settle(rows: list[Row], kind: Kind, viewer: Any, at: datetime) -> None:
    """Entries have nothing beside their row."""
