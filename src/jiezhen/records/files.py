"""Attachments: kept by digest, known by a clean name, opened only through their record."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.kernel import whole
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import files_media, operations, panels, pictures, shapes
from jiezhen.records.access import NoSuchRecord
from jiezhen.records.models import Attachment, Row
from jiezhen.trail import operations as trail
from jiezhen.web import formats

MOST_BYTES = 20 * 2**20
#: Most files of one field of one record.
MOST = 20


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that was looked at and can be kept; else `fault` says in words why not."""

    name: str
    content: bytes
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """One file as the record's page shows it."""

    id: int
    name: str
    size: str
    when: str
    field: str
    href: str


@dataclass(frozen=True, slots=True)
class FilesPanel:
    """The files of a record and the fields to which more can be put.

    `sealed` says that there are files which stay closed to the viewer.
    """

    here: str
    files: tuple[Kept, ...]
    fields: tuple[tuple[str, str], ...]
    may_change: bool
    sealed: bool = False


def path_of(digest: str) -> Path:
    """Return where the bytes of a digest lie."""
    return Path(settings.FILES) / digest[:2] / digest[2:4] / digest


def ready(name: str, content: bytes) -> Ready:
    """Look at a file that somebody sent, and draw a picture anew from its pixels.

    A large picture takes a second; do it before anything is locked.
    """
    ending = files_media.ending_of(files_media.clean_name(name))
    fault = _fault(ending, content)
    if not fault and ending in files_media.PICTURES:
        try:
            content = pictures.redrawn(content)
        except pictures.Huge:
            fault = _("图片的像素太多。请缩小再放。")
        except pictures.Damaged:
            fault = _("图片损坏，打不开。请换一张。")
    return Ready(name, b"" if fault else content, fault)


def _fault(ending: str, content: bytes) -> str:
    """Say why a content is not what its name says, or not kept; nothing when it may be."""
    if not content:
        return _("文件是空的。请重新选。")
    if len(content) > MOST_BYTES:
        return _("文件超过20MB。请压缩，或拆成几个文件。")
    if ending not in files_media.MEDIA:
        return _("只能放pdf、docx、xlsx、jpg、png、webp、txt和csv。")
    if ending not in files_media.media_of(content):
        said = _("内容不是{ending}文件。请用原来的程序另存一份再放。")
        return said.format(ending=ending)
    return ""


@transaction.atomic
def attach(viewer: Viewer, row: Row, field: str, file: Ready, at: datetime) -> Attachment:
    """Put a file to a field of a record, and the change into the record's history.

    The bytes are on the disk before the record names them.

    Raises:
        operations.Refused: No such field, or the file has a fault.
        operations.NotAllowed: The viewer may not change the record.
        operations.Conflict: Somebody changed the record meanwhile.
    """
    kind = shapes.kind_of(row.kind)
    if field not in kind.fields or kind.fields[field].type != "file":
        raise _refused(field, _("没有这一项。"))
    if not viewer.may("change", row.kind, row.unit.path, kind.sensitivity):
        raise operations.NotAllowed(operations.Problem(field, _("没有修改这条记录的权限。")))
    there = [int(n) for n in row.data.get(field) or []]
    if len(there) >= MOST:
        raise _refused(field, _("一项最多放{n}个文件。").format(n=MOST))
    if file.fault:
        raise _refused(field, file.fault)
    name = files_media.clean_name(shapes.shape_of(row.kind).clean(row.pk, kind, file.name))
    kept = Attachment.objects.create(
        office_id=viewer.office_id, kind=row.kind, record_id=row.pk, field=field, name=name,
        digest=store(file.content), size=len(file.content), at=at, account_id=viewer.account_id,
        media=files_media.MEDIA[files_media.ending_of(name)],
    )  # fmt: skip
    _put(viewer, row, field, [*there, kept.pk], at)
    return kept


def _refused(field: str, message: str) -> operations.Refused:
    return operations.Refused(operations.Problem(field, message))


def _put(viewer: Viewer, row: Row, field: str, ids: list[int], at: datetime) -> None:
    def apply(fresh: Row) -> None:
        if ids:
            fresh.data[field] = ids
        else:
            fresh.data.pop(field, None)

    operations.rewrite(viewer, row.kind, row.pk, at, apply, action="files", version=row.version)


