"""What records must hold, and sums that stay within a bound, at every door that writes."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from jiezhen.activities.models import Activity
from jiezhen.conftest import AT, Cast, build_cast
from jiezhen.matters import operations as matters
from jiezhen.matters.models import Matter
from jiezhen.packs import registry
from jiezhen.records import imports, operations
from jiezhen.records.models import Row
from jiezhen.records.operations import Refused
from jiezhen.records.tests.import_tools import sheet
from jiezhen.registers.models import Entry
from jiezhen.units import operations as units

pytestmark = pytest.mark.django_db
GRANT, PAYMENT, CLAIM = "fund.grant", "fund.payment", "fund.claim"
HEADS = ("凭证号", "经费项目", "金额", "付款日期", "居民区")


@pytest.fixture(autouse=True)
def fund(packs: registry.Catalogue, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.ROOT_URLCONF = "jiezhen.conf.urls"
    folders = [registry.BUILT_IN / "office", Path(__file__).parent / "fund"]
    monkeypatch.setattr(registry, "_current", registry.load(folders))


def make(cast: Cast, kind: str, **values: object) -> Row:
    return operations.create(cast.viewers["section"], kind, cast.unit("c1"), values, AT)


def grant(cast: Cast, name: str = "楼道微更新", **values: object) -> Row:
    return make(cast, GRANT, **({"name": name, "approved": "5万元"} | values))


def pay(cast: Cast, number: str, amount: object, to: str = "楼道微更新") -> Row:
    return make(cast, PAYMENT, voucher=number, project=to, amount=amount, paid_on="2023-07-01")


def change(cast: Cast, row: Row, **values: object) -> Row:
    fresh = type(row).objects.for_system("test").get(pk=row.pk)
    return operations.change(
        cast.viewers["section"], row.kind, row.pk, values, fresh.version, AT, why="核对"
    )


def refused(work: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        work()
    return [(p.field, p.message) for p in caught.value.problems]


def paid(cast: Cast) -> int:
    rows = Activity.objects.for_system("test").filter(kind=PAYMENT, withdrawn_at=None)
    return sum(row.data["amount"] for row in rows)


def test_a_false_condition_is_refused_at_its_field_and_unknown_passes(cast: Cast) -> None:
    told = refused(lambda: grant(cast, begins="2023-03-02", ends="2023-03-01"))
    assert told == [("ends", "结束日期不能早于开始日期。")]
    grant(cast, "同一天", begins="2023-03-01", ends="2023-03-01")
    grant(cast, "不知道何时结束", begins="2023-03-01")
    assert Entry.objects.for_system("test").filter(kind=GRANT).count() == 2


def test_a_change_is_judged_at_the_field_that_was_written(cast: Cast) -> None:
    row = grant(cast, begins="2023-03-01", ends="2023-06-30")
    assert refused(lambda: change(cast, row, begins="2023-07-01")) == [
        ("begins", "结束日期不能早于开始日期。")
    ]
    change(cast, row, begins="2023-06-30")


def test_an_older_record_can_be_mended_elsewhere_and_withdrawn(cast: Cast) -> None:
    row = grant(cast, begins="2023-03-01", ends="2023-06-30")
    row.data["ends"] = "2023-01-01"  # as an older pack let it be written
    row.save()
    change(cast, row, name="楼道微更新二期")
    assert refused(lambda: change(cast, row, begins="2023-02-01"))
    change(cast, row, ends="2023-12-31")
    row.data["ends"] = "2023-01-01"
    Entry.objects.for_system("test").filter(pk=row.pk).update(data=row.data)
    gone = operations.withdraw(cast.viewers["section"], GRANT, row.pk, AT, "登记错了")
    assert gone.withdrawn_at is not None


def test_a_move_is_judged_too(cast: Cast) -> None:
    viewer = cast.viewers["section"]
    row = make(cast, CLAIM, subject="画笔", cost=300)
    close = lambda **v: matters.move(viewer, CLAIM, row.pk, "close", v, AT)  # noqa: E731
    assert refused(lambda: close(refund="300.01")) == [("refund", "报销额不能超过费用。")]
    assert [m for _f, m in refused(close)] == ["办结前要填报销额。"]
    assert Matter.objects.for_system("test").get(pk=row.pk).state == "asked"
    assert close(refund=300).state == "done"


def test_the_form_says_it_beside_the_field(cast: Cast, still: object) -> None:
    client, href = cast.client("section"), f"/records/{GRANT}/new"
    nonce = client.get(href).content.decode().split('name="_nonce" value="')[1].split('"')[0]
    told = {"name": "晚了", "begins": "2023-3-2", "ends": "2023-3-1", "_unit": "c1"}
    answer = client.post(href, told | {"_nonce": nonce})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "结束日期不能早于开始日期。" in said
    assert "晚了" in said


def test_payments_fill_a_grant_to_the_cent_and_not_beyond(cast: Cast) -> None:
    grant(cast)
    grant(cast, "另一个", approved=100)
    pay(cast, "1", 30000)
    pay(cast, "2", "19999.99")
    assert refused(lambda: pay(cast, "3", "0.02")) == [
        ("amount", "付款合计不能超过核定金额。“楼道微更新”还剩0.01元。")
    ]
    pay(cast, "3", "0.01")
    assert refused(lambda: pay(cast, "4", "0.01"))[0][1].endswith("还剩0元。")
    pay(cast, "5", 100, "另一个")
    assert paid(cast) == 5_010_000


def test_changes_withdrawals_and_returns_are_booked(cast: Cast) -> None:
    viewer = cast.viewers["section"]
    grant(cast)
    one, two = pay(cast, "1", 30000), pay(cast, "2", 20000)
    assert refused(lambda: change(cast, one, amount="30000.01"))
    change(cast, one, amount=29000)
    change(cast, two, amount=21000)
    operations.withdraw(viewer, PAYMENT, one.pk, AT, "退款")
    pay(cast, "3", 28000)
    back = refused(lambda: operations.bring_back(viewer, PAYMENT, one.pk, AT))
    assert back == [("amount", "付款合计不能超过核定金额。“楼道微更新”还剩1000元。")]
    other = grant(cast, "另一个", approved=20000)
    assert refused(lambda: change(cast, two, project=other.code))
    change(cast, two, project=other.code, amount=20000)
    assert paid(cast) == 4_800_000


def test_a_grant_cannot_shrink_below_what_was_paid(cast: Cast) -> None:
    row = grant(cast)
    assert refused(lambda: pay(cast, "0", 1, grant(cast, "没有核定", approved="").code)) == [
        ("project", "付款合计不能超过核定金额。“没有核定”还没有填核定金额，先填了再登记。")
    ]
    pay(cast, "1", 30000)
    expected = [("approved", "付款已经登记30000元，核定金额不能比这少。")]
    assert refused(lambda: change(cast, row, approved="29999.99")) == expected
    assert refused(lambda: change(cast, row, approved="")) == expected
    change(cast, row, approved=30000)
    change(cast, row, begins="2023-01-01")


def test_the_api_answers_with_the_words_of_the_pack(cast: Cast, still: object) -> None:
    grant(cast)
    token = units.issue_token(cast.viewers["administrator"], "section", "财务", AT)
    values = {"voucher": "9", "project": "楼道微更新", "amount": 50001, "paid_on": "2023-07-01"}
    answer = Client().post(
        f"/api/records/{PAYMENT}",
        json.dumps({"unit": "c1", "values": values}),
        content_type="application/json",
        headers={"Idempotency-Key": "a", "Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 422
    assert "还剩50000元" in answer.content.decode()
    assert paid(cast) == 0


def test_an_import_keeps_the_rows_that_fit_and_names_the_others(cast: Cast) -> None:
    grant(cast)
    pay(cast, "1", 10000)
    day = "2023-07-01"
    rows = [
        ["2", "楼道微更新", "25000", day, "松涛"],
        ["3", "楼道微更新", "15000.01", day, "松涛"],
        ["4", "楼道微更新", "0", day, "松涛"],
        ["5", "楼道微更新", "15000", day, "松涛"],
        ["1", "楼道微更新", "10001", day, "松涛"],
    ]
    viewer = cast.viewers["section"]
    found = imports.run(viewer, PAYMENT, sheet(HEADS, rows), "付款.xlsx", AT)
    assert [(p.row, p.column, p.message) for p in found.problems] == [
        (3, "金额", "付款合计不能超过核定金额。“楼道微更新”还剩15000元。"),
        (4, "金额", "金额要大于0。"),
        (6, "金额", "付款合计不能超过核定金额。“楼道微更新”还剩10000元。"),
    ]
    assert paid(cast) == 5_000_000
    again = imports.run(viewer, PAYMENT, sheet(HEADS, [["1", "楼道微更新", "9000", day, "松涛"]]),
                        "更正.xlsx", AT)  # fmt: skip
    assert (again.counts.updated, paid(cast)) == (1, 4_900_000)


def test_money_that_was_paid_after_the_check_leaves_no_room_at_the_commit(cast: Cast) -> None:
    viewer = cast.viewers["section"]
    grant(cast)
    rows = [["2", "楼道微更新", "30000", "2023-07-01", "松涛"],
            ["3", "楼道微更新", "20000", "2023-07-01", "松涛"]]  # fmt: skip
    batch = imports.check(viewer, PAYMENT, sheet(HEADS, rows), AT, name="付款.xlsx")
    pay(cast, "1", 25000)
    found = imports.outcome_of(imports.commit(viewer, batch, AT))
    assert (found.counts.created, found.counts.bad, paid(cast)) == (1, 1, 4_500_000)
    assert "还剩25000元" in found.problems[0].message


def test_an_import_of_grants_cannot_shrink_them_either(cast: Cast) -> None:
    grant(cast)
    pay(cast, "1", 30000)
    book = sheet(("名称", "核定金额", "开始日期", "结束日期", "居民区"),
                 [["楼道微更新", "100", "", "", "松涛"],
                  ["反了", "100", "2023-03-02", "2023-03-01", "松涛"]])  # fmt: skip
    found = imports.run(cast.viewers["section"], GRANT, book, "项目.xlsx", AT)
    assert (found.counts.updated, found.counts.created) == (0, 0)
    assert {p.row: p.message for p in found.problems} == {
        2: "付款已经登记30000元，核定金额不能比这少。",
        3: "结束日期不能早于开始日期。",
    }


@pytest.mark.django_db(transaction=True)
def test_two_payments_at_once_never_exceed_the_grant() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite in memory has one connection; the same runs on PostgreSQL")
    cast = build_cast()
    grant(cast)
    told: list[str] = []
    start = threading.Barrier(8)

    def send(number: int) -> None:
        try:
            start.wait()
            pay(cast, str(number), 30000)
            told.append("paid")
        except Refused as refusal:
            told.append(str(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=[n]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["paid", *["付款合计不能超过核定金额。“楼道微更新”还剩20000元。"] * 7]
    assert paid(cast) == 3_000_000
