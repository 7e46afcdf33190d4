"""Build the demonstration office once; building it again changes nothing."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from jiezhen.conf.demonstration import office, public, records, texts
from jiezhen.kernel import clock
from jiezhen.trail import operations as trail
from jiezhen.units import queries as units

_SEED = 20230703


def build(*, anew: bool = False) -> Iterator[str]:
    """Build the office and say what was done, line by line.

    Shape: sentences for the terminal. With `anew` an SQLite database and its files are
    thrown away first; a PostgreSQL database is never emptied.
    """
    if anew and connection.vendor == "sqlite":
        _throw_away()
    if units.offices():
        yield "演示街道已经建好。"
        return
    at = clock.now()
    random = Random(_SEED)  # noqa: S311  # chance, not secrecy
    viewer = office.found(at - timedelta(days=730), random)
    yield "云岫街道（虚构）：单元和用户建好了。"
    count = records.make(viewer, at, random)
    yield f"两年的记录：{count}条。"
    yield from texts.add(viewer, at)
    public.publish(viewer, at)
    yield "公众门户：电话、计划和一份报告已公布。"
    trail.seal()
    trail.checkpoint(at)


def _throw_away() -> None:
    connection.close()
    name = str(settings.DATABASES["default"]["NAME"])
    for end in ("", "-wal", "-shm"):
        Path(name + end).unlink(missing_ok=True)
    shutil.rmtree(settings.FILES, ignore_errors=True)
    shutil.rmtree(settings.WITNESS, ignore_errors=True)
    call_command("migrate", verbosity=0, interactive=False)
