"""What residents read: published reports and numbers, promises; nobody singled out."""

import io
import re

import pytest
from django.test import Client
from django.utils.translation import override
from docx import Document

from jiezhen.conftest import AT, Cast, build_cast
from jiezhen.plans.models import Commitment
from jiezhen.plans.operations import commitments, documents
from jiezhen.plans.operations.sources import Source
from jiezhen.portal.operations.fronts import set_front
from jiezhen.portal.tests.conftest import chip, post
from jiezhen.records import operations as records
from jiezhen.reports.operations import settling
from jiezhen.web.inline import lamp

pytestmark = pytest.mark.django_db
HOMES = "elderly_homes_adapted"
DOORS = (
    ("反映问题", "路坏了、太吵、楼道堆东西"),
    ("查进度", "用查询码"),
    ("提建议", "人民建议征集"),
    ("说说法规草案", "立法征询"),
    ("预约场馆和活动", "书房、健身、助餐"),
    ("看工作报告", "我们承诺了什么，做到了吗"),
)


def lifts(cast: Cast, many: int, unit: str = "c1") -> None:
    for n in range(many):
        values = {"address": f"剑川路{unit}{n}号", "completed_on": "2023-05-01"}
        records.create(
            cast.system, "lifts.retrofit", cast.unit(unit), values, AT, given={"state": "accepted"}
        )


