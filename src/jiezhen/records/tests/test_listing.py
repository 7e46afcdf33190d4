"""What a list finds, in which order, page by page, and with how many statements."""

from datetime import date
from typing import Any

import pytest

from jiezhen.conftest import AT, Cast
from jiezhen.records import facets, filters, operations, queries, sentences, shapes
from jiezhen.records.models import Row
from jiezhen.records.queries import Line, Page
from jiezhen.records.tests import world
from jiezhen.records.tests.test_list_page import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


def listed(cast: Cast, kind: str, size: int = 100, **query: Any) -> Page:
    plain = {k.replace("f_", "f.") if k.startswith("f_") else k: v for k, v in query.items()}
    return queries.listing(cast.viewers["section"], kind, plain, AT, size=size)


def titles(found: Page) -> list[str]:
    return [line.title for line in found.lines]


@pytest.fixture
def firms(cast: Cast) -> Cast:
    """Four firms with everything, with little, with nothing, and one elsewhere."""
    world.firm(
        cast,
        "甲面馆",
        "c1",
        sort="商铺",
        area=50,
        rent="1200.50",
        listed="是",
        since="2019-05-01",
        place="沧源路1号",
        state="好",
    )
    world.firm(
        cast,
        "乙工厂",
        "c1",
        sort="工厂",
        area="1200.5",
        rent="8万元",
        listed="否",
        since="2020-01-31",
        place="剑川路2号",
        state="差",
    )
    world.firm(cast, "丙", "c2")
    world.firm(cast, "丁商铺", "c3", sort="商铺", area=9, rent=90, since="2020-02-01")
    return cast


# One row a filter: what the address says, which firms it leaves.
CASES: list[tuple[dict[str, str], str]] = [
    ({}, "丁丙乙甲"),
    ({"f.sort": "shop"}, "丁甲"),
    ({"f.sort": "商铺"}, "丁甲"),
    ({"area__min": "50"}, "乙甲"),
    ({"area__max": "50"}, "丁甲"),
    ({"area": "1200.5"}, "乙"),
    ({"area__min": "10", "area__max": "100"}, "甲"),
    ({"rent__min": "1200.50"}, "乙甲"),
    ({"rent__min": "1200.51"}, "乙"),
    ({"rent__max": "1万元"}, "丁甲"),
    ({"listed": "yes"}, "甲"),
    ({"listed": "否"}, "乙"),
    ({"listed__none": "1"}, "丁丙"),
    ({"since": "2020-1-31"}, "乙"),
    ({"since__min": "20200131"}, "丁乙"),
    ({"since__max": "2020.1.31"}, "乙甲"),
    ({"place__has": "沧源"}, "甲"),
    ({"name__has": "商"}, "丁"),
    ({"f.state": "good"}, "甲"),
    ({"unit": "c1"}, "乙甲"),
    ({"unit": "p1"}, "丙乙甲"),
    ({"unit": "松涛"}, "乙甲"),
    ({"unit": "all"}, "丁丙乙甲"),
    ({"unit": "nowhere"}, ""),
    ({"q": "剑川"}, "乙"),
    ({"q": "面馆 沧源"}, "甲"),
    ({"q": "QY-2023-000003"}, "丙"),
    ({"q": "%"}, ""),
    ({"created_on": "2023-07-03"}, "丁丙乙甲"),
    ({"created_on__max": "2023-07-02"}, ""),
    ({"code": "QY-2023-000001"}, "甲"),
    ({"withdrawn": "1"}, ""),
]


@pytest.mark.parametrize(("query", "left"), CASES)
def test_filters_leave_what_they_say(firms: Cast, query: dict[str, str], left: str) -> None:
    found = queries.listing(firms.viewers["section"], "demo.firm", query, AT)
    assert "".join(t[0] for t in titles(found)) == left
    assert found.total == len(left)


