"""Append to the trail, and seal what was appended."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from jiezhen.people.access import Viewer
from jiezhen.trail.inserting import insert
from jiezhen.trail.models import Entry, Seal

_HASHES: dict[str, Callable[[bytes], str]] = {
    "sha256": lambda data: hashlib.sha256(data).hexdigest(),
    "sm3": lambda data: hashlib.new("sm3", data).hexdigest(),
}
ROOT = "0" * 64
_BATCH = 5000


def append(
    by: Viewer,
    action: str,
    on: str,
    at: datetime,
    *,
    why: str = "",
    before: Any = None,
    after: Any = None,
    path: str = "",
) -> Entry:
    """Write that somebody did something. Call it in the transaction of the deed.

    Shape: one entry; `action` is dotted (`matters.matter.closed`), `on` names the
    object (`lifts.retrofit:DT-2023-000713`). Personal values never go in here.
    """
    entry = Entry(
        at=at,
        office_id=by.office_id,
        account_id=by.account_id,
        actor=by.name,
        path=path or by.unit_path,
        action=action,
        on=on,
        why=why,
        before=before,
        after=after,
    )
    insert([entry])
    return entry


def append_many(entries: list[Entry]) -> None:
    """Write many entries of one batch at once."""
    insert(entries)


def canonical(entry: Entry) -> bytes:
    """Return the bytes of an entry that its seal covers."""
    fields = {
        "id": entry.pk,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "office": entry.office_id,
        "account": entry.account_id,
        "actor": entry.actor,
        "path": entry.path,
        "action": entry.action,
        "on": entry.on,
        "why": entry.why,
        "before": entry.before,
        "after": entry.after,
    }
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def chained(algorithm: str, previous: str, entry: Entry) -> str:
    """Return the digest of an entry behind the digest before it."""
    return _HASHES[algorithm](algorithm.encode() + bytes.fromhex(previous) + canonical(entry))


def seal(algorithm: str = "sha256") -> int:
    """Seal every entry that has no seal yet, in order, and return how many.

    Entries of transactions that were still open at the last pass come late with a
    smaller id; they are sealed now and verification reads seals, not ids.
    """
    done = 0
    while True:
        with transaction.atomic():
            latest = Seal.objects.select_for_update().order_by("-seq").first()
            seq, digest = (latest.seq, latest.digest) if latest else (0, ROOT)
            sealed = Seal.objects.values("entry_id")
            fresh = list(Entry.objects.exclude(pk__in=sealed).order_by("pk")[:_BATCH])
            seals = []
            for entry in fresh:
                seq, digest = seq + 1, chained(algorithm, digest, entry)
                seals.append(Seal(seq=seq, entry_id=entry.pk, algorithm=algorithm, digest=digest))
            Seal.objects.bulk_create(seals, batch_size=1000)
        done += len(seals)
        if len(fresh) < _BATCH:
            return done


def checkpoint(at: datetime, folder: Path | None = None) -> Path | None:
    """Write a signed statement of the chain's length and head where it can leave the machine.

    Returns the file, or None while the trail is empty. Without such a witness a cut
    tail cannot be noticed.
    """
    latest = Seal.objects.order_by("-seq").first()
    if latest is None:
        return None
    folder = folder or settings.WITNESS
    folder.mkdir(parents=True, exist_ok=True)
    said = {"size": latest.seq, "head": latest.digest, "at": at.astimezone(UTC).isoformat()}
    said["signature"] = sign(said)
    file = folder / f"{latest.seq:012d}.json"
    file.write_text(json.dumps(said, sort_keys=True), "utf-8")
    return file


def sign(said: dict[str, Any]) -> str:
    """Return the HMAC of a checkpoint's size, head and time."""
    body = f"{said['size']}|{said['head']}|{said['at']}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), body, hashlib.sha256).hexdigest()
