"""Send a question up, and answer it (要您拍板)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.people.access import Viewer
from jiezhen.plans.models import Decision, Task
from jiezhen.plans.operations import access, tasks
from jiezhen.plans.queries import scope
from jiezhen.records.operations import NotAllowed, Problem, Refused
from jiezhen.trail import operations as trail

ANSWERS = ("同意", "不同意", "再议")


@dataclass(frozen=True, slots=True)
class Question:
    """What is sent up: the question, the ways it could go, and the thing it is about.

    `subject` and `href` say what it is about when that is not a task of this engine.
    """

    question: str
    options: tuple[str, ...] = ()
    subject: str = ""
    href: str = ""


@transaction.atomic
def send_up(viewer: Viewer, code: str, question: Question, at: datetime) -> Decision:
    """Put a question about a task before the leader.

    Raises:
        NotAllowed: The viewer may not write on the task.
        Refused: There is no question.
    """
    task = access.locked_task(viewer, code)
    access.need_work_on(viewer, task)
    decision = _send(viewer, question, at, task)
    tasks.say_decision(task, viewer, at, f"报领导：{decision.question}")
    return decision


@transaction.atomic
def send_up_other(viewer: Viewer, question: Question, at: datetime) -> Decision:
    """Put a question about something else of the office before the leader.

    Raises:
        NotAllowed: The viewer may change nothing in the office.
        Refused: There is no question.
    """
    if not (viewer.may("change") or scope.may_edit(viewer)):
        raise NotAllowed(Problem("", _("没有报送的权限。")))
    return _send(viewer, question, at, None)


def _send(viewer: Viewer, question: Question, at: datetime, task: Task | None) -> Decision:
    if not question.question.strip():
        raise Refused(Problem("question", _("请写要拍板的事。")))
    decision = Decision.objects.create(
        office_id=viewer.office_id,
        task=task,
        subject=(task.title if task else question.subject)[:200],
        href=f"/tasks/{task.code}" if task else question.href[:200],
        question=question.question.strip()[:400],
        options=[o.strip()[:100] for o in question.options if o.strip()][:6],
        sent_by=viewer.name,
        sent_unit=task.lead.title if task else viewer.unit_title,
        sent_at=at,
    )
    trail.append(
        viewer,
        "plans.decision.sent_up",
        f"decision:{decision.pk}",
        at,
        after={"task": task.code if task else question.subject},
    )
    return decision


@transaction.atomic
def decide(viewer: Viewer, ident: int, answer: str, line: str, at: datetime) -> Decision:
    """Answer a question; the answer and its line land on the timeline. The first answer stands.

    Raises:
        NotAllowed: The viewer does not decide.
        NotThere: No such question for the viewer.
        Refused: No answer was chosen, or it was answered already.
    """
    if not viewer.may("plans.decide"):
        raise NotAllowed(Problem("", _("这件事由书记、主任拍板。")))
    found = scope.decisions(viewer).filter(pk=ident).first()
    if found is None:
        raise scope.NotThere(f"decision {ident}")
    rows = Decision.objects.for_system("locking what the viewer was shown")
    decision: Decision = rows.select_for_update(of=("self",)).get(pk=found.pk)
    if answer not in ANSWERS:
        raise Refused(Problem("answer", _("请选同意、不同意或再议。")))
    if decision.answer:
        said = _("{who}已经答复：{answer}。").format(
            who=decision.answered_by, answer=decision.answer
        )
        raise Refused(Problem("", said))
    decision.answer, decision.line = answer, line.strip()[:400]
    decision.answered_by, decision.answered_at = viewer.name, at
    decision.save()
    if decision.task is not None:
        words = f"{answer}：{decision.line}" if decision.line else answer
        tasks.say_decision(decision.task, viewer, at, f"{words}（{decision.question}）")
    trail.append(
        viewer, "plans.decision.answered", f"decision:{decision.pk}", at, after={"answer": answer}
    )
    return decision
