"""From lines to blocks: headings, paragraphs, bullets and table rows, with broken lines put together again.

A line goes on in the next one when it ends inside a sentence and is as wide as its neighbours. A gap (page break)
is bridged only where the words before it are plainly unfinished. Page numbers and running headers disappear.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, Literal

from jiezhen.reading import headings, items, lexicon
from jiezhen.reading.spacing import Habit
from jiezhen.reading.text import Joined, join

Form = Literal["heading", "paragraph", "bullet", "table"]

_ENDS: Final = "。！？；!?;：:"
_OPEN: Final = re.compile(r"[，、,（(“《及和与在为至达到的了将以对等]$")
_RESUMES: Final = re.compile(
    r"\s*(?:[%％‰，、。；）)”》]|[万亿元亩吨斤]|公里|平方|[个家户人处件项名次所座条台套栋幢亩]|以上|余|多|同比|环比|较上年|比上年|其中)"
)
_TABLE: Final = re.compile(r"\s*\|.*\||[^\t]+\t[^\t]*\S")
_PLAIN_HEADING: Final = re.compile(r"[^。，,；;！？!?：:]{2,40}$")
_CHAPTER: Final = re.compile(
    r"^(?:回顾|展望|总结|谋划)|(?:回顾|展望|工作总结|工作计划|工作安排|工作打算|工作思路)$"
)
_TITLE: Final = re.compile(
    r"(?:总结|报告|计划|要点|安排|方案|汇报|思路|打算)(?:[（(].{0,12}[）)])?\s*(?:20\d\d[-.年/].*)?$"
)
# 第1位　税收收入: one line of a ranking.
_PLACE: Final = re.compile(r"\s*第[\d一二三四五六七八九十]{1,3}[位名][\s:：]")
_HALF_NUMBER: Final = re.compile(r"[\u4e00-\u9fff][^\n]*\d[\d.]*[万亿]?$")
_BARE_NUMBER: Final = re.compile(r"\s*\d+\s*$")
_UNIT_FIRST: Final = re.compile(rf"\s*(?:[万亿余多年月日号%％]|{lexicon.any_of('measures')})")
# 责任单位：城建办: a line of its own below what it belongs to.
_LABEL: Final = re.compile(
    r"\s*(?:(?:责任|牵头|主办|承办|配合)(?:单位|部门|科室|领导|人)|完成时限|完成时间|时间节点)[:：]"
)
_SENTENCE_LENGTH: Final = 15


@dataclass(slots=True)
class Block:
    """A piece of the document that is read as one; `pieces` are spans of the original without marks."""

    form: Form
    rank: int
    start: int
    end: int
    pieces: list[tuple[int, int]]
    joined: Joined = field(default_factory=lambda: Joined("", []))

    @property
    def text(self) -> str:
        """The clean text."""
        return self.joined.text


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    mark: headings.Mark
    gap: bool


def blocks(original: str) -> list[Block]:
    """Return the blocks in document order; every visible character but page numbers belongs to one."""
    lines = _lines(original)
    habits = _Habits.of(lines)
    found: list[Block] = []
    last: _Line | None = None
    for line in lines:
        if found and last and _continues(found[-1], last, line, habits):
            found[-1].pieces.append((line.start + line.mark.content, line.end))
            found[-1].end = line.end
        else:
            found.append(_open(line))
        last = line
    habit = Habit.of(original)
    for block in found:
        block.joined = join(original, block.pieces, habit)
    _name_plain_headings(found)
    return [block for block in found if block.text]


@dataclass(frozen=True, slots=True)
class _Habits:
    """How this document ends its bullets and paragraphs."""

    bullets_end: bool
    paragraphs_end: bool

    @classmethod
    def of(cls, lines: list[_Line]) -> _Habits:
        bullets = [line.text for line in lines if line.mark.form == "bullet"]
        long = [line.text for line in lines if line.mark.form == "plain" and len(line.text) > 60]
        return cls(_mostly_end(bullets), _mostly_end(long))


def _mostly_end(texts: list[str]) -> bool:
    ended = sum(text.rstrip().endswith(tuple(_ENDS)) for text in texts)
    return len(texts) >= 3 and ended >= 0.6 * len(texts)


def _lines(original: str) -> list[_Line]:
    raw = [
        (found.start(), found.end(), found[0]) for found in re.finditer(r"[^\r\n\f]+", original)
    ]
    seen = Counter(text.strip() for _, _, text in raw)
    kept: list[_Line] = []
    cursor, dropped = 0, False
    for start, end, text in raw:
        gap = dropped or original.count("\n", cursor, start) > 1 or "\f" in original[cursor:start]
        cursor, dropped = end, False
        words = text.strip()
        torn = bool(_BARE_NUMBER.match(text)) and bool(
            _UNIT_FIRST.match(original[end : end + 8].removeprefix("\n"))
        )
        if (
            not words
            or (headings.is_page_number(text) and not torn)
            or _is_running(words, seen[words])
        ):
            dropped = True
            continue
        mark = headings.Mark("table", 0, 0) if _TABLE.match(text) else headings.mark_of(text)
        kept.append(_Line(start, end, text, mark, gap))
    marks = items.settled([line.mark for line in kept], [line.text for line in kept])
    return [replace(line, mark=mark) for line, mark in zip(kept, marks, strict=True)]


def _is_running(words: str, times: int) -> bool:
    """Return whether a line is a page header: short, repeated, and no sentence or list item."""
    return times >= 3 and len(words) < 30 and not re.search(r"[。；|\t]|^[-·◆●]", words)


def _open(line: _Line) -> Block:
    start = line.start + line.mark.content
    form: dict[str, Form] = {
        "heading": "heading",
        "bullet": "bullet",
        "item": "bullet",
        "table": "table",
    }
    kind = form.get(line.mark.form, "paragraph")
    return Block(kind, line.mark.rank, start, line.end, [(start, line.end)])


def _continues(block: Block, last: _Line, line: _Line, habits: _Habits) -> bool:
    if block.form in ("heading", "table") or line.mark.form in ("heading", "item", "table"):
        return False
    words = last.text.rstrip()
    if words.endswith(tuple(_ENDS)) or _PLACE.match(line.text) or _LABEL.match(line.text):
        return False
    if line.mark.form == "bullet":
        return block.form == "bullet" and line.gap and habits.bullets_end
    if line.gap:
        return _bridges(block, words, line, habits)
    return block.form == "bullet" or _is_wrapped(words, line.text.strip())


def _bridges(block: Block, words: str, line: _Line, habits: _Habits) -> bool:
    if _OPEN.search(words) or _is_open(words, line.text):
        return True
    if _RESUMES.match(line.text) or (
        block.form == "bullet" and re.match(r"\s*\d[\d.]*\s*[%％]", line.text)
    ):
        return True
    body = len(words) >= _SENTENCE_LENGTH and bool(re.search(r"[，、。；,;]", words))
    return body and block.form == "paragraph" and habits.paragraphs_end


def _is_open(words: str, following: str) -> bool:
    """Return whether a quotation or bracket is opened in one line and closed in the next."""
    for left, right in ("“”", "（）", "《》"):
        if words.rfind(left) > words.rfind(right):
            close, again = following.find(right), following.find(left)
            return close >= 0 and (again < 0 or close < again)
    return False


def _is_wrapped(words: str, following: str) -> bool:
    if _OPEN.search(words) or _RESUMES.match(following) or _is_open(words, following):
        return True
    if _TITLE.search(words) or re.match(r"(?:发布|来源|时间|日期|作者|索引|——)", following):
        return False
    return bool(_HALF_NUMBER.search(words)) or len(words) >= 0.7 * min(len(following), 40)


def _name_plain_headings(found: list[Block]) -> None:
    """Turn short paragraphs without punctuation into headings where something follows them."""
    for block, following in pairwise(found):
        if block.form == "paragraph" and _looks_like_heading(block) and following.form != "table":
            block.form, block.rank = "heading", 1 if _CHAPTER.search(block.text) else 2


def _looks_like_heading(block: Block) -> bool:
    if not _PLAIN_HEADING.match(block.text) or re.match(
        r"第[\d一二三四五六七八九十]{1,3}[位名]", block.text
    ):
        return False
    return not items.says_figure(block.text)
