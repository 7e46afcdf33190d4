"""Residents report without an account, follow with a code, and answer after closing."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from jiezhen.conftest import AT, Cast
from jiezhen.matters import operations as matters
from jiezhen.matters.models import Matter, Party
from jiezhen.portal.models import Knock
from jiezhen.portal.rules.limits import LIMITS
from jiezhen.portal.tests.conftest import TROUBLE, code_of, nonce, send
from jiezhen.units.models import Unit

pytestmark = pytest.mark.django_db
KIND = "square.trouble"


def every(kind: str = KIND) -> list[Matter]:
    return list(Matter.objects.for_system("test").filter(kind=kind).order_by("id"))


def close(cast: Cast, row: Matter) -> None:
    for name, values in (
        ("dispatch", {}),
        ("contact", {}),
        ("close", {"outcome": "explained", "reply": "13912345678的话不公开"}),
    ):
        more = {"unit": "cgb"} if name == "dispatch" else {}
        matters.move(cast.system, KIND, row.pk, name, values, AT, **more)


def turn(client: Client, page: str, **given: str):
    """Send the form of a page with what it holds already."""
    held = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    held.pop("csrfmiddlewaretoken", None)
    return client.post(f"/p/report/{KIND}", {**held, **given})


def test_three_pages_a_check_page_and_a_receipt(cast: Cast, square: Client) -> None:
    assert square.get("/p/report").headers["Location"] == f"/p/report/{KIND}"
    page = square.get(f"/p/report/{KIND}").content.decode()
    assert "什么事？</h1>" in page and "第1步，共3步" in page
    told = {"subject": TROUBLE["subject"], "class": "road", "content": "三天了"}
    page = turn(square, page, go="next", **told).content.decode()
    assert "在哪里？</h1>" in page and "我现在的位置" in page and "例：沧源路123弄5号" in page
    page = turn(square, page, go="next", place=TROUBLE["place"]).content.decode()
    assert "怎么联系您（可不填）</h1>" in page
    page = turn(square, page, go="next", caller="", phone="").content.decode()
    assert "核对一遍</h1>" in page and "报上去" in page and TROUBLE["subject"] in page
    assert not every()
    answer = turn(square, page, go="send")
    assert answer.status_code == 302
    row = every()[0]
    receipt = square.get(answer.headers["Location"]).content.decode()
    assert row.code in receipt and "021-00000000" in receipt
    assert "办结时限" in receipt and "2023年7月10日" in receipt
    assert "上一步" not in receipt and row.source == "portal"
    assert not Party.objects.exists()


def test_a_page_back_keeps_what_was_written_and_a_gap_is_said_at_its_field(
    cast: Cast, square: Client
) -> None:
    page = square.get(f"/p/report/{KIND}").content.decode()
    wrong = turn(square, page, go="next", subject="", **{"class": "road"})
    assert wrong.status_code == 422
    assert "要改：" in wrong.content.decode() and "请填什么事" in wrong.content.decode()
    page = turn(square, page, go="next", subject="灯坏了", **{"class": "road"}).content.decode()
    page = turn(square, page, go="what").content.decode()
    assert 'value="灯坏了"' in page and "第1步" in page


def test_who_called_is_kept_apart_and_masked_in_the_words(cast: Cast, square: Client) -> None:
    answer = send(square, KIND, **TROUBLE)
    row = every()[0]
    assert "13800001234" not in str(row.data) and "王小明" not in str(row.data)
    person = Party.objects.get()
    assert (person.name, person.phone) == ("王小明", "13800001234")
    code = code_of(square, answer)
    shown = square.post("/p/progress", {"code": code}).content.decode()
    assert "13800001234" not in shown and "王小明" not in shown


def test_only_what_the_offer_names_is_looked_at(cast: Cast, square: Client) -> None:
    send(square, KIND, **TROUBLE, inside="内部", outcome="solved", state="closed", unit_id="1")
    row = every()[0]
    assert row.state == "received"
    assert row.data["taken_on"] == "2023-07-03"
    assert not row.data.get("inside") and not row.data.get("outcome")
    assert square.get("/p/report/hotline.case").status_code == 404
    assert square.get("/p/report/square.draft").status_code == 404


def test_pressing_twice_files_once_and_shows_the_same_receipt(cast: Cast, square: Client) -> None:
    page = square.get(f"/p/report/{KIND}").content.decode()
    given = {"_nonce": nonce(page), "step": "check", "go": "send", **TROUBLE}
    first = square.post(f"/p/report/{KIND}", given)
    second = square.post(f"/p/report/{KIND}", given)
    assert len(every()) == 1
    assert code_of(square, first) == code_of(square, second)


def test_the_receipt_closes_after_a_quarter_of_an_hour(
    cast: Cast, square: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = send(square, KIND, **TROUBLE).headers["Location"]
    assert square.get(address).status_code == 200
    assert square.get(address[:-2] + "xx").status_code == 410
    assert square.get("/p/receipt?t=中文").status_code == 410
    monkeypatch.setenv("JIEZHEN_NOW", (AT + timedelta(minutes=16)).isoformat())
    assert square.get(address).status_code == 410


def test_what_was_reported_before_is_shown_without_what_tells_people_apart(
    cast: Cast, square: Client
) -> None:
    send(square, KIND, **TROUBLE)
    page = square.get(f"/p/report/{KIND}").content.decode()
    given = {"_nonce": nonce(page), "step": "who", "go": "next"}
    mine = {**TROUBLE, "caller": "", "phone": "", "content": "三天没有收"}
    check = square.post(f"/p/report/{KIND}", {**given, **mine}).content.decode()
    assert "已经有人反映过" in check and "王小明" not in check
    found = re.search(r'href="(/p/matters/[^"]+)"', check)
    told = square.get(found[1]).content.decode()
    assert "已受理" in told and "王小明" not in told and "垃圾桶" not in told


def test_a_position_comes_only_from_the_form_and_finds_the_place(
    cast: Cast, square: Client
) -> None:
    send(square, KIND, **{**TROUBLE, "place": "", "_lon": "121.43", "_lat": "31.02"})
    row = every()[0]
    assert (row.lon, row.lat) == (121.43, 31.02)
    bad = send(square, KIND, **{**TROUBLE, "_lon": "abc", "_lat": "999"})
    assert bad.status_code == 422 and len(every()) == 1


def test_progress_in_four_plain_steps_and_an_answer_after_closing(
    cast: Cast, square: Client
) -> None:
    code = code_of(square, send(square, KIND, **TROUBLE))
    page = square.post("/p/progress", {"code": code.lower()}).content.decode()
    for words in ("收到了", "派给了谁", "在办", "办好了"):
        assert words in page
    assert re.search(r'aria-current="step">收到了', page) and "就这样评" not in page
    row = every()[0]
    close(cast, row)
    page = square.post("/p/progress", {"code": code}).content.decode()
    assert re.search(r'aria-current="step">办好了', page) and "解释说明" in page
    for words in ("满意", "基本满意", "一般", "不满意"):
        assert words in page
    given = {"_nonce": nonce(page), "code": code, "move": "rate"}
    assert "请选一项" in square.post("/p/progress/answer", given).content.decode()
    answer = square.post("/p/progress/answer", {**given, "rating": "bad", "note": "没有解决"})
    assert answer.headers["Location"] == "/p/answered"
    row.refresh_from_db()
    assert row.state == "rated" and row.data["rating"] == "bad"
    again = {**given, "_nonce": "another-nonce", "rating": "good"}
    assert square.post("/p/progress/answer", again).status_code == 422


@pytest.mark.parametrize("code", ["", "AAAAAAAAAA", "x", "中中中", "FY-2023-000001", "'; --"])
def test_a_wrong_code_is_told_nothing_about(cast: Cast, square: Client, code: str) -> None:
    send(square, KIND, **TROUBLE)
    answer = square.post("/p/progress", {"code": code})
    assert answer.status_code == 422
    random = re.compile(r'value="[^"]*"|"X-CSRFToken": "[^"]*"')
    page = random.sub("", answer.content.decode())
    other = square.post("/p/progress", {"code": "BBBBBBBBBB"}).content.decode()
    assert page == random.sub("", other)


def test_guessing_codes_ends_within_the_hour(cast: Cast, square: Client) -> None:
    for _n in range(LIMITS["code"].address):
        assert square.post("/p/progress", {"code": "AAAAAAAAAA"}).status_code == 422
    answer = square.post("/p/progress", {"code": "AAAAAAAAAA"})
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "3600"
    assert "打电话" in answer.content.decode()
    before = Knock.objects.count()
    assert square.get("/p/progress").status_code == 200
    assert Knock.objects.count() == before


def test_a_suggestion_is_sent_and_everybody_sees_what_became_of_it(
    cast: Cast, square: Client
) -> None:
    code = code_of(square, send(square, "square.suggestion", subject="建一个口袋公园", writer=""))
    # What nobody has read yet is no page of the office.
    assert "建一个口袋公园" not in square.get("/p/suggest").content.decode()
    row = every("square.suggestion")[0]
    values = {"outcome": "partly", "reply": "先建一半，电话13912345678"}
    matters.move(cast.system, "square.suggestion", row.pk, "reply", values, AT)
    page = square.get("/p/suggest").content.decode()
    assert "建一个口袋公园" in page and "部分采纳" in page and "先建一半" in page
    assert "13912345678" not in page
    assert "部分采纳" in square.post("/p/progress", {"code": code}).content.decode()


def test_what_became_of_a_suggestion_is_not_how_it_was_liked(cast: Cast, square: Client) -> None:
    send(square, "square.suggestion", subject="建一个口袋公园", writer="")
    row = every("square.suggestion")[0]
    matters.move(cast.system, "square.suggestion", row.pk, "reply", {"outcome": "partly"}, AT)
    matters.move(cast.system, "square.suggestion", row.pk, "rate", {"rating": "bad"}, AT)
    page = square.get("/p/suggest").content.decode()
    assert "部分采纳</b>" in page and "不满意" not in page
    assert "2023年7月3日答复" in page
    # Written down after it was answered: the day on which that was done is not the day it came.
    Matter.objects.for_system("test").filter(pk=row.pk).update(closed_on="2023-06-01")
    page = square.get("/p/suggest").content.decode()
    assert "2023年6月1日答复" in page and "2023年7月3日" not in page


def test_going_back_in_the_browser_finds_the_page_again(square: Client) -> None:
    first = square.get(f"/p/report/{KIND}")
    told = {"subject": TROUBLE["subject"], "class": "road"}
    second = turn(square, first.content.decode(), go="next", **told)
    for page in (first, second):
        assert page.headers["Cache-Control"] == "private, no-cache"
    answer = send(square, KIND, **TROUBLE)
    receipt = square.get(answer.headers["Location"])
    assert receipt.headers["Cache-Control"] == "no-store"
    # From the receipt one looks without typing the code.
    code = code_of(square, answer)
    assert f'name="code" value="{code}"' in receipt.content.decode()


def test_what_is_too_long_is_said_and_never_cut(square: Client) -> None:
    page = square.get(f"/p/report/{KIND}").content.decode()
    told = {"subject": TROUBLE["subject"], "class": "road"}
    letter = "字" * 9000
    answer = turn(square, page, go="next", content=letter, **told)
    assert answer.status_code == 200 and letter in answer.content.decode()
    answer = turn(square, page, go="next", content="字" * 10_001, **told)
    assert answer.status_code == 422 and "太长了，最多10000字。" in answer.content.decode()
    assert send(square, KIND, **{**TROUBLE, "content": letter}).status_code == 302
    assert every()[0].data["content"] == letter


def test_a_lost_resident_finds_the_front_door_and_a_number(square: Client) -> None:
    answer = square.get("/p/nowhere")
    page = answer.content.decode()
    assert answer.status_code == 404 and "请从首页再找" in page
    assert 'href="/p/"' in page and 'href="tel:12345"' in page
    assert "回到今日" not in page and "管理员" not in page


def test_every_page_dials_help_and_the_hotline(square: Client) -> None:
    page = square.get("/p/").content.decode()
    for number in ("110", "119", "120", "12345"):
        assert f'href="tel:{number}"' in page


def test_the_code_on_a_wall_leads_to_the_deputy_of_the_place(cast: Cast, square: Client) -> None:
    picture = square.get("/p/q/c2.svg?office=yunxiu")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert picture.content.startswith(b"<svg") and b"<script" not in picture.content
    assert square.get("/p/q/nowhere").status_code == 404
    address = square.get("/p/q/c2?office=yunxiu").headers["Location"]
    form = square.get(address).content.decode()
    assert "您扫的码：<b" in form and "听泉居民区</b>" in form and "data-wall" not in form
    held = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    given = {
        **held,
        "subject": "多设一张长椅",
        "place": "听泉居民区",
        "go": "send",
        "step": "check",
    }
    assert square.post("/p/report/square.message", given).status_code == 302
    assert every("square.message")[0].unit.code == "c2"
    sheet = cast.client("administrator").get("/admin/portal/codes").content.decode()
    assert "听泉居民区" in sheet and "/p/q/c2?office=yunxiu" in sheet
    assert cast.client("grid").get("/admin/portal/codes").status_code == 403


def test_a_place_whose_name_has_signs_is_named_in_full(square: Client) -> None:
    Unit.objects.for_system("t").filter(code="c2").update(title="听泉1&2#院")
    address = square.get("/p/q/c2?office=yunxiu").headers["Location"]
    assert parse_qs(urlsplit(address).query) == {"_unit": ["c2"], "place": ["听泉1&2#院"]}
