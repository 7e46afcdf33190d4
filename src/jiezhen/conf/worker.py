"""The in-process worker: seals the trail and writes its checkpoints.

One daemon thread in each server process. Sealing locks the chain's head, so several
processes do not disturb each other.
"""

import logging
import threading

from django.db import close_old_connections

from jiezhen.kernel import clock
from jiezhen.trail import operations as trail

SEAL_SECONDS = 5
CHECKPOINT_ROUNDS = 120

_log = logging.getLogger(__name__)
_stop = threading.Event()


def start() -> threading.Thread:
    """Start the worker thread and return it."""
    thread = threading.Thread(target=_run, name="jiezhen-worker", daemon=True)
    thread.start()
    return thread


def _run() -> None:
    rounds = 0
    while not _stop.wait(SEAL_SECONDS):
        rounds += 1
        try:
            sealed = trail.seal()
            if rounds % CHECKPOINT_ROUNDS == 0 or (sealed and rounds == 1):
                trail.checkpoint(clock.now())
        except Exception:  # noqa: BLE001
            # The worker must outlive a database that is away for a moment.
            _log.exception("the worker's round failed")
        finally:
            close_old_connections()
