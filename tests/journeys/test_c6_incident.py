"""C6: a typhoon drill calls the roster out by level, counts who acknowledged, keeps its log."""

import io
import json
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from jiezhen.conftest import AT, Cast

from . import doors
from .civic import Office, office_of

pytestmark = pytest.mark.django_db
INCIDENT, CALL = "incident.incident", "incident.call_out"
ROSTER = (
    ("指挥", "blue"),
    ("抢险一", "blue"),
    ("抢险二", "yellow"),
    ("转移", "orange"),
    ("增援", "red"),
)


def at(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    monkeypatch.setenv("JIEZHEN_NOW", (AT + timedelta(minutes=minutes)).isoformat())


def posts(office: Office, state: str) -> list[str]:
    return sorted(r["values"]["post"] for r in office.listed(CALL) if r["state"] == state)


def test_a_drill_from_level_to_log(
    cast: Cast, still: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = office_of(cast)
    for number, (post, level) in enumerate(ROSTER):
        office.create(
            "incident.roster",
            name=f"陈{number}",
            phone=f"1390000000{number}",
            post=post,
            from_level=level,
        )
    opened = office.open(
        INCIDENT, unit="yunxiu", subject="防台演练", category="typhoon", drill="yes"
    )
    code = opened["code"]
    assert opened["timers"]["respond"]["due"][:16] == "2023-07-03T08:30"
    office.moved(INCIDENT, code, "respond", level="blue")
    assert posts(office, "called") == ["抢险一", "指挥"]
    first = {r["values"]["post"]: r["code"] for r in office.listed(CALL)}
    at(monkeypatch, 29)
    office.moved(CALL, first["指挥"], "acknowledge")
    at(monkeypatch, 31)
    office.moved(CALL, first["抢险一"], "acknowledge")
    assert office.figures("call_outs", "call_outs_in_time", period="2023") == [2, 1]
    assert office.figures("call_outs_in_time_rate", period="2023") == [0.5]
    # The next level calls everybody of the lower ones anew, and those of its own.
    office.moved(INCIDENT, code, "respond", level="orange")
    assert posts(office, "called") == ["抢险一", "抢险二", "指挥", "转移"]
    office.moved(INCIDENT, code, "close", moved=120)
    office.moved(INCIDENT, code, "review", review="通知到岗用时偏长")
    assert office.figures("drills_held", "incidents_handled", "call_outs", period="2023") == [
        1,
        0,
        6,
    ]
    page = cast.client("section").get(f"/matters/{code}").content.decode()
    for words in ("启动或调整响应", "解除响应", "总结评估", "通知到岗用时偏长"):
        assert words in page
    assert cast.client("leader").get(f"/matters/{first['指挥']}").status_code == 404


def test_a_checklist_finds_dangers_before_the_storm(cast: Cast, still: object) -> None:
    office = office_of(cast)
    items = [
        office.create("incident.check_item", name=n, category="typhoon")
        for n in ("沙袋到位", "泵站通电")
    ]
    incident = office.open(INCIDENT, unit="yunxiu", subject="台风", category="typhoon")["code"]
    made = office.post("records/incident.check", {
        "unit": "c1", "values": {"where_words": "地下车库", "checked_on": "2023-07-03", "incident": incident},
        "findings": [{"values": {"detail": "沙袋不足"}, "item": items[0]}],
    })  # fmt: skip
    assert made.status_code == 201, made.content.decode()
    danger = office.listed("incident.danger")[0]
    assert (
        danger["title"] == "沙袋不足" and danger["values"]["incident"] and danger["values"]["item"]
    )
    office.moved("incident.danger", danger["code"], "remove")


def test_the_whole_drill_is_one_file(
    cast: Cast, still: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the alarm to the review: level, call-outs, words, dangers in the order of time."""
    office = office_of(cast)
    for number, (post, level) in enumerate(ROSTER):
        values = {"name": f"陈{number}", "phone": f"1390000000{number}", "post": post}
        office.create("incident.roster", **values, from_level=level)
    code = office.open(
        INCIDENT, unit="yunxiu", subject="防台演练", category="typhoon", drill="yes"
    )["code"]
    at(monkeypatch, 10)
    office.moved(INCIDENT, code, "respond", level="yellow")
    called = {r["values"]["post"]: r["code"] for r in office.listed(CALL)}
    at(monkeypatch, 20)
    office.moved(CALL, called["指挥"], "acknowledge")
    client = cast.client("section")
    at(monkeypatch, 25)
    doors.post(
        client, f"/matters/{code}/say", f"/matters/{code}", note="水位2.8米，打13900000001问泵站"
    )
    at(monkeypatch, 50)
    office.moved(CALL, called["抢险二"], "lose")
    made = office.post("records/incident.check", {
        "unit": "c1", "values": {"where_words": "地下车库", "checked_on": "2023-07-03", "incident": code},
        "findings": [{"values": {"detail": "沙袋不足"}}],
    })  # fmt: skip
    assert made.status_code == 201, made.content.decode()
    at(monkeypatch, 90)
    office.moved("incident.danger", office.listed("incident.danger")[0]["code"], "remove")
    office.moved(INCIDENT, code, "close", moved=120)
    office.moved(INCIDENT, code, "review", review="通知到岗用时偏长")

    page = client.get(f"/matters/{code}").content.decode()
    assert f'href="/matters/{code}/course.xlsx"' in page and "导出经过" in page
    answer = client.get(f"/matters/{code}/course.xlsx")
    assert "attachment" in answer["Content-Disposition"]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    heads, *lines = sheet.to_python()
    assert heads == ["时间", "编号", "什么事", "做了什么", "谁", "说明"]
    told = [(f"{line[0]:%H:%M}", line[3]) for line in lines]
    assert told == [
        ("08:00", "登记"),
        ("08:10", "启动或调整响应 → 响应中"),
        *[("08:10", "登记")] * 3,
        ("08:20", "确认收到 → 已确认"),
        ("08:25", "进展"),
        ("08:50", "联系不上 → 联系不上"),
        ("08:50", "登记"),
        ("09:30", "排除 → 已排除"),
        ("09:30", "解除响应 → 已解除"),
        ("09:30", "总结评估 → 已总结"),
    ]
    whole = str(lines)
    assert "水位2.8米" in whole and "13900000001" not in whole, "numbers are covered"
    assert not [name for name in ("陈0", "陈1", "陈2") if name in whole], "names are covered"
    plain = client.get(f"/matters/{code}/course.json").json()
    assert [line["做了什么"] for line in plain] == [what for _at, what in told]
    table = client.get(f"/matters/{code}/course.csv").content.decode("utf-8-sig")
    assert len(table.splitlines()) == len(told) + 1
    trail = cast.client("auditor").get("/admin/audit?what=exported").content.decode()
    assert code in trail, "who took the file is on record"

    # Whoever may not see the call-outs gets the incident's own course alone, or none.
    seen = cast.client("leader").get(f"/matters/{code}/course.json")
    assert seen.status_code == 200 and "确认收到" not in seen.content.decode()
    assert cast.client("grid").get(f"/matters/{code}/course.json").status_code == 404
    assert client.get(f"/matters/{code}/course.pdf").status_code == 404


def test_the_call_outs_are_a_file_whose_reason_is_asked(
    cast: Cast, still: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = office_of(cast)
    for number, (post, level) in enumerate(ROSTER):
        values = {"name": f"陈{number}", "phone": f"1390000000{number}", "post": post}
        office.create("incident.roster", **values, from_level=level)
    code = office.open(INCIDENT, unit="yunxiu", subject="防台", category="typhoon")["code"]
    office.moved(INCIDENT, code, "respond", level="blue")
    client, address = cast.client("section"), f"/matters/kinds/{CALL}.json"
    assert "请写导出的理由" not in client.get(address).content.decode()
    assert (
        client.post(address, {"_nonce": doors.nonce(client, address), "why": ""}).status_code
        == 422
    )
    file = client.post(address, {"_nonce": doors.nonce(client, address), "why": "演练总结"})
    told = json.loads(b"".join(file.streaming_content))
    assert sorted(line["post"] for line in told) == ["抢险一", "指挥"]
    assert {line["incident"] for line in told} == {code}
