"""A later version of a document: what is the same goes on, what differs is listed."""

import re
from datetime import datetime
from pathlib import PurePath

from jiezhen.people.access import Viewer
from jiezhen.plans.models import Commitment, Document, Task
from jiezhen.plans.operations import access, goals, tasks
from jiezhen.plans.queries import scope
from jiezhen.plans.rules import changes
from jiezhen.trail import operations as trail

_VERSION = re.compile(
    r"[（(【\[]?(?:终稿|定稿|送审稿|征求意见稿|讨论稿|初稿|草稿|修改稿|正式稿|新版|最新|v|V)[\d.一二三四五六七八九十]*[）)】\]]?"
    r"|[（(]\d+[）)]$"
)
#: What a commitment of the new version takes over from the same one of the old.
_KEPT = (
    "state",
    "lead",
    "owner",
    "indicator",
    "scope",
    "period",
    "starts_on",
    "due_on",
    "confirmed_at",
    "confirmed_by",
    "strength",
    "object",
)


def earlier_version(
    viewer: Viewer, year: int, title: str, file_name: str, told: int | None
) -> Document | None:
    """Return the document that a new one replaces: the one named, else the one of that name.

    Shape: the latest version of it; None for a document of its own. 终稿, 送审稿2, v7 and (1) are
    no part of a name.
    """
    rows = scope.documents(viewer).filter(later=None)
    if told is not None:
        return None if told == 0 else rows.filter(pk=told).first()
    face = {plain_title(title), plain_title(PurePath(file_name).stem)} - {""}
    for row in rows.filter(year=year).order_by("-id"):
        if face & {plain_title(row.title), plain_title(PurePath(row.file_name).stem)}:
            return row
    return None


def plain_title(title: str) -> str:
    """Return a title without its version."""
    return re.sub(r"[\s_\-—]+", "", _VERSION.sub("", title))


def carry_over(viewer: Viewer, new: Document, old: Document, at: datetime) -> None:
    """Compare two versions; unchanged promises keep what was decided, tasks go on with them.

    Changed ones name the earlier one and wait for a person; those that are gone stay where they
    are, with their tasks.
    """
    was = {c.pk: c for c in _alive(viewer, old)}
    now = {c.pk: c for c in _alive(viewer, new)}
    pairs = changes.compare([_told(c) for c in was.values()], [_told(c) for c in now.values()])
    for pair in pairs:
        if pair.new is None:
            continue
        row = now[pair.new]
        row.change = pair.change
        if pair.old is not None:
            row.earlier = was[pair.old]
        row.save(update_fields=["change", "earlier"])
        if pair.change == "same" and pair.old is not None:
            take_over(row, was[pair.old])
    trail.append(
        viewer,
        "plans.document.compared",
        f"plans.document:{new.pk}",
        at,
        after={"with": old.pk, **_counts(pairs)},
    )


def accept(viewer: Viewer, document_id: int, number: int, at: datetime) -> Commitment:
    """Let a changed promise take over the task, lead and link of its earlier words.

    Raises:
        NotAllowed: The viewer may not confirm.
    """
    access.need_confirm(viewer)
    row = access.locked_commitment(viewer, document_id, number)
    if row.change != "changed" or row.earlier is None:
        return row
    earlier = row.earlier
    before = {"words": earlier.words, "due_on": earlier.due_on.isoformat()}
    row.lead, row.owner = earlier.lead, earlier.owner
    row.indicator, row.scope, row.period = earlier.indicator, earlier.scope, earlier.period
    row.state, row.confirmed_at, row.confirmed_by = "confirmed", at, viewer.name
    row.change = "accepted"
    row.save()
    _hand_over_goal(row, earlier)
    goals.follow(viewer, row, at, moved=False)
    moved = _move_task(row, earlier)
    if moved is not None:
        tasks.carry(row, moved)
        tasks.say_event(moved, viewer, at, f"计划改为“{row.words}”，原来是“{earlier.words}”。")
    trail.append(
        viewer,
        "plans.commitment.change_accepted",
        f"plans.commitment:{row.document_id}/{row.number}",
        at,
        before=before,
        after={"words": row.words, "due_on": row.due_on.isoformat()},
    )
    return row


def take_over(row: Commitment, earlier: Commitment) -> None:
    """Give a promise what was decided about the same words before."""
    for name in _KEPT:
        setattr(row, name, getattr(earlier, name))
    row.save(update_fields=[*_KEPT])
    _hand_over_goal(row, earlier)
    _move_task(row, earlier)


def _hand_over_goal(row: Commitment, earlier: Commitment) -> None:
    row.goal_id, earlier.goal_id = earlier.goal_id, None
    row.save(update_fields=["goal_id"])
    earlier.save(update_fields=["goal_id"])


def _move_task(row: Commitment, earlier: Commitment) -> Task | None:
    rows = Task.objects.for_system("a task goes on with the later version of its promise")
    task: Task | None = rows.filter(commitment=earlier).first()
    if task is not None:
        task.commitment = row
        task.save(update_fields=["commitment"])
    return task


def _alive(viewer: Viewer, document: Document) -> list[Commitment]:
    rows = scope.commitments(viewer, document.pk).exclude(state="merged")
    return list(rows.order_by("start", "position"))


def _told(row: Commitment) -> changes.Told:
    return changes.Told(row.pk, row.object, row.words)


def _counts(pairs: list[changes.Pair]) -> dict[str, int]:
    kinds = [p.change for p in pairs]
    return {kind: kinds.count(kind) for kind in ("same", "changed", "new", "gone")}
