"""Coordinates, polygons and the index that finds a unit."""

from datetime import date
from random import Random

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from jiezhen.units.rules import coordinates as co
from jiezhen.units.rules.geometry import (
    BadShape,
    Cell,
    Drawn,
    GridIndex,
    middle,
    read_collection,
    read_polygon,
    square_metres,
)

ON = date(2023, 7, 3)
METRE = 1 / 111_320


def square(west: float, south: float, size: float = 1.0) -> dict:
    """Return a square as GeoJSON, counted in hundredths of a degree from 121, 31."""
    x, y, d = 121 + west / 100, 31 + south / 100, size / 100
    ring = [[x, y], [x + d, y], [x + d, y + d], [x, y + d], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


# Published pairs: the usual sample point of the open implementations.
@pytest.mark.parametrize(
    ("system", "wgs", "shifted"),
    [
        ("gcj02", (116.404, 39.915), (116.41024449916938, 39.91640428150164)),
        ("bd09", (116.404, 39.915), (116.41662724378733, 39.922699552216216)),
    ],
)
def test_a_known_point_is_shifted_as_published(system, wgs, shifted) -> None:
    assert co.from_wgs84(*wgs, system) == pytest.approx(shifted, abs=1e-9)
    assert co.to_wgs84(*shifted, system) == pytest.approx(wgs, abs=1e-9)


@given(st.floats(74, 134), st.floats(4, 53), st.sampled_from(["gcj02", "bd09"]))
def test_the_way_back_is_right_to_less_than_half_a_metre(lon, lat, system) -> None:
    back = co.to_wgs84(*co.from_wgs84(lon, lat, system), system)
    assert back == pytest.approx((lon, lat), abs=0.01 * METRE)


def test_outside_china_nothing_is_shifted() -> None:
    for system in co.SYSTEMS:
        for point in ((-0.1276, 51.5072), (151.2, -33.87), (179.0, 80.0)):
            assert co.from_wgs84(*point, system) == point
            assert co.to_wgs84(*point, system) == point


def test_arrays_are_converted_as_points_are() -> None:
    lons, lats = np.array([121.0, 116.4, 2.3]), np.array([31.0, 39.9, 48.8])
    many = co.to_wgs84(lons, lats, "gcj02")
    for place in range(3):
        one = co.to_wgs84(float(lons[place]), float(lats[place]), "gcj02")
        assert one == (many[0][place], many[1][place])


def test_a_file_of_polygons_is_read_and_each_fault_stands_in_its_place() -> None:
    bow = {
        "type": "Polygon",
        "coordinates": [[[121, 31], [122, 32], [122, 31], [121, 32], [121, 31]]],
    }
    features = [
        {"type": "Feature", "properties": {"code": "c1"}, "geometry": square(0, 0)},
        {"type": "Feature", "properties": None, "geometry": bow},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [121, 31]}},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[1, 2]]]}},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": "x"}},
        {"type": "Feature", "geometry": square(3e6, 0)},
        "nonsense",
    ]
    found = read_collection({"type": "FeatureCollection", "features": features})
    assert isinstance(found[0], Drawn) and found[0].properties == {"code": "c1"}
    assert not found[0].mended and found[0].polygon["type"] == "Polygon"
    assert isinstance(found[1], Drawn) and found[1].mended
    assert len(found) == len(features)
    assert all(isinstance(f, BadShape) for f in found[2:])
    for whole in ([], "x", {"type": "FeatureCollection", "features": []}):
        with pytest.raises(BadShape):
            read_collection(whole)


def test_a_polygon_of_another_system_lands_where_it_belongs() -> None:
    there = square(0, 0)
    ring = [list(co.from_wgs84(x, y, "gcj02")) for x, y in there["coordinates"][0]]
    polygon, _mended = read_polygon({"type": "Polygon", "coordinates": [ring]}, "gcj02")
    assert np.allclose(polygon["coordinates"][0], there["coordinates"][0], atol=1e-6)


