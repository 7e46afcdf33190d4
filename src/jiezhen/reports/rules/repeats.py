"""Passages that stand twice: word for word, or with a few characters changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from jiezhen.kernel.numerals import narrow
from jiezhen.reading.model import Document
from jiezhen.reports.rules.context import masked

#: Shorter passages repeat without anybody's fault.
SHORTEST: Final = 12
#: From this likeness on two passages count as one told twice.
NEAR: Final = 0.86
#: Near repeats are looked for among so many passages before; word-for-word ones in the whole text.
KEPT: Final = 1500
_BULLET: Final = re.compile(r"^[ \t]*(?:[-*•·◆●■▪][ \t]*)+", re.MULTILINE)
_SPACE: Final = re.compile(r"[\s\u200b◆●■·*>#\-]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A bullet or paragraph; `number` counts from 1 in the order of the text."""

    number: int
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """A passage that tells an earlier one again; `likeness` is 1 where not a character differs."""

    passage: Passage
    first: Passage
    likeness: float


def passages(document: Document) -> list[Passage]:
    """Return bullets as they stand in the text, and paragraphs where the text has no bullets.

    Bullets are taken from the untouched lines, so that a sentence cut by a page break still equals its twin.
    """
    text = document.text
    found = list(_bullets(text))
    covered = [(p.start, p.end) for p in found]
    for paragraph in document.paragraphs:
        if paragraph.form not in ("paragraph", "bullet"):
            continue
        if not any(start < paragraph.end and paragraph.start < end for start, end in covered):
            found.append(_passage(text, paragraph.start, paragraph.end))
    ordered = sorted(found, key=lambda p: p.start)
    return [Passage(n, p.start, p.end, p.words) for n, p in enumerate(ordered, start=1)]


def repeats(document: Document) -> list[Repeat]:
    """Return every passage that was told before, with its first telling, in the order of the text."""
    found: list[Repeat] = []
    exact: dict[str, Passage] = {}
    kept: list[tuple[Passage, frozenset[str]]] = []
    for passage in passages(document):
        if len(passage.words) < SHORTEST:
            continue
        first = exact.get(passage.words)
        if first is not None:
            found.append(Repeat(passage, first, 1.0))
            continue
        exact[passage.words] = passage
        shingles = _shingles(passage.words)
        near = _nearest(passage, shingles, kept[-KEPT:])
        if near is not None:
            found.append(near)
        kept.append((passage, shingles))
    return found


def _bullets(text: str) -> list[Passage]:
    marks = list(_BULLET.finditer(text))
    found = []
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends if marks else [], strict=True):
        gap = re.search(r"\n[ \t]*\r?\n", text[mark.end() : end])
        found.append(_passage(text, mark.end(), mark.end() + gap.start() if gap else end))
    return found


def _passage(text: str, start: int, end: int) -> Passage:
    trimmed = text[start:end].rstrip()
    return Passage(0, start, start + len(trimmed), _SPACE.sub("", narrow(trimmed)))


def _shingles(words: str) -> frozenset[str]:
    return frozenset(words[i : i + 3] for i in range(max(1, len(words) - 2)))


def _nearest(
    passage: Passage, shingles: frozenset[str], kept: list[tuple[Passage, frozenset[str]]]
) -> Repeat | None:
    """Return the most alike earlier passage of at least `NEAR`; short ones must be word for word.

    Passages that differ in nothing but their numbers tell different things in one form, and do not count.
    """
    best: Repeat | None = None
    for first, other in kept:
        shorter, longer = sorted((len(shingles), len(other)))
        if shorter < 20 or shorter < NEAR * longer:
            continue
        likeness = len(shingles & other) / len(shingles | other)
        if likeness < NEAR or masked(passage.words) == masked(first.words):
            continue
        if best is None or likeness > best.likeness:
            best = Repeat(passage, first, likeness)
    return best
