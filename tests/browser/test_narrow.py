"""Long lists on a phone: the list begins high, what is set stays in sight, chapters fold."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import axe

pytestmark = pytest.mark.browser

YEAR = "/plans/2023/list"


def top(page, selector: str) -> float:
    """Return how far below the beginning of the page the first of some things stands."""
    first = page.locator(selector).first
    first.wait_for()
    return first.bounding_box()["y"]


def settled(page) -> None:
    """Wait for the scripts, which push the tabs to the chosen one."""
    page.wait_for_function("document.documentElement.classList.contains('js')")


@pytest.mark.parametrize("script", [True, False])
def test_the_queue_begins_with_its_first_matter(visit, script: bool) -> None:
    visitor = visit("demo-city", 390, script=script)
    page = visitor.page
    page.goto("/matters")
    assert top(page, "tr[data-row]") < 300
    for hidden in (".page-scope", ".page-actions"):
        expect(page.locator(hidden)).to_be_hidden()
    page.locator(".fold-actions summary").click()
    expect(page.locator(".page-actions a", has_text="一周一研")).to_be_visible()
    page.locator(".fold-scope summary").click()
    page.locator(".page-scope summary", has_text="督办").click()
    page.locator(".page-scope a", has_text="督办的").click()
    page.wait_for_url("**pressed=1**")
    expect(page.locator(".fold-scope summary")).to_have_text("筛选（1）")
    assert not visitor.errors


def test_what_is_set_stays_in_sight_and_is_taken_back(visit) -> None:
    page = visit("demo-city", 390).page
    page.goto("/matters?tab=all&kind=hotline.case&handler=none")
    expect(page.locator(".fold-scope summary")).to_have_text("筛选（2）")
    chosen = page.locator(".page-chosen")
    expect(chosen).to_contain_text("热线工单")
    expect(chosen).to_contain_text("没有指定人")
    assert not axe(page)
    chosen.get_by_role("link", name="不再按没有指定人筛选").click()
    page.wait_for_url(lambda url: "handler" not in url)
    expect(page.locator(".fold-scope summary")).to_have_text("筛选（1）")
    page.goto("/matters?tab=all&kind=hotline.case&handler=none&q=外墙")
    page.locator(".page-chosen").get_by_role("link", name="清除筛选").click()
    page.wait_for_url(lambda url: "kind" not in url)
    expect(page.locator(".page-chosen")).to_have_count(0)
    assert "tab=all" in page.url
    expect(page.locator("#queue-q")).to_have_value("外墙")


@pytest.mark.parametrize("script", [True, False])
def test_the_clocks_are_one_line_with_the_chosen_one_in_sight(visit, script: bool) -> None:
    page = visit("demo-city", 390, script=script).page
    page.goto("/matters")
    chosen = page.locator(".tabs [aria-current]")
    expect(chosen).to_be_in_viewport(ratio=1)
    assert page.locator(".tabs").bounding_box()["height"] < 60
    if script:
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".tabs a", has_text="要联系").click()  # far to the left of the chosen one
    page.wait_for_url("**tab=contact**")
    expect(chosen).to_contain_text("要联系")


def test_a_focused_clock_is_not_covered_by_the_chosen_one(visit) -> None:
    page = visit("demo-city", 390).page
    page.goto("/matters")
    settled(page)
    for link in page.locator(".tabs a:not([aria-current])").all():
        link.focus()
        assert link.evaluate(
            """it => {
                const box = it.getBoundingClientRect();
                const there = document.elementFromPoint(box.left + box.width / 2, box.top + 10);
                return it === there || it.contains(there);
            }"""
        ), link.inner_text()


def test_what_may_be_done_comes_to_the_chosen_rows(visit) -> None:
    page = visit("demo-city", 390).page
    page.goto("/matters")
    settled(page)
    bulk = page.locator("#bulk")
    expect(bulk).not_to_be_in_viewport()
    box = page.locator("tr[data-row] input[name=selected]").first
    box.check()
    expect(bulk).to_be_in_viewport()
    expect(bulk).to_contain_text("选中1条")
    assert not axe(page)
    box.uncheck()
    expect(bulk).not_to_be_in_viewport()
    box.check()
    bulk.get_by_role("button", name="派单").click()
    page.wait_for_url("**/matters/bulk**")


@pytest.mark.parametrize("script", [True, False])
def test_the_year_folds_by_chapter(visit, script: bool) -> None:
    visitor = visit("demo-office", 390, script=script)
    page = visitor.page
    page.goto(YEAR)
    # Other tests add plans to this year: what is counted here is only what the lines say.
    chapters = page.locator("details.group")
    expect(page.locator("tr[data-row]:visible")).to_have_count(0)
    told = [re.search(r"(\d+)条承诺", t) for t in chapters.all_inner_texts()]
    assert len(told) >= 6
    sizes = [int(t[1]) for t in told if t]
    expect(page.locator("tr[data-row]")).to_have_count(sum(sizes))
    second = chapters.nth(1)
    assert second.locator("[data-lamp=red]").count() == 1
    second.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-row]:visible")).to_have_count(sizes[1])
    if script:
        assert not axe(page)
    # Red first: one tap.
    page.locator(".tabs a", has=page.locator("[data-lamp=red]")).click()
    page.wait_for_url("**lamp=red**")
    red = page.locator("tr[data-row]:visible [data-lamp=red]")
    expect(red).to_have_count(page.locator("tr[data-row]").count())
    expect(page.locator("details.group")).to_have_count(0)
    assert not visitor.errors


def test_tasks_open_with_red_and_show_their_reason(visit) -> None:
    visitor = visit("demo-office", 390)
    page = visitor.page
    page.goto("/tasks")
    assert top(page, "tr[data-row]") < 310
    first = page.locator("details.group").first
    expect(first.locator("[data-lamp=red]")).to_be_visible()
    reds = page.locator("tr[data-row] [data-lamp=red]").count()
    expect(page.locator("tr[data-row]:visible")).to_have_count(reds)
    row = page.locator("tr[data-row]:visible").nth(1)
    name = row.locator("a").first.inner_text()
    row.locator("a").first.click()
    expect(page.locator("#detail h2")).to_contain_text(name)
    expect(page.locator("#detail h2")).to_be_in_viewport()
    expect(page.locator("tr.current")).to_have_count(1)
    assert not axe(page)
    assert not visitor.errors


def test_choosing_a_mark_opens_its_chapter(visit) -> None:
    page = visit("demo-office", 390).page
    page.goto("/plans/2023/docs/1")
    folds = page.locator("details.group")
    expect(folds).to_have_count(6)
    expect(page.locator("details.group[open]")).to_have_count(1)
    key = page.locator("tr[data-row]").last.get_attribute("data-c")
    page.locator(f".original .mark[data-c='{key}']").first.click()
    expect(page.locator("details.group[open]")).to_have_count(2)
    expect(page.locator("tr.current")).to_have_attribute("data-c", key)
    expect(page.locator("tr.current")).to_be_visible()
    expect(page.locator("#detail")).to_contain_text(f"第{key}条")


@pytest.mark.parametrize("path", [YEAR, "/tasks", "/plans/2023/docs/1", "/matters"])
def test_a_wide_screen_shows_one_table_and_no_folds(visit, path: str) -> None:
    page = visit("demo-office").page
    page.goto(path)
    row = page.locator("tr[data-row]").last
    row.scroll_into_view_if_needed()
    expect(row).to_be_visible()
    expect(page.locator(".fold-narrow:visible")).to_have_count(0)
    columns = """() => new Set([...document.querySelectorAll("tr[data-row]")].map((row) =>
        [...row.cells].map((cell) => Math.round(cell.getBoundingClientRect().left)).join())).size"""
    assert page.evaluate(columns) == 1
    assert (
        page.evaluate(
            """() => [...document.querySelectorAll(".grid thead")].filter(
            (head) => head.getBoundingClientRect().height > 8).length"""
        )
        == 1
    )


def test_what_came_again_folds_by_place(visit) -> None:
    page = visit("demo-city", 390).page
    page.goto("/matters/weekly")
    first = page.locator("li:has(> .fold-list)").first
    lines = first.locator(".fold-list > li")
    expect(lines.first).to_be_hidden()
    first.locator(".fold-narrow summary").click()
    expect(lines.first).to_be_visible()
    assert lines.count() > 1 and not axe(page)
    wide = visit("demo-city", 1366).page
    wide.goto("/matters/weekly")
    expect(wide.locator(".fold-list > li").first).to_be_visible()
    expect(wide.locator(".fold-narrow").first).to_be_hidden()