# One row a foreign or broken part of an address: it is set aside and said.
NOTES = [
    ({"office_id": "1"}, "没有“office_id”这个筛选条件"),
    ({"data__name": "x"}, "没有“data__name”这个筛选条件"),
    ({"unit__path": "/"}, "没有“unit__path”这个筛选条件"),
    ({"version__gte": "1"}, "没有“version__gte”这个筛选条件"),
    ({"name__regex": "."}, "没有“name__regex”这个筛选条件"),
    ({"name__min": "1"}, "没有“name__min”这个筛选条件"),
    ({"area__min": "很大"}, "“很大”不是数"),
    ({"since": "2023-02-30"}, "2023年2月没有30日"),
    ({"f.sort": "cafe"}, "没有“cafe”"),
    ({"sort": "created_by_id"}, "不能按“created_by_id”排序"),
    ({"sort": "-data"}, "不能按“-data”排序"),
    ({"after": "made-up"}, "回到第一页"),
    ({"q": "13812345678"}, "请用“找人”来查"),
]


@pytest.mark.parametrize(("query", "note"), NOTES)
def test_what_is_not_known_is_set_aside_and_said(
    firms: Cast, query: dict[str, str], note: str
) -> None:
    found = queries.listing(firms.viewers["section"], "demo.firm", query, AT)
    assert note in "".join(found.notes)
    assert found.total == 4


def test_a_period_chooses_by_the_main_date(cast: Cast) -> None:
    for day in ("2022-12-31", "2023-01-01", "2023-06-30", "2023-07-01"):
        operations.create(
            cast.viewers["section"],
            "demo.visit",
            cast.unit("c1"),
            {"purpose": day, "visited_on": day, "people": 1, "began": f"{day} 9:05"},
            AT,
        )
    assert titles(listed(cast, "demo.visit", period="2023H1")) == ["2023-06-30", "2023-01-01"]
    assert titles(listed(cast, "demo.visit", began="2023-07-01")) == ["2023-07-01"]
    assert titles(listed(cast, "demo.visit", began__max="2023-01-01")) == [
        "2023-01-01",
        "2022-12-31",
    ]
    assert "读不懂期间" in "".join(listed(cast, "demo.visit", period="去年").notes)


def test_a_period_of_a_register_is_what_was_valid_at_its_end(cast: Cast) -> None:
    for name, since, until in (
        ("早", "2020-01-01", "2023-06-30"),
        ("在", "2020-01-01", None),
        ("界", "2023-06-30", "2023-07-01"),
        ("不知", None, None),
        ("晚", "2023-07-01", None),
    ):
        operations.create(
            cast.viewers["section"],
            "demo.firm",
            cast.unit("c1"),
            {"name": name},
            AT,
            given={"valid_from": since, "valid_until": until},
        )
    assert titles(listed(cast, "demo.firm", period="2023H1")) == ["界", "在"]
    assert titles(listed(cast, "demo.firm", period="2023")) == ["晚", "在"]


def test_states_and_links_are_filters_too(cast: Cast) -> None:
    home = world.home(cast)
    world.case(cast, "一", home=home.code)
    world.case(cast, "二")
    assert titles(listed(cast, "demo.case", state="received")) == ["二", "一"]
    found = listed(cast, "demo.case", home=str(home.pk))
    assert titles(found) == ["一"]
    assert found.sentence == "住户是沧源路123弄5号 张**：1条"
    assert listed(cast, "demo.case", home__none="1").total == 1
    assert "没有“caller”" in "".join(listed(cast, "demo.case", caller="王").notes)


SENTENCES = [
    ({}, "共4条"),
    ({"listed": "yes", "area__min": "10"}, "规上 且 面积不小于10平方米：1条"),
    ({"listed": "no"}, "不是规上：1条"),
    ({"f.sort": ["shop", "plant"], "unit": "c1"}, "松涛居民区 且 商铺或工厂：2条"),
    ({"rent__max": "1200.5"}, "租金不大于1200.5元：2条"),
    ({"since__min": "2020-02-01", "q": "铺"}, "成立日期不早于2020-02-01 且 含“铺”：1条"),
    ({"listed__none": "1"}, "没有规上：2条"),
    ({"place__has": "路"}, "地址含“路”：2条"),
]


