"""A server that is told to stop while it is still starting ends, whatever it was doing."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .server import Server

pytestmark = pytest.mark.slow
#: How often a start is cut short, each time a little later: between tables and first answer.
CUTS, STEP = 4, 0.3
#: Seconds that a server may take to end: it kills its processes after fifteen.
LONGEST = 60


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Return a server whose tables are there, so that a start takes its usual time."""
    made = Server(tmp_path)
    made.start()
    made.kill()
    yield made
    made.kill()


def test_a_start_that_is_cut_short_leaves_nothing_running(server: Server) -> None:
    began = time.monotonic()
    server.start()
    whole = time.monotonic() - began
    server.kill()
    for cut in range(CUTS):
        process = server.launch()
        time.sleep(max(0.2, whole - STEP * cut))
        process.terminate()
        process.wait(LONGEST)
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)
    server.start()
    assert server.get("/login") == 200, "and it starts again"
