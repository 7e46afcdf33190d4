"""Base units: figures, targets and readings of documents are compared in one unit each.

Money is in 元, a percentage is a share of 1, 万 and 亿 before a unit are counted out. So
「5.36亿元」 and a supplied 53600 of the unit 万元 are the same number.
"""

from decimal import ROUND_HALF_UP, Decimal

from jiezhen.kernel import quantities

_FACTORS = (("万", Decimal(10) ** 4), ("亿", Decimal(10) ** 8))


def base_unit(unit: str) -> str:
    """Return the unit in which values of a unit are kept: 万元 → 元, % stays %."""
    for word, _factor in _FACTORS:
        if unit.startswith(word) and len(unit) > len(word):
            return unit[len(word) :]
    return unit


def to_base(value: Decimal, unit: str) -> Decimal:
    """Return a value written in a unit as a value in its base unit."""
    if unit in ("%", "％"):
        return value / 100
    for word, factor in _FACTORS:
        if unit.startswith(word) and len(unit) > len(word):
            return value * factor
    return value


def from_base(value: Decimal, unit: str) -> Decimal:
    """Return a value in base units as it is written in a unit."""
    return value / to_base(Decimal(1), unit)


def exact(number: float | int) -> Decimal:
    """Return a number of the database as a decimal.

    Sums of decimals in binary are off in the fifteenth digit, and engines add in different
    orders; six decimals are more than any field has.
    """
    if isinstance(number, float) and not number.is_integer():
        return Decimal(repr(round(number, 6)))
    return Decimal(int(number))


def written(value: Decimal, unit: str, decimals: int = 0) -> str:
    """Return a value in base units as reports write it: 48120人次, 99.6%, 641.42万元."""
    if unit in ("%", "％"):
        return quantities.ratio(value, decimals or 1)
    if value == value.to_integral_value() and unit != "元":
        return quantities.written(int(value), unit)
    if unit != "元":
        value = value.quantize(Decimal(1).scaleb(-(decimals or 2)), ROUND_HALF_UP)
    return quantities.written(value, unit)
