"""What the office says of itself on its public pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.people.access import Viewer
from jiezhen.portal.models import Front
from jiezhen.portal.queries.fronts import front_of
from jiezhen.trail import operations as trail

#: Who may say how the office is reached, and who may publish a plan.
REACH, PUBLISH = "packs.edit", "reports.publish"
_WORDS = ("phone", "hours", "counter", "route", "open311")


class NotAllowed(Exception):
    """The viewer does not hold the right."""


@transaction.atomic
def set_front(
    viewer: Viewer,
    at: datetime,
    *,
    words: Mapping[str, str] | None = None,
    plans: Iterable[int] | None = None,
) -> None:
    """Write how the office is reached and by whom Open311 may be used, or which plans are published.

    Raises:
        NotAllowed: The viewer may not.
    """
    if words is not None and not viewer.may(REACH, path=viewer.office_path):
        raise NotAllowed(_("没有改公众门户的权限。需要的话，找系统管理员。"))
    if plans is not None and not viewer.may(PUBLISH, path=viewer.office_path):
        raise NotAllowed(_("没有公布计划的权限。需要的话，找党政办。"))
    row: Front = front_of(viewer.office_id)
    before = _said(row)
    for name in _WORDS:
        if words is not None and name in words:
            setattr(row, name, words[name].strip())
    if plans is not None:
        row.plans = sorted(set(plans))
    row.changed_at, row.changed_by = at, viewer.name
    row.save()
    trail.append(
        viewer,
        "portal.front.changed",
        f"office:{viewer.office_id}",
        at,
        before=before,
        after=_said(row),
    )


def _said(row: Front) -> dict[str, object]:
    return {**{name: getattr(row, name) for name in _WORDS}, "plans": list(row.plans)}
