"""Report a matter with its photographs, or add them to an older one, in one deed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from jiezhen.matters.models import Matter
from jiezhen.matters.operations import steps
from jiezhen.matters.operations.callers import open_matter
from jiezhen.matters.operations.moving import say
from jiezhen.people.access import Viewer
from jiezhen.records import files
from jiezhen.units.queries import UnitRow


@transaction.atomic
def report(  # noqa: PLR0913  # what a report is; all but four are by name
    viewer: Viewer,
    kind: str,
    values: Mapping[str, Any],
    at: datetime,
    *,
    unit: UnitRow,
    photo: str = "",
    photos: Sequence[files.Ready] = (),
    source: str = "form",
) -> Matter:
    """Open a matter and put its photographs to it; all or nothing.

    `photo` is the kind's field for files. The matter may go
    at once to a unit in which the reporter changes nothing; their photographs still come with it.

    Raises:
        records.operations.Refused: A value or a file cannot be kept; nothing is.
    """
    row = open_matter(viewer, kind, values, at, unit=unit, source=source).matter
    return add_photos(viewer, row, photo, photos, at)


@transaction.atomic
def add_photos(
    viewer: Viewer, row: Matter, field: str, photos: Sequence[files.Ready], at: datetime
) -> Matter:
    """Put photographs to a matter that was just opened by a viewer.

    Raises:
        records.operations.Refused: A file cannot be kept.
    """
    for photograph in photos:
        files.attach(steps.own(viewer), row, field, photograph, at)
        row = (
            Matter.objects.for_system("the report just made").select_related("unit").get(pk=row.pk)
        )
    return row


@transaction.atomic
def supplement(  # noqa: PLR0913  # what is added, and to which matter
    viewer: Viewer,
    kind: str,
    record_id: int,
    words: str,
    at: datetime,
    *,
    photo: str = "",
    photos: Sequence[files.Ready] = (),
) -> None:
    """Put words and photographs to a matter that somebody reported before; all or nothing.

    Raises:
        records.operations.NotAllowed: The viewer may not change the matter.
        records.operations.Refused: There is nothing to add, or it cannot be kept.
    """
    if words or not photos:
        say(viewer, kind, record_id, words, at)
    for photograph in photos:
        rows = Matter.objects.for_system("attaching asks for the right")
        row = rows.select_related("unit").get(kind=kind, pk=record_id, office_id=viewer.office_id)
        files.attach(viewer, row, photo, photograph, at)