def store(content: bytes) -> str:
    """Write bytes under their digest, once, whole and synced, and return the digest."""
    digest = hashlib.sha256(content).hexdigest()
    target = path_of(digest)
    if target.exists():
        return digest
    target.parent.mkdir(parents=True, exist_ok=True)
    whole.put(target, content)
    return digest


@transaction.atomic
def remove(viewer: Viewer, row: Row, attachment_id: int, at: datetime) -> None:
    """Take a file from a record; the history keeps that it was there.

    Raises:
        NoSuchRecord: The record has no such file.
        operations.NotAllowed: The viewer may not change the record.
    """
    for name in _open_fields(viewer, row):
        ids = row.data.get(name) or []
        if attachment_id in ids:
            _put(viewer, row, name, [n for n in ids if n != attachment_id], at)
            return
    raise NoSuchRecord(f"file:{attachment_id}")


def of(row: Row) -> list[Attachment]:
    """Return the files of a record in the order of its fields."""
    kind = shapes.kind_of(row.kind)
    ids = [n for name in _file_fields(kind) for n in row.data.get(name) or []]
    if not ids:
        return []
    found = Attachment.objects.filter(kind=row.kind, record_id=row.pk).in_bulk(ids)
    return [found[n] for n in ids if n in found]


def _open_fields(viewer: Viewer, row: Row) -> list[str]:
    """Return the fields of a row whose files a viewer who sees the row may open."""
    shut = shapes.shape_of(row.kind).shut
    return [n for n in _file_fields(shapes.kind_of(row.kind)) if not shut(viewer, row, n)]


def _file_fields(kind: Kind) -> list[str]:
    return [name for name, field in kind.fields.items() if field.type == "file"]


@transaction.atomic
def opened(viewer: Viewer, attachment_id: int, at: datetime) -> Attachment:
    """Return a file that the viewer may see through its record, and put the look on record.

    Raises:
        NoSuchRecord: There is none, its record is not for this viewer, or it was taken away.
    """
    kept = Attachment.objects.filter(pk=attachment_id, office_id=viewer.office_id).first()
    if kept is None:
        raise NoSuchRecord(f"file:{attachment_id}")
    try:
        kind = shapes.kind_of(kept.kind)
    except KeyError as gone:
        raise NoSuchRecord(f"file:{attachment_id}") from gone
    rows = shapes.model_of(kind.name).objects.seen_by(viewer, "see", kind.name, kind.sensitivity)
    row = rows.filter(kind=kind.name, pk=kept.record_id).first()
    there = row is not None and kept.pk in (row.data.get(kept.field) or [])
    if row is None or not there or kept.field not in _open_fields(viewer, row):
        raise NoSuchRecord(f"file:{attachment_id}")
    trail.append(
        viewer, "records.file.opened", f"{row.kind}:{row.code}", at, after={"file": kept.pk}
    )
    return kept


def panel(viewer: Viewer, row: Row, _at: datetime) -> panels.Panel | None:
    """Return the card of files for a record's page; none for kinds without files."""
    kind = shapes.kind_of(row.kind)
    every, names = _file_fields(kind), _open_fields(viewer, row)
    if not every:
        return None
    may = viewer.may("change", row.kind, row.unit.path, kind.sensitivity)
    shown = FilesPanel(
        f"/records/{row.kind}/{row.code}/files",
        tuple(_shown([f for f in of(row) if f.field in names], kind)),
        tuple((name, kind.fields[name].title) for name in names),
        may and row.withdrawn_at is None and bool(names),
        sealed=any(row.data.get(n) for n in every if n not in names),
    )  # fmt: skip
    return panels.Panel(_("附件"), template="records/files_panel.html", context=shown)


def _shown(files: Iterable[Attachment], kind: Kind) -> Iterable[Kept]:
    for kept in files:
        size = f"{kept.size / 2**20:.1f}MB" if kept.size >= 2**20 else f"{kept.size // 1024 + 1}KB"
        title = kind.fields[kept.field].title
        yield Kept(kept.pk, kept.name, size, formats.moment(kept.at), title, f"/files/{kept.pk}")


def offer() -> None:
    """Show files on every record's page."""
    panels.offer("1-files", panel)
