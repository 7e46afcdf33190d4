"""A small pack in which every measure occurs, and rows that are written past the forms."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from jiezhen.conftest import AT, Cast
from jiezhen.packs import registry
from jiezhen.records import shapes
from jiezhen.records.operations import derive

PACK = Path(__file__).parent / "pack"


@pytest.fixture(autouse=True)
def pack(monkeypatch: pytest.MonkeyPatch) -> registry.Catalogue:
    """Put the sample pack in force, beside the roles of the product."""
    found = registry.load([registry.BUILT_IN / "office", PACK])
    monkeypatch.setattr(registry, "_current", found)
    return found


class Writer:
    """Writes rows of a kind straight into the table, as bulk data."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.number = 0

    def __call__(self, kind: str, unit: str, at: datetime = AT, **values: Any) -> Any:
        row = self.row(kind, unit, at, **values)
        row.save()
        return row

    def row(self, kind: str, unit: str, at: datetime = AT, **values: Any) -> Any:
        """Return an unsaved row; names that start with `_` are columns of the table."""
        self.number += 1
        spec = shapes.kind_of(kind)
        columns = {k[1:]: v for k, v in values.items() if k.startswith("_")}
        data = {k: v for k, v in values.items() if not k.startswith("_") and v is not None}
        if spec.shape == "matter":
            columns.setdefault("state", spec.flow_spec.start)
            columns.setdefault("opened_on", date(2023, 1, 1))
            if spec.on == "opened_on":
                columns["on"] = columns["opened_on"]
        row = shapes.model_of(kind)(
            office_id=self.cast.system.office_id,
            unit_id=self.cast.unit(unit).id,
            kind=kind,
            code=f"T{self.number}",
            data=data,
            created_at=at,
            changed_at=at,
            **columns,
        )
        if spec.on in spec.fields:
            derive(row, spec, data)
        return row


@pytest.fixture
def write(cast: Cast) -> Callable[..., Any]:
    """Return the writer of rows."""
    return Writer(cast)
