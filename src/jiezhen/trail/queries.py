"""Read and verify the trail."""

import hmac
import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from jiezhen.people.access import Viewer
from jiezhen.trail.models import Entry, Seal
from jiezhen.trail.operations import ROOT, chained, sign


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the trail is not what it was: the seal's number and what is wrong."""

    seq: int
    message: str
    message_en: str


def entries(viewer: Viewer) -> QuerySet[Entry]:
    """Return the office's entries, newest first, for a viewer who may see the audit."""
    if not viewer.may("audit.see"):
        return Entry.objects.none()
    return Entry.objects.filter(office_id=viewer.office_id).order_by("-id")


def about(viewer: Viewer, on: str) -> QuerySet[Entry]:
    """Return what was done on one object, oldest first. The caller has checked the object."""
    return Entry.objects.filter(office_id=viewer.office_id, on=on).order_by("id")


def verify(witness: Path | None = None) -> list[Fault]:
    """Return every changed, missing or cut row; an empty list when all is whole."""
    faults: list[Fault] = []
    previous, expected = ROOT, 1
    heads: dict[int, str] = {}
    wanted = _checkpoints(witness or settings.WITNESS, faults)
    known = Entry.objects.in_bulk
    batch: list[Seal] = []

    def check(seals: list[Seal]) -> None:
        nonlocal previous, expected
        rows = known([s.entry_id for s in seals])
        for item in seals:
            if item.seq != expected:
                faults.append(Fault(expected, "缺少封印，记录被删", "a seal is missing"))
            entry = rows.get(item.entry_id)
            if entry is None:
                faults.append(Fault(item.seq, "记录被删除", "the entry is missing"))
            elif chained(item.algorithm, previous, entry) != item.digest:
                faults.append(Fault(item.seq, "记录被改动", "the entry was changed"))
            previous, expected = item.digest, item.seq + 1
            if item.seq in wanted:
                heads[item.seq] = item.digest

    for item in Seal.objects.order_by("seq").iterator(2000):
        batch.append(item)
        if len(batch) == 500:
            check(batch)
            batch = []
    check(batch)
    faults += _against(wanted, heads)
    return faults


def _checkpoints(folder: Path, faults: list[Fault]) -> dict[int, str]:
    found: dict[int, str] = {}
    for file in sorted(folder.glob("*.json")) if folder.exists() else []:
        said = json.loads(file.read_text("utf-8"))
        if hmac.compare_digest(sign(said), said.get("signature", "")):
            found[said["size"]] = said["head"]
        else:
            faults.append(
                Fault(said.get("size", 0), "检查点签名不符", "a checkpoint's signature is wrong")
            )
    return found


def _against(wanted: dict[int, str], heads: dict[int, str]) -> list[Fault]:
    faults = []
    for size, head in wanted.items():
        if size not in heads:
            faults.append(Fault(size, "尾部记录被截去", "the tail was cut"))
        elif heads[size] != head:
            faults.append(Fault(size, "与检查点不符", "the chain differs from the checkpoint"))
    return faults
