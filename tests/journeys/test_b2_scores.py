"""B2: the score of two residents' areas, reckoned by hand: cases, deductions, an appeal that is won."""

import io
import re
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from jiezhen.conftest import Cast

from . import doors
from .city import City

pytestmark = pytest.mark.django_db
CASE, DEDUCTION = "hotline.case", "hotline.deduction"


@pytest.fixture
def city(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> City:
    found = City(cast, monkeypatch)
    found.now("2023-06-21 09:12")
    return found


def case(
    city: City, number: str, unit: str, outcome: str, satisfaction: str, *, late: bool = False
) -> None:
    """Lead a case to its callback; a late one is called on the third working day only."""
    day = city.moment
    code = city.open(
        CASE,
        order_number=number,
        subject="楼道堆物",
        received_on=f"{day:%Y-%m-%d}",
        **{"class": "complaint"},
    )
    city.move(CASE, code, "dispatch", unit=unit)
    if late:
        city.now(f"{day:%Y-%m}-27 09:12")
    city.move(CASE, code, "contact", who="section")
    city.move(CASE, code, "close", who="section", outcome=outcome, answer="已答复")
    city.move(CASE, code, "revisit", satisfaction=satisfaction)
    if satisfaction == "unsatisfied":  # it is done again once, and the caller says the same
        city.move(CASE, code, "close", who="section", outcome=outcome, answer="已再次答复")
        city.move(CASE, code, "revisit", satisfaction=satisfaction)
    city.now(f"{day:%Y-%m-%d %H:%M}")


def deduct(city: City, unit: str, rule: str, points: float, day: str) -> str:
    """Note points that are taken off, or added."""
    return city.open(
        DEDUCTION, unit, who="section", rule=rule, points=points, noted_on=day, words="月度考核"
    )


def appeal(city: City, code: str) -> int:
    """Let the residents' area appeal by its form, and return the number of the request."""
    doors.post(
        city.cast.client("grid"),
        f"/matters/{code}/ask/appeal",
        reason="not_ours",
        words="楼道归物业公司管理",
    )
    shown = city.cast.client("section").get(f"/matters/{code}").content.decode()
    found = re.search(rf"/matters/{code}/requests/(\d+)", shown)
    assert found, "the first review is offered"
    return int(found[1])


def decide(city: City, code: str, ident: int, who: str, verdict: str, words: str = "") -> None:
    """Decide one node of an appeal by its form."""
    doors.post(
        city.cast.client(who),
        f"/matters/{code}/requests/{ident}",
        f"/matters/{code}",
        verdict=verdict,
        words=words,
    )


def scores(city: City, period: str) -> dict[str, dict[str, float | None]]:
    """Return points by unit and part, as the file of the page hands them out."""
    told = city.cast.client("leader").get(f"/indicators/scores/hotline_score.json?period={period}")
    assert told.status_code == 200
    found: dict[str, dict[str, Any]] = {}
    for line in told.json():
        found.setdefault(line["单元"], {})[line["项目"]] = line["得分"]
    return found


def test_two_areas_are_scored_and_an_appeal_changes_one(city: City) -> None:
    case(city, "A", "c1", "solved", "satisfied")
    case(city, "B", "c1", "explained", "fair")
    case(city, "C", "c1", "solved", "unsatisfied", late=True)
    case(city, "D", "c2", "solved", "mostly")
    city.now("2023-06-28 09:12")
    kept = deduct(city, "c1", "no_contact", 2, "2023-06-21")
    disputed = deduct(city, "c1", "unsatisfied", 3, "2023-06-21")
    deduct(city, "c1", "late", 7, "2022-10-31")
    deduct(city, "c2", "missed", 2, "2022-11-01")
    deduct(city, "c2", "bonus", -0.5, "2023-06-21")
    # 受理 3 of the group's 4; 先行联系 2 of 3; 解决 2 of 3; 满意 (1 + 0.6 + 0) of 3.
    # 3.75 + 20 + 13.33 + 21.33 = 58.42, less 2 and 3; the 7 points belong to the year before.
    songtao = {"受理量": 3.75, "先行联系": 20, "诉求解决": 13.33, "市民满意": 21.33}
    # 1 of 4; 1 of 1; 1 of 1; 0.8 of 1: 1.25 + 30 + 20 + 32 = 83.25, less 2, and 0.5 added.
    tingquan = {"受理量": 1.25, "先行联系": 30, "诉求解决": 20, "市民满意": 32}
    before = scores(city, "2023Y11")
    assert before["松涛居民区"] == songtao | {"扣分": -5, "总分": 53.42}
    assert before["听泉居民区"] == tingquan | {"扣分": -1.5, "总分": 81.75}

    city.now("2023-07-03 09:12")
    won, lost = appeal(city, disputed), appeal(city, kept)
    for who in ("section", "leader"):
        decide(city, disputed, won, who, "yes")
        assert scores(city, "2023Y11") == before, "nothing is struck before the last review"
    decide(city, disputed, won, "leader", "yes")
    decide(city, kept, lost, "section", "no", "电话记录显示没有联系")
    city.move(DEDUCTION, kept, "uphold", who="leader")
    after = scores(city, "2023Y11")
    assert after["松涛居民区"] == songtao | {"扣分": -2, "总分": 56.42}
    assert after["听泉居民区"] == before["听泉居民区"]
    assert city.figures("hotline_points,hotline_appeals_won", "2023Y11", "c1") == {
        "hotline_points": 2,
        "hotline_appeals_won": 1,
    }
    assert scores(city, "2022Y11")["松涛居民区"]["扣分"] == -7


def test_the_page_shows_the_arithmetic_and_leads_to_the_deductions(city: City) -> None:
    case(city, "A", "c1", "solved", "satisfied")
    case(city, "D", "c2", "explained", "mostly")
    deduct(city, "c1", "no_contact", 2, "2023-06-21")
    address = "/indicators/scores/hotline_score?period=2023Y11"
    shown = city.cast.client("leader").get(address).content.decode()
    for words in (
        "1件 ÷ 2件 × 5 = 2.5",
        "100% × 30 = 30",
        "80% × 40 = 32",
        "2.5 + 30 + 20 + 40 − 2 = 90.5",
        "2.5 + 30 + 0 + 32 = 64.5",
        "自2018-01-01起的办法",
    ):
        assert words in shown, words
    listed = re.search(r'href="([^"]*/deductions[^"]*unit=c1[^"]*)"', shown)
    assert listed
    records = city.cast.client("leader").get(listed[1].replace("&amp;", "&")).content.decode()
    assert "未先行联系" in records
    book = city.cast.client("leader").get(address.replace("hotline_score", "hotline_score.xlsx"))
    content = b"".join(book.streaming_content) if book.streaming else book.content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [r[4] for r in rows if r[1] == "松涛居民区" and r[2] == "总分"] == [90.5]


def test_bands_count_from_the_year_in_which_they_hold(city: City) -> None:
    """From November 2025 closing in time and satisfaction give points along a line."""
    city.now("2025-12-03 09:12")
    for number in range(4):
        case(city, f"N{number}", "c1", "solved", "satisfied" if number else "fair")
    # 先行联系 30; 按时办结 100% → 25; 解决 20; 满意 (3 + 0.6) ÷ 4 = 90% → 19.75 + 6.25 × 2.5 ÷ 12.5.
    found = scores(city, "2026Y11")["松涛居民区"]
    assert found == {
        "先行联系": 30,
        "按时办结": 25,
        "诉求解决": 20,
        "市民满意": 21,
        "扣分": 0,
        "总分": 96,
    }
