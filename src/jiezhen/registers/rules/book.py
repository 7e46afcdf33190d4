"""The register of addresses in memory: from an address to the units that it may lie in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import shapely

from jiezhen.registers.rules import addresses
from jiezhen.registers.rules.addresses import Address, Key

#: How far from a point a door may be to be proposed for it. Unit: metres.
NEAR = 60.0
#: A shorter name is found only where it is the whole text.
LEAST_NAME = 3
_METRES = 111_320.0


@dataclass(frozen=True, slots=True)
class Door:
    """One entry: how it writes its address, its unit, its place (WGS-84), its validity."""

    texts: tuple[str, ...]
    unit: int
    lon: float | None = None
    lat: float | None = None
    since: date | None = None
    until: date | None = None

    @property
    def text(self) -> str:
        """Return the address as it is shown."""
        return self.texts[0]

    def valid(self, on: date) -> bool:
        """Say whether the door exists on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Hit:
    """What the register says of an address: the level that answered, and a door for each unit.

    `level` is door, name, lane or road; `name` is what was found there. With several units nobody
    can say which.
    """

    level: str
    name: str
    doors: tuple[Door, ...]


@dataclass(slots=True)
class Book:
    """The doors of one office; see `book`."""

    size: int = 0
    roads: dict[str, str] = field(default_factory=dict)
    _held: dict[Key, list[Door]] = field(default_factory=lambda: defaultdict(list))
    _names: list[str] = field(default_factory=list)
    _placed: list[Door] = field(default_factory=list)
    _tree: Any = None
    #: A degree of longitude in degrees of latitude, the same for the whole office.
    _narrow: float = 1.0

    def find(self, text: str, on: date) -> Hit | None:
        """Return what is known of an address at the most exact level that knows anything.

        Building, door, named place, lane, road, in this order. A level with doors in several
        units ends the search, because a wider one can only hold more of them.
        """
        said = addresses.read(text, self.roads)
        for key in said.doors():
            if hit := self._hit("door", key, on):
                return hit
        for name in self._named(addresses.plain(text), said):
            if hit := self._hit("name", ("name", name), on):
                return hit
        for key in said.wider():
            if hit := self._hit(key[0], key, on):
                return hit
        return None

    def _hit(self, level: str, key: Key, on: date) -> Hit | None:
        found: dict[int, Door] = {}
        for door in self._held.get(key, ()):
            if door.valid(on):
                found.setdefault(door.unit, door)
        if not found:
            return None
        said = f"{key[1]}{key[2]}弄" if level == "lane" else key[1]
        return Hit(level, said, tuple(found.values()))

    def _named(self, text: str, said: Address) -> Iterable[str]:
        """Yield the names that the words may mean: said alone, or the longest within the text."""
        yield from dict.fromkeys(n for n in (said.name, text) if n)
        for name in self._names:
            if name in text:
                yield name

    def near(self, lon: float, lat: float, on: date) -> Door | None:
        """Return the nearest door within `NEAR` metres of a point."""
        if not self._placed:
            return None
        point = shapely.Point(lon * self._narrow, lat)
        places = self._tree.query_nearest(point, max_distance=NEAR / _METRES, all_matches=True)
        doors = [self._placed[place] for place in sorted(places)]
        return next((door for door in doors if door.valid(on)), None)


def book(doors: Sequence[Door]) -> Book:
    """Return the register of doors.

    An entry that writes nothing but roads names one road: the first is its name, the others are
    other ways to call it.
    """
    made = Book(size=len(doors))
    read = [[addresses.read(text) for text in door.texts] for door in doors]
    _name_roads(made, read)
    names: set[str] = set()
    for door, said in zip(doors, read, strict=True):
        if addresses.only_roads(said):
            continue
        for text in door.texts:
            # Read again with the roads known: an alias becomes the road's name.
            address = addresses.read(text, made.roads, entry=True)
            for key in (*address.doors(), *address.wider()):
                made._held[key].append(door)
            if address.name:
                names.add(address.name)
                made._held[("name", address.name)].append(door)
        if door.lon is not None and door.lat is not None:
            made._placed.append(door)
    made._names = sorted((n for n in names if len(n) >= LEAST_NAME), key=lambda n: (-len(n), n))
    if made._placed:
        lat = np.array([d.lat for d in made._placed])
        lon = np.array([d.lon for d in made._placed])
        made._narrow = float(np.cos(np.radians(lat.mean())))
        made._tree = shapely.STRtree(shapely.points(lon * made._narrow, lat))
    return made


def _name_roads(made: Book, read: Iterable[list[Address]]) -> None:
    called: dict[str, str] = {}
    for said in read:
        roads = [a.road for a in said if a.road]
        for road in roads:
            called.setdefault(road, road)
        if addresses.only_roads(said):
            called |= dict.fromkeys(roads, roads[0])
    made.roads = dict(sorted(called.items(), key=lambda item: (-len(item[0]), item[0])))
