"""How values are written in reports, and whether a written value agrees with the real one.

Words: a *quantity* is a value with its unit. Money is stored in 分 (integer) and formatted only at the edge.
`Written` is one way to write a quantity; `agrees` judges a written figure by its meaning, not by its text.
Source: micro-copy rules for numbers; the reading room reads every form back to the same value (tested).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final

from jiezhen.kernel.numerals import Exact, NotANumeral, value_of, whole

_WAN: Final = 10**4
_YI: Final = 10**8
_TWO: Final = Decimal("0.01")
_AREAS: Final = frozenset(("平方米", "立方米", "米", "吨", "千瓦时"))
_PERCENT: Final = frozenset(("%", "％"))
_WRITTEN: Final = re.compile(
    r"(?P<before>预计|超过|超|逾|近|约|不少于|不低于|至少|不超过)?(?P<number>[-−]?[\d,]+(?:\.\d+)?|[零一二两三四五六七八九十百千万亿]+)"
    r"(?P<first>[十百千]?[万亿]?)(?P<more>[余多])?(?P<second>[万亿]?)(?P<unit>[^\d以左上]*)(?P<after>以上|以下|以内|左右|上下)?$"
)


@dataclass(frozen=True, slots=True)
class Written:
    """One way to write a quantity. `value` is what the words say; `exact` whether they say it all."""

    text: str
    value: Exact
    exact: bool
    comparator: str = "="


class UnreadableQuantity(ValueError):
    """The text is not one number with its unit; check it by hand."""


def yuan(fen: int) -> Decimal:
    """Return money of 分 in 元."""
    return Decimal(fen) / 100


def fen(amount: Exact | str) -> int:
    """Return an amount in 元 as 分; more than two decimals are refused.

    Raises:
        UnreadableQuantity: The amount has parts of a 分.
    """
    value = Decimal(str(amount)) * 100
    if value != value.to_integral_value():
        raise UnreadableQuantity(str(amount))
    return int(value)


def count(value: Exact, unit: str) -> str:
    """Return a count in full, or from 100000 on in 万 where two decimals say it exactly: 54320人次, 12.5万人次."""
    if abs(Decimal(value)) >= 10 * _WAN and _fits(Decimal(value) / _WAN):
        return f"{plain(Decimal(value) / _WAN)}万{unit}"
    return f"{plain(value)}{unit}"


def money(amount: int) -> str:
    """Return money of 分 in 元, 万元 or 亿元 with at most two decimals, rounded half up."""
    value = yuan(amount)
    for factor, unit in ((_YI, "亿元"), (_WAN, "万元")):
        if abs(value) >= factor:
            rounded = (value / factor).quantize(_TWO, ROUND_HALF_UP)
            if unit == "万元" and abs(rounded) >= _WAN:
                return f"{plain(rounded / _WAN)}亿元"
            return f"{plain(rounded)}{unit}"
    rounded = value.quantize(_TWO, ROUND_HALF_UP)
    return "1万元" if rounded == _WAN else f"{plain(rounded)}元"


def area(value: Exact, unit: str = "平方米") -> str:
    """Return an area; 平方米 from 10000 on in 万平方米, 亩, 公顷 and 公里 as they are."""
    if unit in _AREAS and abs(Decimal(value)) >= _WAN:
        return f"{plain((Decimal(value) / _WAN).quantize(_TWO, ROUND_HALF_UP))}万{unit}"
    return f"{plain(Decimal(value).quantize(_TWO, ROUND_HALF_UP))}{unit}"


def ratio(value: Exact, places: int = 1) -> str:
    """Return a share (0.285) as 28.5%. What is not all is never written 100%, what is not nothing never 0%."""
    share = Decimal(value) * 100
    step = Decimal(1).scaleb(-places)
    rounded = share.quantize(step, ROUND_HALF_UP)
    if rounded == 100 and share < 100:
        rounded = share.quantize(step, ROUND_DOWN)
    if rounded == 0 and share > 0:
        rounded = share.quantize(step, ROUND_CEILING)
    return f"{plain(rounded)}%"


def points(value: Exact, places: int = 1) -> str:
    """Return a difference of shares (0.008) as 0.8个百分点."""
    return _points(Decimal(value) * 100, places)


def _points(value: Exact, places: int = 1) -> str:
    return f"{plain(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))}个百分点"


def written(value: Exact, unit: str) -> str:
    """Return the usual way to write a value in base units: money in 元, shares of 1 for %, points as points."""
    if unit == "元":
        return money(int((Decimal(value) * 100).to_integral_value(ROUND_HALF_UP)))
    if unit in _PERCENT:
        return ratio(value)
    if unit in ("个百分点", "百分点"):
        return _points(value)
    return (
        area(value, unit) if unit in _AREAS or isinstance(value, Decimal) else count(value, unit)
    )


def forms(value: Exact, unit: str) -> list[Written]:
    """Return the ways to write a value, the usual one first: 48120人次, 4.8万余人次, 超4.8万人次.

    Shape: at least one form, no two alike. Rounded forms appear only where they are true: 余 and 超 write fewer
    digits than the value has, and the value is larger than what they write.
    """
    usual = written(value, unit)
    found = [Written(usual, read_value(usual), exact=read_value(usual) == Decimal(value))]
    if unit in _PERCENT or unit in ("个百分点", "百分点") or value <= 0:
        return found
    factor, mark = next(((f, m) for f, m in ((_YI, "亿"), (_WAN, "万")) if value >= f), (1, ""))
    if not mark:
        return found + _rounded_hundreds(value, unit)
    exact = Decimal(value) / factor
    if _fits(exact):
        found.append(Written(f"{plain(exact)}{mark}{unit}", value, exact=True))
    for places in (2, 1, 0):
        cut = exact.quantize(Decimal(1).scaleb(-places), ROUND_DOWN)
        if cut and cut < exact:
            low = whole(cut * factor)
            found.append(Written(f"{plain(cut)}{mark}余{unit}", low, exact=False, comparator="~"))
            found.append(Written(f"超{plain(cut)}{mark}{unit}", low, exact=False, comparator=">="))
    return _unlike(found)


def estimate(text: str) -> str:
    """Return a written quantity marked as an estimate: 预计12.5亿元."""
    return text if text.startswith("预计") else f"预计{text}"


def read_value(text: str) -> Exact:
    """Return the value in base units that a written quantity says, words like 余 left aside.

    Raises:
        UnreadableQuantity: The text is not one number with its unit.
    """
    return _parts(text)[0]


def agrees(text: str, actual: Exact) -> bool:
    """Return whether a written quantity is true of the real value, in base units.

    Exact writing agrees within its last digit (half up); 余 and 多 from the written value to below the next step of the
    last written digit (1万余 = 10000-19999, 940余 = 940-949); 超, 以上: at least; 近: from 90% to below; 约, 左右: 5% either
    way; 以下, 以内: at most.

    Raises:
        UnreadableQuantity: The text is not one number with its unit.
    """
    value, step, word = _parts(text)
    real, said = Decimal(actual), Decimal(value)
    if word in ("余", "多"):
        return said <= real < said + step
    if word in ("约", "左右", "上下"):
        return abs(real - said) <= abs(said) * Decimal("0.05")
    if word == "近":
        return said * Decimal("0.9") <= real < said
    if word:
        return real <= said if word in ("以下", "以内", "不超过") else real >= said
    all_of_it = "%" in text and said == 1
    return real == said or (not all_of_it and -step / 2 <= real - said < step / 2)


def plain(value: Exact) -> str:
    """Return a number without exponent, grouping and trailing zeros."""
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _parts(text: str) -> tuple[Exact, Decimal, str]:
    """Return value, the step of the last written digit and the approximate word."""
    found = _WRITTEN.match(text.strip().removeprefix("预计"))
    if not found:
        raise UnreadableQuantity(text)
    number = found["number"].replace("−", "-")
    try:
        magnitude = (
            value_of("1" + found["first"] + found["second"])
            if found["first"] or found["second"]
            else 1
        )
        digits = value_of(number.lstrip("-"))
    except NotANumeral as problem:
        raise UnreadableQuantity(text) from problem
    scale = Decimal(magnitude)
    if "%" in found["unit"]:
        scale /= 100
    value = Decimal(digits) * scale * (-1 if number.startswith("-") else 1)
    word = found["more"] or found["after"] or found["before"] or ""
    return whole(value), _step(number, word) * scale, word


def _step(number: str, word: str) -> Decimal:
    """Return the worth of the last written digit; before 余 the closing zeros of a whole number are not written digits."""
    _, point, behind = number.partition(".")
    if point:
        return Decimal(1).scaleb(-len(behind))
    digits = number.replace(",", "").lstrip("-")
    if word not in ("余", "多") or not digits.isascii():
        return Decimal(1) if digits.isascii() else _chinese_step(digits)
    return Decimal(10 ** (len(digits) - len(digits.rstrip("0"))))


def _chinese_step(digits: str) -> Decimal:
    last = digits[-1]
    return Decimal({"十": 10, "百": 100, "千": 1000, "万": _WAN, "亿": _YI}.get(last, 1))


def _fits(value: Decimal) -> bool:
    return value == value.quantize(_TWO, ROUND_DOWN)


def _rounded_hundreds(value: Exact, unit: str) -> list[Written]:
    """Return 940余次 and 超940次 for a count below 10000."""
    found = []
    for step in (10, 100, 1000):
        low = int(value) // step * step
        if low and low < value < low + step:
            following = low + 10 ** (len(str(low)) - len(str(low).rstrip("0")))
            if value < following:
                found.append(Written(f"{low}余{unit}", low, exact=False, comparator="~"))
            found.append(Written(f"超{low}{unit}", low, exact=False, comparator=">="))
    return _unlike(found)


def _unlike(found: list[Written]) -> list[Written]:
    return list({form.text: form for form in found}.values())
