"""Periods: codes, titles, steps, and what must hold for every one of them."""

import itertools
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhen.kernel.periods import KINDS, LENGTHS, BadPeriod, Period

DAYS = st.dates(date(1950, 1, 1), date(2500, 12, 31))
PERIODS = st.builds(Period.of, DAYS, st.sampled_from(KINDS), st.integers(1, 12))


@pytest.mark.parametrize(
    ("code", "start", "until", "kind", "title"),
    [
        ("2023", "2023-01-01", "2024-01-01", "year", "2023年"),
        ("2023H1", "2023-01-01", "2023-07-01", "half", "2023年上半年"),
        ("2023H2", "2023-07-01", "2024-01-01", "half", "2023年下半年"),
        ("2023Q1", "2023-01-01", "2023-04-01", "quarter", "2023年第一季度"),
        ("2023Q4", "2023-10-01", "2024-01-01", "quarter", "2023年第四季度"),
        ("2024-02", "2024-02-01", "2024-03-01", "month", "2024年2月"),
        ("2023-12", "2023-12-01", "2024-01-01", "month", "2023年12月"),
        (
            "2023Y11",
            "2022-11-01",
            "2023-11-01",
            "office_year",
            "2023年度（2022年11月至2023年10月）",
        ),
        ("2023Y02", "2022-02-01", "2023-02-01", "office_year", "2023年度（2022年2月至2023年1月）"),
    ],
)
def test_it_reads_a_code(code, start, until, kind, title):
    period = Period.parse(code)
    assert (period.start.isoformat(), period.until.isoformat()) == (start, until)
    assert (period.kind, period.title, str(period)) == (kind, title, code)
    assert period.title_en


@pytest.mark.parametrize(
    "code",
    [
        "",
        "23",
        "2023H3",
        "2023Q0",
        "2023-13",
        "2023-6",
        "2023Y01",
        "2023Y13",
        "2023y11",
        "2023 H1",
        "1899",
        "3000",
        "２０２３",
        "2023H1;",
        "2023\n-06",
        "2023--06",
        "x" * 10000,
    ],
)
def test_it_refuses_what_is_no_code(code):
    with pytest.raises(BadPeriod) as caught:
        Period.parse(code)
    assert "2023H1" in caught.value.message
    assert caught.value.message_en


def test_the_share_elapsed_counts_the_day_itself():
    year = Period.parse("2023")
    assert year.elapsed(date(2023, 7, 3)) == Fraction(184, 365)
    assert year.elapsed(date(2022, 12, 31)) == 0
    assert year.elapsed(date(2023, 1, 1)) == Fraction(1, 365)
    assert year.elapsed(date(2023, 12, 31)) == 1
    assert year.elapsed(date(2030, 1, 1)) == 1


def test_a_moment_counts_on_its_local_day():
    evening = datetime(2023, 6, 30, 20, 0, tzinfo=ZoneInfo("UTC"))
    assert evening not in Period.parse("2023H1")
    assert evening in Period.parse("2023H2")
    assert Period.of(evening, "month").code == "2023-07"
    with pytest.raises(ValueError, match="zone"):
        Period.parse("2023").elapsed(datetime(2023, 6, 30))  # noqa: DTZ001


def test_the_office_year_is_named_by_its_end():
    assert Period.of(date(2022, 10, 31), "office_year", 11).code == "2022Y11"
    assert Period.of(date(2022, 11, 1), "office_year", 11).code == "2023Y11"
    assert Period.of(date(2022, 11, 1), "office_year", 1).code == "2022"
    assert Period.of(date(2022, 6, 30), "office_year", 7).code == "2022Y07"


@pytest.mark.parametrize(("kind", "month"), [("week", 1), ("office_year", 0), ("office_year", 13)])
def test_it_refuses_a_kind_or_month_that_is_none(kind, month):
    with pytest.raises(BadPeriod):
        Period.of(date(2023, 1, 1), kind, month)


def test_steps_stop_at_the_years_that_are_kept():
    with pytest.raises(BadPeriod):
        Period.parse("1900-01").previous()
    with pytest.raises(BadPeriod):
        Period.parse("2999").next()


@given(PERIODS)
def test_a_code_is_read_back_to_the_same_period(period):
    assert Period.parse(period.code) == period


@given(PERIODS)
def test_months_partition_the_period(period):
    months = period.months
    assert len(months) == LENGTHS[period.kind]
    assert (months[0].start, months[-1].until) == (period.start, period.until)
    assert all(a.until == b.start for a, b in itertools.pairwise(months))
    assert sum(month.days for month in months) == period.days
    assert all(period.contains(month) and month.kind == "month" for month in months)


@given(PERIODS, st.integers(-40, 40))
def test_steps_invert(period, steps):
    assert period.shifted(steps).shifted(-steps) == period
    assert period.years_before(steps).years_before(-steps) == period
    assert period.previous().next() == period
    assert period.previous().until == period.start
    assert period.years_before().start.month == period.start.month
    assert period.years_before(steps).kind == period.kind


@given(DAYS, st.sampled_from(KINDS), st.integers(1, 12))
def test_each_day_belongs_to_one_period_of_a_kind(day, kind, month):
    period = Period.of(day, kind, month)
    assert day in period
    assert day not in period.previous()
    assert day not in period.next()
    assert period.last in period
    assert period.until not in period


@given(PERIODS, DAYS, st.integers(0, 500))
def test_the_share_elapsed_never_falls(period, day, later):
    before, after = period.elapsed(day), period.elapsed(day + timedelta(days=later))
    assert 0 <= before <= after <= 1


@given(st.lists(PERIODS, max_size=5))
def test_periods_sort_by_start(periods):
    starts = [period.start for period in sorted(periods)]
    assert starts == sorted(starts)
