"""Codes of live numbers: short, stable, made without a table and read back with the catalogue.

A code is 6 signs of the indicator's fingerprint, 3 of the period and the unit's number, in
digits and letters that cannot be mistaken for each other. Frozen numbers have codes of 7 signs
that are drawn at random and kept.
"""

import hashlib
from collections.abc import Iterable

from jiezhen.kernel.periods import BadPeriod, Period

_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_FIRST_YEAR = 1950
_CODES = (
    "",
    *(f"H{n}" for n in (1, 2)),
    *(f"Q{n}" for n in range(1, 5)),
    *(f"-{n:02d}" for n in range(1, 13)),
    *(f"Y{n:02d}" for n in range(2, 13)),
)
FROZEN = 7
_MARK, _SPAN = 6, 3


class BadCode(ValueError):
    """No number has this code."""


def encode(number: int, size: int = 1) -> str:
    """Return a whole number in the signs of codes, at least `size` of them."""
    text = ""
    while number or len(text) < size:
        number, rest = divmod(number, 32)
        text = _SIGNS[rest] + text
    return text


def decode(text: str) -> int:
    """Return the number that signs of codes stand for.

    Raises:
        BadCode: A sign does not belong.
    """
    number = 0
    for sign in text:
        place = _SIGNS.find(sign)
        if place < 0:
            raise BadCode(text)
        number = number * 32 + place
    return number


def mark(indicator: str) -> str:
    """Return the fingerprint of an indicator's name: 30 bits."""
    digest = hashlib.sha256(indicator.encode()).digest()
    return encode(int.from_bytes(digest[:4]) >> 2, _MARK)


def code(indicator: str, unit: int, period: Period) -> str:
    """Return the code of a live number."""
    year, rest = int(period.code[:4]) - _FIRST_YEAR, period.code[4:]
    return (
        mark(indicator)
        + encode(max(year, 0) * len(_CODES) + _CODES.index(rest), _SPAN)
        + (encode(unit))
    )


def read(text: str, indicators: Iterable[str]) -> tuple[str, int, Period]:
    """Return indicator, unit and period of a live number's code.

    Raises:
        BadCode: The code is no live number's, or its indicator is not in the catalogue.
    """
    if len(text) <= _MARK + _SPAN:
        raise BadCode(text)
    wanted = text[:_MARK]
    name = next((n for n in indicators if mark(n) == wanted), None)
    year, rest = divmod(decode(text[_MARK : _MARK + _SPAN]), len(_CODES))
    if name is None:
        raise BadCode(text)
    try:
        period = Period.parse(f"{year + _FIRST_YEAR}{_CODES[rest]}")
    except BadPeriod as problem:
        raise BadCode(text) from problem
    return name, decode(text[_MARK + _SPAN :]), period
