"""Measure the queue: a page of 100 rows at 50,000 and at 1,000,000 cases, page 1 and page 400.

    python bench/queues.py [--small]

Each page is asked for as an ordinary person of the operations centre and as somebody of one grid,
through the whole product (session, viewer, page), and its statements are counted. Nine of ten cases
are closed, as in an office that has run for years. SQLite always, PostgreSQL where one answers.
"""

# ruff: noqa: T201 - a benchmark prints its table

from __future__ import annotations

import os
import re
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from bench import small, table  # noqa: E402
from bench._engines import main  # noqa: E402

SMALL, LARGE = 50_000, 1_000_000
#: A page of the large table may cost so many times that of the small one, at the median.
WITHIN = 1.5
STATEMENTS = 6
NOW = "2023-07-03T09:00:00+08:00"
TABS = ("overdue", "today", "dispatch", "todo", "closed", "all")
TURNS = 15


def fill(first: int, until: int, office: int, units: list[int], engine: str) -> None:
    """Write cases straight into the table; their number decides what they are."""
    from django.db import connection

    now = datetime.fromisoformat(NOW)
    kept = f"(SELECT {units[0]} + (n % {len(units)}))"
    opened = _moment(engine, now, "n % 900 + 1")
    due = _moment(engine, now, "(n / 10) % 40 - 20")
    closed = "n % 10 <> 0"
    columns = {
        "office_id": str(office),
        "unit_id": kept,
        "grid_id": kept,
        "kind": "'hotline.case'",
        "code": "'RX-2023-' || n",
        "title": "'楼道堆物 ' || n",
        '"on"': f"DATE({opened})",
        "data": "'{}'",
        "natural_key": "''",
        "version": "1",
        "source": "'bench'",
        "created_at": opened,
        "created_by_id": "0",
        "changed_at": opened,
        "state": f"CASE WHEN {closed} THEN 'closed' ELSE 'received' END",
        "opened_on": f"DATE({opened})",
        "closed_on": f"CASE WHEN {closed} THEN DATE({opened}) END",
        "entered": "'{}'",
        "cell": "''",
        "waits": f"CASE WHEN {closed} THEN '' WHEN n % 20 = 0 THEN 'dispatch' ELSE '' END",
        "timers": "'{}'",
        "due_at": f"CASE WHEN {closed} THEN NULL ELSE {due} END",
        "warn_at": f"CASE WHEN {closed} THEN NULL ELSE {due} END",
        "due_timer": "''",
        "returns": "0",
        "extended": "0",
        "handler_id": "0",
        "subjects": "'[]'",
        "receipt": "''",
    }
    numbers = (
        f"generate_series({first}, {until - 1}) AS s(n)"
        if engine == "PostgreSQL"
        else f"(WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s"
        f" WHERE n < {until - 1}) SELECT n FROM s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO matters_matter ({', '.join(columns)})"  # noqa: S608  # our own text
            f" SELECT {', '.join(columns.values())} FROM {numbers}"
        )
        cursor.execute("ANALYZE matters_matter")


def _moment(engine: str, now: datetime, days: str) -> str:
    """Return an expression for a moment so many days before now."""
    if engine == "PostgreSQL":
        return f"(timestamptz '{now.isoformat()}' - ({days}) * interval '1 day')"
    utc = (now - timedelta(hours=8)).strftime("%Y-%m-%d %H:%M:%S")
    return f"datetime('{utc}', '-' || ({days}) || ' days')"


def ask(client: Any, path: str) -> tuple[float, int]:
    """Return the median time of a page in milliseconds, and its statements."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    took: list[float] = []
    count = 0
    for turn in range(TURNS + 2):
        with CaptureQueriesContext(connection) as context:
            start = time.perf_counter()
            answer = client.get(path)
            took.append(time.perf_counter() - start)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        count = len(context)
        if turn < 2:
            took.clear()
    return sorted(took)[len(took) // 2] * 1000, count


def deep(client: Any, path: str, pages: int) -> str:
    """Return the address of a page far down, by following the links as a person would."""
    for _page in range(pages):
        said = client.get(path).content.decode()
        found = re.search(r'rel="next" href="(\?[^"]*)"', said)
        if not found:
            break
        path = "/matters" + found[1].replace("&amp;", "&")
    return path


def people() -> tuple[int, list[int], dict[str, Any]]:
    """Make the office; return its id, its grids, and browsers of the centre and of one grid."""
    from bench import intake

    intake.prepare()
    from django.test import Client

    from jiezhen.kernel import clock
    from jiezhen.people.access import system_viewer
    from jiezhen.people.models import Account
    from jiezhen.units import operations
    from jiezhen.units import queries as units

    tree = units.tree(units.offices()[0].id, clock.now())
    office = tree.office
    local = Account.objects.create_user("local", "bench-password-1", name="网格员")
    machine = system_viewer(office.id, office.path, "bench")
    operations.post(machine, local, "g3-3", "grid", clock.now())
    clients = {}
    for who, name in (("centre", "bench"), ("grid", "local")):
        clients[who] = Client()
        clients[who].force_login(
            Account.objects.get(username=name),
            backend="django.contrib.auth.backends.ModelBackend",
        )
    return office.id, sorted(u.id for u in tree.units if u.level == "grid"), clients


def measure(engine: str) -> int:
    """Measure one engine; return 1 when a page costs too much or asks too often."""
    os.environ["JIEZHEN_NOW"] = NOW
    office, grids, clients = people()
    sizes = (2_000, 20_000) if small() else (SMALL, LARGE)
    far = 10 if small() else 400
    found: dict[str, list[float]] = {}
    most, filled = 0, 0
    for size in sizes:
        fill(filled + 1, size + 1, office, grids, engine)
        filled = size
        pages = [
            (f"{who}: {tab}", c, f"/matters?tab={tab}&n=100")
            for who, c in clients.items()
            for tab in TABS
        ]
        centre = clients["centre"]
        pages.append(
            (f"centre: all, page {far}", centre, deep(centre, "/matters?tab=all&n=100", far))
        )
        for name, client, path in pages:
            took, count = ask(client, path)
            found.setdefault(name, []).append(took)
            most = max(most, count)
    rows = [[name, f"{a:.1f}", f"{b:.1f}", f"{b / a:.2f}"] for name, (a, b) in found.items()]
    heads = ["page of 100", f"{sizes[0]:,} p50 ms", f"{sizes[1]:,} p50 ms", "ratio"]
    print(table(f"queue on {engine}, at most {most} statements", heads, rows))
    slow = any(b / a > WITHIN for a, b in found.values())
    return int((slow or most > STATEMENTS) and not small())


if __name__ == "__main__":
    raise SystemExit(main(__file__, measure))
