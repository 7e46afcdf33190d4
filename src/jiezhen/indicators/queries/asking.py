"""「要一个数」: a few words become a figure and a sentence that is ready to paste.

An indicator, a time, a unit, and 按居委 or 按月. Where two indicators fit, both are given with
their definitions; nothing is guessed.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches

from jiezhen.indicators.queries.frames import Frame, frame
from jiezhen.indicators.queries.origins import divided
from jiezhen.indicators.queries.shapes import Figure
from jiezhen.indicators.queries.sheets import sheet
from jiezhen.kernel import clock
from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Indicator
from jiezhen.people.access import Viewer
from jiezhen.units.queries import UnitRow

_DIGITS = {
    "一": "1",
    "二": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
    "十": "10",
    "十一": "11",
    "十二": "12",
}
_YEAR = re.compile(r"(20\d\d)\s*年?|(今年|本年|去年|上年|前年)")
_SPAN = re.compile(
    r"(上半年|下半年)|(?:第?([一二三四1-4])季度?|(本季度?|上季度?))"
    r"|(1\s*[-—至到~]\s*(?:6|3)\s*月)|(十[一二]|[一二三四五六七八九十]|1[0-2]|0?[1-9])\s*月份?"
    r"|(本月|上个?月|这个月)"
)
_CODE = re.compile(r"20\d\d(?:H[12]|Q[1-4]|-(?:0[1-9]|1[0-2])|Y(?:0[2-9]|1[0-2]))")
_BY = re.compile(r"(?:按|各个?|每个?|分)(居委会?|居民区|社区|单元|片区)")
_BY_MONTH = re.compile(r"(?:按|逐|每个?|各|分)月")
_FILL = re.compile(
    r"有多少|是多少|多少|有几|共有?|一共|全街道|全镇|全街|全部|情况|数据|目前|截至|现在|完成了?|"
    r"[，。、？?！!,.：:；;\s]|(?:的|了|呢|吗|是|数)$|^(?:的|了)"
)


@dataclass(frozen=True, slots=True)
class Told:
    """One figure that fits: its sentence, its definition, and its parts when asked 按居委 or 按月."""

    figure: Figure
    sentence: str
    definition: str
    rows: tuple[Figure, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was understood and what fits.

    `told` is empty when no indicator fits; then `near` names the likeliest titles. `understood`
    is the reading of the question in words: 样例助餐 · 2023年上半年 · 松涛居民区.
    """

    question: str
    told: tuple[Told, ...]
    near: tuple[str, ...]
    understood: str
    period: Period | None = None
    unit: UnitRow | None = None


def ask(viewer: Viewer, text: str, at: datetime, *, whole: Frame | None = None) -> Answer:
    """Answer a question in words.

    Statements: units, notes and one for each kind of the indicators that fit; none of them
    when no indicator fits.
    """
    asked = " ".join(text.split())[:120]
    period, rest = read_time(asked, clock.day_of(at))
    by = "unit" if _BY.search(rest) else "month" if _BY_MONTH.search(rest) else ""
    rest = _BY_MONTH.sub("", _BY.sub("", rest))
    if not fitting(_bare(rest)) and not near(_bare(rest)) and len(_bare(rest)) < 2:
        return Answer(asked, (), (), period.title, period)
    whole = whole or frame(viewer, at)
    unit, rest = _place(rest, whole)
    bare = _bare(rest)
    fits = fitting(bare)
    understood = " · ".join([bare, period.title, unit.title])
    if not fits:
        return Answer(asked, (), tuple(near(bare)), understood, period, unit)
    told = _told(viewer, fits, unit, period, whole, by)
    return Answer(asked, told, (), understood, period, unit)


def _told(
    viewer: Viewer, fits: list[Indicator], unit: UnitRow, period: Period, whole: Frame, by: str
) -> tuple[Told, ...]:
    on = clock.day_of(whole.at)
    months = [m for m in period.months if m.start <= on] if by == "month" else []
    counted = sheet(
        viewer,
        [s.name for s in fits],
        [unit],
        [period, *months],
        whole.at,
        compare=("year",),
        given_frame=whole,
    )
    found = []
    for spec in fits:
        figure = counted.figure(spec.name, unit, period)
        rows = [counted.figure(spec.name, unit, month) for month in months]
        if by == "unit":
            rows = [counted.figure(spec.name, u, period) for u in divided(whole, unit)]
        found.append(
            Told(
                figure, sentence(figure, spec, whole), spec.definition_sentence(), tuple(rows), by
            )
        )
    return tuple(found)


