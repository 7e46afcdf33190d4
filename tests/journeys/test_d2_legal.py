"""D2: a lawyer is booked, consulted, and the matter referred."""

import pytest

from jiezhen.conftest import Cast

from .civic import AFTER, BEFORE, INSIDE, LAST, office_of, parts

pytestmark = pytest.mark.django_db


def test_visitors_and_questions_of_the_half_year(cast: Cast, still: object) -> None:
    office = office_of(cast)
    people, asked = parts(237, 40), parts(589, 40)
    rows = [
        {"consulted_on": INSIDE if n else LAST, "channel": "窗口" if n % 3 else "云上法律服务",
         "visitors": people[n], "questions": asked[n], "lawyer": f"律所{n}"}
        for n in range(40)
    ]  # fmt: skip
    decoys = [
        {"consulted_on": day, "channel": "电话", "visitors": 7, "questions": 7}
        for day in (BEFORE, AFTER)
    ]
    office.load("legal.consult", [*rows, *decoys])
    gone = office.create(
        "legal.consult", consulted_on=INSIDE, channel="phone", visitors=9, questions=9
    )
    office.withdraw("legal.consult", gone)
    assert office.figures("legal_visitors", "legal_questions") == [237, 589]


def test_an_appointment_is_confirmed_and_referred_to_mediation(cast: Cast, still: object) -> None:
    office = office_of(cast)
    opened = office.open(
        "legal.appointment", topic="邻居漏水赔偿", person="孙大圣", phone="13800001111"
    )
    assert opened["timers"]["confirm"]["due"][:10] == "2023-07-04"
    code = opened["code"]
    assert office.move("legal.appointment", code, "miss").status_code == 409
    office.moved("legal.appointment", code, "confirm")
    office.moved("legal.appointment", code, "refer")
    disputes = office.listed("mediation.dispute")
    assert [(d["title"], d["state"]) for d in disputes] == [("邻居漏水赔偿", "registered")]
    assert office.figures("legal_referred", period="2023") == [1]
    assert cast.client("leader").get(f"/matters/{code}").status_code == 404
    assert "孙大圣" not in cast.client("section").get(f"/matters/{code}").content.decode()
