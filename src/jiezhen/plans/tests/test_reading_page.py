"""计划阅读 through its forms: upload, read, confirm, split, link, versions."""

import html
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document as WordFile

from jiezhen.conf import testing
from jiezhen.conftest import Cast, build_cast
from jiezhen.plans.models import Commitment, Document, Task
from jiezhen.trail import once

pytestmark = pytest.mark.django_db

PLAN = """2023年工作计划

一、民生
·力争全年新增完工电梯 36台，由社区服务办牵头
·新增家门口养老服务站、社区食堂、助餐点各 1处
·大学生就业率达到 90%以上
·下半年完成 18个小区末端截流改造
·推进愚园路街区品牌建设
"""


def seed(number: str) -> Path:
    folder = testing.shared()
    if folder is None:
        pytest.skip("the shared documents are not on this machine")
    return next((folder / "seeds").glob(f"{number}_*.txt"))


def post(client: Client, href: str, page: str = "/plans", **data: object):
    """Post a form with the nonce of the page that shows it."""
    shown = client.get(page)
    nonce = re.search(r'name="_nonce" value="([^"]+)"', shown.content.decode())
    assert nonce, page
    return client.post(href, {"_nonce": nonce[1], **data})


def uploaded(client: Client, text: str, name: str = "计划.txt", **data: object) -> Document:
    file = SimpleUploadedFile(name, text.encode(), "text/plain")
    answer = post(client, "/plans/upload", file=file, **data)
    assert answer.status_code == 302, answer.content.decode()
    return Document.objects.for_system("test").get(pk=re.search(r"docs/(\d+)", answer.url)[1])


def row(document: Document, word: str) -> Commitment:
    rows = Commitment.objects.for_system("test").filter(document=document)
    return rows.get(object__contains=word)


def here(document: Document) -> str:
    return f"/plans/{document.year}/docs/{document.pk}"


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


@pytest.mark.usefixtures("still")
def test_it_keeps_seed_000_intact_and_marks_its_targets(cast: Cast) -> None:
    text = seed("000").read_text("utf-8")
    client = cast.client("planner")
    document = uploaded(client, text, "上半年总结.txt")
    assert document.text == text
    page = client.get(here(document)).content.decode()
    original = re.search(r'<div id="original"[^>]*>(.*?)</div>', page, re.DOTALL)[1]
    assert plain(original) == text
    marked = [plain(m) for m in re.findall(r'<a class="mark[^>]*>.*?</a>', original, re.DOTALL)]
    for target in ("4649个", "75户", "50个", "36台", "90%"):
        assert target in [m.replace(" ", "") for m in marked]


@pytest.mark.usefixtures("still")
def test_it_reads_each_comparator_and_dates_of_seed_000(cast: Cast) -> None:
    document = uploaded(cast.client("planner"), seed("000").read_text("utf-8"))
    each = Commitment.objects.for_system("test").filter(document=document, words__contains="各")
    assert each.filter(targets__value=1, targets__unit="处").count() == 3
    rate = row(document, "大学生就业率").targets.get()
    assert (rate.value, rate.comparator) == (Decimal("0.9"), ">=")
    assert row(document, "末端截流").starts_on.isoformat() == "2023-07-01"
    page = cast.client("planner").get(here(document)).content.decode()
    assert "≥90%" in page


@pytest.mark.usefixtures("still")
def test_it_lights_three_promises_of_seed_000_from_the_document_alone(cast: Cast) -> None:
    document = uploaded(cast.client("planner"), seed("000").read_text("utf-8"))
    page = cast.client("planner").get(here(document)).content.decode()
    rows = re.findall(r"<tr role=\"row\" data-row.*?</tr>", page, re.DOTALL)
    for words, share, colour in (
        ("新增就业岗位", "59.1%", "green"),
        ("适老化", "48.0%", "green"),
        ("电梯", "44.4%", "yellow"),
    ):
        shown = next(r for r in rows if words in r and share in r)
        assert f'data-lamp="{colour}"' in shown
        assert "来自文件" in shown


