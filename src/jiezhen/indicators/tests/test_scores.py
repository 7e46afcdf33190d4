"""Scores: the worked tables of the documentation, and pages whose points are made by records."""

import itertools
import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from jiezhen.conftest import AT
from jiezhen.indicators.queries import scoring
from jiezhen.indicators.rules import scores
from jiezhen.indicators.rules.scores import Weight
from jiezhen.kernel.periods import Period

DOCS = Path(__file__).parents[4] / "docs" / "algorithms" / "scores.md"
F = Fraction


def table(title):
    """Return the rows of a table of the documentation."""
    text = DOCS.read_text("utf-8").split(f"## A worked table: {title}")[1].split("## ")[0]
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return lines[2:]


@pytest.mark.parametrize(("bands", "figure", "points"), table("bands"))
def test_bands_are_what_the_documentation_works_out(bands, figure, points):
    pairs = [tuple(map(F, pair.split("→"))) for pair in bands.split(", ")]
    for order in itertools.islice(itertools.permutations(pairs), 6):
        assert scores.written(scores.along(order, F(figure))) == points


def test_a_group_is_what_the_documentation_works_out():
    weights = [
        Weight("volume", F(5), "share"),
        Weight("called", F(30)),
        Weight("solved", F(20)),
        Weight("content", F(40)),
    ]
    lines = table("a group")
    figures = {
        w.key: {n: share(line[1 + k]) for n, line in enumerate(lines)}
        for k, w in enumerate(weights)
    }
    taken = {n: F(line[5]) for n, line in enumerate(lines)}
    found = scores.score(weights, figures, range(len(lines)), taken, {})
    assert [scores.written(found[n].sum) for n in found] == [line[6] for line in lines]
    assert scores.written(found[0].parts[3].got) == "21.33"


def share(text):
    top, _sign, bottom = text.partition("/")
    return None if text == "–" else F(top) / F(bottom or 1)


@pytest.mark.parametrize(("missing", "sum_"), [("full", "70"), ("none", "30"), ("skip", "70")])
def test_what_is_missing_is_full_nothing_or_not_counted(missing, sum_):
    weights = [Weight("a", F(30)), Weight("b", F(40), missing=missing)]
    found = scores.score(weights, {"a": {1: F(1)}, "b": {1: None}}, [1], {}, {})
    assert scores.written(found[1].sum) == sum_


def test_nothing_to_count_is_no_score():
    found = scores.score([Weight("a", F(30))], {"a": {1: None}}, [1], {}, {})
    assert found[1].sum is None


@pytest.mark.parametrize(
    ("on", "version"),
    [("2021-12-31", None), ("2022-01-01", 1), ("2023-06-30", 1), ("2023-07-01", 2)],
)
def test_the_table_in_force_is_the_latest_that_has_begun(on, version):
    dated = [(date(2023, 7, 1), 2), (date(2022, 1, 1), 1)]
    assert scores.in_force(dated, date.fromisoformat(on)) == version


@pytest.fixture
def records(write):
    """Cases of two residents' areas and a section, and points taken off in and out of the year."""

    def case(unit, day, met, content):
        write("counting.case", unit, _opened_on=day, _closed_on=day, content=content,
              _timers={"contact": {"met": met}} if met else {})  # fmt: skip

    june, october, old = date(2023, 6, 2), date(2022, 11, 5), date(2022, 10, 31)
    case("c1", june, "yes", "good")
    case("c1", june, "no", "so")
    case("c1", october, "yes", "bad")
    case("c2", june, "yes", "none")
    case("fwb", june, "yes", "good")
    case("c1", old, "no", "bad")
    for unit, day, points, appealed in (
        ("c1", "2023-06-10", 2, None),
        ("c1", "2022-11-01", 0.5, "no"),
        ("c1", "2023-06-10", 9, "yes"),
        ("c1", "2022-10-31", 7, None),
        ("c2", "2023-06-10", -1, None),
    ):
        write(
            "counting.point", unit, day=day, points=points, appealed=appealed, reason="未先行联系"
        )


