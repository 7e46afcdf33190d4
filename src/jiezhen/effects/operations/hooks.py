"""Webhooks: register, try, pause, remove; and what a try came to."""

import base64
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction

from jiezhen.effects.models import DONE, DROPPED, WAITING, Announcement, Delivery, Webhook, row_of
from jiezhen.effects.rules import Event
from jiezhen.effects.rules.addresses import Target, forbidden, is_number, target
from jiezhen.effects.rules.messages import PREFIX, SHAPES
from jiezhen.people import sealing
from jiezhen.people.access import SENSITIVITIES, Viewer
from jiezhen.trail import operations as trail

_ABOUT = "effects.webhook"
MOST = 20
#: When the messages of a paused webhook are due.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class UnableToChange(Exception):
    """The webhook cannot be registered or changed; the message says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A webhook as it is registered; `secret` is only given for DingTalk's 加签."""

    title: str
    address: str
    patterns: tuple[str, ...]
    shape: str
    sensitivity: str = "inner"
    secret: str = ""


@transaction.atomic
def add(viewer: Viewer, wanted: Wanted, at: datetime) -> tuple[Webhook, str]:
    """Register a webhook; return it and, for the shape `jiezhen`, the secret to show once.

    Raises:
        UnableToChange: The viewer may not, or the address or a word cannot be used.
    """
    _need(viewer)
    where = _checked(wanted)
    if Webhook.objects.of_office(viewer).count() >= MOST:
        raise UnableToChange(f"消息出口最多{MOST}个。请先删掉不用的。")
    secret = wanted.secret
    if wanted.shape == "jiezhen":
        secret = PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()
    hook = Webhook.objects.create(
        office_id=viewer.office_id,
        title=wanted.title,
        origin=where.origin,
        address=sealing.seal(wanted.address, _ABOUT),
        secret=sealing.seal(secret, _ABOUT) if secret else "",
        patterns=list(wanted.patterns),
        shape=wanted.shape,
        sensitivity=wanted.sensitivity,
        created_at=at,
    )
    said = {"title": hook.title, "origin": hook.origin, "patterns": hook.patterns}
    trail.append(viewer, "effects.webhook.added", f"webhook:{hook.pk}", at, after=said)
    return hook, secret if wanted.shape == "jiezhen" else ""


def _checked(wanted: Wanted) -> Target:
    where = target(wanted.address)
    if where is None or len(wanted.address) > 2000:
        raise UnableToChange("地址要以 http:// 或 https:// 开头，不带用户名，没有空格和汉字。")
    if is_number(where.host) and forbidden(where.host, loopback=settings.EFFECTS_LOOPBACK):
        raise UnableToChange("这个地址指向本机或内部管理地址，不能用。请换对方真正的地址。")
    known = wanted.shape in SHAPES and wanted.sensitivity in SENSITIVITIES
    if not known or not wanted.title.strip():
        raise UnableToChange("名称、格式和深度都要填。")
    if not wanted.patterns or any(not _plain(p) for p in wanted.patterns):
        raise UnableToChange("事件写成 matter.* 这样，一行一个，用小写字母、点和星号。")
    return where


def _plain(pattern: str) -> bool:
    return 0 < len(pattern) <= 80 and all(c in "*._" or c.islower() for c in pattern)


def _need(viewer: Viewer) -> None:
    if not viewer.may("effects.edit"):
        raise UnableToChange("没有管理消息出口的权限。需要的话，找系统管理员。")


def _mine(viewer: Viewer, hook_id: int) -> Webhook:
    _need(viewer)
    hook: Webhook | None = Webhook.objects.of_office(viewer).filter(pk=hook_id).first()
    if hook is None:
        raise UnableToChange("没有这个消息出口，可能已经删了。请刷新页面。")
    return hook