@pytest.mark.usefixtures("still")
def test_it_reads_seed_002_whose_promises_have_no_numbers(cast: Cast) -> None:
    client = cast.client("planner")
    document = uploaded(client, seed("002").read_text("utf-8"), "江苏路.txt")
    rows = Commitment.objects.for_system("test").filter(document=document)
    assert rows.count() > 30
    assert rows.filter(targets=None).count() > 25
    assert client.get(here(document)).status_code == 200


@pytest.mark.usefixtures("still")
def test_a_word_file_is_read_and_handed_out_unchanged(cast: Cast) -> None:
    word = WordFile()
    for line in PLAN.splitlines():
        word.add_paragraph(line)
    data = io.BytesIO()
    word.save(data)
    client = cast.client("planner")
    file = SimpleUploadedFile("2023年计划.docx", data.getvalue())
    answer = post(client, "/plans/upload", file=file)
    assert answer.status_code == 302, answer.content.decode()
    document = Document.objects.for_system("test").get()
    assert (document.kind, document.title, document.year) == ("docx", "2023年计划", 2023)
    assert row(document, "电梯").targets.get().value == 36
    again = client.get(f"{here(document)}/file")
    assert again.content == data.getvalue()
    assert again["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("坏.docx", b"PK\x03\x04nonsense", "打不开"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "docx"),
        ("空.txt", b"  \n", "空"),
    ],
)
@pytest.mark.usefixtures("still")
def test_a_file_that_cannot_be_read_says_what_to_do(
    cast: Cast, name: str, data: bytes, says: str
) -> None:
    client = cast.client("planner")
    answer = post(client, "/plans/upload", file=SimpleUploadedFile(name, data))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert says in text
    assert "有1处要改" in text
    assert Document.objects.for_system("test").count() == 0


def test_nothing_at_all_is_refused(cast: Cast) -> None:
    answer = post(cast.client("planner"), "/plans/upload", text="  ")
    assert answer.status_code == 422
    assert "请选一个文件" in answer.content.decode()


@pytest.mark.usefixtures("still")
def test_the_list_of_files_is_a_file_too(cast: Cast) -> None:
    client = cast.client("planner")
    uploaded(client, PLAN)
    assert client.get("/plans.json").json()["rows"][0]["年度"] == 2023
    assert client.get("/plans.xlsx").content.startswith(b"PK")


@pytest.mark.usefixtures("still")
def test_the_same_text_again_opens_the_document_that_is_there(cast: Cast) -> None:
    client = cast.client("planner")
    first = uploaded(client, PLAN)
    again = post(client, "/plans/upload", text=PLAN)
    assert again.url == here(first)
    assert "已经有了" in client.get(again.url).content.decode()
    assert Document.objects.for_system("test").count() == 1


@pytest.mark.usefixtures("still")
def test_confirming_with_a_lead_makes_one_task_however_often_it_is_pressed(cast: Cast) -> None:
    client = cast.client("planner")
    document = uploaded(client, PLAN)
    lifts = row(document, "电梯")
    page = client.get(f"{here(document)}?c={lifts.number}").content.decode()
    nonce = re.search(r'name="_nonce" value="([^"]+)"', page)[1]
    data = {"_nonce": nonce, "lead": "fwb", "due_on": "2023-12-31"}
    href = f"{here(document)}/rows/{lifts.number}/confirm"
    answers = [client.post(href, data) for _press in range(2)]
    assert [a.status_code for a in answers] == [302, 302]
    task = Task.objects.for_system("test").get()
    assert (task.code, task.lead.code, task.target) == ("RW-2023-0001", "fwb", 36)
    lifts.refresh_from_db()
    assert lifts.state == "confirmed"


@pytest.mark.usefixtures("still")
def test_a_wrong_date_is_refused_at_its_field(cast: Cast) -> None:
    client = cast.client("planner")
    document = uploaded(client, PLAN)
    lifts = row(document, "电梯")
    answer = post(
        client,
        f"{here(document)}/rows/{lifts.number}/confirm",
        here(document),
        lead="fwb",
        due_on="明年吧",
    )
    assert answer.status_code == 422
    assert "看不懂这个日期" in answer.content.decode()
    lifts.refresh_from_db()
    assert lifts.state == "proposed"


