"""Read and verify the trail."""

import hmac
import json
from dataclasses import dataclass, field
from itertools import islice
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
    wanted = _checkpoints(witness or settings.WITNESS, faults)
    walk = _Walk(wanted, faults)
    seals = Seal.objects.order_by("seq").iterator(2000)
    while batch := list(islice(seals, 500)):
        walk.over(batch)
    return faults + _against(wanted, walk.heads)


@dataclass(slots=True)
class _Walk:
    """Goes along the chain and notes what does not fit."""

    wanted: dict[int, str]
    faults: list[Fault]
    heads: dict[int, str] = field(default_factory=dict)
    previous: str = ROOT
    expected: int = 1

    def over(self, seals: list[Seal]) -> None:
        """Check one portion of seals against their entries."""
        rows = Entry.objects.in_bulk([s.entry_id for s in seals])
        for item in seals:
            if item.seq != self.expected:
                self._note(self.expected, "缺少封印，记录被删", "a seal is missing")
            entry = rows.get(item.entry_id)
            if entry is None:
                self._note(item.seq, "记录被删除", "the entry is missing")
            elif chained(item.algorithm, self.previous, entry) != item.digest:
                self._note(item.seq, "记录被改动", "the entry was changed")
            self.previous, self.expected = item.digest, item.seq + 1
            if item.seq in self.wanted:
                self.heads[item.seq] = item.digest

    def _note(self, seq: int, message: str, message_en: str) -> None:
        self.faults.append(Fault(seq, message, message_en))


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
