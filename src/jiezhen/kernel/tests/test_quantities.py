"""How values are written, and when a written value is true."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhen.kernel import quantities
from jiezhen.kernel.quantities import agrees, forms, read_value


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (68_400, "件", "68400件"),
        (120_000, "人次", "12万人次"),
        (123_456, "人次", "123456人次"),  # 万 only where nothing is lost
        (9_999, "元", "9999元"),
        (8_300_000, "元", "830万元"),
        (Decimal("6414250"), "元", "641.43万元"),
        (775_000_000, "元", "7.75亿元"),
        (99_999_999, "元", "1亿元"),
        (36_100, "平方米", "3.61万平方米"),
        (3_700, "平方米", "3700平方米"),
        (Decimal("0.9"), "公顷", "0.9公顷"),
        (Decimal("0.2854"), "%", "28.5%"),
        (Decimal("0.9999"), "%", "99.9%"),  # not all is never 100%
        (1, "%", "100%"),
        (Decimal("0.8"), "个百分点", "0.8个百分点"),
    ],
)
def test_it_writes_as_reports_do(value, unit, text):
    assert quantities.written(value, unit) == text


@pytest.mark.parametrize(
    ("text", "actual", "true"),
    [
        ("1万余人次", 10_000, True),
        ("1万余人次", 19_999, True),
        ("1万余人次", 20_000, False),
        ("940余次", 949, True),
        ("940余次", 950, False),
        ("6.21万余人", 62_199, True),
        ("6.21万余人", 62_200, False),
        ("超8000人", 8_000, True),
        ("超8000人", 7_999, False),
        ("近100户", 99, True),
        ("近100户", 100, False),
        ("近100户", 89, False),
        ("约100户", 105, True),
        ("100户左右", 94, False),
        ("90%以上", Decimal("0.9"), True),
        ("50件以内", 51, False),
        ("28.5%", Decimal("0.2854"), True),
        ("28.5%", Decimal("0.2856"), False),
        ("100%", Decimal("0.9996"), False),
        ("2.76亿元", 276_000_000, True),
        ("预计37.5亿元", 3_750_000_000, True),
        ("三百余户", 305, True),
    ],
)
def test_it_judges_by_meaning(text, actual, true):
    assert agrees(text, actual) is true


@given(
    st.integers(min_value=1, max_value=10**10),
    st.sampled_from(["人次", "户", "件", "元", "平方米", "吨"]),
)
def test_every_offered_form_is_true(value, unit):
    for form in forms(value, unit):
        assert agrees(form.text, value), form
        assert read_value(form.text) == form.value


def test_forms_offer_a_choice():
    assert {"48120人次", "4.8万余人次", "超4.8万人次"} <= {
        form.text for form in forms(48_120, "人次")
    }


def test_money_is_kept_in_fen():
    assert quantities.fen("12.34") == 1234
    assert quantities.yuan(1234) == Decimal("12.34")
    with pytest.raises(quantities.UnreadableQuantity):
        quantities.fen("0.001")


@pytest.mark.parametrize("text", ["", "若干户", "3到5户"])
def test_it_refuses_what_is_no_quantity(text):
    with pytest.raises(quantities.UnreadableQuantity):
        read_value(text)


def test_differences_of_shares_become_points():
    assert quantities.points(Decimal("0.008")) == "0.8个百分点"


def test_estimates_say_so_once():
    assert quantities.estimate(quantities.estimate("3亿元")) == "预计3亿元"
