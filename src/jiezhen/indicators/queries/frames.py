"""The units of an office as figures need them, read once for a page."""

from dataclasses import dataclass
from datetime import datetime

from jiezhen.indicators.rules.units import Reach
from jiezhen.kernel import clock
from jiezhen.people.access import Viewer
from jiezhen.units import queries as unit_queries
from jiezhen.units.queries import UnitRow
from jiezhen.units.rules import valid


@dataclass(frozen=True, slots=True)
class Frame:
    """All units of an office, past ones too, and for which units the records of each count."""

    units: tuple[UnitRow, ...]
    by_id: dict[int, UnitRow]
    reach: Reach
    office: UnitRow
    at: datetime

    def find(self, unit: "UnitRow | int | str") -> UnitRow:
        """Return a unit by itself, its id, its code or one of its names.

        Raises:
            UnknownUnit: The office has no such unit.
        """
        if isinstance(unit, str):
            if unit in ("", "all"):
                return self.office
            return unit_queries.find_unit(list(self.units), unit)
        number = unit if isinstance(unit, int) else unit.id
        if number not in self.by_id:
            raise unit_queries.UnknownUnit(str(number))
        return self.by_id[number]

    def children(self, unit: UnitRow) -> list[UnitRow]:
        """Return the units right below, those in force and those that ended without an heir.

        Their figures add up to the unit's own, together with what was recorded in it directly or
        in a unit before it was split: that one counts its heirs too and would count them twice.
        """
        on = clock.day_of(self.at)
        return [
            u
            for u in self.units
            if u.parent_id == unit.id
            and (valid(u.valid_from, u.valid_until, on) or not (u.successor_id or u.heirs))
            and (u.valid_from is None or u.valid_from <= on)
        ]

    def of_level(self, level: str, under: UnitRow | None = None) -> list[UnitRow]:
        """Return the units of a level in force, below a unit when one is given."""
        on = clock.day_of(self.at)
        return [
            u
            for u in self.units
            if u.level == level
            and valid(u.valid_from, u.valid_until, on)
            and (under is None or u.path.startswith(under.path))
        ]


def frame(viewer: Viewer, at: datetime, *, polygons: bool = False) -> Frame:
    """Return the frame of the viewer's office at a moment: one statement."""
    units = tuple(unit_queries.units_of_office(viewer.office_id, polygons=polygons))
    by_id = {u.id: u for u in units}
    reach = Reach.of(units, clock.day_of(at))
    return Frame(units, by_id, reach, by_id[viewer.office_id], at)
