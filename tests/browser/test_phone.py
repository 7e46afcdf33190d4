"""The phone: three taps, no network, exactly once, nothing left behind. A real browser, 390 px."""

import re
import uuid

import pytest

from .conftest import PASSWORD, axe

pytestmark = pytest.mark.browser
KEPT = "网断了。已存为草稿，联网后自动上报。"
COUNT = "已存草稿 {}条，联网后自动上报"


@pytest.fixture
def phone(visit):
    """Return a function that gives somebody a fresh phone on which they signed in."""

    def enter(who: str = "demo-grid", width: int = 390):
        visitor = visit("", width)
        sign_in(visitor.page, who)
        ready(visitor.page)
        return visitor.page

    return enter


def sign_in(page, who: str) -> None:
    if not page.url.endswith("/login"):
        page.goto("/login")
    page.fill("[name=username]", who)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(re.compile(r"/(report)?$"))


def ready(page) -> None:
    """Wait until the app is installed as far as pages go and keeps the page 上报."""
    page.goto("/report")
    kept = page.evaluate(
        """async () => {
            await navigator.serviceWorker.ready;
            for (let n = 0; n < 100; n += 1) {
                if (await caches.match('/report')) return true;
                await new Promise((resolve) => { setTimeout(resolve, 100); });
            }
            return false;
        }"""
    )
    assert kept


def fill(page, words: str) -> None:
    page.goto("/report")
    page.locator(".type-chip").first.click()
    page.fill("#report_place", words)
    page.fill("#report_words", words)


def file(page, words: str) -> None:
    fill(page, words)
    page.click(".button-wide")


def told(page, text: str) -> None:
    page.wait_for_function(
        "(t) => document.querySelector('[data-status-line]').textContent === t", arg=text
    )


@pytest.fixture
def arrived(visit):
    """Return a function that counts the matters with a word in their title, over the office."""
    page = visit("demo-city").page

    def count(word: str) -> int:
        page.goto(f"/matters?tab=all&q={word}")
        return page.locator("tr[data-row]").count()

    return count


def mark() -> str:
    return f"记号{uuid.uuid4().hex[:10]}"


def items(page) -> list[dict]:
    return page.evaluate(
        """async () => (await import('/static/web/outbox.js'))
            .all(document.getElementById('phone').dataset.account)"""
    )


def test_from_today_to_the_receipt_in_three_taps(phone) -> None:
    page = phone()
    page.goto("/")
    page.locator(".phone-tabs a", has_text="上报").click()
    page.locator(".type-chip").first.click()
    page.locator(".button-wide").click()
    page.wait_for_url("**/report/receipt/**")
    text = page.inner_text("main")
    assert re.search(r"编号\s+[A-Z]+-2023-\d{6}", text)
    assert "已派：" in text and "这条会计入" in text
    assert axe(page) == []


def test_the_button_for_photos_is_as_large_as_the_others(phone) -> None:
    page = phone()
    page.goto("/report")
    assert page.locator("#report_photo").bounding_box()["height"] >= 48
    # A photo that was taken before, in the cellar, is chosen like a new one.
    assert page.get_attribute("#report_photo", "capture") is None


def test_refusing_the_position_leads_to_the_list_of_places(phone) -> None:
    page = phone()
    page.goto("/report")
    page.click("[data-locate]")  # no permission was granted to this context
    page.wait_for_function("() => document.activeElement.id === 'report_unit'")
    assert "请在上面选居民区" in page.inner_text("[data-status-line]")
    assert page.locator(".errors:visible").count() == 0


def test_no_position_is_asked_for_unless_somebody_presses(phone) -> None:
    page = phone()
    page.add_init_script(
        "navigator.geolocation.getCurrentPosition = () => { window.asked = true; }"
    )
    page.goto("/report")
    page.wait_for_timeout(500)
    assert page.evaluate("window.asked") is None
    page.click("[data-locate]")
    assert page.evaluate("window.asked") is True


