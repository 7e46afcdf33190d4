"""Maps of units: classes, projection, squares, and what a reader is told."""

import re

import pytest

from jiezhen.web import maps, samples
from jiezhen.web.maps import Region
from jiezhen.web.tests.support import HOSTILE, read, tag


def square(x: float, y: float) -> dict[str, object]:
    ring = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def regions(*values: float | None) -> list[Region]:
    return [
        Region(f"c{n}", f"第{n}", v, f"?unit=c{n}", "" if v is None else f"{v}件", square(n, 31))
        for n, v in enumerate(values)
    ]


CLASSES = [
    ((1, 2, 3, 4, 5), [1, 2, 3, 4, 5]),
    ((5, 1, 4, 2, 3), [5, 1, 4, 2, 3]),
    ((7, 7, 7), [3, 3, 3]),
    ((0, None, 0), [3, 0, 3]),
    ((None, None), [0, 0]),
    ((1, 1, 1, 1, 9), [1, 1, 1, 1, 5]),
    (tuple(range(1, 11)), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]),
]


@pytest.mark.parametrize(("values", "steps"), CLASSES)
def test_equal_values_share_a_class_and_classes_use_the_whole_ramp(
    values: tuple[float | None, ...], steps: list[int]
) -> None:
    drawn = maps.choropleth(regions(*values), title="图")
    found = {a.code: a.step for a in drawn.areas}
    assert [found[f"c{n}"] for n in range(len(values))] == steps


def test_the_legend_counts_every_unit_once() -> None:
    drawn = maps.choropleth(regions(12, 30, 44, 21, 8, None, 17), title="图")
    assert sum(s.count for s in drawn.legend) == 7
    assert drawn.legend[-1].text == "无数据"
    assert drawn.legend[0].text == "44" or drawn.legend[0].text.endswith("—44")


def test_north_is_up_and_everything_lies_inside_the_picture() -> None:
    south, north = (
        Region("s", "南", 1, "#", polygon=square(121, 31)),
        Region("n", "北", 2, "#", polygon=square(121, 32)),
    )
    drawn = maps.choropleth([south, north], title="图")
    at = {a.code: float(a.y) for a in drawn.areas}
    assert at["n"] < at["s"]
    for area in drawn.areas:
        numbers = [float(n) for n in re.findall(r"-?\d+\.\d", area.path)]
        assert min(numbers) >= 0
        assert max(numbers) <= maps.WIDTH


def test_several_parts_and_features_are_drawn() -> None:
    parts = {
        "type": "MultiPolygon",
        "coordinates": [square(0, 0)["coordinates"], square(3, 0)["coordinates"]],
    }
    feature = {"type": "Feature", "geometry": parts}
    drawn = maps.choropleth([Region("a", "甲", 1, "#", polygon=feature)], title="图")
    assert drawn.areas[0].path.count("M") == 2


def test_without_polygons_there_are_squares() -> None:
    bare = [Region(f"c{n}", "甲", n, "#") for n in range(5)]
    drawn = maps.choropleth(bare, title="图")
    assert "大小相同" in drawn.note
    assert len({re.sub(r"M\S+ \S+?h", "h", a.path) for a in drawn.areas}) == 1


def test_a_unit_without_a_boundary_is_still_in_the_list() -> None:
    given = [*regions(1, 2), Region("x", "新", 9, "#")]
    drawn = maps.choropleth(given, title="图")
    assert [a.code for a in drawn.ranked] == ["x", "c1", "c0"]
    assert next(a.path for a in drawn.areas if a.code == "x") == ""


def test_the_list_is_ranked_with_blanks_last_and_carries_the_same_links() -> None:
    markup = tag("{% unit_map m %}", m=maps.choropleth(regions(3, None, 9), title="图"))
    links = [a for a in read(markup).all("a") if a.get("tabindex") != "-1"]
    assert [a["data-unit"] for a in links] == ["c2", "c0", "c1"]
    assert "无数据" in markup
    assert 'fill="url(#map-none)"' in markup


def test_a_public_map_prints_its_review_number() -> None:
    assert maps.choropleth(regions(1), title="图").note == "示意图"
    numbered = maps.choropleth(regions(1), title="图", review_number="沪S(2023)001号")
    assert numbered.note == "审图号：沪S(2023)001号"


def test_hostile_names_stay_text() -> None:
    bad = Region(HOSTILE, HOSTILE, 1, "#", HOSTILE, square(0, 0))
    for drawn in (maps.choropleth([bad], title=HOSTILE), maps.squares([bad], title=HOSTILE)):
        markup = tag("{% unit_map m %}", m=drawn)
        assert "<script" not in markup
        assert read(markup).blocked == []


def test_nothing_to_draw_is_no_failure() -> None:
    assert maps.squares([], title="图").areas == ()


def test_the_chosen_unit_is_drawn_last_and_marked() -> None:
    drawn = samples.drawings()["unit_map"]
    assert drawn.areas[-1].current
    assert 'aria-current="true"' in tag("{% unit_map m %}", m=drawn)
    assert maps.narrowed(regions(1)[0], "c0").current
