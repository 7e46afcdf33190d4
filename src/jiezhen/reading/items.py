"""Which numbered lines are headings and which are items of a list that say something themselves.

A heading is short, does not end like a sentence, holds mostly no figure, and has words of its own below it. Lines that
follow one another with nothing between them are a list: each is an item, read like any sentence.
"""

from __future__ import annotations

import re
from typing import Final

from jiezhen.kernel.numerals import narrow
from jiezhen.reading.headings import Mark
from jiezhen.reading.names import NamedSpans, reason
from jiezhen.reading.numbers import tokens

_ENDS: Final = ("。", "；", ";", "！")
_LOW: Final = 3
_LOWEST: Final = 4
_LONG: Final = 20


def settled(marks: list[Mark], texts: list[str]) -> list[Mark]:
    """Return the marks of all lines, with numbered headings that are items turned into items."""
    answer = list(marks)
    for index, (mark, text) in enumerate(zip(marks, texts, strict=True)):
        if mark.form == "heading" and mark.numbered and _is_item(index, mark, text, answer):
            answer[index] = Mark("item", mark.rank, mark.content, numbered=True)
    return answer


def _is_item(index: int, mark: Mark, text: str, marks: list[Mark]) -> bool:
    words = text[mark.content :].strip()
    followed = index + 1 < len(marks) and _is_sibling(marks[index + 1], mark)
    last = index > 0 and marks[index - 1].form == "item" and _is_sibling(marks[index - 1], mark)
    bare = followed or (last and (index + 1 == len(marks) or marks[index + 1].form == "heading"))
    if words.endswith(_ENDS):
        return bare or len(words) > _LONG or says_figure(words)
    if mark.rank < _LOW:
        return bare and says_figure(words)
    return (bare and mark.rank >= _LOWEST) or says_figure(words)


def _is_sibling(other: Mark, mark: Mark) -> bool:
    return other.numbered and other.rank == mark.rank


def says_figure(words: str) -> bool:
    """Return whether a line holds a figure with a measure word that is not part of a name."""
    clean = narrow(re.sub(r"\s+", "", words))
    if not re.search(r"[\d%]", clean):
        return False
    named = NamedSpans(clean)
    return any(
        token.unit and token.unit != "大" and reason(clean, token, named) is None
        for token in tokens(clean)
    )
