"""The queue through its page: tabs that are clocks, filters, paging, what it costs."""

import html
import re
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

from jiezhen.conftest import Cast
from jiezhen.matters import operations
from jiezhen.matters.models import Matter
from jiezhen.matters.tests.conftest import again, at, opened
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.records.tests.test_list_page import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]

CASE = "trial.case"
CODE = re.compile(r"TG-2023-\d{6}")


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be Wednesday, 21 June 2023, ten o'clock; the next two days are holidays."""
    monkeypatch.setenv("JIEZHEN_NOW", at("2023-06-21 10:00").isoformat())


def codes(shown: str) -> list[str]:
    """Return the numbers of the lines in their order."""
    found = re.findall(r'name="selected" value="trial\.case:(\d+)"', shown)
    rows = Matter.objects.for_system("test").in_bulk([int(n) for n in found])
    return [rows[int(n)].code for n in found]


def tab(cast: Cast, name: str, who: str = "city", more: str = "") -> list[str]:
    return codes(page(cast.client(who), f"/matters?tab={name}{more}"))


def dispatched(desk: Viewer, row: Matter, moment: str, unit: str = "c1") -> Matter:
    return operations.move(desk, CASE, row.pk, "dispatch", {}, at(moment), unit=unit)


def test_tabs_are_clocks(cast: Cast, desk: Viewer) -> None:
    late = opened(desk, "2023-06-12 09:00", subject="外墙脱落", **{"class": "consult"})
    waiting = opened(desk, "2023-06-20 15:00", subject="楼道堆物")
    called = dispatched(desk, opened(desk, "2023-06-20 11:00", subject="噪声"), "2023-06-20 14:00")
    done = opened(desk, "2023-06-20 16:00", subject="路灯")
    dispatched(desk, done, "2023-06-20 16:10")
    operations.contact(desk, CASE, done.pk, "reached", at("2023-06-20 16:20"))
    operations.move(desk, CASE, done.pk, "finish", {}, at("2023-06-20 17:00"))
    assert tab(cast, "overdue") == [late.code]
    assert tab(cast, "today") == [called.code]
    assert tab(cast, "contact") == [called.code]
    assert tab(cast, "dispatch") == [late.code, waiting.code]
    assert tab(cast, "todo") == [late.code, called.code, waiting.code]
    assert tab(cast, "closed") == [done.code]
    assert tab(cast, "all") == [done.code, called.code, waiting.code, late.code]
    shown = page(cast.client("city"), "/matters?clock=overdue")
    assert '已超时<span class="count">1</span>' in shown
    assert "超期" in shown
    assert "6个工作日" in shown
    assert "办结时限 2023年6月13日09:00" in shown


def test_only_tabs_that_the_kinds_can_have(cast: Cast, desk: Viewer) -> None:
    shown = page(cast.client("city"), "/matters?kind=trial.case")
    assert "待核查" in shown
    assert "待审批" in shown
    assert "待核实" not in shown
    assert "待回访" not in shown
    assert "要联系" not in page(cast.client("city"), "/matters?kind=trial.call")


def test_a_carried_matter_is_in_no_open_tab(cast: Cast, desk: Viewer) -> None:
    one, two = opened(desk), opened(desk)
    operations.merge(desk, CASE, one.pk, [two.pk], at("2023-06-21 09:30"))
    for name in ("todo", "dispatch"):
        assert tab(cast, name) == [one.code]
    assert tab(cast, "all") == [two.code, one.code]
    assert "已并案" in page(cast.client("city"), "/matters?tab=all")


def test_a_pause_tells_its_reason_and_has_no_light(cast: Cast, desk: Viewer) -> None:
    row = dispatched(desk, opened(desk), "2023-06-21 09:20")
    operations.ask(desk, CASE, row.pk, "pause", at("2023-06-21 09:30"), reason="absent")
    shown = page(cast.client("city"), "/matters?kind=trial.case")
    assert "暂停：等居民在家" in shown
    assert 'class="due"' not in shown
    assert tab(cast, "todo", more="&paused=1") == [row.code]
    other = opened(desk)
    assert tab(cast, "todo") == [other.code, row.code]


def test_filters_by_who_looks_after_it_and_what_is_pressed_for(cast: Cast, desk: Viewer) -> None:
    mine, free, pressed = opened(desk), opened(desk), opened(desk)
    for row in (mine, pressed):
        dispatched(desk, row, "2023-06-21 09:20")
        operations.assign(desk, CASE, row.pk, at("2023-06-21 09:21"), handler="grid")
    operations.supervise(desk, CASE, pressed.pk, at("2023-06-21 09:22"), words="抓紧")
    assert sorted(tab(cast, "todo", "grid", "&handler=me")) == [mine.code, pressed.code]
    assert tab(cast, "todo", "city", "&handler=none") == [free.code]
    assert tab(cast, "todo", "city", "&pressed=1") == [pressed.code]
    assert tab(cast, "todo", "city", "&source=portal") == []
    assert "李松涛" in page(cast.client("city"), "/matters?pressed=1")
    assert tab(cast, "todo", "city", "&unit=c1") == tab(cast, "todo", "grid")
    assert tab(cast, "todo", "neighbour") == []


