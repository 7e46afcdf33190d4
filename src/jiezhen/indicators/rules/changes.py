"""Growth against an earlier period: a rate of change, or percentage points between rates.

A base of 0 or a missing base gives no rate but words that say so. Source: UX 5;
docs/algorithms/growth.md.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from jiezhen.indicators.rules.lights import percent, plain

Against = Literal["year", "previous", "named"]
Favour = Literal["", "有利", "不利"]

#: How each comparison is called, and how its base is called.
_NAMES: dict[str, tuple[str, str]] = {
    "year": ("同比", "上年同期"),
    "previous": ("环比", "上期"),
}


@dataclass(frozen=True, slots=True)
class Growth:
    """A change and how to say it.

    `rate` is a part of 1 (0.231 is 23.1%), `points` percentage points; at most one is not
    None. `base` is the earlier value, None when there is none. `restated` says that the base
    is the supplier's comparable one (可比). `words` is whole: 同比上升23.1%.
    """

    against: Against
    base: Decimal | None
    rate: Fraction | None
    points: Fraction | None
    words: str
    favour: Favour = ""
    restated: bool = False
    year: int | None = None


def growth(
    value: Decimal | None,
    base: Decimal | None,
    against: Against,
    *,
    is_rate: bool = False,
    better: str = "none",
    year: int | None = None,
    restated: bool = False,
) -> Growth:
    """Return the change from `base` to `value`.

    Args:
        value: The present value; None gives words only.
        base: The earlier value; None when nothing is on record.
        against: Which comparison it is.
        is_rate: Both are shares of 1: they differ in percentage points.
        better: more, less or none; decides 有利 and 不利.
        year: The named year of 比2021年.
        restated: The base is the comparable one of the supplier.
    """
    name, base_name = _NAMES.get(against, (f"比{year}年", f"{year}年同期"))
    if restated:
        name = f"可比{name}"
    if value is None or base is None:
        said = f"没有{base_name}的数，不算{name}" if value is not None else f"没有数，不算{name}"
        return Growth(against, base, None, None, said, year=year, restated=restated)
    if is_rate:
        change = (Fraction(value) - Fraction(base)) * 100
        words = _moved(name, change, f"{plain(_round(change))}个百分点")
        return Growth(against, base, None, change, words, favour(change, better), restated, year)
    if base == 0:
        said = f"{base_name}为0，不算{name}"
        return Growth(against, base, None, None, said, year=year, restated=restated)
    rate = (Fraction(value) - Fraction(base)) / abs(Fraction(base))
    words = _moved(name, rate, percent(abs(rate)))
    return Growth(against, base, rate, None, words, favour(rate, better), restated, year)


def told(rate: Decimal, *, is_rate: bool, better: str) -> Growth:
    """Return a growth that came with the number itself, in percent or percentage points."""
    change = Fraction(rate)
    if is_rate:
        words = _moved("同比", change, f"{plain(_round(change))}个百分点")
        return Growth("year", None, None, change, words, favour(change, better))
    words = _moved("同比", change, percent(abs(change / 100)))
    return Growth("year", None, change / 100, None, words, favour(change, better))


def _moved(name: str, change: Fraction, size: str) -> str:
    if change == 0:
        return f"{name}持平"
    return f"{name}{'上升' if change > 0 else '下降'}{size.lstrip('-')}"


def _round(change: Fraction) -> Fraction:
    """Round percentage points to one decimal, smaller ones to two."""
    scale = 10 if abs(change) >= Fraction(1, 20) else 100
    return Fraction(int(abs(change) * scale + Fraction(1, 2)), scale)


def favour(change: Fraction, better: str) -> Favour:
    """Say whether a change is for the good; never by the colour of rise and fall."""
    if change == 0 or better == "none":
        return ""
    return "有利" if (change > 0) == (better == "more") else "不利"
