"""The tasks with their lights: one page's worth of supervision in two statements and the figures'.

The desk asks for `board` once and hands it to the other functions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.people.access import Viewer
from jiezhen.plans.models import LightSnapshot, Note, Task
from jiezhen.plans.queries import scope, standings
from jiezhen.plans.queries.live import Also
from jiezhen.plans.queries.standings import Progress
from jiezhen.plans.rules import lights
from jiezhen.plans.rules.lights import Standing


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task as lists show it. Dates are inclusive; `explained` is the latest 科室说明."""

    id: int
    code: str
    title: str
    lead: str
    lead_code: str
    owner: str
    strength: str
    target: str
    starts_on: date
    due_on: date
    state: str
    source: str
    document_id: int | None
    document_href: str
    progress: Progress
    milestones: tuple[lights.Milestone, ...] = ()
    progressed_at: datetime | None = None
    explained: str = ""
    owner_id: int | None = None
    indicator: str = ""
    was_on: date | None = None
    was_colour: str = ""
    lead_path: str = ""

    @property
    def light(self) -> Standing:
        """Return the light."""
        return self.progress.light

    @property
    def href(self) -> str:
        """Return the task's own page."""
        return f"/tasks/{self.code}"

    @property
    def said(self) -> str:
        """Return the progress in words where it is no number."""
        return lights.nodes_said(self.milestones) if self.milestones else ""


@dataclass(frozen=True, slots=True)
class Board:
    """All tasks that a viewer sees, red first, and the day they were looked at."""

    rows: tuple[TaskRow, ...]
    today: date

    @property
    def counts(self) -> dict[str, int]:
        """Return how many tasks show each colour; every colour is there."""
        found = dict.fromkeys(lights.COLOURS, 0)
        for row in self.rows:
            found[row.light.colour] += 1
        return {str(k): v for k, v in found.items()}


@dataclass(frozen=True, slots=True)
class Changes:
    """How the lights moved since a day: rows that turned green, yellow and red."""

    since: date | None
    turned: dict[str, tuple[TaskRow, ...]]

    @property
    def sentence(self) -> str:
        """Return it in words: 2项转绿，1项转红."""
        said = (
            ("green", _("%(n)s项转绿")),
            ("yellow", _("%(n)s项转黄")),
            ("red", _("%(n)s项转红")),
            ("blue", _("%(n)s项转蓝")),
        )
        parts = [words % {"n": len(self.turned[c])} for c, words in said if self.turned.get(c)]
        if self.since is None:
            return _("上周还没有亮灯记录")
        return _("，").join(parts) or _("没有变化")


def board(
    viewer: Viewer, at: datetime, tasks: Iterable[Task] | None = None, *, also: Also | None = None
) -> Board:
    """Return the tasks of this year and those still open, with their lights.

    Three statements: the tasks with their latest explanation and the light of last week, the
    units, and the figures. `also` brings further figures without another statement.
    """
    today = clock.day_of(at)
    rows = list(_current(viewer, today) if tasks is None else tasks)
    found = standings.of_tasks(viewer, rows, at, also=also)
    made = [row_of(task, found[task.pk]) for task in rows]
    made.sort(key=lambda r: (*lights.order(r.light), r.due_on, r.code))
    return Board(tuple(made), today)


def row_of(task: Task, progress: Progress) -> TaskRow:
    """Return a task as lists show it."""
    document = task.commitment.document if task.commitment else None
    return TaskRow(
        id=task.pk,
        code=task.code,
        title=task.title,
        lead=task.lead.title,
        lead_code=task.lead.code,
        owner=str(task.owner) if task.owner else "",
        strength=task.strength,
        starts_on=task.starts_on,
        due_on=task.due_on,
        state=task.state,
        target=target_said(task),
        source=document.title if document else "临时任务",
        document_id=document.pk if document else None,
        document_href=(
            f"/plans/{document.year}/docs/{document.pk}?c={task.commitment.number}"
            if document and task.commitment
            else ""
        ),
        progress=progress,
        milestones=standings.milestones_of(task),
        progressed_at=task.progressed_at,
        explained=getattr(task, "explained", "") or "",
        owner_id=task.owner_id,
        indicator=task.indicator,
        lead_path=task.lead.path,
        was_on=getattr(task, "was_on", None),
        was_colour=getattr(task, "was_colour", None) or "",
    )


def target_said(task: Task) -> str:
    """Return the target with its comparator: ≥90%."""
    if task.target is None:
        return ""
    sign = {">=": "≥", "<=": "≤", "~": "约"}.get(task.comparator, "")
    return f"{sign}{lights.amount(task.target, task.unit)}"


def red_and_yellow(
    viewer: Viewer, at: datetime, limit: int = 5, given: Board | None = None
) -> list[TaskRow]:
    """Return the tasks with a red or yellow light: red by days overdue, then yellow by ratio."""
    rows = (given or board(viewer, at)).rows
    return [r for r in rows if r.light.colour in ("red", "yellow")][:limit]


def light_counts(viewer: Viewer, at: datetime, given: Board | None = None) -> dict[str, int]:
    """Return how many tasks show each colour, every colour named."""
    return (given or board(viewer, at)).counts


def my_tasks(viewer: Viewer, at: datetime, given: Board | None = None) -> list[TaskRow]:
    """Return open tasks that the viewer is responsible for or whose lead unit they work in."""
    rows = (given or board(viewer, at)).rows
    mine = [r for r in rows if r.state == "open" and r.owner_id == viewer.account_id]
    if mine:
        return mine
    return [r for r in rows if r.state == "open" and r.lead_path == viewer.unit_path]


def week_changes(viewer: Viewer, at: datetime, given: Board | None = None) -> Changes:
    """Return how the lights moved against the latest snapshot of a week ago or earlier.

    Where there is none, the oldest one of the week is taken. The board knows it already.
    """
    now = given or board(viewer, at)
    since = max((r.was_on for r in now.rows if r.was_on is not None), default=None)
    turned: dict[str, list[TaskRow]] = {}
    for row in now.rows:
        if row.was_colour and row.was_colour != row.light.colour:
            turned.setdefault(row.light.colour, []).append(row)
    return Changes(since, {k: tuple(v) for k, v in turned.items()})


def _current(viewer: Viewer, today: date) -> Iterable[Task]:
    explained = Note.objects.filter(
        task=OuterRef("pk"), kind__in=("explanation", "reply")
    ).order_by("-id")
    rows = scope.tasks(viewer).annotate(
        explained=Subquery(explained.values("text")[:1]),
        was_on=_kept("on", today),
        was_colour=_kept("colour", today),
    )
    return rows.exclude(state="closed", due_on__lt=date(today.year, 1, 1))


def _kept(column: str, today: date) -> Coalesce:
    """Return a column of a task's snapshot: the latest that is a week old, else the oldest."""
    week = today - timedelta(days=7)
    kept = LightSnapshot.objects.filter(task=OuterRef("pk"))
    older = kept.filter(on__lte=week, on__gte=today - timedelta(days=35)).order_by("-on")
    newer = kept.filter(on__gt=week, on__lt=today).order_by("on")
    return Coalesce(Subquery(older.values(column)[:1]), Subquery(newer.values(column)[:1]))
