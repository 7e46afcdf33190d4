"""The pages of figures through their doors."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest

from jiezhen.conftest import AT, build_cast
from jiezhen.indicators import operations, queries
from jiezhen.kernel.periods import Period

pytestmark = pytest.mark.usefixtures("still")
YEAR = Period.parse("2023")
H1 = Period.parse("2023H1")


@pytest.fixture
def lifts(cast, write):
    """Sixteen lifts of the half year, twelve of the one before, and three left out."""
    for n in range(16):
        write(
            "counting.lift",
            ["c1", "c2", "c3"][n % 3],
            completed_on=f"2023-0{n % 6 + 1}-10",
            _state="accepted",
            address={"text": f"沧源路{n}号"},
        )
    for n in range(13):
        write("counting.lift", "c1", completed_on=f"2022-0{n % 6 + 1}-10", _state="accepted")
    for _ in range(2):
        write("counting.lift", "c1")
    write("counting.lift", "c2", completed_on="2023-07-02", _state="accepted")
    operations.set_target(cast.system, "t_lifts", cast.unit("yunxiu"), YEAR, Decimal(36), AT)


def nonce(client, path):
    return re.search(r'name="_nonce" value="([^"]+)"', client.get(path).content.decode())[1]


def text(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/indicators?theme=样例",
        "/indicators?theme=样例&view=table&pick=t_visits",
        "/indicators?theme=样例&view=squares&unit=c1&period=2022H2&against=previous",
        "/indicators/t_lifts",
        "/indicators/t_lifts?view=table&unit=p1",
        "/indicators/t_free_share",
        "/indicators/t_tax",
        "/indicators/catalogue",
        "/indicators/catalogue?name=t_lifts",
        "/indicators/compare?names=t_lifts",
        "/indicators/compare?names=t_lifts,t_visits&unit=p1",
        "/indicators/compare",
        "/indicators/ask?q=样例助餐 上半年 按居委",
        "/indicators/supply",
        "/indicators/supply/t_tax_supplied",
    ],
)
def test_every_page_opens(cast, lifts, path):
    assert "样例" in text(cast.client("leader"), path)


def test_the_board_tells_value_target_and_growth(cast, lifts):
    page = text(cast.client("leader"), "/indicators?theme=样例&period=2023H1")
    assert "16台" in page
    assert "36台" in page
    assert "44.4%" in page
    assert "同比上升23.1%" in page
    assert "有利" in page


def test_the_number_page_tells_everything(cast, lifts):
    code = queries.link_for("t_lifts", cast.unit("yunxiu"), H1)
    page = text(cast.client("section"), code)
    for words in (
        "16台",
        "2023年1月1日—2023年6月30日",
        "实时（未冻结）",
        "数据截至2023年7月3日08:00",
        "数一数“加装电梯”里",
        "第1版",
        "松涛居民区",
        "沧源路",
        "没有算进来的 3条",
        "2条状态不是已验收、已交付",
        "1条竣工验收日期在2023年6月30日之后",
    ):
        assert words in page, words
    left = text(cast.client("section"), f"{code}?left=1")
    assert "看算进来的记录" in left
    assert json.loads(cast.client("section").get(f"{code}.json").content)[0]["数"] == 16


def test_without_rights_counts_only(cast, lifts):
    page = text(cast.client("auditor"), queries.link_for("t_lifts", cast.unit("yunxiu"), H1))
    assert "16台" in page
    assert "沧源路" not in page
    assert "只给数不给名单" in page


def test_numbers_of_other_offices_and_strange_codes_are_not_found(cast, lifts):
    other = build_cast("donghu")
    code = queries.link_for("t_lifts", other.unit("p1"), H1)
    client = cast.client("leader")
    for path in (
        code,
        "/n/zzzzzzz",
        "/n/zzzzzzzzzzzz",
        "/n/1",
        "/indicators/none",
        "/indicators?unit=zz",
        "/indicators?period=20",
        "/indicators?theme=zz",
        "/indicators.pdf",
        "/indicators/supply/none",
    ):
        assert client.get(path).status_code == 404, path


def test_strangers_are_sent_to_sign_in(cast, client):
    for path in ("/indicators", "/n/zzzzzzz", "/indicators/catalogue"):
        assert client.get(path).status_code == 302


def test_a_number_page_takes_six_statements(cast, lifts, django_assert_max_num_queries):
    client = cast.client("section")
    code = queries.link_for("t_lifts", cast.unit("yunxiu"), H1)
    client.get(code)
    with django_assert_max_num_queries(6):
        client.get(code)


def test_the_board_takes_few_statements(cast, lifts, django_assert_max_num_queries):
    client = cast.client("leader")
    with django_assert_max_num_queries(4 + 3):  # three kinds in this theme
        client.get("/indicators?theme=样例")


def test_a_frozen_number_has_its_page(cast, lifts, write):
    planner = cast.viewers["planner"]
    wanted = operations.Wanted("t_lifts", cast.unit("yunxiu"), H1)
    made = operations.freeze(planner, [wanted], AT, used_in="上半年报告第3页")[0]
    write("counting.lift", "c1", completed_on="2023-06-30", _state="accepted")
    page = text(cast.client("section"), made.href)
    for words in ("16台", "冻结后多了1条", "已冻结", "上半年报告第3页"):
        assert words in page, words
    live = text(cast.client("section"), queries.link_for("t_lifts", cast.unit("yunxiu"), H1))
    assert "17台" in live


def test_a_target_is_set_and_withdrawn_with_a_reason(cast, lifts):
    client, path = cast.client("planner"), "/indicators/t_visits/target"
    bad = client.post(
        path, {"_nonce": nonce(client, path), "period": "x", "value": "abc", "comparator": ">="}
    )
    assert bad.status_code == 422
    good = client.post(
        path,
        {
            "_nonce": nonce(client, path),
            "period": "2023",
            "value": "1.2万",
            "comparator": ">=",
            "source": "年度计划",
        },
    )
    assert good.status_code == 302
    leader = cast.viewers["leader"]
    figure = queries.figure(leader, "t_visits", "all", YEAR, AT)
    assert figure.target.value == 12000
    away = f"{path}/{figure.target.id}/withdraw"
    assert client.post(away, {"_nonce": nonce(client, path)}).status_code == 422
    assert client.post(away, {"_nonce": nonce(client, path), "why": "重定"}).status_code == 302
    assert queries.figure(leader, "t_visits", "all", YEAR, AT).target is None
    assert cast.client("grid").get(path).status_code == 403


def test_a_statistic_is_supplied_and_revised(cast):
    client, path = cast.client("section"), "/indicators/supply/t_tax_supplied"
    for value in ("100", "120"):
        given = {
            "_nonce": nonce(client, path),
            "unit": "yunxiu",
            "period": "2023-05",
            "value": value,
            "source": "区财政局快报",
            "base": "90",
        }
        assert client.post(path, given).status_code == 302
    page = text(client, path)
    assert "100万元" in page
    assert "120万元" in page
    figure = queries.figure(cast.viewers["leader"], "t_tax", "all", "2023-05", AT)
    assert figure.value == 1_200_000
    assert figure.text == "120万元"
    assert figure.year.words == "可比同比上升33.3%"
    assert cast.client("auditor").post(path, {"_nonce": "x"}).status_code == 403


def test_the_planner_confirms_a_definition(cast):
    operations.note_definitions(AT)
    client = cast.client("planner")
    path = "/indicators/catalogue?name=t_lifts"
    done = client.post("/indicators/t_lifts/approve", {"_nonce": nonce(client, path)})
    assert done.status_code == 302
    assert "王党政于2023年7月3日确认" in text(client, path)
    assert (
        cast.client("grid").post("/indicators/t_lifts/approve", {"_nonce": "abc"}).status_code
        == 403
    )


@pytest.mark.parametrize(
    "path",
    [
        "/indicators.xlsx?theme=样例",
        "/indicators.csv",
        "/indicators.json",
        "/indicators/t_lifts.csv",
        "/indicators/catalogue.xlsx",
        "/indicators/compare.json?names=t_lifts",
    ],
)
def test_every_table_is_handed_out_as_a_file(cast, lifts, path):
    response = cast.client("leader").get(path)
    assert response.status_code == 200
    assert len(response.content) > 100


def test_valid_from_days_are_told(cast, write):
    write("counting.firm", "c1", _on=date(2022, 1, 5), name="一号公司")
    page = text(cast.client("section"), queries.link_for("t_firms", cast.unit("c1"), H1))
    assert "2022年1月5日" in page
    assert "最后一天仍然有效的1条" in page
