"""Matters through the API: opened once, with their unit, clocks and likely doubles."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiezhen.conftest import Cast
from jiezhen.matters.models import Matter
from jiezhen.matters.tests.conftest import trial
from jiezhen.units import operations as unit_operations
from jiezhen.units.models import Unit
from jiezhen.units.queries import trees

__all__ = ["trial"]
pytestmark = pytest.mark.django_db
SQUARE = {
    "type": "Polygon",
    "coordinates": [
        [[121.4, 31.0], [121.41, 31.0], [121.41, 31.01], [121.4, 31.01], [121.4, 31.0]]
    ],
}


@pytest.fixture
def machine(trial: None, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what sends a request as the operations centre's machine."""
    monkeypatch.setenv("JIEZHEN_NOW", "2023-06-21T09:12:00+08:00")
    Unit.objects.for_system("t").filter(code="c1").update(polygon=SQUARE)
    trees.forget(cast.system.office_id)
    at = cast.accounts["city"].created_at
    key = unit_operations.issue_token(cast.system, "city", "热线平台", at, days=20000)
    client = Client()

    def send(path: str, body: Any, idem: str = "k1", method: str = "post") -> Any:
        return getattr(client, method)(
            f"/api{path}",
            json.dumps(body) if method == "post" else None,
            content_type="application/json",
            headers={"Authorization": f"Bearer {key}", "Idempotency-Key": idem},
        )

    return send


BODY = {
    "values": {
        "subject": "楼道堆物没人管",
        "class": "complaint",
        "caller": "赵铁柱",
        "phone": "13912345678",
    },
    "place": {"text": "松涛路5号", "lon": 121.405, "lat": 31.005},
    "receipt": True,
}


def test_it_opens_a_matter_with_its_unit_and_clocks(machine: Any) -> None:
    answer = machine("/matters/trial.case", BODY)
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert found["unit"] == "c1" and found["grid"] == "c1"
    assert found["timers"]["total"]["due"].startswith("2023-06-29T09:12")
    assert len(found["receipt"]) == 10 and found["twins"] == []


def test_a_lost_answer_is_given_again_and_one_matter_stands(machine: Any) -> None:
    first, second = machine("/matters/trial.case", BODY), machine("/matters/trial.case", BODY)
    assert first.json()["code"] == second.json()["code"]
    assert Matter.objects.for_system("t").filter(kind="trial.case").count() == 1


def test_likely_doubles_come_with_their_reasons(machine: Any) -> None:
    first = machine("/matters/trial.case", BODY).json()
    other = {**BODY, "place": {"text": "松涛路5号", "lon": 121.4052, "lat": 31.0051}}
    other = {
        **other,
        "values": {**BODY["values"], "subject": "楼道里堆物一直没人管", "caller": "李四"},
    }
    before = machine("/matters/trial.case/twins", other, "k9").json()
    found = machine("/matters/trial.case", other, "k2").json()["twins"]
    assert [t["code"] for t in found] == [first["code"]] == [t["code"] for t in before]
    assert "投诉" in found[0]["why"] and "米" in found[0]["why"]
    far = {**other, "place": {"text": "远处", "lon": 121.46, "lat": 31.09}}
    assert (
        machine("/matters/trial.case", {**far, "values": {"subject": "路灯不亮"}}, "k3").json()[
            "twins"
        ]
        == []
    )


@pytest.mark.parametrize(
    "place",
    [
        {"text": "松涛路5号", "lon": "abc", "lat": "31"},
        {"text": "a", "lon": [1], "lat": {}},
        [1, 2],
        7,
    ],
)
def test_a_place_that_cannot_be_read_has_no_doubles(machine: Any, place: object) -> None:
    body = {"values": {"subject": "堆物", "place": place}, "twins": True}
    assert machine("/matters/trial.case/twins", body).json() == []
    assert machine("/matters/trial.case", body, "k2").status_code in {201, 422}


def test_the_same_caller_is_found_however_the_number_is_written(machine: Any) -> None:
    first = machine("/matters/trial.case", BODY).json()
    said = {"subject": "楼道堆物没人管", "class": "投诉", "phone": "139-1234 5678"}
    (found,) = machine("/matters/trial.case/twins", {"values": said}, "k2").json()
    assert found["code"] == first["code"] and "同一来电人" in found["why"]
    assert "都是投诉" in found["why"]


def test_chinese_coordinates_are_converted(machine: Any) -> None:
    from jiezhen.units.rules.coordinates import from_wgs84

    lon, lat = from_wgs84(121.4001, 31.005, "gcj02")
    place = {"text": "松涛路5号", "lon": lon, "lat": lat, "system": "gcj02"}
    found = machine("/matters/trial.case", {**BODY, "place": place}).json()
    assert found["grid"] == "c1"
    row = Matter.objects.for_system("t").get(code=found["code"])
    assert abs(row.lon - 121.4001) < 1e-5 and abs(row.lat - 31.005) < 1e-5


def test_it_is_moved_asked_for_and_told(machine: Any) -> None:
    code = machine("/matters/trial.case", BODY).json()["code"]
    moved = machine(f"/matters/trial.case/{code}/contact", {"outcome": "reached"}, "c1")
    assert moved.json()["state"] == "handling", moved.content
    paused = machine(f"/matters/trial.case/{code}/requests/pause", {"reason": "absent"}, "c2")
    assert paused.status_code == 201 and paused.json()["state"] == "granted"
    told = machine(f"/matters/trial.case/{code}", {}, method="get").json()
    assert [c["word"] for c in told["clocks"]] == ["按时完成", "暂停"]
    assert machine(f"/matters/trial.case/{code}/resume", {}, "c3").status_code == 200
    bad = machine(f"/matters/trial.case/{code}/requests/pause", {"reason": "想停"}, "c4")
    assert bad.status_code == 422 and "清单" in bad.json()["message"]


def test_a_unit_that_is_not_there_is_told(machine: Any) -> None:
    answer = machine("/matters/trial.case", {**BODY, "unit": "没有这个科"})
    assert answer.status_code == 422 and "没有这个科" in answer.json()["message"]


def test_intake_takes_eight_statements(machine: Any) -> None:
    """The viewer, the doubles, number, matter, moves, caller, trail, key; in one transaction."""
    machine("/matters/trial.case", BODY)
    with CaptureQueriesContext(connection) as context:
        answer = machine("/matters/trial.case", BODY, "k5")
    assert answer.status_code == 201
    said = [q["sql"] for q in context.captured_queries]
    # The test's own transaction turns the outermost BEGIN and COMMIT into these two.
    control = [s for s in said if s.startswith(("SAVEPOINT", "RELEASE"))]
    assert len(control) <= 2 and len(said) - len(control) == 8
