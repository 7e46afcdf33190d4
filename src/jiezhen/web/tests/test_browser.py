"""The gallery in a real browser: policy, axe, keys, narrow screens, no script, paper."""

import mimetypes
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import path

from jiezhen.web import samples, views
from jiezhen.web.tests.support import Stranger

playwright = pytest.importorskip("playwright.sync_api")
axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
ORIGIN = "http://localhost"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("jiezhen.web.tests.test_browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


def gallery(request: HttpRequest) -> HttpResponse:
    """Show the gallery to somebody who is signed in, without a database."""
    request.viewer = Stranger()
    return render(request, "web/gallery.html", samples.gallery())


def report(request: HttpRequest) -> HttpResponse:
    """Show a form that keeps drafts; a POST of it is answered with a receipt."""
    if request.method == "POST":
        request.once_checked = True  # a real page asks `trail.once` here
        return render(request, "web/base.html", {"title": "已上报"})
    form = samples.Report()
    return render(request, "web/form.html", {"title": "上报", "form": form, "draft_key": "report"})


def notices(request: HttpRequest) -> HttpResponse:
    """Answer the header, which asks each page how many notices wait."""
    return HttpResponse("通知")


urlpatterns = [
    path("design", gallery),
    path("notices/count", notices),
    path("report", report),
    path("preferences", views.look),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def served(client: Client, request):
    """Answer the browser from this process: no port, no network, the real headers."""
    url = urlsplit(request.url)
    if url.path.startswith("/static/"):
        file = Path(finders.find(url.path.removeprefix("/static/")))
        kind = mimetypes.guess_type(file.name)[0] or "text/javascript"
        return {"status": 200, "body": file.read_bytes(), "content_type": kind}
    answer = client.generic(
        request.method,
        f"{url.path}?{url.query}",
        request.post_data_buffer or b"",
        request.headers.get("content-type", ""),
    )
    if answer.status_code == 302:
        answer = client.get(answer["Location"])
    return {"status": answer.status_code, "body": answer.content, "headers": dict(answer.headers)}


@pytest.fixture
def opened(chromium):
    """Return a function that opens the gallery; console noise and foreign addresses fail."""
    contexts, noise = [], []

    def open_page(width: int = 1366, at: str = "/design", **options):
        context = chromium.new_context(
            viewport={"width": width, "height": 768}, locale="zh-CN", **options
        )
        contexts.append(context)
        page, client = context.new_page(), Client()
        page.route("**/*", lambda route: route.fulfill(**served(client, route.request)))
        page.on("console", lambda m: noise.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: noise.append(str(e)))
        page.on("request", lambda r: None if r.url.startswith(ORIGIN) else noise.append(r.url))
        page.goto(f"{ORIGIN}{at}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert noise == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 390])
def test_axe_finds_nothing_serious(opened, scheme, width) -> None:
    page = opened(width, color_scheme=scheme, bypass_csp=True)
    page.evaluate(
        "document.querySelectorAll('details.facet, .chart details').forEach(d => d.open = true)"
    )
    found = axe_playwright.Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found] == []


@pytest.mark.parametrize("width", [1366, 390, 320])
def test_nothing_scrolls_sideways(opened, width) -> None:
    page = opened(width)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_twice_the_type_still_fits(opened) -> None:
    page = opened(1280)
    page.evaluate("document.documentElement.dataset.size = 'largest'")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_the_slash_goes_to_the_search_and_is_not_typed(opened) -> None:
    page = opened()
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    assert page.locator("#search").input_value() == ""
    page.keyboard.type("/jk?")
    assert page.locator("#search").input_value() == "/jk?"


def test_rows_are_walked_and_selected_by_key(opened) -> None:
    page = opened()
    page.locator("h1").click()
    page.evaluate("document.querySelector('tr.current').classList.remove('current')")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "坡道扶手"
    page.keyboard.press("x")
    assert page.locator("input[name=selected]:checked").count() == 1
    assert page.locator("[data-bulk-count]").inner_text() == "选中1条"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "松涛路修缮 启动"


def test_the_list_of_keys_opens_and_closes(opened) -> None:
    page = opened()
    page.locator("h1").click()
    page.keyboard.press("?")
    assert page.locator("#keys-help").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys-help").is_visible()


def test_single_keys_can_be_turned_off(opened) -> None:
    page = opened()
    page.evaluate("document.documentElement.dataset.keys = 'off'")
    page.locator("h1").click()
    page.keyboard.press("?")
    assert not page.locator("#keys-help").is_visible()


def test_keys_are_ignored_while_an_input_method_composes(opened) -> None:
    page = opened()
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: '?', isComposing: true, bubbles: true}))"
    )
    assert not page.locator("#keys-help").is_visible()


def test_a_click_on_a_row_is_a_click_on_its_first_link(opened) -> None:
    page = opened()
    page.locator("tr[data-row] td", has_text="城建办").click()
    assert page.url.endswith("#task")


