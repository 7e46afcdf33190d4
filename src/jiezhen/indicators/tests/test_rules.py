"""Pure decisions as tables: lights, growth, spans, units, codes, amounts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhen.indicators import rules
from jiezhen.indicators.rules import amounts, codes
from jiezhen.indicators.rules.changes import told
from jiezhen.indicators.rules.spans import Buckets, Span, compared, span_of
from jiezhen.indicators.rules.units import Reach
from jiezhen.kernel.periods import KINDS, Period

ON = date(2023, 7, 3)
YEAR = (date(2023, 1, 1), date(2024, 1, 1))


@pytest.mark.parametrize(
    ("value", "target", "colour", "why"),
    [
        # The three lights of document 000 on 3 July 2023.
        (2747, 4649, "green", "完成59.1% ÷ 序时50.4%（184/365天）= 1.17，不低于0.95。"),
        (36, 75, "green", "完成48.0% ÷ 序时50.4%（184/365天）= 0.95，不低于0.95。"),
        (16, 36, "yellow", "完成44.4% ÷ 序时50.4%（184/365天）= 0.88，低于0.95。"),
        (14, 50, "red", "完成28.0% ÷ 序时50.4%（184/365天）= 0.56，低于0.80。"),
        # Reached, by exactly the target and by more.
        (50, 50, "blue", "完成100%，已达到目标。"),
        (71, 50, "blue", "完成142.0%，已达到目标。"),
        (0, 18, "red", "完成0.0% ÷ 序时50.4%（184/365天）= 0.00，低于0.80。"),
        (None, 18, "grey", "还没有数。"),
    ],
)
def test_the_light_of_a_number_that_grows(value, target, colour, why):
    light = rules.pace(value, target, ">=", *YEAR, ON)
    assert (light.colour, light.why) == (colour, why)


@pytest.mark.parametrize(
    ("value", "comparator", "on", "rate", "colour", "word"),
    [
        (Decimal("0.996"), ">=", ON, True, "yellow", "滞后"),  # 99.6% against 99.8%
        (Decimal("0.998"), ">=", ON, True, "green", "正常"),
        (Decimal("0.999"), ">=", date(2024, 1, 1), True, "blue", "销号"),
        (Decimal("0.5"), ">=", ON, True, "red", "严重滞后"),
        (Decimal("0.9"), ">=", date(2024, 1, 1), True, "red", "超期"),
        (Decimal("0.9"), "<=", ON, True, "green", "正常"),
        (Decimal("0.999"), "<=", ON, True, "red", "严重滞后"),
        (Decimal("0.998"), "<=", date(2024, 1, 1), True, "blue", "销号"),
    ],
)
def test_a_rate_is_compared_itself(value, comparator, on, rate, colour, word):
    light = rules.pace(value, Decimal("0.998"), comparator, *YEAR, on, rate=rate, unit="%")
    assert (light.colour, light.word) == (colour, word)


@pytest.mark.parametrize(
    ("value", "on", "colour"),
    [
        (40, ON, "green"),
        (52, ON, "green"),
        (55, ON, "yellow"),
        (80, ON, "red"),
        (101, ON, "red"),
        (100, date(2024, 1, 1), "blue"),
        (0, ON, "green"),
    ],
)
def test_a_ceiling_may_not_be_used_up_faster_than_time(value, on, colour):
    assert rules.pace(value, 100, "<=", *YEAR, on).colour == colour


def test_a_light_before_and_after_its_time():
    later = rules.pace(0, 1, ">=", date(2023, 7, 4), date(2024, 1, 1), ON)
    assert (later.colour, later.word) == ("grey", "未启动")
    over = rules.pace(16, 36, ">=", *YEAR, date(2024, 1, 1))
    assert (over.colour, over.word, over.why) == ("red", "超期", "完成44.4%，2023年12月31日到期。")


def test_a_plan_by_month_takes_the_place_of_even_time():
    light = rules.pace(16, 36, ">=", *YEAR, ON, planned=16)
    assert (light.colour, light.why) == ("green", "完成44.4% ÷ 计划进度44.4% = 1.00，不低于0.95。")


@given(
    value=st.integers(0, 2000),
    target=st.integers(1, 1000),
    day=st.dates(date(2023, 1, 1), date(2023, 12, 31)),
)
def test_the_words_of_a_light_never_contradict_it(value, target, day):
    light = rules.pace(value, target, ">=", *YEAR, day)
    if light.colour in ("green", "yellow", "red") and light.ratio is not None:
        shown = Fraction(light.why.rsplit("= ", 1)[1].split("，")[0])
        assert (shown >= Fraction(95, 100)) == (light.colour == "green")
        assert (shown >= Fraction(80, 100)) == (light.colour in ("green", "yellow"))


@pytest.mark.parametrize(
    ("value", "base", "is_rate", "words", "favour"),
    [
        (16, 13, False, "同比上升23.1%", "有利"),
        (13, 16, False, "同比下降18.8%", "不利"),
        (5, 5, False, "同比持平", ""),
        (5, 0, False, "上年同期为0，不算同比", ""),
        (5, None, False, "没有上年同期的数，不算同比", ""),
        (None, 5, False, "没有数，不算同比", ""),
        ("0.996", "0.988", True, "同比上升0.8个百分点", "有利"),
        ("0.914", "0.919", True, "同比下降0.5个百分点", "不利"),
        ("0.0001", "0", True, "同比上升0.01个百分点", "有利"),
        (-5, -10, False, "同比上升50.0%", "有利"),
    ],
)
def test_growth_in_words(value, base, is_rate, words, favour):
    value, base = (None if x is None else Decimal(x) for x in (value, base))
    found = rules.growth(value, base, "year", is_rate=is_rate, better="more")
    assert (found.words, found.favour) == (words, favour)


def test_growth_that_came_with_the_number():
    assert told(Decimal("15.2"), is_rate=False, better="more").words == "同比上升15.2%"
    assert told(Decimal("-0.3"), is_rate=True, better="less").favour == "有利"


@pytest.mark.parametrize(
    ("period", "base", "on", "expected"),
    [
        ("2023", "2022", "2023-07-03", ("2022-01-01", "2022-07-04")),
        ("2023H1", "2022H1", "2023-07-03", ("2022-01-01", "2022-07-01")),
        ("2023H1", "2022H1", "2023-06-30", ("2022-01-01", "2022-07-01")),
        ("2023-07", "2023-06", "2023-07-03", ("2023-06-01", "2023-06-04")),
        ("2023-03", "2023-02", "2023-03-30", ("2023-02-01", "2023-03-01")),
        ("2024-02", "2023-02", "2024-02-29", ("2023-02-01", "2023-03-01")),
        ("2024", "2023", "2024-02-29", ("2023-01-01", "2023-03-01")),
        ("2023Y11", "2022Y11", "2022-12-05", ("2021-11-01", "2021-12-06")),
    ],
)
def test_an_unfinished_period_is_compared_with_as_much(period, base, on, expected):
    found = compared(Period.parse(period), Period.parse(base), date.fromisoformat(on))
    assert (found.start.isoformat(), found.until.isoformat()) == expected


@given(
    st.lists(
        st.tuples(st.dates(date(2021, 1, 1), date(2023, 12, 31)), st.integers(1, 400)),
        min_size=1,
        max_size=6,
    ),
    st.dates(date(2021, 1, 1), date(2024, 12, 31)),
)
def test_every_span_is_a_sum_of_whole_buckets(pieces, day):
    spans = [Span(start, date.fromordinal(start.toordinal() + n)) for start, n in pieces]
    buckets = Buckets.of(spans)
    inside = [d for d in buckets.starts if d <= day]
    if not inside or day >= buckets.until:
        return
    label = inside[-1].isoformat() if inside[-1].day != 1 else inside[-1].isoformat()[:7]
    for span in spans:
        first, until = buckets.places(span)
        assert (first <= buckets.place(label) < until) == (span.start <= day < span.until)


@dataclass(frozen=True)
class Unit:
    id: int
    parent_id: int | None
    successor_id: int | None = None
    valid_until: date | None = None
    heirs: tuple[int, ...] = ()


def test_ended_units_hand_over_to_their_successors():
    units = [
        Unit(1, None),
        Unit(2, 1),
        Unit(3, 1),
        Unit(4, 2, 5, date(2023, 1, 1)),
        Unit(5, 3),
        Unit(6, 4),
        Unit(7, 2, 5, date(2024, 1, 1)),
        Unit(8, 2, 8, date(2020, 1, 1)),
    ]
    reach = Reach.of(units, ON)
    assert reach.above[4] == (4, 5, 3, 1)
    assert reach.above[6] == (6, 4, 5, 3, 1)
    assert reach.above[7] == (7, 2, 1)
    assert reach.below(5) == {4, 5, 6}
    assert reach.below(1) == {1, 2, 3, 4, 5, 6, 7}
    assert reach.above[8] == (8,)


def test_a_unit_that_was_split_counts_its_heirs_beside_its_parents():
    units = [
        Unit(1, None),
        Unit(2, 1),
        Unit(3, 1),
        Unit(4, 2, None, date(2023, 1, 1), (5, 6)),
        Unit(5, 2),
        Unit(6, 3),  # an heir in another area
        Unit(7, 5),
        Unit(8, 2, None, date(2024, 1, 1), (9,)),  # a split that is still to come
        Unit(9, 2),
        Unit(10, 2, None, date(2022, 1, 1), (4,)),  # split again later
    ]
    reach = Reach.of(units, ON)
    assert reach.above[4] == (4, 2, 1, 10)
    assert set(reach.above[5]) == {5, 2, 1, 4, 10}
    assert set(reach.above[6]) == {6, 3, 1, 4, 10}
    assert set(reach.above[7]) == {7, 5, 2, 1, 4, 10}
    assert reach.above[9] == (9, 2, 1)
    assert reach.below(4) == {4, 5, 6, 7}
    assert reach.below(2) == {2, 4, 5, 7, 8, 9, 10}


@given(
    st.text("abcdefgh_", min_size=1, max_size=30),
    st.integers(1, 10**9),
    st.dates(date(1950, 1, 1), date(2990, 1, 1)),
    st.sampled_from(KINDS),
    st.integers(2, 12),
)
def test_codes_are_read_back(name, unit, day, kind, month):
    period = Period.of(day, kind, month)
    text = codes.code(name, unit, period)
    assert codes.read(text, ["other", name]) == (name, unit, period)
    assert len(text) != codes.FROZEN


@pytest.mark.parametrize(
    ("value", "unit", "base", "written"),
    [
        ("99.6", "%", "0.996", "99.6%"),
        ("641.42", "万元", "6414200", "641.42万元"),
        ("36", "台", "36", "36台"),
        ("3.61", "万平方米", "36100", "3.61万平方米"),
    ],
)
def test_amounts_have_one_base_unit(value, unit, base, written):
    found = amounts.to_base(Decimal(value), unit)
    assert found == Decimal(base)
    assert amounts.from_base(found, unit) == Decimal(value)
    assert amounts.written(found, amounts.base_unit(unit)) == written


def test_a_finished_period_is_its_own_span():
    assert span_of(Period.parse("2023H1")) == Span(date(2023, 1, 1), date(2023, 7, 1))
