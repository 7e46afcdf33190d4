"""事项 in a real browser: the queue, one matter, the deeds on it, the map, with and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import axe

pytestmark = pytest.mark.browser

PHONE = "13912345678"


def filed(visit, subject: str, place: str = "沧源路123弄5号") -> tuple[object, str]:
    """File a hotline case as the operations centre, and return its page and address."""
    page = visit("demo-city").page
    page.goto("/matters/new?kind=hotline.case")
    page.fill("#id_order_number", f"BR{abs(hash(subject)) % 10**8:08d}")
    page.fill("#id_subject", subject)
    page.fill("#id_place", place)
    page.fill("#id_caller", "赵明华")
    page.fill("#id_phone", PHONE)
    page.fill("#id_received_on", "2023-7-3")
    page.locator("form.form .form-foot .button-primary").click()
    page.wait_for_url("**/receipt")
    code = re.search(r"[A-Z]+-\d{4}-\d+", page.locator("main").inner_text())
    assert code
    address = f"/matters/{code[0]}"
    page.goto(address)
    return page, address


@pytest.mark.parametrize("width", [1366, 390])
def test_the_queue_has_clocks_lights_and_words(visit, width: int) -> None:
    visitor = visit("demo-city", width)
    page = visitor.page
    page.goto("/matters")
    tabs = page.locator("nav.tabs").first.inner_text()
    for name in ("要联系", "今天到期", "已超时", "待派单", "待回访", "待办", "全部"):
        assert name in tabs
    lamp = page.locator(".due").first
    assert lamp.locator("[data-lamp]").count() == 1
    lamp.focus()
    expect(lamp.locator(".due-exact")).to_be_visible()
    assert not axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto("/matters?tab=all")
    first = page.locator("tr[data-row] a").first.inner_text()
    page.locator(".pager a", has_text="下一页").click()
    page.wait_for_url("**after=**")
    assert page.locator("tr[data-row] a").first.inner_text() != first
    page.locator(".pager a", has_text="上一页").click()
    page.wait_for_load_state()
    assert page.locator("tr[data-row] a").first.inner_text() == first
    assert not visitor.outside
    assert not visitor.errors


def test_the_caller_is_covered_until_a_purpose_is_given(visit) -> None:
    page, _address = filed(visit, "楼道堆物需要清理")
    card = page.locator("#callers")
    assert PHONE not in page.content()
    assert "139****5678" in card.inner_text()
    card.locator("summary").first.click()
    card.locator(".menu-button", has_text="先行联系").click()
    expect(page.locator(f'a[href="tel:{PHONE}"]')).to_be_visible()
    assert not axe(page)
    page.goto(_address)
    assert PHONE not in page.content()


def test_on_a_phone_caller_and_next_steps_come_before_the_facts(visit) -> None:
    _page, address = filed(visit, "井盖松动要先打电话")
    page = visit("demo-city", 390).page
    page.goto(address)
    page.wait_for_function(
        "() => document.querySelector('.record-page').firstElementChild.matches('.record-acts')"
    )
    assert "沧源路123弄5号" in page.locator(".page-lede").inner_text()
    top = "(e) => e.getBoundingClientRect().top + window.scrollY"
    facts = page.locator(".record-facts").evaluate(top)
    for part in ("#clocks", "#callers", "#moves"):
        assert page.locator(part).evaluate(top) < facts
    page.locator("#callers summary").first.click()
    page.locator("#callers .menu-button", has_text="先行联系").click()
    dial = page.locator(f'a[href="tel:{PHONE}"]')
    # The number is under the finger at once, with the buttons that stop the clock.
    expect(dial).to_be_in_viewport()
    expect(page.locator("#callers button", has_text="接通")).to_be_in_viewport()
    assert not axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1366, "height": 800})
    page.wait_for_function("() => document.querySelector('.record-time > .record-acts')")


def test_on_a_phone_a_case_is_closed_on_one_screen(visit) -> None:
    _page, address = filed(visit, "楼道灯要尽快修")
    given_to_grid(visit, address)
    page = visit("demo-grid", 390).page
    page.goto(address)
    with page.expect_navigation():
        page.locator("#moves .moves a", has_text="先行联系").first.click()
    with page.expect_navigation():
        page.locator("form.form .form-foot .button-primary").click()
    page.goto(f"{address}/moves/close")
    assert page.evaluate("document.documentElement.scrollHeight") < 2 * 800
    # What may be left out is named and one touch away; the usual words stand above it.
    fold = page.locator("details.fold-fields")
    assert "事实认定" in page.locator("main").inner_text()
    expect(page.locator("[name=facts]").first).to_be_hidden()
    phrase = page.locator("button[name=phrase]").first
    assert phrase.bounding_box()["y"] < fold.bounding_box()["y"]
    fold.locator("summary").click()
    expect(fold.locator(".field").first).to_be_visible()
    assert not axe(page)
    # Enter stands for the button of the page, never for the first of the usual words.
    with page.expect_navigation():
        page.locator("[name=finished_on]").press("Enter")
    assert page.locator(".errors:visible").count() and page.input_value("[name=answer]") == ""
    page.locator("[name=outcome][value=solved]").check()
    with page.expect_navigation():
        phrase.click()
    assert "已办结" in page.locator("#moves").inner_text()


def dispatch(page) -> None:
    """Dispatch the case that is shown to its first unit that may be chosen."""
    page.locator("#moves .moves a", has_text="派单").first.click()
    page.locator("select[name=unit]").select_option(index=5)
    with page.expect_navigation():
        page.locator("form.form .form-foot .button-primary").click()


def test_a_call_stops_the_clock_and_a_step_is_undone(visit) -> None:
    page, address = filed(visit, "外墙脱落有危险")
    dispatch(page)
    page.goto(address)
    assert "先行联系" in page.locator("#clocks").inner_text()
    page.locator("#callers button", has_text="接通").click()
    expect(page.locator("#clocks")).to_contain_text("按时完成")
    assert "用时" in page.locator("#clocks").inner_text()
    with page.expect_navigation():
        page.locator(".done button", has_text="撤回").click()
    assert "（已撤回）" in page.locator(".timeline").inner_text()
    assert "撤回一步" in page.locator(".timeline").inner_text()
    assert "按时完成" not in page.locator("#clocks").inner_text()


def test_who_is_slower_sees_both_versions_on_the_form_and_settles_them(visit) -> None:
    page, address = filed(visit, "两人同时办的一件")
    dispatch(page)
    slow, quick = visit("demo-city").page, visit("demo-city").page
    for one in (slow, quick):
        one.goto(f"{address}/moves/contact")
    quick.locator("button[name=phrase]").first.click()
    quick.wait_for_url(f"**{address}")
    slow.fill("[name=note]", "我也打通了")
    slow.locator("form.form .form-foot .button-primary").click()
    both = slow.locator("#outbox li[data-state=conflict]")
    expect(both).to_contain_text("我写的：")
    expect(both).to_contain_text("别人写的：")
    assert not axe(slow)
    # Nothing further about the matter is sent, and nothing is said to be sent, until one chose.
    slow.goto(f"{address}/moves/report")
    slow.fill("[name=note]", "物业今天来清")
    slow.locator("form.form .form-foot .button-primary").click()
    expect(slow.locator("[data-form-error]")).to_contain_text("有一条没有送出")
    slow.locator("#outbox button", has_text="用别人的").click()
    slow.locator("form.form .form-foot .button-primary").click()
    slow.wait_for_url(f"**{address}")
    assert "物业今天来清" in slow.locator(".timeline").inner_text()
    assert "我也打通了" not in slow.locator(".timeline").inner_text()


@pytest.mark.parametrize("script", [True, False])
def test_alike_ones_are_merged_from_the_list(visit, script: bool) -> None:
    place = f"剑川路{400 + script}弄2号"
    codes = []
    for n in range(2):
        _page, address = filed(visit, f"飞线充电第{n}次{script}", place)
        codes.append(address.rpartition("/")[2])
    page = visit("demo-city", script=script).page
    page.goto("/matters?q=飞线充电&tab=all")
    for code in codes:
        page.locator("tr[data-row]", has_text=code).locator("input[type=checkbox]").check()
    page.locator("#bulk button", has_text="并案").click()
    page.wait_for_url("**/matters/bulk**")
    assert (
        "同一地址" in page.locator("main").inner_text()
        or "相距" in page.locator("main").inner_text()
    )
    with page.expect_navigation():
        page.locator("form.form .button-primary").click()
    assert "带着办" in page.locator("main").inner_text()


def test_the_map_draws_points_and_the_list_does_the_same_by_keyboard(visit) -> None:
    visitor = visit("demo-city")
    page = visitor.page
    page.goto("/matters/map?tab=all")
    assert page.locator(".map-list a").count() > 1
    page.locator(".map-list a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**unit=**")
    assert not axe(page)
    assert not visitor.outside


def test_the_week_prints_and_opens_its_matters(visit) -> None:
    page = visit("demo-city", 390).page
    page.goto("/matters/weekly")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not axe(page)
    page.emulate_media(media="print")
    assert page.locator("h1").inner_text() == "一周一研"


def before_the_festival(visit, subject: str) -> str:
    """File a complaint that the district sent on 21 June 2023 at 09:12; return its address.

    Five working days from then on leave out the Dragon Boat Festival, 22 to 24 June, and count
    Sunday 25 June, which was worked instead: 29 June.
    """
    page = visit("demo-city").page
    page.goto("/matters/new?kind=hotline.case")
    page.fill("#id_order_number", f"BR{abs(hash(subject)) % 10**8:08d}")
    page.fill("#id_subject", subject)
    page.select_option("#id_class", "complaint")
    page.fill("#id_place", "沧源路123弄5号")
    page.fill("#id_received_on", "2023-6-21")
    page.fill("#id_ordered_at", "2023-6-21 09:12")
    page.locator("form.form .form-foot .button-primary").click()
    page.wait_for_url("**/receipt")
    code = re.search(r"[A-Z]+-\d{4}-\d+", page.locator("main").inner_text())
    assert code
    return f"/matters/{code[0]}"


def given_to_grid(visit, address: str) -> None:
    """Dispatch a case to the residents' committee of demo-grid."""
    page = visit("demo-city").page
    page.goto(f"{address}/moves/dispatch")
    page.locator("select[name=unit]").select_option(label="松涛居民区")
    with page.expect_navigation():
        page.locator("form.form .form-foot .button-primary").click()


