"""The page skeletons, the preferences and the error pages."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client, RequestFactory

from jiezhen.web import context, errors, samples
from jiezhen.web.preferences import Preferences
from jiezhen.web.tests.support import page, read

# The pages of higher packages are none of our business here.
pytestmark = pytest.mark.urls("jiezhen.web.urls")
SKELETONS = [
    "base",
    "list",
    "record",
    "form",
    "split",
    "board",
    "editor",
    "login",
    "portal",
    "gallery",
    "preferences",
]
TEMPLATES = Path(__file__).parent.parent / "templates"


def filled(name: str) -> str:
    sample = samples.gallery()
    sample["table"] = sample["tasks"]
    sample["form"] = samples.Report({}) if name == "form" else samples.Report()
    sample["phone"] = "021-00000000"
    return page(f"web/{name}.html", sample)


@pytest.mark.parametrize("name", SKELETONS)
def test_a_page_stands_under_the_strict_policy(name: str) -> None:
    found = read(filled(name))
    assert found.blocked == []
    assert found.stack == []
    assert len(found.all("h1")) == 1
    assert len(found.all("main")) == 1
    assert found.all("a")[0] == {"class": "skip", "href": "#main"}
    ids = [attrs["id"] for attrs in found.having("id")]
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)


@pytest.mark.parametrize("name", SKELETONS)
def test_a_page_has_its_title_and_language(name: str) -> None:
    markup = filled(name)
    title = re.search(r"<title>(.*?)</title>", markup)
    assert title is not None
    assert title[1].endswith(" · 街镇")
    assert title[1].startswith("要改：") == (name == "form")
    assert '<html lang="zh-Hans"' in markup
    assert '<meta name="renderer" content="webkit">' in markup


@pytest.mark.parametrize("name", SKELETONS)
def test_a_page_says_no_word_of_the_red_list(name: str) -> None:
    words = "".join(read(filled(name)).words)
    assert not re.search("打卡|积分|在线时长|温馨提示|成功(?!创业)|！", words)


def test_htmx_can_neither_evaluate_nor_leave_the_origin() -> None:
    meta = next(m for m in read(filled("base")).all("meta") if m.get("name") == "htmx-config")
    config = json.loads(meta["content"] or "")
    assert config["allowEval"] is False
    assert config["selfRequestsOnly"] is True
    assert config["allowScriptTags"] is False
    assert config["includeIndicatorStyles"] is False
    assert config["historyCacheSize"] == 0


def test_every_static_file_that_a_page_names_exists() -> None:
    found = read(filled("split"))
    named = [a.get("src") or a.get("href") for a in found.all("script") + found.all("link")]
    assert len(named) >= 8
    for address in named:
        if address == "/manifest.webmanifest":
            continue  # a page of its own, not a file
        assert finders.find((address or "").removeprefix("/static/")), address


def test_no_template_holds_inline_script_or_style() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", text), path
        assert "|safe" not in text, path


def test_the_eight_items_stand_in_their_order() -> None:
    titles = [item.title for item in context.navigation("/")]
    assert titles == ["今日", "计划", "事项", "服务", "项目", "底数", "指标", "报告"]
    assert [i.key for i in context.navigation("/")] == list("tpmfxdzb")


PLACES = [
    ("/", "/"),
    ("/tasks/RW-2023-0036", "/plans"),
    ("/matters/new", "/matters"),
    ("/n/7f3k2q", "/indicators"),
    ("/newspapers", ""),
    ("/policies", "/services"),
]


@pytest.mark.parametrize(("path", "place"), PLACES)
def test_a_page_knows_under_which_item_it_stands(path: str, place: str) -> None:
    assert [i.href for i in context.navigation(path) if i.current] == ([place] if place else [])


def test_an_item_without_permission_is_absent() -> None:
    titles = [i.title for i in context.navigation("/", absent=frozenset({"/reports"}))]
    assert "报告" not in titles


def test_a_phone_has_four_tabs_and_one_is_current() -> None:
    tabs = context.phone_tabs("/matters/new")
    assert [t.title for t in tabs] == ["今日", "上报", "事项", "查底数"]
    assert [t.title for t in tabs if t.current] == ["上报"]


def test_preferences_take_only_what_is_allowed() -> None:
    given = {"look_theme": "dark", "look_size": "<b>", "look_density": "compact"}
    assert Preferences.of(given) == Preferences("dark", "compact", "normal", "on")


@pytest.mark.django_db
def test_a_preference_is_kept_without_script_and_goes_back() -> None:
    client = Client()
    answer = client.post("/preferences", {"theme": "dark", "next": "/design?x=1"})
    assert answer.status_code == 302
    assert answer["Location"] == "/design?x=1"
    assert answer.cookies["look_theme"].value == "dark"
    assert answer.cookies["look_theme"]["samesite"] == "Lax"
    assert 'data-theme="dark"' in client.get("/preferences").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", ["https://elsewhere.test/", "//elsewhere.test/", "javascript:x", ""]
)
def test_a_preference_never_sends_anybody_outside(target: str) -> None:
    answer = Client().post("/preferences", {"size": "large", "next": target})
    assert answer["Location"] == "/preferences"


@pytest.mark.django_db
def test_the_language_is_kept_too() -> None:
    answer = Client().post("/preferences", {"language": "en"})
    assert answer.cookies["django_language"].value == "en"
    assert "django_language" not in Client().post("/preferences", {"language": "xx"}).cookies


@pytest.mark.django_db
def test_the_gallery_is_for_people_who_signed_in() -> None:
    answer = Client().get("/design")
    assert answer.status_code == 302
    assert "/login" in answer["Location"]


@pytest.mark.parametrize(
    ("handler", "status"),
    [(errors.bad_request, 400), (errors.forbidden, 403), (errors.not_found, 404)],
)
def test_an_error_page_says_what_and_what_next(handler: object, status: int) -> None:
    answer = handler(RequestFactory().get("/x"), ValueError("secret detail"))  # type: ignore[operator]
    text = answer.content.decode()
    assert answer.status_code == status
    assert "secret" not in text
    assert "回到今日" in text
    assert read(text).blocked == []


def test_a_failure_has_a_number_that_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise RuntimeError("boom")
    except RuntimeError:
        answer = errors.server_error(RequestFactory().get("/x"))
    code = answer["X-Error-Code"]
    assert re.fullmatch(r"E-[2-9A-HJKMNP-Z]{4}", code)
    assert f"编号{code}" in answer.content.decode()
    assert code in caplog.text
    assert "boom" in caplog.text
    assert "boom" not in answer.content.decode()


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_answered_in_our_own_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/preferences", {"theme": "dark"})
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "<h1>页面放久了</h1>" in text
    assert read(text).blocked == []


def test_the_lockout_page_says_what_to_do() -> None:
    assert "请过半小时再试" in page("web/locked.html")
