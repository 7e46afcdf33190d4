"""Writing a report: create it, change sections, insert numbers, choose their form, say yes to proposals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.kernel.periods import Period
from jiezhen.people.access import Viewer
from jiezhen.reports.models import Report, Section, Version
from jiezhen.reports.operations.access import Conflict, UnableToWrite, need, need_draft
from jiezhen.reports.queries import scope
from jiezhen.reports.rules import tokens
from jiezhen.reports.rules.tokens import Chip
from jiezhen.trail import operations as trail

#: Longer than any section of a report.
LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A section that a new report begins with."""

    title: str
    text: str = ""
    level: int = 1


@transaction.atomic
def create(
    viewer: Viewer,
    title: str,
    period: Period,
    at: datetime,
    *,
    sections: Sequence[Skeleton] = (),
    origin: str = "",
) -> Report:
    """Create a report with the sections of its skeleton, or one empty section.

    Raises:
        NotAllowed: The viewer may not write reports.
    """
    need(viewer, "reports.edit")
    report = Report.objects.create(
        office_id=viewer.office_id,
        title=title.strip()[:200],
        period=period.code,
        origin=origin[:200],
        created_at=at,
        created_by=viewer.name,
    )
    rows = [
        Section(
            report=report,
            order=order,
            level=part.level,
            title=part.title[:200],
            text=part.text[:LONGEST],
            changed_at=at,
            changed_by=viewer.name,
        )
        for order, part in enumerate(sections or [Skeleton("")])
    ]
    Section.objects.bulk_create(rows)
    trail.append(
        viewer, "reports.report.created", f"report:{report.pk}", at, after={"title": report.title}
    )
    return report


@transaction.atomic
def change_section(
    viewer: Viewer, ident: int, section_id: int, edited: Edited, at: datetime
) -> Section:
    """Change title and text of a section; the text before is kept.

    Raises:
        NotAllowed: The viewer may not write reports.
        Conflict: Somebody changed it since; nothing is written.
        UnableToWrite: The text is too long or names a number that is not there.
    """
    need(viewer, "reports.edit")
    report = scope.report_for(viewer, ident)
    need_draft(report)
    section = _locked(report, section_id)
    if section.version != edited.version:
        when = section.changed_at.astimezone(clock.ZONE).strftime("%H:%M")
        raise Conflict(section, edited.text, when)
    try:
        text = tokens.unnumbered(
            edited.text.replace("\r\n", "\n").replace("\x00", ""), list(edited.tokens)
        )
    except tokens.UnknownChip as unknown:
        raise UnableToWrite(unknown.message, "text") from unknown
    if len(text) > LONGEST:
        raise UnableToWrite(_("超过10万字，请分成几段。"), "text")
    _write(viewer, section, text, at, title=edited.title)
    return section


@dataclass(frozen=True, slots=True)
class Edited:
    """What came back from the editor: the text with numbered chips, and the chips by number."""

    title: str
    text: str
    tokens: tuple[str, ...]
    version: int


@transaction.atomic
def add_section(
    viewer: Viewer, ident: int, title: str, at: datetime, *, level: int = 1
) -> Section:
    """Append an empty section.

    Raises:
        NotAllowed: The viewer may not write reports.
    """
    need(viewer, "reports.edit")
    report = scope.report_for(viewer, ident)
    need_draft(report)
    order = report.sections.order_by("-order").values_list("order", flat=True).first()
    section = Section.objects.create(
        report=report,
        order=0 if order is None else order + 1,
        level=2 if level == 2 else 1,
        title=title.strip()[:200],
        changed_at=at,
        changed_by=viewer.name,
    )
    trail.append(
        viewer, "reports.section.added", f"report:{report.pk}", at, after={"title": section.title}
    )
    return section


@transaction.atomic
def insert(viewer: Viewer, ident: int, section_id: int, words: str, at: datetime) -> Section:
    """Append a sentence, or a chip alone, to the end of a section.

    Raises:
        NotAllowed: The viewer may not write reports.
        UnableToWrite: Nothing was given.
    """
    need(viewer, "reports.edit")
    report = scope.report_for(viewer, ident)
    need_draft(report)
    section = _locked(report, section_id)
    if not words.strip():
        raise UnableToWrite(_("没有要插入的内容。"))
    text = section.text.rstrip("\n")
    joint = (
        ""
        if not text or text.endswith(("。", "；", "，", "、", "\n")) or tokens.valid(words)
        else "\n"
    )
    _write(viewer, section, text + joint + words, at)
    return section


@transaction.atomic
def choose_form(viewer: Viewer, ident: int, place: Place, form: str, at: datetime) -> Section:
    """Write one number of a section in another form; its value stays.

    Raises:
        UnableToWrite: The section has no such number.
    """
    return _change_chip(
        viewer,
        ident,
        place,
        at,
        lambda chip: (
            Chip(
                chip.indicator, chip.unit, chip.period, chip.aspect, chip.base, form[:8], chip.was
            ).token
        ),
    )


@transaction.atomic
def confirm(viewer: Viewer, ident: int, place: Place, at: datetime) -> Section:
    """Say yes to a proposed number: from now on the live number stands there.

    Raises:
        UnableToWrite: The section has no such number.
    """
    return _change_chip(viewer, ident, place, at, lambda chip: chip.confirmed().token)


@transaction.atomic
def refuse(viewer: Viewer, ident: int, place: Place, at: datetime) -> Section:
    """Say no to a proposed number: the words that stood there stay words.

    Raises:
        UnableToWrite: The section has no such number.
    """
    return _change_chip(viewer, ident, place, at, lambda chip: chip.was or chip.token)


@dataclass(frozen=True, slots=True)
class Place:
    """A chip of a section: its order from 0, and the section's version in which it was counted."""

    section: int
    order: int
    version: int


def _change_chip(
    viewer: Viewer, ident: int, place: Place, at: datetime, change: Callable[[Chip], str]
) -> Section:
    need(viewer, "reports.edit")
    report = scope.report_for(viewer, ident)
    need_draft(report)
    section = _locked(report, place.section)
    if section.version != place.version:
        raise UnableToWrite(_("这一段刚被改过。请看看现在的再选。"))
    if not 0 <= place.order < len(tokens.chips(section.text)):
        raise UnableToWrite(_("这一段里没有这个数。"))
    text = tokens.rewrite(
        section.text, lambda order, chip: change(chip) if order == place.order else chip.token
    )
    _write(viewer, section, text, at)
    return section


def _locked(report: Report, section_id: int) -> Section:
    section = report.sections.select_for_update().filter(pk=section_id).first()
    if section is None:
        raise scope.NotThere(f"section {section_id}")
    return section


def _write(
    viewer: Viewer, section: Section, text: str, at: datetime, *, title: str | None = None
) -> None:
    title = section.title if title is None else title.strip()[:200]
    if text == section.text and title == section.title:
        return
    Version.objects.create(
        section=section,
        version=section.version,
        title=section.title,
        text=section.text,
        at=section.changed_at,
        actor=section.changed_by,
    )
    section.title, section.text, section.version = title, text, section.version + 1
    section.changed_at, section.changed_by = at, viewer.name
    section.save()
    trail.append(
        viewer,
        "reports.section.changed",
        f"report:{section.report_id}",
        at,
        after={"section": section.pk, "version": section.version},
    )
