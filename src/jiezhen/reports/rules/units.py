"""Which measure words may stand for each other, and which are famous for being confused.

Documents write 个, 家 and 处 for one thing; 人 and 人次 never mean the same.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from jiezhen.kernel.numerals import Exact

#: Measure words within a group are synonyms for finding an indicator, not for what is printed.
_GROUPS: Final = (
    "个 家 处 所 座 间 点 站 片",
    "个 件 项 条 起 宗 例 单 份 类 大类 款 节 门 种",
    "个 台 部 架 套 辆 根 支",
    "个 场 次 场次 期 届 班 轮 堂",
    "人 名 位 个",
    "户 家 户家庭",
    "幢 栋 座 个",
    "天 日",
    "件 起 宗 例 次 件次",
    "块 面 张 幅 个 份",
)
_SAME: Final = (
    frozenset(("%", "％", "百分比")),
    frozenset(("个百分点", "百分点")),
    frozenset(("平方米", "㎡", "平米", "平方")),
    frozenset(("公里", "千米", "km")),
    frozenset(("元", "元人民币", "人民币")),
    frozenset(("吨", "t")),
    frozenset(("人次", "人(次)")),
    frozenset(("家次", "户次")),
    frozenset(("立方米", "m3", "方")),
)
#: Factors to a common unit, where documents change between two names of one size.
_SCALES: Final = {
    "公里": ("米", Fraction(1000)),
    "千米": ("米", Fraction(1000)),
    "米": ("米", Fraction(1)),
    "平方米": ("平方米", Fraction(1)),
    "公顷": ("平方米", Fraction(10_000)),
    "平方公里": ("平方米", Fraction(1_000_000)),
    "吨": ("千克", Fraction(1000)),
    "公斤": ("千克", Fraction(1)),
    "千克": ("千克", Fraction(1)),
}
#: Pairs that the eye takes for one another: 人 with 人次, 家 with 家次, 户 with 户次.
_CONFUSED: Final = (
    ({"人", "名", "位"}, {"人次"}),
    ({"家", "户", "个"}, {"家次", "户次"}),
    ({"件"}, {"件次"}),
    ({"%"}, {"个百分点"}),
)
_LOOSE: Final = tuple(frozenset(group.split()) for group in _GROUPS)


def plain(unit: str | None) -> str:
    """Return one name for each unit; an absent one is the empty text."""
    unit = (unit or "").strip()
    for group in _SAME:
        if unit in group:
            return min(group, key=lambda name: (name != "%", name not in _SCALES, len(name), name))
    return unit


def fit(written: str | None, kept: str | None) -> float:
    """Return how well a written unit suits an indicator's: 1 the same, 0.8 a synonym, 0 not at all.

    An absent written unit (八大, 20项 without a word behind 大) suits any count a little.
    """
    left, right = plain(written), plain(kept)
    if left == right:
        return 1.0
    if scale(left, right) is not None:
        return 0.9
    if any(left in group and right in group for group in _LOOSE):
        return 0.8
    if not left and any(right in group for group in _LOOSE):
        return 0.5
    return 0.0


def scale(written: str | None, kept: str | None) -> Fraction | None:
    """Return the factor from the written unit to the kept one, or None where they have no common size."""
    left, right = plain(written), plain(kept)
    if left == right:
        return Fraction(1)
    one, other = _SCALES.get(left), _SCALES.get(right)
    if one is None or other is None or one[0] != other[0]:
        return None
    return one[1] / other[1]


def confused(written: str | None, kept: str | None) -> bool:
    """Return whether the two units are one of the pairs that are often taken for each other."""
    left, right = plain(written), plain(kept)
    return any(
        (left in one and right in other) or (left in other and right in one)
        for one, other in _CONFUSED
    )


def is_share(unit: str | None) -> bool:
    """Return whether the unit is a part of a whole."""
    return plain(unit) in {"%", "‰", "成"}


def is_points(unit: str | None) -> bool:
    """Return whether the unit is a difference of shares."""
    return plain(unit) in {"个百分点", "百分点"}


def is_count(unit: str | None) -> bool:
    """Return whether only whole numbers can stand before the unit."""
    unit = plain(unit)
    return unit in {"人次", "家次", "户次", "件次", "户", "名", "人"} or any(
        unit in group for group in _LOOSE
    )


def converted(value: Exact, written: str | None, kept: str | None) -> Exact:
    """Return a value written in one unit as the kept unit has it; unchanged where no factor is known."""
    factor = scale(written, kept)
    if factor is None or factor == 1:
        return value
    exact = Fraction(value) * factor
    return (
        int(exact)
        if exact.denominator == 1
        else Decimal(exact.numerator) / Decimal(exact.denominator)
    )
