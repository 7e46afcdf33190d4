"""上报: types, the plain form, the form that waited, the message from a chat."""

import json
import re
from datetime import timedelta

import pytest

from jiezhen.conftest import AT, Cast
from jiezhen.matters.models import Matter
from jiezhen.matters.queries import reporting
from jiezhen.records.models import Attachment
from jiezhen.trail.once import fresh
from jiezhen.web import device

JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300" + "01" * 64 + "ffc0000b0800010001010111"
    "00ffc40014000100000000000000000000000000000009ffc40014100100000000000000000000000000000000"
    "ffda0008010100003f0037ffd9"
)


def found(kind: str = "grid.finding"):
    return Matter.objects.for_system("test").filter(kind=kind).order_by("id")


def post(cast: Cast, who: str, **more: object):
    sent = {"_nonce": fresh(), "_type": "grid.finding:waste", "_unit": "c1"} | more
    return cast.client(who).post("/report", sent)


def waiting(cast: Cast, who: str, **more: object):
    sent = {"_nonce": fresh(), "_type": "grid.finding:waste", "_unit": "c1"} | more
    return cast.client(who).post("/report", sent, headers={"Accept": "application/json"})


def test_type_and_place_are_enough(cast: Cast, still: object) -> None:
    answer = post(cast, "grid")
    row = found().get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/report/receipt/grid.finding/{row.code}"
    assert row.data["problem"] == "waste"
    assert row.data["place"]["text"] == "松涛居民区"
    assert row.data["found_on"] == "2023-07-03"
    page = cast.client("grid").get(answer["Location"]).content.decode()
    assert row.code in page and "已派：" in page and "这条会计入" in page
    assert "巡查" in page


def test_what_is_missing_is_said_at_its_field(cast: Cast, still: object) -> None:
    answer = post(cast, "grid", _type="", words="楼道里有纸箱")
    page = answer.content.decode()
    assert answer.status_code == 422 and "请选是什么。" in page
    assert 'href="#report_type"' in page and "楼道里有纸箱" in page
    assert not found().exists()


def test_somebody_cannot_report_where_they_may_not(cast: Cast, still: object) -> None:
    answer = post(cast, "neighbour", _unit="c1")
    assert answer.status_code == 422 and not found().exists()
    page = cast.client("neighbour").get("/report").content.decode()
    assert 'value="c1"' not in page and 'value="c3"' in page


def test_who_may_not_report_is_told_whom_to_ask(cast: Cast, still: object) -> None:
    page = cast.client("auditor").get("/report").content.decode()
    assert (
        "没有上报的权限。" in page
        and "<form" not in page.partition("<main")[2].partition("</main")[0]
    )


def test_ones_own_usual_types_come_first(cast: Cast, still: object) -> None:
    for _ in range(3):
        post(cast, "grid", _type="grid.finding:facility")
    post(cast, "grid", _type="safety.hazard:fire", words="灭火器过期")
    offered = reporting.choices(cast.viewers["grid"], AT)
    assert [t.key for t in offered.types[:2]] == ["grid.finding:facility", "safety.hazard:fire"]
    assert len(offered.chips) == reporting.CHIPS
    others = reporting.choices(cast.viewers["neighbour"], AT)
    assert others.types[0].key != "grid.finding:facility"


def test_only_kinds_whose_required_fields_follow_are_offered(cast: Cast) -> None:
    for type_ in reporting.types(cast.viewers["section"]):
        parts = type_.parts
        filled = {parts.place, parts.category, parts.words, *parts.days}
        required = {n for n, f in type_.kind.fields.items() if f.required}
        assert required <= filled, type_.key
    names = {t.kind.name for t in reporting.types(cast.viewers["section"])}
    assert {"grid.finding", "safety.hazard"} <= names
    assert not names & {"lifts.retrofit", "hotline.case", "safety.fire_station", "grid.check"}


def test_what_waited_counts_on_the_day_on_which_it_was_written(cast: Cast, still: object) -> None:
    written = AT - timedelta(days=2)
    waiting(cast, "grid", _written=written.isoformat())
    for odd in ("", "x", "2023-07-01", (AT + timedelta(days=1)).isoformat(), "1999-01-01T00:00Z"):
        waiting(cast, "grid", _written=odd)
    assert [r.data["found_on"] for r in found()] == ["2023-07-01"] + ["2023-07-03"] * 5