@pytest.mark.usefixtures("still")
def test_another_office_finds_nothing(cast: Cast) -> None:
    document = uploaded(cast.client("planner"), PLAN)
    other = build_cast("luyuan")
    for href in (here(document), f"{here(document)}/changes", f"{here(document)}/file"):
        assert other.client("planner").get(href).status_code == 404, href


def test_who_may_not_read_plans_is_told_so(cast: Cast) -> None:
    for who in ("auditor", "administrator"):
        assert cast.client(who).get("/plans").status_code == 403
        assert cast.client(who).get("/tasks").status_code == 403


@pytest.mark.usefixtures("still")
def test_a_section_reads_but_cannot_confirm(cast: Cast) -> None:
    document = uploaded(cast.client("planner"), PLAN)
    client = cast.client("section")
    page = client.get(here(document)).content.decode()
    assert "确认并指定" not in page
    answer = client.post(
        f"{here(document)}/rows/1/confirm", {"_nonce": once.fresh(), "lead": "fwb"}
    )
    assert answer.status_code == 403


@pytest.mark.usefixtures("still")
def test_only_sure_rows_are_confirmed_together(cast: Cast) -> None:
    client = cast.client("planner")
    document = uploaded(client, PLAN)
    rows = Commitment.objects.for_system("test").filter(document=document)
    numbers = list(rows.values_list("number", flat=True))
    answer = post(client, f"{here(document)}/bulk", here(document), selected=numbers, do="confirm")
    assert answer.status_code == 302
    assert not rows.filter(state="confirmed", confidence__lt=0.8).exists()
    assert rows.filter(state="confirmed").count() == rows.filter(confidence__gte=0.8).count() > 0
    assert rows.filter(state="proposed").exists()


@pytest.mark.usefixtures("still")
def test_the_page_carries_its_keys_and_ties_marks_to_rows(cast: Cast) -> None:
    client = cast.client("planner")
    document = uploaded(client, PLAN)
    page = client.get(here(document)).content.decode()
    for key in "cali":
        assert f'data-key="{key}"' in page
    marks = set(re.findall(r'<a class="mark[^>]*data-c="(\d+)"', page))
    rows = set(re.findall(r'<tr role="row" data-row data-c="(\d+)"', page))
    assert marks == rows
    assert "data-split" in page


@pytest.mark.usefixtures("still")
def test_htmx_gets_the_row_and_after_a_deed_the_next_one(cast: Cast) -> None:
    client = cast.client("planner")
    document = uploaded(client, PLAN)
    lifts = row(document, "电梯")
    part = client.get(
        f"{here(document)}?c={lifts.number}", headers={"HX-Request": "true", "HX-Target": "detail"}
    )
    text = part.content.decode()
    assert "<html" not in text
    nonce = re.search(r'name="_nonce" value="([^"]+)"', text)[1]
    done = client.post(
        f"{here(document)}/rows/{lifts.number}/ignore",
        {"_nonce": nonce},
        headers={"HX-Request": "true"},
    )
    body = done.content.decode()
    assert 'hx-swap-oob="true"' in body
    assert "撤回" in body
    assert f"c={lifts.number}" not in done["HX-Replace-Url"].replace("&", "?").split("?")[1:]


@pytest.mark.usefixtures("still")
def test_split_and_merge_and_bring_back(cast: Cast) -> None:
    client = cast.client("planner")
    document = uploaded(
        client, "2023年计划\n\n·推进街区品牌建设，优化老年助餐服务\n·启动道路大修\n"
    )
    rows = Commitment.objects.for_system("test").filter(document=document)
    first = rows.order_by("start").first()
    before = rows.count()
    answer = post(
        client,
        f"{here(document)}/rows/{rows.order_by('-start').first().number}/merge",
        here(document),
    )
    assert answer.status_code == 302
    merged = rows.get(state="merged")
    assert merged.merged_into is not None
    post(client, f"{here(document)}/rows/{merged.number}/restore", here(document))
    assert rows.filter(state="proposed").count() == before
    assert first is not None


