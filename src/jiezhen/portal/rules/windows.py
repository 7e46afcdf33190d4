"""When words are taken in about something: from a day, until a day, or until it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

State = Literal["coming", "open", "closed"]


@dataclass(frozen=True, slots=True)
class Window:
    """The first and the last day on which words are taken in; `ended` closes it whatever they are."""

    opens: date | None = None
    closes: date | None = None
    ended: bool = False

    def state(self, today: date) -> State:
        """Say whether it will open, is open, or has closed."""
        if self.ended or (self.closes is not None and self.closes < today):
            return "closed"
        if self.opens is not None and self.opens > today:
            return "coming"
        return "open"

    def within(self, other: Window) -> Window:
        """Return when both are open."""
        opens = [d for d in (self.opens, other.opens) if d is not None]
        return Window(
            max(opens, default=None),
            first([self.closes, other.closes]),
            self.ended or other.ended,
        )


def first(days: Iterable[date | None]) -> date | None:
    """Return the earliest of some days."""
    return min((d for d in days if d is not None), default=None)
