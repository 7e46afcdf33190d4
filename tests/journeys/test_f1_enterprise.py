"""F1: firms are visited, their requests handled, services given, support paid."""

import pytest

from jiezhen.conftest import Cast

from . import doors
from .civic import AFTER, BEFORE, INSIDE, LAST, many, office_of, parts

pytestmark = pytest.mark.django_db
VISIT, REQUEST = "economy.firm_visit", "economy.request"


def test_visits_requests_services_and_support(cast: Cast, still: object) -> None:
    office = office_of(cast)
    office.load(
        "economy.firm", many(388, lambda n: {"name": f"企业{n}", "credit_code": f"91310{n:04d}"})
    )
    visits = many(387, lambda n: {"firm": f"企业{n}", "visited_on": INSIDE})
    twice = many(40, lambda n: {"firm": f"企业{n}", "visited_on": LAST})
    office.load(VISIT, [*visits, *twice, {"firm": "企业387", "visited_on": AFTER}])
    requests = many(
        106,
        lambda n: {
            "subject": f"诉求{n}",
            "firm": f"企业{n}",
            "opened_on": INSIDE,
            "state": "handling",
        },
    )
    office.load(
        REQUEST, [*requests, {"subject": "去年的", "opened_on": BEFORE, "state": "handling"}]
    )
    assert office.figures("firms_visited", "firm_requests_taken") == [387, 106]

    sorts = [
        "政策辅导",
        "证照办理",
        "人才招聘",
        "融资对接",
        "载体空间",
        "法律服务",
        "财税服务",
        "项目申报",
        "市场拓展",
        "生活配套",
    ]
    times = parts(947, 204)
    services = many(
        204,
        lambda n: {
            "firm": f"企业{n % 102}",
            "category": sorts[n % 10],
            "times": times[n],
            "served_on": INSIDE,
        },
    )
    office.load(
        "enterprise.service",
        [*services, {"firm": "企业300", "category": "财税服务", "times": 3, "served_on": AFTER}],
    )
    assert office.figures("package_firms", "package_categories", "package_times") == [102, 10, 947]

    paid = parts(276_000_000, 60)
    support = many(
        60, lambda n: {"voucher": f"兑{n}", "firm": f"企业{n}", "amount": paid[n], "paid_on": LAST}
    )
    office.load(
        "enterprise.support",
        [*support, {"voucher": "兑99", "firm": "企业1", "amount": 5, "paid_on": BEFORE}],
    )
    items = many(
        48, lambda n: {"name": f"事项{n}", "category": f"类{n % 6}", "published_on": INSIDE}
    )
    office.load(
        "economy.policy_item", [*items, {"name": "旧", "category": "类1", "published_on": BEFORE}]
    )
    assert office.figures("support_paid", "policy_items") == [276_000_000, 48]


def test_a_visit_and_what_the_firm_asks_for_are_one_form(cast: Cast, still: object) -> None:
    office = office_of(cast)
    firm = office.create("economy.firm", name="云河科技", credit_code="91310000X")
    client = cast.client("section")
    page = f"/services/new?kind={VISIT}"
    doors.post(client, page, _unit="c1", firm=firm, visited_on="2023-07-03", _lines0="3",
               **{"f0-0-subject": "缺熟练工", "f0-0-category": "staff", "f0-2-subject": "想要会议室"})  # fmt: skip
    requests = office.listed(REQUEST)
    assert sorted(r["title"] for r in requests) == ["想要会议室", "缺熟练工"]
    assert len({r["values"]["firm"] for r in requests}) == 1 and requests[0]["values"]["firm"]
    code = next(r["code"] for r in requests if r["title"] == "缺熟练工")
    office.moved(REQUEST, code, "assign", unit="fwb")
    office.moved(REQUEST, code, "close", outcome="solved", answer="招聘会设专台")
    visit = office.listed(VISIT)[0]["code"]
    shown = client.get(f"/services/{VISIT}/{visit}").content.decode()
    assert "发现的问题2件，已办结1件" in shown
    assert office.figures(
        "firms_visited", "firm_requests_taken", "firm_requests_closed", period="2023"
    ) == [1, 2, 1]
