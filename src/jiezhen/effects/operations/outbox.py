"""Announce events in the caller's transaction, and spread them to those who hear of them."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from jiezhen.effects import queries
from jiezhen.effects.models import DONE, Announcement, Delivery, Notice, Webhook, row_of
from jiezhen.effects.rules import Event, Known, group_of, matches, receivers, waits
from jiezhen.effects.rules.events import CLOCKED
from jiezhen.people import masking
from jiezhen.people.access import SENSITIVITIES, Viewer
from jiezhen.units import queries as units


def announce(office_id: int, event: Event, at: datetime) -> None:
    """Write an event into the outbox: one insert in the caller's transaction.

    Nothing is sent before that transaction is committed, and nothing when it is rolled
    back. An event whose key was announced before is left out.
    """
    announce_many(office_id, [event], at)


def announce_many(office_id: int, events: Iterable[Event], at: datetime) -> None:
    """Write many events into the outbox: one insert for each thousand."""
    rows = [row_of(office_id, _masked(event), at) for event in events]
    Announcement.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


def _masked(event: Event) -> Event:
    """Cover numbers that slipped into the words; the caller keeps persons out of them."""
    title = " ".join(masking.free_text(event.title).split())
    return replace(
        event,
        title=title if len(title) <= 200 else f"{title[:199]}…",
        text=masking.free_text(event.text)[:2000],
        data=_covered(dict(event.data)),
    )


def _covered(said: Any) -> Any:
    if isinstance(said, str):
        return masking.free_text(said)
    if isinstance(said, dict):
        return {str(name): _covered(value) for name, value in said.items()}
    if isinstance(said, list | tuple):
        return [_covered(value) for value in said]
    return said


@dataclass(frozen=True, slots=True)
class _Office:
    """What is the same for every event of an office in one round."""

    viewers: list[Viewer]
    choices: dict[tuple[int, str], str]
    mailboxes: frozenset[int]
    hooks: list[Webhook]
    known: Known = field(default_factory=dict)


def _office(office_id: int, at: datetime) -> _Office:
    viewers = units.viewers_of_office(office_id, at)
    accounts = [v.account_id for v in viewers]
    return _Office(
        viewers,
        queries.choices_of(accounts),
        queries.with_mailbox(accounts) if settings.MAIL else frozenset(),
        queries.hooks_at_work(office_id),
    )


@transaction.atomic
def spread(events: Sequence[Announcement], lease: str, at: datetime) -> int:
    """Turn taken events into notices and messages, all in one transaction; return how many.

    An event whose lease went to another worker meanwhile is left to that one.
    """
    held = Announcement.objects.for_system("spreading events").filter(
        pk__in=[e.pk for e in events], lease=lease
    )
    kept = set(held.select_for_update().values_list("pk", flat=True))
    offices: dict[int, _Office] = {}
    notices: list[Notice] = []
    messages: list[Delivery] = []
    for row in events:
        if row.pk not in kept:
            continue
        if row.office_id not in offices:
            offices[row.office_id] = _office(row.office_id, at)
        _follow(row, offices[row.office_id], at, notices, messages)
    Notice.objects.bulk_create(notices, batch_size=1000, ignore_conflicts=True)
    Delivery.objects.bulk_create(messages, batch_size=1000, ignore_conflicts=True)
    held.filter(pk__in=kept).update(state=DONE, done_at=at, lease="", reason="")
    return len(kept)


def _follow(
    row: Announcement,
    office: _Office,
    at: datetime,
    notices: list[Notice],
    messages: list[Delivery],
) -> None:
    event = row.event
    group = group_of(event.name)
    for account in receivers(event, office.viewers, office.known):
        how = office.choices.get((account, group), "inside")
        mailed = how != "inside" and account in office.mailboxes
        notices.append(
            Notice(
                office_id=row.office_id,
                account_id=account,
                announcement=row,
                at=row.at,
                for_digest=mailed and how == "digest",
            )
        )
        if mailed and how == "now":
            due = waits.waking(at) if matches(event.name, CLOCKED) else at
            messages.append(_message(row, "mail", due, account_id=account))
    messages += [
        _message(row, "hook", at, webhook=hook)
        for hook in office.hooks
        if matches(event.name, hook.patterns) and _deep_enough(hook, event)
    ]


def _deep_enough(hook: Webhook, event: Event) -> bool:
    return SENSITIVITIES.index(event.sensitivity) <= SENSITIVITIES.index(hook.sensitivity)


def _message(row: Announcement, channel: str, due: datetime, **to: Any) -> Delivery:
    receiver = to["webhook"].pk if "webhook" in to else to["account_id"]
    return Delivery(
        office_id=row.office_id,
        uid=f"msg_{secrets.token_hex(16)}",
        key=f"{row.pk}:{channel}:{receiver}",
        channel=channel,
        at=row.at,
        due_at=due,
        announcement=row,
        **to,
    )
