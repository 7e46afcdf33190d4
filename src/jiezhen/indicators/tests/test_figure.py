"""One figure at a time: measures, the as-of day, units, growth, targets."""

from datetime import date
from decimal import Decimal

import pytest

from jiezhen.conftest import AT
from jiezhen.indicators import queries
from jiezhen.kernel.periods import Period


def value(cast, name, unit="all", period="2023", at=AT):
    return queries.figure(cast.viewers["leader"], name, unit, period, at).value


def test_it_counts_only_rows_whose_condition_is_true_and_whose_date_is_in_the_period(cast, write):
    write("counting.lift", "c1", completed_on="2023-06-30", _state="accepted")
    write("counting.lift", "c2", completed_on="2023-01-01", _state="handed_over")
    write("counting.lift", "c2", completed_on="2023-07-01", _state="accepted")
    write("counting.lift", "c3", completed_on="2023-03-01", _state="survey")
    write("counting.lift", "c3", completed_on="2022-12-31", _state="accepted")
    assert value(cast, "t_lifts", period="2023H1") == 2
    assert value(cast, "t_lifts", "p1", "2023H1") == 2
    assert value(cast, "t_lifts", "c3", "2023H1") == 0
    assert value(cast, "t_lifts", "c2", "2023Q1") == 1
    assert value(cast, "t_lifts", "all", "2023-07") == 1
    assert value(cast, "t_lifts", "all", "2023Y11") == 4


def test_rows_after_the_as_of_day_and_withdrawn_rows_never_count(cast, write):
    write("counting.lift", "c1", completed_on="2023-07-03", _state="accepted")
    write("counting.lift", "c1", completed_on="2023-07-04", _state="accepted")
    write("counting.lift", "c1", completed_on="2023-07-01", _state="accepted", _withdrawn_at=AT)
    assert value(cast, "t_lifts") == 1


def test_money_is_in_yuan_and_unknown_conditions_leave_a_row_out(cast, write):
    row = {"completed_on": "2023-02-01", "contract": 12345}
    write("counting.lift", "c1", **row, style="a", insured="no")
    write("counting.lift", "c1", **row, style="a", insured="yes")
    write("counting.lift", "c1", **row, style="a")
    write("counting.lift", "c1", **row, style="b")
    assert value(cast, "t_contracts") == Decimal("123.45")


def test_distinct_counts_are_not_added_up(cast, write):
    for unit, day, eater in [
        ("c1", "2023-01-05", "王"),
        ("c1", "2023-02-05", "王"),
        ("c2", "2023-02-06", "王"),
        ("c2", "2023-02-07", "李"),
    ]:
        write("counting.meal", unit, day=day, eater=eater)
    assert value(cast, "t_eaters") == 2
    assert value(cast, "t_eaters", "c1") == 1
    assert value(cast, "t_eaters", "all", "2023-01") == 1


def test_a_ratio_keeps_its_parts_and_says_when_it_cannot_be_told(cast, write):
    write("counting.meal", "c1", day="2023-01-05", visits=30, free="yes")
    write("counting.meal", "c2", day="2023-02-05", visits=90, free="no")
    found = queries.figure(cast.viewers["leader"], "t_free_share", "all", "2023", AT)
    assert (found.numerator, found.denominator) == (30, 120)
    assert found.value == Decimal("0.25")
    assert found.text == "25%"
    nothing = queries.figure(cast.viewers["leader"], "t_free_share", "c3", "2023", AT)
    assert nothing.value is None
    assert "为0" in nothing.why


def test_a_stock_is_what_is_valid_at_the_end(cast, write):
    write("counting.firm", "c1")
    write("counting.firm", "c1", _on=date(2022, 5, 1), _until=date(2023, 3, 1))
    write("counting.firm", "c2", _on=date(2023, 2, 15), large="yes")
    write("counting.firm", "c2", _on=date(2023, 8, 1))
    write("counting.firm", "c2", _on=date(2023, 2, 1), _until=date(2023, 1, 1))
    assert value(cast, "t_firms", period="2021") == 1
    assert value(cast, "t_firms", period="2022") == 2
    assert value(cast, "t_firms", period="2023-02") == 3
    assert value(cast, "t_firms", period="2023-03") == 2
    assert value(cast, "t_firms", period="2023") == 2
    assert value(cast, "t_large", "p1") == 1


