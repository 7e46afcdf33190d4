"""Likeness of words: overlap of two-character pieces, weighted by how rare a piece is in the catalogue."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from jiezhen.kernel.numerals import narrow

_NOISE: Final = re.compile(
    r"[\s\u200b，,、。；;：:（()）“”\"'‘’《》〈〉【】\[\]·◆●■\-—－~～!！?？{}]+"
)
_NUMERAL: Final = re.compile(r"\d[\d.,]*[十百千万亿]*[余多]?")
#: Words that say nothing about what is counted.
_EMPTY: Final = re.compile(
    r"(?:全年|年度|上半年|下半年|本年|今年|去年|累计|预计|共计|共|总计|已经|已|均|各|力争|争取|确保|顺利|成功"
    r"|积极|持续|进一步|有效|全面|稳步|有序|其中|以及|同时|达到|达|为|了|的|等|与|和|及|到|约|近|超过|超)"
)


def core(text: str) -> str:
    """Return the words without marks, numbers and filling words."""
    return _EMPTY.sub("", _NUMERAL.sub("", _NOISE.sub("", narrow(text))))


def pieces(text: str) -> frozenset[str]:
    """Return the two-character pieces of the core of a text; a single character stands for itself."""
    words = core(text)
    if len(words) < 2:
        return frozenset(words)
    return frozenset(words[i : i + 2] for i in range(len(words) - 1))


def dice(left: str, right: str) -> float:
    """Return the likeness of two texts, 0 to 1, every piece weighing the same."""
    one, other = pieces(left), pieces(right)
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))


class Weights:
    """How much each piece of a catalogue says: pieces in many names say little."""

    def __init__(self, names: Iterable[str]) -> None:
        """Count in how many names each piece stands."""
        self._seen: Counter[str] = Counter()
        self._total = 0
        for name in names:
            self._seen.update(pieces(name))
            self._total += 1

    def of(self, piece: str) -> float:
        """Return the weight of a piece; unknown ones weigh as much as the rarest."""
        return math.log(1 + (self._total + 1) / (self._seen[piece] + 1))

    def sum(self, some: Iterable[str]) -> float:
        """Return the weight of several pieces together."""
        return sum(self.of(piece) for piece in some)
