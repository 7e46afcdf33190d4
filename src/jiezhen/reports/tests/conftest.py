"""A small pack in force, and its records for the first half of 2023."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jiezhen.conftest import AT, Cast
from jiezhen.indicators import operations as indicators
from jiezhen.indicators.operations import Number
from jiezhen.kernel.periods import Period
from jiezhen.packs import registry
from jiezhen.records import operations as records

PACK = Path(__file__).parent / "pack"
HALF, YEAR = Period.parse("2023H1"), Period.parse("2023")


@pytest.fixture
def pack(monkeypatch: pytest.MonkeyPatch) -> registry.Catalogue:
    """Put the sample pack in force, beside the roles of the product."""
    found = registry.load([registry.BUILT_IN / "office", PACK])
    monkeypatch.setattr(registry, "_current", found)
    return found


@pytest.fixture
def write(pack: registry.Catalogue, cast: Cast) -> Callable[..., Any]:
    """Return what writes one record through the ordinary operation."""

    def one(kind: str, unit: str = "c1", at: datetime = AT, **values: Any) -> Any:
        return records.create(cast.system, kind, cast.unit(unit), values, at)

    return one


@pytest.fixture
def half_year(write: Callable[..., Any], cast: Cast, still: datetime) -> Cast:
    """Sixteen lifts until June and two in July, 10431 meals, a target and supplied revenue."""
    for n in range(16):
        write(
            "town.lift",
            address=f"沧源路{n}号",
            completed_on=date(2023, 1 + n % 6, 1 + n),
            cost=Decimal(100000),
        )
    for n in range(2):
        write("town.lift", address=f"剑川路{n}号", completed_on=date(2023, 7, 1 + n))
    write("town.meal", place="电机", day=date(2023, 5, 2), visits=10431)
    write("town.meal", place="电机", day=date(2022, 5, 2), visits=9000)
    system = cast.system
    office = cast.unit("yunxiu")
    indicators.set_target(system, "town_lifts", office, YEAR, Decimal(36), AT)
    for period, value in (("2023H1", "5.36"), ("2022H1", "4.00"), ("2021H1", "4.50")):
        number = Number(office, Period.parse(period), Decimal(value), "区财政局快报")
        indicators.supply(system, "town_revenue", number, AT)
    return cast
