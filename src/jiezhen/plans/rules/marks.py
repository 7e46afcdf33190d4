"""The original text with marks on it: nothing added, nothing left out.

A `Piece` is a stretch of the text. Joined together the pieces are the text itself; only where
somebody asked to see it without the line breaks of its layout are those left out, on the
screen alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked stretch. `state` is sure, unsure or told; `key` is the row's number."""

    start: int
    end: int
    state: str
    key: str
    words: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `mark` when it is marked, `first` when the mark begins here."""

    text: str
    mark: Mark | None = None
    first: bool = False


def pieces(text: str, marks: Iterable[Mark], gaps: Iterable[int] = ()) -> list[Piece]:
    """Return the text cut at the ends of the marks.

    Where marks overlap the one that begins later (the smaller one) is kept, the other goes on
    around it. `gaps` are offsets of characters that are not to be shown.
    """
    found = sorted(marks, key=lambda m: (m.start, -m.end))
    ends = sorted({0, len(text), *(x for m in found for x in (m.start, m.end))})
    hidden = sorted(set(gaps))
    shown: list[Piece] = []
    begun: set[int] = set()
    live: list[Mark] = []
    upcoming = 0
    for start, end in pairwise(ends):
        while upcoming < len(found) and found[upcoming].start <= start:
            live.append(found[upcoming])
            upcoming += 1
        live = [m for m in live if m.end > start]
        mark = max(live, key=lambda m: (m.start, -m.end), default=None)
        first = mark is not None and id(mark) not in begun
        if mark is not None:
            begun.add(id(mark))
        shown.append(Piece(_without(text, start, end, hidden), mark, first))
    return shown


def _without(text: str, start: int, end: int, hidden: list[int]) -> str:
    gone = [h for h in hidden if start <= h < end] if hidden else []
    if not gone:
        return text[start:end]
    kept, at = [], start
    for place in gone:
        kept.append(text[at:place])
        at = place + 1
    kept.append(text[at:end])
    return "".join(kept)


def breaks(text: str, paragraphs: Iterable[tuple[int, int, str]]) -> list[int]:
    """Return the offsets of line breaks (and blanks beside them) inside paragraphs.

    A break between two words in Latin letters is kept, because it stands for a blank.
    """
    found: list[int] = []
    for start, end, form in paragraphs:
        if form == "table":
            continue
        found += [
            place
            for place in range(start, end)
            if text[place] in "\r\n" and not _between_latin(text, place)
        ]
    return found


def _between_latin(text: str, place: int) -> bool:
    before = text[max(0, place - 20) : place].rstrip()[-1:]
    after = text[place + 1 : place + 21].lstrip()[:1]
    return before.isascii() and before.isalpha() and after.isascii() and after.isalpha()
