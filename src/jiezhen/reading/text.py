"""Joining broken lines: a clean string for analysis that knows where each character stood.

A `Joined` holds text without stray white space, with digits made half-width, and for each character its index
in the untouched original. Analysis happens in the clean text; every answer is mapped back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from jiezhen.kernel.numerals import narrow
from jiezhen.reading import spacing

# White space goes, unless it parts two Latin words or two numbers. Markdown's bold marks and the commas that group
# digits go too.
_NOISE: Final = re.compile(
    r"[\s\u200b\ufeff]+|\*\*|__(?=\S)|(?<=\d)[,，](?=\d{3}(?!\d)[万亿]?[^\d,，。；;\s])"
)
# Chinese text typed with ASCII stops says the same; one form of each keeps the rules short.
_FULL: Final = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
_HALF_WIDTH: Final = re.compile(
    r"(?<=[^\x00-\x7f])[,;:!?]|(?<=[\w%)\]\"'])[,;:!?](?=[^\x00-\x7f])"
)
_WORD: Final = re.compile(r"[A-Za-z0-9%]")
_WORD_HEAD: Final = re.compile(r"[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Joined:
    """Clean text with the original index of each of its characters."""

    text: str
    at: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original start and end of a piece of clean text, which must not be empty."""
        return self.at[start], self.at[end - 1] + 1


def join(
    original: str,
    pieces: list[tuple[int, int]],
    habit: spacing.Habit = spacing.NONE,
    *,
    cell: bool = False,
) -> Joined:
    """Return the clean text of several pieces (start, end) of the original, in order.

    `habit` says how the document uses blanks inside numbers; `cell` that the pieces are one cell of a table.
    """
    words: list[str] = []
    at: list[int] = []
    for start, end in pieces:
        _add(
            original,
            (start, end),
            spacing.closed(original, start, end, habit, cell=cell),
            words,
            at,
        )
    text = _HALF_WIDTH.sub(lambda found: _FULL[found[0]], narrow("".join(words)))
    return _ungrouped(text, at) if habit.any and "," in text else Joined(text, at)


def _ungrouped(text: str, at: list[int]) -> Joined:
    """Drop the commas of numbers whose blanks were closed only now: 1,0 5 9."""
    commas = {found.start() for found in re.finditer(r"(?<=\d),(?=\d{3}(?!\d))", text)}
    kept = [index for index in range(len(text)) if index not in commas]
    return Joined("".join(text[index] for index in kept), [at[index] for index in kept])


def _add(
    original: str, piece: tuple[int, int], closed: frozenset[int], words: list[str], at: list[int]
) -> None:
    start, end = piece
    cursor = start
    for noise in _NOISE.finditer(original, start, end):
        words.append(original[cursor : noise.start()])
        at.extend(range(cursor, noise.start()))
        if noise.start() not in closed and _parts_words(original, noise.start(), noise.end(), end):
            words.append(" ")
            at.append(noise.start())
        cursor = noise.end()
    words.append(original[cursor:end])
    at.extend(range(cursor, end))


def _parts_words(original: str, start: int, end: int, limit: int) -> bool:
    if not (start > 0 and end < limit and original[start].isspace()):
        return False
    return bool(_WORD.match(original[start - 1]) and _WORD_HEAD.match(original[end]))
