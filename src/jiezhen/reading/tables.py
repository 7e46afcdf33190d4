"""Figures in tables."""
from __future__ import annotations
from jiezhen.reading.draft import Draft
from jiezhen.reading.frames import Frame
from jiezhen.reading.layout import Block
def drafts(parts: list[Block], framed: list[Frame]) -> list[Draft]:
    return []
