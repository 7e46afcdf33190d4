"""Pure decisions about figures: lights, growth, roll-ups, codes of links."""

from jiezhen.indicators.rules.changes import Growth, growth
from jiezhen.indicators.rules.lights import COMPARATORS, Light, Thresholds, pace, thresholds_on

__all__ = [
    "COMPARATORS",
    "Growth",
    "Light",
    "Thresholds",
    "growth",
    "pace",
    "thresholds_on",
]
