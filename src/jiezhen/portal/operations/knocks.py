"""Counting how often strangers post. Nothing is written for reading."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from jiezhen.kernel import clock
from jiezhen.portal.models import Knock
from jiezhen.portal.rules import limits
from jiezhen.portal.rules.limits import Purpose
from jiezhen.trail.clearing import clear

#: Counts serve an hour; this long they are kept.
KEPT = timedelta(days=1)


class TooMany(Exception):
    """Too many posts within the hour: 429."""


@transaction.atomic
def knock(office_id: int, purpose: Purpose, address: str, at: datetime) -> None:
    """Count one post of an address to an office.

    Four statements, for the first of an hour some more. The address is kept as a digest that changes every day.

    Raises:
        TooMany: There were too many within this hour, from there or altogether.
    """
    hour = at.replace(minute=0, second=0, microsecond=0)
    mine = _count(office_id, purpose, _digest(address, at), hour)
    every = _count(office_id, purpose, "", hour)
    if limits.over(purpose, mine, every):
        raise TooMany


def forget(at: datetime, most: int) -> int:
    """Clear away at most so many counts that are past; return how many."""
    return clear(Knock.objects.filter(hour__lt=at - KEPT), most)


def _count(office_id: int, purpose: Purpose, who: str, hour: datetime) -> int:
    key = {"office_id": office_id, "purpose": purpose, "who": who, "hour": hour}
    if not Knock.objects.filter(**key).update(count=F("count") + 1):
        try:
            with transaction.atomic():
                Knock.objects.create(count=1, **key)
        except IntegrityError:
            Knock.objects.filter(**key).update(count=F("count") + 1)
        else:
            return 1
    return int(Knock.objects.values_list("count", flat=True).get(**key))


def _digest(address: str, at: datetime) -> str:
    said = f"{clock.day_of(at).isoformat()}|{address}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()[:32]
