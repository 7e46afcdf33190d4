"""What is cleared away, once a day. How long it is kept, each room says beside its rows."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session

from jiezhen.effects.operations import clearing as effects
from jiezhen.kernel import clock
from jiezhen.portal.operations import knocks
from jiezhen.trail import once
from jiezhen.trail.clearing import clear

#: Rows of one statement, and seconds between two: others write in between.
BATCH, PAUSE = 2000, 0.1
#: Who signed in, or tried to, is kept for half a year: 网络安全法 asks for six months of such logs.
SIGN_INS = timedelta(days=184)


def _sessions(at: datetime, most: int) -> int:
    return clear(Session.objects.filter(expire_date__lt=at), most)


def _attempts(at: datetime, most: int) -> int:
    return clear(AccessAttempt.objects.filter(attempt_time__lt=at - SIGN_INS), most)


def _sign_ins(at: datetime, most: int) -> int:
    return clear(AccessLog.objects.filter(attempt_time__lt=at - SIGN_INS), most)


#: In this order, because notices name messages and both name events.
ROOMS: tuple[Callable[[datetime, int], int], ...] = (
    once.forget,
    effects.notices,
    effects.deliveries,
    effects.announcements,
    knocks.forget,
    _sessions,
    _attempts,
    _sign_ins,
)

_done: set[date] = set()


def daily(at: datetime, wait: Callable[[float], object]) -> int:
    """Clear away what is past its time, once a day in this process; return how many rows.

    `wait` pauses between two batches; when it says yes, the rest is left to another day.
    """
    day = clock.day_of(at)
    if day in _done:
        return 0
    _done.clear()
    _done.add(day)
    cleared = 0
    for forget in ROOMS:
        while some := forget(at, BATCH):
            cleared += some
            if wait(PAUSE):
                return cleared
            if some < BATCH:
                break
    return cleared
