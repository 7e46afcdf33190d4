"""Every question about figures. Doors for other engines; pages have their own modules here."""

from jiezhen.indicators.queries.frame import Frame, frame
from jiezhen.indicators.queries.notes import Notes, Version, notes
from jiezhen.indicators.queries.shapes import Figure, TargetRow, UnknownIndicator
from jiezhen.indicators.queries.sheet import Sheet, definition_of, figure, link_for, sheet
from jiezhen.indicators.queries.usage import Use

__all__ = [
    "Figure",
    "Frame",
    "Notes",
    "Sheet",
    "TargetRow",
    "UnknownIndicator",
    "Use",
    "Version",
    "definition_of",
    "figure",
    "frame",
    "link_for",
    "notes",
    "sheet",
]
