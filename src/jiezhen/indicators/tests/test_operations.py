"""Writes about figures: rights, trail, revisions, versions."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from jiezhen.conftest import AT
from jiezhen.indicators import operations, queries
from jiezhen.indicators.models import Definition, Supplied
from jiezhen.indicators.operations import Number
from jiezhen.indicators.queries import counting
from jiezhen.kernel.periods import Period
from jiezhen.packs import registry
from jiezhen.trail.models import Entry

YEAR = Period.parse("2023")


def give(cast, statistic, period, value, unit="yunxiu", revises=None, **more):
    number = Number(
        cast.unit(unit), Period.parse(period), value and Decimal(value), "快报", **more
    )
    return operations.supply(cast.viewers["section"], statistic, number, AT, revises=revises)


def figure(cast, name, period, unit="all"):
    return queries.figure(cast.viewers["leader"], name, unit, period, AT)


def test_supplied_months_add_up_and_missing_ones_are_named(cast):
    for month in (1, 2, 3, 5):
        give(cast, "t_tax_supplied", f"2023-0{month}", "10.5")
    half = figure(cast, "t_tax", "2023H1")
    assert half.value == 420_000
    assert half.why == "还缺2023年4月、2023年6月的数。"
    assert figure(cast, "t_tax", "2023Q1").why == ""
    assert figure(cast, "t_tax", "2022").value is None


def test_a_whole_period_wins_over_its_parts(cast):
    give(cast, "t_tax_supplied", "2023-01", "10")
    give(cast, "t_tax_supplied", "2023", "500")
    assert figure(cast, "t_tax", "2023").value == 5_000_000


def test_units_add_up_where_the_office_has_no_number(cast):
    give(cast, "t_tax_supplied", "2023-01", "10", "c1")
    give(cast, "t_tax_supplied", "2023-01", "5", "c3")
    give(cast, "t_tax_supplied", "2023-01", "12", "p1")
    assert figure(cast, "t_tax", "2023-01").value == 170_000
    assert figure(cast, "t_tax", "2023-01", "p1").value == 120_000


def test_the_latest_number_stands_for_a_stock_and_a_rate_never_adds_up(cast):
    give(cast, "t_heads_supplied", "2023-01", "100")
    give(cast, "t_heads_supplied", "2023-03", "130")
    assert figure(cast, "t_heads", "2023").value == 130
    give(cast, "t_rate_supplied", "2023Q1", "99.6")
    assert figure(cast, "t_rate", "2023").value is None
    quarter = figure(cast, "t_rate", "2023Q1")
    assert (quarter.value, quarter.text) == (Decimal("0.996"), "99.6%")


def test_revisions_are_appended_and_the_slower_of_two_is_told(cast):
    first = give(cast, "t_tax_supplied", "2023-01", "10")
    second = give(cast, "t_tax_supplied", "2023-01", "12", revises=first)
    with pytest.raises(operations.UnableToSet, match="别人"):
        give(cast, "t_tax_supplied", "2023-01", "13", revises=first)
    give(cast, "t_tax_supplied", "2023-01", None, revises=second)
    assert figure(cast, "t_tax", "2023-01").value is None
    assert Supplied.objects.for_system("test").count() == 3
    assert Entry.objects.filter(action="indicators.number.revised").count() == 2


def test_numbers_are_supplied_in_bulk_once(cast):
    numbers = [Number(cast.unit("yunxiu"), m, Decimal(10), "快报") for m in YEAR.months]
    section = cast.viewers["section"]
    assert operations.supply_many(section, "t_tax_supplied", numbers, AT) == (12, 0)
    assert operations.supply_many(section, "t_tax_supplied", numbers, AT) == (0, 12)


def test_a_growth_that_came_along_is_told(cast):
    give(cast, "t_tax_supplied", "2023-01", "10", growth=Decimal("15.2"))
    assert figure(cast, "t_tax", "2023-01").year.words == "同比上升15.2%"
    give(cast, "t_tax_supplied", "2023-02", "12", base=Decimal("10"))
    found = figure(cast, "t_tax", "2023-02").year
    assert (found.words, found.restated) == ("可比同比上升20.0%", True)
    give(cast, "t_tax_supplied", "2022-03", "10")
    give(cast, "t_tax_supplied", "2023-03", "11")
    assert figure(cast, "t_tax", "2023-03").year.words == "同比上升10.0%"


def test_who_may_not_is_refused(cast):
    number = Number(cast.unit("yunxiu"), YEAR, Decimal(1), "快报")
    with pytest.raises(operations.NotAllowed):
        operations.supply(cast.viewers["grid"], "t_tax_supplied", number, AT)
    with pytest.raises(operations.NotAllowed):
        operations.set_target(
            cast.viewers["section"], "t_lifts", cast.unit("c1"), YEAR, Decimal(1), AT
        )


def test_a_target_lights_up_and_leaves_a_trail(cast, write):
    for _ in range(16):
        write("counting.lift", "c1", completed_on="2023-03-01", _state="accepted")
    planner, office = cast.viewers["planner"], cast.unit("yunxiu")
    operations.set_target(planner, "t_lifts", office, YEAR, Decimal(30), AT)
    operations.set_target(planner, "t_lifts", office, YEAR, Decimal(36), AT, source="计划")
    found = figure(cast, "t_lifts", "2023")
    assert found.light.colour == "yellow"
    assert found.light.why == "完成44.4% ÷ 序时50.4%（184/365天）= 0.88，低于0.95。"
    half = figure(cast, "t_lifts", "2023H1")
    assert half.target.value == 36
    assert half.reached == 16
    assert Entry.objects.filter(action="indicators.target.set").count() == 2


def test_a_target_of_the_second_half_begins_in_july(cast, write):
    write("counting.lift", "c1", completed_on="2023-03-01", _state="accepted")
    operations.set_target(
        cast.system,
        "t_lifts",
        cast.unit("yunxiu"),
        YEAR,
        Decimal(1),
        AT,
        starts_on=date(2023, 8, 1),
    )
    found = figure(cast, "t_lifts", "2023")
    assert (found.light.colour, found.light.word) == ("grey", "未启动")


def test_without_any_record_the_light_is_grey(cast):
    operations.set_target(cast.system, "t_lifts", cast.unit("yunxiu"), YEAR, Decimal(1), AT)
    found = figure(cast, "t_lifts", "2023")
    assert (found.light.colour, found.light.why) == ("grey", "还没有关联记录。")
    assert found.value == 0
    assert found.empty


def test_a_changed_definition_gets_a_new_version(cast, monkeypatch):
    count = operations.note_definitions(AT)
    assert count == len(registry.catalogue().indicators)
    assert operations.note_definitions(AT) == 0
    Definition.objects.filter(indicator="t_lifts").update(digest="0" * 16)
    assert operations.note_definitions(AT + timedelta(days=1)) == 1
    assert figure(cast, "t_lifts", "2023").version == 2
    operations.approve(cast.viewers["planner"], "t_lifts", AT)
    with pytest.raises(operations.UnableToSet):
        operations.approve(cast.viewers["planner"], "t_lifts", AT)
    versions = queries.notes(cast.viewers["leader"], ["t_lifts"]).versions["t_lifts"]
    assert [(v.version, v.approved_by) for v in versions] == [(2, "王党政"), (1, "")]


def test_a_record_says_what_it_counts_for(cast, write):
    row = write("counting.meal", "c1", day="2023-03-01", visits=3, free="yes", eater="王")
    panel = counting.panel(cast.viewers["grid"], row, AT)
    assert {line.text for line in panel.lines} == {
        "样例助餐",
        "样例就餐人数",
        "样例免费助餐",
        "样例免费比率（分子）",
    }
    assert {s.name for s in queries.counted_in("counting.firm")} == {"t_firms", "t_large"}
    gone = write("counting.meal", "c1", day="2023-03-01", visits=3, _withdrawn_at=AT)
    assert counting.panel(cast.viewers["grid"], gone, AT) is None
