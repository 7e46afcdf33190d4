"""The main journey in a real browser: from a plan to a proof-read report, at both widths."""

import re
from dataclasses import dataclass
from secrets import token_hex

import docx
import pytest
from playwright.sync_api import Page, expect

from .papers import word, words_of, workbook

pytestmark = pytest.mark.browser

LIFTS = "lifts_completed"


@dataclass
class Journey:
    """Two people at work, and what they have made so far."""

    office: Page
    section: Page
    width: int
    mark: str
    task: str = ""
    batch: str = ""

    @property
    def letters(self) -> str:
        """Return the mark without digits, which a plan would have read as figures."""
        return self.mark.translate(str.maketrans("0123456789", "ghijklmnop"))

    def street(self, number: int) -> str:
        """Return an address of this journey alone."""
        return f"试行路{self.mark}弄{number}号"


@pytest.mark.parametrize("width", [1366, 390])
def test_from_a_plan_to_a_proof_read_report(visit, tmp_path, width: int) -> None:
    office, section = visit("demo-office", width), visit("demo-section", width)
    journey = Journey(office.page, section.page, width, token_hex(3))
    read_the_plan(journey)
    confirm_and_link(journey)
    before = done(journey)
    bring_lifts_in(journey)
    assert done(journey) == before + 3
    open_the_number(journey, before + 3)
    take_back(journey)
    assert done(journey) == before
    report = write_the_report(journey, tmp_path)
    proof_read(journey, tmp_path, report)
    assert office.outside == section.outside == []
    assert office.errors == section.errors == []


def number_in(text: str) -> int:
    """Return the first whole number of some words."""
    found = re.search(r"\d+", text)
    assert found, text
    return int(found[0])


def read_the_plan(journey: Journey) -> None:
    """Upload a Word file; marks and rows choose each other, and keys work outside fields."""
    page = journey.office
    page.goto("/plans")
    page.set_input_files(
        "[name=file]",
        word(
            f"试行计划{journey.letters}.docx",
            [
                "2023年工作计划",
                f"（{journey.letters}稿）",
                "一、办好民生实事",
                "力争电梯全年新增完工36台。",
                "新增家门口养老服务站、社区食堂、助餐点各1处。",
                "大学生就业率达到90%以上。",
                "推进老旧小区停车治理。",
            ],
        ),
    )
    page.get_by_role("button", name="读出承诺").click()
    page.wait_for_url("**/plans/2023/docs/*")
    expect(page.locator(".rows tr[data-row]", has_text="1处")).to_have_count(3)
    expect(page.locator(".rows tr[data-row]", has_text="≥90%")).to_have_count(1)
    page.locator(".original .mark", has_text="36台").click()
    expect(page.locator(".rows tr.current")).to_contain_text("电梯")
    assert "c=" in page.url
    row = page.locator(".rows tr[data-row]", has_text="≥90%")
    row.get_by_role("link").first.click()
    expect(page.locator(".original .mark[aria-current]")).to_contain_text("90%")
    keys_move_and_confirm(journey)


def keys_move_and_confirm(journey: Journey) -> None:
    """Press j on the list, c in a field, and c outside it."""
    page = journey.office
    page.locator(".rows tr[data-row]").first.get_by_role("link").first.click()
    chosen = page.url
    page.keyboard.press("j")
    expect(page).not_to_have_url(chosen)
    expect(page.locator(".rows tr.current")).to_contain_text("1处")
    expect(page.locator("#detail .chosen")).to_contain_text(
        f"第{number_in(page.url.split('c=')[1])}条"
    )
    page.locator("#choice_due_on").fill("")
    page.locator("#choice_due_on").press("c")
    expect(page.locator("#choice_due_on")).to_have_value("c")
    expect(page.locator(".counts b").first).to_have_text("0")
    page.locator("#choice_due_on").fill("2023-12-31")
    page.locator("#choice_lead").select_option(index=1)
    page.locator(".rows tr.current").get_by_role("link").first.focus()
    page.keyboard.press("c")
    expect(page.locator(".counts b").first).to_have_text("1")


