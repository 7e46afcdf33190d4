"""B8 and B9: roads handed over, parking opened, enforcement cases reviewed and published."""

from datetime import datetime

import pytest

from jiezhen.conftest import Cast

from .civic import AFTER, BEFORE, FIRST, INSIDE, LAST, Office, many, office_of, parts

pytestmark = pytest.mark.django_db
DECISION, PARKING, ROAD = "enforcement.decision", "roads.parking", "roads.road"


@pytest.fixture
def office(cast: Cast, still: datetime) -> Office:
    return office_of(cast)


def decision(n: int, **more: object) -> dict[str, object]:
    own = {
        "number": f"云执罚{n}",
        "category": "行政处罚",
        "subject": "擅自占道设摊",
        "filed_on": BEFORE,
        "state": "published",
        "decided_on": INSIDE,
        "published_on": INSIDE,
    }
    return {**own, **more}


def test_what_was_published_and_reviewed_comes_out_of_the_cases(office: Office) -> None:
    days = (FIRST, INSIDE, LAST)
    office.load(DECISION, many(608, lambda n: decision(n, published_on=days[n % 3])))
    office.load(DECISION, many(4, lambda n: decision(1000 + n, category="行政许可")))
    reviewed = {"state": "reviewed", "review": "同意", "reviewed_on": LAST}
    reviewed |= {"decided_on": "", "published_on": ""}
    office.load(DECISION, many(14, lambda n: decision(2000 + n, **reviewed)))
    office.load(
        DECISION, [decision(3000, published_on=AFTER), decision(3001, published_on=BEFORE)]
    )
    names = ("penalties_published", "permits_published", "enforcement_reviewed")
    assert office.figures(*names) == [608, 4, 14]


def test_a_case_is_decided_in_ninety_days_and_published_in_seven_working_days(
    office: Office,
) -> None:
    opened = office.open(
        DECISION, number="云执罚1", category="penalty", subject="跨门营业", filed_on="2023-07-03"
    )
    assert opened["timers"]["decide"]["due"][:10] == "2023-10-01"
    office.moved(DECISION, opened["code"], "review", review="agree")
    office.moved(DECISION, opened["code"], "decide", fine=200)
    shown = office.cast.client("section").get(f"/matters/{opened['code']}").content.decode()
    assert "2023年7月12日" in shown, "seven working days after the decision"
    office.moved(DECISION, opened["code"], "publish")
    assert office.figures("penalties_published", "fines", period="2023") == [1, 200]


def test_roads_and_spaces(office: Office) -> None:
    office.load(ROAD, many(8, lambda n: {"name": f"路{n}", "handed_on": INSIDE}))
    office.load(
        ROAD, [{"name": "旧路", "handed_on": BEFORE}, {"name": "新路", "handed_on": AFTER}]
    )
    spaces = parts(3657, 21)
    office.load(
        PARKING,
        many(21, lambda n: {"name": f"车库{n}", "opened_on_": LAST, "spaces": spaces[n]}),
    )
    assert office.figures("roads_handed_over", "parking_opened") == [8, 3657]
