"""Keep the lights of a day, so that changes can be told."""

from datetime import datetime

from django.db import transaction

from jiezhen.kernel import clock
from jiezhen.people.access import Viewer
from jiezhen.plans.models import LightSnapshot
from jiezhen.plans.queries import board
from jiezhen.trail import operations as trail


@transaction.atomic
def snapshot(viewer: Viewer, at: datetime) -> int:
    """Keep the light of every task that the viewer sees; once a day for each.

    Shape: how many were kept now; a second call on the same day changes what was kept.
    """
    on = clock.day_of(at)
    found = board.board(viewer, at).rows
    LightSnapshot.objects.bulk_create(
        [
            LightSnapshot(
                task_id=row.id,
                on=on,
                colour=row.light.colour,
                word=row.light.word,
                share=None if row.light.share is None else round(float(row.light.share), 6),
            )
            for row in found
        ],
        update_conflicts=True,
        unique_fields=["task", "on"],
        update_fields=["colour", "word", "share"],
    )
    trail.append(
        viewer, "plans.lights.kept", f"lights:{on.isoformat()}", at, after={"tasks": len(found)}
    )
    return len(found)
