"""What is read of notices and of the outbox."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Case, Count, IntegerField, Min, Q, Value, When

from jiezhen.effects.models import (
    DEAD,
    WAITING,
    Announcement,
    Delivery,
    Notice,
    Preference,
    Webhook,
)
from jiezhen.effects.rules import GROUPS
from jiezhen.people.access import Viewer
from jiezhen.people.models import Account


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as its reader sees it; `older` are those about the same object before it."""

    title: str
    text: str
    href: str
    at: datetime
    unread: bool
    older: tuple["Line", ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page of one's own notices; `more` says that there are older ones."""

    lines: list[Line]
    more: bool


def notices(viewer: Viewer, page: int = 1, size: int = 50, group: str = "") -> Page:
    """Return a page of the viewer's notices, unread ones first, then the newest: one statement.

    What a page holds about one object, read or unread, stands in one line under the newest.
    """
    unread = Case(When(read_at=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = Notice.objects.of(viewer).select_related("announcement").order_by(unread, "-id")
    if group in GROUPS:
        rows = rows.filter(_of_group(group))
    found = list(rows[(page - 1) * size : page * size + 1])
    by_object: dict[tuple[bool, str], list[Line]] = {}
    for n in found[:size]:
        said = n.announcement
        line = Line(said.title, said.text, said.href, n.at, not n.read_at)
        by_object.setdefault((line.unread, said.about), []).append(line)
    lines = [replace(newest, older=tuple(older)) for newest, *older in by_object.values()]
    return Page(lines, len(found) > size)


def _of_group(group: str) -> Q:
    """Return the condition that a notice's event is of a group: of none that stands before it."""
    before = list(GROUPS)[: list(GROUPS).index(group)]
    return _named(GROUPS[group]) & ~_named(p for name in before for p in GROUPS[name])


def _named(patterns: Iterable[str]) -> Q:
    found = Q(pk__in=())
    for pattern in patterns:
        if pattern == "*":
            return Q()
        start, _star, end = pattern.partition("*")
        found |= Q(announcement__name__startswith=start, announcement__name__endswith=end)
    return found


def unread(viewer: Viewer, most: int = 99) -> int:
    """Return how many notices the viewer has not read, counted no further than `most` + 1."""
    return int(Notice.objects.of(viewer).filter(read_at=None)[: most + 1].count())


def choices(viewer: Viewer) -> dict[str, str]:
    """Return how the viewer hears of each group of events."""
    held = choices_of([viewer.account_id])
    return {group: held.get((viewer.account_id, group), "inside") for group in GROUPS}


def choices_of(accounts: Sequence[int]) -> dict[tuple[int, str], str]:
    """Return what accounts chose, by account and group; who chose nothing is left out."""
    rows = Preference.objects.filter(account_id__in=accounts)
    return {(a, g): how for a, g, how in rows.values_list("account_id", "group", "how")}


def with_mailbox(accounts: Sequence[int]) -> frozenset[int]:
    """Return the accounts that have an e-mail address."""
    rows = Account.objects.filter(pk__in=accounts, is_active=True).exclude(email="")
    return frozenset(rows.values_list("pk", flat=True))


def mailbox(account_id: int) -> str:
    """Return an account's e-mail address, empty when there is none or it is closed."""
    rows = Account.objects.filter(pk=account_id, is_active=True)
    return rows.values_list("email", flat=True).first() or ""


def hooks_at_work(office_id: int) -> list[Webhook]:
    """Return the office's webhooks that are not paused."""
    rows = Webhook.objects.for_system("spreading events")
    return list(rows.filter(office_id=office_id, paused_at=None).order_by("id"))


def digest_lines(message: Delivery) -> list[Notice]:
    """Return the notices of a digest with their events, oldest first."""
    rows = Notice.objects.for_system("the lines of one digest").filter(digest=message)
    return list(rows.select_related("announcement").order_by("id"))


@dataclass(frozen=True, slots=True)
class Queue:
    """How full the outbox is: rows that wait, those that failed before, and since when."""

    waiting: int
    failing: int
    since: datetime | None


def queue(viewer: Viewer) -> Queue:
    """Return the state of the office's outbox: one statement a table."""
    told = [
        table.objects.of_office(viewer)
        .filter(state=WAITING)
        .aggregate(n=Count("id"), f=Count("id", filter=~Q(reason="")), since=Min("at"))
        for table in (Announcement, Delivery)
    ]
    since = [t["since"] for t in told if t["since"]]
    return Queue(
        sum(t["n"] or 0 for t in told),
        sum(t["f"] or 0 for t in told),
        min(since) if since else None,
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that waits for another try, or that nobody tries any more.

    It names the event and the record, never the words, which an administrator has no
    right to read. `table` is `event` for what could not be spread, else `message`.
    """

    table: str
    id: int
    name: str
    about: str
    receiver: str
    reason: str
    tries: int
    at: datetime
    due_at: datetime


def dead(viewer: Viewer, most: int = 100) -> list[Letter]:
    """Return the latest dead letters of the office."""
    return _letters(viewer, most, state=DEAD)


def failing(viewer: Viewer, most: int = 50) -> list[Letter]:
    """Return the messages that failed and will be tried again."""
    return _letters(viewer, most, state=WAITING)


def _letters(viewer: Viewer, most: int, state: str) -> list[Letter]:
    events = Announcement.objects.of_office(viewer).filter(state=state).exclude(reason="")
    out = Delivery.objects.of_office(viewer).filter(state=state).exclude(reason="")
    found = [
        Letter("event", e.pk, e.name, e.about, "", e.reason, e.tries, e.at, e.due_at)
        for e in events.order_by("-id")[:most]
    ]
    found += [
        Letter(
            "message",
            d.pk,
            d.announcement.name if d.announcement else "effects.digest",
            d.announcement.about if d.announcement else "",
            d.webhook.title if d.webhook else str(d.account),
            d.reason,
            d.tries,
            d.at,
            d.due_at,
        )
        for d in out.select_related("announcement", "webhook", "account").order_by("-id")[:most]
    ]
    return sorted(found, key=lambda letter: letter.at, reverse=True)[:most]


def webhooks(viewer: Viewer) -> list[Webhook]:
    """Return the office's webhooks; their addresses and secrets stay sealed."""
    return list(Webhook.objects.of_office(viewer).order_by("title", "id"))
