"""The in-process worker: seals the trail, writes its checkpoints, keeps the lights of the day.

One daemon thread in each server process. Sealing locks the chain's head and a day's lights
are unique, so several processes do not disturb each other.
"""

import logging
import threading
from datetime import date

from django.db import close_old_connections

from jiezhen.kernel import clock
from jiezhen.people.access import system_viewer
from jiezhen.plans.operations import snapshots
from jiezhen.trail import operations as trail
from jiezhen.units import queries as units

SEAL_SECONDS = 5
CHECKPOINT_ROUNDS = 120

_log = logging.getLogger(__name__)
_stop = threading.Event()


def start() -> threading.Thread:
    """Start the worker thread and return it."""
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


def _run() -> None:
    rounds = 0
    while not _stop.wait(SEAL_SECONDS):
        rounds += 1
        try:
            sealed = trail.seal()
            if rounds % CHECKPOINT_ROUNDS == 0 or (sealed and rounds == 1):
                trail.checkpoint(clock.now())
            _keep_lights()
        except Exception:  # noqa: BLE001
            # The worker must outlive a database that is away for a moment.
            _log.exception("the worker's round failed")
        finally:
            close_old_connections()
