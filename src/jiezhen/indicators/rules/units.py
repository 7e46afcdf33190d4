"""Which units a record of one unit counts for, while units end and hand over to successors."""

from collections.abc import Iterable
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
    def valid_until(self) -> date | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Reach:
    """For each unit the units that its records count for: itself, its parents and successors.

    A unit that has ended hands all its records to its successor and the successor's parents,
    so that the years before and after a merger stay comparable and siblings still add up.
    """

    above: dict[int, tuple[int, ...]]

    @classmethod
    def of(cls, units: Iterable[Place], on: date) -> "Reach":
        """Return the reach of every unit as of a day."""
        known = {u.id: u for u in units}
        above: dict[int, tuple[int, ...]] = {}
        for start in known:
            visited: dict[int, None] = {}
            here: int | None = start
            while here is not None and here in known and here not in visited:
                visited[here] = None
                unit = known[here]
                ended = unit.valid_until is not None and unit.valid_until <= on
                here = unit.successor_id if ended and unit.successor_id else unit.parent_id
            above[start] = tuple(visited)
        return cls(above)

    def below(self, unit: int) -> frozenset[int]:
        """Return the units whose records count for this one."""
        return frozenset(u for u, above in self.above.items() if unit in above)
