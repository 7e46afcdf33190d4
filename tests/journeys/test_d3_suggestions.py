"""D3 and D4: deputies' suggestions, voters' requests, words to the deputy by a QR code."""

import re
from datetime import datetime

import pytest
from django.test import Client

from jiezhen.conftest import Cast

from .civic import AFTER, BEFORE, INSIDE, LAST, Office, many, office_of

pytestmark = pytest.mark.django_db
SUGGESTION, REQUEST, MESSAGE = "congress.suggestion", "congress.request", "congress.message"


@pytest.fixture
def office(cast: Cast, still: datetime) -> Office:
    return office_of(cast)


def test_results_add_up_to_what_was_handled(office: Office) -> None:
    told = ["已解决"] * 16 + ["正在解决"] * 7 + ["留作参考"]
    rows = many(24, lambda n: {"number": f"{n}", "subject": f"建议{n}", "category": "人大代表建议",
                               "replied_on": LAST if n else INSIDE, "outcome": told[n], "state": "replied"})  # fmt: skip
    decoys = [
        {
            "number": "900",
            "subject": "早",
            "replied_on": BEFORE,
            "outcome": "已解决",
            "state": "replied",
        },
        {
            "number": "901",
            "subject": "晚",
            "replied_on": AFTER,
            "outcome": "已解决",
            "state": "replied",
        },
        {"number": "902", "subject": "在办", "replied_on": "", "outcome": "", "state": "handling"},
    ]
    office.load(SUGGESTION, [*rows, *decoys])
    found = office.figures("suggestions_handled", "suggestions_solved", "suggestions_solving",
                           "suggestions_planned", "suggestions_kept")  # fmt: skip
    assert found == [24, 16, 7, 0, 1]
    assert found[0] == sum(found[1:])


def test_a_suggestion_has_three_months_and_is_rated(office: Office) -> None:
    opened = office.open(SUGGESTION, number="1", subject="增设充电桩", category="deputy")
    assert opened["timers"]["reply"]["due"][:10] == "2023-10-01"
    code = opened["code"]
    office.moved(SUGGESTION, code, "take")
    asked = office.post(
        f"matters/{SUGGESTION}/{code}/requests/extend", {"reason": "difficult", "amount": 90}
    )
    assert asked.status_code == 201, asked.content.decode()
    assert office.move(SUGGESTION, code, "reply").status_code == 422
    office.moved(SUGGESTION, code, "reply", outcome="planned", reply="列入明年计划")
    office.moved(SUGGESTION, code, "rate", rating="mostly")
    assert office.figures("suggestions_planned", "suggestions_handled", period="2023") == [1, 1]


def test_requests_of_voters_are_answered_at_once_or_passed_on(office: Office) -> None:
    def row(n: int) -> dict[str, object]:
        passed, done = n >= 139, n < 139 + 92
        return {"subject": f"诉求{n}", "opened_on": INSIDE, "way": "流转办理" if passed else "现场答复",
                "answered_on": INSIDE if done else "", "state": "answered" if done else "handling"}  # fmt: skip

    early = {
        "subject": "去年",
        "opened_on": BEFORE,
        "way": "流转办理",
        "answered_on": INSIDE,
        "state": "answered",
    }
    office.load(REQUEST, [*many(236, row), early])
    found = office.figures("voter_requests", "voter_requests_at_once", "voter_requests_passed",
                           "voter_requests_answered")  # fmt: skip
    assert found == [236, 139, 97, 92]


def test_moves_say_which_way_a_request_went(office: Office) -> None:
    one, two = (office.open(REQUEST, subject=s, voter="周吴郑")["code"] for s in ("路灯", "停车"))
    office.moved(REQUEST, one, "reply", answer="当场解释")
    office.moved(REQUEST, two, "pass", unit="cgb")
    assert office.figures("voter_requests_at_once", "voter_requests_passed", "voter_requests_answered",
                          period="2023") == [1, 1, 0]  # fmt: skip
    office.moved(REQUEST, two, "answer", answer="已划线")
    assert office.figures("voter_requests_answered", period="2023") == [1]


def test_66_messages_were_adopted_or_turned_into_proposals(office: Office) -> None:
    told = ["已采纳", "转化为代表建议", "已解决"]
    rows = many(66, lambda n: {"subject": f"留言{n}", "received_on": INSIDE, "answered_on": LAST,
                               "outcome": told[n % 3], "state": "answered"})  # fmt: skip
    decoys = [
        {
            "subject": "解释",
            "received_on": INSIDE,
            "answered_on": LAST,
            "outcome": "解释说明",
            "state": "answered",
        },
        {
            "subject": "晚",
            "received_on": INSIDE,
            "answered_on": AFTER,
            "outcome": "已采纳",
            "state": "answered",
        },
    ]
    office.load(MESSAGE, [*rows, *decoys])
    assert office.figures("messages_adopted", "messages_received") == [66, 68]


def test_the_code_on_a_wall_brings_words_to_the_deputy_who_makes_a_proposal(
    office: Office,
) -> None:
    visitor = Client()
    page = visitor.get("/p/q/c2?office=yunxiu", follow=True).content.decode()
    held = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    given = {**held, "subject": "多设一张长椅", "writer": "郑板桥", "phone": "13712345678",
             "go": "send", "step": "check"}  # fmt: skip
    sent = visitor.post(f"/p/report/{MESSAGE}", given)
    assert sent.status_code == 302, sent.content.decode()
    message = office.listed(MESSAGE)[0]
    assert (message["title"], message["unit"], message["state"]) == (
        "多设一张长椅",
        "听泉居民区",
        "received",
    )
    office.moved(MESSAGE, message["code"], "take", deputy="王代表")
    office.moved(MESSAGE, message["code"], "turn", number="建2023-9")
    proposal = office.listed(SUGGESTION)[0]
    assert (proposal["values"]["number"], proposal["values"]["subject"]) == (
        "建2023-9",
        "多设一张长椅",
    )
    assert office.figures("messages_adopted", period="2023") == [1]
    shown = office.cast.client("section").get(f"/matters/{message['code']}").content.decode()
    assert "郑板桥" not in shown and "13712345678" not in shown