def test_what_waited_arrives_once_and_is_told_its_number(cast: Cast, still: object) -> None:
    key = fresh()
    first = waiting(cast, "grid", _nonce=key, words="纸箱")
    again = waiting(cast, "grid", _nonce=key, words="纸箱")
    row = found().get()
    assert first.json() == again.json()
    assert first.json()["state"] == "done" and first.json()["code"] == row.code
    assert first.json()["told"].startswith(f"已上报，编号{row.code}")


def test_a_draft_that_was_changed_after_it_arrived_is_told_so(cast: Cast, still: object) -> None:
    key = fresh()
    code = waiting(cast, "grid", _nonce=key, words="纸箱").json()["code"]
    again = waiting(cast, "grid", _nonce=key, words="纸箱和木板")
    assert again.status_code == 409
    assert again.json()["state"] == "already" and again.json()["code"] == code
    assert found().count() == 1


def test_a_refused_draft_keeps_its_nonce_for_the_corrected_one(cast: Cast, still: object) -> None:
    key = fresh()
    refused = waiting(cast, "grid", _nonce=key, _type="")
    assert refused.status_code == 422
    assert refused.json() == {"state": "fix", "told": "请选是什么。"}
    assert waiting(cast, "grid", _nonce=key).json()["state"] == "done"
    assert found().count() == 1


def test_a_draft_is_never_sent_as_somebody_else(cast: Cast, still: object) -> None:
    whose = device.key_of(cast.accounts["grid"].pk)
    refused = waiting(cast, "section", _as=whose)
    assert refused.status_code == 403 and refused.json() == {"state": "other"}
    assert not found().exists()
    assert waiting(cast, "grid", _as=whose).json()["state"] == "done"


def test_photos_come_with_the_report_in_one_deed(cast: Cast, still: object) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    good = SimpleUploadedFile("现场.jpg", JPEG)
    bad = SimpleUploadedFile("现场.jpg", b"not a picture")
    refused = waiting(cast, "grid", photo=bad)
    assert refused.status_code == 422 and refused.json()["state"] == "fix"
    assert not found().exists() and not Attachment.objects.exists()
    assert waiting(cast, "grid", photo=good).json()["state"] == "done"
    assert len(found().get().data["photo"]) == 1


def test_a_message_proposes_and_files_nothing(cast: Cast, still: object) -> None:
    sent = {"_nonce": fresh(), "pasted": "松涛居民区沧源路123弄5号楼 垃圾没人收"}
    found_ = cast.client("grid").post(
        "/report/paste", sent, headers={"Accept": "application/json"}
    )
    assert found_.json() == {
        "type": "grid.finding:waste",
        "unit": "c1",
        "place": "沧源路123弄5号楼",
        "words": "松涛居民区沧源路123弄5号楼 垃圾没人收",
    }
    page = cast.client("grid").post("/report/paste", sent | {"_nonce": fresh()}).content.decode()
    assert 'value="沧源路123弄5号楼"' in page
    assert re.search(r'value="grid.finding:waste"[^>]*checked', page)
    assert not found().exists()


@pytest.mark.parametrize("who", ["grid", ""])
def test_a_script_learns_who_is_signed_in_by_key_alone(cast: Cast, client, who: str) -> None:
    asked = (cast.client(who) if who else client).get("/session.json")
    told = asked.json()
    assert asked.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in asked.headers
    if not who:
        assert told == {"account": "", "token": ""}
        return
    assert told["account"] == device.key_of(cast.accounts["grid"].pk)
    assert told["token"] and "李" not in json.dumps(told, ensure_ascii=False)
    foreign = cast.client(who).get("/session.json", headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403


def test_a_waiting_form_needs_the_token_of_that_moment(cast: Cast, still: object) -> None:
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.accounts["grid"], backend="django.contrib.auth.backends.ModelBackend")
    sent = {"_nonce": fresh(), "_type": "grid.finding:waste", "_unit": "c1"}
    assert client.post("/report", sent).status_code == 403
    token = client.get("/session.json").json()["token"]
    answer = client.post(
        "/report", sent, headers={"Accept": "application/json", "X-CSRFToken": token}
    )
    assert answer.json()["state"] == "done"
