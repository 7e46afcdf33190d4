"""年度任务分解: every confirmed commitment of a year, with lead, person, date and light."""

from dataclasses import dataclass
from datetime import date, datetime

from jiezhen.people.access import Viewer
from jiezhen.plans.queries import reading, scope, standings
from jiezhen.plans.queries.standings import Progress


@dataclass(frozen=True, slots=True)
class BreakdownRow:
    """One confirmed commitment as the year's list shows it."""

    document: str
    section: str
    title: str
    words: str
    strength: str
    target: str
    lead: str
    owner: str
    due_on: date
    state: str
    task_code: str
    progress: Progress
    href: str


def breakdown(viewer: Viewer, year: int, at: datetime) -> list[BreakdownRow]:
    """Return the confirmed commitments of the year's latest versions, in document order."""
    rows = list(
        scope.commitments(viewer)
        .filter(document__year=year, state="confirmed")
        .order_by("document__uploaded_at", "document_id", "start", "position")
    )
    replaced = set(
        scope.documents(viewer)
        .filter(year=year)
        .exclude(replaces=None)
        .values_list("replaces_id", flat=True)
    )
    # A promise of an earlier version stays in the list while a task still stands on it.
    rows = [r for r in rows if r.document_id not in replaced or getattr(r, "task", None)]
    targets = reading.targets_of(rows)
    found = standings.of_commitments(viewer, rows, targets, at)
    made = []
    for row in rows:
        line = reading.line_of(row, targets.get(row.pk, []), found[row.pk])
        made.append(
            BreakdownRow(
                document=row.document.title,
                section=line.section,
                title=line.title,
                words=line.words,
                strength=line.strength,
                target="、".join(line.targets),
                lead=line.lead,
                owner=line.owner,
                due_on=line.due_on,
                state="有任务" if line.task_code else "未指定牵头",
                task_code=line.task_code,
                progress=line.progress,
                href=f"/plans/{row.document.year}/docs/{row.document_id}?c={row.number}",
            )
        )
    return made
