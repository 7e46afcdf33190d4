"""Which registers there are, and how much each holds."""

from dataclasses import dataclass

from django.db.models import Count

from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import access
from jiezhen.registers.queries.places import Where, where

__all__ = ["Register", "Where", "registers", "where"]


@dataclass(frozen=True, slots=True)
class Register:
    """One register: its kind and how many entries of it the viewer sees."""

    kind: Kind
    entries: int


def registers(viewer: Viewer) -> list[Register]:
    """Return the registers that the viewer sees, in the packs' order: one statement."""
    kinds = access.kinds(viewer, "entry")
    rows = access.rows_of_many(viewer, kinds)
    if rows is None:
        return []
    found = rows.filter(withdrawn_at=None).order_by().values_list("kind").annotate(n=Count("pk"))
    counts = dict(found)
    return [Register(kind, counts.get(kind.name, 0)) for kind in kinds]
