"""What clocks and routes need to know about an office: its hours, its standards, its tables."""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, Sum

from jiezhen.kernel.kept import Kept
from jiezhen.kernel.worktime import NATIONAL, Calendar
from jiezhen.matters.facts import flow_of
from jiezhen.matters.models import Matter
from jiezhen.matters.rules import routes, standards
from jiezhen.matters.rules.timers import Setting
from jiezhen.packs.flows import Amount, Standard
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Kind
from jiezhen.packs.tables import Calendar as CalendarSpec
from jiezhen.packs.tables import Hours
from jiezhen.people.access import Viewer
from jiezhen.records import shapes
from jiezhen.units import queries as units
from jiezhen.units.queries import Tree, UnitRow


def calendar() -> Calendar:
    """Return the office's working time: the national holidays and what packs add."""
    told = tuple(catalogue().calendars.values())
    return _calendar(told)


@lru_cache(maxsize=4)
def _calendar(told: tuple[CalendarSpec, ...]) -> Calendar:
    if not told:
        return NATIONAL
    hours = next((c.hours for c in reversed(told) if c.hours), ())
    return Calendar(
        days_off=frozenset(date.fromisoformat(d) for c in told for d in c.days_off),
        days_on=frozenset(date.fromisoformat(d) for c in told for d in c.days_on),
        hours=tuple(map(_hours, hours)) or NATIONAL.hours,
    )


def _hours(spec: Hours) -> tuple[date, tuple[tuple[time, time], ...]]:
    spans = (period.split("-") for period in spec.periods)
    return date.fromisoformat(spec.since), tuple(
        (time.fromisoformat(a), time.fromisoformat(b)) for a, b in spans
    )


def setting(row: Matter, kind: Kind, tree: Tree) -> Setting:
    """Return what the clocks of a matter need to know."""
    place = tree.unit(row.grid_id or row.unit_id)
    area = tree.area_class(place) if place else "B"
    return Setting(calendar(), area, _standards(row, kind, area))


def _standards(row: Matter, kind: Kind, area: str) -> Callable[[str], Amount | None]:
    def find(timer: str) -> Amount | None:
        spec = flow_of(kind).timers[timer].standard
        return _standard(spec, row, area) if spec is not None else None

    return find


Entries = dict[tuple[str, ...], list[dict[str, Any]]]
#: Asked at every use whether it changed: a standard that was just imported holds at once.
_kept: Kept[tuple[int, str, tuple[str, ...]], Entries] = Kept(seconds=0)


def _standard(spec: Standard, row: Matter, area: str) -> Amount | None:
    """Return the length that the register's entry for this matter gives, None without one."""
    names = tuple(spec.match)
    wanted = tuple(str(row.data.get(field) or "") for field in spec.match.values())
    if not all(wanted):
        return None
    field = spec.amount.get(area) or next(iter(spec.amount.values()))  # type: ignore[call-overload]
    entries = _register(row.office_id, spec.kind, names).get(wanted, [])
    # Tables write 0 where they mean nothing: no matter is late when it comes in.
    dated = [e for e in entries if e.get(field) and e.get(spec.unit)]
    if not dated:
        return None
    entry = standards.named(dated, spec.narrow, row.data)
    return Amount(amount=entry[field], unit=entry[spec.unit])


def _register(office_id: int, kind: str, names: tuple[str, ...]) -> Entries:
    """Return a register's live entries by the fields that find them, as they were entered.

    Kept in memory.
    """
    rows = (
        shapes.model_of(kind)
        .objects.for_system("standards hold for the whole office")
        .filter(office_id=office_id, kind=kind, withdrawn_at=None)
        .order_by("id")
    )

    def stamp() -> object:
        found = rows.aggregate(Max("changed_at"), Max("id"), Sum("version"), Count("id"))
        return tuple(found.values())

    def load() -> Entries:
        found: Entries = {}
        for data in rows.values_list("data", flat=True):
            found.setdefault(tuple(str(data.get(n) or "") for n in names), []).append(data)
        return found

    return _kept.get((office_id, kind, names), stamp, load)


def route(
    kind: Kind, values: dict[str, Any], grid: UnitRow | None, tree: Tree, at: datetime
) -> routes.Chosen[UnitRow]:
    """Return the unit that the tables of routes make responsible, with what is wrong with them."""
    area = tree.area_class(grid) if grid else "B"

    def resolve(to: str) -> UnitRow | None:
        word, _slash, level = to.partition("/")
        if word != routes.GRID:
            return tree.named(to)
        if grid is None or not level:
            return grid
        return next(iter(tree.above(grid, level)), None)

    rows = catalogue().routes_of(kind.name)
    return routes.choose(rows, values, area, at, calendar(), resolve)


def route_faults(viewer: Viewer, at: datetime) -> list[str]:
    """Return what is wrong with the tables of routes for an office, each fault a sentence."""
    tree = units.tree(viewer.office_id, at)
    found = []
    for table in catalogue().routes.values():
        for place, row in enumerate(table.rows, 1):
            if row.to.partition("/")[0] != routes.GRID and tree.named(row.to) is None:
                found.append(
                    f"派单表“{table.name}”第{place}行：没有单元“{row.to}”。请改表或补单元。"
                )
    return found
