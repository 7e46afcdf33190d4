"""One round of the worker. Any number of processes and threads may run it at once."""

import logging
from datetime import datetime

from django.conf import settings

from jiezhen.effects.models import Announcement, Delivery
from jiezhen.effects.operations import digests, leases, outbox
from jiezhen.effects.rules import waits
from jiezhen.effects.tasks import sending
from jiezhen.effects.tasks.sending import ARRIVED

#: Events of one transaction, and messages of one round: each of these may take 15 seconds,
#: and all of them have to fit into a lease.
SPREAD, SENT = 200, 8

_log = logging.getLogger(__name__)


def deliver(at: datetime) -> int:
    """Spread announced events, write the day's digests, send due messages; return how many.

    At least once: a worker that dies between sending and marking lets its lease run out,
    and another one sends the same message again with the same id.
    """
    return spread(at) + digest(at) + send(at)


def spread(at: datetime) -> int:
    """Spread one batch of events; an event that breaks does not hold up the others."""
    lease, rows = leases.take(Announcement, at, SPREAD)
    if not rows:
        return 0
    try:
        return outbox.spread(rows, lease, at)
    except Exception:  # noqa: BLE001
        # One of them breaks: take each alone, so that only that one waits.
        return sum(_spread_alone(row, lease, at) for row in rows)


def _spread_alone(row: Announcement, lease: str, at: datetime) -> int:
    try:
        return outbox.spread([row], lease, at)
    except Exception as problem:  # noqa: BLE001
        _log.exception("event %s cannot be spread", row.pk)
        leases.failed(row, lease, f"分发出错：{type(problem).__name__}", at)
        return 0


def digest(at: datetime) -> int:
    """Write the day's digests once it is a working day and the hour has come."""
    if settings.MAIL and waits.digest_time(at, settings.DIGEST_HOUR):
        return digests.write(at)
    return 0


def send(at: datetime) -> int:
    """Send one batch of due messages."""
    lease, rows = leases.take(Delivery, at, SENT)
    failing: set[int] = set()
    sent = 0
    for row in rows:
        paused = row.webhook is not None and row.webhook.paused_at is not None
        if paused or row.webhook_id in failing:
            leases.put_back(row, lease, at, waits.HOLD)
            continue
        trouble = sending.send(row, at)
        if trouble:
            leases.failed(row, lease, trouble, at)
            if row.webhook_id:
                failing.add(row.webhook_id)
                leases.hold(row, at)
            continue
        sent += leases.done(row, lease, at)
        if row.webhook is not None and row.webhook.last_said not in {"", ARRIVED}:
            leases.release(row, at)
    return sent
