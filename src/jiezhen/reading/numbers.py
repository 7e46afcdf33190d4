"""Finding numbers with their magnitude, approximate words and unit in clean text.

A token is one number (or one range) with everything that belongs to its writing. Whether it is a figure or part of a
name is decided in `names`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from jiezhen.kernel import numerals
from jiezhen.kernel.numerals import Exact
from jiezhen.reading import lexicon
from jiezhen.reading.model import Comparator

_ARABIC: Final = r"(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?"
_MAGNITUDE: Final = (
    r"(?:[十百千]?万亿|[百千]?[万亿](?!达(?!到))|[百千](?![瓦米克伏卡赫分])|十(?=[余多几]))"
)
_PLAIN: Final = rf"{_ARABIC}(?:{_MAGNITUDE}(?:\d+(?:\.\d+)?[百千]?万)?)?"
_CHINESE: Final = r"[零〇一二两三四五六七八九十百千万亿廿]+(?:点[零一二三四五六七八九]+)?"
_PERCENT: Final = rf"(?P<percent>百分之(?P<hundredth>{_ARABIC}|{_CHINESE}))"
_PART: Final = (
    r"(?P<fraction>(?P<below>[二三四五六七八九十])分之(?P<above>[一二两三四五六七八九]))"
)
_NUMBER: Final = re.compile(
    rf"{_PERCENT}|{_PART}|(?P<minus>(?:(?<![\d\w)）])|(?<=同比)|(?<=分别)|(?<=[长速幅为]))[-−])?(?P<first>{_PLAIN}|{_CHINESE})"
    rf"(?:[-—–~～至到](?P<second>{_PLAIN}|{_CHINESE}))?(?P<more>[余多来])?(?P<after>{_MAGNITUDE})?"
)
_UNIT: Final = re.compile(lexicon.any_of("measures", "name_units"))
_RANGE_TAIL: Final = re.compile(
    rf"[-—–~～至到](?P<second>{_ARABIC})(?P<unit>%|‰|[万亿]?元|[个户家])"
)
_BEFORE: Final = re.compile(
    r"(?:(?P<least>超过|(?<!赶)超|逾|突破|(?<![打攻侦])破|不少于|不低于|不小于|至少|高于|大于|多于|最少|最低|首破|≥|>|＞)"
    r"|(?P<most>不超过|不高于|不大于|不多于|至多|最多|少于|低于|小于|不足|不到|≤|<|＜)"
    r"|(?P<about>大约|(?<![签预节契合违集公条履邀特制失解赴])约|将近|接近|(?<![附最临邻相靠贴])近|大概|左右))(?:达到?|了|为)?$"
)
_AFTER: Final = re.compile(
    r"(?:(?P<least>以上|及以上|之多)|(?P<most>以下|以内|之内|及以下)|(?P<about>左右|上下|有余))"
)
_TRAPS: Final = {
    words[0]: re.compile("|".join(map(re.escape, words[1:])))
    for words in (
        line.split() for line in (lexicon.lines("measure_traps")) if len(line.split()) > 1
    )
}
_ARABIC_ONLY: Final = lexicon.known("arabic_only")
NAME_UNITS: Final = lexicon.known("name_units")


@dataclass(slots=True)
class Token:
    """A number in clean text. `start`, `end`: number, 余 and unit; `low`, `high`: with 约 and 以上 as well."""

    start: int
    end: int
    low: int
    high: int
    value: Exact | None
    unit: str | None
    comparator: Comparator
    qualifier: str | None
    upper: Exact | None
    digits: str
    arabic: bool
    more: bool


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """Yield the numbers of a clean text in order; runs of numeral characters without value are passed over."""
    cursor = start
    for found in _NUMBER.finditer(text, start, len(text) if end is None else end):
        if found.start() < cursor:
            continue
        token = _token(text, found)
        if token is not None:
            cursor = token.end
            yield token


def _token(text: str, found: re.Match[str]) -> Token | None:
    if found["percent"] or found["fraction"]:
        return _share(text, found)
    arabic = found["first"][0].isascii()
    end, unit = _unit(text, found.end(), arabic)
    if found["more"] in ("来", "多") and unit is None:
        found_end = found.end("first")
        return _plain(text, found, found_end, None, arabic)
    return _plain(text, found, end, unit, arabic)


def _plain(
    text: str, found: re.Match[str], end: int, unit: str | None, arabic: bool
) -> Token | None:
    more = bool(found["more"]) and end >= found.end("more")
    factor = numerals.magnitude(found["after"] or "") if end >= found.end() else 1
    value = _value(found["first"], more)
    if value is None:
        return None
    upper = _value(found["second"], more) if found["second"] else None
    if upper is not None and end >= found.end():
        value, upper = _matched(found["first"], found["second"], value, upper)
    tail = _RANGE_TAIL.match(text, end) if upper is None and unit else None
    if tail and tail["unit"].endswith(unit or "?"):
        upper, end = numerals.value_of(tail["second"]), tail.end()
    scale = Decimal(factor) / {"%": 100, "‰": 1000, "成": 10}.get(unit or "", 1)
    token = Token(
        found.start(),
        end,
        found.start(),
        end,
        _scaled(value, scale),
        unit,
        "=",
        None,
        None if upper is None else _scaled(upper, scale),
        found["first"],
        arabic,
        more,
    )
    if found["minus"] and token.value is not None:
        token.value = -token.value
    _qualify(text, token)
    return token


def _value(digits: str, more: bool) -> Exact | None:
    if more and digits in ("百", "千", "万", "百万", "千万", "亿"):
        digits = "1" + digits
    try:
        return numerals.value_of(digits)
    except numerals.NotANumeral:
        return None


def _matched(first: str, second: str, low: Exact, high: Exact) -> tuple[Exact, Exact]:
    """Let both ends of a range share the magnitude that is written once: 3—5万 is 30000 to 50000."""
    mark = second.lstrip("0123456789.,")
    if mark and first[-1].isdigit() and first[0].isascii() and second[0].isascii():
        low = numerals.whole(Decimal(low) * numerals.magnitude(mark))
    return low, high


def _scaled(value: Exact, scale: Decimal) -> Exact:
    return numerals.whole(Decimal(value) * scale)


def _unit(text: str, at: int, arabic: bool) -> tuple[int, str | None]:
    found = _UNIT.match(text, at)
    if not found:
        return at, None
    unit = found[0]
    trap = _TRAPS.get(unit)
    if (trap and trap.match(text, found.end())) or (not arabic and unit in _ARABIC_ONLY):
        # 八大类 is a rhetorical set like 八大平台; 10大类 is a count.
        return (at + 1, "大") if unit[0] == "大" and len(unit) > 1 else (at, None)
    return found.end(), unit


def _share(text: str, found: re.Match[str]) -> Token | None:
    if found["percent"]:
        value = _value(found["hundredth"], more=False)
        share = None if value is None else _scaled(value, Decimal("0.01"))
        unit: str | None = "%"
    else:
        share = Decimal(numerals.DIGITS[found["above"]]) / int(numerals.value_of(found["below"]))
        unit = None
    if share is None:
        return None
    token = Token(
        *found.span(),
        *found.span(),
        share,
        unit,
        "=",
        None,
        None,
        found[0],
        arabic=True,
        more=False,
    )
    _qualify(text, token)
    return token


def _qualify(text: str, token: Token) -> None:
    """Set comparator, qualifier and the span with the approximate words."""
    before = _BEFORE.search(text, max(0, token.start - 7), token.start)
    after = _AFTER.match(text, token.end)
    for found in (after, before):
        if found:
            token.comparator = ">=" if found["least"] else "<=" if found["most"] else "~"
            token.qualifier = found[0]
    if token.more and token.qualifier is None:
        token.comparator, token.qualifier = "~", "余"
    if token.upper is not None and token.qualifier is None:
        token.comparator = ">="
    token.low = before.start() if before else token.start
    token.high = after.end() if after else token.end
