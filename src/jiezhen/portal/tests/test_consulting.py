"""Opinions on draft rules: article by article, until the closing day, and readable ever after."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jiezhen.conftest import AT, Cast
from jiezhen.matters.models import Matter
from jiezhen.packs import registry
from jiezhen.portal.operations.fronts import set_front
from jiezhen.portal.rules.windows import Window
from jiezhen.portal.tests.conftest import REACH
from jiezhen.records import operations as records

pytestmark = pytest.mark.django_db
FORM = "/p/report/square.opinion"
TODAY = AT.date()
Made = Callable[..., Any]


@pytest.fixture
def made(cast: Cast) -> Made:
    """Return what puts up a draft with two articles."""

    def make(name: str = "噪声条例草案", **values: str) -> Any:
        office = cast.unit("yunxiu")
        given = {"name": name, **values}
        draft = records.create(cast.system, "square.draft", office, given, AT)
        for n in ("第一条", "第二条"):
            article = {"draft": draft.code, "number": n, "text": f"{name}{n}的内容"}
            records.create(cast.system, "square.article", office, article, AT)
        return draft

    return make


def read(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def ways(page: str, article: str) -> list[str]:
    """Return the addresses at which something is said on an article, one for each stance."""
    found = re.findall(r'href="(/p/report/square.opinion[^"]+)">([^<]+)<span[^>]*> ([^<]+)', page)
    return [html.unescape(href) for href, _name, title in found if title == article]


def held(form: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


def opinions() -> list[Matter]:
    return list(Matter.objects.for_system("test").filter(kind="square.opinion").order_by("id"))


def test_each_article_has_its_place_and_an_opinion_stays_with_it(
    square: Client, made: Made
) -> None:
    assert "现在没有征求意见的草案" in read(square, "/p/consultations")
    draft = made()
    page = read(square, "/p/consultations")
    assert "噪声条例草案" in page and "噪声条例草案第二条的内容" in page
    assert "1部正在征求意见" in read(square, "/p/")
    _agree, amend = ways(page, "第二条")
    form = read(square, amend)
    assert "噪声条例草案第二条的内容" in form and "噪声条例草案第一条的内容" not in form
    assert re.search(r'value="amend"[^>]*checked', form) and "说说原因" in form
    assert not re.search(r'value="agree"[^>]*checked', form)
    given = {**held(form), "stance": "amend", "why": "时间太晚", "go": "next"}
    check = square.post(FORM, given).content.decode()
    assert "核对一遍</h1>" in check and "噪声条例草案第二条的内容" in check
    assert square.post(FORM, {**held(check), "go": "send"}).status_code == 302
    opinion = opinions()[0]
    articles = records.shapes.model_of("square.article").objects.for_system("test")
    assert opinion.data["article"] == articles.get(title="第二条").pk
    assert opinion.data["draft"] == draft.pk and opinion.data["why"] == "时间太晚"
    wrong = {**given, "_nonce": "n2", "article": "ZZ-1", "go": "send", "step": "check"}
    assert square.post(FORM, wrong).status_code == 422


def test_articles_stand_in_their_order_however_they_were_put_up(
    cast: Cast, square: Client, made: Made
) -> None:
    draft = made()
    for n in ("第十二条", "第四条之二", "第４条", "第三条"):
        given = {"draft": draft.code, "number": n, "text": "内容"}
        records.create(cast.system, "square.article", cast.unit("yunxiu"), given, AT)
    page = read(square, f"/p/consultations/{draft.code}")
    shown = re.findall(r"<b>(第[^<]+)</b>", page)
    assert shown == ["第一条", "第二条", "第三条", "第４条", "第四条之二", "第十二条"]
    # What has no number keeps everything where the office put it.
    given = {"draft": draft.code, "number": "附则", "text": "内容"}
    records.create(cast.system, "square.article", cast.unit("yunxiu"), given, AT)
    page = read(square, f"/p/consultations/{draft.code}")
    assert re.findall(r"<b>(第[^<]+|附则)</b>", page)[2:4] == ["第十二条", "第四条之二"]


@pytest.mark.parametrize("given", ["", "?article=ZZ-1", "?article=PQA-2023-000001"])
def test_without_an_article_the_way_leads_to_the_drafts(
    square: Client, made: Made, given: str
) -> None:
    made()
    assert square.get(FORM + given).headers["Location"] == "/p/consultations"


def test_the_closing_day_is_the_last_on_which_something_is_said(
    square: Client, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = made(ends_on=TODAY.isoformat())
    page = read(square, "/p/consultations")
    assert "征求意见到2023年7月3日为止。" in page
    form = read(square, ways(page, "第一条")[0])
    written = {
        **held(form),
        "stance": "agree",
        "why": "写了很久的话",
        "go": "send",
        "step": "check",
    }
    monkeypatch.setenv("JIEZHEN_NOW", (AT + timedelta(days=1)).isoformat())
    answer = square.post(FORM, written)
    late = answer.content.decode()
    assert answer.status_code == 422 and not opinions()
    assert "征求意见已经截止，不再收意见。" in late and "写了很久的话" in late
    page = read(square, "/p/consultations")
    assert not ways(page, "第一条") and "到2023年7月3日截止" in page
    assert "正在征求意见" not in read(square, "/p/")
    page = read(square, f"/p/consultations/{draft.code}")
    assert "已经截止。不再收意见，条文还可以看。" in page and "第二条的内容" in page
    assert not ways(page, "第一条")
    over = read(square, f"{FORM}?article={held(form)['article']}", 410)
    assert "已经截止" in over and f"/p/consultations/{draft.code}" in over


def test_a_law_that_was_passed_or_ended_takes_nothing_and_shows_what_became_of_it(
    cast: Cast, square: Client, made: Made
) -> None:
    passed = made("停车条例草案", enacted_on=(TODAY - timedelta(days=1)).isoformat())
    ended = made("养犬条例草案")
    type(ended).objects.for_system("test").filter(pk=ended.pk).update(until=TODAY)
    rows = records.shapes.model_of("square.article").objects.for_system("test")
    article = rows.filter(title="第一条").earliest("id")
    final = {"final": "通过后的第一条"}
    records.change(cast.system, "square.article", article.pk, final, article.version, AT)
    page = read(square, "/p/consultations")
    assert "停车条例草案" in page and "养犬条例草案" in page and not ways(page, "第一条")
    page = read(square, f"/p/consultations/{passed.code}")
    assert "通过后的条文内容" in page and "通过后的第一条" in page
    assert "已经截止" in read(square, f"/p/consultations/{ended.code}")


def test_a_draft_can_be_read_before_its_first_day(
    square: Client, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins = TODAY + timedelta(days=2)
    made(begins_on=begins.isoformat())
    page = read(square, "/p/consultations")
    assert "2023年7月5日开始征求意见" in page and "第一条的内容" in page
    assert not ways(page, "第一条") and "部正在征求意见" not in read(square, "/p/")
    code = re.search(r'<li id="([^"]+)">', page)[1]
    assert "还没有开始征求意见。" in read(square, f"{FORM}?article={code}", 410)
    monkeypatch.setenv("JIEZHEN_NOW", (AT + timedelta(days=2)).isoformat())
    assert ways(read(square, "/p/consultations"), "第一条")


def test_one_article_may_end_before_its_draft(square: Client, made: Made) -> None:
    made()
    rows = records.shapes.model_of("square.article").objects.for_system("test")
    rows.filter(title="第一条").update(until=TODAY)
    page = read(square, "/p/consultations")
    assert not ways(page, "第一条") and ways(page, "第二条") and "这一条不再收意见。" in page


def test_a_draft_that_is_not_there_is_not_found(square: Client, made: Made) -> None:
    read(square, "/p/consultations/ZZ-1", 404)
    draft = made()
    type(draft).objects.for_system("test").filter(pk=draft.pk).update(withdrawn_at=AT)
    read(square, f"/p/consultations/{draft.code}", 404)


def test_the_stricter_of_two_windows_counts() -> None:
    one = Window(TODAY, TODAY + timedelta(days=9))
    two = Window(TODAY + timedelta(days=1), TODAY + timedelta(days=3))
    both = one.within(two)
    assert (both.opens, both.closes) == (two.opens, two.closes)
    assert both.state(TODAY) == "coming" and Window(ended=True).state(TODAY) == "closed"


@pytest.mark.parametrize(("key", "named"), [("opens", "begun"), ("closes", "[name]")])
def test_a_pack_that_names_no_day_of_its_draft_is_told(
    tmp_path: Path, key: str, named: str
) -> None:
    source = Path(__file__).parent / "pack"
    for file in source.iterdir():
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    kinds = tmp_path / "kinds.yaml"
    text = re.sub(rf"{key}: [^,}}]*(, enacted_on\])?", f"{key}: {named}", kinds.read_text("utf-8"))
    kinds.write_text(text, "utf-8")
    told = [p.message for p in registry.examine([registry.BUILT_IN / "office", tmp_path]).problems]
    assert any("日期字段" in m and "ends_on" in m for m in told), told


def test_what_can_be_booked_stands_behind_its_own_door(cast: Cast, still: object) -> None:
    set_front(cast.system, AT, words=REACH)
    client = Client()
    assert client.get("/p/report").headers["Location"] == "/p/report/hotline.case"
    page = read(client, "/p/booking")
    assert 'href="/p/report/legal.appointment"><b>预约法律咨询</b>' in page
    assert "打 021-00000000 预约" in page and "网上预约还没有开" not in page
    form = read(client, "/p/report/legal.appointment")
    assert 'href="/p/booking">预约场馆和活动</a>' in form and "反映问题" not in form


def test_where_nothing_can_be_booked_the_telephone_stands(square: Client) -> None:
    page = read(square, "/p/booking")
    assert "网上预约还没有开" in page and "打 021-00000000 预约" in page
