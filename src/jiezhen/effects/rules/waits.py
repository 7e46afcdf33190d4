"""When a delivery is tried again, and when e-mail leaves people alone."""

import hashlib
from datetime import datetime, timedelta

from jiezhen.kernel import clock, worktime

#: Seconds to wait after the first, second, … failed try; after the eighth nobody tries again.
WAITS = (5, 30, 120, 600, 1800, 7200, 21600)
TRIES = len(WAITS) + 1
#: A taken row belongs to its worker for so long; then another one takes it.
LEASE = timedelta(seconds=180)
#: After a failure the receiver's other messages wait for so long, so that one that
#: hangs does not hold up the rest.
HOLD = timedelta(seconds=60)
#: The hour at which it is too late for the day's digest.
EVENING = 18


def wait(tries: int, key: str) -> timedelta | None:
    """Return how long to wait after so many failed tries, None when it was the last.

    A fifth more or less is taken from the key, so that messages that failed together
    do not come back together.
    """
    if tries >= TRIES:
        return None
    spread = int.from_bytes(hashlib.sha256(f"{key}:{tries}".encode()).digest()[:2]) / 65535
    return timedelta(seconds=WAITS[tries - 1] * (0.8 + 0.4 * spread))


def waking(at: datetime) -> datetime:
    """Return the moment itself in working time, else when the nation's offices open next."""
    return worktime.due(at, 0, "work_hour", worktime.NATIONAL)


def digest_time(at: datetime, hour: int) -> bool:
    """Say whether the day's digest may go out now: a working day, from the hour to evening."""
    here = at.astimezone(clock.ZONE)
    working = worktime.NATIONAL.is_workday(here.date())
    return working and hour <= here.hour < max(EVENING, hour + 1)
