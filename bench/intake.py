"""Measure intake: cases a second through HTTP with routing, doubles, history and trail.

    python bench/intake.py [--small]

A real server (two processes) takes cases from 8 clients over kept connections; each case is found
its grid and unit, compared with likely doubles, kept with its moves, its caller and its trail row in
one transaction. Beside it, in the same run, stands the raw limit of the same machine: single rows
committed by the database driver alone. SQLite always, PostgreSQL where one answers.
"""

# ruff: noqa: T201 - a benchmark prints its table

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from bench import small, table  # noqa: E402
from bench._engines import main  # noqa: E402

CLIENTS = 8
#: Cases a second that the product promises on two cores.
MARKS = {"SQLite": 150, "PostgreSQL": 200}
WORDS = (
    "楼道堆物",
    "夜间施工噪声",
    "路灯不亮",
    "垃圾没有清",
    "占道停车",
    "下水道堵了",
    "墙面脱落",
)
GRIDS = 15


def prepare() -> str:
    """Make tables, an office with 225 grids on the map, and a machine's key; return the key."""
    import django

    from jiezhen.conf.driver import use_safe_sqlite

    use_safe_sqlite()
    django.setup()
    from django.core.management import call_command

    from jiezhen.kernel import clock
    from jiezhen.people.models import Account
    from jiezhen.units import operations

    call_command("migrate", verbosity=0)
    at = datetime(2023, 1, 1, 8, tzinfo=clock.ZONE)
    viewer = operations.found_office("office", "测量街道", at)
    rows: list[dict[str, Any]] = [
        {"code": f"c{n}", "title": f"居民区{n}", "level": "community", "parent": "office"}
        for n in range(GRIDS)
    ]
    for x in range(GRIDS):
        for y in range(GRIDS):
            west, south, side = 121.40 + x * 0.004, 31.00 + y * 0.004, 0.004
            ring = [[west, south], [west + side, south], [west + side, south + side]]
            ring += [[west, south + side], [west, south]]
            rows.append(
                {
                    "code": f"g{x}-{y}",
                    "title": f"网格{x}-{y}",
                    "level": "grid",
                    "parent": f"c{x}",
                    "polygon": {"type": "Polygon", "coordinates": [ring]},
                }
            )
    operations.add_units(viewer, rows, at)
    account = Account.objects.create_user("bench", "bench-password-1", name="热线平台")
    operations.post(viewer, account, "office", "city", at)
    return operations.issue_token(viewer, "bench", "热线平台", clock.now())


def raw_commits(engine: str, seconds: float) -> float:
    """Return single-row commits a second by the driver alone, with as many connections."""
    done = [0] * CLIENTS
    (_raw_postgres() if engine == "PostgreSQL" else _raw_sqlite())[1]()  # makes the table
    until = time.monotonic() + seconds

    def work(place: int) -> None:
        insert, close = _raw_postgres() if engine == "PostgreSQL" else _raw_sqlite()
        while time.monotonic() < until:
            insert()
            done[place] += 1
        close()

    _together(work, CLIENTS if engine == "PostgreSQL" else 1)
    return sum(done) / seconds


def _raw_sqlite() -> tuple[Any, Any]:
    import pysqlite3

    path = str(Path(os.environ["JIEZHEN_HOME"]) / "raw.sqlite3")
    link = pysqlite3.connect(path, isolation_level=None)
    link.execute("PRAGMA journal_mode=WAL")
    link.execute("PRAGMA synchronous=FULL")
    link.execute("CREATE TABLE IF NOT EXISTS raw (id INTEGER PRIMARY KEY, words TEXT)")
    return lambda: link.execute("INSERT INTO raw (words) VALUES ('x')"), link.close


def _raw_postgres() -> tuple[Any, Any]:
    import psycopg

    link = psycopg.connect(os.environ["JIEZHEN_DATABASE"], autocommit=True)
    link.execute("CREATE TABLE IF NOT EXISTS raw (id bigserial PRIMARY KEY, words text)")
    return lambda: link.execute("INSERT INTO raw (words) VALUES ('x')"), link.close


