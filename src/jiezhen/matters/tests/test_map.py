"""The map of matters: its page without scripts, its GeoJSON, and what is served for it."""

import json
from importlib import import_module
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from jiezhen.conftest import Cast
from jiezhen.matters import operations
from jiezhen.matters.models import Matter
from jiezhen.matters.tests.conftest import at, opened
from jiezhen.people.access import Viewer
from jiezhen.records.tests.test_list_page import page
from jiezhen.units.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]

CASE = "trial.case"


def square(lon: float, lat: float) -> dict[str, Any]:
    """Return a square of about a kilometre."""
    ring = [[lon, lat], [lon + 0.01, lat], [lon + 0.01, lat + 0.01], [lon, lat + 0.01], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def drawn(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give two communities their polygons."""
    monkeypatch.setenv("JIEZHEN_NOW", at("2023-06-21 10:00").isoformat())
    for code, lon in (("c1", 121.40), ("c3", 121.42)):
        rows = Unit.objects.for_system("test").filter(code=code)
        rows.update(polygon=square(lon, 31.0))
    import_module("jiezhen.units.queries.trees").forget(cast.system.office_id)


def placed(desk: Viewer, lon: float, subject: str = "楼道堆物", unit: str = "c1") -> Matter:
    place = {"text": "沧源路123弄", "lon": lon, "lat": 31.005}
    row = operations.open_matter(
        desk, CASE, {"subject": subject}, at("2023-06-21 09:12"), place=place
    ).matter
    return operations.move(desk, CASE, row.pk, "dispatch", {}, at("2023-06-21 09:20"), unit=unit)


def test_the_page_shows_heat_and_list_without_scripts(
    cast: Cast, desk: Viewer, drawn: None
) -> None:
    row = placed(desk, 121.405)
    placed(desk, 121.406)
    opened(desk)
    shown = page(cast.client("city"), "/matters/map")
    assert "松涛居民区 2件" in shown
    assert "1件不在这些单元里" in shown
    assert "图例" in shown
    assert f'href="/matters/{row.code}"' in shown
    assert "正常" in shown.split("地图上的事项")[-1]
    assert 'id="point-map"' in shown
    assert "maplibre/maplibre-gl.js" in shown
    assert "松涛居民区 0件" in page(cast.client("city"), "/matters/map?tab=overdue")


def test_the_points_are_those_that_the_viewer_sees(cast: Cast, desk: Viewer, drawn: None) -> None:
    mine = placed(desk, 121.405)
    other = placed(desk, 121.425, unit="c3")
    answer = cast.client("grid").get("/matters/map.json")
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.json()
    assert [f["properties"]["code"] for f in found["features"]] == [mine.code]
    point = found["features"][0]
    assert point["geometry"] == {"type": "Point", "coordinates": [121.405, 31.005]}
    assert point["properties"]["lamp"] == "green"
    assert point["properties"]["word"].startswith("正常 剩")
    assert [u["properties"]["title"] for u in found["units"]["features"]] == ["松涛居民区"]
    assert found["more"] is False
    whole = cast.client("city").get("/matters/map.json").json()
    assert {f["properties"]["code"] for f in whole["features"]} == {mine.code, other.code}
    assert "赵" not in json.dumps(whole, ensure_ascii=False)
    narrow = cast.client("city").get("/matters/map.json?unit=c3").json()
    assert [f["properties"]["code"] for f in narrow["features"]] == [other.code]


def test_the_cap_is_told(
    cast: Cast, desk: Viewer, drawn: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        placed(desk, 121.405 + n / 1000)
    module = import_module("jiezhen.matters.queries.mapped")
    monkeypatch.setattr(module.mapped, "__defaults__", (2,))
    monkeypatch.setattr("jiezhen.matters.views.mapping.MOST", 2)
    found = cast.client("city").get("/matters/map.json").json()
    assert (len(found["features"]), found["more"], found["cap"]) == (2, True, 2)


def test_a_stranger_sees_nothing_and_an_office_without_polygons_squares(
    cast: Cast, desk: Viewer, client: Any
) -> None:
    assert client.get("/matters/map.json").status_code == 302
    assert client.get("/matters/map").status_code == 302
    row = opened(desk)
    operations.move(desk, CASE, row.pk, "dispatch", {}, at("2023-06-21 09:20"), unit="c1")
    shown = page(cast.client("city"), "/matters/map")
    assert "每格一个单元，大小相同" in shown
    assert "松涛居民区 1件" in shown
    assert cast.client("city").get("/matters/map.json").json()["units"]["features"] == []


def test_only_the_two_files_of_the_package_are_served() -> None:
    assert finders.find("maplibre/maplibre-gl.js")
    assert finders.find("maplibre/maplibre-gl.css")
    assert finders.find("maplibre/ipywidget.js") is None
    listed = {
        f"{storage.prefix}/{name}"
        for finder in finders.get_finders()
        if type(finder).__name__ == "Vendored"
        for name, storage in finder.list([])
    }
    assert listed == {"maplibre/maplibre-gl.js", "maplibre/maplibre-gl.css"}
