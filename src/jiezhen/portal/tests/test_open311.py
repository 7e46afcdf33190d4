"""GeoReport v2 through its own address: two forms of equal content, errors as arrays, open data alone."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import jsonschema
import pytest
import xmltodict
from django.db import connections
from django.test import Client

from jiezhen.conf.wsgi import application
from jiezhen.conftest import AT, Cast, build_cast
from jiezhen.matters import operations as matters
from jiezhen.matters.models import Matter, Party
from jiezhen.portal.operations.fronts import set_front
from jiezhen.portal.rules import georeport
from jiezhen.portal.rules.limits import LIMITS
from jiezhen.portal.tests.conftest import REACH, TROUBLE, send
from jiezhen.units import operations as units

ROOT = "/open311/v2"
SCHEMAS = json.loads((Path(__file__).parent / "georeport.json").read_text("utf-8"))
REQUEST = {
    "service_code": "square.trouble",
    "description": "垃圾桶满了三天没有人收，请打13800001234",
    "attribute[class]": "road",
    "lat": "31.02",
    "long": "121.43",
    "address_string": "沧源路123弄5号",
    "first_name": "小明",
    "last_name": "王",
    "phone": "13800001234",
    "email": "canary@example.org",
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def key(cast: Cast, square: Client) -> str:
    """Return a machine token of somebody who may register matters."""
    return units.issue_token(cast.system, "city", "应用", AT)


@pytest.fixture
def opened(cast: Cast, square: Client) -> Client:
    """Return a stranger's browser where everybody may post."""
    set_front(cast.system, AT, words={**REACH, "open311": "open"})
    return square


def get(client: Client, path: str, expect: int = 200, **asked: str):
    answer = client.get(f"{ROOT}/{path}", asked)
    assert answer.status_code == expect, answer.content.decode()
    if path.endswith(".json"):
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        return json.loads(answer.content)
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    return xmltodict.parse(answer.content)


def valid(name: str, body) -> None:
    """Hold a JSON answer against the schema that was written from the specification."""
    resolved = {**SCHEMAS[name], "definitions": SCHEMAS["definitions"]}
    jsonschema.Draft7Validator(
        resolved, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
    ).validate(body)


def post(client: Client, form: str = "json", headers=None, **given: str):
    return client.post(f"{ROOT}/requests.{form}", given, headers=headers)


def rows() -> list[Matter]:
    return list(Matter.objects.for_system("test").order_by("id"))


