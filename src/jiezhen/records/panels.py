"""What higher engines know about a record, without this package knowing them.

An engine offers a function when the product starts; the record page calls each. 「这条计入…」
comes from indicators and plans, further events of the timeline from whoever has some.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from jiezhen.people.access import Viewer
from jiezhen.records.models import Row
from jiezhen.web.components import Event


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a panel: 「热线工单 1件」, and the page that explains it."""

    text: str
    href: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A card of the record page: a heading and its lines, or a template of the engine's own.

    `template` is rendered with `context` in place of the lines, with the page's own names
    around it.
    """

    title: str
    lines: tuple[Line, ...] = ()
    template: str = ""
    context: object = None


Provider = Callable[[Viewer, Row, datetime], Panel | None]
Events = Callable[[Viewer, Row], list[Event]]

_panels: dict[str, Provider] = {}
_events: dict[str, Events] = {}


def offer(name: str, provider: Provider) -> None:
    """Add a card to the record page. `name` is its place in the order and must be unique."""
    _panels[name] = provider


def offer_events(name: str, provider: Events) -> None:
    """Add events to the timeline of records."""
    _events[name] = provider


def panels(viewer: Viewer, row: Row, at: datetime) -> list[Panel]:
    """Return the cards that the engines have for a record, ordered by name."""
    found = [provider(viewer, row, at) for _name, provider in sorted(_panels.items())]
    return [panel for panel in found if panel is not None]


def events(viewer: Viewer, row: Row) -> list[Event]:
    """Return the events that the engines have for a record, in no order."""
    return [
        event for _name, provider in sorted(_events.items()) for event in provider(viewer, row)
    ]