def test_three_findings_without_network_arrive_once_each(phone, arrived) -> None:
    page, words = phone(), [mark() for _ in range(3)]
    page.context.set_offline(True)
    for word in words:
        file(page, word)
        told(page, KEPT)
    assert page.locator("#outbox li[data-state=waiting]").count() == 3
    assert axe(page) == []
    page.context.set_offline(False)
    page.goto("/")
    page.wait_for_function(
        "() => document.querySelectorAll('#outbox li[data-state=done]').length === 3"
    )
    assert page.locator("[data-outbox-count]").is_hidden()
    numbers = page.locator("#outbox .state").all_inner_texts()
    assert all(re.fullmatch(r"已上报 [A-Z]+-2023-\d{6}", n) for n in numbers)
    assert numbers == sorted(numbers)  # in the order in which they were written
    assert [arrived(word) for word in words] == [1, 1, 1]


def test_today_counts_what_waits(phone) -> None:
    page = phone()
    fill(page, mark())
    page.click("[data-only-keep]")
    page.context.set_offline(True)
    told(page, "已存草稿")
    with_count = page.evaluate("document.getElementById('phone').dataset.count")
    assert with_count.replace("%s", "1") == COUNT.format(1)
    assert len(items(page)) == 1


def test_an_answer_that_was_lost_makes_no_second_one(phone, arrived) -> None:
    page, word = phone(), mark()

    def lose(route) -> None:
        route.fetch()  # the server does it
        route.abort()  # and the phone never hears

    page.route(
        re.compile("/report$"), lambda r: lose(r) if r.request.method == "POST" else r.fallback()
    )
    file(page, word)
    told(page, KEPT)
    page.unroute(re.compile("/report$"))
    page.goto("/")
    page.wait_for_selector("#outbox li[data-state=done]")
    assert arrived(word) == 1


