"""Writing a report in the browser: begin, insert, choose, confirm, save, freeze, publish, correct."""

import io
import re
from datetime import date

import pytest
from django.test import Client
from docx import Document

from jiezhen.conftest import AT, Cast
from jiezhen.reading import read
from jiezhen.reading.sources import text_of
from jiezhen.reports.models import Frozen, Report, Section, Version
from jiezhen.reports.operations import writing
from jiezhen.reports.operations.writing import Skeleton
from jiezhen.reports.queries import checks
from jiezhen.reports.rules.tokens import Chip
from jiezhen.reports.tests.conftest import HALF

pytestmark = pytest.mark.django_db
LIFTS = Chip("town_lifts").token


def nonce(page: str) -> str:
    found = re.search(r'name="_nonce" value="([^"]+)"', page)
    assert found
    return found[1]


def post(client: Client, page: str, address: str, **given):
    seen = client.get(page).content.decode()
    return client.post(address, {"_nonce": nonce(seen), **given})


@pytest.fixture
def report(half_year: Cast) -> Report:
    share, meals = Chip("town_lifts", aspect="progress").token, Chip("town_meals").token
    text = f"新增完工电梯{LIFTS}，完成年度目标的{share}。\n为老助餐{meals}。"
    return writing.create(
        half_year.viewers["planner"],
        "2023年上半年工作报告",
        HALF,
        AT,
        sections=[Skeleton("保障和改善民生", text), Skeleton("经济")],
    )


def test_a_report_shows_its_numbers_as_links_and_its_empty_sections(half_year, report):
    page = half_year.client("planner").get(f"/reports/{report.pk}").content.decode()
    assert re.search(r'<a class="number-chip num" data-num href="/n/\w+">16台</a>', page)
    assert re.search(r'data-num href="/n/\w+">44.4%</a>', page)
    assert "空段 1" in page
    assert "<title>" in page
    assert page.count("<h1") == 1


def test_a_new_report_from_last_years_text_proposes_numbers_and_replaces_none(half_year):
    client = half_year.client("planner")
    old = "2022年上半年工作报告\n一、民生\n上半年，为老助餐9000人次。新增完工电梯11台。\n"
    answer = post(
        client,
        "/reports/new",
        "/reports/new",
        title="2023年上半年工作报告",
        period="2023H1",
        begin="report",
        text=old,
    )
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "待确认2处" in page
    assert "9000人次" in page
    assert "11台" in page
    section = Section.objects.get(report__title="2023年上半年工作报告", text__contains="9000")
    for _ in range(2):
        post(
            client,
            f"{answer.url}?s={section.pk}",
            f"{answer.url}/sections/{section.pk}/chip",
            order="0",
            version=str(Section.objects.get(pk=section.pk).version),
            do="confirm",
        )
    page = client.get(f"{answer.url}?s={section.pk}").content.decode()
    assert "10431人次" in page
    assert "待确认1处" in page


def test_a_wrong_period_is_said_at_its_field(half_year):
    answer = post(
        half_year.client("planner"),
        "/reports/new",
        "/reports/new",
        title="x",
        period="2023X",
        begin="empty",
    )
    assert answer.status_code == 422
    assert "读不懂期间" in answer.content.decode()


def test_a_number_is_found_by_search_and_inserted_in_a_chosen_form(half_year, report):
    client, section = half_year.client("planner"), report.sections.get(title="经济")
    page = client.get(f"/reports/{report.pk}?s={section.pk}&q=助餐").content.decode()
    assert "10431人次" in page
    assert "1万余人次" in page
    words = Chip("town_meals", form="w0m").token
    answer = post(
        client,
        f"/reports/{report.pk}?s={section.pk}",
        f"/reports/{report.pk}/sections/{section.pk}/insert",
        words=words,
    )
    assert "1万余人次" in client.get(answer.url).content.decode()


def test_another_form_keeps_the_value(half_year, report):
    client, section = half_year.client("planner"), report.sections.first()
    here = f"/reports/{report.pk}?s={section.pk}"
    post(
        client,
        here,
        f"/reports/{report.pk}/sections/{section.pk}/chip",
        order="2",
        version="1",
        do="form",
        form="w0m",
    )
    page = client.get(here).content.decode()
    assert re.search(r'data-num href="/n/\w+">1万余人次</a>', page)


def test_a_section_is_saved_with_its_numbers_and_the_old_text_is_kept(half_year, report):
    client, section = half_year.client("planner"), report.sections.first()
    page = client.get(f"/reports/{report.pk}?s={section.pk}&edit=1").content.decode()
    assert "【1：16台】" in page
    chips = re.findall(r'name="chip" value="([^"]+)"', page)
    assert len(chips) == 3
    answer = client.post(
        f"/reports/{report.pk}/sections/{section.pk}",
        {
            "_nonce": nonce(page),
            "title": "民生",
            "version": "1",
            "chip": [c.replace("&amp;", "&") for c in chips],
            "text": "今年以来，加装电梯【1：16台】。",
        },
    )
    assert answer.status_code == 302
    section.refresh_from_db()
    assert section.text == f"今年以来，加装电梯{LIFTS}。"
    assert Version.objects.get(section=section).version == 1