def test_a_mark_chooses_its_row_and_a_row_its_mark(opened) -> None:
    page = opened()
    with page.expect_response("**/design?c=2"):
        page.locator(".mark[data-c='2']").click()
    assert page.url.endswith("/design?c=2")
    assert page.locator("tr.current[data-c='2']").count() == 1
    with page.expect_response("**/design?c=1"):
        page.locator("tr[data-c='1'] td", has_text="争取").click()
    assert page.url.endswith("/design?c=1")
    assert page.locator(".mark[data-c='1']").get_attribute("aria-current") == "true"
    assert page.locator(".mark[data-c='2']").get_attribute("aria-current") is None


def test_without_script_a_mark_is_a_link_to_the_same_selection(opened) -> None:
    page = opened(java_script_enabled=False)
    page.locator(".mark[data-c='2']").click()
    assert page.url.endswith("/design?c=2")


def test_the_theme_changes_at_once_and_stays(opened) -> None:
    page = opened()
    page.locator(".menu-user summary").click()
    with page.expect_response("**/preferences"):
        page.locator(".look button[name=theme][value=dark]").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 23)"


def test_without_script_the_same_form_does_the_same(opened) -> None:
    page = opened(java_script_enabled=False)
    page.locator(".menu-user summary").click()
    page.locator(".look button[name=density][value=compact]").click()
    assert page.locator("html").get_attribute("data-density") == "compact"


def test_a_phone_has_four_tabs_and_no_other_navigation(opened) -> None:
    page = opened(390)
    assert page.locator(".phone-tabs a").all_inner_texts() == ["今日", "上报", "事项", "查底数"]
    assert not page.locator(".nav").is_visible()
    assert page.locator(".more-nav a").first.is_visible() is False


def test_the_focus_ring_is_seen_and_not_under_the_header(opened) -> None:
    page = opened()
    page.locator(".skip").focus()
    for _n in range(60):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
            const inTop = e.closest('.top, .skip');
            const h = document.querySelector('.top').getBoundingClientRect().bottom;
            return [s.outlineStyle, Boolean(inTop) || r.bottom > h, e.outerHTML.slice(0, 80)]; }"""
        )
        assert seen[0] == "solid", seen[2]
        assert seen[1], seen[2]


def test_targets_are_big_enough(opened) -> None:
    page = opened()
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, summary, input, .button, .nav a, .facet a, .tabs a')]
        .filter(e => e.offsetParent).map(e => [e.getBoundingClientRect(), e])
        .filter(([r, e]) => (r.height < 24 || r.width < 24) && !e.closest('.box') && e.type !== 'radio')
        .map(([r, e]) => `${r.width}x${r.height} ${e.outerHTML.slice(0, 80)}`)"""
    )
    assert small == []


def test_paper_shows_tables_with_the_words_of_the_lights_and_no_menus(opened) -> None:
    page = opened(680)  # A4 less its margins is narrower than a tablet
    page.emulate_media(media="print")
    assert not page.locator(".top").is_visible()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.grid tr')).display")
        == "table-row"
    )
    assert page.locator(".lamp-word", has_text="严重滞后").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_an_open_menu_closes_by_escape(opened) -> None:
    page = opened()
    page.locator(".menu-new summary").click()
    assert page.locator(".menu-new .menu-list").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".menu-new .menu-list").is_visible()


def fill(page) -> None:
    page.locator("#id_what_1").check()
    page.locator("#id_where").fill("听泉路123弄5号")
    page.locator("#id_doors").fill("3")
    page.locator("#id_on").fill("2023-12-31")


def test_a_report_without_network_waits_and_is_sent_once_it_is_back(opened) -> None:
    page = opened(390, at="/report")
    fill(page)
    page.context.set_offline(True)
    page.locator(".form-foot button").click()
    line = page.locator("[data-status-line]")
    playwright.expect(line).to_have_text("网断了。已存为草稿，联网后自动上报。")
    with page.expect_request(lambda r: r.method == "POST") as sent:
        page.context.set_offline(False)
    assert "where" in (sent.value.post_data or "")
    page.wait_for_selector("h1:has-text('已上报')")
    # The heading stands there before the scripts of its page have run.
    page.wait_for_function("localStorage.getItem('draft:report') === null")


def test_a_draft_comes_back_until_it_is_delivered(opened) -> None:
    page = opened(390, at="/report")
    fill(page)
    page.evaluate(
        "window.addEventListener('beforeunload', e => e.stopImmediatePropagation(), true)"
    )
    page.goto(f"{ORIGIN}/design")
    page.goto(f"{ORIGIN}/report")
    assert page.locator("#id_where").input_value() == "听泉路123弄5号"
    assert page.locator("#id_what_1").is_checked()
    line = page.locator("[data-status-line]")
    playwright.expect(line).to_have_text("上次没有写完，已接着填好。")
    kept = page.evaluate("localStorage.getItem('draft:report')")
    assert "csrf" not in kept
    assert "_nonce" not in kept
