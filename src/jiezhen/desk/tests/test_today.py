"""今日: which blocks there are follows from rights, and the page costs six statements."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiezhen.conftest import AT, Cast
from jiezhen.kernel.periods import Period
from jiezhen.plans.models import Decision
from jiezhen.plans.operations import commitments, decisions, documents, snapshots
from jiezhen.plans.operations.sources import Source
from jiezhen.plans.queries import scope
from jiezhen.records import operations as records
from jiezhen.trail import once

PLAN = """云岫街道2023年工作计划
一、民生
1.力争电梯全年新增完工8台，持续改善居住条件。
2.完成新增就业岗位120个，开展稳岗活动。
"""

pytestmark = pytest.mark.usefixtures("still")


@pytest.fixture
def office(cast: Cast) -> Cast:
    """Return an office with a plan whose lift commitment is linked and behind."""
    planner = cast.viewers["planner"]
    document = documents.upload(planner, Source(PLAN), AT).document
    row = next(c for c in scope.commitments(planner, document.pk) if "电梯" in c.words)
    choice = commitments.Choice(lead="fwb", indicator="lifts_completed")
    commitments.confirm(planner, document.pk, row.number, AT, choice)
    for n in range(3):
        values = {"address": f"松涛路{n}号", "completed_on": "2023-03-01"}
        records.create(
            cast.viewers["section"],
            "lifts.retrofit",
            cast.unit("c1"),
            values,
            AT,
            given={"state": "accepted", "opened_on": "2022-03-01"},
        )
    return cast


def page(cast: Cast, who: str, path: str = "/") -> str:
    answer = cast.client(who).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_leader_sees_lights_with_their_arithmetic(office: Cast) -> None:
    text = page(office, "leader")
    assert 'data-lamp="red"' in text
    assert "完成37.5% ÷ 序时50.4%（184/365天）= 0.74" in text
    assert "要您拍板" not in text


def test_a_question_is_answered_on_the_page_and_lands_on_the_timeline(office: Cast) -> None:
    planner = office.viewers["planner"]
    code = scope.tasks(planner).get().code
    decisions.send_up(planner, code, decisions.Question("是否追加资金？"), AT)
    leader = office.client("leader")
    assert "要您拍板（1）" in leader.get("/").content.decode()
    ident = Decision.objects.for_system("test").get().pk
    given = {once.FIELD: once.fresh(), "answer": "同意", "line": "按程序办", "next": "/"}
    assert leader.post(f"/decisions/{ident}", given).status_code == 302
    assert "要您拍板" not in leader.get("/").content.decode()
    timeline = office.client("planner").get(f"/tasks/{code}").content.decode()
    assert "按程序办" in timeline
    assert "林书记" in timeline


def test_what_changed_this_week_is_told(office: Cast) -> None:
    planner = office.viewers["planner"]
    snapshots.snapshot(planner, AT - timedelta(days=8))
    assert "本周变化" in page(office, "leader")


def test_who_works_sees_what_is_late(office: Cast) -> None:
    values = {"place": "松涛路1号", "problem": "waste", "found_on": "2023-06-20"}
    given = {"opened_on": "2023-06-20", "due_on": "2023-06-25"}
    records.create(
        office.viewers["section"], "grid.finding", office.unit("c1"), values, AT, given=given
    )
    assert "超过时限" in page(office, "grid")
    assert "超过时限" not in page(office, "neighbour")
    assert "超过时限" not in page(office, "leader")


@pytest.mark.parametrize("who", ["auditor", "administrator", "neighbour"])
def test_who_has_nothing_to_do_is_told_so(office: Cast, who: str) -> None:
    assert "今天没有要办的事。" in page(office, who)


@pytest.mark.parametrize("who", ["leader", "planner", "section", "grid"])
def test_the_page_costs_six_statements_at_most(office: Cast, who: str) -> None:
    client = office.client(who)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/").status_code == 200
    assert len(asked) <= 6, [q["sql"][:90] for q in asked.captured_queries]


def test_the_sheet_of_paper_has_no_form(office: Cast) -> None:
    text = page(office, "leader", "/today/print")
    assert "<form" not in text.split("<main")[1].split("</main")[0]


def test_a_question_for_a_number_is_answered_in_a_sentence(office: Cast) -> None:
    text = page(office, "leader", "/search?q=加装电梯完工 上半年")
    assert "3台" in text
    assert "data-num" in text
    assert Period.parse("2023H1").title in text


def test_records_are_found_by_their_words_and_never_by_a_phone_number(office: Cast) -> None:
    assert "松涛路1号" in page(office, "section", "/search?q=松涛路1号")
    assert "/records/lifts.retrofit/" not in page(office, "neighbour", "/search?q=松涛路1号")
    assert "没有找到" in page(office, "section", "/search?q=13812345678")


def test_a_caller_who_waits_stands_first_with_the_way_to_call(cast: Cast, still: object) -> None:
    from jiezhen.matters import operations

    values = {
        "order_number": "N7",
        "subject": "楼道堆物",
        "place": "松涛居民区",
        "received_on": "2023-07-03",
        "phone": "13812345678",
    }
    unit = cast.unit("c1")
    row = operations.open_matter(
        cast.viewers["city"], "hotline.case", values, AT, unit=unit
    ).matter
    if row.waits != "contact":
        row = operations.move(
            cast.viewers["city"], row.kind, row.pk, "dispatch", {}, AT, unit="c1"
        )
    assert row.waits == "contact"
    text = page(cast, "grid")
    block = text.partition('id="contact"')[2].partition("</section>")[0]
    assert "楼道堆物" in block and f"/matters/{row.code}#callers" in block
    assert "打电话" in block and "13812345678" not in text
