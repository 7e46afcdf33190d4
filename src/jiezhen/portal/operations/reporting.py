"""A request that a machine or an app reports by Open311."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from jiezhen.kernel import clock
from jiezhen.matters import operations as matters
from jiezhen.matters.queries.places import field_of
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.portal.queries import open311
from jiezhen.portal.queries.fronts import Office
from jiezhen.portal.queries.offers import filled
from jiezhen.portal.rules import enclosed, georeport
from jiezhen.portal.rules.georeport import Wrong
from jiezhen.records import operations as records

#: How much of a description becomes the short text that lists show.
_SHORT = 60


@transaction.atomic
def report(
    office: Office,
    viewer: Viewer | None,
    posted: Mapping[str, str],
    at: datetime,
    *,
    media: Sequence[str] = (),
    files: int = 0,
) -> matters.Opened:
    """Open the matter of a posted service request.

    `viewer` is the account of a machine token, None for a stranger. Addresses of pictures are put
    to the course of the matter as words: there they are read by the office and by nobody else.

    Raises:
        Wrong: Something is missing or cannot be read, or the account may not report this.
    """
    code = posted.get("service_code", "")
    if not code:
        raise Wrong(400, "service_code was not provided")
    kind = open311.kind_of(code)
    along = enclosed.told(enclosed.addresses(media), files)
    acting = viewer or office.viewer
    try:
        opened = matters.open_matter(
            acting,
            kind.name,
            _values(kind, posted) | filled(kind, at),
            at,
            source="open311",
            place=_place(kind, posted),
        )
    except records.NotAllowed as refused:
        raise Wrong(403, str(refused)) from refused
    except records.AlreadyThere as double:
        raise Wrong(409, str(double)) from double
    except records.Refused as refused:
        raise Wrong(400, str(refused)) from refused
    if along:
        # The notice of the new matter says enough.
        matters.note(acting, opened.matter, matters.Words("；".join(along)), at, told=True)
    return opened


def _values(kind: Kind, posted: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of the offer's fields from attributes, description and the reporter's parameters."""
    offered = kind.offer.fields if kind.offer else ()
    found: dict[str, Any] = {}
    for name in offered:
        given = posted.get(f"attribute[{name}]", "")
        if given and kind.fields[name].type not in ("file", "place"):
            found[name] = given[:4000]
    _describe(kind, offered, posted.get("description", "").strip()[:4000], found)
    name_ = f"{posted.get('last_name', '')}{posted.get('first_name', '')}".strip()
    said = {"person": name_[:60], "phone": posted.get("phone", "").strip()[:20]}
    for field in offered:
        spec = kind.fields[field]
        if spec.party and said.get(spec.type) and field not in found:
            found[field] = said[spec.type]
    return found


def _describe(
    kind: Kind, offered: tuple[str, ...], description: str, found: dict[str, Any]
) -> None:
    """Let the description fill the texts that no attribute gave: the first one short, the next whole."""
    texts = [n for n in offered if kind.fields[n].type == "text" and not kind.fields[n].party]
    if not description or not texts:
        return
    if texts[0] not in found:
        first = description.splitlines()[0]
        whole = len(texts) == 1
        found[texts[0]] = description if whole else first[:_SHORT]
    if len(texts) > 1 and texts[1] not in found and description != found[texts[0]]:
        found[texts[1]] = description


def _place(kind: Kind, posted: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the place: the address as it is written, the point in WGS-84.

    Raises:
        Wrong: The kind needs a place and none is given, or a coordinate is none.
    """
    lat = georeport.degrees(posted.get("lat", ""), "lat", 90)
    lon = georeport.degrees(posted.get("long", ""), "long", 180)
    text = posted.get("address_string", "").strip()[:300]
    name = field_of(kind)
    if (lat is None) != (lon is None):
        raise Wrong(400, "lat and long go together")
    if lat is None and not text:
        if name and kind.fields[name].required:
            raise Wrong(400, "lat and long, or address_string, were not provided")
        return None
    place: dict[str, Any] = {"text": text or f"{lat:.5f}, {lon:.5f}"}
    if lat is not None and lon is not None:
        place |= {"lat": lat, "lon": lon}
    return place


def notice(opened: matters.Opened) -> str | None:
    """Return by when it will be done, in words; None when no clock runs."""
    due = opened.matter.due_at
    if due is None:
        return None
    at = due.astimezone(clock.ZONE)
    return f"办结时限{at.year}年{at.month}月{at.day}日{at:%H:%M}"
