"""The files of the office by year, and what changed between two versions of one."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from jiezhen.people.access import Viewer
from jiezhen.plans.models import Commitment, Document
from jiezhen.plans.queries import scope


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One file as the list shows it, with how far it is worked through."""

    id: int
    year: int
    title: str
    file_name: str
    kind: str
    size: int
    confirmed: int
    proposed: int
    ignored: int
    tasks: int
    uploaded_at: datetime
    uploaded_by: str
    replaced: bool
    replaces: bool

    @property
    def href(self) -> str:
        """Return where it is read."""
        return f"/plans/{self.year}/docs/{self.id}"


def files(viewer: Viewer, year: int | None = None) -> list[DocumentRow]:
    """Return the office's files, the latest year and upload first; one statement."""
    rows = scope.documents(viewer).select_related("uploaded_by").defer("text", "paragraphs")
    if year is not None:
        rows = rows.filter(year=year)
    live = Q(commitments__task__isnull=False) & ~Q(commitments__task__state="withdrawn")
    rows = rows.annotate(
        confirmed=Count("commitments", Q(commitments__state="confirmed"), distinct=True),
        proposed=Count("commitments", Q(commitments__state="proposed"), distinct=True),
        ignored=Count("commitments", Q(commitments__state="ignored"), distinct=True),
        task_count=Count("commitments", live, distinct=True),
        later_count=Count("later", distinct=True),
    )
    return [_row(r) for r in rows.order_by("-year", "-uploaded_at", "-id")]


def _row(row: Document) -> DocumentRow:
    counted = {name: getattr(row, name) for name in ("confirmed", "proposed", "ignored")}
    return DocumentRow(
        id=row.pk,
        year=row.year,
        title=row.title,
        file_name=row.file_name,
        kind=row.kind,
        size=row.size,
        tasks=getattr(row, "task_count", 0),
        uploaded_at=row.uploaded_at,
        uploaded_by=str(row.uploaded_by) if row.uploaded_by else "",
        replaced=bool(getattr(row, "later_count", 0)),
        replaces=row.replaces_id is not None,
        **counted,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One promise that differs between two versions: 新增, 改动 or 没有了, with old and new words."""

    kind: str
    old: str
    new: str
    number: int | None
    href: str
    task_code: str
    accepted: bool


def changes(viewer: Viewer, document: Document) -> list[Change]:
    """Return what differs from the version before, in the order of the new text, gone ones last.

    Shape: nothing for a first version.
    """
    if document.replaces_id is None:
        return []
    now = list(
        scope.commitments(viewer, document.pk)
        .exclude(state="merged")
        .select_related("earlier", "task")
        .order_by("start", "position")
    )
    found = [
        _changed(document, row) for row in now if row.change in ("new", "changed", "accepted")
    ]
    kept = {row.earlier_id for row in now}
    was = scope.commitments(viewer, document.replaces_id).exclude(state="merged")
    gone = [row for row in was.order_by("start", "position") if row.pk not in kept]
    return found + [_gone(row) for row in gone]


def _changed(document: Document, row: Commitment) -> Change:
    kind = "新增" if row.change == "new" else "改动"
    holder = row if _code(row) else row.earlier
    return Change(
        kind,
        row.earlier.words if row.earlier else "",
        row.words,
        row.number,
        f"/plans/{document.year}/docs/{document.pk}?c={row.number}",
        _code(holder) if holder is not None else "",
        row.change == "accepted",
    )


def _gone(row: Commitment) -> Change:
    home = row.document
    return Change(
        "没有了",
        row.words,
        "",
        None,
        f"/plans/{home.year}/docs/{home.pk}?c={row.number}",
        _code(row),
        accepted=False,
    )


def _code(row: Commitment) -> str:
    task = getattr(row, "task", None)
    return task.code if task is not None and task.state != "withdrawn" else ""
