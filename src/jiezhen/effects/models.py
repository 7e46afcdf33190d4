"""The outbox: what was announced, and each message that follows from it."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from jiezhen.effects.rules import Event
from jiezhen.people.access import Viewer
from jiezhen.people.scoping import ScopedQuerySet

WAITING, DONE, DEAD, DROPPED = "waiting", "done", "dead", "dropped"


class OfficeRows(ScopedQuerySet[Any]):
    """Rows of an office that its administrators see, or that the worker works through."""

    def of_office(self, viewer: Viewer) -> Self:
        """Keep the rows of the viewer's office; nobody without the right has any."""
        if not viewer.may("effects.edit"):
            return self.none()
        clone = self.filter(office_id=viewer.office_id)
        clone._scoped = True
        return clone


class OwnRows(ScopedQuerySet[Any]):
    """Rows that belong to one person; nobody reads another's."""

    def of(self, viewer: Viewer) -> Self:
        """Keep the viewer's own rows in this office."""
        clone = self.filter(office_id=viewer.office_id, account_id=viewer.account_id)
        clone._scoped = True
        return clone


class Leased(models.Model):
    """A row that workers take for a while: `due_at` is when the next one may take it.

    Taking it writes a fresh `lease` and pushes `due_at` behind the lease's end. Whoever
    comes back with an older lease has lost the row.
    """

    state = models.CharField(max_length=10, default=WAITING)
    due_at = models.DateTimeField()
    lease = models.CharField(max_length=16, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def _waiting(table: str) -> list[models.Index]:
    return [
        models.Index(
            fields=["due_at", "id"], condition=Q(state=WAITING), name=f"effects_{table}_due"
        ),
        models.Index(
            fields=["office_id", "-id"], condition=Q(state=DEAD), name=f"effects_{table}_dead"
        ),
    ]


class Announcement(Leased):
    """One row is one event that was announced in the transaction of its deed."""

    office_id = models.BigIntegerField()
    key = models.CharField(max_length=160)
    at = models.DateTimeField()
    name = models.CharField(max_length=80)
    about = models.CharField(max_length=160)
    unit_path = models.CharField(max_length=200)
    kind = models.CharField(max_length=80)
    sensitivity = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    text = models.TextField(default="")
    href = models.CharField(max_length=300, default="")
    data = models.JSONField(default=dict)
    to = models.JSONField(default=list)
    by = models.BigIntegerField(default=0)

    objects: Any = OfficeRows.as_manager()

    class Meta:
        verbose_name = "事件"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office_id", "key"], name="effects_event_once")
        ]
        indexes: ClassVar = _waiting("event")

    def __str__(self) -> str:
        return f"{self.name} {self.about}"

    @property
    def event(self) -> Event:
        """Return the event as it was announced."""
        return Event(
            name=self.name,
            about=self.about,
            unit_path=self.unit_path,
            kind=self.kind,
            title=self.title,
            key=self.key,
            text=self.text,
            href=self.href,
            data=self.data,
            sensitivity=self.sensitivity,
            to=tuple(self.to),
            by=self.by,
        )


class Webhook(models.Model):
    """One row is one address outside to which an office sends its events.

    The address and the secret lie sealed: the path of a robot's address is its key.
    """

    office_id = models.BigIntegerField(db_index=True)
    title = models.CharField("名称", max_length=100)
    origin = models.CharField("地址", max_length=200)
    address = models.TextField()
    secret = models.TextField(default="")
    patterns = models.JSONField("事件", default=list)
    shape = models.CharField("格式", max_length=10)
    sensitivity = models.CharField("深到", max_length=10)
    created_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    last_said = models.CharField(max_length=300, default="")

    objects: Any = OfficeRows.as_manager()

    class Meta:
        verbose_name = "消息出口"

    def __str__(self) -> str:
        return self.title


class Delivery(Leased):
    """One row is one message to one receiver outside; `uid` stays the same in every try."""

    office_id = models.BigIntegerField()
    uid = models.CharField(max_length=40, unique=True)
    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=10)  # mail, digest, hook
    at = models.DateTimeField()
    announcement = models.ForeignKey(Announcement, models.CASCADE, null=True, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    webhook = models.ForeignKey(Webhook, models.CASCADE, null=True, related_name="deliveries")

    objects: Any = OfficeRows.as_manager()

    class Meta:
        verbose_name = "投递"
        indexes: ClassVar = _waiting("out")

    def __str__(self) -> str:
        return f"{self.channel} {self.uid}"


class Notice(models.Model):
    """One row is one event shown to one person. Only that person learns whether it was read."""

    office_id = models.BigIntegerField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # Waits for the day's e-mail, which then is named.
    for_digest = models.BooleanField(default=False)
    digest = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="notices")

    objects: Any = OwnRows.as_manager()

    class Meta:
        verbose_name = "通知"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["announcement", "account"], name="effects_notice_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-id"], name="effects_notice_own"),
            models.Index(
                fields=["account", "-id"],
                condition=Q(read_at=None),
                name="effects_notice_unread",
            ),
            models.Index(
                fields=["account"],
                condition=Q(for_digest=True, digest=None),
                name="effects_notice_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.announcement_id}"


class Preference(models.Model):
    """One row is how one person wants to hear of one group of events."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    group = models.CharField(max_length=20)
    how = models.CharField(max_length=10)

    class Meta:
        verbose_name = "通知方式"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "group"], name="effects_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.group} {self.how}"


def row_of(office_id: int, event: Event, at: datetime) -> Announcement:
    """Return an event as a row of the outbox."""
    return Announcement(
        office_id=office_id,
        due_at=at,
        at=at,
        **{name: getattr(event, name) for name in Event.__slots__ if name not in {"to", "data"}},
        to=list(event.to),
        data=dict(event.data),
    )