def as_text(value):
    """Return a JSON answer with its values written as XML writes them."""
    if isinstance(value, dict):
        return {k: as_text(v) for k, v in value.items()}
    if isinstance(value, list):
        return [as_text(v) for v in value]
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def items(value) -> list:
    """Return what xmltodict made of a list: nothing, one or many."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_discovery_says_where_and_whom_to_ask(square: Client, form: str) -> None:
    answer = square.get(f"/open311/discovery.{form}")
    body = json.loads(answer.content) if form == "json" else None
    if body is None:
        found = xmltodict.parse(answer.content)["discovery"]
        endpoint = found["endpoints"]["endpoint"]
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    else:
        valid("discovery", body)
        found, endpoint = body, body["endpoints"][0]
    assert found["contact"] == "云岫街道 021-00000000"
    assert endpoint["url"] == "http://testserver/open311/v2"
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"


def test_services_and_their_fields_in_both_forms(square: Client) -> None:
    body = get(square, "services.json")
    valid("services", body)
    assert {s["service_code"] for s in body} == {
        "square.trouble",
        "square.suggestion",
        "square.message",
    }
    assert items(get(square, "services.xml")["services"]["service"]) == as_text(body)
    told = get(square, "services/square.trouble.json")
    valid("service_definition", told)
    codes = {a["code"]: a for a in told["attributes"]}
    assert set(codes) == {"subject", "class", "content"}
    assert codes["class"]["datatype"] == "singlevaluelist" and codes["class"]["required"]
    assert codes["class"]["values"][0] == {"key": "road", "name": "道路"}
    xml = get(square, "services/square.trouble.xml")["service_definition"]
    assert [a["code"] for a in xml["attributes"]["attribute"]] == ["subject", "class", "content"]
    errors = get(square, "services/nothing.json", 404)
    valid("errors", errors)
    assert get(square, "services/nothing.xml", 404)["errors"]["error"]["code"] == "404"


def test_a_request_is_posted_with_a_key_and_becomes_a_matter(
    cast: Cast, square: Client, key: str
) -> None:
    answer = post(square, api_key=key, **REQUEST)
    assert answer.status_code == 200, answer.content.decode()
    body = json.loads(answer.content)
    valid("created", body)
    row = rows()[0]
    assert body[0]["service_request_id"] == row.code
    assert body[0]["service_notice"] == "办结时限2023年7月10日08:30"
    assert row.source == "open311" and (row.lon, row.lat) == (121.43, 31.02)
    assert row.data["subject"] == "垃圾桶满了三天没有人收，请打138****1234"
    person = Party.objects.get()
    assert (person.name, person.phone) == ("王小明", "13800001234")
    xml = post(square, "xml", api_key=key, **{**REQUEST, "description": "另一件"})
    told = xmltodict.parse(xml.content)["service_requests"]["request"]
    assert told["service_request_id"] == rows()[1].code


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"service_code": ""}, 400),
        ({"service_code": "square.draft"}, 404),
        ({"lat": "", "long": "", "address_string": ""}, 400),
        ({"lat": "north"}, 400),
        ({"lat": "999"}, 400),
        ({"lat": "nan"}, 400),
        ({"lat": ""}, 400),
        ({"attribute[class]": "unheard"}, 400),
        ({"attribute[class]": ""}, 400),
        ({"description": ""}, 400),
        ({"jurisdiction_id": "nowhere"}, 404),
        ({"api_key": "jz_wrong"}, 403),
        ({"api_key": ""}, 403),
        ({"phone": "12"}, 400),
    ],
)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_what_is_wrong_comes_back_as_an_error_array(
    cast: Cast, square: Client, key: str, change: dict[str, str], status: int, form: str
) -> None:
    answer = post(square, form, **{"api_key": key, **REQUEST, **change})
    assert answer.status_code == status, answer.content.decode()
    if form == "json":
        valid("errors", json.loads(answer.content))
        assert json.loads(answer.content)[0]["code"] == str(status)
    else:
        assert xmltodict.parse(answer.content)["errors"]["error"]["code"] == str(status)
    assert rows() == []


def test_who_may_post_is_said_by_the_office(cast: Cast, square: Client) -> None:
    for who, status in (("off", 403), ("key", 403), ("open", 200)):
        set_front(cast.system, AT, words={**REACH, "open311": who})
        assert post(square, **REQUEST).status_code == status, who
    other = build_cast("linjiang")
    foreign = units.issue_token(other.system, "linjiang-city", "应用", AT)
    given = {**REQUEST, "jurisdiction_id": "yunxiu", "api_key": foreign}
    assert post(square, **given).status_code == 403
    assert len(rows()) == 1


def test_an_account_that_may_not_register_is_refused(cast: Cast, square: Client) -> None:
    token = units.issue_token(cast.system, "auditor", "应用", AT)
    assert post(square, api_key=token, **REQUEST).status_code in (200, 403)


def test_posting_openly_ends_within_the_hour(opened: Client) -> None:
    for n in range(LIMITS["report"].address):
        assert post(opened, **{**REQUEST, "description": f"第{n}件"}).status_code == 200
    answer = post(opened, **REQUEST)
    assert answer.status_code == 429
    valid("errors", json.loads(answer.content))


def test_a_repeated_key_files_once_and_other_content_is_refused(
    cast: Cast, square: Client, key: str
) -> None:
    headers = {"Idempotency-Key": "phone-7-1"}
    first = post(square, headers=headers, api_key=key, **REQUEST)
    second = post(square, headers=headers, api_key=key, **REQUEST)
    assert len(rows()) == 1 and first.content == second.content
    changed = {**REQUEST, "description": "别的事"}
    assert post(square, headers=headers, api_key=key, **changed).status_code == 409
    assert (
        post(square, headers={"Idempotency-Key": "x" * 99}, api_key=key, **REQUEST).status_code
        == 400
    )
    failed = post(square, headers={"Idempotency-Key": "n2"}, api_key=key, service_code="")
    assert failed.status_code == 400
    assert (
        post(square, headers={"Idempotency-Key": "n2"}, api_key=key, **REQUEST).status_code == 200
    )


def test_requests_are_open_data_in_both_forms(cast: Cast, opened: Client) -> None:
    send(opened, "square.trouble", **TROUBLE)
    post(opened, **REQUEST)
    body = get(opened, "requests.json")
    valid("requests", body)
    assert [r["status"] for r in body] == ["open", "open"]
    assert body[0]["address"] is None and body[0]["lat"] == 31.02
    assert body[0]["service_name"] == "反映身边的问题"
    text = json.dumps(body, ensure_ascii=False)
    for canary in ("13800001234", "王小明", "小明", "canary@example.org", "三天没有收，请"):
        assert canary not in text, canary
    assert items(get(opened, "requests.xml")["service_requests"]["request"]) == as_text(body)
    code = body[0]["service_request_id"]
    assert get(opened, f"requests/{code}.json") == [body[0]]
    assert get(opened, f"requests/{code}.xml")["service_requests"]["request"] == as_text(body[0])
    assert get(opened, f"tokens/{code}.json") == [{"service_request_id": code, "token": code}]
    valid("errors", get(opened, "requests/FY-1.json", 404))
    valid("errors", get(opened, "tokens/FY-1.json", 404))


def test_words_are_shown_once_somebody_of_the_office_took_them_up(
    cast: Cast, opened: Client
) -> None:
    """Anybody may write anything; before an officer accepted it the service's name stands there."""
    post(opened, **REQUEST)
    send(opened, "square.trouble", **TROUBLE)
    values = {"subject": "路灯不亮", "class": "road", "taken_on": "2023-07-03"}
    by_staff = matters.open_matter(
        cast.viewers["city"], "square.trouble", values, AT, place={"text": "沧源路9号"}
    ).matter
    unread, officer = rows()[0], cast.viewers["city"]

    def told(code: str) -> tuple[str, str | None]:
        body = get(opened, f"requests/{code}.json")[0]
        return body["description"], body["address"]

    assert told(by_staff.code) == ("路灯不亮", "沧源路9号")
    assert told(unread.code) == told(rows()[1].code) == ("反映身边的问题", None)
    matters.say(officer, "square.trouble", unread.pk, "先看看", AT)
    assert told(unread.code) == ("反映身边的问题", None)
    matters.move(cast.system, "square.trouble", unread.pk, "dispatch", {}, AT, unit="cgb")
    assert told(unread.code) == ("反映身边的问题", None), "a machine has read nothing"
    matters.move(officer, "square.trouble", unread.pk, "contact", {}, AT)
    words = "垃圾桶满了三天没有人收，请打138****1234"
    assert told(unread.code) == (words, "沧源路123弄5号")
    step = unread.moves.order_by("-id").first()
    matters.undo(officer, "square.trouble", unread.pk, step.pk, AT)
    assert told(unread.code) == ("反映身边的问题", None), "it was taken back"


