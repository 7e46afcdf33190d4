"""Bring in a plan: read it, keep it untouched, and lay its commitments on the table."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from django.db import IntegrityError, transaction

from jiezhen import reading
from jiezhen.kernel import clock
from jiezhen.people.access import Viewer
from jiezhen.plans.models import Commitment, Document, Target
from jiezhen.plans.operations import access, versions
from jiezhen.plans.operations.sources import Source
from jiezhen.plans.queries import scope
from jiezhen.plans.rules import rows
from jiezhen.reading.model import Document as Reading
from jiezhen.trail import operations as trail


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What came of bringing in a text: `fresh` is false when it was there already."""

    document: Document
    fresh: bool


@dataclass(frozen=True, slots=True)
class About:
    """What the person said about the text; blanks are found out from the text."""

    title: str = ""
    year: int | None = None
    replaces: int | None = None


@transaction.atomic
def upload(viewer: Viewer, source: Source, at: datetime, about: About | None = None) -> Uploaded:
    """Keep a text that was read and propose its commitments.

    Shape: the document with its rows; the same text of the same year gives the document that is
    there. A later version of a known document leaves that one as it is and is compared with it.

    Raises:
        NotAllowed: The viewer may not edit plans.
    """
    access.need_edit(viewer)
    about = about or About()
    found = reading.read(source.text)
    year = about.year or _year(found, at)
    digest = hashlib.sha256(source.text.encode()).hexdigest()
    mine = scope.documents(viewer)
    earlier = mine.filter(year=year, text_digest=digest).first()
    if earlier is not None:
        return Uploaded(earlier, fresh=False)
    title = (about.title or _title(source, found)).strip()[:200]
    replaces = versions.earlier_version(viewer, year, title, source.file_name, about.replaces)
    try:
        with transaction.atomic():
            document = Document.objects.create(
                office_id=viewer.office_id,
                year=year,
                period=(found.period or "")[:10],
                title=title,
                file_name=source.file_name,
                kind=source.kind,
                digest=source.digest,
                text_digest=digest,
                size=source.size,
                text=source.text,
                replaces=replaces,
                paragraphs=[[p.start, p.end, p.form] for p in found.paragraphs],
                uploaded_at=at,
                uploaded_by_id=viewer.account_id or None,
            )
    except IntegrityError:
        # Somebody brought in the same text a moment ago: theirs is the document.
        return Uploaded(mine.get(year=year, text_digest=digest), fresh=False)
    count = _lay_out(document, rows.drafts(found, year))
    trail.append(
        viewer,
        "plans.document.uploaded",
        f"plans.document:{document.pk}",
        at,
        after={"title": title, "year": year, "commitments": count},
    )
    if replaces is not None:
        versions.carry_over(viewer, document, replaces, at)
    return Uploaded(document, fresh=True)


def _year(found: Reading, at: datetime) -> int:
    code = found.period or ""
    return int(code[:4]) if code[:4].isdigit() else clock.day_of(at).year


def _title(source: Source, found: Reading) -> str:
    if source.file_name:
        return PurePath(source.file_name).stem
    return found.title or source.text.strip().splitlines()[0][:40]


def _lay_out(document: Document, drafts: list[rows.Draft]) -> int:
    made = Commitment.objects.bulk_create(
        [
            Commitment(
                document=document,
                number=i,
                position=i,
                start=d.start,
                end=d.end,
                words=d.words,
                section=d.section,
                object=d.object,
                action=d.action,
                strength=d.strength,
                milestone=d.milestone,
                confidence=d.confidence,
                office_hint=d.office_hint,
                starts_on=d.starts_on,
                due_on=d.due_on,
            )
            for i, d in enumerate(drafts, 1)
        ]
    )
    Target.objects.bulk_create(
        [
            target_of(commitment, order, aim)
            for commitment, draft in zip(made, drafts, strict=True)
            for order, aim in enumerate(draft.aims)
        ]
    )
    return len(made)


def target_of(commitment: Commitment, order: int, aim: rows.Aim) -> Target:
    """Return the row, not yet saved, of one number of a commitment."""
    return Target(
        commitment=commitment,
        order=order,
        value=aim.value,
        unit=aim.unit[:20],
        comparator=aim.comparator,
        start=aim.start,
        end=aim.end,
        span=aim.span,
        object=aim.object,
        result=aim.result,
        result_start=aim.result_start,
        result_end=aim.result_end,
        result_span=aim.result_span,
    )