@pytest.mark.parametrize(("query", "told"), SENTENCES)
def test_the_sentence_tells_the_filters(firms: Cast, query: dict[str, Any], told: str) -> None:
    assert listed(firms, "demo.firm", **query).sentence == told


def walked(cast: Cast, sort: str, size: int) -> tuple[list[Line], list[list[Line]]]:
    """Walk a list to its end and back again; the pages on the way there, then on the way back."""
    there: list[Page] = [listed(cast, "demo.firm", size, sort=sort)]
    while there[-1].next:
        there.append(listed(cast, "demo.firm", size, sort=sort, after=there[-1].next))
    back = [there[-1]]
    while back[-1].previous:
        back.append(listed(cast, "demo.firm", size, sort=sort, after=back[-1].previous))
    for one, other in zip(there, reversed(back), strict=True):
        assert titles(one) == titles(other)
        assert one.before == other.before
    return [line for p in there for line in p.lines], [list(p.lines) for p in there]


@pytest.mark.parametrize(
    "sort",
    [
        "",
        "title",
        "-title",
        "code",
        "area",
        "-area",
        "rent",
        "-rent",
        "since",
        "-since",
        "-listed",
        "created_on",
        "valid_from",
        "-f.sort",
    ],
)
def test_paging_loses_and_doubles_nothing(cast: Cast, sort: str) -> None:
    for n in range(23):
        values = {"area": n % 4, "rent": n % 3} if n % 5 else {}
        if n % 3:
            values["since"] = f"2020-01-{n % 7 + 1:02d}"
        world.firm(cast, f"企业{n:02d}", **values)
    lines, pages = walked(cast, sort, 5)
    assert len(lines) == len({line.code for line in lines}) == 23
    assert [len(p) for p in pages] == [5, 5, 5, 5, 3]


def test_sorting_puts_missing_values_below_all_others(firms: Cast) -> None:
    assert "".join(t[0] for t in titles(listed(firms, "demo.firm", sort="area"))) == "丙丁甲乙"
    assert "".join(t[0] for t in titles(listed(firms, "demo.firm", sort="-rent"))) == "乙甲丁丙"
    assert "".join(t[0] for t in titles(listed(firms, "demo.firm", sort="since"))) == "丙甲乙丁"


def test_a_place_serves_only_its_own_list(firms: Cast) -> None:
    after = listed(firms, "demo.firm", 2).next
    assert after
    assert titles(listed(firms, "demo.firm", 2, after=after)) == ["乙工厂", "甲面馆"]
    for other in ({"sort": "area"}, {"unit": "c1"}):
        found = listed(firms, "demo.firm", 2, after=after, **other)
        assert found.before == 0
        assert "回到第一页" in "".join(found.notes)


def test_facets_count_what_the_filters_leave(firms: Cast) -> None:
    counts = listed(firms, "demo.firm").counts
    assert counts.by["sort"] == {"shop": 2, "plant": 1, None: 1}
    assert counts.by["unit"] == {
        firms.unit("c1").id: 2,
        firms.unit("c2").id: 1,
        firms.unit("c3").id: 1,
    }
    assert listed(firms, "demo.firm", listed="yes").counts.by["sort"] == {"shop": 1}


def test_a_long_list_says_that_it_goes_on(firms: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facets, "LIMIT", 3)
    monkeypatch.setattr(sentences, "LIMIT", 3)
    found = listed(firms, "demo.firm")
    assert found.sentence == "共3+条"
    assert not found.counts.exact
    shown = page(firms.client("section"), "/records/demo.firm")
    assert "共3+条" in shown


def many(cast: Cast, n: int) -> None:
    """Write visits straight into the table; each with a link, as a long ledger has them."""
    homes = [world.home(cast, address=f"沧源路{i}号", head=f"张{i}") for i in range(5)]
    unit = cast.unit("c1")
    model = shapes.model_of("demo.visit")
    model.objects.bulk_create(
        [
            model(
                office_id=unit_office(cast),
                unit_id=unit.id,
                kind="demo.visit",
                code=f"ZF-2022-{i:06d}",
                title=f"走访{i}",
                on=date(2022, 1, 1 + i % 28),
                data={
                    "purpose": f"走访{i}",
                    "visited_on": f"2022-01-{1 + i % 28:02d}",
                    "people": i,
                    "home": homes[i % 5].pk,
                },
                created_at=AT,
                changed_at=AT,
            )
            for i in range(n)
        ],
        batch_size=1000,
    )


