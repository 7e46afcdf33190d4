"""What the desk writes: only what is known when a case comes in, one button when it is closed."""

import re

import pytest
from django.test import Client

from jiezhen.conftest import Cast

from . import doors
from .city import City

pytestmark = pytest.mark.django_db
KIND = "hotline.case"
FOLDED = re.compile(r"<details class=\"fold fold-fields\"(.*?)</details>", re.S)


@pytest.fixture
def city(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> City:
    found = City(cast, monkeypatch)
    found.now("2023-06-21 09:12")
    return found


def names(part: str) -> set[str]:
    return set(re.findall(r'name="([a-z_]+)"', part))


def shown(client: Client, address: str) -> tuple[set[str], set[str], str]:
    """Return the fields that a form shows, those that it folds away, and the page."""
    page = client.get(address).content.decode()
    folded = "".join(FOLDED.findall(page))
    return names(FOLDED.sub("", page)), names(folded), page


def handled(city: City) -> str:
    code = city.open(KIND, subject="楼道堆物", received_on="2023-06-21", order_number="SH01")
    city.move(KIND, code, "dispatch", unit="cgb")
    city.move(KIND, code, "contact", who="section")
    return code


def test_a_new_case_asks_for_what_is_known_and_holds_today(city: City) -> None:
    client = city.cast.client("city")
    first, later, page = shown(client, f"/matters/new?kind={KIND}")
    assert {"subject", "content", "place", "caller", "phone", "received_on", "class"} <= first
    assert {"outcome", "satisfaction", "finished_on", "finished_in_time", "redone"} <= later
    assert not later & first
    assert 'name="received_on" value="2023-06-21"' in page
    # A case that is written down late may still be told whole, and what is wrong is seen.
    address = f"/matters/new?kind={KIND}"
    told = {"_nonce": doors.nonce(client, address), "_unit": "c1", "finished_on": "哪天"}
    answer = client.post(address, told)
    assert answer.status_code == 422
    assert FOLDED.findall(answer.content.decode())[0].startswith(" open")


def test_a_usual_phrase_closes_a_case_with_one_press(city: City) -> None:
    code = handled(city)
    client = city.cast.client("section")
    first, later, page = shown(client, f"/matters/{code}/moves/close")
    assert {"outcome", "answer", "note", "phrase"} <= first
    assert {"facts", "claim", "blame", "public", "finished_on"} <= later
    # Enter sends the form by its first button, which must not be a phrase.
    buttons = re.findall(r"<button[^>]*>", page[page.index('name="_version"') - 600 :])
    assert "phrase" not in buttons[0]
    address = f"/matters/{code}/moves/close"
    refused = client.post(address, {"_nonce": doors.nonce(client, address), "phrase": "已清理"})
    assert refused.status_code == 422 and "已清理</textarea>" in refused.content.decode()
    doors.post(client, address, outcome="solved", phrase="已清理")
    record = city.record(KIND, code)
    assert (record["state"], record["values"]["answer"]) == ("closed", "已清理")


def test_a_phrase_stays_a_remark_where_nothing_is_left_to_answer(city: City) -> None:
    code = city.open(KIND, subject="楼道堆物", received_on="2023-06-21")
    city.move(KIND, code, "dispatch", unit="cgb")
    client = city.cast.client("section")
    doors.post(client, f"/matters/{code}/moves/contact", phrase="已约定现场查看时间")
    assert "已约定现场查看时间" in client.get(f"/matters/{code}").content.decode()
    doors.post(
        client,
        f"/matters/{code}/moves/close",
        outcome="explained",
        answer="按规定不能拆",
        phrase="已解释政策",
    )
    assert city.record(KIND, code)["values"]["answer"] == "按规定不能拆"
    assert "已解释政策" in client.get(f"/matters/{code}").content.decode()


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("SH20230621001", True),
        ("sh2023 0621001", False),  # two words, and neither is a number
        ("sh20230621001", True),
        ("沧源路123弄", True),
        ("楼道 沧源路123弄", True),
        ("楼道 剑川路", False),
        ("SH2023062100", False),  # somebody else's number is not shown for a part of it
    ],
)
def test_a_case_is_found_by_the_districts_number_and_by_its_place(
    city: City, words: str, there: bool
) -> None:
    city.open(
        KIND,
        subject="楼道堆物",
        received_on="2023-06-21",
        order_number="SH20230621001",
        place="沧源路123弄5号",
    )
    client = city.cast.client("city")
    page = client.get("/matters", {"tab": "all", "q": words}).content.decode()
    assert ("楼道堆物" in page) is there
    found = client.get("/search", {"q": "SH20230621001"}).content.decode()
    assert "楼道堆物" in found


def test_who_handled_a_case_does_not_call_back_for_it(city: City) -> None:
    code = handled(city)
    city.move(KIND, code, "close", who="section", outcome="solved", answer="已清理")
    page = city.cast.client("section").get(f"/matters/{code}").content.decode()
    assert f"/matters/{code}/moves/revisit" not in page
    assert f"/matters/{code}/moves/redo" not in page
    city.move(KIND, code, "revisit", who="section", satisfaction="satisfied", status=403)
    assert (
        f"/matters/{code}/moves/revisit"
        in city.cast.client("city").get(f"/matters/{code}").content.decode()
    )
    city.move(KIND, code, "revisit", satisfaction="fair")
    city.move(KIND, code, "reopen", who="section", note="自己撤", status=403)
    assert city.record(KIND, code)["values"]["satisfaction"] == "fair"


