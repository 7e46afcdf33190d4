"""The words around a figure: its clause, its sentence, and the key under which its source is remembered."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from jiezhen.kernel.numerals import narrow
from jiezhen.reading.model import Document, Figure

_SENTENCE: Final = re.compile(r"[。；;！!？?]|\n\s*\n|\n\s*(?=[-·◆●■>])")
_CLAUSE: Final = re.compile(r"[，,、：:（(）)]")
#: A number with its approximation and magnitude, as the writer may choose another form of it.
_MASKED: Final = re.compile(r"(?:约|近|超过|超|逾|达)?\d[\d.,]*[十百千万亿]*(?:余|多)?")
#: A rise this year may be a fall next year: the words of change count as one.
_CHANGE: Final = re.compile(r"增长|上升|提高|提升|下降|减少|回落")
_SPELT: Final = frozenset("〇零一二三四五六七八九十百千万亿两几半")
_SKIPPED: Final = re.compile(r"[\s\u200b◆●■·*#>\-]+")


@dataclass(frozen=True, slots=True)
class Context:
    """Where a figure stands: offsets of its clause and sentence in the untouched text."""

    clause: tuple[int, int]
    sentence: tuple[int, int]


def context_of(
    text: str, start: int, end: int, floor: int = 0, ceiling: int | None = None
) -> Context:
    """Return clause and sentence around `text[start:end]`, kept within `floor` and `ceiling`."""
    ceiling = len(text) if ceiling is None else ceiling
    sentence = _between(_SENTENCE, text, (start, end), (floor, ceiling))
    return Context(_between(_CLAUSE, text, (start, end), sentence), sentence)


def contexts(document: Document) -> dict[str, Context]:
    """Return the context of every figure of a document, within its own paragraph, by figure id."""
    found: dict[str, Context] = {}
    for figure in document.figures:
        floor, ceiling = bounds(document, figure)
        found[figure.id] = context_of(document.text, figure.start, figure.end, floor, ceiling)
    return found


def bounds(document: Document, figure: Figure) -> tuple[int, int]:
    """Return start and end of the paragraph that holds a figure, or of the whole text."""
    low, high = 0, len(document.paragraphs)
    while low < high:
        middle = (low + high) // 2
        if document.paragraphs[middle].end <= figure.start:
            low = middle + 1
        else:
            high = middle
    if low < len(document.paragraphs):
        paragraph = document.paragraphs[low]
        if paragraph.start <= figure.start and figure.end <= paragraph.end:
            return paragraph.start, paragraph.end
    return 0, len(document.text)


def _between(
    marks: re.Pattern[str], text: str, span: tuple[int, int], limits: tuple[int, int]
) -> tuple[int, int]:
    start, end = limits
    for mark in marks.finditer(text, limits[0], span[0]):
        start = mark.end()
    after = marks.search(text, span[1], limits[1])
    return start, after.start() if after else end


def masked(text: str) -> str:
    """Return the words of a text with every number as #, without white space and bullets."""
    return _MASKED.sub("#", _CHANGE.sub("变", _SKIPPED.sub("", narrow(text))))


def keys(text: str, context: Context, at: int) -> tuple[str, str]:
    """Return two keys of the figure at `at`: by its sentence, and by its clause with the one before.

    Numbers do not enter, so that a figure keeps its key whatever its digits are; its place among the
    numbers of the sentence does. The keys are digests: no words of a draft are kept by remembering.
    """
    sentence, (clause, clause_end) = context.sentence, context.clause
    whole = masked(text[sentence[0] : sentence[1]])
    place = _place(text, sentence[0], at)
    narrow_place = _place(text, clause, at)
    part = masked(text[clause:clause_end])
    before = masked(text[max(sentence[0], clause - 24) : clause])[-12:]
    return _digest("s", whole, place), _digest("c", f"{before}|{part}", narrow_place)


def _place(text: str, start: int, at: int) -> str:
    """Return which of the numbers behind `start` stands at `at`.

    A number told in a word (一级, 八大) is not masked; it has a place of its own among the words, so that it
    is never taken for the number in digits that follows it.
    """
    before = masked(text[start:at])
    return f"w{len(before)}" if text[at : at + 1] in _SPELT else str(before.count("#"))


def _digest(level: str, words: str, place: str) -> str:
    return level + hashlib.blake2b(f"{words}|{place}".encode(), digest_size=12).hexdigest()
