"""The light of every row: what is done by records, else by the document, judged by the rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from jiezhen.kernel import clock
from jiezhen.kernel.numerals import Exact
from jiezhen.people.access import Viewer
from jiezhen.plans.models import Commitment, Target, Task
from jiezhen.plans.queries.live import Also, Ask, Live, live_values
from jiezhen.plans.rules import lights
from jiezhen.plans.rules.lights import Case, Milestone, Source, Standing


@dataclass(frozen=True, slots=True)
class Progress:
    """What is done of one number, and the light.

    `done` is `value` written out with its 量词, `href` leads to where it comes from; `source` is
    records, document (文中成绩, 来自文件) or none.
    """

    light: Standing
    done: str = ""
    href: str = ""
    source: Source = "none"
    records: int | None = None
    value: Exact | None = None

    @property
    def share(self) -> Fraction | None:
        """Return 完成率."""
        return self.light.share

    @property
    def note(self) -> str:
        """Return the label of a number that no record gives."""
        return "来自文件" if self.source == "document" else ""


def ask_of(row: Commitment | Task) -> Ask | None:
    """Return the figure that a row is linked to."""
    return Ask(row.indicator, row.scope, row.period) if row.indicator else None


def of_commitments(
    viewer: Viewer, rows: Iterable[Commitment], targets: Mapping[int, list[Target]], at: datetime
) -> dict[int, Progress]:
    """Return the progress of commitments by their ids.

    A number is judged by its records when they give any, else by what the document says.
    """
    every = list(rows)
    values = live_values(viewer, [a for r in every if (a := ask_of(r)) is not None], at)
    today = clock.day_of(at)
    found = {}
    for row in every:
        told = targets.get(row.pk, [])
        first = told[0] if told else None
        ask = ask_of(row)
        value = values.get(ask) if ask else None
        found[row.pk] = _judge(_case(row, first), value, first.result if first else None, today)
    return found


def of_tasks(
    viewer: Viewer, rows: Iterable[Task], at: datetime, *, also: Also | None = None
) -> dict[int, Progress]:
    """Return the progress of tasks by their ids."""
    every = list(rows)
    asks = [a for r in every if (a := ask_of(r)) is not None]
    values = live_values(viewer, asks, at, also=also)
    today = clock.day_of(at)
    found = {}
    for row in every:
        ask = ask_of(row)
        value = values.get(ask) if ask else None
        found[row.pk] = _judge(_task_case(row), value, row.result, today)
    return found


def _judge(case: Case, live: Live | None, told: Any, today: date) -> Progress:
    done, source = _done(live, told)
    level = case.unit == "%" or (live is not None and live.level)
    light = lights.standing(_with(case, done, source, level=level), today)
    if done is None:
        return Progress(light)
    href = live.href if live is not None and source == "records" else ""
    records = live.records if live is not None and source == "records" else None
    return Progress(light, lights.amount(done, case.unit), href, source, records, done)


def _done(live: Live | None, told: Any) -> tuple[Exact | None, Source]:
    if live is not None and live.value:
        return live.value, "records"
    if told is not None:
        return told, "document"
    if live is not None and live.value is not None:
        return live.value, "records"
    return None, "none"


def _with(case: Case, done: Exact | None, source: Source, *, level: bool) -> Case:
    from dataclasses import replace

    return replace(case, done=done, source=source, level=level)


def _case(row: Commitment, target: Target | None) -> Case:
    task = getattr(row, "task", None)
    if task is not None and task.state != "withdrawn":
        return _task_case(task)
    return Case(
        row.starts_on,
        row.due_on,
        target.value if target else None,
        target.comparator if target else "=",
        target.unit if target else "",
        assigned_on=row.due_on if row.confirmed_at is None else clock.day_of(row.confirmed_at),
    )


def _task_case(row: Task) -> Case:
    return Case(
        row.starts_on,
        row.due_on,
        row.target,
        row.comparator,
        row.unit,
        milestones=milestones_of(row),
        progressed_on=clock.day_of(row.progressed_at) if row.progressed_at else None,
        assigned_on=clock.day_of(row.created_at),
        closed_on=row.closed_on if row.state == "closed" else None,
        closed_why=row.closed_why,
        manual=row.manual_colour,
        manual_reason=row.manual_reason,
    )


def milestones_of(row: Task) -> tuple[Milestone, ...]:
    """Return the nodes of a task, by date."""
    return tuple(
        Milestone(
            n["title"],
            date.fromisoformat(n["due"]),
            date.fromisoformat(n["done"]) if n["done"] else None,
        )
        for n in row.milestones
    )
