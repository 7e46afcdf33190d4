"""Polygons of units: reading them from GeoJSON, and finding the one that holds a point.

Everything here is WGS-84, longitude before latitude. Two units may share a border; a point
on it goes to exactly one of them, the same one every time.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import shapely

from jiezhen.units.rules import valid
from jiezhen.units.rules.coordinates import System, to_wgs84

#: Coordinates are kept to seven decimals: one centimetre.
DIGITS = 7
#: Overlaps and gaps below this many square metres come from drawing and are not told.
LEAST_FAULT = 5.0
_METRES = 111_320.0
MOST_POINTS = 400_000
_KINDS = ("FeatureCollection", "Feature", "Polygon", "MultiPolygon")


class BadShape(ValueError):
    """The text holds no polygon that can be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One polygon of a file: what its feature says of itself, and the shape as GeoJSON.

    `mended` says that its border crossed itself and was put right.
    """

    properties: dict[str, Any]
    polygon: dict[str, Any]
    mended: bool = False


def read_polygon(given: Any, system: System = "wgs84") -> tuple[dict[str, Any], bool]:
    """Return a GeoJSON Polygon or MultiPolygon in WGS-84, and whether it had to be mended.

    Raises:
        BadShape: It is no polygon, lies nowhere on earth or has no area.
    """
    if isinstance(given, dict) and given.get("type") == "Feature":
        given = given.get("geometry")
    if not isinstance(given, dict) or given.get("type") not in ("Polygon", "MultiPolygon"):
        raise BadShape("不是面。请只导出面（Polygon、MultiPolygon）。")
    try:
        shape = _shape(given)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as problem:
        raise BadShape("坐标读不出来。请从制图软件里重新导出GeoJSON。") from problem
    if shapely.get_num_coordinates(shape) > MOST_POINTS:
        raise BadShape("边界的点太多。请先在制图软件里简化边界。")
    points = shapely.get_coordinates(shape)
    if not len(points) or not np.isfinite(points).all() or _off_earth(points):
        raise BadShape("坐标不是经纬度。请导出成经纬度（度），不要用平面坐标。")
    lon, lat = to_wgs84(points[:, 0], points[:, 1], system)
    moved = np.round(np.column_stack([lon, lat]), DIGITS)
    shape = shapely.set_coordinates(shapely.force_2d(shape), moved)
    mended = not shapely.is_valid(shape)
    shape = _areal(shapely.make_valid(shape) if mended else shape)
    if shape.is_empty or not shape.area:
        raise BadShape("边界没有围出面积。请检查这一块。")
    return _plain(shapely.geometry.mapping(shape)), mended


def _shape(given: dict[str, Any]) -> Any:
    if given["type"] == "Polygon":
        return _ring_shape(given["coordinates"])
    return shapely.MultiPolygon([_ring_shape(part) for part in given["coordinates"]])


def _ring_shape(rings: Any) -> Any:
    return shapely.Polygon(rings[0], rings[1:])


def _off_earth(points: Any) -> bool:
    return bool((np.abs(points[:, 0]) > 180).any() or (np.abs(points[:, 1]) > 90).any())


def _areal(shape: Any) -> Any:
    """Return the parts of a shape that have an area: mending may leave lines and points."""
    parts = [p for p in shapely.get_parts(shape, return_index=False) if p.geom_type == "Polygon"]
    nested = [
        q for p in shapely.get_parts(shape) if p.geom_type == "MultiPolygon" for q in p.geoms
    ]
    every = parts + nested
    if not every:
        return shapely.Polygon()
    return every[0] if len(every) == 1 else shapely.MultiPolygon(every)


def _plain(mapped: Any) -> dict[str, Any]:
    """Return a mapping with lists instead of tuples, as JSON gives it back."""

    def listed(value: Any) -> Any:
        return [listed(v) for v in value] if isinstance(value, (tuple, list)) else value

    return {"type": mapped["type"], "coordinates": listed(mapped["coordinates"])}


def read_collection(given: Any, system: System = "wgs84") -> list[Drawn | BadShape]:
    """Return the polygons of a FeatureCollection, a Feature or a bare polygon, in order.

    A feature that cannot be used stands in the list as its fault.

    Raises:
        BadShape: The whole is no GeoJSON.
    """
    if not isinstance(given, dict) or given.get("type") not in _KINDS:
        raise BadShape("不是GeoJSON。请在制图软件里导出为GeoJSON。")
    features = given.get("features") if given.get("type") == "FeatureCollection" else [given]
    if not isinstance(features, list) or not features:
        raise BadShape("文件里没有图形。请检查导出的图层。")
    return [_drawn(feature, system) for feature in features]


def _drawn(feature: Any, system: System) -> Drawn | BadShape:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    try:
        polygon, mended = read_polygon(feature, system)
    except BadShape as bad:
        return bad
    return Drawn(properties if isinstance(properties, dict) else {}, polygon, mended)


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit as the index sees it; `depth` is its distance from the office."""

    id: int
    polygon: dict[str, Any]
    valid_from: date | None = None
    valid_until: date | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """A place that two units of one depth both claim (`overlap`), or none does (`gap`).

    `area` is in square metres; the point lies inside the place.
    """

    kind: str
    units: tuple[int, ...]
    area: float
    lon: float
    lat: float


