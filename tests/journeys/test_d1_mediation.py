"""D1: one window takes disputes in, sorts, hands on, settles and follows them."""

import re
from datetime import datetime

import pytest

from jiezhen.conftest import Cast

from . import doors
from .civic import (
    AFTER,
    BEFORE,
    FIRST,
    INSIDE,
    LAST,
    Office,
    many,
    office_of,
    parts,
    person,
    texts,
)

pytestmark = pytest.mark.django_db
DISPUTE, PETITION = "mediation.dispute", "mediation.petition"


@pytest.fixture
def office(cast: Cast, still: datetime) -> Office:
    return office_of(cast)


def dispute(n: int, **more: object) -> dict[str, object]:
    own = {
        "subject": f"纠纷第{n}件",
        "source": "窗口受理",
        "category": "邻里",
        "settled_on": INSIDE,
    }
    return {**own, "state": "settled", "result": "口头和解", **more}


def test_the_figures_of_the_year_come_out_of_the_records(office: Office) -> None:
    cents = parts(1_064_130_000, 972)
    labour = many(
        972, lambda n: dispute(n, category="劳动争议", recovered=f"{cents[n] / 100:.2f}")
    )
    labour[0]["settled_on"], labour[1]["settled_on"] = FIRST, LAST
    others = many(1785 - 972, lambda n: dispute(n + 2000, recovered="88.50"))
    called = many(120, lambda n: dispute(
        n + 5000, source="110分派", opened_on=INSIDE, settled_on=AFTER, told_on="2023-03-16"))  # fmt: skip
    decoys = [
        dispute(9001, category="劳动争议", recovered="500", settled_on=BEFORE),
        dispute(9002, category="劳动争议", recovered="500", settled_on=AFTER),
        dispute(9003, category="劳动争议", state="mediating", settled_on="", result=""),
        dispute(9004, source="110分派", opened_on=BEFORE, settled_on=AFTER),
    ]
    office.load(DISPUTE, [*labour, *others, *called, *decoys])
    code = office.create(DISPUTE, subject="重复", source="window", category="labour")
    office.moved(DISPUTE, code, "settle", result="oral", settled_on=INSIDE, recovered=999)
    office.withdraw(DISPUTE, code)
    names = ("labour_disputes", "wages_recovered", "disputes_settled", "police_assigned")
    assert office.figures(*names) == [972, 10_641_300, 1785, 120]
    assert office.figures("police_told_rate") == [1]


def test_a_dispute_goes_through_the_window_by_forms(office: Office, cast: Cast) -> None:
    client = cast.client("section")
    page = f"/matters/new?kind={DISPUTE}"
    told = {"subject": "工资三个月没发，找赵铁柱", "source": "window", "category": "labour", "claim": "36000",
            "applicant": "赵铁柱", "phone": "13912345678", "about": "望岳居民区", "_unit": "c1"}  # fmt: skip
    answer = doors.post(client, page, **told)
    assert answer.status_code == 302
    code = next(r["code"] for r in office.listed(DISPUTE))
    office.moved(DISPUTE, code, "assign", unit="fwb")
    office.moved(DISPUTE, code, "begin")
    beyond = office.move(DISPUTE, code, "settle", result="agreed", recovered=36001)
    assert beyond.status_code == 422
    assert "追回金额不能超过涉及金额" in beyond.content.decode()
    office.moved(DISPUTE, code, "settle", result="agreed", recovered=36000, agreement_no="调字1号")
    office.moved(DISPUTE, code, "follow", kept="kept")
    # Who complained is kept apart; the unit that it is about never sees the case.
    shown = texts(client, [f"/matters/{code}", f"/records/{DISPUTE}", f"/matters/{code}/moves"])
    assert "赵铁柱" not in shown and "13912345678" not in shown
    for who in ("neighbour", "leader", "planner"):
        assert cast.client(who).get(f"/matters/{code}").status_code == 404, who
    assert office.figures("wages_recovered", period="2023") == [36000]


def test_deadlines_of_a_dispute(office: Office, cast: Cast) -> None:
    opened = office.open(DISPUTE, subject="噪声", source="patrol", category="neighbour")
    assert opened["timers"]["settle"]["due"][:10] == "2023-08-02"
    assert opened["timers"]["sort"]["due"][:10] == "2023-07-04"


def test_a_petition_has_its_legal_days_and_its_head_grants_more(
    office: Office, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    mediator = person(cast, "mediator", "吴综治", "yunxiu", "mediator")
    head = person(cast, "head", "郑主任", "yunxiu", "mediation_head")
    told = {"number": "信2023002", "subject": "反映施工扰民", "_unit": "yunxiu"}
    assert doors.post(mediator, f"/matters/new?kind={PETITION}", **told).status_code == 302
    page = "/matters/XFJ-2023-000001"
    shown = mediator.get(page).content.decode()
    assert "受理告知" in shown and "2023年7月18日" in shown, "15 days, holidays among them"
    assert doors.post(mediator, f"{page}/moves/accept", page).status_code == 302
    shown = mediator.get(page).content.decode()
    assert "办结答复" in shown and "2023年9月1日" in shown, "60 days from the acceptance"
    asked = {"reason": "complex", "words": "要做鉴定", "amount": 30}
    assert doors.post(mediator, f"{page}/ask/extend", **asked).status_code == 302
    found = re.search(rf"{page}/requests/(\d+)", head.get(page).content.decode())
    assert found, "the head is offered to decide"
    own = mediator.get(page).content.decode()
    assert 'value="back"' in own and 'value="yes"' not in own, "who asked may only take it back"
    assert doors.post(head, found[0], page, verdict="yes").status_code == 302
    assert "2023年10月1日" in mediator.get(page).content.decode()


def test_a_petition_is_secret_to_all_but_the_centre(office: Office, cast: Cast) -> None:
    mediator = person(cast, "mediator", "吴综治", "yunxiu", "mediator")
    page = f"/matters/new?kind={PETITION}"
    told = {
        "number": "信2023001",
        "subject": "反映施工扰民",
        "petitioner": "钱百里",
        "_unit": "yunxiu",
    }
    assert doors.post(mediator, page, **told).status_code == 302
    code = "XFJ-2023-000001"
    assert "信2023001" in mediator.get(f"/matters/{code}").content.decode()
    for who in ("section", "city", "grid", "leader", "planner", "administrator"):
        client = cast.client(who)
        assert client.get(f"/matters/{code}").status_code in (403, 404), who
        assert client.get(f"/records/{PETITION}/{code}").status_code in (403, 404), who
        assert "信2023001" not in texts(client, ["/matters", "/find?q=信2023001", "/new"]), who
    assert "钱百里" not in mediator.get(f"/matters/{code}").content.decode()
