"""Which fact of the office a figure speaks of: by its words, its unit, its kind; never by its value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jiezhen.reading.model import Figure
from jiezhen.reports.rules import units, words
from jiezhen.reports.rules.model import Aspect, Fact

#: A fact is a candidate from this share of its name found around the figure.
FOUND: Final = 0.72
#: The best candidate is clear when it leads by this much.
LEAD: Final = 0.12
#: What is left of a score when 人 meets 人次: such a fact explains a mistake, it is never the one meant.
CONFUSED: Final = 0.5
_PREVIOUS: Final = re.compile(r"[，,、；;。：:（(]")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The words that may name what a figure counts, from nearest to farthest."""

    near: str
    clause: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Match:
    """A fact that the words allow; `score` is 0 to 1."""

    fact: Fact
    score: float


@dataclass(frozen=True, slots=True)
class _Name:
    fact: Fact
    pieces: frozenset[str]
    weight: float


class Catalogue:
    """The facts of a source, prepared once for any number of figures."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        """Weigh the pieces of all names."""
        self.facts = {fact.key: fact for fact in facts}
        self.weights = words.Weights(name for fact in facts for name in fact.names)
        self._names: list[_Name] = []
        self._index: dict[str, list[int]] = {}
        for fact in facts:
            for name in dict.fromkeys(fact.names):
                self._add(fact, name)

    def _add(self, fact: Fact, name: str) -> None:
        pieces = words.pieces(name)
        if not pieces:
            return
        number = len(self._names)
        self._names.append(_Name(fact, pieces, self.weights.sum(pieces)))
        for piece in pieces:
            self._index.setdefault(piece, []).append(number)

    def matches(self, figure: Figure, around: Surroundings, aspect: Aspect) -> list[Match]:
        """Return the facts that the words allow, best first."""
        weighted = _weighted(around)
        hits = {n for piece in weighted for n in self._index.get(piece, ())}
        best: dict[str, Match] = {}
        for number in hits:
            name = self._names[number]
            score = self._score(name, figure, weighted, around) * _suits(figure, name.fact, aspect)
            held = best.get(name.fact.key)
            if score > 0 and (held is None or held.score < score):
                best[name.fact.key] = Match(name.fact, score)
        return sorted(best.values(), key=lambda m: (-m.score, m.fact.key))[:6]

    def _score(
        self, name: _Name, figure: Figure, weighted: dict[str, float], around: Surroundings
    ) -> float:
        found = sum(self.weights.of(p) * weighted.get(p, 0.0) for p in name.pieces) / name.weight
        if found < FOUND:
            return 0.0
        object_ = words.pieces(figure.object or around.near)
        told = self.weights.sum(object_) or 1.0
        explained = self.weights.sum(object_ & name.pieces) / told
        # A longer name that is found whole says more than a short one.
        return 0.55 * found + 0.30 * explained + 0.15 * min(1.0, name.weight / 24)


def clear(matches: Sequence[Match]) -> bool:
    """Return whether the first match leads so far that it is the one meant."""
    if not matches:
        return False
    return len(matches) == 1 or matches[0].score - matches[1].score >= LEAD


def surroundings(
    text: str, figure: Figure, clause: tuple[int, int], sentence: tuple[int, int]
) -> Surroundings:
    """Return the words around a figure: up to the mark before it, its clause, and its sentence."""
    start, end = clause
    before = text[start : figure.start]
    cut = max((m.end() for m in _PREVIOUS.finditer(before)), default=0)
    near = f"{before[cut:]}{text[figure.end : end]}"
    told = f"{figure.action or ''}{figure.object or ''}"
    return Surroundings(f"{told} {near}", text[start:end], text[sentence[0] : sentence[1]])


def _weighted(around: Surroundings) -> dict[str, float]:
    """Return each piece around the figure with how near it stands."""
    found: dict[str, float] = {}
    for text, weight in ((around.sentence, 0.55), (around.clause, 0.8)):
        for piece in words.pieces(text):
            found[piece] = weight
    for part in around.near.split(" "):
        for piece in words.pieces(part):
            found[piece] = 1.0
    return found


def _suits(figure: Figure, fact: Fact, aspect: Aspect) -> float:
    """Return how well unit and kind of a fact suit the figure; 0 rules it out."""
    if fact.origin == "target":
        if aspect not in ("target", "value"):
            return 0.0
        if aspect == "value" and figure.kind != "target":
            return 0.0
    if aspect in ("growth", "change", "progress"):
        return 1.0
    unit = units.fit(figure.unit, fact.unit)
    if unit:
        return 0.9 + 0.1 * unit
    return CONFUSED if units.confused(figure.unit, fact.unit) else 0.0
