"""Messages to units: what they were newly assigned (one a day), and 催办 (one per unit)."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.effects.operations import Event, announce
from jiezhen.kernel import clock
from jiezhen.people.access import Viewer
from jiezhen.plans.models import Notice, Task
from jiezhen.plans.operations import access
from jiezhen.plans.queries import reminders, scope
from jiezhen.records.operations import Problem, Refused
from jiezhen.trail import operations as trail


def assigned(viewer: Viewer, task: Task, at: datetime) -> Notice:
    """Tell the lead unit about a task; everything of one day goes into one notice."""
    rows = Notice.objects.for_system("the day's digest of a unit")
    notice, fresh = rows.get_or_create(
        unit_id=task.lead_id,
        on=clock.day_of(at),
        kind="assigned",
        defaults={
            "office_id": task.office_id,
            "at": at,
            "actor": viewer.name,
            "text": _("新指定的任务"),
        },
    )
    notice.tasks.add(task)
    if fresh:
        title = _("{unit}有新指定的任务").format(unit=task.lead.title)
        _announce(viewer, notice, "task.assigned", task.lead.path, title)
    return cast(Notice, notice)


def _announce(viewer: Viewer, notice: Notice, name: str, path: str, title: str) -> None:
    """Let the people of the unit hear of a message; what it says stands on its page."""
    event = Event(
        name=name,
        about=f"notice:{notice.pk}",
        unit_path=path,
        kind="",
        title=title,
        key=f"plans.notice:{notice.pk}",
        href="/tasks/notices",
        by=viewer.account_id,
    )
    announce(viewer.office_id, event, notice.at)


@transaction.atomic
def remind(
    viewer: Viewer, codes: Iterable[str], texts: dict[int, str], at: datetime
) -> list[Notice]:
    """Send one message per unit that lists all of its chosen tasks.

    Args:
        viewer: Who reminds.
        codes: The tasks; those already closed are left out.
        texts: The message for each unit id as it was previewed and perhaps changed.
        at: The moment.

    Raises:
        NotAllowed: The viewer may not supervise.
        Refused: Nothing is chosen.
    """
    access.need_confirm(viewer)
    drafts = reminders.preview(viewer, codes, at)
    if not drafts:
        raise Refused(Problem("selected", _("请先选中要催办的任务。")))
    sent = []
    for draft in drafts:
        text = (texts.get(draft.unit_id) or draft.text).strip()[:4000]
        notice = Notice.objects.create(
            office_id=viewer.office_id,
            unit_id=draft.unit_id,
            kind="reminder",
            on=clock.day_of(at),
            at=at,
            actor=viewer.name,
            text=text,
        )
        notice.tasks.add(*scope.tasks(viewer).filter(code__in=draft.codes))
        sent.append(notice)
        title = _("催办：{count}项任务请说明进展").format(count=len(draft.codes))
        _announce(viewer, notice, "plan.pressed", draft.unit_path, title)
        trail.append(
            viewer,
            "plans.notice.reminded",
            f"unit:{draft.unit_code}",
            at,
            after={"tasks": list(draft.codes)},
        )
    return sent
