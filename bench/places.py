"""Measure the finding of units: points into 228 polygons, and addresses in a register of 20,000 doors.

    python bench/places.py

The floor of the same run is brute force: shapely's `covers` of every polygon for every point, on a
sample. Both must give the same units. Ends with 1 when they differ, when many points at once are
less than ten times as fast as the floor, or one by one not faster.
"""

# ruff: noqa: T201 - a benchmark prints its table

from __future__ import annotations

import os
import sys
import time
from datetime import date
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

import numpy as np  # noqa: E402
import shapely  # noqa: E402

from jiezhen.registers.rules.book import Door, book  # noqa: E402
from jiezhen.units.rules.geometry import Cell, GridIndex  # noqa: E402

SMALL = os.environ.get("JIEZHEN_BENCH") == "small"
POINTS = 10_000 if SMALL else 100_000
SAMPLE, SINGLE, DOORS, ASKED = 1_000, 5_000, 20_000, 5_000
GRIDS = 228
ROADS = [a + b for a in "沧剑东碧鹤" for b in "源川江庆阳宁泉山"]
ON = date(2023, 7, 3)
FRAME = shapely.box(121.38, 31.00, 121.46, 31.06)
LEAST_RATIO = 10


def grids(random: Random) -> list[Cell]:
    """Return 228 polygons that fill a rectangle, each border broken into short lines."""
    west, south, east, north = FRAME.bounds
    spots = [(random.uniform(west, east), random.uniform(south, north)) for _ in range(GRIDS)]
    cells = shapely.voronoi_polygons(shapely.MultiPoint(spots), extend_to=FRAME, ordered=True)
    shapes = [shapely.segmentize(c.intersection(FRAME), 0.0001) for c in cells.geoms]
    return [Cell(n, shapely.geometry.mapping(shape)) for n, shape in enumerate(shapes)]


def seconds(work) -> tuple[float, object]:  # noqa: ANN001
    """Return how long work took, and its result."""
    start = time.perf_counter()
    done = work()
    return time.perf_counter() - start, done


def brute(cells: list[Cell], lons: np.ndarray, lats: np.ndarray) -> list[int | None]:
    """Return the smallest id that covers each point, by asking every polygon."""
    shapes = np.array([shapely.geometry.shape(c.polygon) for c in cells])
    found: list[int | None] = []
    for lon, lat in zip(lons, lats, strict=True):
        hits = np.flatnonzero(shapely.covers(shapes, shapely.Point(lon, lat)))
        found.append(int(hits[0]) if len(hits) else None)
    return found


def points(random: Random) -> bool:
    """Print the rates of points; say whether all is well."""
    cells = grids(random)
    corners = sum(len(c.polygon["coordinates"][0]) for c in cells)
    built, index = seconds(lambda: GridIndex(cells))
    generator = np.random.default_rng(7)
    west, south, east, north = FRAME.bounds
    lons = generator.uniform(west, east, POINTS)
    lats = generator.uniform(south, north, POINTS)
    bulk, found = seconds(lambda: index.find_many(lons, lats, ON))
    pairs = list(zip(lons[:SINGLE].tolist(), lats[:SINGLE].tolist(), strict=True))
    single, one_by_one = seconds(lambda: [index.find(lon, lat, ON) for lon, lat in pairs])
    floor, sample = seconds(lambda: brute(cells, lons[:SAMPLE], lats[:SAMPLE]))
    same = sample == found[:SAMPLE] and one_by_one == found[:SINGLE]
    rates = (POINTS / bulk, SINGLE / single, SAMPLE / floor)
    print(f"{GRIDS} polygons, {corners} corners; the index is built in {built * 1000:.0f} ms")
    print(
        f"{POINTS} points at once     {rates[0]:>12,.0f}/s  {rates[0] / rates[2]:>8.0f} x brute force"
    )
    print(
        f"{SINGLE} points one by one    {rates[1]:>12,.0f}/s  {rates[1] / rates[2]:>8.0f} x brute force"
    )
    print(f"{SAMPLE} points, brute force  {rates[2]:>12,.0f}/s")
    print(f"the same units: {'yes' if same else 'NO'}")
    return same and rates[0] >= LEAST_RATIO * rates[2] and rates[1] > rates[2]


def addresses(random: Random) -> bool:
    """Print the rate of addresses; say whether each was found where it was put."""
    put = [
        (f"{ROADS[n % 40]}路{n // 40 % 100 + 1}弄{n // 4000 + 1}号", n % GRIDS)
        for n in range(DOORS)
    ]
    built, made = seconds(lambda: book([Door((text,), unit) for text, unit in put]))
    asked = random.sample(put, ASKED)
    ways = ("{}楼302室", "上海市闵行区江川路街道{}", "楼道堆物，{}门口", "{}")
    texts = [ways[n % 4].format(text) for n, (text, _unit) in enumerate(asked)]
    took, found = seconds(lambda: [made.find(text, ON) for text in texts])
    same = all(
        hit is not None and hit.level == "door" and hit.doors[0].unit == unit
        for hit, (_text, unit) in zip(found, asked, strict=True)
    )
    print(f"{DOORS} doors are read in {built:.1f} s; {ASKED} addresses  {ASKED / took:>10,.0f}/s")
    print(f"each at its door: {'yes' if same else 'NO'}")
    return same


def main() -> int:
    """Print the tables; return 0 when every mark is met."""
    random = Random(228)
    return 0 if points(random) & addresses(random) else 1


if __name__ == "__main__":
    raise SystemExit(main())
