"""The ways to write a live number, each with a short name that keeps its meaning when the value changes.

Names: blank for the usual way; `w1m` is 万 with one decimal and 余 (4.8万余人次), `w1a` the same with 超,
`w2e` 万 with nothing left out; `n2m` is 余 behind two closing zeros (4800余次); `p2` a share with two decimals.
A growth is written with its words (同比增长5.2%; `2` with two decimals) or as the bare share (`p1`, `p2`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from jiezhen.kernel import quantities
from jiezhen.kernel.numerals import Exact, whole
from jiezhen.reports.rules.meaning import ABOVE
from jiezhen.reports.rules.model import Aspect

_STYLE: Final = re.compile(r"(超)?(-?\d+(?:\.(\d+))?)([万亿]?)(余?)")
_MARKS: Final = {"": "n", "万": "w", "亿": "y"}
UNKNOWN: Final = "—"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a number. `said` is the value that the words say, in base units."""

    name: str
    text: str
    said: Exact
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Number:
    """What a chip stands for. `value` is in base units; `why` says why there is none.

    `word` is the unit (% for growth and progress, 个百分点 for a change of rates), `against` how the
    growth is called (同比, 比2021年). `said` stands in the place of a number that may not be told.
    """

    value: Exact | None
    word: str
    decimals: int = 0
    aspect: Aspect = "value"
    against: str = "同比"
    href: str = ""
    title: str = ""
    period: str = ""
    place: str = ""
    definition: str = ""
    as_of: str = ""
    why: str = ""
    later: int = 0
    code: str = ""
    said: str = ""


def forms(number: Number) -> list[Form]:
    """Return the ways to write a number, the usual one first; none where there is no value."""
    if number.value is None:
        return []
    if number.word in ("%", "％"):
        return _shares(number)
    if number.word == "个百分点":
        points = _points(abs(Decimal(number.value)))
        text = f"{quantities.plain(points)}个百分点"
        return [*_spoken(number, text), Form("bare", text, points)]
    value = _tidy(number)
    text = usual(value, number.word)
    said = quantities.read_value(text)
    found = [Form("", text, said, exact=said == value)]
    for other in quantities.forms(value, number.word):
        name = _name(other.text, number.word)
        far = name.endswith("a") and Fraction(value) > Fraction(other.value) * (1 + ABOVE)
        if name and not far and other.text != found[0].text:
            found.append(Form(name, other.text, other.value, other.exact))
    return found


def written(number: Number, form: str) -> str:
    """Return a number in a named form, in the usual one where the value no longer allows it, or 「—」."""
    if number.said:
        return number.said
    found = forms(number)
    if not found:
        return UNKNOWN
    return next((f.text for f in found if f.name == form), found[0].text)


def nearest(options: Sequence[Form], words: str) -> str:
    """Return the name of the form that is written like the given words: 3.82万人次 asks for 万 and two decimals."""
    found = _STYLE.search(words)
    if found is None:
        return ""
    if "%" in words:
        places = len(found[3] or "")
        return next((f.name for f in options if f.name == f"p{places}"), "")
    wanted = _name(words, "")
    return next((f.name for f in options if f.name and f.name == wanted), "")


def usual(value: Exact, word: str) -> str:
    """Return the usual way to write a count, money or area."""
    return quantities.written(value, word)


def _tidy(number: Number) -> Exact:
    """Return the value with as many decimals as the indicator shows; money keeps its 分."""
    value = Decimal(number.value or 0)
    if value == value.to_integral_value():
        return int(value)
    places = 2 if number.word == "元" else number.decimals or 2
    return whole(round(value, places))


def _shares(number: Number) -> list[Form]:
    value = Decimal(number.value or 0)
    if number.aspect == "growth":
        return _growths(number, value)
    usual_places = number.decimals or 1
    found: list[Form] = []
    for places in dict.fromkeys((usual_places, 1, 2, 0)):
        text = quantities.ratio(value, places)
        name = "" if places == usual_places else f"p{places}"
        if all(text != other.text for other in found):
            found.append(Form(name, text, quantities.read_value(text)))
    return found


def _points(value: Decimal) -> Decimal:
    """Round percentage points to one decimal, smaller ones to two."""
    return round(value, 1 if value >= Decimal("0.05") else 2)


def _growths(number: Number, value: Decimal) -> list[Form]:
    """Return a growth with its words first; the bare share is for words that stand there already."""
    found: list[Form] = []
    for places, name in ((1, ""), (2, "2")):
        text = quantities.ratio(abs(value), places)
        found += [Form(f.name + name, f.text, f.said) for f in _spoken(number, text)]
        found.append(Form(f"p{places}", text, quantities.read_value(text)))
    return found


def _spoken(number: Number, text: str) -> list[Form]:
    """Return a growth in whole words, so that a turn from rise to fall changes the words too."""
    value = Decimal(number.value or 0)
    if value == 0:
        return [Form("", f"{number.against}持平", 0)]
    rise = "上升" if number.aspect == "change" else "增长"
    said = quantities.read_value(text) if number.aspect == "growth" else abs(value)
    sign = 1 if value > 0 else -1
    return [Form("", f"{number.against}{rise if value > 0 else '下降'}{text}", sign * said)]


def _name(text: str, word: str) -> str:
    body = text.removesuffix(word) if word else text
    found = _STYLE.match(body)
    if found is None:
        return ""
    above, digits, decimals, mark, more = found.groups()
    kind = "a" if above else "m" if more else "e"
    if mark:
        return f"{_MARKS[mark]}{len(decimals or '')}{kind}"
    if kind == "e":
        return ""
    zeros = len(digits) - len(digits.rstrip("0"))
    return f"n{zeros}{kind}"
