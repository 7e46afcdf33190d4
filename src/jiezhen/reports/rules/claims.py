"""Claims without a number that need evidence, and numbers whose size cannot be right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from jiezhen.kernel.numerals import narrow
from jiezhen.reading.model import Document, Figure
from jiezhen.reading.text import join
from jiezhen.reports.rules import units
from jiezhen.reports.rules.model import Finding

_AREA: Final = r"(?:全国|全省|全市|全区|全县|全镇|全街道|同类|各街镇|区内|市内)"
_CLAIM: Final = re.compile(
    rf"(?:位[居列于]|排[名在]|名列|列|居){_AREA}?(?:前列|前茅|首位|第一|榜首|前[一二三四五六七八九十\d]+)"
    rf"|{_AREA}(?:最[高低多少好快大]|第一|首[个家批创]|唯一|领先|前列|前茅)"
    r"|(?:提前)?超额完成[^，。；、\n]{0,12}|提前完成[^，。；、\n]{0,10}|创(?:历史)?(?:新高|新低)|历史最[好高低]"
    r"|大幅(?:提升|提高|下降|减少|增长)|显著(?:提升|提高|下降|改善|增强)|成倍增长"
)
#: What a street or town can have at most in one figure. Unit: as the key says, in base units.
_LIMITS: Final = {
    "公里": 100,
    "米": 100_000,
    "平方公里": 200,
    "公顷": 20_000,
    "亩": 300_000,
    "平方米": 50_000_000,
    "人": 1_000_000,
    "户": 500_000,
    "人次": 50_000_000,
    "元": 500_000_000_000,
    "吨": 1_000_000,
    "个": 500_000,
    "家": 200_000,
    "台": 100_000,
    "条": 500_000,
    "处": 100_000,
    "幢": 50_000,
    "栋": 50_000,
    "座": 10_000,
}


def claims(document: Document) -> Iterator[Finding]:
    """Yield the words that say much and give no number; a person adds the evidence or takes them out."""
    clean = join(document.text, [(0, len(document.text))])
    ranks = [f for f in document.claims if f.kind == "rank"]
    for found in _CLAIM.finditer(clean.text):
        start, end = clean.span(*found.span())
        if any(f.start < end and start < f.end for f in ranks):
            continue
        yield Finding(
            "claim", "remark", ((start, end),), found[0], words="没有数字的说法，请附依据或来源"
        )


def size(figure: Figure, text: str) -> str:
    """Return why the size of a figure cannot be right, or an empty text."""
    value = figure.value
    if value is None:
        return ""
    if figure.kind == "rate" and units.is_share(figure.unit) and value > 1:
        return "比率不会超过100%"
    average = "均" in text[max(0, figure.start - 8) : figure.start]
    if units.is_count(figure.unit) and value != int(value) and not average:
        return f"{figure.unit}应当是整数"
    limit = _LIMITS.get(units.plain(figure.unit))
    if limit is not None and abs(Decimal(value)) > limit:
        return f"数值异常，疑为{_likely(figure, text)}"
    return ""


def _likely(figure: Figure, text: str) -> str:
    """Return the number with its point moved until it fits: 254公里 → 2.54公里."""
    span = "".join(text[figure.start : figure.end].split())
    found = re.search(r"\d[\d,]*(?:\.\d+)?", narrow(span))
    limit = _LIMITS[units.plain(figure.unit)]
    if found is None or figure.value is None:
        return "别的数"
    number, value = Decimal(found[0].replace(",", "")), Decimal(figure.value)
    while value > limit / 10 and value >= 10:
        number, value = number / 10, value / 10
    return span[: found.start()] + f"{number.normalize():f}" + span[found.end() :]
