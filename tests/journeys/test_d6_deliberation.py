"""D6: topic, proposals, one vote a household, follow-up; the calendar of an election."""

import pytest

from jiezhen.conftest import Cast

from .civic import AFTER, BEFORE, INSIDE, LAST, many, office_of

pytestmark = pytest.mark.django_db
TOPIC, VOTE, ELECTION = "deliberation.topic", "deliberation.vote", "elections.committee"


def test_a_household_votes_once_and_the_result_sets_a_task_going(
    cast: Cast, still: object
) -> None:
    office = office_of(cast)
    code = office.open(TOPIC, subject="楼前设长椅")["code"]
    office.moved(TOPIC, code, "gather")
    office.moved(TOPIC, code, "hold", held_on="2023-07-02", households=3)
    office.moved(TOPIC, code, "open")
    vote = {"topic": code, "choice": "agree", "voted_on": "2023-07-03"}
    for door in ("101室", "102室"):
        office.create(VOTE, **vote, household=door)
    again = office.post(
        f"records/{VOTE}",
        {"unit": "c1", "values": {**vote, "household": " 101 室", "choice": "against"}},
    )
    assert again.status_code in (409, 422)
    assert office.figures("households_voted", period="2023") == [2]
    lost = office.move(TOPIC, code, "carry", votes_for=1, votes_against=3)
    assert lost.status_code == 422 and "不能超过应参与户数" in lost.content.decode()
    even = office.move(TOPIC, code, "carry", votes_for=1, votes_against=1)
    assert even.status_code == 422 and "多于不同意户数" in even.content.decode()
    office.moved(TOPIC, code, "carry", votes_for=2, votes_against=1)
    task = office.listed("deliberation.task")[0]
    assert (task["title"], task["state"]) == ("楼前设长椅", "assigned")
    office.moved("deliberation.task", task["code"], "finish", result="已安装")
    assert office.figures("topics_passed", "follow_ups_done", period="2023") == [1, 1]


def test_fourteen_projects_are_on_the_list(cast: Cast, still: object) -> None:
    office = office_of(cast)
    code = office.open(TOPIC, subject="年度项目")["code"]
    rows = many(
        14,
        lambda n: {
            "topic": code,
            "name": f"项目{n}",
            "chosen": "是",
            "listed_on": LAST if n else INSIDE,
        },
    )
    decoys = [
        {"topic": code, "name": "没选上", "chosen": "否", "listed_on": INSIDE},
        {"topic": code, "name": "去年", "chosen": "是", "listed_on": BEFORE},
    ]
    office.load("deliberation.proposal", [*rows, *decoys])
    assert office.figures("projects_listed") == [14]


def test_five_committees_were_elected_along_their_calendar(cast: Cast, still: object) -> None:
    office = office_of(cast)
    rows = many(
        5,
        lambda n: {
            "estate": f"小区{n}",
            "category": "业委会换届",
            "done_on": LAST if n else INSIDE,
            "state": "done",
        },
    )
    decoys = [
        {"estate": "别的", "category": "业委会组建", "done_on": INSIDE, "state": "done"},
        {"estate": "晚的", "category": "业委会换届", "done_on": AFTER, "state": "done"},
        {"estate": "在办", "category": "业委会换届", "done_on": "", "state": "noticed"},
    ]
    office.load(ELECTION, [*rows, *decoys])
    assert office.figures("committees_elected") == [5]
    opened = office.open(ELECTION, estate="云河苑", category="election")
    code = opened["code"]
    assert opened["timers"]["group"]["due"][:10] == "2023-09-01"
    office.moved(ELECTION, code, "group")
    office.moved(ELECTION, code, "notice", noticed_on="2023-07-03")
    early = office.move(ELECTION, code, "vote", voted_on="2023-07-02")
    assert early.status_code == 422 and "表决不能早于候选人公示" in early.content.decode()
    office.moved(ELECTION, code, "vote", voted_on="2023-07-03")
    office.moved(ELECTION, code, "finish", done_on="2023-07-03")
