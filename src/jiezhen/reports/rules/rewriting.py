"""Writing a record's value in the form in which a draft wrote its number: 改成16台, 改成1.3万余人次."""

from __future__ import annotations

import re
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from jiezhen.kernel.numerals import Exact, narrow
from jiezhen.reading.model import Figure
from jiezhen.reports.rules import units
from jiezhen.reports.rules.meaning import exact, written

_NUMBER: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")
_MAGNITUDES: Final = re.compile(r"[十百千万亿]+")


def rewritten(figure: Figure, text: str, record: Exact, unit: str | None) -> str:
    """Return the figure's words with the record's value: same magnitude, places, 余 and unit.

    Numbers in Chinese numerals, and values that the form cannot hold, are written out plainly.
    """
    span = text[figure.start : figure.end]
    said = written(figure, text)
    found = _NUMBER.search(narrow(span))
    value = abs(Fraction(record))
    if said is None or found is None or said.upper is not None:
        return plainly(record, unit or figure.unit)
    factor = said.step * 10 ** _places(found[0]) if said.rounded else _factor(span, found.end())
    scaled = value / factor
    places = _places(found[0])
    if not said.rounded and scaled.denominator != 1:
        places = 2
    mode = ROUND_FLOOR if said.word == "more" else ROUND_HALF_UP
    if said.word == "more" and not places:
        number = _floored(scaled, found[0])
    else:
        number = _decimal(scaled, places, mode)
        number = _short_of_all(number, value, figure.unit, places)
    return span[: found.start()] + number + span[found.end() :]


def plainly(value: Exact | None, unit: str | None) -> str:
    """Return a value with its unit, as UX 5 writes it: 16台, 6.35万平方米, 28.5%."""
    if value is None:
        return "—"
    number = Decimal(str(value))
    if units.is_share(unit):
        return f"{_trim(number * 100, 2)}{unit}"
    size = abs(number)
    large = unit in ("元", "平方米")
    if large and size >= 10**8 and unit == "元":
        return f"{_trim(number / 10**8, 2)}亿元"
    if large and size >= 10**4:
        return f"{_trim(number / 10**4, 2)}万{unit}"
    return f"{_trim(number, 4)}{unit or ''}"


def difference(left: Exact, right: Exact, unit: str | None) -> str:
    """Return how far two values are apart, written out: 2台, 0.8个百分点."""
    gap = abs(Fraction(left) - Fraction(right))
    if units.is_share(unit):
        return f"{_trim(Decimal(str(exact(gap * 100))), 2)}个百分点"
    return plainly(exact(gap), unit)


def _trim(value: Decimal, places: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _places(digits: str) -> int:
    return len(digits.partition(".")[2])


def _decimal(value: Fraction, places: int, mode: str) -> str:
    number = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{number.quantize(Decimal(1).scaleb(-places), mode):f}"


def _short_of_all(number: str, value: Fraction, unit: str | None, places: int) -> str:
    """Never let less than all stand as 100%."""
    if units.is_share(unit) and value < 1 and Decimal(number) == 100:
        return _decimal(value * 100, max(places, 1), ROUND_FLOOR)
    return number


def _floored(scaled: Fraction, digits: str) -> str:
    """Round down to as many counted digits as the draft wrote: 4800余 for 4812."""
    whole = str(scaled.numerator // scaled.denominator)
    counted = len(digits.replace(",", "").rstrip("0")) or 1
    return whole[:counted] + "0" * (len(whole) - counted)


def _factor(span: str, at: int) -> Fraction:
    found = _MAGNITUDES.match(re.sub(r"[\s余多]", "", span[at:]))
    factor = 1
    for mark in found[0] if found else "":
        factor *= {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}[mark]
    share = re.search(r"[%％‰]", span[at:])
    return Fraction(factor, {"%": 100, "％": 100, "‰": 1000}[share[0]] if share else 1)
