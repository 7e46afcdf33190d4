"""校对 in the browser: upload or paste, marks, filters, decisions, sources, the commented Word file."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from jiezhen.conftest import AT
from jiezhen.reading.sources import text_of
from jiezhen.reports.models import Draft
from jiezhen.reports.operations import drafts
from jiezhen.reports.queries import checks
from jiezhen.reports.tests.test_writing_pages import nonce, post

pytestmark = pytest.mark.django_db
DRAFT = "2023年上半年工作报告\n上半年，新增完工电梯18台。为老助餐1万余人次。完成北横泾河道254公里整治。发案率全区最低。\n"


def _opened(cast, text=DRAFT) -> tuple[str, str]:
    client = cast.client("planner")
    answer = post(client, "/check", "/check", text=text, period="2023H1")
    assert answer.status_code == 302
    return answer.url, client.get(answer.url).content.decode()


def _word() -> bytes:
    document = Document()
    document.add_heading("一、民生", 1)
    paragraph = document.add_paragraph("上半年，新增完工电梯")
    paragraph.add_run("1").bold = True
    paragraph.add_run("8台。为老助餐")
    paragraph.add_run("10431人次").italic = True
    paragraph.add_run("。")
    table = document.add_table(2, 2)
    for cell, words in zip(
        table._cells, ("项目", "完成情况", "新增完工电梯", "19台"), strict=True
    ):
        cell.text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_pasted_draft_is_shown_with_marks_counts_and_causes(half_year):
    here, page = _opened(half_year)
    assert re.search(r'mark-differs"[^>]*>18台<sup', page)
    assert re.search(r'mark-agrees"[^>]*>1万余人次<sup', page)
    assert re.search(r'mark-unsourced"[^>]*>254公里<sup', page)
    assert re.search(r'mark-remark"[^>]*>全区最低<sup', page)
    assert "2台在7月" in page
    assert "疑为2.54公里" in page
    only = half_year.client("planner").get(f"{here}?only=differs").content.decode()
    assert only.count('data-verdict="') == 1
    assert 'data-verdict="differs"' in only


def test_a_suggestion_is_accepted_and_comes_out_as_text(half_year):
    here, _page = _opened(half_year)
    client = half_year.client("planner")
    draft = Draft.objects.for_system("test").get()
    result = checks.check_draft(half_year.viewers["planner"], draft, AT)
    wrong = next(f for f in result.findings if f.verdict == "differs")
    page = client.get(f"{here}?c={wrong.id}").content.decode()
    assert "改成16台" in page
    client.post(
        f"{here}/decide",
        {"_nonce": nonce(page), "place": checks.place_of(wrong), "what": "change"},
    )
    assert "已定：按记录改" in client.get(here).content.decode()
    assert "新增完工电梯16台" in client.get(f"{here}.txt").content.decode()


def test_an_assigned_source_is_remembered_for_the_same_words(half_year):
    text = "上半年，老伙伴饭堂就餐{}。"
    here, _page = _opened(half_year, text.format("10431人次"))
    client, viewer = half_year.client("planner"), half_year.viewers["planner"]
    found = checks.check_words(viewer, text.format("10431人次"), AT, period="2023H1").figures[0]
    assert found.verdict == "no_source"
    answer = post(
        client,
        f"{here}?c={found.id}",
        "/check/assign",
        keys=" ".join(found.keys),
        indicator="town_meals",
        back=here,
    )
    assert answer.url == here
    assert (
        checks.check_words(viewer, text.format("10431人次"), AT, period="2023H1")
        .figures[0]
        .verdict
        == "agrees"
    )
    assert (
        checks.check_words(viewer, text.format("1.2万人次"), AT, period="2023H1")
        .figures[0]
        .verdict
        == "differs"
    )


def test_outside_data_stays_without_source_and_names_it(half_year):
    viewer = half_year.viewers["planner"]
    found = checks.check_words(viewer, "本区常住人口12345人。", AT).figures[0]
    drafts.assign(viewer, found.keys, "", AT, note="区统计局")
    again = checks.check_words(viewer, "本区常住人口12345人。", AT).figures[0]
    assert (again.verdict, again.words) == ("no_source", "外部数据：区统计局")


def test_word_comes_back_unchanged_but_for_comments(half_year):
    content = _word()
    client = half_year.client("planner")
    page = client.get("/check").content.decode()
    upload = SimpleUploadedFile("送审稿3.docx", content)
    answer = client.post("/check", {"_nonce": nonce(page), "file": upload, "period": "2023H1"})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    back = client.get(f"{answer.url}.docx").content
    before, after = Document(io.BytesIO(content)), Document(io.BytesIO(back))
    said = [c.text for c in after.comments]
    assert any("16台" in words and "18台" not in words for words in said)
    assert len(said) == 2
    assert [p.text for p in before.paragraphs] == [p.text for p in after.paragraphs]
    assert text_of(back, "x.docx").text == text_of(content, "x.docx").text
    looks = [
        [(c.bold, c.italic) for r in d.paragraphs[1].runs for c in [r] for _ in r.text]
        for d in (before, after)
    ]
    assert looks[0] == looks[1]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("扫描.pdf", b"%PDF-1.4\nbroken", "文件"),
        ("坏.docx", b"PK\x03\x04broken", "文件"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "Word"),
        ("空.txt", b"", "空"),
    ],
)
def test_a_bad_file_is_said_at_its_field(half_year, name, content, words):
    client = half_year.client("planner")
    page = client.get("/check").content.decode()
    answer = client.post(
        "/check", {"_nonce": nonce(page), "file": SimpleUploadedFile(name, content)}
    )
    said = answer.content.decode()
    assert answer.status_code == 422
    error = re.search(r'id="id_file_error">(.*?)</p>', said)
    assert error
    assert words in error[1]
    assert not Draft.objects.for_system("test").exists()


def test_nothing_given_is_said(half_year):
    answer = post(half_year.client("planner"), "/check", "/check", text="")
    assert answer.status_code == 422
    assert "请选一个文件" in answer.content.decode()


def test_the_findings_come_as_json_and_stay_in_the_office(half_year):
    here, _page = _opened(half_year)
    found = half_year.client("planner").get(f"{here}.json").json()
    assert found["counts"]["differs"] == 1
    assert {f["verdict"] for f in found["findings"]} == {
        "agrees",
        "differs",
        "no_source",
        "remark",
    }
    assert half_year.client("auditor").get(here).status_code == 403


def test_markup_in_a_draft_is_shown_and_never_run(half_year):
    _here, page = _opened(half_year, "<script>alert(1)</script>新增完工电梯18台。")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