def test_a_draft_changed_after_its_answer_was_lost_is_told_so(phone, arrived) -> None:
    page, word = phone(), mark()

    def lose(route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        route.fetch()
        # At once: the service worker would send it again by itself.
        page.context.set_offline(True)
        route.abort()

    page.route(re.compile("/report$"), lose)
    file(page, word)
    told(page, KEPT)
    page.unroute(re.compile("/report$"))
    page.locator("#outbox a", has_text="改").click()
    page.wait_for_function("() => document.querySelector('#report_words').value !== ''")
    page.fill("#report_words", f"{word} 又添了一句")
    page.click(".button-wide")
    told(page, KEPT)
    page.context.set_offline(False)
    page.goto("/")
    page.wait_for_selector("#outbox li[data-state=already]")
    assert "改之前的那份已经上报了" in page.inner_text("#outbox")
    assert arrived(word) == 1


def test_two_tabs_at_once_send_each_thing_once(phone, arrived) -> None:
    page, words = phone(), [mark() for _ in range(3)]
    other = page.context.new_page()
    other.goto("/report")
    page.context.set_offline(True)
    for word in words:
        file(page, word)
        told(page, KEPT)
    posts = []
    page.context.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
    page.context.set_offline(False)
    for tab in (page, other):
        tab.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_function(
        "() => document.querySelectorAll('#outbox li[data-state=done]').length === 3"
    )
    assert [arrived(word) for word in words] == [1, 1, 1]
    assert len([u for u in posts if u.endswith("/report")]) == 3


def test_without_locks_the_nonces_alone_keep_it_once(phone, arrived) -> None:
    """Where a browser has no locks, both tabs send; the server still does each thing once."""
    page, word = phone(), mark()
    page.context.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")
    other = page.context.new_page()
    page.context.set_offline(True)
    file(page, word)
    told(page, KEPT)
    page.context.set_offline(False)
    other.goto("/report")
    for tab in (page, other):
        tab.evaluate("import('/static/web/outbox.js').then((o) => { o.send(); })")
    page.goto("/")
    page.wait_for_selector("#outbox li[data-state=done]")
    assert arrived(word) == 1


def test_a_photo_waits_and_comes_along_smaller(phone) -> None:
    page, word = phone(), mark()
    picture = page.evaluate(
        """async () => {
            const canvas = document.createElement('canvas');
            canvas.width = 3000; canvas.height = 2000;
            const pen = canvas.getContext('2d');
            const dots = pen.createImageData(3000, 2000);
            for (let i = 0; i < dots.data.length; i += 65536) crypto.getRandomValues(dots.data.subarray(i, i + 65536));
            pen.putImageData(dots, 0, 0);
            const blob = await new Promise((r) => canvas.toBlob(r, 'image/jpeg', 0.9));
            return [...new Uint8Array(await blob.arrayBuffer())];
        }"""
    )
    page.context.set_offline(True)
    fill(page, word)
    page.locator(".more-types summary").click() if page.locator(".more-types").count() else None
    page.locator('input[name=_type][value^="grid.finding"]').first.check(force=True)
    page.set_input_files(
        "#report_photo",
        [{"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": bytes(picture)}],
    )
    page.click(".button-wide")
    told(page, KEPT)
    assert "照片1张" in page.inner_text("#outbox")
    kept = page.evaluate(
        """async () => {
            const all = await (await import('/static/web/outbox.js')).all(document.getElementById('phone').dataset.account);
            return all[0].files[0].blob.size;
        }"""
    )
    assert kept < len(picture)
    page.context.set_offline(False)
    page.goto("/")
    page.wait_for_selector("#outbox li[data-state=done]")
    page.locator("#outbox a", has_text="看这一件").click()
    page.locator("a", has_text="看这一件").click()
    assert "现场.jpg" in page.inner_text("main")


def test_a_full_phone_says_so_and_the_form_stays(phone) -> None:
    page, word = phone(), mark()
    page.context.set_offline(True)
    fill(page, word)
    page.evaluate(
        """() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"""
    )
    page.click(".button-wide")
    page.wait_for_selector("[data-form-error]:visible")
    assert "手机存满了" in page.inner_text("[data-form-error]")
    assert page.input_value("#report_words") == word


def test_an_expired_session_keeps_the_draft_until_one_signs_in(phone, arrived) -> None:
    page, word = phone(), mark()
    page.context.set_offline(True)
    file(page, word)
    told(page, KEPT)
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_selector("#outbox li[data-state=login]")
    assert "登录后接着上报" in page.inner_text("#outbox")
    page.locator("#outbox a", has_text="去登录").click()
    sign_in(page, "demo-grid")
    page.goto("/")
    page.wait_for_selector("#outbox li[data-state=done]")
    assert arrived(word) == 1


def test_anothers_drafts_stay_hidden_and_unsent(phone, arrived) -> None:
    page, word = phone(), mark()
    page.context.set_offline(True)
    file(page, word)
    told(page, KEPT)
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.goto("/login")
    sign_in(page, "demo-section")
    page.goto("/report")
    page.wait_for_timeout(1500)
    assert page.locator("#outbox").is_hidden()
    assert word not in page.content()
    assert arrived(word) == 0
    page.context.clear_cookies()
    page.goto("/login")
    sign_in(page, "demo-grid")
    page.goto("/")
    page.wait_for_selector("#outbox li[data-state=done]")
    assert arrived(word) == 1


def test_signing_out_leaves_nothing_behind(phone) -> None:
    page = phone()
    page.context.set_offline(True)
    file(page, mark())
    told(page, KEPT)
    sign_out(page)
    told(page, "网断了。联网后再试一次。")
    assert len(items(page)) == 1  # without a network nobody is signed out, so nothing is deleted
    page.evaluate(
        """async () => {
            const box = await import('/static/web/outbox.js');
            const [item] = await box.all(document.getElementById('phone').dataset.account);
            await box.put({ ...item, state: 'fix', told: '请选是什么。' });
        }"""
    )
    page.context.set_offline(False)
    page.goto("/")
    page.wait_for_selector("#outbox li[data-state=fix]")
    sign_out(page)
    page.wait_for_selector("#leave[open]")
    assert "还有1条没有上报" in page.inner_text("#leave")
    assert axe(page) == []
    page.click("[data-stay]")
    assert len(items(page)) == 1
    sign_out(page)
    page.click("[data-leave]")
    page.wait_for_url("**/login")
    left = page.evaluate(
        """async () => ({
            caches: (await caches.keys()).filter((n) => n.startsWith('jiezhen-own-')),
            kept: Object.keys(localStorage),
            drafts: await new Promise((resolve) => {
                const asked = indexedDB.open('jiezhen');
                asked.onsuccess = () => { const all = asked.result.transaction('outbox').objectStore('outbox').getAll(); all.onsuccess = () => resolve(all.result.length); };
            }),
        })"""
    )
    assert left == {"caches": [], "kept": [], "drafts": 0}


def sign_out(page) -> None:
    if not page.locator(".menu-user[open]").count():
        page.locator(".menu-user summary").click()
    page.locator("form[action='/logout'] button").click()


def test_a_draft_is_deleted_and_brought_back(phone) -> None:
    page = phone()
    fill(page, mark())
    page.context.set_offline(True)
    page.click("[data-only-keep]")
    page.locator("#outbox button", has_text="删掉").click()
    assert items(page) == []
    page.locator("#outbox button", has_text="不删了").click()
    page.wait_for_selector("#outbox li[data-state=waiting]")
    assert len(items(page)) == 1


def test_only_the_shell_and_ones_own_report_page_are_kept(phone) -> None:
    page = phone("demo-section")
    for path in ("/matters", "/registers", "/"):
        page.goto(path)
    kept = page.evaluate(
        """async () => {
            const found = [];
            for (const name of await caches.keys())
                for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
            return found;
        }"""
    )
    pages = {p for p in kept if not p.startswith("/static/")}
    assert pages == {"/offline", "/report"}
    page.context.set_offline(True)
    page.goto("/matters")
    assert page.locator("h1").inner_text() == "没有网络"
    assert axe(page) == []


def test_the_app_can_be_installed(phone) -> None:
    page = phone()
    devtools = page.context.new_cdp_session(page)
    found = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A context of the test is a private window, which is the one thing that stands against it.
    assert [e["errorId"] for e in found if e["errorId"] != "in-incognito"] == []
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == [] and "街镇" in manifest["data"]


def test_a_pasted_message_fills_the_form(phone) -> None:
    page = phone()
    page.goto("/report")
    page.locator(".paste summary").click()
    page.fill("#report_pasted", "王阿姨 08:12\n松涛居民区云台路123弄5号楼 垃圾没人收\n[图片]")
    page.click("[data-paste]")
    told(page, "按消息填好了，看一看再上报。")
    assert page.input_value("#report_place") == "云台路123弄5号楼"
    assert "垃圾没人收" in page.input_value("#report_words")
    assert "王阿姨" not in page.input_value("#report_words")
    assert page.locator("input[name=_type]:checked").count() == 1


def test_a_conflict_is_shown_and_not_overwritten(phone) -> None:
    page, word = phone(), mark()
    file(page, word)
    page.wait_for_url("**/report/receipt/**")
    page.locator("a", has_text="看这一件").click()
    page.wait_for_selector("form[data-outbox=deed] [name=note]")
    here = page.url
    code = here.rsplit("/", 1)[1].partition("?")[0]
    kind = page.evaluate("() => document.querySelector('form[data-outbox=deed]').dataset.kind")
    page.context.set_offline(True)
    page.fill("form[data-outbox=deed] [name=note]", "已到现场，正在清理")
    page.locator("form[data-outbox=deed] button").first.click()
    told(page, KEPT)
    # Somebody else corrects the same matter meanwhile, on another machine.
    other = phone("demo-section", 1366)
    other.goto(f"/records/{kind}/{code}/edit")
    other.fill("[name=place]", f"{word} 别人改过")
    other.locator("main form .button-primary").first.click()
    other.wait_for_load_state()
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_selector("#outbox li[data-state=conflict]")
    text = page.inner_text("#outbox")
    assert "我写的：" in text and "别人写的：" in text and "已到现场" in text
    assert axe(page) == []
    assert "已到现场" not in timeline(other, here)
    page.locator("#outbox button", has_text="用我写的").click()
    page.wait_for_selector("#outbox li[data-state=done]")
    assert timeline(other, here).count("已到现场") == 1


def timeline(page, address: str) -> str:
    page.goto(address)
    return page.locator("main").inner_text()


def told_before(page, words: str, place: str) -> None:
    """Fill in the page and wait until it says that somebody reported it before."""
    page.goto("/report")
    page.locator(".type-chip").first.click()
    page.fill("#report_place", place)
    page.fill("#report_words", words)
    page.wait_for_selector("[data-likely-line] a")


def test_what_may_be_the_same_is_shown_before_filing_and_taken_instead(phone, arrived) -> None:
    page, word = phone(), mark()
    place = f"{word}路5号"
    page.goto("/report")
    page.locator(".type-chip").first.click()
    assert page.locator("[data-likely] > *").count() == 0
    fill(page, word)
    page.fill("#report_place", place)
    page.click(".button-wide")
    page.wait_for_url("**/report/receipt/**")
    code = re.search(r"[A-Z]+-2023-\d{6}", page.inner_text("main"))[0]
    page.goto("/report")
    button = page.locator(".button-wide")
    page.locator(".type-chip").first.click()
    page.fill("#report_place", place)
    top = "(b) => b.getBoundingClientRect().top + window.scrollY"
    before = button.evaluate(top)
    page.fill("#report_words", f"{word}又来了")
    page.wait_for_selector("[data-likely-line] a")
    assert button.evaluate(top) == before  # nothing moves under the finger
    assert page.inner_text("[data-likely-line]") == "可能已有人报过：1件"
    shown = page.inner_text("[data-likely]")
    assert "可能是同一件" in shown and code in shown and "同一地址" in shown
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe(page) == []
    page.locator("button", has_text="就是这件，我补充").click()
    page.wait_for_url(re.compile(f"/matters/{code}"))
    text = page.inner_text("main")
    assert f"已补充到{code}" in text and f"{word}又来了" in text
    assert arrived(word) == 1
    assert items(page) == []


def test_the_list_stands_in_nobodys_way(phone, arrived) -> None:
    page, word = phone(), mark()
    place = f"{word}路5号"
    for _time in range(2):  # filed again although the list says that it was
        fill(page, word)
        page.fill("#report_place", place)
        if _time:
            page.wait_for_selector("[data-likely-line] a")
        page.click(".button-wide")
        page.wait_for_url("**/report/receipt/**")
    assert arrived(word) == 2
    # Without a network there is no list, and what is written waits as ever.
    fill(page, word)
    page.fill("#report_place", place)
    page.wait_for_selector("[data-likely-line] a")
    page.context.set_offline(True)
    page.fill("#report_words", f"{word}第三次")
    page.wait_for_function("() => !document.querySelector('[data-likely]').childElementCount")
    assert page.inner_text("[data-likely-line]").strip() == ""
    assert page.inner_text("[data-status-line]") == ""
    page.click(".button-wide")
    told(page, KEPT)


def test_words_for_an_older_one_wait_for_the_network_too(phone, arrived) -> None:
    page, word = phone(), mark()
    place = f"{word}路5号"
    fill(page, word)
    page.fill("#report_place", place)
    page.click(".button-wide")
    page.wait_for_url("**/report/receipt/**")
    told_before(page, f"{word}再说一句", place)
    page.context.set_offline(True)
    page.locator("button", has_text="就是这件，我补充").click()
    told(page, KEPT)
    page.context.set_offline(False)
    page.goto("/")
    page.wait_for_selector("#outbox li[data-state=done]")
    assert arrived(word) == 1
    page.locator("#outbox a", has_text="看这一件").click()
    assert f"{word}再说一句" in page.inner_text("main")


def test_enter_in_the_place_files_and_asks_nothing_else(phone) -> None:
    page = phone()
    fill(page, mark())
    page.locator("#report_place").press("Enter")
    page.wait_for_url("**/report/receipt/**")


def test_without_scripts_the_receipt_says_what_may_be_the_same(visit) -> None:
    word = mark()
    for _time in range(2):
        page = visit("demo-grid", 390, script=False).page
        page.goto("/report")
        page.locator("input[name=_type]").first.check(force=True)
        page.fill("#report_place", f"{word}路5号")
        page.fill("#report_words", word)
        page.click(".button-wide")
        page.wait_for_url("**/report/receipt/**")
    assert "可能是同一件" in page.inner_text("main") and word in page.inner_text("#doubles")
