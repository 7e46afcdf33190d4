"""事项 and 项目 through the doors that people use."""

import html
import re

import pytest

from jiezhen.conftest import AT, Cast, build_cast
from jiezhen.matters import operations
from jiezhen.matters.models import Matter, Move
from jiezhen.records import operations as records
from jiezhen.records.tests import world
from jiezhen.records.tests.test_list_page import page
from jiezhen.records.tests.test_record_page import send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


def due(cast: Cast, subject: str, on: str | None, unit: str = "c1") -> Matter:
    row = records.create(
        cast.viewers["section"],
        "demo.case",
        cast.unit(unit),
        {"subject": subject},
        AT,
        given={"due_on": on},
    )
    assert isinstance(row, Matter)
    return row


def at(row: Matter, more: str = "") -> str:
    return f"/matters/{row.code}{more}"


def fresh(row: Matter) -> Matter:
    return Matter.objects.for_system("test").get(pk=row.pk)


def press(cast: Cast, who: str, row: Matter, address: str, **values: object) -> int:
    client = cast.client(who)
    nonce = world.nonce(page(client, at(row)))
    return client.post(at(row, address), {"_nonce": nonce, **values}).status_code


def test_the_queue_shows_the_most_urgent_first_with_words(cast: Cast) -> None:
    for subject, on in (
        ("不急", None),
        ("今天的", "2023-07-03"),
        ("过了", "2023-06-30"),
        ("后天的", "2023-07-05"),
    ):
        due(cast, subject, on)
    shown = page(cast.client("section"), "/matters")
    places = [shown.index(s) for s in ("过了", "今天的", "后天的", "不急")]
    assert places == sorted(places)
    assert "超期" in shown
    assert "剩2天" in shown
    overdue = page(cast.client("section"), "/matters?tab=overdue")
    assert "过了" in overdue
    assert "今天的" not in overdue
    today = page(cast.client("section"), "/matters?tab=today")
    assert "今天的" in today
    assert "过了" not in today


def test_the_queue_pages_without_losing_or_doubling(cast: Cast) -> None:
    for n in range(120):
        due(cast, f"第{n:03d}件", f"2023-07-{n % 3 + 10}" if n % 4 else None)
    client = cast.client("section")
    found: list[str] = []
    address = "/matters?tab=todo"
    for _n in range(3):
        shown = page(client, address)
        found += [f"第{n:03d}件" for n in range(120) if f"第{n:03d}件" in shown]
        following = re.search(r'rel="next" href="([^"]*)"', shown)
        if following is None:
            break
        address = "/matters" + html.unescape(following[1])
    assert len(found) == len(set(found)) == 120


def test_the_queue_asks_few_statements(cast: Cast, django_assert_max_num_queries: object) -> None:
    for n in range(60):
        due(cast, f"第{n}件", "2023-07-10")
    client = cast.client("section")
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        page(client, "/matters")


def test_a_matter_offers_its_moves_and_makes_them(cast: Cast) -> None:
    row = due(cast, "楼道堆物", "2023-07-05")
    client = cast.client("grid")
    shown = page(client, at(row))
    assert "接单" in shown
    assert "办结" not in shown.split('id="moves"')[1].split("</section>")[0]
    assert press(cast, "grid", row, "/moves/take") == 302
    assert fresh(row).state == "handling"
    asked = page(client, at(row, "/moves/close"))
    assert "办结日" in asked
    assert 'value="2023-07-03"' in asked
    assert "请填结果。" in send(
        client, at(row, "/moves/close"), 422, _version="2", done_on="2023-7-2"
    )
    send(
        client,
        at(row, "/moves/close"),
        _version="2",
        outcome="solved",
        done_on="2023-7-2",
        note="已清走",
    )
    closed = fresh(row)
    assert (closed.state, closed.closed_on.isoformat()) == ("closed", "2023-07-02")
    told = page(client, at(row))
    assert "办结 → 已办结" in told
    assert "已清走" in told


def test_a_move_can_be_undone_and_both_stay_on_the_timeline(cast: Cast) -> None:
    row = due(cast, "楼道堆物", None)
    press(cast, "grid", row, "/moves/take")
    shown = page(cast.client("grid"), at(row))
    assert "已接单" in shown
    assert "08:10前可撤回" in shown
    latest = Move.objects.filter(matter=row).latest("id")
    assert "已接单" not in page(cast.client("section"), at(row))
    assert press(cast, "section", row, "/undo", move=latest.pk) == 422
    assert press(cast, "grid", row, "/undo", move=latest.pk) == 302
    assert fresh(row).state == "received"
    told = page(cast.client("grid"), at(row))
    assert "接单 → 处置中（已撤回）" in told
    assert "撤回一步" in told


def test_a_forbidden_move_says_what_is_allowed(cast: Cast) -> None:
    row = due(cast, "楼道堆物", None)
    client = cast.client("grid")
    said = send(client, at(row, "/moves/close"), 422, _version="1", outcome="solved")
    assert "“已受理”时不能“办结”。现在可以做的：接单。" in said
    assert fresh(row).state == "received"


