"""The units of an office in memory: found by id, code, name, path or point without a statement.

Freshness: a change made by this process is seen at once, one made by another process within
30 seconds (`kernel.kept`): then one statement by primary key asks whether the office's units
changed. Nothing of another office is ever in a tree.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from jiezhen.kernel import clock
from jiezhen.kernel.kept import Kept
from jiezhen.units.models import Unit
from jiezhen.units.queries.rows import UnitRow, units_of_office
from jiezhen.units.rules import AREA_CLASS, valid
from jiezhen.units.rules.geometry import Cell, GridIndex


@dataclass(frozen=True, slots=True)
class Grown:
    """All units of one office, past ones too, with what finds them. Never changed."""

    office_id: int
    revision: int
    units: tuple[UnitRow, ...]
    by_id: dict[int, UnitRow]
    by_code: dict[str, UnitRow]
    names: dict[str, tuple[UnitRow, ...]]
    paths: tuple[str, ...]
    index: GridIndex
    classes: dict[int, str]


@dataclass(frozen=True, slots=True)
class Tree:
    """The units of an office as of a day. Units come without their polygons."""

    grown: Grown
    on: date

    @property
    def revision(self) -> int:
        """Return the number that changes with every change of the units."""
        return self.grown.revision

    @property
    def units(self) -> tuple[UnitRow, ...]:
        """Return every unit in path order, past ones too."""
        return self.grown.units

    @property
    def office(self) -> UnitRow:
        """Return the root."""
        return self.grown.by_id[self.grown.office_id]

    def unit(self, number: int) -> UnitRow | None:
        """Return the unit with an id, a past one too."""
        return self.grown.by_id.get(number)

    def by_code(self, code: str) -> UnitRow | None:
        """Return the unit with a code, a past one too."""
        return self.grown.by_code.get(code.strip())

    def named(self, text: str) -> UnitRow | None:
        """Return the unit that a code, a title or another way to call it means on the day.

        A unit that has ended is answered by its successor; a name that two units bear, by none.
        """
        found = self.grown.names.get(text.strip(), ())
        living = [u for u in found if valid(u.valid_from, u.valid_until, self.on)]
        if not living and len(found) == 1:
            heir = self.heir(found[0])
            living = [heir] if heir else []
        return living[0] if len(living) == 1 else None

    def heir(self, unit: UnitRow) -> UnitRow | None:
        """Return the unit that stands for another on the day: itself, or its latest successor."""
        seen: set[int] = set()
        here: UnitRow | None = unit
        while here is not None and here.id not in seen:
            if valid(here.valid_from, here.valid_until, self.on):
                return here
            seen.add(here.id)
            here = self.unit(here.successor_id) if here.successor_id else None
        return None

    def lines(self, numbers: Iterable[int]) -> set[str]:
        """Return the paths of units and of everything that came out of them by split or merger."""
        found: set[str] = set()
        waiting, seen = list(numbers), set[int]()
        while waiting:
            unit = self.unit(waiting.pop())
            if unit is None or unit.id in seen:
                continue
            seen.add(unit.id)
            found.add(unit.path)
            waiting += [*unit.heirs, *([unit.successor_id] if unit.successor_id else [])]
        return found

    def below(self, path: str) -> tuple[int, ...]:
        """Return the ids of the units at and under a path, past ones too."""
        paths = self.grown.paths
        first, until = bisect_left(paths, path), bisect_left(paths, path + "\U0010ffff")
        return tuple(u.id for u in self.units[first:until])

    def above(self, unit: UnitRow, level: str = "") -> list[UnitRow]:
        """Return a unit and its parents up to the office, of one level when one is given."""
        found: list[UnitRow] = []
        here: UnitRow | None = unit
        while here is not None:
            found.append(here)
            here = self.unit(here.parent_id) if here.parent_id else None
        return [u for u in found if not level or u.level == level]

    def at_point(self, lon: float, lat: float, on: date | None = None) -> UnitRow | None:
        """Return the deepest unit whose polygon holds a point (WGS-84) on a day."""
        found = self.grown.index.find(lon, lat, on or self.on)
        return None if found is None else self.grown.by_id[found]

    def area_class(self, unit: UnitRow) -> str:
        """Return A, B or C: a unit's own class, else its nearest parent's, else B."""
        return self.grown.classes[unit.id]


_kept: Kept[int, Grown] = Kept()


def tree(office_id: int, at: datetime) -> Tree:
    """Return the units of an office as of a moment; no statement while they are in memory.

    Raises:
        LookupError: There is no such office.
    """
    return _tree(_kept.get(office_id, lambda: _revision(office_id), lambda: _grow(office_id)), at)


def _tree(grown: Grown, at: datetime) -> Tree:
    return Tree(grown, clock.day_of(at))


def forget(office_id: int) -> None:
    """Drop an office's tree; every operation on units does it."""
    _kept.forget(office_id)


def _revision(office_id: int) -> int:
    rows = Unit.objects.for_system("units are looked at for changes").filter(pk=office_id)
    found = rows.values_list("revision", flat=True).first()
    if found is None:
        raise LookupError(f"no office {office_id}")
    return int(found)


def _grow(office_id: int) -> Grown:
    revision = _revision(office_id)
    full = sorted(units_of_office(office_id, polygons=True), key=lambda u: u.path)
    by_id = {u.id: replace(u, polygon=None) for u in full}
    units = tuple(by_id.values())
    names: dict[str, list[UnitRow]] = defaultdict(list)
    for unit in units:
        for name in dict.fromkeys((unit.code, unit.title, *unit.also)):
            names[name].append(unit)
    cells = [
        Cell(u.id, u.polygon, u.valid_from, u.valid_until, u.path.count("/"))
        for u in full
        if u.polygon
    ]
    return Grown(
        office_id=office_id,
        revision=revision,
        units=units,
        by_id=by_id,
        by_code={u.code: u for u in units},
        names={name: tuple(found) for name, found in names.items()},
        paths=tuple(u.path for u in units),
        index=GridIndex(cells),
        classes=_classes(units),
    )


def _classes(units: tuple[UnitRow, ...]) -> dict[int, str]:
    """Return every unit's class; parents come before children in path order."""
    found: dict[int, str] = {}
    for unit in units:
        above = found.get(unit.parent_id or 0, AREA_CLASS)
        found[unit.id] = unit.area_class or above
    return found