def by_unit(cast, period):
    found = scoring.scored(cast.viewers["leader"], "t_hotline", Period.parse(period), AT)
    return {s.unit.code: s for group in found.groups.values() for s in group}, found


def test_the_year_is_the_offices_own_and_groups_stand_apart(cast, records):
    found, made = by_unit(cast, "2023Y11")
    c1, c2, c3, fwb = (found[u].total for u in ("c1", "c2", "c3", "fwb"))
    # 3 of 4 cases in the group; 2 of 3 called; 1.6 of 3; bands 50→0, 75→10 at 53.33
    expected = F(3, 4) * 5 + F(2, 3) * 30 + F(16, 30) * 40 + (F(160, 3) - 50) / 25 * 10
    assert [p.got for p in c1.parts] == [F(15, 4), F(20), F(64, 3), F(4, 3)]
    assert c1.sum == expected - F(5, 2)
    # nobody rated: that part is not counted, the one with bands gives nothing
    assert c2.sum == (F(5, 4) + 30) * F(95, 55) + 1
    assert c3.sum == 0
    assert fwb.sum == 5 + 30 + 40 + 20
    assert [s.unit.code for s in made.groups["居民区"]] == ["c2", "c1", "c3"]


def test_a_month_and_an_older_table(cast, records):
    found, _made = by_unit(cast, "2023-06")
    assert found["c1"].total.deducted == 2
    older, made = by_unit(cast, "2022-11")
    assert made.version.since == "2022-01-01"
    assert older["c1"].total.sum == 100 - F(1, 2)
    assert by_unit(cast, "2021")[1].version is None


def page(cast, path, who="section"):
    response = cast.client(who).get(path)
    assert response.status_code == 200, response.content.decode()[:1500]
    return response.content.decode()


@pytest.mark.usefixtures("still")
def test_every_number_of_the_page_is_a_link_with_its_arithmetic(cast, records):
    assert "样例热线考核" in page(cast, "/indicators/scores")
    text = page(cast, "/indicators/scores/t_hotline")
    for words in (
        "2023年度",
        "3件 ÷ 4件 × 5 = 3.75",
        "66.7% × 30 = 20",
        "53.3% × 40 = 21.33",
        "3.75 + 20 + 21.33 + 1.33 − 2.5 = 43.92",
        "没有数，不计",
        "没有数，得0分",
        "自2023-01-01起的办法",
    ):
        assert words in text, words
    points = re.search(r'href="(/indicators/scores/t_hotline/deductions[^"]*unit=c1[^"]*)"', text)[
        1
    ]
    taken = page(cast, points.replace("&amp;", "&"))
    assert taken.count("未先行联系") == 2
    alone = page(cast, "/indicators/scores/t_hotline?period=2023Y11&unit=c1")
    assert "松涛居民区" in alone
    assert "听泉居民区" not in alone
    assert "没有您能看的扣分记录" in page(cast, points.replace("&amp;", "&"), "auditor")
    number = re.search(r'href="(/n/[0-9a-z]+)"', text)[1]
    assert "这个数从哪里来" in page(cast, number)


@pytest.mark.usefixtures("still")
def test_scores_are_handed_out_and_strange_ones_not_found(cast, records):
    client = cast.client("leader")
    told = client.get("/indicators/scores/t_hotline.json?period=2023Y11").json()
    c1 = [line["得分"] for line in told if line["单元"] == "松涛居民区"]
    assert c1 == [3.75, 20, 21.33, 1.33, -2.5, 43.92]
    assert client.get("/indicators/scores/t_hotline.xlsx").status_code == 200
    for path in ("zz", "t_hotline?period=20", "t_hotline/deductions?unit=zz"):
        assert client.get(f"/indicators/scores/{path}").status_code == 404


@pytest.mark.usefixtures("still")
def test_the_page_of_scores_takes_few_statements(cast, records, django_assert_max_num_queries):
    client = cast.client("leader")
    client.get("/indicators/scores/t_hotline")
    with django_assert_max_num_queries(5):
        client.get("/indicators/scores/t_hotline")
