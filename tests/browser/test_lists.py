"""Lists, records, boards and print in a real browser, with and without scripts."""

import io
import re

import pypdfium2
import pytest
from playwright.sync_api import expect

from .conftest import axe

pytestmark = pytest.mark.browser

LIFTS = "/records/lifts.lift"
RETROFITS = "/records/lifts.retrofit"


def count(page) -> int:
    """Return how many records the sentence above a list names."""
    found = re.search(r"(\d+)条", page.locator(".sentence").inner_text())
    assert found
    return int(found[1])


@pytest.mark.parametrize("script", [True, False])
def test_facets_sorting_and_paging(visit, script: bool) -> None:
    page = visit("demo-section", script=script).page
    page.goto(RETROFITS)
    whole = count(page)
    facet = page.locator(".facet a", has_text="施工")
    told = int(facet.locator(".count").inner_text())
    facet.click()
    page.wait_for_url("**state=**")
    assert count(page) == told < whole
    assert "施工" in page.locator(".sentence").inner_text()
    page.goto(RETROFITS)
    page.locator("th a.sort", has_text="合同金额").click()
    page.wait_for_url("**sort=**")
    expect(page.locator("th[aria-sort]")).to_have_count(1)
    page.goto(LIFTS)
    first = page.locator("tr[data-row] a").first.inner_text()
    page.locator(".pager a", has_text="下一页").click()
    page.wait_for_url("**after=**")
    assert page.locator("tr[data-row] a").first.inner_text() != first


def test_a_filter_is_kept_by_name(visit) -> None:
    page = visit("demo-section").page
    page.goto(RETROFITS)
    page.locator(".facet a", has_text="公示").click()
    page.wait_for_url("**state=**")
    page.get_by_role("link", name="常用筛选").click()
    page.fill("#id_title", "公示中的")
    page.get_by_role("button", name="存下这个筛选").click()
    page.get_by_role("link", name="公示中的").first.click()
    page.wait_for_url("**state=**")
    assert "公示" in page.locator(".sentence").inner_text()


def test_a_name_is_shown_for_a_reason_to_who_asked(visit) -> None:
    page = visit("demo-section").page
    page.goto("/records/eldercare.elder")
    page.goto(page.locator("tr[data-row] a").first.get_attribute("href"))
    masked = page.locator(".masked", has=page.locator("summary")).first
    before = masked.locator(".masked-text").inner_text()
    assert "*" in before
    masked.locator("summary").click()
    masked.locator(".menu-button, form .button").first.click()
    expect(page.locator("main")).to_contain_text("这次查看已记录")
    here = re.sub(r"/reveal.*|\?.*", "", page.url)
    page.goto(f"/records/eldercare.elder/{here.rpartition('/')[2]}/looks")
    expect(page.locator(".timeline")).to_contain_text("陈溪")
    other = visit("demo-city").page
    other.goto(here)
    expect(other.locator(".masked .masked-text").first).to_have_text(before)


def test_two_people_change_one_record(visit) -> None:
    one, other = visit("demo-section").page, visit("demo-city").page
    one.goto(LIFTS)
    code = one.locator("tr[data-row] a").first.inner_text()
    edit = f"{LIFTS}/{code}/edit"
    one.goto(edit)
    other.goto(edit)
    one.locator("main [name=keeper]").fill("甲维保站")
    one.locator("main .form-foot button").first.click()
    one.wait_for_url(lambda url: not url.endswith("/edit"))
    other.locator("main [name=keeper]").fill("乙维保站")
    other.locator("main .form-foot button").first.click()
    expect(other.locator("main")).to_contain_text("甲维保站")
    expect(other.locator("main")).to_contain_text("乙维保站")
    other.get_by_label(re.compile("我写的：乙维保站")).check()
    other.get_by_role("button", name="按选的保存").click()
    expect(other.locator("main")).to_contain_text("乙维保站")


def test_a_card_moves_by_keyboard_and_back(visit) -> None:
    page = visit("demo-section").page
    page.goto("/projects/lifts.retrofit")
    stage = page.locator("section.stage", has=page.locator("h2", has_text="审批"))
    before = int(stage.locator("h2 a").inner_text())
    summary = stage.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/moves/**")
    if page.locator("[name=started_on]").count():
        page.fill("[name=started_on]", "2023-07-03")
    page.locator("main .form-foot button").first.click()
    page.wait_for_url(lambda url: "/moves/" not in url)
    expect(page.locator(".timeline, main").first).to_contain_text("开工")
    here = page.url
    page.goto("/projects/lifts.retrofit")
    assert int(stage.locator("h2 a").inner_text()) == before - 1
    page.goto(here)
    page.locator(".done button").first.click()
    expect(page.locator(".done")).to_have_count(0)
    page.goto("/projects/lifts.retrofit")
    assert int(stage.locator("h2 a").inner_text()) == before


def test_today_prints_on_one_sheet(visit) -> None:
    page = visit("demo-leader").page
    page.goto("/today/print")
    sheet = pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    assert len(sheet) == 1
    width, height = sheet[0].get_size()
    assert (round(width), round(height)) == (595, 842)


@pytest.mark.parametrize("path", ["/", "/indicators", "/tasks", RETROFITS, "/reports/1"])
def test_narrow_and_enlarged_pages_do_not_scroll_sideways(visit, path: str) -> None:
    page = visit("demo-office", 320).page
    page.goto(path)
    sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(sideways) <= 0
    page.set_viewport_size({"width": 683, "height": 400})  # 1366 at 200 %
    assert page.evaluate(sideways) <= 0


@pytest.mark.parametrize(
    "path", ["/plans/2023/docs/1", "/reports/1/check", RETROFITS, "/indicators/lifts_completed"]
)
def test_dark_pages_keep_their_contrast(visit, path: str) -> None:
    page = visit("demo-office").page
    page.emulate_media(color_scheme="dark")
    page.goto(path)
    assert axe(page) == []


def test_forms_and_numbers_without_scripts(visit) -> None:
    page = visit("demo-section", script=False).page
    page.goto("/records/lifts.lift/new")
    page.locator("main .form-foot button").first.click()
    expect(page.locator(".errors")).to_be_visible()
    page.goto("/indicators/lifts_completed")
    page.locator(".tile-value a.num").first.click()
    expect(page.locator("h1")).to_have_text("这个数从哪里来")
    page.goto("/plans/2023/docs/1")
    page.locator(".original .mark").nth(2).click()
    assert "c=" in page.url
    expect(page.locator(".rows tr.current")).to_have_count(1)