def test_a_deed_for_many_leads_back_to_the_view_of_the_queue(city: City) -> None:
    case = city.open(KIND, subject="楼道堆物", received_on="2023-06-21")
    client, back = city.cast.client("city"), f"/matters?tab=dispatch&kind={KIND}"
    queue = client.get(back).content.decode()
    assert f'name="back" value="{back.replace("&", "&amp;")}"' in queue
    key = re.findall(rf'value="({KIND}:\d+)"', queue)[0]
    chosen = {"do": "move", "selected": key, "back": back}
    form = client.get("/matters/bulk", chosen).content.decode()
    given = {"_nonce": re.findall(r'name="_nonce" value="([^"]+)"', form)[0], "unit": "cgb"}
    assert client.post("/matters/bulk", chosen | given).headers["Location"] == back
    assert city.record(KIND, case)["state"] == "dispatched"
    for elsewhere in ("https://example.org/", "//example.org", "/mattersx", "/logout"):
        none = client.get("/matters/bulk", {"back": elsewhere})
        assert none.headers["Location"] == "/matters"


def test_the_queue_of_a_kind_leads_to_its_form_and_its_import(city: City) -> None:
    page = city.cast.client("city").get(f"/matters?kind={KIND}").content.decode()
    assert f'href="/imports/new?kind={KIND}"' in page
    assert f'href="/matters/new?kind={KIND}"' in page
    assert "登记热线工单" in page
    seen = city.cast.client("leader").get(f"/matters?kind={KIND}").content.decode()
    assert "/imports/new?kind" not in seen and "登记热线工单" not in seen


def test_a_place_that_the_title_tells_is_not_told_again(city: City) -> None:
    city.open("grid.finding", place="沧源路123弄5号", problem="waste", found_on="2023-06-21")
    city.open(KIND, subject="楼道堆物", received_on="2023-06-21", place="剑川路400弄2号")
    page = city.cast.client("city").get("/matters").content.decode()
    assert re.findall(r'class="note"[^>]*>([^<]+)<', page) == ["剑川路400弄2号"]


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2023-06-21 09:12", "用时1分钟"),
        ("2023-06-21 09:55", "用时43分钟"),
        ("2023-06-21 10:12", "用时1小时"),
        ("2023-06-21 10:55", "用时1小时43分"),
    ],
)
def test_how_long_a_clock_ran_is_told_in_minutes(city: City, moment: str, told: str) -> None:
    code = city.open(KIND, subject="楼道堆物", received_on="2023-06-21")
    city.move(KIND, code, "dispatch", unit="cgb")
    city.now(moment)
    city.move(KIND, code, "contact", who="section")
    page = city.cast.client("section").get(f"/matters/{code}").content.decode()
    assert re.findall("用时[0-9小时分钟]+", page) == [told]


def test_an_incident_says_how_many_of_those_called_have_answered(city: City) -> None:
    for n in range(12):
        values = {"name": f"陈{n}", "phone": f"139000000{n:02d}", "post": f"岗{n}"}
        city.post(
            "records/incident.roster", {"unit": "cgb", "values": {**values, "from_level": "blue"}}
        )
    code = city.open("incident.incident", subject="防台演练", category="typhoon", drill="yes")
    city.move("incident.incident", code, "respond", level="blue")
    called = city.get("records/incident.call_out")["items"]
    for one in called[:5]:
        city.move("incident.call_out", one["code"], "acknowledge")
    page = city.cast.client("city").get(f"/matters/{code}").content.decode()
    told = re.sub("<[^>]+>", "", re.findall(r'id="children">(.*?)</p>', page)[0])
    assert told == "下级事项 · 已通知 7 · 已确认 5"


def test_a_pause_of_the_handling_leaves_the_first_contact_due(city: City) -> None:
    code = city.open(KIND, subject="楼道堆物", received_on="2023-06-21")
    city.move(KIND, code, "dispatch", unit="cgb")
    section, leader = city.cast.client("section"), city.cast.client("leader")
    asked = {"reason": "absent", "words": "出差到月底"}
    doors.post(section, f"/matters/{code}/ask/pause", **asked)
    decide = re.findall(
        rf'action="(/matters/{code}/requests/\d+)"',
        leader.get(f"/matters/{code}").content.decode(),
    )[0]
    doors.post(leader, decide, page=f"/matters/{code}", verdict="yes")
    queue = section.get("/matters?tab=todo&paused=1").content.decode()
    assert "暂停：等居民在家" in queue and "剩1个工作日" in queue
    city.now("2023-06-25 17:00")
    assert code in section.get("/matters?tab=overdue").content.decode()
    city.move(KIND, code, "contact", who="section")
    queue = section.get("/matters?tab=todo&paused=1").content.decode()
    assert "暂停：等居民在家" in queue and "data-lamp" not in queue.split("<tbody")[1]


def test_a_case_from_a_file_that_waits_for_its_callback_is_not_overdue(city: City) -> None:
    heads = ("工单号", "诉求主题", "受理日", "办结日", "状态", "截止日期")
    rows = [
        ("SH1", "早已办结", "2023-06-01", "2023-06-05", "已办结", "2023-06-08"),
        ("SH2", "还在处置", "2023-06-01", "", "处置中", "2023-06-08"),
    ]
    city.table(KIND, heads, rows, who="city")
    client = city.cast.client("city")
    overdue = client.get("/matters?tab=overdue").content.decode()
    assert "早已办结" not in overdue and "还在处置" in overdue
    assert "早已办结" in client.get("/matters?tab=revisit").content.decode()
