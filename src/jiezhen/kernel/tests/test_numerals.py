"""Chinese numerals: values, refusals and the way back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhen.kernel.numerals import NotANumeral, chinese, magnitude, narrow, value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三万五千", 35_000),
        ("两百", 200),
        ("一百二十", 120),
        ("廿三", 23),
        ("半", Decimal("0.5")),
        ("十", 10),
        ("三百五", 350),  # the last digit stands one place lower
        ("一百零五", 105),
        ("一万二", 12_000),
        ("一千零二十", 1020),
        ("三点五", Decimal("3.5")),
        ("二〇二三", 2023),  # digit by digit
        ("一万亿", 10**12),
        ("3.5万", 35_000),
        ("3亿5000万", 350_000_000),
        ("１，２３４", 1234),  # full width
        ("1,234.5", Decimal("1234.5")),
    ],
)
def test_it_reads_numerals(text, value):
    assert value_of(text) == value


@pytest.mark.parametrize(
    "text", ["万一", "三三", "两三", "千万", "统一", "百十", "一二", "", "3万5亿", "5.", "十万百"]
)
def test_it_refuses_idioms_and_pairs(text):
    with pytest.raises(NotANumeral):
        value_of(text)


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_it_reads_back_what_it_writes(value):
    assert value_of(chinese(value)) == value


@pytest.mark.parametrize("value", [-1, 10**16])
def test_it_refuses_to_write_what_has_no_name(value):
    with pytest.raises(NotANumeral):
        chinese(value)


def test_narrow_keeps_the_length():
    assert narrow("９８％，Ａ") == "98%，A"


def test_magnitudes_multiply():
    assert (magnitude("千万"), magnitude("万亿"), magnitude("")) == (10**7, 10**12, 1)
    with pytest.raises(NotANumeral):
        magnitude("打")