@transaction.atomic
def pause(viewer: Viewer, hook_id: int, at: datetime, *, paused: bool) -> Webhook:
    """Stop sending to a webhook, or go on.

    What was queued before waits; while it is paused nothing new is queued for it.

    Raises:
        UnableToChange: The viewer may not, or it is not there.
    """
    hook = _mine(viewer, hook_id)
    hook.paused_at = at if paused else None
    hook.save(update_fields=["paused_at"])
    queued = Delivery.objects.of_office(viewer).filter(webhook=hook, state=WAITING, lease="")
    queued.update(due_at=NEVER if paused else at)
    action = "effects.webhook.paused" if paused else "effects.webhook.resumed"
    trail.append(viewer, action, f"webhook:{hook.pk}", at)
    return hook


@transaction.atomic
def remove(viewer: Viewer, hook_id: int, at: datetime) -> None:
    """Remove a paused webhook with everything that waits for it.

    Raises:
        UnableToChange: The viewer may not, or it is not there or not paused.
    """
    hook = _mine(viewer, hook_id)
    if hook.paused_at is None:
        raise UnableToChange("请先暂停，再删除。")
    said = {"title": hook.title, "origin": hook.origin}
    trail.append(viewer, "effects.webhook.removed", f"webhook:{hook.pk}", at, before=said)
    Delivery.objects.of_office(viewer).filter(webhook=hook).delete()
    Webhook.objects.of_office(viewer).filter(pk=hook.pk).delete()


@transaction.atomic
def test(viewer: Viewer, hook_id: int, at: datetime) -> None:
    """Queue a test message to a webhook; the worker sends it within seconds.

    Raises:
        UnableToChange: The viewer may not, or it is not there.
    """
    hook = _mine(viewer, hook_id)
    mark = secrets.token_hex(16)
    event = Event(
        "effects.test",
        f"webhook:{hook.pk}",
        viewer.office_path,
        "",
        f"{viewer.office_name}的测试消息",
        f"effects.test:{mark}",
        text="收到这条消息，说明消息出口通了。",
        sensitivity="open",
    )
    row = row_of(viewer.office_id, event, at)
    row.state, row.done_at = DONE, at
    row.save()
    Delivery.objects.create(
        office_id=viewer.office_id,
        uid=f"msg_{mark}",
        key=f"{row.pk}:hook:{hook.pk}",
        channel="hook",
        at=at,
        due_at=at,
        announcement=row,
        webhook=hook,
    )
    trail.append(viewer, "effects.webhook.tested", f"webhook:{hook.pk}", at)


def opened(hook: Webhook) -> tuple[Target, str]:
    """Return a webhook's address taken apart and its secret.

    Raises:
        UnableToChange: The sealed address cannot be used; it never should come to that.
    """
    where = target(sealing.unseal(hook.address, _ABOUT))
    if where is None:
        raise UnableToChange("登记的地址不能用。请删掉后重新登记。")
    return where, sealing.unseal(hook.secret, _ABOUT) if hook.secret else ""


def heard(hook: Webhook, said: str, at: datetime) -> None:
    """Keep what the last try came to, for the page."""
    rows = Webhook.objects.for_system("what the last try came to").filter(pk=hook.pk)
    rows.update(last_at=at, last_said=said[:300])


@transaction.atomic
def settle(viewer: Viewer, table: str, row_id: int, at: datetime, *, again: bool) -> None:
    """Send a dead letter again from its first try, or drop it for good.

    Raises:
        UnableToChange: The viewer may not, or the letter is no longer there.
    """
    _need(viewer)
    model = Announcement if table == "event" else Delivery
    rows = model.objects.of_office(viewer).filter(pk=row_id, state="dead")
    changed = (
        rows.update(state=WAITING, due_at=at, tries=0, lease="", reason="")
        if again
        else rows.update(state=DROPPED, done_at=at)
    )
    if not changed:
        raise UnableToChange("这条死信已经处理过了。请刷新页面。")
    action = "effects.letter.retried" if again else "effects.letter.dropped"
    trail.append(viewer, action, f"{table}:{row_id}", at)
