"""C1: inspections and hazards; the figures of three documents come out of records."""

from datetime import date, timedelta

import pytest

from jiezhen.conftest import Cast

from .city import City

pytestmark = pytest.mark.django_db
HEADS = ["单位名称", "检查时间", "检查类别", "检查性质", "单元"]
HAZARDS = ["地点", "隐患描述", "发现时间", "整改完成日期", "状态", "单元"]


@pytest.fixture
def city(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> City:
    found = City(cast, monkeypatch)
    found.now("2024-01-05 09:00")
    return found


def visits(many: int, topic: str, year: int, firms: int) -> list[list[str]]:
    """Return so many visits, several to one firm, spread over a year with both of its ends."""
    first, days = date(year, 1, 1), 366 if year % 4 == 0 else 365
    return [
        [f"{topic}第{n % firms}户", str(first + timedelta(days=n % days)), topic, "检查", "c1"]
        for n in range(many)
    ]


def decoys(topic: str, year: int) -> list[list[str]]:
    """Return visits that must not count: re-checks, and the days beside the year."""
    return [
        [f"{topic}第1户", f"{year}-06-01", topic, "复查", "c1"],
        [f"{topic}第1户", f"{year - 1}-12-31", topic, "检查", "c1"],
        [f"{topic}第1户", f"{year + 1}-01-01", topic, "检查", "c1"],
    ]


@pytest.mark.slow
def test_8279_visits_and_4039_hazards_all_put_right(city: City) -> None:
    told = city.table("safety.inspection", HEADS, visits(8279, "安全生产", 2018, 2100))
    assert told["counts"]["created"] == 8279, told
    city.table("safety.inspection", HEADS, decoys("安全生产", 2018))
    rows = [
        [
            f"第{n}处",
            f"隐患{n}",
            f"2018-{1 + n % 12:02d}-{1 + n % 28:02d}",
            "2018-12-31",
            "已销号",
            "c1",
        ]
        for n in range(4039)
    ]
    rows.append(["别处", "去年的隐患", "2017-12-31", "2018-01-02", "已销号", "c1"])
    rows.append(["别处", "明年的隐患", "2019-01-01", "", "待整改", "c1"])
    assert city.table("safety.hazard", HAZARDS, rows)["counts"]["created"] == 4041
    found = city.figures("inspections,hazards_found,hazards_fixed_rate,firms_inspected", "2018")
    assert found["inspections"] == 8279
    assert found["hazards_found"] == 4039
    assert found["hazards_fixed_rate"] == 1
    assert found["firms_inspected"] == 2100


def test_1235_visits_980_hazards_and_687_restaurants(city: City) -> None:
    rows = visits(1235 - 687, "安全生产", 2024, 300) + visits(687, "燃气", 2024, 687)
    city.now("2025-01-06 09:00")
    again = city.table("safety.inspection", HEADS, rows)
    assert again["counts"]["created"] == 1235, again
    same = city.table("safety.inspection", HEADS, rows)
    assert same["counts"]["created"] == 0, "the same file imported again adds nothing"
    city.table("safety.inspection", HEADS, decoys("燃气", 2024) + decoys("安全生产", 2024))
    hazards = [
        [f"{n}号", f"缺陷{n}", "2024-05-01", "2024-12-31", "已销号", "c1"] for n in range(980)
    ]
    hazards.append(["别处", "次日才整改", "2024-12-31", "2025-01-01", "已销号", "c1"])
    hazards.append(["别处", "整改了没复查", "2024-05-01", "2024-06-01", "已整改待复查", "c1"])
    city.table("safety.hazard", HAZARDS, hazards)
    found = city.figures("inspections,gas_inspections,hazards_fixed", "2024")
    assert found == {"inspections": 1235, "gas_inspections": 687, "hazards_fixed": 980}


def test_a_hazard_of_a_check_runs_until_it_is_checked_again(city: City) -> None:
    """An entry of the checklist fails, the hazard has a clock, fails once more, is closed."""
    city.now("2023-06-20 09:00")
    city.table(
        "safety.item",
        ["检查类别", "序号", "检查项目", "依据条款"],
        [["消防", "1", "灭火器是否有效", "消防法第十六条"]],
    )
    item = city.get("records/safety.item", who="section")["items"][0]["code"]
    values = {"firm": "松涛便利店", "inspected_on": "2023-06-20", "topic": "fire"}
    visit = city.post("records/safety.inspection", {"unit": "c1", "values": values}, who="grid")[
        "code"
    ]
    code = city.open(
        "safety.hazard", "c1", who="section", place="松涛路1号", detail="灭火器过期", firm="松涛便利店",
        topic="fire", serious="是", found_on="2023-06-20", inspection=visit, item=item,
    )  # fmt: skip
    clocks = city.get(f"matters/safety.hazard/{code}", who="grid")["clocks"]
    assert [(c["title"], c["due_at"][:16]) for c in clocks] == [("整改", "2023-06-26T09:00")]
    city.now("2023-06-26 10:00")
    city.move("safety.hazard", code, "fix", who="grid", cure="已更换")
    assert city.move("safety.hazard", code, "fix", who="grid", status=409)
    city.now("2023-06-27 10:00")
    city.move("safety.hazard", code, "back", note="只换了一只", who="grid")
    city.now("2023-06-28 10:00")
    city.move("safety.hazard", code, "fix", who="grid", cure="全部更换", fixed_on="2023-06-28")
    before = city.figures("hazards_found,serious_hazards_found,hazards_fixed_rate", "2023-06")
    assert before == {"hazards_found": 1, "serious_hazards_found": 1, "hazards_fixed_rate": 0}
    city.move("safety.hazard", code, "check", who="grid")
    assert city.figures("hazards_fixed,hazards_fixed_rate,inspections", "2023-06") == {
        "hazards_fixed": 1,
        "hazards_fixed_rate": 1,
        "inspections": 1,
    }
