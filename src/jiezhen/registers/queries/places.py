"""Where something is: the unit of a point, an address or a name, without a statement.

The address register of an office is every entry of a kind whose pack says `locates`, as long as
the kind is open or inner. It is kept in memory (`kernel.kept`): an entry that this process creates
or changes is known at once; a withdrawal, and whatever another process does, within 30 seconds.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Sum
from django.utils.translation import gettext as _

from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Kind
from jiezhen.registers import facts
from jiezhen.registers.models import Entry
from jiezhen.registers.rules import addresses
from jiezhen.registers.rules.book import Book, Door, Hit, book
from jiezhen.units import queries as units
from jiezhen.units.queries import Tree, UnitRow

#: Candidates that are named when an address may lie in several units.
MOST_NAMED = 5
#: Addresses of persons never become proposals.
_OPEN = ("open", "inner")


@dataclass(frozen=True, slots=True)
class Where:
    """Where something is.

    `how` is address, point, name or none; `unit` is None exactly for none. `lon` and `lat` are
    WGS-84: the given point, else the door's. `door` is the address as the register writes it,
    empty when no single door answered. `said` tells a person how it was found or what to do.
    `candidates` are the units between which nobody could decide.
    """

    unit: UnitRow | None
    lon: float | None
    lat: float | None
    door: str
    how: str
    said: str
    candidates: tuple[UnitRow, ...] = ()


def where(office_id: int, text: str, lon: float | None, lat: float | None, at: datetime) -> Where:
    """Return the unit in which an address, a point or both lie.

    A door of the register comes first, because somebody wrote it; then the point; then a named
    place, the whole lane or the whole road if it lies in one unit; then a unit's own name.

    Raises:
        LookupError: There is no such office.
    """
    tree = units.tree(office_id, at)
    asked = _Asked(tree, _book(office_id), text.strip(), lon, lat)
    return asked.by_door() or asked.by_point() or asked.by_words() or asked.nowhere()


@dataclass(slots=True)
class _Asked:
    """One question, with what it is answered from."""

    tree: Tree
    book: Book
    text: str
    lon: float | None
    lat: float | None
    _hit: Hit | None = None
    _units: tuple[UnitRow, ...] = ()

    def by_door(self) -> Where | None:
        """Return the answer of a single door; keep what else the register says."""
        if not self.text:
            return None
        self._hit = self.book.find(self.text, self.tree.on)
        if self._hit is None:
            return None
        found = {u.id: u for d in self._hit.doors for u in _units(self.tree, d)}
        self._units = tuple(found.values())
        if self._hit.level != "door" or len(self._units) != 1:
            return None
        door = self._hit.doors[0]
        said = _("按门牌：{door}").format(door=door.text)
        lon, lat = (door.lon, door.lat) if door.lon is not None else (self.lon, self.lat)
        return Where(self._units[0], lon, lat, door.text, "address", said)

    def by_point(self) -> Where | None:
        """Return the unit whose polygon holds the point, with the nearest door in it."""
        if self.lon is None or self.lat is None:
            return None
        unit = self.tree.at_point(self.lon, self.lat)
        if unit is None:
            return None
        door = self.book.near(self.lon, self.lat, self.tree.on)
        near = door.text if door is not None and not self.text else ""
        return Where(unit, self.lon, self.lat, near, "point", _("按定位猜的"))

    def by_words(self) -> Where | None:
        """Return what a lane, a road, a named place or a unit's name says."""
        if self._hit is not None and self._units:
            name = self._hit.name
            if len(self._units) == 1:
                unit = self._units[0]
                said = _("“{name}”都在{unit}").format(name=name, unit=unit.title)
                how = "name" if self._hit.level == "name" else "address"
                return Where(unit, self.lon, self.lat, "", how, said)
            named = "、".join(u.title for u in self._units[:MOST_NAMED])
            said = _("“{name}”在{n}个单元：{units}。请写到门牌号，或从中选一个。").format(
                name=name, n=len(self._units), units=named
            )
            return Where(None, self.lon, self.lat, "", "none", said, self._units)
        called = _named(self.tree, self.text)
        if called is None:
            return None
        said = _("按单元名称：{unit}").format(unit=called.title)
        return Where(called, self.lon, self.lat, "", "name", said)

    def nowhere(self) -> Where:
        """Say that nothing was found and what to do."""
        if self.text:
            said = _("没有找到“{text}”。请写路名和门牌号，或从清单里选单元。")
            said = said.format(text=self.text[:40])
        elif self.lon is not None:
            said = _("这个点不在任何单元里。请写地址，或从清单里选单元。")
        else:
            said = _("请写地址、给一个点，或从清单里选单元。")
        return Where(None, self.lon, self.lat, "", "none", said)


def _units(tree: Tree, door: Door) -> list[UnitRow]:
    """Return the units in which a door lies today.

    A unit that ended hands its doors to its successor, after a split to the heir that holds the
    door's point; a grid below the door's own unit is found by its point too.
    """
    unit = tree.unit(door.unit)
    if unit is None:
        return []
    point = None
    if door.lon is not None and door.lat is not None:
        point = tree.at_point(door.lon, door.lat)
    heirs = [h for h in (tree.unit(n) for n in unit.heirs) if h is not None]
    standing = tree.heir(unit)
    living = [standing] if standing else [h for h in map(tree.heir, heirs) if h]
    if point is not None and any(point.path.startswith(u.path) for u in living):
        return [point]
    return living


def _named(tree: Tree, text: str) -> UnitRow | None:
    """Return the unit that the words are called after, or the deepest one that they name."""
    said = addresses.plain(text)
    if not said:
        return None
    if (whole := tree.named(text)) is not None:
        return whole
    best: UnitRow | None = None
    for unit in tree.units:
        if unit.level in ("office", "department") or len(unit.title) < 3:
            continue
        names = (unit.title, *(n for n in unit.also if len(n) > 2))
        if any(addresses.plain(n) in said for n in names):
            living = tree.named(unit.title)
            if living and (best is None or len(living.path) > len(best.path)):
                best = living
    return best


def locating() -> list[Kind]:
    """Return the kinds whose entries tell the unit of an address."""
    kinds = catalogue().kinds_of("entry")
    return [k for k in kinds if k.locates and k.sensitivity in _OPEN]


def _book(office_id: int) -> Book:
    return facts.BOOKS.get(office_id, lambda: _stamp(office_id), lambda: _read(office_id))


def _entries(office_id: int) -> Any:
    rows = Entry.objects.for_system("the address register answers for the office alone")
    return rows.filter(office_id=office_id, kind__in=[k.name for k in locating()])


def _stamp(office_id: int) -> object:
    """Return what changes with every change of the register: one statement by an index."""
    told = _entries(office_id).aggregate(n=Count("pk"), latest=Max("pk"), versions=Sum("version"))
    return tuple(told.values())


def _read(office_id: int) -> Book:
    fields = {k.name: str(k.locates) for k in locating()}
    rows = _entries(office_id).filter(withdrawn_at=None).order_by("pk")
    doors = []
    for kind, unit, on, until, data in rows.values_list("kind", "unit_id", "on", "until", "data"):
        place = data.get(fields[kind])
        place = place if isinstance(place, dict) else {"text": str(place or "")}
        texts = addresses.writings(place.get("text", ""))
        if texts:
            lon, lat = place.get("lon"), place.get("lat")
            doors.append(Door(tuple(texts), unit, lon, lat, on, until))
    return book(doors)
