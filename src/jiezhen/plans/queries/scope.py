"""Who may see what of the plans, and the rows themselves for the rooms of this engine.

A plan is open to everybody of the office who may see anything there; tasks follow the unit that
leads them. A row that is not there for the viewer raises `NotThere` (404), never a refusal.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from jiezhen.people.access import Viewer
from jiezhen.people.models import Account
from jiezhen.plans.models import Commitment, Decision, Document, Notice, Task
from jiezhen.units.queries import UnitRow, units_of_office

RIGHTS = ("see", "plans.edit", "plans.confirm", "plans.decide")


class NotThere(LookupError):
    """The row does not exist for this viewer: 404."""


def may_read(viewer: Viewer) -> bool:
    """Say whether the viewer may open the pages of plans at all."""
    return any(viewer.may(right) for right in RIGHTS)


def may_edit(viewer: Viewer) -> bool:
    """Say whether the viewer may bring in documents and take commitments apart."""
    return viewer.may("plans.edit") or viewer.may("plans.confirm")


def may_work_on(viewer: Viewer, task: Task) -> bool:
    """Say whether the viewer may write on a task: planners, its owner, and its lead unit."""
    return may_work(viewer, task.lead.path, task.owner_id)


def may_work(viewer: Viewer, lead_path: str, owner_id: int | None) -> bool:
    """Say whether the viewer may write on a task with this lead and owner."""
    if may_edit(viewer) or viewer.may("plans.decide"):
        return True
    return owner_id == viewer.account_id or viewer.may("change", None, lead_path)


def documents(viewer: Viewer) -> "QuerySet[Document]":
    """Return the documents of the viewer's office."""
    if not may_read(viewer):
        return Document.objects.none()
    rows = Document.objects.for_system("plans are open to everybody of the office")
    return rows.filter(office_id=viewer.office_id)


def document_for(viewer: Viewer, year: int, ident: int) -> Document:
    """Return one document.

    Raises:
        NotThere: No such document of the viewer's office and that year.
    """
    found = documents(viewer).filter(year=year, pk=ident).first()
    if found is None:
        raise NotThere(f"document {ident}")
    return found


def commitments(viewer: Viewer, document_id: int | None = None) -> "QuerySet[Commitment]":
    """Return commitments of the viewer's office with document, lead, owner and task."""
    if not may_read(viewer):
        return Commitment.objects.none()
    rows = Commitment.objects.for_system("plans are open to everybody of the office")
    rows = rows.filter(document__office_id=viewer.office_id)
    if document_id is not None:
        rows = rows.filter(document_id=document_id)
    return rows.select_related("document", "lead", "owner", "task")


def commitment_for(viewer: Viewer, document_id: int, number: int) -> Commitment:
    """Return one commitment by its number in the document.

    Raises:
        NotThere: No such commitment for the viewer.
    """
    found = commitments(viewer, document_id).filter(number=number).first()
    if found is None:
        raise NotThere(f"commitment {document_id}/{number}")
    return found


def tasks(viewer: Viewer) -> "QuerySet[Task]":
    """Return the tasks of the units that the viewer sees, and those that are theirs."""
    if not may_read(viewer):
        return Task.objects.none()
    rows = (
        Task.objects.for_system("seen by lead unit or by owner")
        .filter(office_id=viewer.office_id)
        .exclude(state="withdrawn")
    )
    paths = {p for right in RIGHTS for p in viewer.paths(right)}
    if viewer.office_path not in paths:
        under = Q(owner_id=viewer.account_id)
        for path in paths:
            under |= Q(lead__path__startswith=path)
        rows = rows.filter(under)
    return rows.select_related("lead", "owner", "commitment__document")


def task_for(viewer: Viewer, code: str) -> Task:
    """Return one task by its code.

    Raises:
        NotThere: No such task for the viewer.
    """
    found = tasks(viewer).filter(code=code).first()
    if found is None:
        raise NotThere(f"task {code}")
    return found


def notices(viewer: Viewer) -> "QuerySet[Notice]":
    """Return the notices sent to the units in which the viewer works, newest first."""
    rows = Notice.objects.for_system("by the unit the viewer is posted to").filter(
        office_id=viewer.office_id
    )
    if not may_edit(viewer):
        paths = viewer.paths("change")
        under = Q(unit_id=viewer.unit_id)
        for path in paths:
            under |= Q(unit__path__startswith=path)
        rows = rows.filter(under)
    return rows.order_by("-at", "-id")


def decisions(viewer: Viewer) -> "QuerySet[Decision]":
    """Return the questions sent up in the viewer's office."""
    if not may_read(viewer):
        return Decision.objects.none()
    rows = Decision.objects.for_system("one office's questions").filter(office_id=viewer.office_id)
    return rows.select_related("task__lead")


def leads(viewer: Viewer) -> list[UnitRow]:
    """Return the units that may lead a task: departments first, then the others in path order."""
    units = [u for u in units_of_office(viewer.office_id) if u.valid_until is None]
    order = {"department": 0, "office": 2}
    return sorted(units, key=lambda u: (order.get(u.level, 1), u.path))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the office who may be made responsible."""

    id: int
    name: str


def people(viewer: Viewer) -> list[Person]:
    """Return who may be made responsible: the office's people who can sign in, by name."""
    rows: Any = Account.objects.filter(
        postings__unit__office_id=viewer.office_id, is_active=True
    ).distinct()
    return [Person(a.pk, str(a)) for a in rows.order_by("name", "id")]
