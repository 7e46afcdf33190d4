"""Maps of units: a choropleth from the office's own polygons, or equal squares (格子图).

Words: a region is one unit with its value; a step is one of five classes by quantile, 0 is 无数据
and hatched, never white or zero. Polygons are GeoJSON in degrees (WGS-84 or whatever the office
uses: nothing is converted), projected flat at the middle latitude, which is enough for one town.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from jiezhen.web import formats

STEPS = 5
WIDTH = 640.0
Value = int | float
Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Region:
    """One unit as it is given: `text` is the figure written out, `href` narrows the page to it."""

    code: str
    title: str
    value: Value | None
    href: str
    text: str = ""
    polygon: Mapping[str, Any] | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """One unit as it is drawn; `step` 1 to 5, or 0 for 无数据."""

    code: str
    title: str
    text: str
    short: str
    href: str
    path: str
    x: str
    y: str
    y_value: str
    step: int
    current: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the legend."""

    step: int
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class UnitMap:
    """What `{% unit_map %}` draws. `ranked` is the list beside it, most first, blanks last."""

    title: str
    ident: str
    width: str
    height: str
    areas: tuple[Area, ...]
    ranked: tuple[Area, ...]
    legend: tuple[Step, ...]
    note: str


def breaks(values: Iterable[Value]) -> list[Value]:
    """Return the highest value of each class, at most five, lowest first; equal values stay together."""
    known = sorted(values)
    if not known:
        return []
    tops = [known[math.ceil(len(known) * n / STEPS) - 1] for n in range(1, STEPS + 1)]
    return sorted(set(tops))


def step_of(value: Value | None, tops: Sequence[Value]) -> int:
    """Return the class of a value, 1 to 5; few classes are spread over the whole ramp."""
    if value is None or not tops:
        return 0
    if len(tops) == 1:
        return 3  # everybody is equal: neither the palest nor the darkest
    place = next((i for i, top in enumerate(tops) if value <= top), len(tops) - 1)
    return 1 + round(place * (STEPS - 1) / (len(tops) - 1))


def _legend(regions: Sequence[Region], tops: Sequence[Value]) -> tuple[Step, ...]:
    found = []
    for top in reversed(tops):
        step = step_of(top, tops)
        inside = [
            r.value for r in regions if r.value is not None and step_of(r.value, tops) == step
        ]
        low, high = formats.plain(min(inside)), formats.plain(max(inside))
        found.append(Step(step, low if low == high else f"{low}—{high}", len(inside)))
    blank = sum(r.value is None for r in regions)
    if blank:
        found.append(Step(0, _("无数据"), blank))
    return tuple(found)


def _rings(polygon: Mapping[str, Any] | None) -> list[Ring]:
    """Return the rings of a Polygon or MultiPolygon, holes included; nothing for anything else."""
    if not polygon:
        return []
    if polygon.get("type") == "Feature":
        return _rings(polygon.get("geometry"))
    kind, given = polygon.get("type"), polygon.get("coordinates") or []
    parts = given if kind == "MultiPolygon" else [given] if kind == "Polygon" else []
    return [[(float(p[0]), float(p[1])) for p in ring] for part in parts for ring in part]


def _middle(ring: Ring) -> tuple[float, float]:
    """Return the centre of gravity of a ring, where its name stands."""
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    if abs(area) < 1e-12:
        return ring[0]
    return x / (3 * area), y / (3 * area)


def _flattener(
    rings: Sequence[Ring],
) -> tuple[Callable[[float, float], tuple[float, float]], float]:
    """Return the projection of degrees into the picture, and the picture's height."""
    lons = [lon for ring in rings for lon, _lat in ring]
    lats = [lat for ring in rings for _lon, lat in ring]
    squeeze = math.cos(math.radians((min(lats) + max(lats)) / 2))
    wide = (max(lons) - min(lons)) * squeeze or 1e-9
    tall = max(lats) - min(lats) or 1e-9
    scale = min((WIDTH - 8) / wide, (WIDTH - 8) / tall)
    left = (WIDTH - wide * scale) / 2

    def flat(lon: float, lat: float) -> tuple[float, float]:
        return left + (lon - min(lons)) * squeeze * scale, 4 + (max(lats) - lat) * scale

    return flat, tall * scale + 8