def body(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_the_first_page_has_six_doors_and_how_the_office_is_reached(stranger: Client) -> None:
    page = body(stranger, "/p/")
    doors = re.findall(r"<b>([^<]+)</b> <span>([^<]+)</span>", page)
    assert tuple((a, b.strip()) for a, b in doors) == DOORS
    assert "云岫街道为民服务" in page
    assert 'href="tel:021-00000000"' in page and "8:30—17:30" in page
    assert "云岫路1号社区事务受理服务中心" in page and "地铁口向东200米" in page
    assert "急事请打 110、119、120；全天热线 12345" in re.sub(r"</?a[^>]*>", "", page)
    assert page.rindex("打电话给我们") > page.rindex("急事请打")


def test_every_door_opens_without_an_account(stranger: Client) -> None:
    for href in re.findall(r'<a href="(/p/[^"]+)"><b>', body(stranger, "/p/")):
        page = stranger.get(href, follow=True)
        assert page.status_code == 200, href
        assert 'href="tel:021-00000000"' in page.content.decode(), href


def test_an_office_without_a_number_of_its_own_gives_the_citys(cast: Cast, still) -> None:
    page = body(Client(), "/p/")
    assert 'href="tel:12345"' in page and "全天" in page


def test_the_choice_of_large_type_survives_a_reload(stranger: Client) -> None:
    assert 'data-size="normal"' in body(stranger, "/p/")
    answer = stranger.post("/preferences", {"size": "large", "next": "/p/reports"})
    assert answer.headers["Location"] == "/p/reports"
    assert 'data-size="large"' in body(stranger, "/p/reports")
    assert "退出大字版" in body(stranger, "/p/")


def test_where_several_offices_are_served_one_is_chosen_and_kept(stranger: Client) -> None:
    build_cast("linjiang")
    assert "您要找哪个街镇" in body(stranger, "/p/")
    assert "为民服务" in body(stranger, "/p/?office=linjiang")
    assert "反映问题" in body(stranger, "/p/")
    assert "您要找哪个街镇" in body(Client(), "/p/reports?office=nowhere")


def test_a_published_report_is_read_and_its_numbers_are_links(
    cast: Cast, stranger: Client, publish
) -> None:
    lifts(cast, 7)
    report = publish(f"新增完工电梯{chip('lifts_completed')}。")
    assert "2023年上半年工作报告" in body(stranger, "/p/reports")
    page = body(stranger, f"/p/reports/{report.pk}")
    found = re.search(r'<a class="num" data-num href="(/p/n/\w+)">7台</a>', page)
    assert found and "发布于2023年7月3日" in page and "数据截至2023年6月30日" in page
    assert "这份报告引用了1个数，1个可以查到来源" in page
    number = body(stranger, found[1])
    assert "怎么算的" in number and "松涛居民区 7台" in number
    assert "陈服务" not in number and "剑川路" not in number


def test_what_is_not_published_is_not_there(cast: Cast, stranger: Client, publish) -> None:
    from jiezhen.indicators.queries import link_for
    from jiezhen.portal.tests.conftest import HALF
    from jiezhen.reports.models import Frozen
    from jiezhen.reports.operations import writing
    from jiezhen.reports.operations.writing import Skeleton

    lifts(cast, 7)
    text = f"新增完工电梯{chip('lifts_completed')}。"
    parts = [Skeleton("民生", text)]
    draft = writing.create(cast.viewers["planner"], "草稿", HALF, AT, sections=parts)
    body(stranger, f"/p/reports/{draft.pk}", 404)
    settling.freeze(cast.system, draft.pk, AT)
    body(stranger, f"/p/reports/{draft.pk}", 404)
    body(stranger, f"/p/n/{Frozen.objects.get().code}", 404)
    body(stranger, f"/p{link_for('lifts_completed', cast.unit('yunxiu'), HALF)}", 404)
    body(stranger, "/p/reports/99999999999999999999999", 404)
    body(stranger, "/p/n/zzzzzzz", 404)
    settling.publish(cast.system, draft.pk, AT)
    assert body(stranger, f"/p/n/{Frozen.objects.get().code}")
    other = build_cast("linjiang")
    assert other
    body(stranger, f"/p/reports/{draft.pk}?office=linjiang", 404)


def test_few_people_are_covered_in_text_parts_word_and_corrections(
    cast: Cast, stranger: Client, publish, homes
) -> None:
    homes("c1", 2)
    homes("c2", 1)
    report = publish(f"完成家庭适老化改造{chip(HOMES)}。")
    page = body(stranger, f"/p/reports/{report.pk}")
    assert "少于5户" in page and "3户" not in page
    code = re.search(r'href="(/p/n/\w+)"', page)
    number = body(stranger, code[1])
    assert "少于5户" in number and "3户" not in number and "居民区" not in number
    word = stranger.get(f"/p/reports/{report.pk}.docx")
    told = "".join(p.text for p in Document(io.BytesIO(word.getvalue())).paragraphs)
    assert "少于5户" in told and "3户" not in told
    key = report.frozen.get().key
    settling.correct(cast.system, report.pk, key, "8户", "漏了几户", AT)
    page = body(stranger, f"/p/reports/{report.pk}")
    assert "家庭适老化改造少于5户改为8户，原因：漏了几户" in page
    assert ">8户</a>" in page and "3户" not in page
    assert "少于5户改为8户" in body(stranger, code[1])


def test_parts_about_people_cannot_be_found_by_subtraction(
    cast: Cast, stranger: Client, publish, homes
) -> None:
    for unit, many in (("c1", 9), ("c2", 3), ("c3", 6)):
        homes(unit, many)
    report = publish(f"完成家庭适老化改造{chip(HOMES)}。")
    page = body(stranger, f"/p/reports/{report.pk}")
    code = re.search(r'href="(/p/n/\w+)">18户', page)
    number = body(stranger, code[1])
    assert "松涛居民区 9户" in number
    assert "听泉居民区 少于5户" in number and "望岳居民区 不公开" in number


def test_things_show_in_full_however_few(cast: Cast, stranger: Client, publish) -> None:
    lifts(cast, 1)
    lifts(cast, 6, "c3")
    report = publish(f"新增完工电梯{chip('lifts_completed')}。")
    code = re.search(r'href="(/p/n/\w+)"', body(stranger, f"/p/reports/{report.pk}"))
    number = body(stranger, code[1])
    assert "松涛居民区 1台" in number and "望岳居民区 6台" in number


PLAN = "2023年工作计划\n\n·力争电梯全年新增完工 36台\n·力争全年改造完成居家环境适老化家庭 75户\n"


@pytest.fixture
def plan(cast: Cast, still) -> int:
    lifts(cast, 16)
    source = Source(PLAN, file_name="计划.md", kind="md")
    document = documents.upload(cast.viewers["planner"], source, AT).document
    for row in Commitment.objects.for_system("test").filter(document=document):
        name = "lifts_completed" if "电梯" in row.words else HOMES
        choice = commitments.Choice(lead="fwb", indicator=name)
        commitments.confirm(cast.system, document.pk, row.number, AT, choice)
    return document.pk


def test_promises_are_public_once_their_plan_is_and_show_their_lights(
    cast: Cast, stranger: Client, plan: int, homes
) -> None:
    homes("c1", 3)
    assert "还没有公布的计划" in body(stranger, "/p/commitments")
    set_front(cast.system, AT, plans=[plan])
    page = body(stranger, "/p/commitments")
    assert 'data-lamp="yellow"' in page and "36台" in page and "社区服务办" in page
    found = re.search(r'data-num href="(/p/n/\w+)" lang="zh-Hans">16台', page)
    assert found and "松涛居民区 16台" in body(stranger, found[1])
    assert "少于5" in page and "3户" not in page and "4.0%" not in page
    covered = re.search(r'data-num href="(/p/n/\w+)" lang="zh-Hans">少于5', page)
    assert covered and "少于5户" in body(stranger, covered[1])


def test_the_office_says_itself_how_it_is_reached_and_what_is_published(
    cast: Cast, stranger: Client, plan: int
) -> None:
    administrator = cast.client("administrator")
    page = body(administrator, "/admin/portal")
    assert "怎么找到我们" in page and "公布勾上的" not in page
    given = {"which": "reach", "phone": "021-11111111", "open311": "open"}
    assert post(administrator, "/admin/portal", **given).status_code == 302
    assert "tel:021-11111111" in body(stranger, "/p/")
    wrong = post(administrator, "/admin/portal", which="reach", open311="maybe")
    assert wrong.status_code == 422
    assert "怎么找到我们" in body(cast.client("administrator"), "/admin/portal")
    planner = cast.client("planner")
    assert post(planner, "/admin/portal", which="plans", plans=str(plan)).status_code == 302
    assert "36台" in body(stranger, "/p/commitments")
    assert cast.client("grid").get("/admin/portal").status_code == 403


def test_pages_ask_nothing_from_outside_and_run_no_inline_script(stranger: Client) -> None:
    for path in ("/p/", "/p/reports", "/p/commitments", "/p/booking"):
        answer = stranger.get(path)
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        page = answer.content.decode()
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)
        assert not re.search(r"<script(?![^>]*src=)", page)


def test_the_first_question_and_a_closed_promise_read_well_in_english(square: Client) -> None:
    square.post("/preferences", {"language": "en", "next": "/p/"})
    page = body(square, "/p/report/square.trouble")
    assert "What is it about?</h1>" in page and "Subject</h1>" not in page
    with override("en"):
        assert str(lamp("blue")).count("Closed") == 1
