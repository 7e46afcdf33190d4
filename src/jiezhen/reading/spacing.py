"""Blanks inside numbers: torn by recognition or typesetting (1 86.4 亿, 8 5个) or set to group digits (1 300张).

Two numbers never stand side by side in running text without a word between them, so digits parted by one blank belong
together when a word precedes them and a unit follows. Lists (1 2 3号), years (2021 7个), rows of a table set with
blanks, and numbers behind 表 or 附件 stay apart. Where the whole text is torn, weaker signs are enough.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_BLANK: Final = "[ \u00a0\u2002-\u200a\u202f]"
_PAIR: Final = re.compile(rf"[\d０-９]{_BLANK}[\d０-９]")
_RUN: Final = re.compile(rf"(?<![\d.,])\d[\d.,]*(?:{_BLANK}(?:[.,] ?)?\d[\d.,]*)+")
_WHOLE: Final = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_GROUPED: Final = re.compile(rf"[1-9]\d{{0,2}}(?:{_BLANK}\d{{3}})+(?:\.\d+)?")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_UNIT: Final = re.compile(
    r"\s*(?:[\u4e00-\u9fff%％‰℃㎡㎞]|[kKM]?[mW](?![a-zA-Z])|k?[VW](?![a-zA-Z]))"
)
_COUNTED_OFF: Final = re.compile(r"\s*[号组楼栋幢期班街路院]")
_NUMBERED: Final = re.compile(r"(?:表|图|附件|附表|第|页|编号|序号|号)\s*$")
_LEAD: Final = re.compile(r"[\u4e00-\u9fff”’）)》、，,：:（(“~—-]\s*$")
_TORN_WORDS: Final = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff] [\u4e00-\u9fff])")
_TORN_UNIT: Final = re.compile(r"\d [\d.](?:[\d.,]|,? )*\s*[\u4e00-\u9fff%]")
_TORN_END: Final = re.compile(r"\s*[，。；、）]|\s*\n\s*\d")
_MANY: Final = 4
_ROW: Final = 3


@dataclass(frozen=True, slots=True)
class Habit:
    """Whether blanks stand inside the numbers of a text all over (`torn`), or anywhere at all (`any`)."""

    any: bool
    torn: bool

    @classmethod
    def of(cls, original: str) -> Habit:
        """Return the habit of a whole text, judged by its running lines."""
        if not _PAIR.search(original):
            return cls(any=False, torn=False)
        numbers = len(_TORN_UNIT.findall(original))
        return cls(
            any=True,
            torn=numbers >= _MANY or (numbers > 1 and len(_TORN_WORDS.findall(original)) >= _MANY),
        )


NONE: Final = Habit(any=False, torn=False)


def closed(
    original: str, start: int, end: int, habit: Habit, *, cell: bool = False
) -> frozenset[int]:
    """Return the indices of the blanks between start and end that stand inside a number.

    A table's cell holds one value, so grouped digits in it need no unit behind them.
    """
    if not habit.any:
        return frozenset()
    found: set[int] = set()
    for run in _RUN.finditer(original, start, end):
        first, last = _without_year(run)
        if _is_one_number(original, first, last, start, habit, cell=cell):
            found.update(at for at in range(first, last) if original[at].isspace())
    return frozenset(found)


def _without_year(run: re.Match[str]) -> tuple[int, int]:
    year = _YEAR.match(run[0])
    if year and run[0][year.end() : year.end() + 1].isspace():
        return run.start() + year.end() + 1, run.end()
    return run.span()


def _is_one_number(
    original: str, first: int, last: int, start: int, habit: Habit, *, cell: bool
) -> bool:
    words = original[first:last]
    chunks = words.split()
    if not _WHOLE.fullmatch("".join(chunks)):
        return False
    before, after = original[max(start, first - 6) : first], original[last : last + 6]
    if cell:
        return bool(_GROUPED.fullmatch(words)) and not before.strip(" |\t")
    if _stay_apart(chunks, before, after, habit):
        return False
    if habit.torn:
        return bool(_UNIT.match(after) or _TORN_END.match(after))
    single = any(len(chunk) == 1 or chunk.startswith("0") for chunk in chunks)
    return bool(_UNIT.match(after) and _LEAD.search(before)) and (
        single or bool(_GROUPED.fullmatch(words))
    )


def _stay_apart(chunks: list[str], before: str, after: str, habit: Habit) -> bool:
    """Return whether the pieces are several numbers: years, lists that count on, the number of a table."""
    if any(_YEAR.fullmatch(chunk) for chunk in chunks) or _NUMBERED.search(before):
        return True
    return _counts_on(chunks) and (not habit.torn or bool(_COUNTED_OFF.match(after)))


def _counts_on(chunks: list[str]) -> bool:
    """Return whether the pieces count on by one: 1 2 3, 11 12 13."""
    if len(chunks) < _ROW or not all(chunk.isdigit() for chunk in chunks):
        return False
    return all(int(right) == int(left) + 1 for left, right in pairwise(chunks))
