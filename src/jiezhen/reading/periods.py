"""Which period a figure speaks of: its sentence first, then its section, then the document."""

from __future__ import annotations

import re
from typing import Final

from jiezhen.reading.draft import Draft
from jiezhen.reading.frames import Frame

_TIME: Final = re.compile(
    r"(?P<year>20[0-4]\d|19[89]\d)年(?!来)度?(?P<half>上半年|下半年|[一二三四]季度)?(?P<months>(?:1[-—至~])?(?P<month>1[0-2]|[1-9])月)?(?P<close>底|末|全年)?"
    r"|(?P<word>今年|本年度?|去年|上年|前年|明年|全年|年度|年内|上半年|下半年|前三季度|[一二三四]季度)"
    r"|(?P<span>1月?份?[-—至到~](?P<last>1[0-2]|[2-9])月)|(?:截至|截止|到)?(?<![-—至~\d])(?P<only>1[0-2]|[1-9])月(?P<rest>底|末|份|\d)?"
)
_BASE: Final = re.compile(r"(?:比|较|与|同|和|超|高于|低于)$")
_COMPARED: Final = re.compile(r"(?:的)?(?:相比|同期|同比|基础上|可比)")
_TASK: Final = re.compile(r"的?(?:目标|任务|计划|预算)")
_NAMING: Final = frozenset(("title", "quoted", "years"))
_BASE_YEAR: Final = re.compile(r"(?:比|较|与|同)(20\d\d)年(?:度)?(上半年|下半年)?")
_FROM: Final = re.compile(r"[由从]$")
_TURNED: Final = re.compile(
    r"\d[^，。；]*(?:[降升增减提扩上下](?:低|高|长|加|少|升|大)?)(?:到|至|为)"
)
_AS_OF: Final = re.compile(r"截[至止]到?|到$|至$")
_REACH: Final = 600
_OPENING: Final = 14
_QUARTERS: Final = "一二三四"


def set_period(draft: Draft) -> None:
    """Set the period of a figure and, for growth, the period it is compared with."""
    frame = draft.sentence.frame
    found = _last_time(draft)
    period, rule = frame.period, f"period: {frame.rule}"
    if found is not None:
        said = _read(found, frame)
        if said is not None:
            period, rule = said, f"period: {found[0]}"
    draft.period = period
    draft.rule = f"{draft.rule}; {rule}" if draft.rule else rule
    if draft.kind == "growth":
        word = found["word"] if found is not None and not period else None
        part = (
            _part(word) if word and (word in ("上半年", "下半年") or word.endswith("季度")) else ""
        )
        draft.base_period = _base(draft, period or part)


def of_heading(words: str, frame: Frame) -> str | None:
    """Return the period that a column heading names: 2023年, 上半年, 1—6月; None where it names none."""
    found = _TIME.search(words)
    return _read(found, frame) if found else None


def _last_time(draft: Draft) -> re.Match[str] | None:
    """Return the last time that the sentence names before the number and that the number belongs to."""
    sentence = draft.sentence
    if sentence.times is None:
        sentence.times = list(_TIME.finditer(draft.text, sentence.start, sentence.end))
    said = next(
        (
            found
            for found in reversed(sentence.times)
            if found.end() <= draft.start and _dates(found, draft)
        ),
        None,
    )
    return said or _leading_time(draft)


def _leading_time(draft: Draft) -> re.Match[str] | None:
    """Return the time that opens the whole sentence, which holds for its parts behind semicolons too."""
    text, start = draft.text, draft.sentence.start
    if start == 0 or text[start - 1] not in "；;":
        return None
    whole = max(text.rfind(stop, max(0, start - _REACH), start) for stop in "。！？") + 1
    found = _TIME.search(text, whole, min(start, whole + _OPENING))
    return found if found is not None and _dates(found, draft) else None


def _dates(found: re.Match[str], draft: Draft) -> bool:
    text, named = draft.text, draft.sentence.named.at(found.start())
    if named is not None and named.rule in _NAMING:
        return False
    before = text[max(0, found.start() - 2) : found.start()]
    if before.endswith(("自", "从")) or re.match(r"\d*日?起", text[found.end() :]):
        return False
    if draft.kind == "progress" and _TASK.match(text, found.end()):
        return False
    if _BASE.search(before) or _COMPARED.match(text, found.end()):
        return False
    return not (_FROM.search(before) and _TURNED.search(text, found.end(), draft.start))


def _read(found: re.Match[str], frame: Frame) -> str | None:
    year = int(frame.period[:4]) if frame.period else frame.year
    if found["year"]:
        return _explicit(found, frame)
    if year is None:
        return None
    if found["word"]:
        return _word(found["word"], year, frame)
    if found["span"]:
        return _until(year, int(found["last"]))
    return _month(found, year, frame)


def _explicit(found: re.Match[str], frame: Frame) -> str | None:
    year, half = found["year"], found["half"]
    if half:
        return f"{year}{_part(half)}"
    if found["months"]:
        before = found.string[max(0, found.start() - 3) : found.start()]
        through = found["months"][:2] in ("1-", "1—", "1至", "1~") or bool(_AS_OF.search(before))
        return (
            (_until(int(year), int(found["month"])) or year)
            if through
            else f"{year}-{int(found['month']):02d}"
        )
    if frame.period and frame.period.startswith(year) and not found["close"]:
        return frame.period
    return year


def _month(found: re.Match[str], year: int, frame: Frame) -> str | None:
    """Return the month of a figure; in a plan a month is a deadline and the period stays that of the section."""
    month = int(found["only"])
    if frame.mood == "plan":
        return frame.period
    if found[0].startswith(("截", "到")) or found["rest"] in ("底", "末"):
        return _until(year, month)
    return f"{year}-{month:02d}"


def _until(year: int, month: int) -> str | None:
    """Return the period from January to the end of a month; None where it has no name of its own."""
    return {3: f"{year}Q1", 6: f"{year}H1", 9: f"{year}Q1-Q3", 12: str(year)}.get(month)


def _word(word: str, year: int, frame: Frame) -> str | None:
    if word in ("上半年", "下半年") or word.endswith("季度"):
        return f"{year}{_part(word)}"
    if word in ("全年", "年度", "年内", "本年", "本年度"):
        return str(year)
    shift = _shift(frame, year)
    offset = {"今年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1}[word]
    if word == "今年" and shift == 0:
        return frame.period
    return str(year + shift + offset)


def _shift(frame: Frame, year: int) -> int:
    """Return how far the year of speaking lies behind the year spoken of (a January report on last year)."""
    return 0 if frame.year is None or frame.mood == "plan" else max(0, frame.year - year)


def _part(word: str) -> str:
    if word == "前三季度":
        return "Q1-Q3"
    return {"上半年": "H1", "下半年": "H2"}.get(word) or f"Q{_QUARTERS.index(word[0]) + 1}"


def _base(draft: Draft, period: str) -> str | None:
    """Return the period compared with: the named year, else the year before; `period` may lack its year (H1)."""
    year, part = (period[:4], period[4:]) if period[:1].isdigit() else ("", period)
    named = list(_BASE_YEAR.finditer(draft.text, draft.sentence.start, draft.start))
    clause = draft.head()
    for found in reversed(named):
        if found[0] in clause:
            return found[1] + (_part(found[2]) if found[2] else part)
    return f"{int(year) - 1}{part}" if year else None
