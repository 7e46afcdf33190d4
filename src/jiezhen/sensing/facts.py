"""Offers the table of observations to the machinery of records and to figures."""

from datetime import date, datetime
from typing import Any

from jiezhen.packs.schema import Kind
from jiezhen.records import shapes
from jiezhen.records.models import Row
from jiezhen.sensing.models import Observation


def offer() -> None:
    """Make `Observation` the home of observations."""
    shapes.offer(
        shapes.Shape(
            name="observation",
            title="观测",
            model=Observation,
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


def _settle(rows: list[Row], kind: Kind, viewer: Any, at: datetime) -> None:
    """Observation rows have nothing beside them."""
