"""The in-process worker: what the machine does without being asked.

It seals the trail, writes its checkpoints, keeps the lights of the day, throws away photos that
were never sent, lets SQLite count how values spread, delivers what was announced, learns from what
was decided, and clears old rows away. Three daemon threads in each server process, because a
receiver outside, or a long training, may keep one waiting.
Sealing locks the chain's head, a day's lights are unique, messages are leased and rows that another
process clears away are left to it, so several processes do not disturb each other.
"""

import logging
import threading
from datetime import date

from django.db import close_old_connections, connection, transaction

from jiezhen.conf import clearing
from jiezhen.effects import tasks as effects
from jiezhen.kernel import clock
from jiezhen.matters import tasks as matters
from jiezhen.people.access import system_viewer
from jiezhen.plans.operations import snapshots
from jiezhen.portal.operations.waiting import throw_away
from jiezhen.trail import operations as trail
from jiezhen.units import queries as units

SEAL_SECONDS = 5
CHECKPOINT_ROUNDS = 120
CLEAR_ROUNDS = 60
COUNT_ROUNDS = 12
DELIVER_SECONDS = 2
LEARN_SECONDS = 60

_log = logging.getLogger(__name__)
_stop = threading.Event()


def start() -> threading.Thread:
    """Start the worker's threads and return the one that seals."""
    threading.Thread(target=_run_effects, name="jiezhen-effects", daemon=True).start()
    threading.Thread(target=_run_learning, name="jiezhen-learning", daemon=True).start()
    thread = threading.Thread(target=_run, name="jiezhen-worker", daemon=True)
    thread.start()
    return thread


_kept: set[tuple[int, date]] = set()


def _keep_lights() -> None:
    """Keep the lights of each office once a day, so that 本周变化 can be told."""
    at = clock.now()
    for office in units.offices():
        day = (office.id, clock.day_of(at))
        if day not in _kept:
            snapshots.snapshot(system_viewer(office.id, office.path, office.title), at)
            _kept.add(day)


def count_values() -> None:
    """Let SQLite count how values spread in tables that grew, so that it takes the right index.

    Without that it believes that an office has ten matters. PostgreSQL does so by itself.
    """
    if connection.vendor != "sqlite":
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # 2: do it; 16: read only some rows; 65536: all tables, not only those just used.
        cursor.execute("PRAGMA optimize(0x10012)")


def _run() -> None:
    rounds = 0
    while not _stop.wait(SEAL_SECONDS):
        rounds += 1
        try:
            sealed = trail.seal()
            if rounds % CHECKPOINT_ROUNDS == 0 or (sealed and rounds == 1):
                trail.checkpoint(clock.now())
            if rounds % CLEAR_ROUNDS == 0:
                throw_away(clock.now())
            if rounds % COUNT_ROUNDS == 0:
                count_values()
            _keep_lights()
        except Exception:  # noqa: BLE001
            # The worker must outlive a database that is away for a moment.
            _log.exception("the worker's round failed")
        finally:
            close_old_connections()


def _run_effects() -> None:
    while not _stop.wait(DELIVER_SECONDS):
        try:
            while matters.tell(clock.now()) and not _stop.is_set():
                pass
            matters.remind(clock.now())
            # A full round means that more waits: go on without a pause.
            while effects.deliver(clock.now()) and not _stop.is_set():
                pass
        except Exception:  # noqa: BLE001
            _log.exception("the round of effects failed")
        finally:
            close_old_connections()


def _run_learning() -> None:
    while not _stop.wait(LEARN_SECONDS):
        try:
            clearing.daily(clock.now(), _stop.wait)
            matters.learn(clock.now())
        except Exception:  # noqa: BLE001
            _log.exception("the round of clearing and learning failed")
        finally:
            close_old_connections()
