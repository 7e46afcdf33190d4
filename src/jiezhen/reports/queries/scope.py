"""Who may see and write reports, and the rows themselves for the rooms of this engine."""

from __future__ import annotations

from django.db.models import QuerySet

from jiezhen.people.access import Viewer
from jiezhen.reports.models import Draft, Report, Section

RIGHTS = ("see", "reports.edit", "reports.freeze", "reports.publish")
_OPEN = "reports are open to everybody of the office"


class NotThere(LookupError):
    """The row does not exist for this viewer: 404."""


def may_read(viewer: Viewer) -> bool:
    """Say whether the viewer may open the pages of reports at all."""
    return any(viewer.may(right) for right in RIGHTS)


def reports(viewer: Viewer) -> QuerySet[Report]:
    """Return the reports of the viewer's office."""
    rows: QuerySet[Report] = (
        Report.objects.for_system(_OPEN) if may_read(viewer) else Report.objects.none()
    )
    return rows.filter(office_id=viewer.office_id)


def report_for(viewer: Viewer, ident: int) -> Report:
    """Return one report.

    Raises:
        NotThere: No such report of the viewer's office.
    """
    found = reports(viewer).filter(pk=ident).first()
    if found is None:
        raise NotThere(f"report {ident}")
    return found


def section_for(report: Report, ident: int) -> Section:
    """Return one section of a report.

    Raises:
        NotThere: The report has no such section.
    """
    found = report.sections.filter(pk=ident).first()
    if found is None:
        raise NotThere(f"section {ident}")
    return found


def drafts(viewer: Viewer) -> QuerySet[Draft]:
    """Return the proof-read drafts of the viewer's office."""
    rows: QuerySet[Draft] = (
        Draft.objects.for_system(_OPEN) if may_read(viewer) else Draft.objects.none()
    )
    return rows.filter(office_id=viewer.office_id)


def draft_for(viewer: Viewer, ident: int) -> Draft:
    """Return one draft.

    Raises:
        NotThere: No such draft of the viewer's office.
    """
    found = drafts(viewer).filter(pk=ident).first()
    if found is None:
        raise NotThere(f"draft {ident}")
    return found
