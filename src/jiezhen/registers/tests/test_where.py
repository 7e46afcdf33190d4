"""Where something is, through the forms, imports and the JSON door that people use."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiezhen.conftest import AT, Cast, build_cast
from jiezhen.packs import registry
from jiezhen.registers import facts, queries
from jiezhen.registers.models import Entry
from jiezhen.units import operations
from jiezhen.units.models import Unit
from jiezhen.units.operations.reshaping import Part, split
from jiezhen.units.rules.coordinates import from_wgs84
from jiezhen.units.tests.test_geometry import square

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


@pytest.fixture(autouse=True)
def packs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the shipped packs in force, beside whatever the other tests of the room use."""
    monkeypatch.setattr(registry, "_current", registry.load([registry.BUILT_IN]))


def door(client: Client, unit: str, address: object, status: int = 201) -> str:
    """Write a door through the JSON API and return its code."""
    return _post(client, "addresses.door", {"unit": unit, "values": {"address": address}}, status)


def _post(client: Client, kind: str, body: dict[str, Any], status: int = 201) -> str:
    answer = client.post(
        f"/api/records/{kind}",
        body,
        content_type="application/json",
        headers={"Idempotency-Key": uuid4().hex},
    )
    assert answer.status_code == status, answer.content.decode()
    return str(answer.json().get("code", ""))


def asked(client: Client, **words: object) -> dict[str, Any]:
    """Return what `/api/where` answers."""
    answer = client.get("/api/where", words)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def draw(cast: Cast, **polygons: dict[str, Any]) -> None:
    for code, polygon in polygons.items():
        rows = Unit.objects.for_system("test").filter(office_id=cast.system.office_id, code=code)
        rows.update(polygon=polygon)
    operations.touch(cast.system.office_id)


def test_a_written_door_is_the_answer_for_every_way_to_write_it(cast: Cast) -> None:
    client = cast.client("section")
    door(client, "c1", {"text": "沧源路123弄5号；沧源小区5号楼", "lon": 121.405, "lat": 31.005})
    door(client, "c2", "沧源路200弄1号")
    _post(client, "addresses.road", {"unit": "yunxiu", "values": {"names": "沧源路；老沧江公路"}})
    for text in ("沧源路123弄5号楼302室", "沧源小区5号", "老沧江公路123弄5幢"):
        found = asked(client, text=text)
        assert (found["unit"]["code"], found["how"]) == ("c1", "address")
        assert found["door"] == "沧源路123弄5号" and found["lon"] == 121.405
        assert found["said"] == "按门牌：沧源路123弄5号"


def test_a_whole_lane_in_one_unit_answers_and_a_road_in_two_asks(cast: Cast) -> None:
    client = cast.client("section")
    door(client, "c1", "沧源路123弄5号")
    door(client, "c1", "沧源路123弄6号")
    door(client, "c2", "沧源路200弄1号")
    found = asked(client, text="沧源路123弄88号")
    assert (found["unit"]["code"], found["how"], found["door"]) == ("c1", "address", "")
    assert found["said"] == "“沧源路123弄”都在松涛居民区"
    unsure = asked(client, text="沧源路900号")
    assert unsure["unit"] is None and unsure["how"] == "none"
    assert [u["code"] for u in unsure["candidates"]] == ["c1", "c2"]
    assert "松涛居民区、听泉居民区" in unsure["said"] and "请写到门牌号" in unsure["said"]
    nothing = asked(client, text="虹梅路1号")
    assert nothing["unit"] is None and "没有找到“虹梅路1号”" in nothing["said"]


def test_a_point_finds_unit_and_nearest_door_in_any_system(cast: Cast) -> None:
    draw(cast, c1=square(0, 0), c2=square(1, 0))
    client = cast.client("grid")
    door(client, "c1", {"text": "沧源路123弄5号", "lon": 121.005, "lat": 31.005})
    for system in ("wgs84", "gcj02", "bd09"):
        lon, lat = from_wgs84(121.0051, 31.0051, system)
        found = asked(client, lon=lon, lat=lat, system=system)
        assert (found["unit"]["code"], found["how"]) == ("c1", "point")
        assert (found["door"], found["said"]) == ("沧源路123弄5号", "按定位猜的")
        assert (found["lon"], found["lat"]) == pytest.approx((121.0051, 31.0051), abs=1e-6)
    outside = asked(client, lon=121.9, lat=31.9)
    assert outside["unit"] is None and "这个点不在任何单元里" in outside["said"]


