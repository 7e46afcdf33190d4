"""G2: rounds of visits whose problems become matters and are followed to the end."""

import pytest

from jiezhen.conftest import Cast

from .civic import AFTER, BEFORE, INSIDE, LAST, many, office_of, parts

pytestmark = pytest.mark.django_db
VISIT, PROBLEM = "visits.visit", "visits.problem"


def test_topics_problems_and_households(cast: Cast, still: object) -> None:
    office = office_of(cast)
    topics = many(12, lambda n: {"title_text": f"选题{n}", "begun_on": INSIDE})
    office.load("visits.topic", [*topics, {"title_text": "旧选题", "begun_on": BEFORE}])
    problems = many(
        73,
        lambda n: {
            "detail": f"问题{n}",
            "topic": f"选题{n % 12}",
            "solved_on": LAST if n else INSIDE,
            "state": "solved",
        },
    )
    decoys = [
        {"detail": "在办", "topic": "选题1", "solved_on": "", "state": "solving"},
        {"detail": "留待", "topic": "选题1", "solved_on": "", "state": "kept"},
        {"detail": "下半年", "topic": "选题1", "solved_on": AFTER, "state": "solved"},
    ]
    office.load(PROBLEM, [*problems, *decoys])
    homes = parts(40_286, 300)
    visits = many(
        300, lambda n: {"visited_on": INSIDE, "households": homes[n], "topic_words": f"第{n}组"}
    )
    office.load(VISIT, [*visits, {"visited_on": BEFORE, "households": 999, "topic_words": "去年"}])
    assert office.figures("research_topics", "problems_solved", "households_visited") == [
        12,
        73,
        40_286,
    ]


def test_problems_found_on_a_visit_are_followed_to_the_end(cast: Cast, still: object) -> None:
    office = office_of(cast)
    topic = office.create("visits.topic", title_text="一老一小", begun_on="2023-07-01")
    made = office.post(f"records/{VISIT}", {
        "unit": "c1", "values": {"visited_on": "2023-07-03", "topic": topic, "households": 30},
        "findings": [{"values": {"detail": "楼道没有扶手"}}, {"values": {"detail": "食堂排队久"}}],
    })  # fmt: skip
    assert made.status_code == 201, made.content.decode()
    one, two = made.json()["findings"]
    office.moved(PROBLEM, one, "pass", unit="cgb")
    office.moved(PROBLEM, one, "solve", measure="装了扶手")
    office.moved(PROBLEM, two, "keep")
    page = cast.client("section").get(f"/services/{VISIT}/{made.json()['code']}").content.decode()
    assert "发现的问题2件，已办结2件" in page
    linked = [r["values"]["topic"] for r in office.listed(PROBLEM)]
    assert linked[0] and linked[0] == linked[1]
    assert office.figures("problems_found", "problems_solved", period="2023") == [2, 1]
