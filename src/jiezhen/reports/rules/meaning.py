"""Whether a written number and a number on record mean the same: rounding, 余, 超, 近, 约, 以上.

The *step* of a written number is the size of its last written digit: 1.2万 has 1000, 940 has 10 (a closing
zero is a place that was not counted out), 59.1% has 0.001.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from jiezhen.kernel import numerals
from jiezhen.kernel.numerals import Exact, narrow
from jiezhen.reading.model import Figure
from jiezhen.reports.rules import units

Meaning = Literal["yes", "loose", "no"]

_DIGITS: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")
_MAGNITUDES: Final = re.compile(r"[十百千万亿]+")
_WORDS: Final = {
    "more": re.compile(r"余|多|有余"),
    "above": re.compile(r"超|逾|突破|首破|高于|大于|多于|>|＞"),
    "least": re.compile(r"以上|不少于|不低于|不小于|至少|最少|最低|之多|≥"),
    "below": re.compile(r"不足|不到|少于|低于|小于|<|＜"),
    "most": re.compile(r"不超过|不高于|不大于|不多于|至多|最多|以下|以内|之内|≤"),
    "near": re.compile(r"近|接近"),
    "about": re.compile(r"约|左右|上下|大概"),
}
#: How far 约 may be off, how far below its number 近 may lie, and from where on 超 says too little.
ABOUT: Final = Fraction(5, 100)
NEAR: Final = Fraction(10, 100)
ABOVE: Final = Fraction(25, 100)


@dataclass(frozen=True, slots=True)
class Written:
    """A number as it stands in a draft, in base units. `word` is how it is qualified, blank for exact."""

    value: Fraction
    step: Fraction
    word: str = ""
    upper: Fraction | None = None
    rounded: bool = False
    share: bool = False

    @property
    def next(self) -> Fraction:
        """The number where the last written digit would be one higher."""
        return self.value + self.step


def written(figure: Figure, text: str) -> Written | None:
    """Return the number of a figure with its step and qualifier; None where it has no value."""
    if figure.value is None:
        return None
    span = re.sub(r"\s", "", narrow(text[figure.start : figure.end]))
    digits = _DIGITS.search(span)
    value = Fraction(figure.value)
    word = qualifier(figure, text)
    upper = None if figure.upper is None else Fraction(figure.upper)
    if digits is None:
        return Written(value, _closing(value), word, upper)
    factor, share = _factor(span[digits.end() :], figure.unit), units.is_share(figure.unit)
    decimals = digits[0].partition(".")[2]
    if decimals:
        return Written(value, factor / 10 ** len(decimals), word, upper, rounded=True, share=share)
    whole = digits[0].replace(",", "")
    zeros = len(whole) - len(whole.rstrip("0")) if whole.strip("0") else 0
    step = factor * 10**zeros if word else factor
    return Written(value, step, word, upper, rounded=factor != 1, share=share)


def qualifier(figure: Figure, text: str) -> str:
    """Return how the number is qualified: more, above, least, below, most, near, about or blank."""
    said = figure.qualifier or ""
    if not said and figure.comparator == "=":
        before = re.sub(r"\s", "", text[max(0, figure.start - 4) : figure.start])
        said = "不足" if re.search(r"(?:不足|不到)$", before) else ""
    for name in ("below", "most", "least", "above", "more", "near", "about"):
        if _WORDS[name].search(said):
            return name
    return {"~": "about", ">=": "least", "<=": "most"}.get(figure.comparator, "")


def judge(written: Written, record: Exact | Fraction) -> Meaning:
    """Return whether a record fits what is written: yes, loose (true, but far off), or no."""
    value = Fraction(record)
    if written.upper is not None:
        return "yes" if written.value <= value <= written.upper else "no"
    sign = -1 if written.value < 0 else 1
    value, at = value * sign, written.value * sign
    if written.word in ("above", "least"):
        return _above(value, at, written.step, equal=written.word == "least")
    if written.word in ("below", "most"):
        return _below(value, at, written.step, equal=written.word == "most")
    return "yes" if _close(value, at, written) else "no"


def _close(value: Fraction, at: Fraction, size: Written) -> bool:
    match size.word:
        case "more":
            return at < value < at + size.step
        case "near":
            return max(at - size.step, at * (1 - NEAR)) <= value < at
        case "about":
            return abs(value - at) <= abs(at) * ABOUT
    return _rounds(value, at, size)


def _above(value: Fraction, at: Fraction, step: Fraction, *, equal: bool) -> Meaning:
    if value < at or (value == at and not equal):
        return "no"
    far = value >= at + step or (not equal and value > at * (1 + ABOVE))
    return "loose" if far else "yes"


def _below(value: Fraction, at: Fraction, step: Fraction, *, equal: bool) -> Meaning:
    if value > at or (value == at and not equal):
        return "no"
    return "yes" if value > at - step else "loose"


def _rounds(value: Fraction, at: Fraction, size: Written) -> bool:
    """Say whether the record, rounded to the written step, is the written number.

    Less than all is never written as all, so 99.96% may stand as 99.9%.
    """
    if not size.rounded:
        return value == at
    if size.share and at == 1 and value < 1:
        return False
    if abs(value - at) < size.step / 2 or value == at:
        return True
    if value - at == size.step / 2 * -1:
        return True
    return size.share and Fraction(99, 100) < at < 1 and at <= value < 1 and value - at < size.step


def _factor(tail: str, unit: str | None) -> Fraction:
    found = _MAGNITUDES.match(tail.lstrip("余多"))
    factor = Fraction(1)
    if found and (unit is None or not tail.startswith(unit)):
        try:
            factor = Fraction(numerals.magnitude(found[0]))
        except numerals.NotANumeral:
            factor = Fraction(1)
    if units.is_share(unit):
        factor /= {"%": 100, "‰": 1000, "成": 10}[units.plain(unit)]
    return factor


def _closing(value: Fraction) -> Fraction:
    """Return the step of a number written in Chinese numerals: its closing zeros."""
    if value.denominator != 1 or value == 0:
        return Fraction(1)
    whole = str(abs(value.numerator))
    return Fraction(10 ** (len(whole) - len(whole.rstrip("0"))))


def exact(value: Exact | Fraction) -> Exact:
    """Return a fraction as `int`, or as a `Decimal` of at most twelve places."""
    fraction = Fraction(value)
    if fraction.denominator == 1:
        return fraction.numerator
    return round(Decimal(fraction.numerator) / Decimal(fraction.denominator), 12).normalize()
