"""The columns that a matter's timers give: where each lies inside the JSON column `timers`.

Moments are local ISO texts, so that their day is the first ten characters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jiezhen.packs.schema import Kind

#: What stands behind the name of a timer in the name of a column: key and type of the value.
_PARTS = {
    "met": ("met", "flag"),
    "due_on": ("due", "date"),
    "done_on": ("done", "date"),
    "hours": ("hours", "number"),
}


@dataclass(frozen=True, slots=True)
class Timed:
    """A column of a timer: contact_due_on is the day of `timers.contact.due`."""

    timer: str
    key: str
    type: str

    def value(self, timers: Mapping[str, Any]) -> Any:
        """Return the value as expressions know it: yes or no, an ISO day, a number; else None."""
        held = timers.get(self.timer)
        found = held.get(self.key) if isinstance(held, Mapping) else None
        return found[:10] if self.type == "date" and isinstance(found, str) else found


def columns_of(kind: Kind) -> dict[str, Timed]:
    """Return the timers' columns of a kind by name."""
    flow = kind.flow_spec
    return {
        f"{timer}_{part}": Timed(timer, key, type_)
        for timer in (flow.timers if flow else {})
        for part, (key, type_) in _PARTS.items()
    }