def clock(page, title: str):
    return page.locator("#clocks .clock", has=page.locator("dt", has_text=title))


def ask(page, address: str, what: str, reason: str, words: str, article: bool = False) -> None:
    """Ask for something with a case; without a listed reason it is refused first."""
    page.goto(address)
    page.locator("#moves .moves a", has_text=what).first.click()
    page.fill("[name=words]", words)
    send = page.locator("form.form .form-foot .button-primary")
    with page.expect_navigation():
        send.click()
    assert page.locator(".errors:visible, .field-error:visible").count()
    page.get_by_label(reason, exact=True).check()
    if article:
        page.locator("select[name=article]").select_option(index=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert not axe(page)
    with page.expect_navigation():
        send.click()
    assert "已申请，等审批。" in page.locator("main").inner_text()


def granted(visit, address: str, width: int) -> object:
    """Let the operations centre agree to what was asked for."""
    page = visit("demo-city", width).page
    page.goto(address)
    with page.expect_navigation():
        page.locator("#requests button", has_text=re.compile("^同意$")).click()
    return page


def test_five_working_days_pass_over_the_festival(visit) -> None:
    address = before_the_festival(visit, "端午前的噪声")
    code = address.rpartition("/")[2]
    for width in (1366, 390):
        page = visit("demo-city", width).page
        page.goto(f"/matters?tab=overdue&q={code}")
        row = page.locator("tr[data-row]", has_text=code)
        due = row.locator(".due")
        assert due.locator("[data-lamp=red]").count() == 1
        assert due.locator("time").get_attribute("datetime") == "2023-06-29T09:12:00+08:00"
        due.focus()
        expect(due.locator(".due-exact")).to_have_text("首次办结时限 2023年6月29日09:12")
        page.goto(address)
        first = clock(page, "首次办结").inner_text()
        assert "5个工作日" in first and "超期" in first and "到 2023年6月29日09:12" in first
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1366, 390])
def test_a_pause_needs_a_listed_reason_and_stops_the_clock(visit, width: int) -> None:
    _page, address = filed(visit, f"上门没有人{width}")
    code = address.rpartition("/")[2]
    given_to_grid(visit, address)
    worker = visit("demo-grid", width).page
    ask(worker, address, "暂停", "等居民在家", "住户出差，下周回来")
    assert "暂停" not in clock(worker, "首次办结").inner_text()  # it runs until somebody agrees
    city = granted(visit, address, width)
    stands = clock(city, "首次办结").inner_text()
    assert "暂停" in stands and "超期" not in stands
    assert "正常" not in stands
    city.goto(f"/matters?tab=all&q={code}")
    assert "暂停：等居民在家" in city.locator("tr[data-row]", has_text=code).inner_text()
    worker.goto(address)
    with worker.expect_navigation():
        worker.locator("#clocks button", has_text="恢复计时").click()
    assert "正常" in clock(worker, "首次办结").inner_text()


