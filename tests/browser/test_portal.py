"""The list of UX section 7 for published reports and the residents' pages, in a real browser."""

import re

import pytest
from PIL import Image

from .conftest import axe
from .test_every_page import look_at

pytestmark = pytest.mark.browser
PAGES = (
    "/p/",
    "/p/report",
    "/p/report/square.trouble",
    "/p/progress",
    "/p/suggest",
    "/p/consultations",
    "/p/booking",
    "/p/reports",
    "/p/commitments",
    "/p/reports/2",
)
PHONE = "021-00000000"


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_is_sound_and_tells_whom_to_call(visit, path: str, width: int) -> None:
    visitor = visit(width=width)
    assert visitor.page.goto(path).status == 200
    look_at(visitor)
    assert visitor.page.locator(f'a[href="tel:{PHONE}"]').first.is_visible()


def test_enter_opens_a_number_and_escape_returns_the_focus(visit) -> None:
    page = visit().page
    page.goto("/p/reports/2")
    link = page.locator("article a[data-num]").first
    link.focus()
    page.keyboard.press("Enter")
    panel = page.locator(".portal-panel")
    panel.wait_for()
    assert "怎么算的" in panel.inner_text()
    assert page.evaluate("document.activeElement.className") == "portal-panel"
    assert axe(page) == []
    page.keyboard.press("Escape")
    assert panel.count() == 0
    assert page.evaluate("document.activeElement.matches('article a[data-num]')")
    assert page.url.endswith("/p/reports/2")


def test_without_javascript_a_number_is_a_page(visit) -> None:
    page = visit(script=False).page
    page.goto("/p/reports/2")
    page.locator("article a[data-num]").first.click()
    assert re.search(r"/p/n/\w+$", page.url)
    assert "怎么算的" in page.inner_text("main")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [1366, 390])
def test_a_resident_reports_in_three_pages_and_follows_it(visit, width: int, script: bool) -> None:
    page = visit(width=width, script=script).page
    page.goto("/p/report/square.trouble")
    page.fill("[name=subject]", f"路灯不亮{width}{script}")
    page.check("[name=class][value=road]")
    page.click("text=下一步")
    page.fill("[name=place]", f"云岫路{width}弄{int(script)}号")
    page.click("text=下一步")
    page.click("text=下一步")
    assert page.inner_text("h1") == "核对一遍"
    assert axe(page) == [] if script else True
    page.click("text=报上去")
    assert page.inner_text("h1") == "已经报上去了"
    code = page.inner_text("[data-code]")
    assert re.fullmatch(r"[A-Z0-9]{10}", code)
    page.goto("/p/progress")
    page.fill("[name=code]", code.lower())
    page.click("main button")
    assert page.inner_text("[aria-current=step]").startswith("收到了")
    page.goto("/p/progress")
    page.fill("[name=code]", "AAAAAAAAAA")
    page.click("main button")
    assert "没有查到" in page.inner_text("main")


@pytest.mark.parametrize("script", [True, False])
def test_the_back_button_loses_no_word_and_after_sending_leads_to_the_receipt(
    visit, script: bool
) -> None:
    page = visit(width=390, script=script).page
    page.goto("/p/")
    page.goto("/p/report/square.trouble")
    page.fill("[name=subject]", f"树枝断了{script}")
    page.check("[name=class][value=road]")
    page.click("text=下一步")
    page.fill("[name=place]", f"云岫路{70 + int(script)}弄1号")
    page.click("text=下一步")
    page.fill("[name=phone]", "13800001234")
    page.click("text=下一步")
    assert page.inner_text("h1") == "核对一遍"
    for heading, name, words in (
        ("怎么联系您（可不填）", "phone", None),
        ("在哪里？", "place", f"云岫路{70 + int(script)}弄1号"),
        ("什么事？", "subject", f"树枝断了{script}"),
    ):
        page.go_back()
        assert page.inner_text("h1") == heading
        if words is not None:
            assert page.input_value(f"[name={name}]") == words
    page.click("text=下一步")
    page.fill("[name=place]", f"云岫路{70 + int(script)}弄1号")
    page.click("text=下一步")
    page.click("text=下一步")
    page.click("text=报上去")
    code = page.inner_text("[data-code]")
    page.go_back()
    if script:
        # Whoever sits here next reads neither words nor names.
        page.wait_for_url("**/p/receipt?*")
    else:
        page.click("text=报上去")  # pressed again it is still one report
    assert page.inner_text("[data-code]") == code
    page.click("main >> text=查进度")
    assert page.inner_text("[aria-current=step]").startswith("收到了")
    # A report that begins afterwards is one's own: back stays within it.
    page.goto("/p/report/square.trouble")
    page.fill("[name=subject]", "另一件")
    page.check("[name=class][value=road]")
    page.click("text=下一步")
    page.go_back()
    assert page.inner_text("h1") == "什么事？"


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [1366, 390])
def test_a_resident_adds_photos_takes_one_back_and_sends(
    visit, tmp_path, width: int, script: bool
) -> None:
    photo = tmp_path / "我家窗外.jpg"
    Image.new("RGB", (3000, 2000), (40, 90, 160)).save(photo)
    (tmp_path / "notes.jpg").write_text("no photo")
    page = visit(width=width, script=script).page
    page.goto("/p/report/square.trouble")
    page.fill("[name=subject]", f"井盖破了{width}{script}")
    page.check("[name=class][value=road]")
    page.set_input_files("#f_photo", [photo, tmp_path / "notes.jpg"])
    if script:
        page.wait_for_function(
            "() => document.querySelector('[data-chosen] img')?.naturalWidth > 0"
        )
        # The browser draws it smaller before it is sent.
        page.wait_for_function(
            "() => document.querySelector('#f_photo').files[0].size < 400 * 1024"
        )
    page.click("text=下一步")
    assert "第2张不是照片" in page.inner_text(".errors")
    assert page.input_value("[name=subject]") == f"井盖破了{width}{script}"
    page.wait_for_load_state("load")  # a click waits for the page, not for its pictures
    assert page.locator(".portal-photos img").evaluate_all("i => i.every(x => x.naturalWidth > 0)")
    if script:
        assert axe(page) == []
    page.set_input_files("#f_photo", [photo])
    if script:
        page.wait_for_selector("[data-chosen] img")
        page.wait_for_function("() => !document.querySelector('[name=go]').disabled")
    page.check("[name=_drop]")
    page.click("text=下一步")
    page.fill("[name=place]", f"云岫路{width}弄{8 + int(script)}号")
    page.click("text=下一步")
    page.click("text=下一步")
    assert page.inner_text("h1") == "核对一遍" and page.locator(".portal-photos img").count() == 1
    sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(sideways) <= 0 if script else True
    page.click("text=报上去")
    assert page.inner_text("h1") == "已经报上去了"


