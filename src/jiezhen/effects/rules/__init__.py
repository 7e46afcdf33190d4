"""Pure decisions: what an event is, who hears of it, when it is tried again, what leaves."""

from jiezhen.effects.rules.events import GROUPS, HOWS, Event, group_of, matches
from jiezhen.effects.rules.receivers import Known, receivers

__all__ = ["GROUPS", "HOWS", "Event", "Known", "group_of", "matches", "receivers"]
