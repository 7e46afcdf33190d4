"""Questions that were sent up and wait for a word (要您拍板)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.people.access import Viewer
from jiezhen.plans.models import Decision, Task
from jiezhen.plans.queries import scope


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open question as the desk shows it; `days` is how long it waits, 0 for today."""

    id: int
    question: str
    options: tuple[str, ...]
    subject: str
    href: str
    unit: str
    sent_by: str
    sent_at: datetime
    days: int

    @property
    def waited(self) -> str:
        """Return 等了4天, or 今天."""
        return _("等了%(n)s天") % {"n": self.days} if self.days else _("今天")


def decisions_waiting(viewer: Viewer, at: datetime) -> list[Waiting]:
    """Return the open questions of the office for who decides, the oldest first; one statement."""
    if not viewer.may("plans.decide"):
        return []
    rows = scope.decisions(viewer).filter(answer="").order_by("sent_at", "id")
    return [_waiting(row, at) for row in rows]


def decision_for(viewer: Viewer, ident: int) -> Decision:
    """Return one question.

    Raises:
        NotThere: No such question for the viewer.
    """
    found = scope.decisions(viewer).filter(pk=ident).first()
    if found is None:
        raise scope.NotThere(f"decision {ident}")
    return found


def _waiting(row: Decision, at: datetime) -> Waiting:
    days = (clock.day_of(at) - clock.day_of(row.sent_at)).days
    return Waiting(
        row.pk,
        row.question,
        tuple(row.options),
        row.subject,
        row.href,
        row.sent_unit,
        row.sent_by,
        row.sent_at,
        max(days, 0),
    )


def open_about(viewer: Viewer, task: Task) -> list[Decision]:
    """Return the questions about a task that wait for an answer; the caller has seen the task."""
    return list(scope.decisions(viewer).filter(task=task, answer="").order_by("id"))
