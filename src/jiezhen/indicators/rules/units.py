"""Which units a record of one unit counts for, while units end and hand over to successors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol


class Place(Protocol):
    """What is needed to know of a unit."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def parent_id(self) -> int | None: ...  # noqa: D102
    @property
    def successor_id(self) -> int | None: ...  # noqa: D102
    @property
    def heirs(self) -> tuple[int, ...]: ...  # noqa: D102
    @property
    def valid_until(self) -> date | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Reach:
    """For each unit the units that its records count for: itself, its parents and successors.

    A unit that has ended hands all its records to its successor and the successor's parents,
    so that the years before and after a merger stay comparable and siblings still add up.
    A unit that was split has no single successor: its records stay its own and its parents', and
    from then on the records of its heirs count for it too. So its figure speaks of the same
    ground before and after the split, while the heirs' own figures begin on that day.
    """

    above: dict[int, tuple[int, ...]]

    @classmethod
    def of(cls, units: Iterable[Place], on: date) -> "Reach":
        """Return the reach of every unit as of a day."""
        known = {u.id: u for u in units}
        former = _former(known, on)
        above: dict[int, tuple[int, ...]] = {}
        for start in known:
            visited = _chain(known, start, on)
            waiting = list(visited)
            while waiting:
                # What was split counts its heirs, but its parents do not: an heir may lie
                # in another area.
                for old in former.get(waiting.pop(), ()):
                    if old not in visited:
                        visited[old] = None
                        waiting.append(old)
            above[start] = tuple(visited)
        return cls(above)

    def below(self, unit: int) -> frozenset[int]:
        """Return the units whose records count for this one."""
        return frozenset(u for u, above in self.above.items() if unit in above)


def _ended(unit: Place, on: date) -> bool:
    return unit.valid_until is not None and unit.valid_until <= on


def _chain(known: Mapping[int, Place], start: int, on: date) -> dict[int, None]:
    visited: dict[int, None] = {}
    here: int | None = start
    while here is not None and here in known and here not in visited:
        visited[here] = None
        unit = known[here]
        here = unit.successor_id if _ended(unit, on) and unit.successor_id else unit.parent_id
    return visited


def _former(known: Mapping[int, Place], on: date) -> dict[int, list[int]]:
    """Return for each heir the units that were split into it."""
    found: dict[int, list[int]] = {}
    for unit in known.values():
        if _ended(unit, on):
            for heir in unit.heirs:
                found.setdefault(heir, []).append(unit.id)
    return found
