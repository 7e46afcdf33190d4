"""Clear away what was delivered and read long ago.

What nobody took yet stays: messages and events that wait, dead letters, unread notices, and
everything that one of these names.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from jiezhen.effects.models import DONE, DROPPED, Announcement, Delivery, Notice
from jiezhen.trail.clearing import before, clear

#: Longer than any event is announced anew: its key keeps it from being told twice.
KEPT = timedelta(days=180)
_WHY = "clearing away"


def notices(at: datetime, most: int) -> int:
    """Clear away at most so many notices that were read long ago; return how many."""
    rows = before(Notice.objects.for_system(_WHY), at - KEPT)
    return clear(rows.filter(read_at__lt=at - KEPT), most)


def deliveries(at: datetime, most: int) -> int:
    """Clear away at most so many messages that arrived or were dropped; return how many.

    A digest stays while one of its notices does, else that one would be mailed again.
    """
    lines = _named(Notice, "digest")
    rows = before(Delivery.objects.for_system(_WHY), at - KEPT)
    return clear(_settled(rows, at).exclude(lines), most)


def announcements(at: datetime, most: int) -> int:
    """Clear away at most so many events of which nothing is left; return how many."""
    rows = before(Announcement.objects.for_system(_WHY), at - KEPT)
    told, sent = _named(Notice, "announcement"), _named(Delivery, "announcement")
    return clear(_settled(rows, at).exclude(told).exclude(sent), most)


def _settled(rows: Any, at: datetime) -> Any:
    return rows.filter(state__in=(DONE, DROPPED), done_at__lt=at - KEPT)


def _named(table: Any, column: str) -> Exists:
    return Exists(table.objects.for_system(_WHY).filter(**{column: OuterRef("pk")}))