def leafed(cast: Cast, address: str) -> list[list[str]]:
    """Return the lines of every page, following the links forward and back again."""
    client, pages, last = cast.client("city"), [], address
    while address:
        shown = page(client, address)
        pages.append(codes(shown))
        last = address
        following = re.search(r'rel="next" href="([^"]*)"', shown)
        address = "/matters" + html.unescape(following[1]) if following else ""
    back: list[list[str]] = []
    while last:
        shown = page(client, last)
        back.insert(0, codes(shown))
        before = re.search(r'rel="prev" href="([^"]*)"', shown)
        last = "/matters" + html.unescape(before[1]) if before else ""
    assert back == pages
    return pages


@pytest.mark.parametrize("name", ["todo", "all", "closed"])
def test_leafing_neither_loses_nor_doubles_a_line(cast: Cast, desk: Viewer, name: str) -> None:
    row = opened(desk)
    many = []
    for n in range(23):
        row.pk, row.code = None, f"TG-2023-{n + 100:06d}"
        row.due_at = at("2023-07-01 09:00") + timedelta(hours=n // 5) if n % 3 else None
        row.closed_on = at("2023-06-01 09:00").date() if n % 2 and name == "closed" else None
        many.append(Matter(**{f.attname: getattr(row, f.attname) for f in row._meta.fields}))
    Matter.objects.bulk_create(many)
    pages = leafed(cast, f"/matters?tab={name}&n=4")
    lines = [code for some in pages for code in some]
    rows = Matter.objects.for_system("test")
    rows = rows.exclude(closed_on=None) if name == "closed" else rows
    assert sorted(lines) == sorted(rows.values_list("code", flat=True))
    assert all(len(some) == 4 for some in pages[:-1])


def test_a_count_stops_where_it_says(
    cast: Cast, desk: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The package's function of that name hides its module.
    monkeypatch.setattr(import_module("jiezhen.matters.queries.queue"), "MOST", 2)
    monkeypatch.setattr("jiezhen.matters.views.queue_page.MOST_COUNTED", 2)
    for _n in range(4):
        opened(desk)
    shown = page(cast.client("city"), "/matters?kind=trial.case")
    assert '待办<span class="count">2+</span>' in shown
    assert "1—4 / 2+件" in shown


@pytest.mark.parametrize("who", ["city", "grid"])
def test_a_page_of_a_hundred_asks_six_statements_at_most(
    cast: Cast, desk: Viewer, django_assert_max_num_queries: Any, who: str
) -> None:
    for n in range(12):
        row = dispatched(desk, opened(desk), "2023-06-21 09:20")
        if n % 3:
            operations.ask(desk, CASE, row.pk, "pause", at("2023-06-21 09:30"), reason="absent")
    client = cast.client(who)
    page(client, "/matters")
    with django_assert_max_num_queries(6):
        assert len(codes(page(client, "/matters?n=100"))) == 12


def test_a_day_without_a_clock_is_due_at_its_end(cast: Cast, desk: Viewer) -> None:
    row = records.create(
        desk, "trial.call", cast.unit("c1"), {"who": "值班"}, at("2023-06-20 09:00"),
        given={"due_on": "2023-06-21"},
    )  # fmt: skip
    assert isinstance(row, Matter)
    assert again(row).due_at == at("2023-06-21 23:59") + timedelta(seconds=59)
    assert row.code in page(cast.client("city"), "/matters?tab=today")


def test_faults_of_the_tables_of_routes_are_told_to_who_dispatches(
    cast: Cast, desk: Viewer
) -> None:
    fault = "没有单元“夜间中队”"
    assert fault in page(cast.client("city"), "/matters")
    assert fault not in page(cast.client("grid"), "/matters")


def test_what_asks_to_be_hung_waits_for_its_decision(cast: Cast, desk: Viewer) -> None:
    row = dispatched(desk, opened(desk), "2023-06-21 09:20")
    operations.contact(desk, CASE, row.pk, "reached", at("2023-06-21 09:25"))
    asked = operations.ask(
        desk, CASE, row.pk, "hang", at("2023-06-21 09:30"), reason="money", words="等资金"
    )
    assert tab(cast, "decide") == [row.code]
    operations.decide(
        cast.viewers["section"], asked.pk, at("2023-06-21 09:40"), grant=False, words="再想想"
    )
    assert tab(cast, "decide") == []
