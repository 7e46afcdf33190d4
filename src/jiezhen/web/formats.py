"""How days, times, shares and figures are written on a page (UX 5).

Figures come from `kernel.quantities`; the functions here only choose the language. An
unknown value is 「—」; the caller says the reason beside it.
"""

from calendar import month_name
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiezhen.kernel import quantities

UNKNOWN = "—"
ZONE = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"


def _english() -> bool:
    return (get_language() or "zh-hans").startswith("en")


def _local(value: date | datetime) -> date | datetime:
    """Move an aware moment to the office's own clock; leave days and naive moments alone."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(ZONE)
    return value


def day(value: date | datetime | None) -> str:
    """Write 2026年3月1日, or 1 March 2026."""
    if not isinstance(value, date):
        return UNKNOWN
    d = _local(value)
    if _english():
        return f"{d.day} {month_name[d.month]} {d.year}"
    return f"{d.year}年{d.month}月{d.day}日"


def day_near(value: date | datetime | None, at: date | datetime | None = None) -> str:
    """Write 3月1日 when the year is that of `at`, else the whole day."""
    if not isinstance(value, date):
        return UNKNOWN
    d = _local(value)
    if _english() or at is None or _local(at).year != d.year:
        return day(d)
    return f"{d.month}月{d.day}日"


def clock(value: datetime | None) -> str:
    """Write 14:05."""
    if not isinstance(value, datetime):
        return UNKNOWN
    return f"{_local(value):%H:%M}"


def moment(value: datetime | date | None) -> str:
    """Write 2026年3月1日14:05; a day without a time stays a day."""
    if not isinstance(value, datetime):
        return day(value)
    return f"{day(value)}{', ' if _english() else ''}{clock(value)}"


def weekday(value: date | datetime | None) -> str:
    """Write 星期一."""
    if not isinstance(value, date):
        return UNKNOWN
    d = _local(value)
    return f"{d:%A}" if _english() else f"星期{WEEKDAYS[d.weekday()]}"


def ago(value: datetime | None, at: datetime | None) -> str:
    """Write 3分钟前 under 24 hours, otherwise the exact time."""
    if not isinstance(value, datetime) or not isinstance(at, datetime):
        return moment(value)
    gone = at - value
    if not timedelta(0) <= gone < timedelta(hours=24):
        return moment(value)
    minutes = int(gone.total_seconds() // 60)
    if minutes < 1:
        return _("刚才")
    if minutes < 60:
        return _("%(n)d分钟前") % {"n": minutes}
    return _("%(n)d小时前") % {"n": minutes // 60}


def exact(value: object) -> Decimal | None:
    """Turn any number into a Decimal without a detour over binary; None when it is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    if isinstance(value, int | float | Decimal):
        number = Decimal(str(value))
        return number if number.is_finite() else None
    return None


def percent(share: object, places: int = 1) -> str:
    """Write a part of 1 as 59.1% or 48.0%. Less than all is never 100%, more than nothing never 0%."""
    number = exact(share)
    if number is None:
        return UNKNOWN
    step = Decimal(1).scaleb(-places)
    written = (number * 100).quantize(step, ROUND_HALF_UP)
    if written == 100 and number < 1:
        written = (number * 100).quantize(step, ROUND_DOWN)
    if written == 0 and number > 0:
        written = step
    if number in (0, 1):
        return f"{number * 100:.0f}%"
    return f"{written:f}%"


def plain(value: object) -> str:
    """Write a number with no separators and no useless zeros."""
    number = exact(value)
    if number is None:
        return UNKNOWN
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity(value: object, unit: str = "") -> str:
    """Write a figure with its 量词 as `kernel.quantities` does; None is 「—」.

    Unit: base units: money in 元, shares of 1 for %, counts as they are.
    """
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, float | Fraction):
        # A binary float would show its tail; a whole one is a count like any other.
        whole = float(value).is_integer()
        value = int(value) if whole else exact(value)
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return UNKNOWN
    return quantities.written(value, unit)
