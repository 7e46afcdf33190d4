"""E-mail: one event, or the digest of a day."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiezhen.effects import queries
from jiezhen.effects.models import Announcement, Delivery
from jiezhen.people import masking

FOOT = "这封邮件由街镇自动发出，不用回复。收到的方式可以改：{href}"


def send(row: Delivery) -> str:
    """Send an e-mail; empty when the server took it, else the reason."""
    to = queries.mailbox(row.account_id or 0)
    if not to:
        return ""  # the account was closed or wants no mail any more: nothing to send
    if not settings.MAIL:
        return "还没有设邮件服务器（JIEZHEN_SMTP）。"
    with override("zh-hans"):
        subject, text = _digest(row) if row.channel == "digest" else _single(row)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    EmailMessage(
        subject,
        f"{text}\n\n{FOOT.format(href=settings.ADDRESS + '/notices/settings')}\n",
        to=[to],
        headers={"Message-ID": f"<{row.uid}@{domain}>", "Auto-Submitted": "auto-generated"},
    ).send()
    return ""


def said(problem: Exception) -> str:
    """Return what a mail server complains of, without addresses or numbers of persons."""
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"邮件服务器答{problem.smtp_code}。"
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return "邮件服务器不收这个邮箱。请本人在“通知方式”里核对邮箱。"
    return masking.free_text(type(problem).__name__)


def outside(event: Announcement) -> tuple[str, str]:
    """Return title and text as they may leave the house; a secret event only says that it is."""
    if event.sensitivity == "secret":
        return _("一件保密事项有新消息，请登录查看"), ""
    return event.title, event.text


def _single(row: Delivery) -> tuple[str, str]:
    event = row.announcement
    if event is None:
        raise ValueError("an e-mail without an event")
    title, text = outside(event)
    lines = [title, text, settings.ADDRESS + event.href if event.href else ""]
    return title, "\n\n".join(line for line in lines if line)


def _digest(row: Delivery) -> tuple[str, str]:
    lines = []
    for notice in queries.digest_lines(row):
        title, _text = outside(notice.announcement)
        lines.append(f"· {title}")
        if notice.announcement.href:
            lines.append(f"  {settings.ADDRESS}{notice.announcement.href}")
    count = sum(line.startswith("·") for line in lines)
    return _("今日摘要：{count}条通知").format(count=count), "\n".join(lines)