@dataclass(slots=True)
class GridIndex:
    """Finds the unit that holds a point: the deepest one that is valid on the day.

    On a border, or where units overlap against their purpose, the smallest id wins.
    """

    cells: tuple[Cell, ...]
    _shapes: Any = field(init=False)
    _tree: Any = field(init=False)

    def __init__(self, cells: Iterable[Cell]) -> None:
        """Build the tree; cells without a usable polygon are left out."""
        # In the order of preference, so that the first hit is the answer.
        ordered = sorted(cells, key=lambda c: (-c.depth, c.id))
        shapes = [_try_shape(c.polygon) for c in ordered]
        self.cells = tuple(c for c, s in zip(ordered, shapes, strict=True) if s is not None)
        self._shapes = np.array([s for s in shapes if s is not None], dtype=object)
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    def find(self, lon: float, lat: float, on: date) -> int | None:
        """Return the id of the unit that holds a point on a day, None when none does."""
        near = self._tree.query(shapely.Point(lon, lat))
        for place in np.sort(near):
            cell: Cell = self.cells[place]
            if valid(cell.valid_from, cell.valid_until, on) and shapely.intersects_xy(
                self._shapes[place], lon, lat
            ):
                return cell.id
        return None

    def find_many(self, lons: Any, lats: Any, on: date) -> list[int | None]:
        """Return what `find` says for many points, in one pass over arrays."""
        x, y = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)
        good = np.array([valid(c.valid_from, c.valid_until, on) for c in self.cells], dtype=bool)
        if not len(good):
            return [None] * len(x)
        points, places = self._tree.query(shapely.points(x, y))
        kept = good[places]
        points, places = points[kept], places[kept]
        inside = shapely.intersects_xy(self._shapes[places], x[points], y[points])
        best = np.full(len(x), len(self.cells))
        np.minimum.at(best, points[inside], places[inside])
        ids: list[int | None] = [*(c.id for c in self.cells), None]
        return [ids[place] for place in best]

    def faults(self, on: date) -> list[Fault]:
        """Return overlaps within a depth and gaps below it on a day, the largest first.

        A gap is a hole between the units nearest to the office, or a part of a unit that none of the
        deeper ones covers while some do.
        """
        levels: dict[int, list[int]] = defaultdict(list)
        for place, cell in enumerate(self.cells):
            if valid(cell.valid_from, cell.valid_until, on):
                levels[cell.depth].append(place)
        found = [f for places in levels.values() for f in self._overlaps(places)]
        covered: Any = shapely.Polygon()
        for depth in sorted(levels, reverse=True):
            shapes = self._shapes[levels[depth]]
            whole = shapely.union_all(shapes)
            if depth == min(levels):
                found += _gaps(_holes(whole), ())
            for place in levels[depth]:
                if covered.intersects(self._shapes[place]):
                    open_part = self._shapes[place].difference(covered)
                    if open_part.area < self._shapes[place].area * 0.999999:
                        found += _gaps(open_part, (self.cells[place].id,))
            covered = shapely.union_all([covered, whole])
        return sorted(found, key=lambda f: (-f.area, f.units))

    def _overlaps(self, places: list[int]) -> list[Fault]:
        shapes = self._shapes[places]
        left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
        found = []
        for a, b in zip(left, right, strict=True):
            if a < b:
                ids = (self.cells[places[a]].id, self.cells[places[b]].id)
                found += _gaps(shapes[a].intersection(shapes[b]), ids, "overlap")
        return found


def _try_shape(polygon: dict[str, Any]) -> Any:
    given = polygon.get("geometry") if polygon.get("type") == "Feature" else polygon
    try:
        shape = _shape(given or {})
    except (ValueError, TypeError, KeyError, IndexError):
        return None
    return None if shape.is_empty else shape


def _holes(whole: Any) -> Any:
    rings = [ring for part in shapely.get_parts(whole) for ring in part.interiors]
    return shapely.union_all([shapely.Polygon(ring) for ring in rings])


def _gaps(shape: Any, units: tuple[int, ...], kind: str = "gap") -> list[Fault]:
    found = []
    for part in shapely.get_parts(shape):
        area = square_metres(part)
        if area >= LEAST_FAULT:
            inside = part.representative_point()
            found.append(Fault(kind, units, round(area, 1), inside.x, inside.y))
    return found


def square_metres(shape: Any) -> float:
    """Return the area of a shape in degrees as square metres, good to one in a hundred here."""
    if shape.is_empty:
        return 0.0
    lat = shape.centroid.y
    return float(shape.area * _METRES * _METRES * np.cos(np.radians(lat)))


def union(polygons: Iterable[dict[str, Any] | None]) -> dict[str, Any] | None:
    """Return one polygon over several, None when one of them is missing or there are none."""
    shapes = [_try_shape(p) if p else None for p in polygons]
    if not shapes or any(s is None for s in shapes):
        return None
    return _plain(shapely.geometry.mapping(_areal(shapely.union_all(shapes))))


def middle(polygon: dict[str, Any] | None) -> tuple[float, float] | None:
    """Return a point inside a polygon, None for none."""
    shape = _try_shape(polygon) if polygon else None
    if shape is None:
        return None
    inside = shape.representative_point()
    return (float(inside.x), float(inside.y))