def _together(work: Any, how_many: int) -> None:
    threads = [threading.Thread(target=work, args=(n,)) for n in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def cases(
    place: int, key: str, chance: random.Random, number: int
) -> tuple[bytes, dict[str, str]]:
    """Return the body and headers of one case."""
    body = {
        "values": {
            "order_number": f"{place}-{number}",
            "subject": f"{chance.choice(WORDS)}，请处理",
            "class": chance.choice(("help", "complaint", "consult")),
            "caller": "赵铁柱",
            "phone": f"139{chance.randrange(10**8):08d}",
            "received_on": "2023-07-03",
        },
        "place": {
            "text": "松涛路",
            "lon": 121.40 + chance.random() * 0.06,
            "lat": 31.00 + chance.random() * 0.06,
        },
    }
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        "Idempotency-Key": f"{place}-{number}",
    }
    return json.dumps(body).encode(), headers


def take_in(port: int, key: str, seconds: float, first: int = 0) -> list[float]:
    """Send cases for some seconds and return how long each took, in seconds.

    Raises:
        RuntimeError: An answer was not 201.
    """
    took: list[list[float]] = [[] for _n in range(CLIENTS)]
    wrong: list[str] = []
    until = time.monotonic() + seconds

    def work(place: int) -> None:
        chance = random.Random(place)  # noqa: S311  # a fixed series of data, no secret
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        number = first
        while time.monotonic() < until and not wrong:
            body, headers = cases(place, key, chance, number)
            start = time.perf_counter()
            link.request("POST", "/api/matters/hotline.case", body, headers)
            answer = link.getresponse()
            said = answer.read()
            if answer.status != 201:
                wrong.append(said.decode()[:300])
                return
            took[place].append(time.perf_counter() - start)
            number += 1
        link.close()

    _together(work, CLIENTS)
    if wrong:
        raise RuntimeError(wrong[0])
    return sorted(t for some in took for t in some)


def measure(engine: str) -> int:
    """Measure one engine; return 1 when it took in fewer cases than promised."""
    key = prepare()
    from jiezhen.conf.worker import count_values

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(  # noqa: S603  # our own server
        [
            str(Path(sys.executable).with_name("granian")),
            *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers"),
            *("--no-ws", "--backpressure", "64", "--log-level", "error"),
            "jiezhen.conf.wsgi:application",
        ],
        env={**os.environ, "JIEZHEN_NOW": "2023-07-03T09:00:00+08:00"},
    )
    try:
        _wait(port)
        seconds = 2.0 if small() else 12.0
        take_in(port, key, 1.0)
        # What the worker does each minute; a server with a worker would disturb the measure.
        count_values()
        if engine == "PostgreSQL":
            _analyze()
        raw = raw_commits(engine, 2.0)
        times = take_in(port, key, seconds, first=10**6)
    finally:
        server.terminate()
        server.wait(20)
    rate = len(times) / seconds
    row = [
        engine,
        f"{rate:.0f}",
        MARKS[engine],
        f"{times[len(times) // 2] * 1000:.0f}",
        f"{times[int(len(times) * 0.99)] * 1000:.0f}",
        f"{raw:.0f}",
        f"{raw / rate:.1f}",
    ]
    heads = ["engine", "cases/s", "mark", "p50 ms", "p99 ms", "raw commits/s", "raw ÷ cases"]
    print(table(f"intake, {CLIENTS} clients, 2 processes", heads, [row]))
    return int(rate < MARKS[engine] and not small())


def _analyze() -> None:
    """Let PostgreSQL count how values spread, as its autovacuum does a minute after a table grew."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            link.request("GET", "/login")
            link.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not come up")


if __name__ == "__main__":
    raise SystemExit(main(__file__, measure))
