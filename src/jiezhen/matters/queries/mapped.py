"""The map of matters: their points with lights, and how many lie in each grid."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.db.models.functions import Coalesce

from jiezhen.kernel import clock
from jiezhen.matters.queries.page import YEAR
from jiezhen.matters.queries.queue import Asked, Line, chosen, kinds, lines, order
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.units import queries as units
from jiezhen.units.queries import UnitRow
from jiezhen.units.rules import valid

#: Most points of one map; the page says so when there are more.
MOST = 3000
#: Levels that are places, not offices; what is drawn where nobody has polygons.
AREAS = ("area", "community", "grid")


@dataclass(frozen=True, slots=True)
class Mapped:
    """The units of the map, how many matters lie in each, and the points, the urgent first.

    A matter whose place is not known lies where its responsible unit is; `nowhere` counts those
    that are in none of the units of the map. `more` says that points were left out.
    """

    asked: Asked
    kinds: tuple[Kind, ...]
    units: tuple[UnitRow, ...]
    regions: tuple[tuple[UnitRow, int], ...]
    nowhere: int
    points: tuple[Line, ...]
    more: bool


def mapped(viewer: Viewer, asked: Asked, at: datetime, most: int = MOST) -> Mapped:
    """Return the map of the matters that the viewer sees and the filters leave.

    Closed matters are shown for a year. Four statements: polygons, counts, and the points with
    and without a deadline.
    """
    rows = chosen(viewer, asked, at)
    if asked.tab in {"closed", "all"}:
        rows = rows.filter(opened_on__gt=clock.day_of(at - YEAR))
    stretches = order(rows, asked.tab, at)
    counts: Counter[int | None] = Counter()
    points: list[Line] = []
    for stretch in stretches:
        where = stretch.rows.order_by().values(where=Coalesce("grid_id", "unit_id"))
        counts.update({line["where"]: line["n"] for line in where.annotate(n=Count("pk"))})
        names = (stretch.column, "id") if stretch.column else ("id",)
        signed = [f"-{n}" if stretch.falling else n for n in names]
        placed = stretch.rows.filter(lon__isnull=False).order_by(*signed)
        if len(points) <= most:
            points += lines(viewer, placed[: most + 1 - len(points)], at)
    regions, nowhere = _regions(viewer, counts, at)
    tree = units.tree(viewer.office_id, at)
    return Mapped(
        asked,
        tuple(kinds(viewer)),
        tree.units,
        tuple(regions),
        nowhere,
        tuple(points[:most]),
        len(points) > most,
    )


def _regions(
    viewer: Viewer, counts: "Counter[int | None]", at: datetime
) -> tuple[list[tuple[UnitRow, int]], int]:
    """Return the smallest units that have polygons with their counts, and what lies in none.

    An office without polygons has its smallest areas, to be drawn as equal squares.
    """
    tree = units.tree(viewer.office_id, at)
    known = units.units_of_office(viewer.office_id, polygons=True)
    living = [u for u in known if valid(u.valid_from, u.valid_until, tree.on)]
    drawn = [u for u in living if u.polygon] or [u for u in living if u.level in AREAS]
    seen = viewer.paths("see")
    leaves = [
        u
        for u in drawn
        if not any(o.path != u.path and o.path.startswith(u.path) for o in drawn)
        and any(u.path.startswith(p) for p in seen)
    ]
    found = [(u, sum(counts[i] for i in tree.below(u.path))) for u in leaves]
    return found, sum(counts.values()) - sum(n for _unit, n in found)
