"""A figure while it is being read: mutable, in clean-text offsets, with the sentence it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from jiezhen.kernel.numerals import Exact
from jiezhen.reading.frames import Frame
from jiezhen.reading.layout import Block
from jiezhen.reading.model import Comparator, Kind
from jiezhen.reading.names import NamedSpans


@dataclass(slots=True, eq=False)
class Sentence:
    """A sentence of a block: clean text `text[start:end]`, with what its section says about time and mood."""

    block: Block
    start: int
    end: int
    frame: Frame
    named: NamedSpans
    times: list[re.Match[str]] | None = None

    @property
    def text(self) -> str:
        """The clean text of the whole block, to which all offsets refer."""
        return self.block.text


@dataclass(slots=True, eq=False)
class Draft:
    """One number on its way to become a figure. Offsets as in `numbers.Token`."""

    sentence: Sentence
    start: int
    end: int
    low: int
    high: int
    value: Exact | None
    unit: str | None
    comparator: Comparator
    qualifier: str | None
    upper: Exact | None
    kind: Kind = "result"
    rule: str = ""
    object: str | None = None
    action: str | None = None
    period: str | None = None
    base_period: str | None = None
    direction: str | None = None
    changed: bool = False
    estimate: bool = False
    cumulative: bool = False
    each: bool = False
    objects: tuple[str, ...] = ()
    place: str | None = None
    of: Draft | None = None
    parts: list[Draft] = field(default_factory=list)
    paired: Draft | None = None
    duplicate_of: Draft | None = None
    same_as: Draft | None = None
    subject: str = ""
    before: str = ""
    after: str = ""
    id: str = ""
    span: tuple[int, int] | None = None
    words: str = ""

    @property
    def text(self) -> str:
        """The clean text of the block."""
        return self.sentence.text

    @property
    def is_claim(self) -> bool:
        """Whether the number says something."""
        return self.kind != "id"

    def head(self) -> str:
        """Return the clean text from the start of the clause to the number."""
        return self.text[clause_start(self.text, self.sentence.start, self.low) : self.low]

    def tail(self) -> str:
        """Return the clean text from the number to the end of the clause."""
        return self.text[self.high : clause_end(self.text, self.high, self.sentence.end)]


_STOPS = frozenset("，,；;。：:！？!?")
_LONGEST = 240  # characters of a clause; a longer run without a stop is no clause, and looking further would be slow
_OPENING, _CLOSING = "（(", "）)"
_LAST_STOP = re.compile(r".*[，,；;。：:！？!?（(]", re.DOTALL)
_END = re.compile(r"[，,；;。：:！？!?（(）)]")
# A short bracket without numbers inside a noun: 公共（含专用）充电桩.
_BRACKET = re.compile(r"[（(][^（）()\d，。；]{1,8}[）)](?=[\u4e00-\u9fff])")


def clause_start(text: str, floor: int, at: int) -> int:
    """Return where the clause that holds a position begins; a closed bracket before it does not part it."""
    closed, floor = 0, max(floor, at - _LONGEST)
    if text.find("）", floor, at) < 0 and text.find(")", floor, at) < 0:
        stop = _LAST_STOP.match(text, floor, at)
        return stop.end() if stop else floor
    while at > floor:
        last = text[at - 1]
        if last in _STOPS or (last in _OPENING and not closed):
            return at
        closed += (last in _CLOSING) - (last in _OPENING)
        at -= 1
    return floor


def clause_end(text: str, at: int, ceiling: int) -> int:
    """Return where the clause that holds a position ends."""
    ceiling = min(ceiling, at + _LONGEST)
    found = _END.search(text, at, ceiling)
    if found is None:
        return ceiling
    inside = _BRACKET.match(text, found.start(), ceiling)
    return clause_end(text, inside.end(), ceiling) if inside else found.start()
