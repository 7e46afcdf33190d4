"""What a person does with the own notices."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from jiezhen.effects.models import Notice, Preference
from jiezhen.effects.rules import GROUPS, HOWS
from jiezhen.people.access import Viewer
from jiezhen.people.models import Account
from jiezhen.trail import operations as trail


class UnableToChoose(Exception):
    """The choice cannot be kept; the message says why."""


def read_all(viewer: Viewer, at: datetime) -> int:
    """Mark the viewer's notices as read and return how many were new.

    No row of the trail: whether somebody has read is nobody else's business.
    """
    rows = Notice.objects.of(viewer).filter(read_at=None)
    return int(rows.update(read_at=at, for_digest=False))


def read_here(viewer: Viewer, href: str, at: datetime) -> int:
    """Mark the viewer's notices that lead to the page they have just opened as read.

    Return how many were new; where none was, nothing is written.
    """
    rows = Notice.objects.of(viewer).filter(read_at=None)
    here = list(rows.filter(announcement__href=href).values_list("pk", flat=True))
    return int(rows.filter(pk__in=here).update(read_at=at, for_digest=False)) if here else 0


@transaction.atomic
def choose(viewer: Viewer, email: str, hows: Mapping[str, str], at: datetime) -> None:
    """Keep how the viewer wants to hear of each group, and the address for e-mail.

    Raises:
        UnableToChoose: E-mail is wanted without an address.
    """
    chosen = {group: hows.get(group, "inside") for group in GROUPS}
    if not set(chosen.values()) <= set(HOWS):
        raise UnableToChoose("没有这种通知方式。请在列出的里面选。")
    if not email and set(chosen.values()) != {"inside"}:
        raise UnableToChoose("要收邮件，请先填邮箱。")
    Account.objects.filter(pk=viewer.account_id).update(email=email)
    for group, how in chosen.items():
        Preference.objects.update_or_create(
            account_id=viewer.account_id, group=group, defaults={"how": how}
        )
    on = f"account:{viewer.account_id}"
    trail.append(viewer, "effects.preference.changed", on, at, after=chosen)
