"""The refusals that several operations share."""

from django.utils.translation import gettext as _

from jiezhen.people.access import Viewer
from jiezhen.plans.models import Commitment, Task
from jiezhen.plans.queries import scope
from jiezhen.records.operations import NotAllowed, Problem


def need_edit(viewer: Viewer) -> None:
    """Raise `NotAllowed` unless the viewer may work on plans."""
    if not scope.may_edit(viewer):
        raise NotAllowed(Problem("", _("没有整理计划的权限。需要的话，找党政办。")))


def need_confirm(viewer: Viewer) -> None:
    """Raise `NotAllowed` unless the viewer may confirm, assign and supervise."""
    if not viewer.may("plans.confirm"):
        raise NotAllowed(Problem("", _("没有确认和督办的权限。需要的话，找党政办。")))


def need_work_on(viewer: Viewer, task: Task) -> None:
    """Raise `NotAllowed` unless the viewer may write on the task."""
    if not scope.may_work_on(viewer, task):
        raise NotAllowed(Problem("", _("这个任务由别的科室牵头。")))


def locked_commitment(viewer: Viewer, document_id: int, number: int) -> Commitment:
    """Return a commitment, locked until the end of the transaction."""
    found = scope.commitment_for(viewer, document_id, number)
    rows = Commitment.objects.for_system("locking what the viewer was shown")
    row: Commitment = (
        rows.select_for_update(of=("self",))
        .select_related("document", "lead", "owner", "task")
        .get(pk=found.pk)
    )
    return row


def locked_task(viewer: Viewer, code: str) -> Task:
    """Return a task, locked until the end of the transaction."""
    found = scope.task_for(viewer, code)
    rows = Task.objects.for_system("locking what the viewer was shown")
    task: Task = (
        rows.select_for_update(of=("self",))
        .select_related("lead", "owner", "commitment__document")
        .get(pk=found.pk)
    )
    return task
