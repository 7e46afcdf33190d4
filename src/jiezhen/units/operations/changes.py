"""Changes of many units: kept while they are checked, and what takes them back."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import ProtectedError

from jiezhen.people.access import Viewer
from jiezhen.units.models import Unit, UnitChange
from jiezhen.units.operations.touching import UnableToAdd


def keep(
    viewer: Viewer,
    what: str,
    title: str,
    at: datetime,
    data: dict[str, Any],
    *,
    on: date | None = None,
    state: str = "checked",
) -> UnitChange:
    """Write down a change of many units."""
    return UnitChange.objects.create(
        office_id=viewer.office_id,
        what=what,
        title=title[:200],
        on=on,
        at=at,
        account_id=viewer.account_id,
        actor=viewer.name,
        state=state,
        data=data,
    )


def locked(viewer: Viewer, change_id: int) -> UnitChange:
    """Return a change of the viewer's office, locked.

    Raises:
        UnableToAdd: It is not there.
    """
    rows = UnitChange.objects.select_for_update(of=("self",))
    found = rows.filter(office_id=viewer.office_id, pk=change_id).first()
    if found is None:
        raise UnableToAdd("没有这次变更。")
    return found


def save(units: Sequence[Unit], columns: list[str]) -> None:
    """Write some columns of many units at once."""
    if units:
        rows = Unit.objects.for_system("units are changed together")
        rows.bulk_update(units, columns, batch_size=200)


def remove(units: Iterable[Unit]) -> None:
    """Delete units that nothing refers to.

    Raises:
        UnableToAdd: Records, postings or units below refer to one of them.
    """
    for unit in units:
        try:
            unit.delete()
        except ProtectedError as held:
            raise UnableToAdd(
                f"“{unit.title}”里已经有记录、任职或下级单元，不能撤回。请先把它们改到别的单元。"
            ) from held