def test_growth_compares_an_unfinished_period_with_the_same_days_of_last_year(cast, write):
    for day in (
        "2022-07-03",
        "2022-07-04",
        "2022-01-10",
        "2023-07-03",
        "2023-05-05",
        "2023-02-02",
    ):
        write(
            "counting.lift", "c1", completed_on=day, _state="accepted", _opened_on=date(2021, 1, 1)
        )
    found = queries.figure(cast.viewers["leader"], "t_lifts", "all", "2023", AT)
    assert found.value == 3
    assert found.year.base == 2
    assert found.year.words == "同比上升50.0%"
    assert found.year.favour == "有利"
    half = queries.figure(cast.viewers["leader"], "t_lifts", "all", "2023H1", AT)
    assert half.year.words == "同比上升100%"
    assert half.previous.words == "环比持平" if half.previous.base == 2 else True


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (["2023-02-02"], "没有上年同期的数，不算同比"),
        (["2023-02-02", "2021-02-02"], "上年同期为0，不算同比"),
        (["2023-02-02", "2022-02-02"], "同比持平"),
        (["2022-02-02"], "同比下降100%"),
    ],
)
def test_a_base_of_nothing_is_said_in_words(cast, write, days, words):
    for day in days:
        write("counting.lift", "c1", completed_on=day, _state="accepted")
    found = queries.figure(cast.viewers["leader"], "t_lifts", "all", "2023H1", AT)
    assert found.year.words == words


def test_rates_differ_in_percentage_points(cast, write):
    write("counting.meal", "c1", day="2022-01-05", visits=20, free="yes")
    write("counting.meal", "c1", day="2022-01-05", visits=80, free="no")
    write("counting.meal", "c1", day="2023-01-05", visits=25, free="yes")
    write("counting.meal", "c1", day="2023-01-06", visits=75, free="no")
    found = queries.figure(cast.viewers["leader"], "t_free_share", "all", "2023H1", AT)
    assert found.year.words == "同比上升5个百分点"
    assert found.year.rate is None


def test_a_named_year_is_compared(cast, write):
    write("counting.lift", "c1", completed_on="2021-02-02", _state="accepted")
    for _ in range(3):
        write("counting.lift", "c1", completed_on="2023-02-02", _state="accepted")
    period = Period.parse("2023H1")
    sheet = queries.sheet(
        cast.viewers["leader"], ["t_lifts"], ["all"], [period], AT, against=(2021,)
    )
    assert sheet.figure("t_lifts", "all", period).growths[2021].words == "比2021年上升200.0%"


def test_one_statement_for_a_kind(cast, write, django_assert_num_queries):
    write("counting.meal", "c1", day="2023-01-05", visits=30, free="yes", eater="王")
    names = ["t_visits", "t_eaters", "t_price", "t_free_visits", "t_free_share"]
    months = Period.parse("2023").months
    with django_assert_num_queries(3):  # units, notes, the kind
        sheet = queries.sheet(cast.viewers["leader"], names, ["c1", "p1", "all"], months, AT)
        for name in names:
            for unit in ("c1", "p1", "all"):
                for month in months:
                    sheet.figure(name, unit, month)


def test_records_of_an_ended_unit_count_for_its_successor(cast, write):
    from jiezhen.units import operations as units

    write("counting.lift", "c3", completed_on="2023-02-02", _state="accepted")
    assert value(cast, "t_lifts", "p2") == 1
    units.end_unit(cast.system, "c3", date(2023, 3, 1), AT, successor="c1")
    assert value(cast, "t_lifts", "c1") == 1
    assert value(cast, "t_lifts", "p1") == 1
    assert value(cast, "t_lifts", "p2") == 0
    assert value(cast, "t_lifts", "c3") == 1
    assert value(cast, "t_lifts") == 1


def test_an_unknown_indicator_is_named_with_the_nearest(cast):
    with pytest.raises(queries.UnknownIndicator, match="t_lifts"):
        queries.figure(cast.viewers["leader"], "t_lift", "all", "2023", AT)
