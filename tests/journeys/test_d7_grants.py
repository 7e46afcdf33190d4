"""D7: application, review, budget, payments with vouchers; money never exceeds the grant."""

import pytest

from jiezhen.conftest import Cast

from .civic import AFTER, BEFORE, INSIDE, LAST, many, office_of

pytestmark = pytest.mark.django_db
PROJECT, PAYMENT = "grants.project", "grants.payment"


def test_projects_of_both_funds_are_counted(cast: Cast, still: object) -> None:
    office = office_of(cast)

    def row(n: int) -> dict[str, object]:
        fund = "自治金" if n < 49 else "党组织服务群众专项经费"
        return {"name": f"项目{n}", "fund": fund, "requested": 5000, "approved": 4000, "approved_on": LAST if n else INSIDE,
                "state": ("approved", "accepted", "published")[n % 3]}  # fmt: skip

    decoys = [
        {
            "name": "去年",
            "fund": "自治金",
            "requested": 1,
            "approved": 1,
            "approved_on": BEFORE,
            "state": "approved",
        },
        {
            "name": "下半年",
            "fund": "自治金",
            "requested": 1,
            "approved": 1,
            "approved_on": AFTER,
            "state": "approved",
        },
        {
            "name": "未通过",
            "fund": "自治金",
            "requested": 1,
            "approved": "",
            "approved_on": "",
            "state": "refused",
        },
        {
            "name": "基金",
            "fund": "社区发展基金",
            "requested": 1,
            "approved": 1,
            "approved_on": INSIDE,
            "state": "approved",
        },
    ]
    office.load(PROJECT, [*many(119, row), *decoys])
    assert office.figures("autonomy_projects", "party_fund_projects") == [49, 70]


def test_money_never_exceeds_the_grant_by_any_door(cast: Cast, still: object) -> None:
    office = office_of(cast)
    code = office.open(PROJECT, name="楼道微更新", fund="autonomy", requested=50000)["code"]
    first = {"voucher": "记1", "project": code, "amount": 1, "paid_on": "2023-07-03"}
    early = office.post(f"records/{PAYMENT}", {"unit": "c1", "values": first})
    assert early.status_code == 422 and "还没有填核定金额" in early.content.decode()
    office.create("grants.budget", project=code, item="材料", amount=30000)
    over = office.post(
        "records/grants.budget",
        {"unit": "c1", "values": {"project": code, "item": "人工", "amount": 20001}},
    )
    assert over.status_code == 422 and "还剩20000元" in over.content.decode()
    assert office.move(PROJECT, code, "approve", approved=50001).status_code == 422
    office.moved(PROJECT, code, "approve", approved=48000)
    office.load(
        PAYMENT,
        many(
            4,
            lambda n: {
                "voucher": f"记{n}",
                "project": code,
                "amount": 11999.99,
                "paid_on": "2023-07-03",
            },
        ),
    )
    beyond = office.post(
        f"records/{PAYMENT}", {"unit": "c1", "values": {**first, "voucher": "记9"}}
    )
    assert beyond.status_code == 422 and "还剩0.04元" in beyond.content.decode()
    office.create(PAYMENT, voucher="记8", project=code, amount="0.04", paid_on="2023-07-03")
    assert office.figures("grants_paid", "grants_approved", period="2023") == [48000, 48000]
    office.moved(PROJECT, code, "accept")
    office.moved(PROJECT, code, "publish")