def test_two_people_editing_one_section_see_both_texts(half_year, report):
    client, section = half_year.client("planner"), report.sections.get(title="经济")
    page = client.get(f"/reports/{report.pk}?s={section.pk}&edit=1").content.decode()
    writing.insert(half_year.viewers["planner"], report.pk, section.pk, "别人写的一句。", AT)
    address = f"/reports/{report.pk}/sections/{section.pk}"
    answer = client.post(
        address, {"_nonce": nonce(page), "title": "经济", "version": "1", "text": "我写的一句。"}
    )
    said = answer.content.decode()
    assert answer.status_code == 409
    assert "别人在08:00改过这一段" in said
    assert "别人写的一句。" in said
    assert "我写的一句。" in said
    assert 'name="version" value="2"' in said


def test_a_number_that_is_not_in_the_list_is_refused(half_year, report):
    client, section = half_year.client("planner"), report.sections.get(title="经济")
    page = client.get(f"/reports/{report.pk}?s={section.pk}&edit=1").content.decode()
    answer = client.post(
        f"/reports/{report.pk}/sections/{section.pk}",
        {"_nonce": nonce(page), "title": "", "version": "1", "text": "【7：9台】"},
    )
    assert answer.status_code == 422
    assert "没有第7号数" in answer.content.decode()


def test_freezing_holds_the_text_and_later_records_do_not_alter_it(half_year, report, write):
    client = half_year.client("planner")
    here = f"/reports/{report.pk}"
    assert post(client, here, f"{here}/freeze").status_code == 302
    write("town.lift", address="迟到", completed_on=date(2023, 6, 1))
    page = client.get(here).content.decode()
    assert "数字冻结于" in page
    assert ">16台</a>" in page
    assert "定稿" in page
    assert Frozen.objects.filter(report=report).count() == 3
    assert len({f.code for f in Frozen.objects.filter(report=report)}) == 2
    edited = client.post(
        f"{here}/sections/{report.sections.first().pk}",
        {"_nonce": "x", "title": "", "version": "1", "text": "改"},
    )
    assert "数字已经冻结" in client.get(edited.url).content.decode()


def test_proposals_and_blanks_stop_freezing(half_year, report):
    client, section = half_year.client("planner"), report.sections.get(title="经济")
    Section.objects.filter(pk=section.pk).update(text=Chip("town_meals", was="9000人次").token)
    here = f"/reports/{report.pk}"
    answer = client.get(post(client, here, f"{here}/freeze").url).content.decode()
    assert "还有1处数待确认" in answer


def test_publishing_needs_frozen_numbers_and_a_correction_is_dated_with_its_reason(
    half_year, report
):
    client, here = half_year.client("planner"), f"/reports/{report.pk}"
    assert "先冻结数字" in client.get(post(client, here, f"{here}/publish").url).content.decode()
    post(client, here, f"{here}/freeze")
    post(client, here, f"{here}/publish")
    key = Frozen.objects.get(report=report, key__contains="town_lifts|all|2023H1|value").key
    refused = post(client, f"{here}/correct", f"{here}/correct", key=key, said="很多", reason="x")
    assert refused.status_code == 422
    answer = post(
        client, f"{here}/correct", f"{here}/correct", key=key, said="15台", reason="一台未验收"
    )
    page = client.get(answer.url).content.decode()
    assert "16台→15台" in page
    assert "一台未验收" in page
    assert "15台</a>" in page
    assert "7月3日" in page


def test_word_is_in_the_official_layout_with_a_source_index_and_reads_back(half_year, report):
    answer = half_year.client("planner").get(f"/reports/{report.pk}.docx")
    document = Document(io.BytesIO(answer.content))
    section = document.sections[0]
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    grid = section._sectPr.xpath("w:docGrid")[0]
    assert grid.get(grid.nsmap["w"].join("{}") + "linePitch") == "580"
    fonts = document.styles["Normal"].element.rPr.rFonts
    names = {fonts.get(f"{{{fonts.nsmap['w']}}}{s}") for s in ("ascii", "hAnsi", "eastAsia")}
    assert names == {"仿宋_GB2312"}
    text = text_of(answer.content, "x.docx").text
    assert "一、保障和改善民生" in text
    assert "数据来源索引" in text
    assert re.search(r"/n/\w+", text)
    values = {f.span: f.value for f in read(text).claims}
    assert values["16台"] == 16
    assert values["10431人次"] == 10431


def test_the_written_report_is_proof_read_without_a_mark_and_a_changed_digit_is_marked(
    half_year, report
):
    viewer = half_year.viewers["planner"]
    result = checks.check_report(viewer, report, AT)
    assert result.marked == ()
    assert result.counts["agrees"] >= 3
    text = result.text
    for wrong in (
        text.replace("16台", "18台"),
        text.replace("44.4%", "44.5%"),
        text.replace("10431", "20431"),
    ):
        assert checks.check_words(viewer, wrong, AT, period="2023H1").counts["differs"] == 1


def test_the_paper_lists_every_number_with_its_definition(half_year, report):
    page = half_year.client("planner").get(f"/reports/{report.pk}/paper").content.decode()
    assert "数据来源索引" in page
    assert "加装电梯完工" in page
    assert "一、保障和改善民生" in page


def test_other_offices_and_people_without_rights_do_not_get_in(half_year, report):
    assert half_year.client("auditor").get("/reports").status_code == 403
    assert half_year.client("section").get(f"/reports/{report.pk}").status_code == 200
    assert half_year.client("section").get("/reports/new").status_code == 403
    assert half_year.client("planner").get("/reports/999").status_code == 404
    assert Client().get("/reports").status_code == 302


def test_the_list_of_reports_costs_few_statements(
    half_year, report, django_assert_max_num_queries
):
    client = half_year.client("planner")
    with django_assert_max_num_queries(6):
        page = client.get("/reports").content.decode()
    assert "2023年上半年工作报告" in page