def test_a_word_of_progress_stays_on_the_timeline(cast: Cast) -> None:
    row = due(cast, "楼道堆物", None)
    assert press(cast, "grid", row, "/say", note="约了物业，电话13812345678") == 302
    told = page(cast.client("section"), at(row))
    assert "约了物业，电话138****5678" in told
    assert press(cast, "grid", row, "/say", note="  ") == 422


def test_somebody_faster_is_noticed_at_a_move(cast: Cast) -> None:
    row = due(cast, "楼道堆物", None)
    operations.move(cast.viewers["grid"], row.kind, row.pk, "take", {}, AT)
    records.change(cast.viewers["city"], row.kind, row.pk, {"place": "5号楼"}, 2, AT)
    said = send(cast.client("grid"), at(row, "/moves/close"), 422, _version="2", outcome="solved")
    assert "别人在08:00改过这条。" in said


def test_a_new_matter_takes_a_deadline_and_gives_a_number(cast: Cast) -> None:
    client = cast.client("grid")
    assert "诉求" in page(client, "/matters/new")
    to = send(
        client, "/matters/new?kind=demo.case", _unit="c1", subject="漏水", _due_on="20230710"
    )
    receipt = page(client, to)
    assert "已登记，编号SQ-2023-000001。" in receipt
    assert "2023年7月10日" in receipt
    row = Matter.objects.for_system("test").get()
    assert row.due_on.isoformat() == "2023-07-10"
    said = send(
        client, "/matters/new?kind=demo.case", 422, _unit="c1", subject="漏", _due_on="7月"
    )
    assert "不是日期" in said


@pytest.mark.parametrize("more", ["", "/moves/take"])
def test_a_matter_of_another_unit_or_office_is_absent(cast: Cast, more: str) -> None:
    row = due(cast, "望岳的事", None, "c3")
    other = build_cast("beiyun")
    due(other, "北云的事", None)
    far = due(other, "北云的事二", None)
    page(cast.client("section"), at(row, more))
    page(cast.client("grid"), at(row, more), 404)
    page(cast.client("section"), at(far, more), 404)
    assert "望岳的事" not in page(cast.client("grid"), "/matters")
    assert "北云的事" not in page(cast.client("section"), "/matters?tab=all")
    for address in ("/undo", "/say", "/moves/take"):
        answer = cast.client("grid").post(
            at(row, address), {"_nonce": "n" * 20, "note": "x", "move": "1"}
        )
        assert answer.status_code == 404


def test_general_addresses_lead_to_the_matter_and_find_its_list(cast: Cast) -> None:
    row = due(cast, "楼道堆物", None)
    answer = cast.client("section").get(f"/records/demo.case/{row.code}")
    assert answer.headers["Location"] == f"/matters/{row.code}"
    assert "楼道堆物" in page(cast.client("section"), "/matters/kinds/demo.case?state=received")
    assert "共0条" not in page(cast.client("section"), "/records/demo.case")


def work(cast: Cast, name: str, **values: object) -> Matter:
    given = {"name": name} | values
    row = records.create(cast.viewers["section"], "demo.work", cast.unit("c1"), given, AT)
    assert isinstance(row, Matter)
    return row


def test_the_board_counts_like_the_table_and_moves_by_button(cast: Cast) -> None:
    rows = [work(cast, f"{n}号楼", contract="65.8万元", subsidy="26.32万元") for n in range(3)]
    operations.move(cast.viewers["section"], "demo.work", rows[0].pk, "begin", {}, AT)
    client = cast.client("section")
    shown = page(client, "/projects/demo.work")
    assert "计划" in shown
    assert "移到…" in shown
    assert f"/matters/{rows[1].code}/moves/begin" in shown
    assert "197.4万元" in shown
    table = page(client, "/projects/demo.work?view=table&state=plan")
    assert "：2条" in table
    assert "demo.work" not in page(client, "/matters").split("<main")[1]
    assert "工程" in page(client, "/projects")
    page(client, "/projects/demo.case", 404)


def test_a_card_that_stays_longer_than_usual_says_by_how_much(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    for n in range(3):
        row = work(cast, f"老{n}", contract=1)
        operations.move(
            cast.viewers["section"], "demo.work", row.pk, "begin", {}, AT + timedelta(days=4)
        )
    work(cast, "慢的")
    monkeypatch.setenv("JIEZHEN_NOW", (AT + timedelta(days=12)).isoformat())
    shown = page(cast.client("section"), "/projects/demo.work")
    assert "超均值8天" in shown
    assert "已12天" in shown


def test_a_project_shows_its_four_sums(cast: Cast) -> None:
    row = work(
        cast,
        "5号楼",
        contract="65.8万元",
        subsidy="26.32万元",
        own_share="39.48万元",
        paid="32.9万元",
    )
    shown = page(cast.client("section"), at(row))
    for text in ("65.8万元", "26.32万元（40.0%）", "32.9万元（50.0%）"):
        assert text in shown