def confirm_and_link(journey: Journey) -> None:
    """Confirm the lifts, linked to the indicator that is proposed, and find the task."""
    page = journey.office
    page.locator(".original .mark", has_text="36台").click()
    expect(page.locator("#detail .chosen-words")).to_contain_text("36台")
    proposed = page.locator("#choice_indicator optgroup[label=建议] option").first
    assert proposed.get_attribute("value") == LIFTS
    page.locator("#choice_lead").select_option(index=1)
    page.locator("#choice_indicator").select_option(LIFTS)
    page.get_by_role("button", name="确认并指定").click()
    expect(page.locator(".counts b").first).to_have_text("2")
    page.locator(".original .mark", has_text="36台").click()
    link = page.get_by_role("link", name=re.compile("看任务"))
    journey.task = link.get_attribute("href") or ""
    page.goto(f"/tasks?lead=&source={page.url.split('/docs/')[1].split('?')[0]}")
    row = page.locator("tr[data-row]", has=page.locator(f'a[href*="{journey.task[-12:]}"]')).first
    expect(row).to_contain_text("36台")
    expect(row.locator(".lamp-word")).to_have_count(1)


def done(journey: Journey) -> int:
    """Return how many lifts the task has, which is what its indicator says."""
    page = journey.office
    page.goto(f"/indicators/{LIFTS}?period=2023")
    tile = number_in(page.locator(".tile-value").first.inner_text())
    page.goto(journey.task)
    told = number_in(page.locator("main a.num").first.inner_text())
    assert told == tile
    return told


def bring_lifts_in(journey: Journey) -> None:
    """Import two good rows and one bad one, which is mended in place."""
    journey.batch = take_in(
        journey,
        [
            ("松涛居民区", journey.street(1), "2023-03-02", "已验收"),
            ("松涛居民区", journey.street(2), "2023-04-12", "已验收"),
            ("松涛居民区", journey.street(3), "五月份吧", "已验收"),
        ],
    )
    page = journey.section
    expect(page.locator("#import-head")).to_contain_text("可以导入 2行")
    cell = page.get_by_label(re.compile("竣工验收日期改成"))
    cell.fill("2023-05-18")
    cell.press("Enter")
    expect(page.locator("#import-head")).to_contain_text("可以导入 3行")
    page.get_by_role("button", name="导入3行").click()
    expect(page.get_by_role("button", name="整批撤回")).to_be_visible()


def take_in(journey: Journey, rows: list[tuple[str, ...]]) -> str:
    """Hand a workbook in and return the address of its import."""
    page = journey.section
    page.goto("/imports/new")
    page.select_option("[name=kind]", "lifts.retrofit")
    page.set_input_files("[name=file]", workbook(f"加梯{journey.width}.xlsx", rows))
    page.locator("main .form-foot button").click()
    page.wait_for_url(re.compile(r"/imports/\d+$"))
    return page.url


def open_the_number(journey: Journey, value: int) -> None:
    """Open the number: its records add up, and what was left out is said."""
    page = journey.section
    page.goto(f"/indicators/{LIFTS}?period=2023")
    page.locator(".tile-value a.num").first.click()
    page.wait_for_url("**/n/*")
    expect(page.locator("h1")).to_have_text("这个数从哪里来")
    expect(page.locator("#value-head")).to_contain_text(f"{value}台")
    assert told_on_all_pages(page, journey.street(3)) == value
    expect(page.locator("main")).to_contain_text("没有算进来的")
    expect(page.locator("main")).to_contain_text("用到这个数的地方")


def told_on_all_pages(page: Page, street: str) -> int:
    """Return how many records stand on the pages of a number; one of them is at the street."""
    count, seen = 0, False
    while True:
        rows = page.locator("#records tr[data-row]")
        count += rows.count()
        seen = seen or street in page.locator("#records").inner_text()
        further = page.locator("a[rel=next]")
        if further.count() == 0:
            assert seen
            return count
        before = page.url
        further.first.click()
        expect(page).not_to_have_url(before)


def take_back(journey: Journey) -> None:
    """Take the whole import back."""
    page = journey.section
    page.goto(journey.batch)
    page.get_by_role("button", name="整批撤回").click()
    expect(page.locator("main")).to_contain_text("撤回")
    expect(page.get_by_role("button", name="整批撤回")).to_have_count(0)