def test_a_closed_request_says_honestly_what_came_of_it(cast: Cast, opened: Client) -> None:
    post(opened, **REQUEST)
    row = rows()[0]
    for name, values, more in (
        ("dispatch", {}, {"unit": "cgb"}),
        ("contact", {}, {}),
        ("close", {"outcome": "explained", "reply": "13912345678的话不公开"}, {}),
    ):
        matters.move(cast.system, "square.trouble", row.pk, name, values, AT, **more)
    told = get(opened, f"requests/{row.code}.json")[0]
    assert (told["status"], told["status_notes"]) == ("closed", "已办结：解释说明")
    assert told["agency_responsible"] == "城市管理办" and "不公开" not in json.dumps(told)
    steps = get(opened, "servicerequestupdates.json", service_request_id=row.code)
    valid("updates", steps)
    assert [s["description"] for s in steps] == ["已受理", "已派单", "处置中", "已办结"]
    assert [s["status"] for s in steps] == ["open", "open", "open", "closed"]
    xml = get(opened, "servicerequestupdates.xml")["service_request_updates"]["request_update"]
    assert xml == as_text(steps)
    assert get(opened, "requests.json", status="closed")[0]["service_request_id"] == row.code
    assert get(opened, "requests.json", status="open") == []


def test_the_standards_filters_and_pages(cast: Cast, opened: Client) -> None:
    for n in range(5):
        post(opened, **{**REQUEST, "description": f"第{n}件"})
    post(opened, service_code="square.suggestion", description="建一个公园")
    every = get(opened, "requests.json")
    assert len(every) == 6
    assert len(get(opened, "requests.json", service_code="square.suggestion")) == 1
    assert len(get(opened, "requests.json", service_code="square.trouble,square.suggestion")) == 6
    assert get(opened, "requests.json", service_code="unheard") == []
    assert len(get(opened, "requests.json", status="open,closed")) == 6
    pages = [get(opened, "requests.json", page=str(n), page_size="4") for n in (1, 2, 3)]
    assert [len(p) for p in pages] == [4, 2, 0]
    assert [r for p in pages for r in p] == every
    ids = ",".join(r["service_request_id"] for r in every[:2])
    assert len(get(opened, "requests.json", service_request_id=ids, status="closed")) == 2
    before = (AT - timedelta(days=100)).isoformat()
    assert get(opened, "requests.json", end_date=before) == []
    assert len(get(opened, "requests.json", start_date=(AT - timedelta(days=1)).isoformat())) == 6
    assert len(get(opened, "requests.json", start_date="2023-07-01")) == 6
    after = (AT + timedelta(hours=1)).isoformat()
    assert get(opened, "requests.json", updated_after=after) == []
    near = {"lat": "31.02", "long": "121.43", "radius": "100"}
    assert len(get(opened, "requests.json", **near)) == 5
    assert get(opened, "requests.json", **{**near, "lat": "31.5"}) == []


