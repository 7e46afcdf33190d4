"""Taking in drafts for proof-reading, what people decide about findings, and assigned sources."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.reading import sandbox
from jiezhen.reading.errors import UnreadableFile
from jiezhen.reports.models import Draft, Wording
from jiezhen.reports.operations.access import UnableToWrite
from jiezhen.reports.queries import scope
from jiezhen.trail import operations as trail

#: Longer than any report; protects the pages, which show the whole text.
LONGEST = 400_000
DECISIONS = ("change", "keep", "")


@dataclass(frozen=True, slots=True)
class Received:
    """A text that was read, with the file it came from when there was one."""

    text: str
    file_name: str = ""
    kind: str = "txt"
    digest: str = ""


def receive_file(upload: UploadedFile[Any]) -> Received:
    """Return the text of an uploaded file and keep the file itself, by its digest.

    The file is parsed in a child process; call this outside of any transaction.

    Raises:
        UnableToWrite: The file cannot be read; the message says what to do.
    """
    name = Path(upload.name or "").name[:200]
    handle, path = tempfile.mkstemp(suffix=Path(name).suffix.lower()[:8])
    digest = hashlib.sha256()
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in upload.chunks():
                digest.update(chunk)
                out.write(chunk)
        found = sandbox.read_file(Path(path), name)
        text = _whole(found.text, "file")
        if found.kind == "docx":
            _keep(Path(path), digest.hexdigest())
    except UnreadableFile as problem:
        raise UnableToWrite(problem.message, "file") from problem
    finally:
        Path(path).unlink(missing_ok=True)
    return Received(text, name, found.kind, digest.hexdigest() if found.kind == "docx" else "")


def receive_words(text: str) -> Received:
    """Return pasted words as they are.

    Raises:
        UnableToWrite: There are none, or too many.
    """
    return Received(_whole(text, "text"))


def stored(digest: str) -> Path:
    """Return where the file with this digest lies."""
    return Path(settings.FILES) / "reports" / digest[:2] / digest


@transaction.atomic
def open_draft(viewer: Viewer, received: Received, at: datetime, *, period: str = "") -> Draft:
    """Keep a draft so that its check can be opened, filtered and shared.

    Raises:
        UnableToWrite: The viewer may not open reports at all.
    """
    if not scope.may_read(viewer):
        raise UnableToWrite(_("没有校对的权限。需要的话，找党政办。"))
    first = next(
        (line.strip("#|>-◆·* \t") for line in received.text.splitlines() if line.strip()), ""
    )
    draft = Draft.objects.create(
        office_id=viewer.office_id,
        title=(received.file_name or first or _("粘贴的文字"))[:200],
        file_name=received.file_name,
        kind=received.kind,
        digest=received.digest,
        period=period,
        text=received.text,
        at=at,
        actor=viewer.name,
        account_id=viewer.account_id,
    )
    trail.append(
        viewer, "reports.draft.checked", f"draft:{draft.pk}", at, after={"title": draft.title}
    )
    return draft


@transaction.atomic
def decide(viewer: Viewer, ident: int, place: str, what: str, at: datetime) -> Draft:
    """Note what a person says to a finding: change as suggested, keep as written, or nothing yet.

    Raises:
        UnableToWrite: There is no such answer.
    """
    if what not in DECISIONS or len(place) > 24:
        raise UnableToWrite(_("没有这个选择。"))
    scope.draft_for(viewer, ident)
    draft: Draft = Draft.objects.for_system("noting a decision").select_for_update().get(pk=ident)
    draft.decided.pop(place, None)
    if what:
        draft.decided[place] = what
    draft.save(update_fields=["decided"])
    trail.append(
        viewer,
        "reports.finding.decided",
        f"draft:{draft.pk}",
        at,
        after={"place": place, "what": what},
    )
    return draft


@transaction.atomic
def assign(
    viewer: Viewer,
    keys: Sequence[str],
    indicator: str,
    at: datetime,
    *,
    aspect: str = "value",
    note: str = "",
) -> None:
    """Say which number certain words mean; the same words are recognised from now on.

    A blank indicator with a note says that the number comes from outside (外部数据).

    Raises:
        UnableToWrite: The viewer may not, or neither indicator nor note is given.
    """
    if not viewer.may("reports.edit"):
        raise UnableToWrite(_("没有指定来源的权限。需要的话，找党政办。"))
    known = indicator in catalogue().indicators or (
        indicator.startswith("statistic:") and indicator[10:] in catalogue().statistics
    )
    if indicator and not known:
        raise UnableToWrite(_("没有这个指标。请从列表里选。"), "indicator")
    if not indicator and not note.strip():
        raise UnableToWrite(_("请写数来自哪里，如“区统计局月报”。"), "note")
    valid = [key for key in keys if 8 <= len(key) <= 32 and key.isalnum()]
    Wording.objects.bulk_create(
        Wording(
            office_id=viewer.office_id,
            key=key,
            indicator=indicator,
            at=at,
            actor=viewer.name,
            aspect=aspect
            if aspect in ("value", "growth", "change", "progress", "target")
            else "value",
            note=note.strip()[:200],
        )
        for key in valid
    )
    trail.append(
        viewer,
        "reports.source.assigned",
        f"indicator:{indicator or 'outside'}",
        at,
        why=note.strip()[:400],
    )


def _whole(text: str, field: str) -> str:
    if not text.strip():
        raise UnableToWrite(_("没有文字。请选一个文件，或者把文字粘贴进来。"), field)
    if len(text) > LONGEST:
        raise UnableToWrite(_("超过40万字，请拆成几份。"), field)
    return text.replace("\x00", "").replace("\r\n", "\n")


def _keep(path: Path, digest: str) -> None:
    home = stored(digest)
    if home.exists():
        return
    home.parent.mkdir(parents=True, exist_ok=True)
    part = home.with_suffix(f".{os.getpid()}")
    part.write_bytes(path.read_bytes())
    part.replace(home)
