"""Run a benchmark on SQLite and, where one answers, on PostgreSQL; each in a process of its own."""

# ruff: noqa: T201 - a benchmark prints its table

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"


Further = Callable[[Path], dict[str, str]]


def main(file: str, measure: Callable[[str], int], further: Further | None = None) -> int:
    """Measure on both engines, or on the one that this process was started for.

    `further` puts into the home what a benchmark needs and returns more of the environment.
    """
    if "--small" in sys.argv:
        os.environ["JIEZHEN_BENCH"] = "small"
    engine = os.environ.get("JIEZHEN_ENGINE")
    if engine:
        return measure(engine)
    return child(file, "SQLite", "", further) | on_postgres(file, further)


def child(file: str, engine: str, url: str, further: Further | None) -> int:
    """Measure one engine in a process and a folder of its own."""
    home = tempfile.mkdtemp(prefix="jiezhen-bench-")
    environment = dict(os.environ)
    environment |= {
        "JIEZHEN_ENGINE": engine,
        "JIEZHEN_HOME": home,
        "JIEZHEN_DATABASE": url,
        "JIEZHEN_HOSTS": "127.0.0.1,localhost,testserver",
        "DJANGO_SETTINGS_MODULE": "jiezhen.conf.settings",
    }
    environment |= further(Path(home)) if further else {}
    try:
        command = [sys.executable, file]
        return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603
    finally:
        shutil.rmtree(home, ignore_errors=True)


def on_postgres(file: str, further: Further | None) -> int:
    """Measure in a database of its own that is dropped behind; say so when none answers."""
    url = os.environ.get("JIEZHEN_BENCH_PG") or os.environ.get("JIEZHEN_TEST_PG") or LOCAL
    name = f"jiezhen_bench_{os.getpid()}"
    try:
        import psycopg

        with psycopg.connect(url, autocommit=True, connect_timeout=3) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    except Exception as problem:  # noqa: BLE001  # whatever is missing, SQLite was measured
        print(f"PostgreSQL: not measured ({type(problem).__name__})")
        return 0
    try:
        return child(file, "PostgreSQL", f"{url.rsplit('/', 1)[0]}/{name}", further)
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]
