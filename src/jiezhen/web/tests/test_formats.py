"""How days, times, shares and figures are written, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from jiezhen.web import formats
from jiezhen.web.tests.support import tag

NOON = datetime(2026, 3, 1, 6, 5, tzinfo=UTC)  # 14:05 at the office


def test_a_moment_is_written_at_the_office_clock() -> None:
    assert formats.moment(NOON) == "2026年3月1日14:05"
    assert formats.clock(NOON) == "14:05"
    assert formats.day(datetime(2026, 2, 28, 17, 0, tzinfo=UTC)) == "2026年3月1日"


def test_english_writes_the_day_first() -> None:
    with translation.override("en"):
        assert formats.day(date(2026, 3, 1)) == "1 March 2026"
        assert formats.moment(NOON) == "1 March 2026, 14:05"
        assert formats.weekday(date(2026, 3, 1)) == "Sunday"


@pytest.mark.parametrize(
    ("value", "text"), [(date(2023, 7, 3), "星期一"), (date(2023, 7, 9), "星期日"), (None, "—")]
)
def test_weekdays(value: date | None, text: str) -> None:
    assert formats.weekday(value) == text


AGO = [
    (datetime(2026, 3, 1, 6, 4, 40, tzinfo=UTC), "刚才"),
    (datetime(2026, 3, 1, 6, 2, tzinfo=UTC), "3分钟前"),
    (datetime(2026, 3, 1, 4, 0, tzinfo=UTC), "2小时前"),
    (datetime(2026, 2, 28, 6, 5, tzinfo=UTC), "2026年2月28日14:05"),
    (datetime(2026, 3, 1, 6, 6, tzinfo=UTC), "2026年3月1日14:06"),
]


@pytest.mark.parametrize(("value", "text"), AGO)
def test_ago_only_under_a_day_and_never_in_the_future(value: datetime, text: str) -> None:
    assert formats.ago(value, NOON) == text


def test_ago_gives_the_exact_time_on_focus() -> None:
    markup = tag("{{ v|ago:at }}", v=datetime(2026, 3, 1, 6, 2, tzinfo=UTC), at=NOON)
    assert 'title="2026年3月1日14:02"' in markup
    assert 'tabindex="0"' in markup


PERCENT = [
    (Fraction(2747, 4649), 1, "59.1%"),
    (Decimal("0.9996"), 1, "99.9%"),
    (Decimal("0.99996"), 2, "99.99%"),
    (1, 1, "100%"),
    (0, 1, "0%"),
    (Decimal("0.285"), 1, "28.5%"),
    (Fraction(16, 36), 1, "44.4%"),
    (Fraction(36, 75), 1, "48.0%"),
    (Decimal("0.0001"), 1, "0.1%"),
    (None, 1, "—"),
    (float("nan"), 1, "—"),
    (True, 1, "—"),
]


@pytest.mark.parametrize(("share", "places", "text"), PERCENT)
def test_a_part_is_never_written_as_all(share: object, places: int, text: str) -> None:
    assert formats.percent(share, places) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(96315, "96315"), (2.50, "2.5"), (Decimal("830.00"), "830"), (1e6, "1000000")],
)
def test_plain_numbers_have_no_separators(value: object, text: str) -> None:
    assert formats.plain(value) == text


def test_an_unknown_quantity_is_a_dash_and_zero_is_zero() -> None:
    assert formats.quantity(None, "台") == "—"
    assert formats.quantity(0, "处") == "0处"
    assert tag("{{ v|quantity:'人次' }}", v=48120) == "48120人次"


QUANTITIES = [
    (96315, "人次", "96315人次"),
    (16.0, "台", "16台"),
    (0.1 + 0.2, "公顷", "0.3公顷"),
    (Fraction(1, 3), "公顷", "0.33公顷"),
    (6414200, "元", "641.42万元"),
    (0.285, "%", "28.5%"),
    (float("nan"), "台", "—"),
    ("16", "台", "—"),
]


@pytest.mark.parametrize(("value", "unit", "text"), QUANTITIES)
def test_quantities_are_written_as_the_kernel_does(value: object, unit: str, text: str) -> None:
    assert formats.quantity(value, unit) == text
