"""Chinese numerals, full-width digits and Arabic digits with 万 and 亿, as exact values and back.

Words: a *numeral* is the number alone, without unit and without 约 or 余. Values are `int`, or `Decimal`
where the text has a fraction. Words that only look like numbers (万一, 三三两两, 千万) are refused.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

Exact = int | Decimal

DIGITS: Final = {
    **{ch: n for n, ch in enumerate("零一二三四五六七八九")},
    **{ch: n for n, ch in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
}
_SMALL: Final = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_BIG: Final = (("亿", 10**8), ("万", 10**4))
_MAGNITUDES: Final = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_NARROW: Final = str.maketrans(
    "０１２３４５６７８９％．＋－ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ",
    "0123456789%.+-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
)
_LONGEST: Final = 40
_ARABIC: Final = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_PIECE: Final = re.compile(r"((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)([十百千万亿]*)")


class NotANumeral(ValueError):
    """The text is not one well-formed numeral; keep it as words."""


def narrow(text: str) -> str:
    """Return the text with full-width digits, letters, ％ and ．made half-width, length unchanged."""
    return text.translate(_NARROW)


def value_of(text: str) -> Exact:
    """Return the exact value of one numeral: 三万五千, 两百, 廿三, 半, 3.5万, 3亿5000万, １，２３４.

    Shape: `int` where the value is whole, else `Decimal`.
    Errors: idioms, two numerals in a row (两三) and bare magnitudes (千万) are refused, never guessed.

    Raises:
        NotANumeral: The text is not one numeral.
    """
    text = narrow(text).replace("，", ",")
    if len(text) > _LONGEST:
        raise NotANumeral(text[:_LONGEST])
    if text == "半":
        return Decimal("0.5")
    return _arabic(text) if text[:1].isdigit() and text[:1].isascii() else _chinese(text)


def magnitude(text: str) -> int:
    """Return the factor of a magnitude such as 万, 千万, 万亿; 1 for an empty text.

    Raises:
        NotANumeral: A character is no magnitude.
    """
    factor = 1
    for ch in text:
        if ch not in _MAGNITUDES:
            raise NotANumeral(text)
        factor *= _MAGNITUDES[ch]
    return factor


def chinese(value: int) -> str:
    """Return a whole number from 0 to below 10^16 in Chinese numerals: 35000 → 三万五千.

    Raises:
        NotANumeral: The number is negative or too large.
    """
    if not 0 <= value < 10**16:
        raise NotANumeral(str(value))
    if value == 0:
        return "零"
    written = _written(value)
    return written[1:] if written.startswith("一十") else written


def whole(value: Decimal) -> Exact:
    """Return the value as `int` where nothing stands behind the point."""
    return int(value) if value == value.to_integral_value() else value


def _arabic(text: str) -> Exact:
    total, at, ceiling = Decimal(0), 0, None
    for piece in _PIECE.finditer(text):
        factor = magnitude(piece[2])
        if piece.start() != at or (ceiling is not None and factor >= ceiling):
            raise NotANumeral(text)
        total += Decimal(piece[1].replace(",", "")) * factor
        at, ceiling = piece.end(), factor
    if at != len(text) or not text:
        raise NotANumeral(text)
    return whole(total)


def _chinese(text: str) -> Exact:
    before, point, behind = text.partition("点")
    if point:
        if not behind or any(ch not in DIGITS or ch == "两" for ch in behind):
            raise NotANumeral(text)
        digits = "".join(str(DIGITS[ch]) for ch in behind)
        return whole(Decimal(f"{_whole(before)}.{digits}"))
    return _whole(before)


def _whole(text: str) -> int:
    text = text.replace("廿", "二十").replace("卅", "三十")
    if len(text) > 1 and all(ch in DIGITS and ch != "两" for ch in text):
        if len(text) < 3 or len(set(text)) == 1:
            raise NotANumeral(text)
        return int("".join(str(DIGITS[ch]) for ch in text))
    return _grouped(text)


def _grouped(text: str) -> int:
    for mark, factor in _BIG:
        left, found, right = text.rpartition(mark)
        if not found:
            continue
        high = _grouped(left)
        if not right:
            return high * factor
        if len(right) == 1 and DIGITS.get(right):
            return high * factor + DIGITS[right] * factor // 10
        low = _grouped(right.lstrip("零〇"))
        if low >= factor:
            raise NotANumeral(text)
        return high * factor + low
    return _section(text)


def _section(text: str) -> int:
    total, digit, last, zero = 0, -1, 10_000, False
    for ch in text:
        if ch in "零〇" and len(text) > 1:
            if digit >= 0:
                raise NotANumeral(text)
            zero = True
        elif ch in DIGITS:
            if digit >= 0:
                raise NotANumeral(text)
            digit = DIGITS[ch]
        else:
            unit = _SMALL.get(ch, 0)
            total += _place(text, digit, unit, last)
            digit, last, zero = -1, unit, False
    if digit < 0 and last == 10_000:
        raise NotANumeral(text)
    if digit > 0 and last in (100, 1000) and not zero:
        return total + digit * last // 10
    return total + max(digit, 0)


def _place(text: str, digit: int, unit: int, last: int) -> int:
    """Return what one digit with 千, 百 or 十 adds; a bare 十 counts as 一十."""
    if unit == 0 or unit >= last or digit == 0 or (digit < 0 and (unit != 10 or last != 10_000)):
        raise NotANumeral(text)
    return (digit if digit > 0 else 1) * unit


def _written(value: int) -> str:
    for mark, factor in _BIG:
        if value >= factor:
            high, low = divmod(value, factor)
            gap = "零" if low and low < factor // 10 else ""
            return _written(high) + mark + gap + (_written(low) if low else "")
    for mark, factor in (("千", 1000), ("百", 100), ("十", 10)):
        if value >= factor:
            high, low = divmod(value, factor)
            gap = "零" if low and low < factor // 10 else ""
            return "零一二三四五六七八九"[high] + mark + gap + (_written(low) if low else "")
    return "零一二三四五六七八九"[value]
