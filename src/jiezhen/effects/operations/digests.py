"""Write the day's digests: one e-mail for everything that waits for a person."""

import secrets
from datetime import datetime

from django.db import transaction

from jiezhen.effects.models import Delivery, Notice
from jiezhen.kernel import clock


@transaction.atomic
def _write_one(office_id: int, account_id: int, at: datetime) -> int:
    waiting = Notice.objects.for_system("the day's digest").filter(
        office_id=office_id, account_id=account_id, for_digest=True, digest=None
    )
    key = f"digest:{office_id}:{account_id}:{clock.day_of(at).isoformat()}"
    message = Delivery(
        office_id=office_id,
        uid=f"msg_{secrets.token_hex(16)}",
        key=key,
        channel="digest",
        at=at,
        due_at=at,
        account_id=account_id,
    )
    # Another worker may write the same digest now: the key is there once, and so is the mail.
    Delivery.objects.bulk_create([message], ignore_conflicts=True)
    rows = Delivery.objects.for_system("the day's digest").filter(key=key, uid=message.uid)
    made = rows.first()
    if made is None:
        return 0
    waiting.update(digest=made)
    return 1


def write(at: datetime) -> int:
    """Write a digest for everybody for whom notices wait and who had none today."""
    waiting = Notice.objects.for_system("the day's digests").filter(for_digest=True, digest=None)
    pairs = list(waiting.values_list("office_id", "account_id").distinct())
    if not pairs:
        return 0
    day = clock.day_of(at).isoformat()
    had = set(
        Delivery.objects.for_system("the day's digests")
        .filter(key__in=[f"digest:{o}:{a}:{day}" for o, a in pairs])
        .values_list("office_id", "account_id")
    )
    return sum(_write_one(office, who, at) for office, who in pairs if (office, who) not in had)