@pytest.mark.parametrize(
    "asked",
    [
        {"start_date": "yesterday"},
        {"start_date": "2023-01-01T00:00:00Z", "end_date": "2023-06-30T00:00:00Z"},
        {"start_date": "2023-06-30T00:00:00Z", "end_date": "2023-06-01T00:00:00Z"},
        {"end_date": "0001-01-01T00:00:00+14:00"},
        {"start_date": "9999-12-31T23:59:59-12:00"},
        {"status": "solved"},
        {"page": "0"},
        {"page": "99999999999999999999"},
        {"page_size": "1000000"},
        {"page": "²"},
        {"lat": "x", "long": "1"},
        {"lat": "nan", "long": "1"},
    ],
)
@pytest.mark.parametrize("path", ["requests.json", "requests.xml"])
def test_a_question_that_cannot_be_read_is_said_so(square: Client, path, asked) -> None:
    get(square, path, 400, **asked)


def test_other_methods_and_offices_are_refused_with_arrays(square: Client) -> None:
    answer = square.delete(f"{ROOT}/requests.json")
    assert answer.status_code == 405
    valid("errors", json.loads(answer.content))
    assert get(square, "services.json", jurisdiction_id="yunxiu")
    get(square, "services.json", 404, jurisdiction_id="nowhere")
    build_cast("linjiang")
    get(square, "services.json", 400)


def test_xml_holds_what_xml_can_hold() -> None:
    assert georeport.xml("errors", [{"code": "<&>\x00\x0b\ud800𝄞"}]).endswith(
        "<errors><error><code>&lt;&amp;&gt;𝄞</code></error></errors>"
    )


class Quiet(WSGIRequestHandler):
    """Serves without a word."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def live(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve the product on a port of its own, on the database as the test has it."""
    ours = connections["default"]

    def run(environ, start):
        connections["default"] = ours
        return application(environ, start)

    # The connection is the test's own: the end of a request must not end it. The test client
    # connects the signals for that anew after each of its own requests.
    monkeypatch.setattr(ours, "close_if_unusable_or_obsolete", lambda: None)
    server = make_server("127.0.0.1", 0, run, handler_class=Quiet)
    ours.inc_thread_sharing()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()
    ours.dec_thread_sharing()


@pytest.mark.parametrize("form", ["json", "xml"])
def test_the_client_georeport_works_against_a_running_server(
    cast: Cast, opened: Client, live, form: str
) -> None:
    from georeport import GeoReport

    for n in range(3):
        post(opened, **{**REQUEST, "description": f"第{n}件"})
    client = GeoReport(f"{live}{ROOT}", jurisdiction="yunxiu", output_format=form)
    assert "square.trouble" in {s["service_code"] for s in client.get_service_list()}
    told = client.get_service_definition("square.trouble")
    assert told["service_code"] == "square.trouble"
    found = client.get_service_requests(
        service_code="square.trouble", status="open", start_date="2023-07-01T00:00:00+08:00"
    )
    assert len(found) == 3
    code = found[0]["service_request_id"]
    assert client.get_service_request(code)["service_request_id"] == code


def test_the_downloader_chicagorequests_reads_every_page(
    cast: Cast, opened: Client, live, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chicagorequests import Downloader, day_intervals

    made = 203
    machine = cast.system
    for n in range(made):
        values = {"subject": f"第{n}件", "class": "road", "taken_on": "2023-07-03"}
        place = {"text": "沧源路1号"}
        matters.open_matter(machine, "square.trouble", values, AT, place=place)
    monkeypatch.setattr(Downloader, "BASE_URL", f"{live}{ROOT}/requests.json")
    days = list(day_intervals(AT.replace(hour=0) - timedelta(days=2), AT.replace(hour=23)))
    found = [r for day in days for r in Downloader(["square.trouble"])(day)]
    assert len({r["service_request_id"] for r in found}) == len(found) == made