def write_the_report(journey: Journey, folder) -> str:
    """Write a report with a live number, freeze it, export it; a later record is told apart."""
    page = journey.office
    page.goto("/reports/new")
    page.fill("[name=title]", f"2023年上半年试写报告{journey.width}")
    page.fill("[name=period]", "2023H1")
    page.check("[name=begin][value=empty]")
    page.locator("main .form-foot button").click()
    page.wait_for_url(re.compile(r"/reports/\d+"))
    report = page.url.split("?")[0]
    put_a_number_in(page)
    page.get_by_role("button", name="冻结数字").click()
    expect(page.locator(".page-lede")).to_contain_text("数字冻结于")
    chip = page.locator("article a.number-chip").first
    said = chip.inner_text()
    add_one_later(journey)
    page.goto(report)
    chip = page.locator("article a.number-chip").first
    assert chip.inner_text() == said
    chip.click()
    expect(page.locator("main")).to_contain_text("冻结后多了1条")
    page.goto(report)
    exported_as_an_official_document(page, folder, said)
    return said


def put_a_number_in(page: Page) -> None:
    """Search for a number in the editor, choose how it is written, and save."""
    if page.locator("[name=text]").count() == 0:
        page.get_by_role("link", name="改这一段").click()
    page.fill("textarea[name=text]", "上半年新增完工电梯")
    page.fill("#find_number", "加装电梯完工")
    # What is offered is asked for anew with every letter; the last answer must be there.
    page.wait_for_load_state("networkidle")
    offer = page.locator("#offers li", has_text="加装电梯完工").first
    offer.locator("select[name=words]").select_option(index=0)
    offer.get_by_role("button", name="插入", exact=True).click()
    expect(page.locator("textarea[name=text]")).to_have_value(re.compile("电梯【1：.*台】"))
    page.get_by_role("button", name="保存").click()
    expect(page.locator("article a.number-chip")).to_have_text(re.compile(r"\d+台"))


def add_one_later(journey: Journey) -> None:
    """Import one more lift of the same half-year."""
    take_in(journey, [("松涛居民区", journey.street(9), "2023-06-01", "已验收")])
    journey.section.get_by_role("button", name="导入1行").click()
    expect(journey.section.get_by_role("button", name="整批撤回")).to_be_visible()


def exported_as_an_official_document(page: Page, folder, said: str) -> None:
    """Download the Word file and look at paper, margins, face and index."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出Word").click()
    path = folder / "report.docx"
    waiting.value.save_as(path)
    made = docx.Document(str(path))
    paper = made.sections[0]
    assert (round(paper.page_width.mm), round(paper.page_height.mm)) == (210, 297)
    assert (round(paper.top_margin.mm), round(paper.left_margin.mm)) == (37, 28)
    assert "仿宋" in made.element.xml or "仿宋" in made.styles.element.xml
    text = "\n".join(words_of(path))
    assert said in text
    assert "数据来源索引" in text


def proof_read(journey: Journey, folder, right: str) -> None:
    """Check a draft with one wrong figure; the Word that comes back differs by comments alone."""
    page, wrong = journey.office, number_in(right) + 2
    lines = ["2023年上半年工作总结", f"上半年，新增完工电梯{wrong}台。", "各项工作平稳。"]
    page.goto("/check")
    page.set_input_files("[name=file]", word("送审稿.docx", lines))
    page.fill("[name=period]", "2023H1")
    page.get_by_role("button", name="校对").click()
    page.wait_for_url(re.compile(r"/check/\d+"))
    row = page.locator("tr[data-verdict=differs]")
    expect(row).to_contain_text(f"{wrong}台")
    expect(row.locator("a.num")).to_have_text(f"{number_in(right) + 1}台")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("Word")).first.click()
    path = folder / "checked.docx"
    waiting.value.save_as(path)
    assert words_of(path) == lines
    assert any(
        "comments" in str(part.partname)
        for part in docx.Document(str(path)).part.package.iter_parts()
    )
