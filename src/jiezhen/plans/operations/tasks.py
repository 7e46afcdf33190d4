"""Tasks: from a confirmed commitment or by themselves; progress, light by hand, closing."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.people.access import Viewer
from jiezhen.plans.models import Commitment, Note, Task
from jiezhen.plans.operations import access, notices
from jiezhen.plans.rules import lights
from jiezhen.records.models import Counter
from jiezhen.records.operations import Problem, Refused
from jiezhen.trail import operations as trail
from jiezhen.units.queries import UnitRow


@dataclass(frozen=True, slots=True)
class Free:
    """What a task without a commitment is made of. Dates are inclusive."""

    title: str
    lead: UnitRow
    due_on: date
    starts_on: date | None = None
    owner_id: int | None = None
    target: Decimal | None = None
    unit: str = ""
    comparator: str = "="
    indicator: str = ""
    period: str = ""
    milestones: tuple[tuple[str, date], ...] = ()


@transaction.atomic
def create(viewer: Viewer, free: Free, at: datetime) -> Task:
    """Make a task that no document promised.

    Raises:
        NotAllowed: The viewer may not supervise.
        Refused: The title is missing or the dates are in the wrong order.
    """
    access.need_confirm(viewer)
    starts_on = free.starts_on or min(clock.day_of(at), free.due_on)
    if not free.title.strip():
        raise Refused(Problem("title", _("请写任务。")))
    if starts_on > free.due_on:
        raise Refused(Problem("due_on", _("期限早于开始日期。")))
    task = Task.objects.create(
        office_id=viewer.office_id,
        code=_code(viewer, free.due_on.year),
        title=free.title.strip()[:200],
        lead_id=free.lead.id,
        owner_id=free.owner_id,
        starts_on=starts_on,
        due_on=free.due_on,
        target=free.target,
        unit=free.unit,
        comparator=free.comparator,
        indicator=free.indicator,
        period=free.period or str(free.due_on.year),
        created_at=at,
        milestones=[{"title": t, "due": d.isoformat(), "done": None} for t, d in free.milestones],
    )
    _born(viewer, task, at)
    return task


@transaction.atomic
def replan(viewer: Viewer, code: str, free: Free, at: datetime) -> Task:
    """Change a task that no document promised; another one is changed at its commitment.

    Raises:
        NotAllowed: The viewer may not supervise.
        Refused: The task has a commitment, or the dates are in the wrong order.
    """
    access.need_confirm(viewer)
    task = access.locked_task(viewer, code)
    if task.commitment_id is not None:
        raise Refused(Problem("", _("这个任务来自计划文件，请在原文那一条里改。")))
    starts_on = free.starts_on or task.starts_on
    if starts_on > free.due_on:
        raise Refused(Problem("due_on", _("期限早于开始日期。")))
    told = {
        "title": free.title.strip()[:200],
        "lead_id": free.lead.id,
        "owner_id": free.owner_id,
        "starts_on": starts_on,
        "due_on": free.due_on,
        "target": free.target,
        "unit": free.unit,
        "indicator": free.indicator,
        "period": free.period or str(free.due_on.year),
    }
    before = {k: getattr(task, k) for k, v in told.items() if getattr(task, k) != v}
    if not before:
        return task
    for name in before:
        setattr(task, name, told[name])
    task.save(update_fields=list(before))
    trail.append(
        viewer,
        "plans.task.changed",
        f"task:{task.code}",
        at,
        before={k: str(v) for k, v in before.items()},
        after={k: str(told[k]) for k in before},
    )
    if "lead_id" in before:
        notices.assigned(viewer, task, at)
    return task


def create_from(viewer: Viewer, row: Commitment, at: datetime) -> Task | None:
    """Make, revive or bring up to date the task of a confirmed commitment that has a lead."""
    if row.state != "confirmed" or row.lead_id is None:
        return None
    rows = Task.objects.for_system("the task of a commitment the viewer confirmed")
    task: Task | None = rows.filter(commitment=row).first()
    if task is None:
        task = Task(
            office_id=viewer.office_id,
            code=_code(viewer, row.due_on.year),
            commitment=row,
            created_at=at,
            lead_id=row.lead_id,
        )
        carry(row, task)
        _born(viewer, task, at)
        return task
    changed = carry(row, task)
    if task.state == "withdrawn":
        task.state = "open"
        task.save(update_fields=["state"])
        say_event(task, viewer, at, _("重新确认，任务继续。"))
    if changed:
        trail.append(viewer, "plans.task.changed", f"task:{task.code}", at, after=changed)
        if "lead_id" in changed:
            notices.assigned(viewer, task, at)
    return task


def carry(row: Commitment, task: Task) -> dict[str, Any]:
    """Write onto a task what its commitment says now; return what differs, as plain values."""
    target = row.targets.order_by("order").first()
    told: dict[str, Any] = {
        "title": title_of(row),
        "lead_id": row.lead_id,
        "owner_id": row.owner_id,
        "strength": row.strength,
        "starts_on": row.starts_on,
        "due_on": row.due_on,
        "indicator": row.indicator,
        "scope": row.scope,
        "period": row.period,
        "target": target.value if target else None,
        "unit": target.unit if target else "",
        "comparator": target.comparator if target else "=",
        "result": target.result if target else None,
    }
    differ = {k: v for k, v in told.items() if getattr(task, k) != v}
    for name, value in differ.items():
        setattr(task, name, value)
    if differ:
        task.save()
    return {k: v if isinstance(v, str | int | None) else str(v) for k, v in differ.items()}


def title_of(row: Commitment) -> str:
    """Return what a task is called: the object with its numbers, else the words."""
    spans = "、".join(t.span for t in row.targets.order_by("order"))
    if row.object and spans:
        return f"{row.object} {spans}"[:200]
    return row.words[:200]


@transaction.atomic
def say(viewer: Viewer, code: str, text: str, at: datetime, kind: str = "progress") -> Note:
    """Append a line: progress, the lead unit's explanation, or a reply.

    Raises:
        NotAllowed: The viewer may not write on the task.
        Refused: The line is empty.
    """
    task = access.locked_task(viewer, code)
    access.need_work_on(viewer, task)
    if not text.strip():
        raise Refused(Problem("text", _("请写一句。")))
    if kind in ("progress", "explanation"):
        task.progressed_at = at
        task.save(update_fields=["progressed_at"])
    trail.append(viewer, f"plans.task.{kind}", f"task:{task.code}", at)
    return _note(task, viewer, at, kind, text)


@transaction.atomic
def finish_milestone(viewer: Viewer, code: str, index: int, at: datetime) -> Task:
    """Mark a node of a task as done today.

    Raises:
        NotAllowed: The viewer may not write on the task.
        Refused: There is no such node.
    """
    task = access.locked_task(viewer, code)
    access.need_work_on(viewer, task)
    if not 0 <= index < len(task.milestones):
        raise Refused(Problem("", _("没有这个节点。请刷新页面。")))
    node = task.milestones[index]
    if not node["done"]:
        node["done"] = clock.day_of(at).isoformat()
        task.progressed_at = at
        task.save(update_fields=["milestones", "progressed_at"])
        trail.append(
            viewer, "plans.task.milestone", f"task:{task.code}", at, after={"node": node["title"]}
        )
        say_event(task, viewer, at, f"节点“{node['title']}”完成。")
    return task


@transaction.atomic
def plan_milestones(
    viewer: Viewer, code: str, nodes: list[tuple[str, date]], at: datetime
) -> Task:
    """Set the nodes of a task; those with the same title keep that they are done.

    Raises:
        NotAllowed: The viewer may not write on the task.
    """
    task = access.locked_task(viewer, code)
    access.need_work_on(viewer, task)
    done = {n["title"]: n["done"] for n in task.milestones}
    before = task.milestones
    task.milestones = [
        {"title": t[:100], "due": d.isoformat(), "done": done.get(t[:100])}
        for t, d in sorted(nodes, key=lambda n: n[1])
    ]
    if task.milestones != before:
        task.save(update_fields=["milestones"])
        trail.append(
            viewer,
            "plans.task.milestones_planned",
            f"task:{task.code}",
            at,
            before=before,
            after=task.milestones,
        )
    return task


@transaction.atomic
def set_light(viewer: Viewer, code: str, colour: str, reason: str, at: datetime) -> Task:
    """Set a light by hand, with a reason that is printed beside it; an empty colour takes it back.

    Raises:
        NotAllowed: The viewer may not supervise.
        Refused: No reason is given, or there is no such light.
    """
    access.need_confirm(viewer)
    task = access.locked_task(viewer, code)
    if not reason.strip():
        raise Refused(Problem("reason", _("改灯要写理由。")))
    if colour not in ("", "green", "yellow", "red", "grey"):
        raise Refused(Problem("colour", _("请选一种灯。")))
    before = {"colour": task.manual_colour, "reason": task.manual_reason}
    task.manual_colour = colour
    task.manual_reason = reason.strip()[:400] if colour else ""
    task.manual_by, task.manual_at = viewer.name, at
    task.save(update_fields=["manual_colour", "manual_reason", "manual_by", "manual_at"])
    word = lights.WORDS.get(colour, "")
    said = f"人工调整为{word}：{reason.strip()}" if colour else f"恢复按数据亮灯：{reason.strip()}"
    _note(task, viewer, at, "light", said)
    trail.append(
        viewer,
        "plans.task.light_set",
        f"task:{task.code}",
        at,
        why=reason.strip()[:400],
        before=before,
        after={"colour": colour},
    )
    return task


@transaction.atomic
def close(viewer: Viewer, code: str, why: str, at: datetime) -> Task:
    """Close a task (销号) with a line that says what was reached.

    Raises:
        NotAllowed: The viewer may not supervise.
        Refused: No line is given.
    """
    access.need_confirm(viewer)
    task = access.locked_task(viewer, code)
    if not why.strip():
        raise Refused(Problem("why", _("请写一句销号说明。")))
    if task.state != "closed":
        task.state, task.closed_on = "closed", clock.day_of(at)
        task.closed_why = why.strip()[:400]
        task.save(update_fields=["state", "closed_on", "closed_why"])
        say_event(task, viewer, at, f"销号：{task.closed_why}")
        trail.append(viewer, "plans.task.closed", f"task:{task.code}", at, why=task.closed_why)
    return task


@transaction.atomic
def reopen(viewer: Viewer, code: str, at: datetime) -> Task:
    """Take a closing back.

    Raises:
        NotAllowed: The viewer may not supervise.
    """
    access.need_confirm(viewer)
    task = access.locked_task(viewer, code)
    if task.state == "closed":
        task.state, task.closed_on, task.closed_why = "open", None, ""
        task.save(update_fields=["state", "closed_on", "closed_why"])
        say_event(task, viewer, at, _("撤回销号。"))
        trail.append(viewer, "plans.task.reopened", f"task:{task.code}", at)
    return task


def withdraw(viewer: Viewer, row: Commitment, at: datetime) -> None:
    """Take the task of an unconfirmed commitment out of the lists; its timeline is kept."""
    rows = Task.objects.for_system("the task of a commitment the viewer changed")
    task: Task | None = rows.filter(commitment=row).exclude(state="withdrawn").first()
    if task is not None:
        task.state = "withdrawn"
        task.save(update_fields=["state"])
        trail.append(viewer, "plans.task.withdrawn", f"task:{task.code}", at)


def say_event(task: Task, viewer: Viewer, at: datetime, text: str) -> Note:
    """Append what the platform did to the task's timeline."""
    return _note(task, viewer, at, "event", text)


def say_decision(task: Task, viewer: Viewer, at: datetime, text: str) -> Note:
    """Append a question that was sent up, or its answer."""
    return _note(task, viewer, at, "decision", text)


def _note(task: Task, viewer: Viewer, at: datetime, kind: str, text: str) -> Note:
    return Note.objects.create(
        task=task,
        kind=kind,
        at=at,
        account_id=viewer.account_id,
        actor=viewer.name,
        text=text.strip()[:1000],
    )


def _born(viewer: Viewer, task: Task, at: datetime) -> None:
    trail.append(
        viewer,
        "plans.task.created",
        f"task:{task.code}",
        at,
        after={"title": task.title, "lead": task.lead_id, "due": task.due_on.isoformat()},
    )
    notices.assigned(viewer, task, at)


def _code(viewer: Viewer, year: int) -> str:
    counter, _made = Counter.objects.select_for_update().get_or_create(
        office_id=viewer.office_id, series=f"RW-{year}"
    )
    counter.latest += 1
    counter.save(update_fields=["latest"])
    return f"RW-{year}-{counter.latest:04d}"
