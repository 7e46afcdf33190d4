"""Headings of official documents: 一、 （一） 1. （1）, taken off and put on."""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(
    r"^(?:[#>\s]+|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}(?:[.、．]\s*|\s+))+"
)
_DIGITS: Final = "一二三四五六七八九十"


def bare(heading: str) -> str:
    """Return a heading without its number and marks."""
    return _NUMBER.sub("", heading.strip()).strip()


def numeral(number: int) -> str:
    """Return 1 to 99 in Chinese numerals."""
    if number <= 10:
        return _DIGITS[number - 1]
    tens, ones = divmod(number, 10)
    return f"{_DIGITS[tens - 1] if tens > 1 else ''}十{_DIGITS[ones - 1] if ones else ''}"


def numbered(title: str, level: int, number: int) -> str:
    """Return a heading with the number of its level: 一、 or （一）."""
    if not title:
        return ""
    return f"{numeral(number)}、{title}" if level == 1 else f"（{numeral(number)}）{title}"
