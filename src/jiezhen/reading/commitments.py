"""Commitments."""
from __future__ import annotations
from jiezhen.reading.draft import Draft, Sentence
from jiezhen.reading.model import Commitment, Figure
def commitments(sentences: list[Sentence], drafts: list[Draft], figures: tuple[Figure, ...]) -> tuple[Commitment, ...]:
    return ()
