"""Every question about figures. Doors for other engines; pages have their own modules here."""

from jiezhen.indicators.queries.asking import Answer, Told, ask
from jiezhen.indicators.queries.basics import definition_of, link_for
from jiezhen.indicators.queries.counting import counted_in
from jiezhen.indicators.queries.frames import Frame, frame
from jiezhen.indicators.queries.freezing import Drift, Frozen, drift, frozen, frozen_many
from jiezhen.indicators.queries.noted import Notes, Version, notes
from jiezhen.indicators.queries.origins import Lineage, NoSuchNumber, lineage, resolve
from jiezhen.indicators.queries.shapes import Figure, TargetRow, UnknownIndicator
from jiezhen.indicators.queries.sheets import Sheet, figure, sheet
from jiezhen.indicators.queries.usage import Use

__all__ = [
    "Answer",
    "Drift",
    "Figure",
    "Frame",
    "Frozen",
    "Lineage",
    "NoSuchNumber",
    "Notes",
    "Sheet",
    "TargetRow",
    "Told",
    "UnknownIndicator",
    "Use",
    "Version",
    "ask",
    "counted_in",
    "definition_of",
    "drift",
    "figure",
    "frame",
    "frozen",
    "frozen_many",
    "lineage",
    "link_for",
    "notes",
    "resolve",
    "sheet",
]
