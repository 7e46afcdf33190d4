"""What 催办 would send: one message per lead unit with all of its chosen tasks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from jiezhen.people.access import Viewer
from jiezhen.plans.models import Notice, Task
from jiezhen.plans.queries import board, scope
from jiezhen.plans.queries.board import TaskRow


@dataclass(frozen=True, slots=True)
class Draft:
    """One message before it is sent."""

    unit_id: int
    unit_code: str
    unit_path: str
    unit: str
    rows: tuple[TaskRow, ...]
    text: str

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes of the tasks that it lists."""
        return tuple(r.code for r in self.rows)


def preview(viewer: Viewer, codes: Iterable[str], at: datetime) -> list[Draft]:
    """Return one message per lead unit for the chosen open tasks, in the order of unit paths."""
    tasks = list(scope.tasks(viewer).filter(code__in=list(codes), state="open"))
    leads = {t.lead_id: t.lead for t in tasks}
    rows = board.board(viewer, at, tasks).rows
    by_code = {t.code: t for t in tasks}
    drafts = []
    for unit in sorted(leads.values(), key=lambda u: str(u.path)):
        mine = tuple(r for r in rows if by_code[r.code].lead_id == unit.pk)
        drafts.append(
            Draft(unit.pk, unit.code, unit.path, unit.title, mine, _text(unit.title, mine))
        )
    return drafts


def _text(unit: str, rows: tuple[TaskRow, ...]) -> str:
    lines = [f"{unit}：下面{len(rows)}项任务请说明进展。"]
    for number, row in enumerate(rows, 1):
        lines.append(
            f"{number}. {row.title}（{row.code}），{row.light.word}。{row.light.why}"
            f"期限{row.due_on.year}年{row.due_on.month}月{row.due_on.day}日。"
        )
    return "\n".join(lines)


def notices_for(viewer: Viewer, limit: int = 5) -> list[Notice]:
    """Return the latest notices to the viewer's unit, newest first, with their tasks."""
    tasks = Prefetch("tasks", Task.objects.for_system("the tasks of one's own notices"))
    return list(scope.notices(viewer).select_related("unit").prefetch_related(tasks)[:limit])
