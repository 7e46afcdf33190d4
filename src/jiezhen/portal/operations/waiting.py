"""Photos that wait between the page on which they are chosen and 「报上去」."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from jiezhen.portal.models import Waiting
from jiezhen.portal.queries import waiting
from jiezhen.portal.queries.fronts import Office
from jiezhen.portal.rules import pictures
from jiezhen.records.files import Ready


def keep(office: Office, kind: str, content: bytes, at: datetime) -> str:
    """Keep a photo for a form and return its token; what waited too long is thrown away.

    Raises:
        pictures.NotTaken: It is no picture that is kept.
    """
    picture = pictures.taken(content)  # it takes its time; nothing is locked yet
    with transaction.atomic():
        throw_away(at)
        row: Waiting = Waiting.objects.create(
            token=secrets.token_urlsafe(32),
            office_id=office.viewer.office_id,
            kind=kind,
            ending=picture.ending,
            content=picture.content,
            size=len(picture.content),
            at=at,
        )
    return row.token


@transaction.atomic
def drop(office: Office, kind: str, tokens: Iterable[str], at: datetime) -> None:
    """Throw away photos that a resident took back."""
    waiting.rows(office, kind, tokens, at).order_by().delete()


@transaction.atomic
def take(office: Office, kind: str, tokens: Iterable[str], at: datetime) -> list[Ready]:
    """Return a form's photos, which wait no longer.

    The names are the product's own: what a resident called a file may tell who they are.
    """
    rows = list(waiting.rows(office, kind, tokens, at))
    Waiting.objects.filter(pk__in=[r.pk for r in rows]).delete()
    return [Ready(f"照片{n}.{r.ending}", bytes(r.content)) for n, r in enumerate(rows, start=1)]


@transaction.atomic
def throw_away(at: datetime) -> None:
    """Throw away the photos of reports that were never sent."""
    Waiting.objects.filter(at__lte=at - waiting.WAITS).delete()