@pytest.mark.usefixtures("still")
def test_words_with_a_joint_come_apart_and_those_without_are_refused(cast: Cast) -> None:
    client = cast.client("planner")
    document = uploaded(
        client, "2023年计划\n\n·推进街区更新、慢行系统优化和滨水空间开放\n·启动道路大修\n"
    )
    rows = Commitment.objects.for_system("test").filter(document=document)
    first, latest = rows.order_by("start").first(), rows.order_by("start").last()
    before = rows.count()
    split = post(client, f"{here(document)}/rows/{first.number}/split", here(document))
    assert split.status_code == 302
    assert rows.count() > before
    assert all(document.text[r.start : r.end] == r.words for r in rows)
    refused = post(client, f"{here(document)}/rows/{latest.number}/split", here(document))
    assert refused.status_code == 422
    assert "没有可以拆开的地方" in refused.content.decode()


@pytest.mark.usefixtures("still")
def test_joined_lines_change_the_screen_and_not_the_text(cast: Cast) -> None:
    client = cast.client("planner")
    broken = PLAN.replace("由社区服务办", "由社区\n服务办")
    document = uploaded(client, broken)
    page = client.get(f"{here(document)}?joined=1").content.decode()
    original = re.search(r'<div id="original"[^>]*>(.*?)</div>', page, re.DOTALL)[1]
    assert "由社区服务办牵头" in plain(original)
    document.refresh_from_db()
    assert document.text == broken


@pytest.mark.usefixtures("still")
def test_a_later_version_lists_what_changed_and_overwrites_nothing(cast: Cast) -> None:
    client = cast.client("planner")
    first = uploaded(client, PLAN, "2023年计划（送审稿1）.txt")
    lifts = row(first, "电梯")
    post(
        client,
        f"{here(first)}/rows/{lifts.number}/confirm",
        here(first),
        lead="fwb",
        due_on="2023-12-31",
    )
    later = PLAN.replace("36台", "38台").replace(
        "·推进愚园路街区品牌建设\n", "·新建口袋公园 2个\n"
    )
    second = uploaded(client, later, "2023年计划（终稿）.txt")
    assert second.replaces_id == first.pk
    page = plain(client.get(f"{here(second)}/changes").content.decode())
    for words in ("新增", "改动", "没有了", "36台", "38台", "愚园路"):
        assert words in page
    lifts.refresh_from_db()
    assert "36" in lifts.words
    task = Task.objects.for_system("test").get()
    assert task.target == 36
    changed = row(second, "电梯")
    post(client, f"{here(second)}/rows/{changed.number}/accept", f"{here(second)}/changes")
    task.refresh_from_db()
    assert (task.target, task.commitment_id) == (38, changed.pk)


@pytest.mark.usefixtures("still")
def test_many_rows_are_linked_only_as_ticked(cast: Cast) -> None:
    client = cast.client("planner")
    document = uploaded(client, PLAN)
    lifts, canteen = row(document, "电梯"), row(document, "食堂")
    page = client.get(f"{here(document)}/links").content.decode()
    assert f'value="{lifts.number}:lifts_completed" checked' in page
    assert row(document, "电梯").indicator == ""
    done = post(
        client,
        f"{here(document)}/links",
        f"{here(document)}/links",
        selected=[f"{lifts.number}:lifts_completed"],
    )
    assert done.status_code == 302
    assert row(document, "电梯").indicator == "lifts_completed"
    assert row(document, "电梯").period == "2023"
    canteen.refresh_from_db()
    assert canteen.indicator == ""
    assert cast.client("section").get(f"{here(document)}/links").status_code == 403


@pytest.mark.usefixtures("still")
def test_strange_numbers_in_an_address_break_nothing(cast: Cast) -> None:
    client = cast.client("planner")
    document = uploaded(client, PLAN)
    for strange in ("²", "9" * 30, "-1", "x"):
        assert client.get(here(document), {"c": strange}).status_code == 200
        assert client.get("/tasks", {"page": strange, "lamp": strange}).status_code == 200
    assert client.get(f"/plans/2023/docs/{'9' * 30}").status_code == 404