@pytest.mark.parametrize("width", [1366, 390])
def test_sending_back_names_the_article_of_the_duty_list(visit, width: int) -> None:
    _page, address = filed(visit, f"河道清淤不归我们{width}")
    given_to_grid(visit, address)
    worker = visit("demo-grid", width).page
    ask(worker, address, "退单", "不属本街镇职责", "应由水务部门办理", article=True)
    assert "不属本街镇职责" in worker.locator("#requests").inner_text()
    city = granted(visit, address, width)
    assert "已退回" in city.locator("#moves").inner_text()
    assert "退单" in city.locator(".timeline").inner_text()


def closed(visit, address: str) -> None:
    """Contact the caller and close a case, as demo-grid."""
    page = visit("demo-grid").page
    page.goto(address)
    with page.expect_navigation():
        page.locator("#moves .moves a", has_text="先行联系").first.click()
    with page.expect_navigation():
        page.locator("form.form .form-foot .button-primary").click()
    page.goto(f"{address}/moves/close")
    page.locator("[name=outcome][value=solved]").check()
    page.fill("[name=answer]", "已清理，已回复来电人")
    with page.expect_navigation():
        page.locator("form.form .form-foot .button-primary").click()
    assert "已办结" in page.locator("#moves").inner_text()


@pytest.mark.parametrize("way", ["redo", "revisit"])
def test_who_is_not_satisfied_starts_a_clock_of_three_days(visit, way: str) -> None:
    _page, address = filed(visit, f"说清理了还在{way}")
    given_to_grid(visit, address)
    closed(visit, address)
    page = visit("demo-city").page
    page.goto(f"{address}/moves/{way}")
    if way == "revisit":  # told at the callback
        assert "转为“重办”" in page.locator("#turn").inner_text()
        page.locator("[name=satisfaction]").select_option("unsatisfied")
        page.fill("[name=why_unsatisfied]", "纸箱还在")
    else:
        with page.expect_navigation():  # not without a reason
            page.locator("form.form .form-foot .button-primary").click()
        assert page.locator(".errors:visible, .field-error:visible").count()
        page.fill("[name=note]", "来电人不满意，纸箱还在")
    with page.expect_navigation():
        page.locator("form.form .form-foot .button-primary").click()
    page.goto(address)
    second = clock(page, "二次办结").inner_text()
    assert "3个工作日" in second and "正常" in second
    assert "到 2023年7月6日" in second  # Monday 3 July and three working days
    assert "重办中" in page.locator("#moves").inner_text()
    assert "不满意" in page.locator("main").inner_text()
    assert "已办结" in page.locator(".timeline").inner_text()


