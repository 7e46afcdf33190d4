"""Changes of many units as the administration sees them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jiezhen.people.access import Viewer
from jiezhen.units.models import UnitChange

_FIELDS = ("id", "what", "title", "on", "at", "actor", "state", "data")


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of many units.

    `what` is boundaries, tree, split or merge; `state` checked, done or taken_back. `latest` says
    that it is the one that may be taken back.
    """

    id: int
    what: str
    title: str
    on: date | None
    at: datetime
    actor: str
    state: str
    data: dict[str, Any]
    latest: bool = False


def changes(viewer: Viewer, most: int = 20) -> list[ChangeRow]:
    """Return the latest changes of the viewer's office without their data, newest first.

    Nothing for who may not manage units.
    """
    if not viewer.may("units.edit"):
        return []
    rows = UnitChange.objects.filter(office_id=viewer.office_id).order_by("-id")
    plain = [f for f in _FIELDS if f != "data"]
    return [ChangeRow(**row, data={}) for row in rows.values(*plain)[:most]]


def change(viewer: Viewer, change_id: int) -> ChangeRow | None:
    """Return a change of the viewer's office with its data, None when it is not there."""
    if not viewer.may("units.edit"):
        return None
    rows = UnitChange.objects.filter(office_id=viewer.office_id)
    found = rows.filter(pk=change_id).values(*_FIELDS).first()
    if found is None:
        return None
    done = rows.filter(state="done").order_by("-id").values_list("pk", flat=True).first()
    return ChangeRow(**found, latest=found["id"] == done)
