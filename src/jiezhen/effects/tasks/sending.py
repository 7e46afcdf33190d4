"""Send one message, and say in words what went wrong."""

import logging
import smtplib
from datetime import datetime

from django.conf import settings
from django.core.mail import BadHeaderError

from jiezhen.effects.models import Delivery
from jiezhen.effects.operations import hooks
from jiezhen.effects.rules import messages
from jiezhen.effects.tasks import mail, posting

#: What a webhook's page says of a message that arrived.
ARRIVED = "送到了"

_log = logging.getLogger(__name__)


def send(row: Delivery, at: datetime) -> str:
    """Send a message; empty when it arrived, else the reason."""
    try:
        return _hook(row, at) if row.channel == "hook" else mail.send(row)
    except (smtplib.SMTPException, OSError, BadHeaderError) as problem:
        return f"邮件发不出去：{mail.said(problem)}"
    except Exception as problem:  # noqa: BLE001
        # Whatever breaks here must not stop the round: the message waits, then is laid down.
        _log.exception("message %s cannot be sent", row.uid)
        return f"发送出错：{type(problem).__name__}"


def _hook(row: Delivery, at: datetime) -> str:
    hook = row.webhook
    if hook is None or row.announcement is None:
        return "消息出口已经没有了。"
    event = row.announcement.event
    address, secret = hooks.opened(hook)
    content = messages.body(hook.shape, event, row.uid, row.at, settings.ADDRESS + event.href)
    head = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Jiezhen"}
    path = address.path
    if hook.shape == "jiezhen":
        head |= messages.headers(secret, row.uid, at, content)
    elif hook.shape == "dingtalk":
        path = messages.signed_path(path, secret, at)
    answer = posting.post(address, path, head, content, loopback=settings.EFFECTS_LOOPBACK)
    trouble = answer.trouble or messages.trouble(hook.shape, answer.status, answer.body)
    hooks.heard(hook, trouble or ARRIVED, at)
    return trouble