def test_the_queue_leads_to_the_statistics_and_back(visit) -> None:
    page = visit("demo-city").page
    for here in ("/matters?kind=hotline.case", "/matters/weekly"):
        page.goto(here)
        page.locator(".page-actions a", has_text="统计表").click()
        page.wait_for_url("**/indicators/table?**")
        assert page.locator("h1").inner_text() == "统计表"
        name = page.locator(".table-wide tbody td").first
        before = name.bounding_box()
        page.locator(".table-wide").evaluate("it => it.scrollLeft = 400")
        assert name.bounding_box() == before, "what a row is about stays in sight"
        page.locator(".page-actions a", has_text="一周一研").click()
        page.wait_for_url("**/matters/weekly")


@pytest.mark.parametrize("width", [1366, 390])
def test_a_part_of_the_week_opens_as_a_whole(visit, width: int) -> None:
    visitor = visit("demo-city", width)
    page = visitor.page
    page.goto("/matters/weekly?part=overdue")
    assert page.locator("h1").inner_text() == "现在超期的"
    assert page.locator(".grid tbody tr").count() >= 1
    assert re.search(r"1—\d+ / \d+\+?件", page.locator(".pager").inner_text())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not axe(page)
    page.locator("a", has_text="一周一研").first.click()
    page.wait_for_url("**/matters/weekly")
    assert not visitor.errors


def test_opening_a_matter_reads_its_notices(visit) -> None:
    page = visit("demo-leader").page
    page.goto("/notices")
    unread = page.locator("li.is-unread")
    before = unread.count()
    assert before > 1
    unread.first.locator("a").first.click()
    page.wait_for_url("**/matters/*")
    # The count comes after the page; with it the notice is read.
    expect(page.locator(".notice-count")).to_be_visible()
    page.goto("/notices")
    expect(unread).to_have_count(before - 1)
    assert axe(page) == []
