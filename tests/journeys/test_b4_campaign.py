"""B4: campaigns with targets; the counts and areas of document 001 come out of records."""

import pytest

from jiezhen.conftest import Cast

from .city import City

pytestmark = pytest.mark.django_db
HEADS = [
    "地点",
    "问题类别",
    "发现时间",
    "处置日期",
    "结案时间",
    "面积",
    "状态",
    "所属专项行动",
    "单元",
]


@pytest.fixture
def city(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> City:
    found = City(cast, monkeypatch)
    found.now("2019-01-04 09:00")
    return found


def campaign(city: City, name: str, **values: object) -> str:
    body = {"unit": "cgb", "values": {"name": name, "begun_on": "2018-01-10", **values}}
    return str(city.post("records/grid.campaign", body, who="section")["code"])


def rows(what: str, many: int, link: str = "", area: str = "") -> list[list[str]]:
    days = [f"2018-{1 + n % 12:02d}-{28 - n % 28:02d}" for n in range(many)]
    return [
        [f"{what}{n}", what, day, day, day, area, "已结案", link, f"c{1 + n % 3}"]
        for n, day in enumerate(days)
    ]


def test_the_figures_of_document_001_come_out_of_campaigns(city: City) -> None:
    buildings = campaign(city, "无违建创建", problem="building", target=77, target_area=30084)
    stalls = campaign(city, "市容顽症", problem="stall")
    found = rows("违法搭建", 92, buildings, "390")
    found[0][5] = str(36100 - 91 * 390)
    found += rows("跨门营业", 323, stalls) + rows("无序设摊", 289, stalls) + rows("夜排档", 161)
    for row in rows("违法搭建", 2, buildings, "5000"):
        found.append([*row[:2], "2018-12-20", "2019-01-02", "2019-01-03", *row[5:]])
    for what in ("跨门营业", "无序设摊", "夜排档"):
        found.append([what, what, "2018-12-31", "", "", "", "已派遣", "", "c1"])
        found.append([what, what, "2018-12-31", "", "", "", "不予立案", "", "c1"])
    told = city.table("grid.finding", HEADS, found)
    assert told["counts"]["created"] == len(found), told
    actions = [["市容整治", f"2018-{1 + n % 12:02d}-{1 + n % 28:02d}", "c1"] for n in range(284)]
    actions.append(["市容整治", "2019-01-01", "c1"])
    for number, row in enumerate(actions):
        row.append(f"松涛路{number}号")
    city.table("grid.action", ["整治内容", "整治日期", "单元", "地点"], actions)
    names = (
        "illegal_buildings_removed,illegal_area_removed,demolition_progress,shopfronts_cleared,"
        "stalls_cleared,night_stalls_cleared,city_actions,campaigns"
    )
    figures = city.figures(names, "2018")
    assert round(figures.pop("demolition_progress"), 2) == 1.2, "完成任务量的120%"
    assert figures == {
        "illegal_buildings_removed": 92,
        "illegal_area_removed": 36100,
        "shopfronts_cleared": 323,
        "stalls_cleared": 289,
        "night_stalls_cleared": 161,
        "city_actions": 284,
        "campaigns": 2,
    }
    text = city.get("figures?indicator=demolition_progress&period=2018", who="section")[0]["text"]
    assert text == "120%"
