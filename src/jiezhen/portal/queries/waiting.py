"""Photos that were chosen for a report and wait until it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jiezhen.portal.models import Waiting
from jiezhen.portal.queries.fronts import Office
from jiezhen.portal.rules import pictures
from jiezhen.records import files_media

#: How long a photo waits; three pages are written in less.
WAITS = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Photo:
    """One waiting photo as a page shows it."""

    token: str
    number: int
    size: int

    @property
    def kilobytes(self) -> int:
        """Return how large it is."""
        return max(1, self.size // 1024)


def rows(office: Office, kind: str, tokens: Iterable[str], at: datetime) -> Any:
    """Return the photos of a form that wait still, in the order in which they were chosen."""
    known = list(dict.fromkeys(tokens))[: pictures.MOST]
    found = Waiting.objects.filter(token__in=known, office_id=office.viewer.office_id, kind=kind)
    return found.filter(at__gt=at - WAITS).order_by("id")


def photos(office: Office, kind: str, tokens: Iterable[str], at: datetime) -> list[Photo]:
    """Return the photos of a form that wait still, without their bytes; one statement."""
    found = rows(office, kind, tokens, at).values_list("token", "size")
    return [Photo(token, n, size) for n, (token, size) in enumerate(found, start=1)]


def picture(office: Office, token: str, at: datetime) -> tuple[bytes, str] | None:
    """Return the bytes and the medium of a waiting photo; None when there is none."""
    found = Waiting.objects.filter(token=token, office_id=office.viewer.office_id)
    row = found.filter(at__gt=at - WAITS).first()
    return (bytes(row.content), files_media.MEDIA[row.ending]) if row is not None else None