def test_a_written_door_is_trusted_more_than_the_point_and_a_lane_less(cast: Cast) -> None:
    draw(cast, c1=square(0, 0), c2=square(1, 0))
    client = cast.client("section")
    door(client, "c1", "沧源路123弄5号")
    point = {"lon": 121.015, "lat": 31.005}
    assert asked(client, text="沧源路123弄5号", **point)["unit"]["code"] == "c1"
    assert asked(client, text="沧源路123弄99号", **point)["unit"]["code"] == "c2"
    assert asked(client, text="楼道堆物", **point)["unit"]["code"] == "c2"


def test_a_units_own_name_is_the_last_resort(cast: Cast) -> None:
    client = cast.client("section")
    found = asked(client, text="松涛居民区门口")
    assert (found["unit"]["code"], found["how"]) == ("c1", "name")
    assert asked(client, text="听泉")["unit"]["code"] == "c2"


@pytest.mark.parametrize(
    "words",
    [{}, {"lon": 121}, {"text": " "}, {"lon": "nan", "lat": 31}, {"lon": 200, "lat": 31},
     {"lon": 121, "lat": 31, "system": "x"}, {"text": "沧" * 301}],
)  # fmt: skip
def test_a_question_without_sense_is_refused(cast: Cast, words: dict[str, object]) -> None:
    assert cast.client("grid").get("/api/where", words).status_code == 422


def test_strangers_do_not_ask(db: None) -> None:
    assert Client().get("/api/where", {"text": "沧源路"}).status_code == 401


def test_no_statement_is_needed_and_changes_are_known_at_once(cast: Cast) -> None:
    client, office = cast.client("section"), cast.system.office_id
    code = door(client, "c1", "沧源路123弄5号")
    draw(cast, c1=square(0, 0))
    queries.where(office, "沧源路", None, None, AT)
    with CaptureQueriesContext(connection) as statements:
        assert queries.where(office, "沧源路123弄5号", None, None, AT).unit.code == "c1"
        assert queries.where(office, "", 121.005, 31.005, AT).unit.code == "c1"
        assert queries.where(office, "不知道", None, None, AT).unit is None
    assert len(statements) == 0
    row = Entry.objects.for_system("test").get(code=code)
    answer = client.patch(
        f"/api/records/addresses.door/{code}",
        {"values": {"address": "沧源路123弄7号"}, "version": row.version},
        content_type="application/json",
        headers={"Idempotency-Key": uuid4().hex},
    )
    assert answer.status_code == 200
    assert asked(client, text="沧源路123弄7号")["door"] == "沧源路123弄7号"


def test_another_process_is_noticed_within_thirty_seconds(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = [5000.0]
    monkeypatch.setattr(facts.BOOKS, "_passed", lambda: passed[0])
    client = cast.client("section")
    code = door(client, "c1", "沧源路123弄5号")
    assert asked(client, text="沧源路123弄5号")["how"] == "address"
    rows = Entry.objects.for_system("another process").filter(code=code)
    rows.update(withdrawn_at=AT, version=2)
    assert asked(client, text="沧源路123弄5号")["how"] == "address"
    passed[0] += 30
    assert asked(client, text="沧源路123弄5号")["how"] == "none"


def test_an_office_answers_from_its_own_register_alone(cast: Cast) -> None:
    other = build_cast("beiyun")
    door(other.client("section"), "c1", "沧源路123弄5号")
    draw(other, c1=square(0, 0))
    client = cast.client("section")
    assert asked(client, text="沧源路123弄5号")["how"] == "none"
    assert asked(client, lon=121.005, lat=31.005)["how"] == "none"


def test_doors_of_a_unit_that_was_split_or_ended_go_to_its_heirs(cast: Cast) -> None:
    client = cast.client("section")
    door(client, "c1", {"text": "沧源路123弄5号", "lon": 121.005, "lat": 31.005})
    door(client, "c1", "沧源路123弄6号")
    door(client, "c2", "剑川路1号")
    parts = [Part("c1a", "松涛东居民区"), Part("c1b", "松涛西居民区")]
    split(cast.system, "c1", parts, date(2023, 7, 1), AT)
    draw(cast, c1a=square(0, 0), c1b=square(1, 0))
    operations.end_unit(cast.system, "c2", date(2023, 7, 1), AT, successor="c3")
    assert asked(client, text="沧源路123弄5号")["unit"]["code"] == "c1a"
    unsure = asked(client, text="沧源路123弄6号")
    assert [u["code"] for u in unsure["candidates"]] == ["c1a", "c1b"]
    assert asked(client, text="剑川路1号")["unit"]["code"] == "c3"


def test_personal_registers_answer_for_nobody(cast: Cast) -> None:
    kinds = {k.name for k in queries.places.locating()}
    assert "addresses.door" in kinds
    assert all(registry.catalogue().kinds[k].sensitivity in ("open", "inner") for k in kinds)