def sentence(figure: Figure, spec: Indicator, whole: Frame) -> str:
    """Return a figure as one sentence that is ready to paste.

    2023年上半年，全街道为老助餐48120人次，同比上升5.2%（数据截至2023年7月3日）。
    """
    where = _where(figure.unit, whole)
    as_of = clock.day_of(figure.as_of)
    until = f"（数据截至{as_of.year}年{as_of.month}月{as_of.day}日）"
    if figure.value is None:
        return f"{figure.period.title}，{where}{spec.title}还没有数：{figure.why}"
    words = (
        spec.sentence.replace("{value}", figure.text)
        if "{value}" in spec.sentence
        else (f"{spec.title}{figure.text}")
    )
    growth = ""
    if figure.year is not None and (
        figure.year.rate is not None or figure.year.points is not None
    ):
        growth = f"，{figure.year.words}"
    return f"{figure.period.title}，{where}{words}{growth}{until}。"


def _where(unit: UnitRow, whole: Frame) -> str:
    """Return a unit as a sentence names it; the office itself is 全街道, 全镇 or 全乡."""
    plain = unit.title.partition("（")[0]
    if unit.id != whole.office.id:
        return plain
    return next((f"全{end}" for end in ("街道", "镇", "乡") if plain.endswith(end)), plain)


def read_time(text: str, on: date) -> tuple[Period, str]:
    """Return the period that words mean on a day, and the words that are left.

    Without any the year so far is meant. A part of a year that has not begun yet is last
    year's: in July 「下半年」 is this year's, in May last year's.
    """
    code = _CODE.search(text)
    if code:
        try:
            return Period.parse(code[0]), text.replace(code[0], " ", 1)
        except BadPeriod:
            pass
    year_words, span_words = _YEAR.search(text), _SPAN.search(_YEAR.sub(" ", text, count=1))
    rest = _SPAN.sub(" ", _YEAR.sub(" ", text, count=1), count=1)
    year = _year(year_words, on)
    if span_words is None:
        return Period.parse(str(year or on.year)), rest
    return _span(span_words, year, on), rest


def _year(found: re.Match[str] | None, on: date) -> int | None:
    if found is None:
        return None
    if found[1]:
        return int(found[1])
    return on.year - {"今": 0, "本": 0, "去": 1, "上": 1, "前": 2}[found[2][0]]


def _span(found: re.Match[str], year: int | None, on: date) -> Period:
    half, quarter, this_quarter, months, month, this_month = found.groups()
    if this_month:
        now = Period.of(on, "month")
        return now.previous() if "上" in this_month else now
    if this_quarter:
        now = Period.of(on, "quarter")
        return now.previous() if "上" in this_quarter else now
    if half:
        suffix = "H1" if half == "上半年" else "H2"
    elif quarter:
        suffix = f"Q{_DIGITS.get(quarter, quarter)}"
    elif months:
        suffix = "H1" if "6" in months else "Q1"
    else:
        suffix = f"-{int(_DIGITS.get(month, month)):02d}"
    period = Period.parse(f"{year or on.year}{suffix}")
    return period.years_before() if year is None and period.start > on else period


def _place(text: str, whole: Frame) -> tuple[UnitRow, str]:
    """Return the unit whose longest name stands in the words, else the office."""
    best: tuple[str, UnitRow] | None = None
    for unit in whole.units:
        for name in (unit.title, *unit.also, unit.title.removesuffix("居民区")):
            if len(name) > 1 and name in text and (best is None or len(name) > len(best[0])):
                best = (name, unit)
    if best is None:
        return whole.office, text
    rest = text.replace(best[0], " ", 1)
    return best[1], re.sub(r"(?<= )(?:居民区|居委会|居委|社区)", "", rest)


def _bare(text: str) -> str:
    while (cut := _FILL.sub("", text)) != text:
        text = cut
    return text


def _terms(spec: Indicator) -> list[str]:
    return [_bare(term) for term in (spec.title, *spec.also)]


def fitting(bare: str, most: int = 5) -> list[Indicator]:
    """Return the indicators whose titles or other names fit the bare words, best first.

    A name that is the very words is the only one meant. Else the longest names inside the
    words, else all names in which the words stand.
    """
    if len(bare) < 2:
        return []
    known = [(term, spec) for spec in catalogue().indicators.values() for term in _terms(spec)]
    same = [spec for term, spec in known if term == bare]
    inside = [(len(term), spec) for term, spec in known if len(term) > 1 and term in bare]
    longest = max((size for size, _spec in inside), default=0)
    found = same or [spec for size, spec in inside if size == longest]
    found = found or [spec for term, spec in known if bare in term]
    return list({spec.name: spec for spec in found}.values())[:most]


def near(bare: str) -> list[str]:
    """Return the titles that are most like the words, for a question that nothing fits."""
    titles = {term: s.title for s in catalogue().indicators.values() for term in _terms(s)}
    close = get_close_matches(bare, titles, n=4, cutoff=0.4)
    return list(dict.fromkeys(titles[term] for term in close))
