"""Which unit is responsible: the first row of the tables that fits."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from jiezhen.kernel import clock
from jiezhen.kernel.worktime import Calendar
from jiezhen.matters.rules.flows import met
from jiezhen.packs.tables import Route, Routes

U = TypeVar("U")
GRID = "grid"


@dataclass(frozen=True, slots=True)
class Chosen(Generic[U]):
    """The unit that a row names; `fault` says what is wrong with the row that fitted."""

    unit: U | None
    row: int = 0
    table: str = ""
    fault: str = ""


def choose(  # noqa: PLR0913  # a row looks at what, where and when
    rows: Iterable[tuple[Routes, Route]],
    values: Mapping[str, Any],
    area: str,
    at: datetime,
    calendar: Calendar,
    resolve: Callable[[str], U | None],
) -> Chosen[U]:
    """Return the unit of the first row that fits.

    `resolve` finds a unit by what stands in `to`. A row that fits but names no unit is a fault
    that is told, never passed over in silence; for `grid` the next row is asked, because a place
    may lie outside every grid.
    """
    places: dict[str, int] = {}
    for table, row in rows:
        places[table.name] = places.get(table.name, 0) + 1
        if not fits(row, values, area, at, calendar):
            continue
        unit = resolve(row.to)
        if unit is None and row.to.partition("/")[0] == GRID:
            continue
        fault = "" if unit is not None else f"没有单元“{row.to}”"
        return Chosen(unit, places[table.name], table.name, fault)
    return Chosen(None)


def fits(
    row: Route, values: Mapping[str, Any], area: str, at: datetime, calendar: Calendar
) -> bool:
    """Say whether a row speaks of a matter: its class of area, the hour, the day, its words."""
    day = clock.day_of(at).isoformat()
    if (row.since and day < row.since) or (row.until and day >= row.until):
        return False
    if row.area is not None and row.area != area:
        return False
    if row.hours is not None and (row.hours == "work") != at_work(at, calendar):
        return False
    return met(row.condition, values)


def at_work(at: datetime, calendar: Calendar) -> bool:
    """Say whether a moment lies within the office's working hours."""
    local = at.astimezone(clock.ZONE)
    if not calendar.is_workday(local.date()):
        return False
    return any(a <= local.time() < b for a, b in calendar.periods(local.date()))
