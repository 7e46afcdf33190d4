"""Take rows of the outbox for a while, and say what became of them."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from jiezhen.effects.models import DEAD, DONE, WAITING, Announcement, Delivery
from jiezhen.effects.rules import waits

Table = type[Announcement] | type[Delivery]


def take(table: Table, at: datetime, most: int) -> tuple[str, list[Any]]:
    """Take at most so many due rows: the lease, and the rows as they are now.

    On PostgreSQL rows that another worker is just taking are skipped; on SQLite one short
    transaction does the same. A round that finds nothing writes nothing.
    """
    due = table.objects.for_system("the worker takes what is due").filter(
        state=WAITING, due_at__lte=at
    )
    if not due.exists():
        return "", []
    lease = secrets.token_hex(8)
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        chosen = list(due.order_by("due_at", "id").values_list("pk", flat=True)[:most])
        rows = table.objects.for_system("taken rows").filter(pk__in=chosen)
        rows.update(lease=lease, due_at=at + waits.LEASE, tries=F("tries") + 1)
        return lease, list(rows.order_by("at", "id"))


def done(row: Any, lease: str, at: datetime) -> bool:
    """Mark a row as done; False when the lease was lost and another worker has it."""
    return _mark(row, lease, state=DONE, done_at=at, lease="", reason="")


def failed(row: Any, lease: str, reason: str, at: datetime) -> bool:
    """Let a row wait for its next try, or lay it down with its reason after the last one."""
    pause = waits.wait(row.tries, f"{type(row).__name__}{row.pk}")
    if pause is None:
        return _mark(row, lease, state=DEAD, lease="", reason=reason[:300])
    return _mark(row, lease, due_at=at + pause, lease="", reason=reason[:300])


def put_back(row: Any, lease: str, at: datetime, pause: timedelta) -> bool:
    """Give a row back untried."""
    return _mark(row, lease, due_at=at + pause, lease="", tries=F("tries") - 1)


def hold(failed_one: Delivery, at: datetime) -> None:
    """Let the other messages to a receiver that just failed wait a little."""
    rows = _untaken(failed_one).filter(due_at__lt=at + waits.HOLD)
    rows.exclude(pk=failed_one.pk).update(due_at=at + waits.HOLD)


def release(arrived: Delivery, at: datetime) -> None:
    """Let the messages go that only waited because their receiver failed before."""
    _untaken(arrived).filter(tries=0, due_at__gt=at).update(due_at=at)


def _untaken(row: Delivery) -> Any:
    rows = Delivery.objects.for_system("what else waits for a receiver")
    return rows.filter(webhook_id=row.webhook_id, state=WAITING, lease="")


def _mark(row: Any, held: str, **values: Any) -> bool:
    rows = type(row).objects.for_system("the worker marks what it took")
    return bool(rows.filter(pk=row.pk, lease=held, state=WAITING).update(**values))