def unit_office(cast: Cast) -> int:
    return cast.viewers["section"].office_id


@pytest.mark.parametrize("n", [1_000, 12_000])
def test_a_list_costs_six_statements_however_long_it_is(
    cast: Cast, n: int, django_assert_max_num_queries: Any
) -> None:
    many(cast, n)
    client = cast.client("section")
    with django_assert_max_num_queries(6) as asked:
        shown = page(client, "/records/demo.visit")
    assert shown.count('data-label="走访日期"') in {0, 100}
    assert "沧源路" in shown
    first = len(asked)
    found = listed(cast, "demo.visit")
    for _n in range(3):
        found = listed(cast, "demo.visit", after=found.next)
    with django_assert_max_num_queries(6) as asked:
        page(client, f"/records/demo.visit?after={found.next}")
    assert len(asked) == first


def test_a_page_far_back_is_found_by_its_index(cast: Cast) -> None:
    many(cast, 3_000)
    found = listed(cast, "demo.visit")
    for _n in range(20):
        found = listed(cast, "demo.visit", after=found.next)
    assert found.before == 2000
    assert "OFFSET" not in str(found.order)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as asked:
        listed(cast, "demo.visit", after=found.next)
    assert not any("OFFSET" in q["sql"] for q in asked)
    if connection.vendor == "sqlite":
        sql = next(q["sql"] for q in asked if "ORDER BY" in q["sql"] and "LIMIT 101" in q["sql"])
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = " ".join(str(line) for line in cursor.fetchall())
        assert "activity_listing" in plan
        assert "TEMP B-TREE" not in plan


def test_export_reads_every_row_of_the_list(firms: Cast) -> None:
    rows = list(queries.every(firms.viewers["section"], "demo.firm", {"sort": "area"}, AT))
    assert [r.title[0] for r in rows] == list("丙丁甲乙")
    assert all(isinstance(r, Row) for r in rows)
    grid = list(queries.every(firms.viewers["grid"], "demo.firm", {}, AT))
    assert [r.title[0] for r in grid] == list("乙甲")


def test_saved_filters_are_kept_for_oneself(firms: Cast) -> None:
    client = firms.client("section")
    address = "/records/demo.firm/saved?area__min=50"
    nonce = world.nonce(page(client, address))
    client.post(address, {"_nonce": nonce, "title": "大户"})
    assert 'href="/records/demo.firm?area__min=50"' in page(client, "/records/demo.firm/saved")
    assert "大户" not in page(firms.client("city"), "/records/demo.firm/saved")
    shown = page(client, "/records/demo.firm/saved")
    number = shown.split('name="forget" value="')[1].split('"')[0]
    client.post(address, {"_nonce": world.nonce(shown), "forget": number})
    assert "大户" not in page(client, "/records/demo.firm/saved")


def test_columns_are_chosen_in_the_address(firms: Cast) -> None:
    client = firms.client("section")
    to = client.get("/records/demo.firm/columns?column=rent&column=place&q=面").headers["Location"]
    assert to == "/registers/demo.firm?q=%E9%9D%A2&columns=rent%2Cplace"
    shown = page(client, to)
    assert "1200.5元" in shown
    assert "沧源路1号" in shown


def test_an_address_reads_back_what_it_wrote(firms: Cast) -> None:
    kind = shapes.kind_of("demo.firm")
    query = filters.read(
        kind, [("f.sort", "shop"), ("f.sort", "plant"), ("after", "x")], AT.date()
    )
    assert query.toggled("f.sort", "plant") == "?f.sort=shop"
    assert query.address(unit="c1") == "?f.sort=shop&f.sort=plant&unit=c1"
    assert query.address(drop=["f.sort"]) == "?"
