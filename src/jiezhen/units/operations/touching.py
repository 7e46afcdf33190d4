"""What every operation on units does: say that the units changed, refuse with words."""

import secrets

from django.db import transaction

from jiezhen.people.access import Viewer
from jiezhen.units.models import Unit
from jiezhen.units.queries import trees


class UnableToAdd(Exception):
    """Units or a posting cannot be changed; the message says why and what to do."""


def touch(office_id: int) -> None:
    """Give the office another revision and drop its tree, now and when the change is kept.

    The number is chance, not a count, so that a change that was rolled back and the next one
    never look the same.
    """
    rows = Unit.objects.for_system("the units of an office changed").filter(pk=office_id)
    rows.update(revision=secrets.randbits(62))
    trees.forget(office_id)
    transaction.on_commit(lambda: trees.forget(office_id))


def need(viewer: Viewer) -> None:
    """Refuse who may not manage units.

    Raises:
        UnableToAdd: The right is not held.
    """
    if not viewer.may("units.edit"):
        raise UnableToAdd("没有管理单元的权限。")


def units_of(viewer: Viewer) -> list[Unit]:
    """Return every unit of the viewer's office from the table, locked for a change."""
    rows = Unit.objects.for_system("units are changed together").filter(office_id=viewer.office_id)
    return list(rows.select_for_update(of=("self",)).order_by("path"))
