"""What residents send becomes a matter; the caller gets a code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.matters import operations as matters
from jiezhen.portal.operations import waiting
from jiezhen.portal.queries import drafts
from jiezhen.portal.queries.fronts import Office
from jiezhen.portal.queries.offers import Questions, filled
from jiezhen.records import operations as records
from jiezhen.units import queries as units


@transaction.atomic
def file(
    office: Office,
    asked: Questions,
    values: Mapping[str, Any],
    at: datetime,
    *,
    unit: str = "",
    source: str = "portal",
    photos: Iterable[str] = (),
) -> matters.Opened:
    """Open a matter for a stranger; only fields of the offer are looked at.

    `photos` are the tokens of photos that wait for this report.

    Raises:
        records.Refused: Values are missing or wrong; one problem a field.
    """
    offered = set(asked.kind.offer.fields) if asked.kind.offer else set()
    given = {n: v for n, v in values.items() if n in offered}
    given |= filled(asked.kind, at)
    if asked.links:
        given |= _tied(office, asked, given, at)
    place = given.pop(asked.where, None) if asked.where else None
    if isinstance(place, str):
        place = {"text": place}
    taken_in = units.tree(office.viewer.office_id, at).named(unit) if unit else None
    opened = matters.open_matter(
        office.viewer,
        asked.kind.name,
        given,
        at,
        unit=taken_in,
        source=source,
        place=place,
        receipt=True,
    )
    tokens = list(photos) if asked.photo else []
    if not tokens:
        return opened
    taken = waiting.take(office, asked.kind.name, tokens, at)
    row = matters.add_photos(office.viewer, opened.matter, asked.photo, taken, at)
    return replace(opened, matter=row)


def _tied(
    office: Office, asked: Questions, given: Mapping[str, Any], at: datetime
) -> dict[str, int]:
    """Return what follows from what an opinion is about.

    Raises:
        records.Refused: Opinions on it are taken in no longer, or not yet.
    """
    about = drafts.about(office, asked.kind, given, at)
    if about is None:
        return {}
    said = refusal(about)
    if said:
        raise records.Refused(records.Problem(asked.links[0], said))
    return about.fills


def refusal(about: drafts.About) -> str:
    """Return why an opinion is not taken in; blank when it is."""
    if about.draft.state == "closed":
        return _("征求意见已经截止，不再收意见。")
    return _("还没有开始征求意见。") if about.draft.state == "coming" else ""