def test_the_deepest_unit_that_is_valid_on_the_day_is_found() -> None:
    index = GridIndex(
        [
            Cell(1, square(0, 0, 4), depth=1),
            Cell(2, square(0, 0, 2), depth=2, valid_until=date(2023, 7, 1)),
            Cell(3, square(0, 0, 2), depth=2, valid_from=date(2023, 7, 1)),
        ]
    )
    assert index.find(121.01, 31.01, date(2023, 6, 30)) == 2
    assert index.find(121.01, 31.01, date(2023, 7, 1)) == 3
    assert index.find(121.03, 31.03, ON) == 1
    assert index.find(121.05, 31.03, ON) is None
    assert index.find_many([121.01, 121.03, 121.05], [31.01, 31.03, 31.03], ON) == [3, 1, None]


def test_an_index_without_polygons_finds_nothing() -> None:
    assert GridIndex([]).find(121, 31, ON) is None
    assert GridIndex([]).find_many([121], [31], ON) == [None]
    assert GridIndex([Cell(1, {"type": "Polygon", "coordinates": []})]).faults(ON) == []


@given(st.floats(0, 1), st.permutations([4, 7, 9, 12]))
def test_a_point_on_a_shared_border_goes_to_exactly_one(along, ids) -> None:
    places = [(0, 0), (1, 0), (0, 1), (1, 1)]
    index = GridIndex([Cell(i, square(*p)) for i, p in zip(ids, places, strict=True)])
    border = index.find(121.01, 31 + along * 0.02, ON)
    assert border is not None
    assert index.find_many([121.01], [31 + along * 0.02], ON) == [border]
    assert index.find(121.01, 31.01, ON) == min(ids)


def test_many_points_are_found_as_brute_force_finds_them() -> None:
    random = Random(7)
    spots = [(121 + random.random() / 10, 31 + random.random() / 10) for _ in range(60)]
    frame = shapely.box(121, 31, 121.1, 31.1)
    shapes = shapely.voronoi_polygons(shapely.MultiPoint(spots), extend_to=frame, ordered=True)
    cells = [
        Cell(n, shapely.geometry.mapping(shape.intersection(frame)))
        for n, shape in enumerate(shapes.geoms)
    ]
    index = GridIndex(cells)
    lons = [121 + random.random() / 10 for _ in range(2000)]
    lats = [31 + random.random() / 10 for _ in range(2000)]
    found = index.find_many(lons, lats, ON)
    for lon, lat, unit in zip(lons, lats, found, strict=True):
        assert index.find(lon, lat, ON) == unit
        holders = [
            c.id
            for c in cells
            if shapely.geometry.shape(c.polygon).covers(shapely.Point(lon, lat))
        ]
        assert unit == min(holders)
    assert index.faults(ON) == []


def test_overlaps_and_gaps_are_reported_with_their_place_and_size() -> None:
    index = GridIndex(
        [
            Cell(1, square(0, 0, 3), depth=1),
            Cell(2, square(0, 0, 2), depth=2),
            Cell(3, square(1.5, 0, 1.5), depth=2),
        ]
    )
    gap, overlap = index.faults(ON)
    assert (gap.kind, gap.units) == ("gap", (1,))
    assert (overlap.kind, overlap.units) == ("overlap", (2, 3))
    assert index.find(gap.lon, gap.lat, ON) == 1
    half = square_metres(shapely.box(121.015, 31, 121.02, 31.015))
    assert overlap.area == pytest.approx(half, rel=0.01)
    assert index.faults(date(2023, 1, 1)) == [gap, overlap]


def test_a_hole_between_units_is_a_gap() -> None:
    ring = [
        Cell(n, square(*p))
        for n, p in enumerate([(0, 0), (1, 0), (2, 0), (0, 1), (2, 1), (0, 2), (1, 2), (2, 2)])
    ]
    (gap,) = GridIndex(ring).faults(ON)
    assert (gap.kind, gap.units) == ("gap", ())
    assert (gap.lon, gap.lat) == pytest.approx((121.015, 31.015), abs=0.005)


def test_a_point_inside_is_given_for_a_polygon() -> None:
    assert middle(square(0, 0)) == pytest.approx((121.005, 31.005))
    assert middle(None) is None and middle({"type": "Polygon"}) is None
