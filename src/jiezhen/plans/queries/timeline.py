"""One task with its timeline."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop

from jiezhen.people.access import Viewer
from jiezhen.plans.models import Note, Task
from jiezhen.plans.queries import board, scope, standings
from jiezhen.plans.queries.board import TaskRow

KINDS = {
    "progress": "进展",
    "explanation": "科室说明",
    "reply": "回复",
    "light": "改灯",
    "decision": gettext_noop("拍板"),
    "event": "",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline."""

    at: datetime
    actor: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A task with everything on its page; `words` are its words in the document."""

    task: Task
    row: TaskRow
    lines: tuple[Line, ...]
    words: str
    may_work: bool


def whole(viewer: Viewer, code: str, at: datetime) -> Whole:
    """Return a task with its light and timeline, newest first.

    Raises:
        NotThere: No such task for the viewer.
    """
    task = scope.task_for(viewer, code)
    progress = standings.of_tasks(viewer, [task], at)[task.pk]
    lines = tuple(
        Line(n.at, n.actor, KINDS.get(n.kind, ""), n.text)
        for n in Note.objects.filter(task=task).order_by("-id")[:200]
    )
    explained = next((x.text for x in lines if x.kind in ("科室说明", "回复")), "")
    task.explained = explained  # type: ignore[attr-defined]
    words = task.commitment.words if task.commitment else ""
    return Whole(task, board.row_of(task, progress), lines, words, scope.may_work_on(viewer, task))
