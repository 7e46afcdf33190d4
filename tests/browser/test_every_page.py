"""What UX.md asks of every page, in a real browser, at both widths."""

import pytest

from .conftest import axe

pytestmark = pytest.mark.browser

PAGES = [
    ("demo-leader", "/"),
    ("demo-office", "/"),
    ("demo-office", "/plans"),
    ("demo-office", "/tasks"),
    ("demo-city", "/matters"),
    ("demo-section", "/services"),
    ("demo-section", "/projects/lifts.retrofit"),
    ("demo-section", "/registers"),
    ("demo-section", "/records/lifts.lift"),
    ("demo-office", "/indicators"),
    ("demo-office", "/indicators/catalogue"),
    ("demo-office", "/indicators/lifts_completed"),
    ("demo-office", "/reports"),
    ("demo-section", "/imports"),
    ("demo-leader", "/search?q=加装电梯完工 上半年"),
    ("demo-admin", "/admin/people"),
    ("demo-admin", "/admin/packs"),
    ("demo-auditor", "/admin/audit"),
]


#: Pages whose address is known only from a list: who looks, at which list, which link.
FOLLOWED = [
    ("demo-section", "/records/lifts.lift", "tr[data-row] a"),
    ("demo-section", "/matters", "tr[data-row] a"),
    ("demo-office", "/tasks", "tr[data-row] a"),
    ("demo-office", "/plans", "tr[data-row] a"),
    ("demo-office", "/indicators", ".tile-value a.num"),
    ("demo-office", "/reports", "tr[data-row] a"),
    ("demo-section", "/services", "tr[data-row] a"),
]
PAGES += [
    ("demo-office", "/check"),
    ("demo-office", "/reports/new"),
    ("demo-office", "/reports/1/check"),
    ("demo-office", "/plans/2023/docs/1/links"),
    ("demo-section", "/imports/new"),
    ("demo-section", "/records/lifts.retrofit/new"),
    ("demo-grid", "/matters/new"),
    ("demo-grid", "/report"),
    ("demo-grid", "/offline"),
]


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize(("who", "path"), PAGES)
def test_a_page_is_sound(visit, who: str, path: str, width: int) -> None:
    visitor = visit(who, width)
    answer = visitor.page.goto(path)
    assert answer.status == 200
    look_at(visitor)


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize(("who", "path", "link"), FOLLOWED)
def test_what_a_list_leads_to_is_sound(visit, who: str, path: str, link: str, width: int) -> None:
    visitor = visit(who, width)
    visitor.page.goto(path)
    href = visitor.page.locator(link).first.get_attribute("href")
    assert visitor.page.goto(href).status == 200
    look_at(visitor)


@pytest.mark.parametrize(
    ("path", "status"), [("/records/lifts.lift/TI-0000-000000", 404), ("/plans/upload", 405)]
)
def test_a_refusal_has_a_page_too(visit, path: str, status: int) -> None:
    page = visit("demo-office").page
    assert page.goto(path).status == status
    assert page.locator("h1").count() == 1
    assert axe(page) == []


def look_at(visitor) -> None:
    """Look at what every page owes: a heading, no errors, no strangers, room for the eye."""
    page = visitor.page
    assert page.title().endswith("· 街镇")
    assert page.locator("h1").count() == 1
    assert visitor.outside == []
    assert visitor.errors == []
    assert axe(page) == []
    sideways = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert sideways <= 0
    text = page.inner_text("body")
    assert not [word for word in ("打卡", "在线时长", "积分排名") if word in text]


def test_dark_mode_keeps_its_contrast(visit) -> None:
    page = visit("demo-leader").page
    page.emulate_media(color_scheme="dark")
    for path in ("/", "/indicators", "/tasks"):
        page.goto(path)
        assert axe(page) == []


def test_pages_work_without_javascript(visit) -> None:
    page = visit("demo-office", script=False).page
    for path in ("/", "/plans", "/tasks", "/indicators", "/records/lifts.lift", "/reports"):
        assert page.goto(path).status == 200
        assert page.locator("h1").count() == 1


def test_the_skip_link_comes_first_and_keys_go_places(visit) -> None:
    page = visit("demo-leader").page
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "跳到正文"
    page.locator("body").press("g")
    page.keyboard.press("z")
    page.wait_for_url("**/indicators")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"


def test_a_phone_has_four_tabs(visit) -> None:
    page = visit("demo-grid", 390).page
    page.goto("/")
    tabs = page.locator(".phone-tabs a:visible, nav.tabs-phone a:visible")
    assert tabs.count() >= 4
