"""Workers of the outbox are killed while they work: nothing is lost, nothing is shown twice."""

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from jiezhen.effects.rules.waits import LEASE
from jiezhen.effects.tests.receivers import Receiver, receiver

SCRIPT = Path(__file__).parent / "outbox.py"
pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("JIEZHEN_KILLS", "5"))
BEHIND_A_LEASE = int(LEASE.total_seconds()) + 20


class Office:
    """One home with its outbox, and the workers that run on it."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def start(self, *words: object) -> "subprocess.Popen[bytes]":
        own = {k: v for k, v in os.environ.items() if not k.startswith(("JIEZHEN", "DJANGO"))}
        return subprocess.Popen(
            [sys.executable, str(SCRIPT), *map(str, words)],
            env=own | {"JIEZHEN_HOME": str(self.home)},
        )

    def run(self, *words: object) -> None:
        assert self.start(*words).wait(timeout=120) == 0

    def ask(self, sql: str) -> list[Any]:
        with sqlite3.connect(self.home / "jiezhen.sqlite3") as base:
            return base.execute(sql).fetchall()


def soon(true: Any) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def arrived(there: Receiver) -> Counter[str]:
    return Counter(got.headers["webhook-id"] for got in there.got)


def test_a_worker_killed_between_sending_and_marking_sends_the_same_again(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path)
    with receiver() as there:
        office.run("prepare", there.address, 1)
        there.answers = ["hang", 200]
        worker = office.start("work", 0)
        soon(lambda: there.got)  # it is sent, and not marked yet
        worker.kill()
        worker.wait()
        office.run("work", 0)  # the lease still holds: nobody else takes it
        assert len(there.got) == 1
        office.run("work", BEHIND_A_LEASE)
        assert list(arrived(there).values()) == [2]
        assert len({got.body for got in there.got}) == 1
    assert office.ask("SELECT state, tries FROM effects_delivery") == [("done", 2)]
    assert office.ask("SELECT count(*) FROM effects_notice") == [(1,)]


def test_many_kills_lose_nothing_and_show_nothing_twice(tmp_path: Path) -> None:
    count, chance, at = 200, random.Random(7), 0
    office = Office(tmp_path)
    with receiver() as there:
        office.run("prepare", there.address, count)
        for _kill in range(KILLS):
            begun = len(there.got)
            workers = [office.start("work", at) for _ in range(2)]
            soon(lambda: len(there.got) > begun or all(w.poll() is not None for w in workers))  # noqa: B023
            time.sleep(chance.uniform(0, 0.3))
            for worker in workers:
                worker.kill()
                worker.wait()
            at += BEHIND_A_LEASE
        office.run("work", at)
        met = arrived(there)
    assert len(met) == count
    assert office.ask("SELECT count(*), count(DISTINCT announcement_id) FROM effects_notice") == [
        (count, count)
    ]
    assert office.ask("SELECT state, count(*) FROM effects_delivery GROUP BY state") == [
        ("done", count)
    ]
    # Sent twice only what was under way when its worker died.
    assert sum(met.values()) - count <= KILLS * 2