def _area(region: Region, step: int, path: str, at: tuple[float, float]) -> Area:
    missing = region.value is None
    text = _("无数据") if missing else region.text or formats.plain(region.value)
    short = "" if missing else formats.plain(region.value)
    x, y = at
    return Area(
        code=region.code,
        title=region.title,
        text=text,
        short=short,
        href=region.href,
        path=path,
        x=f"{x:.1f}",
        y=f"{y - 2:.1f}" if short else f"{y + 4:.1f}",
        y_value=f"{y + 13:.1f}",
        step=step,
        current=region.current,
    )


def _whole(title: str, ident: str, height: float, regions: Sequence[Region], areas: list[Area],
           note: str) -> UnitMap:  # fmt: skip
    value = {r.code: r.value for r in regions}
    ranked = sorted(areas, key=lambda a: (value[a.code] is None, -(value[a.code] or 0)))
    tops = breaks(r.value for r in regions if r.value is not None)
    # The chosen region is drawn last, so that its outline lies above its neighbours'.
    drawn = sorted(areas, key=lambda a: a.current)
    return UnitMap(
        title, ident, f"{WIDTH:.0f}", f"{height:.0f}", tuple(drawn), tuple(ranked),
        _legend(regions, tops), note,
    )  # fmt: skip


def choropleth(
    regions: Sequence[Region], *, title: str, ident: str = "map", review_number: str = ""
) -> UnitMap:
    """Draw regions by class; without any polygon draw equal squares instead.

    A region without a polygon is in the list but not in the picture. `review_number` is the
    审图号 of a public map; without one it is called 示意图.
    """
    rings = {r.code: _rings(r.polygon) for r in regions}
    everything = [ring for found in rings.values() for ring in found if ring]
    if not everything:
        return squares(regions, title=title, ident=ident)
    tops = breaks(r.value for r in regions if r.value is not None)
    flat, height = _flattener(everything)
    areas = []
    for region in regions:
        drawn = [[flat(*point) for point in ring] for ring in rings[region.code]]
        path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in drawn)
        at = _middle(max(drawn, key=len)) if drawn else (-99.0, -99.0)
        areas.append(_area(region, step_of(region.value, tops), path, at))
    note = _("审图号：%(n)s") % {"n": review_number} if review_number else _("示意图")
    return _whole(title, ident, height, regions, areas, note)


def squares(regions: Sequence[Region], *, title: str, ident: str = "grid") -> UnitMap:
    """Draw equal squares in the order given: works without boundaries, and no unit looks bigger."""
    across = max(1, math.ceil(math.sqrt(len(regions) * 1.5)))
    side = WIDTH / across
    tall = min(side, 84.0)
    tops = breaks(r.value for r in regions if r.value is not None)
    areas = []
    for index, region in enumerate(regions):
        row, column = divmod(index, across)
        x, y = column * side + 1.5, row * tall + 1.5
        path = f"M{x:.1f} {y:.1f}h{side - 3:.1f}v{tall - 3:.1f}h{3 - side:.1f}Z"
        middle = (x + side / 2 - 1.5, y + tall / 2 - 1.5)
        areas.append(_area(region, step_of(region.value, tops), path, middle))
    height = tall * math.ceil(len(regions) / across)
    return _whole(title, ident, height, regions, areas, _("每格一个单元，大小相同"))


def narrowed(region: Region, code: str) -> Region:
    """Return the region marked as the chosen one when it has this code."""
    return replace(region, current=region.code == code)
