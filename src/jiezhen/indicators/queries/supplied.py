"""Numbers that somebody outside supplied, and how they add up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from jiezhen.indicators.models import Supplied
from jiezhen.indicators.rules.units import Reach
from jiezhen.kernel import clock
from jiezhen.kernel.periods import BadPeriod, Kind, Period
from jiezhen.packs.schema import Statistic


@dataclass(frozen=True, slots=True)
class SuppliedRow:
    """One supplied number in the unit of its statistic, as it stands or stood."""

    id: int
    statistic: str
    unit_id: int
    period: str
    value: Decimal | None
    base: Decimal | None
    growth: Decimal | None
    source: str
    at: datetime
    actor: str
    supersedes: int | None


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of a statistic for a unit and a period; `missing` names absent parts."""

    value: Decimal | None
    rows: tuple[SuppliedRow, ...] = ()
    missing: tuple[Period, ...] = ()


@dataclass(slots=True)
class Shelf:
    """The current numbers of some statistics of an office."""

    rows: dict[tuple[str, str], dict[int, SuppliedRow]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def given(
        self, spec: Statistic, unit: int, period: Period, reach: Reach, at: datetime
    ) -> Given:
        """Return a statistic for a unit and period: its own number, else from its parts.

        A unit without a number of its own takes the sum of those below it.
        """
        own = self._exact(spec, unit, period.code, reach)
        if own or spec.roll == "none":
            return _summed(own)
        step: Kind = spec.by
        parts = _parts(period, step)
        if not parts:
            return Given(None)
        on = clock.day_of(at)
        due = [p for p in parts if p.until <= on + timedelta(days=1)]
        found = {p: self._exact(spec, unit, p.code, reach) for p in parts}
        if spec.roll == "latest":
            held = [rows for rows in found.values() if rows]
            return _summed(held[-1]) if held else Given(None)
        rows = tuple(r for some in found.values() for r in some)
        missing = tuple(p for p in due if not found[p])
        return Given(_summed(rows).value, rows, missing if rows else ())

    def _exact(
        self, spec: Statistic, unit: int, code: str, reach: Reach
    ) -> tuple[SuppliedRow, ...]:
        known = self.rows.get((spec.name, code), {})
        if unit in known:
            return (known[unit],)
        if spec.roll == "none" or spec.unit in ("%", "‰"):
            return ()
        below = [u for u in known if unit in reach.above.get(u, ()) and u != unit]
        tops = [u for u in below if not set(reach.above.get(u, ())) & (set(below) - {u})]
        return tuple(known[u] for u in tops)


def _parts(period: Period, step: Kind) -> list[Period]:
    found = {Period.of(month.start, step): None for month in period.months}
    return [p for p in found if period.contains(p)]


def _summed(rows: Iterable[SuppliedRow]) -> Given:
    listed = tuple(rows)
    known = [r.value for r in listed if r.value is not None]
    return Given(sum(known, Decimal(0)) if known else None, listed)


def shelf(office_id: int, statistics: Iterable[str], at: datetime) -> Shelf:
    """Return the numbers of statistics as they stood at a moment: one statement, or none."""
    names = sorted(set(statistics))
    found = Shelf()
    if not names:
        return found
    for row in history_rows(office_id, names, at):
        place = found.rows[row.statistic, row.period]
        if row.value is None:
            place.pop(row.unit_id, None)
        else:
            place[row.unit_id] = row
    return found


def history_rows(
    office_id: int, statistics: Iterable[str], at: datetime, **only: Any
) -> list[SuppliedRow]:
    """Return every supplied row, revisions too, oldest first."""
    rows = Supplied.objects.for_system("aggregates without names are open to the office")
    rows = rows.filter(office_id=office_id, statistic__in=list(statistics), at__lte=at, **only)
    fields = (
        "id",
        "statistic",
        "unit_id",
        "period",
        "value",
        "base",
        "growth",
        "source",
        "at",
        "actor",
    )
    return [
        SuppliedRow(**{k: row[k] for k in fields}, supersedes=row["supersedes_id"])
        for row in rows.order_by("id").values(*fields, "supersedes_id")
    ]


def readable(code: str) -> Period | None:
    """Return a stored period, None when its code is no longer read."""
    try:
        return Period.parse(code)
    except BadPeriod:
        return None