def test_the_position_is_read_only_when_the_button_is_pressed(visit) -> None:
    page = visit(width=390).page
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 30.62, "longitude": 123.43})
    page.add_init_script(
        "window.asked = 0; const g = navigator.geolocation.getCurrentPosition"
        ".bind(navigator.geolocation);"
        "navigator.geolocation.getCurrentPosition = (...a) => { window.asked += 1; g(...a); };"
    )
    page.goto("/p/report/square.trouble")
    page.fill("[name=subject]", "井盖松动")
    page.check("[name=class][value=road]")
    page.click("text=下一步")
    assert page.evaluate("window.asked") == 0
    page.click("text=我现在的位置")
    page.wait_for_function("document.querySelector('[name=_lon]').value === '123.430000'")
    assert page.evaluate("window.asked") == 1


@pytest.mark.parametrize("width", [1366, 390])
def test_large_type_is_large_and_survives_a_reload(visit, width: int) -> None:
    page = visit(width=width).page
    page.goto("/p/report/square.trouble")
    page.click("text=大字版")
    page.reload()
    assert page.locator("text=退出大字版").count() == 1
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('main')).fontSize)")
    assert size >= 18
    for button in page.locator("main .button, .portal-call .button").all():
        box = button.bounding_box()
        assert box["width"] >= 60 and box["height"] >= 60
    page.goto("/p/")
    doors = page.locator(".doors a").all()
    boxes = [d.bounding_box() for d in doors]
    assert len(boxes) == 6 and len({b["x"] for b in boxes}) == 1
    assert all(b["height"] >= 60 for b in boxes)
    assert axe(page) == []
    sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(sideways) <= 0


def test_reading_aloud_starts_and_pauses(visit) -> None:
    page = visit().page
    page.add_init_script(
        "const v = { speaking: false, paused: false, said: [],"
        " speak(w) { this.said.push(w.text); this.speaking = true; },"
        " pause() { this.paused = true; }, resume() { this.paused = false; }, cancel() {} };"
        "Object.defineProperty(window, 'speechSynthesis', { value: v });"
    )
    page.goto("/p/reports/2")
    page.click("text=朗读")
    assert page.evaluate("speechSynthesis.speaking && !speechSynthesis.paused")
    # Sentence by sentence: voices fall silent in the middle of a long text.
    said = page.evaluate("speechSynthesis.said")
    assert len(said) > 5 and all(
        0 < len(s) < 200 and s.find("。") in (-1, len(s) - 1) for s in said
    )
    page.click("text=暂停朗读")
    assert page.evaluate("speechSynthesis.paused")
    page.click("text=接着读")
    assert not page.evaluate("speechSynthesis.paused")


def test_english_changes_labels_and_leaves_the_words_of_records_chinese(visit) -> None:
    page = visit().page
    page.goto("/p/reports/2")
    page.click("text=English")
    assert page.get_attribute("html", "lang") == "en"
    assert page.locator("article[lang='zh-Hans']").count() == 1
    assert page.locator("h1 [lang='zh-Hans']").count() == 1
