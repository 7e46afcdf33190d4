"""The likely reason why a draft differs from the record: one sentence, the most telling one first."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from jiezhen.kernel.numerals import Exact
from jiezhen.reading.model import Figure
from jiezhen.reports.rules import units
from jiezhen.reports.rules.meaning import Written, judge
from jiezhen.reports.rules.model import Fact, Known, Nearby
from jiezhen.reports.rules.rewriting import difference


def likely(
    figure: Figure,
    said: Written,
    known: Known,
    near: Sequence[Nearby],
    others: Sequence[tuple[Fact, Known]],
) -> str:
    """Return the likely cause of a difference, or an empty text where nothing suggests itself.

    `near` are values of the same fact at other times, `others` facts with similar names and their values.
    """
    if known.value is None:
        return ""
    return (
        _elsewhere(said, near)
        or _other_meaning(figure, said, others)
        or slip(said.value, Fraction(known.value))
        or _later(known)
    )


def _elsewhere(said: Written, near: Sequence[Nearby]) -> str:
    for other in near:
        if judge(said, other.value) == "yes":
            return other.cause or f"稿中写的是{other.words}"
    return ""


def _other_meaning(figure: Figure, said: Written, others: Sequence[tuple[Fact, Known]]) -> str:
    for fact, known in others:
        if known.value is None or judge(said, known.value) != "yes":
            continue
        if units.confused(figure.unit, fact.unit):
            return f"{fact.unit}和{figure.unit}不同：这是“{fact.title}”的数"
        return f"口径不同：这是“{fact.title}”的数"
    return ""


def _later(known: Known) -> str:
    return f"截止日以后又进来{known.later}条记录" if known.later else ""


def slip(said: Fraction, record: Fraction) -> str:
    """Return which slip of the pen turns the record into what is said, or an empty text."""
    if said == record or not record or not said:
        return ""
    if said == -record:
        return "升降写反了"
    return _magnitude(said, record) or _digits(said, record)


def _magnitude(said: Fraction, record: Fraction) -> str:
    ratio = abs(said / record)
    large, small = max(ratio, 1 / ratio), ratio > 1
    for factor, name in ((10**4, "万"), (10**8, "亿")):
        if abs(large / factor - 1) < Fraction(5, 100):
            if factor == 10**4 and min(abs(said), abs(record)) >= 10**4:
                return "单位写错：万和亿混了"
            return f"单位写错：{'多写' if small else '漏写'}了“{name}”"
    for factor in (10, 100, 1000):
        if large == factor:
            return "小数点或末尾的零错了位"
    return ""


def _digits(said: Fraction, record: Fraction) -> str:
    one, other = _text(said), _text(record)
    if len(one) != len(other):
        return "多写或漏写了一位数字" if _one_missing(one, other) else ""
    differ = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(differ) == 1:
        at = differ[0]
        return f"一位数字写错：{other[at]}写成了{one[at]}" if other[at].isdigit() else ""
    if len(differ) == 2 and differ[1] == differ[0] + 1 and sorted(one) == sorted(other):
        return "相邻两位数字颠倒了"
    return ""


def _one_missing(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(long) == len(short) + 1 and any(
        long[:i] + long[i + 1 :] == short for i in range(len(long))
    )


def _text(value: Fraction) -> str:
    size = abs(value)
    scale = 0
    while size.denominator != 1 and scale < 6:
        size, scale = size * 10, scale + 1
    return str(size.numerator // size.denominator)


def apart(said: Exact, record: Exact, unit: str | None) -> str:
    """Return which of the two is larger, in words without blame: 记录多2台."""
    gap = difference(said, record, unit)
    return f"记录{'多' if Fraction(record) > Fraction(said) else '少'}{gap}"
