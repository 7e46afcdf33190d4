"""Measure figures: 200 indicators × 282 units × 24 months over 300,000 records of 60 kinds.

    python bench/figures.py [--small]

Beside the one statement for each kind stands, in the same run, one statement for each indicator;
both give the same cells. Also counted: the statements of a number's page at 1,000 and at 300,000
records. SQLite always, PostgreSQL where JIEZHEN_BENCH_PG, JIEZHEN_TEST_PG or the local one answers.
"""

# ruff: noqa: T201 - a benchmark prints its table

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jiezhen.people.access import Viewer

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from bench import small, table  # noqa: E402
from bench._engines import main  # noqa: E402

KINDS, INDICATORS, MONTHS = 60, 200, 24
AREAS, COMMUNITIES, GRIDS = 9, 45, 227
SHAPES = ("matter", "activity", "entry")
FIELDS = """    fields:
      amount: {title: 金额, type: money}
      size: {title: 数量, type: number, unit: 个}
      sort: {title: 类型, type: choice, options: {a: 甲, b: 乙, c: 丙}}
      urgent: {title: 加急, type: flag}
      person: {title: 对象, type: text}
      day: {title: 日期, type: date}
"""
MEASURES = (
    "unit: 件, measure: count, where: \"sort = 'a'\"",
    "unit: 元, measure: sum, value: amount",
    "unit: 个, measure: average, value: size, where: urgent",
    'unit: 件, measure: count, where: "size >= 5 AND NOT urgent"',
    "unit: 人, measure: distinct, value: person",
    "unit: 件, measure: count",
    "unit: 个, measure: sum, value: size, where: \"sort IN ('b', 'c')\"",
    "unit: 个, measure: maximum, value: size",
)


def write_pack(folder: Path) -> None:
    """Write the pack of 60 kinds (and one more for a large page) with 200 indicators."""
    home = folder / "measured"
    home.mkdir(parents=True)
    (home / "pack.yaml").write_text(
        "pack: measured\ntitle: 测量\nsource: {document: our choice}\n", "utf-8"
    )
    lines = ["kinds:"]
    for number in range(KINDS + 1):
        shape = SHAPES[number % 3] if number < KINDS else "matter"
        lines += [
            f"  k{number}:",
            f"    title: 种类{number}",
            f"    shape: {shape}",
            f"    code: K{chr(65 + number // 26)}{chr(65 + number % 26)}",
            "    label: '{person}'",
            "    on: day",
        ]
        lines += ["    flow: plain"] if shape == "matter" else []
        lines.append(FIELDS.rstrip())
    lines += [
        "flows:",
        "  plain:",
        "    title: 流程",
        "    states:",
        "      open: {title: 在办, start: true}",
        "      done: {title: 办结, end: true}",
        "    moves:",
        "      close: {title: 办结, from: [open], to: done}",
        "indicators:",
    ]
    for number in range(INDICATORS):
        spec = MEASURES[number % len(MEASURES)]
        lines.append(
            f"  m{number}: {{title: 指标{number}甲, of: k{number % KINDS}, {spec}, theme: 测量}}"
        )
    lines.append(f"  big: {{title: 大数, of: k{KINDS}, unit: 件, measure: count, theme: 测量}}")
    (home / "kinds.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def prepare() -> tuple[Viewer, list[int]]:
    """Make the tables and the office of 282 units; return a viewer and the units' ids."""
    import django

    from jiezhen.conf.driver import use_safe_sqlite

    use_safe_sqlite()
    django.setup()
    from django.core.management import call_command

    from jiezhen.kernel import clock
    from jiezhen.people.models import Account
    from jiezhen.units import operations, queries

    call_command("migrate", run_syncdb=True, verbosity=0)
    at = datetime(2023, 1, 1, 8, tzinfo=clock.ZONE)
    viewer = operations.found_office("office", "测量街道", at)
    rows = [
        {"code": f"a{n}", "title": f"片区{n}", "level": "area", "parent": "office"}
        for n in range(AREAS)
    ]
    rows += [
        {"code": f"c{n}", "title": f"居民区{n}", "level": "community", "parent": f"a{n % AREAS}"}
        for n in range(COMMUNITIES)
    ]
    rows += [
        {"code": f"g{n}", "title": f"网格{n}", "level": "grid", "parent": f"c{n % COMMUNITIES}"}
        for n in range(GRIDS)
    ]
    operations.add_units(viewer, rows, at)
    account = Account.objects.create_user("bench", "bench-password-1", name="测量员")
    operations.post(viewer, account, "office", "section", at)
    units = queries.units_of_office(viewer.office_id)
    return viewer, [u.id for u in units if u.level == "grid"]


def first_rows(viewer: Viewer, grids: list[int], each: int) -> None:
    """Write the records of the first kind of each shape through the models."""
    from jiezhen.kernel import clock
    from jiezhen.records import shapes

    chance = random.Random(20230703)  # noqa: S311  # a fixed series of data, no secret
    start = date(2022, 1, 1)
    at = datetime(2023, 12, 31, 20, tzinfo=clock.ZONE)
    for number, shape in enumerate(SHAPES):
        model = shapes.model_of(f"measured.k{number}")
        rows = []
        for n in range(each):
            day = start + timedelta(days=chance.randrange(730))
            data = {
                "amount": chance.randrange(10**7),
                "size": chance.randrange(20),
                "sort": chance.choice("abc"),
                "urgent": chance.choice(["yes", "no"]),
                "person": f"人{chance.randrange(each // 3)}",
                "day": day.isoformat(),
            }
            more = {"state": "open", "opened_on": day} if shape == "matter" else {}
            rows.append(
                model(
                    office_id=viewer.office_id,
                    unit_id=chance.choice(grids),
                    kind=f"measured.k{number}",
                    code=f"X{n}",
                    title=data["person"],
                    on=day,
                    data=data,
                    created_at=at,
                    changed_at=at,
                    **more,
                )
            )
        model.objects.bulk_create(rows, batch_size=500)


def copied(source: str, target: str, times: int = 1) -> None:
    """Copy the records of a kind under another kind inside the database."""
    from django.db import connection

    from jiezhen.records import shapes

    model = shapes.model_of(source)
    columns = [f.column for f in model._meta.concrete_fields if not f.primary_key]
    quoted = ", ".join(f'"{c}"' for c in columns)
    with connection.cursor() as cursor:
        for turn in range(times):
            values = {"kind": "%s", "code": f"\"code\" || '-{turn}'"}
            picked = ", ".join(values.get(c, f'"{c}"') for c in columns)
            statement = f'INSERT INTO "{model._meta.db_table}" ({quoted}) SELECT {picked} FROM "{model._meta.db_table}" WHERE "kind" = %s'  # noqa: S608  # our own names
            cursor.execute(statement, [target, source])


def analyse() -> None:
    """Let the engine look at the tables, as it does by itself in daily work."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def counted() -> Iterator[list[int]]:
    """Yield a list whose one number will be that of the statements."""
    from django.db import connection

    seen = [0]

    def watch(execute: Any, *words: Any) -> Any:
        seen[0] += 1
        return execute(*words)

    with connection.execute_wrapper(watch):
        yield seen


def one_sheet(viewer: Viewer, names: list[str]) -> tuple[float, float, int, dict[str, float]]:
    """Compute all cells; return seconds, seconds until counted, statements, a sum by indicator."""
    from jiezhen.indicators import queries
    from jiezhen.indicators.facts import statement
    from jiezhen.indicators.rules.spans import span_of
    from jiezhen.kernel import clock
    from jiezhen.kernel.periods import Period

    at = datetime(2023, 12, 31, 20, tzinfo=clock.ZONE)
    months = [m for year in ("2022", "2023") for m in Period.parse(year).months][-MONTHS:]
    spans = [span_of(m) for m in months]
    statement._compiled.cache_clear()
    totals: dict[str, float] = {}
    begun = time.perf_counter()
    with counted() as seen:
        sheet = queries.sheet(viewer, names, [], months, at, compare=(), presence=False)
        inside = time.perf_counter() - begun
        for name in names:
            tally = sheet.tallies[queries.definition_of(name).kind.name]
            places = [tally.statement.buckets.places(span) for span in spans]
            totals[name] = sum(
                sum(value or 0 for value in tally.row(name, unit, places))
                for unit in sheet.frame.by_id
            )
    return time.perf_counter() - begun, inside, seen[0], totals


def sheets(viewer: Viewer) -> list[list[object]]:
    """Measure the sheet by one statement a kind, and by one a single indicator."""
    names = [f"m{n}" for n in range(INDICATORS)]
    together = one_sheet(viewer, names)
    warm = one_sheet(viewer, names)
    apart = [0.0, 0.0, 0]
    totals: dict[str, float] = {}
    for name in names:
        seconds, inside, statements, found = one_sheet(viewer, [name])
        apart = [apart[0] + seconds, apart[1] + inside, apart[2] + statements]
        totals |= found
    if any(abs(totals[n] - warm[3][n]) > 1e-6 * max(1, abs(totals[n])) for n in names):
        raise SystemExit("the two ways differ")
    cells = len(names) * (1 + AREAS + COMMUNITIES + GRIDS) * MONTHS
    return [
        [
            "one statement a kind, first",
            f"{together[0]:.2f}",
            f"{together[1]:.2f}",
            together[2],
            cells,
            "",
        ],
        ["one statement a kind, again", f"{warm[0]:.2f}", f"{warm[1]:.2f}", warm[2], cells, ""],
        [
            "one statement an indicator",
            f"{apart[0]:.2f}",
            f"{apart[1]:.2f}",
            apart[2],
            cells,
            f"{apart[0] / warm[0]:.1f} x",
        ],
    ]


def page(what: str, name: str, records: int) -> list[object]:
    """Open the page of a number as a signed-in officer; return its statements and seconds."""
    from django.test import Client

    from jiezhen.indicators import queries
    from jiezhen.kernel.periods import Period
    from jiezhen.people.models import Account
    from jiezhen.units.models import Unit

    client = Client(headers={"host": "localhost"})
    account = Account.objects.get(username="bench")
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    office = Unit.objects.for_system("bench").get(level="office")
    href = queries.link_for(name, office.pk, Period.parse("2023"))
    client.get(href)
    begun = time.perf_counter()
    with counted() as seen:
        response = client.get(href)
    seconds = time.perf_counter() - begun
    if response.status_code != 200:
        raise SystemExit(f"{href}: {response.status_code}")
    return [what, records, seen[0], f"{seconds * 1000:.0f} ms"]


def measure(engine: str) -> int:
    """Measure in this process, whose database is chosen; print the tables."""
    os.environ["JIEZHEN_NOW"] = "2023-12-31T20:00"
    begun = time.perf_counter()
    viewer, grids = prepare()
    each = 200 if small() else 5000
    few = 17 if small() else 1000 // 3
    first_rows(viewer, grids, few)
    copied("measured.k0", f"measured.k{KINDS}", 3)
    pages = [page("a number over few records", "big", 3 * few)]
    clear()
    first_rows(viewer, grids, each)
    for number in range(3, KINDS):
        copied(f"measured.k{number % 3}", f"measured.k{number}")
    copied("measured.k0", f"measured.k{KINDS}", KINDS)
    analyse()
    made = time.perf_counter() - begun
    pages.append(page("a number over one kind of many", "m0", each))
    pages.append(page("a number over all of them", "big", each * KINDS))
    heads = ["way", "seconds", "until counted", "statements", "cells", "against"]
    title = (
        f"{engine}: {INDICATORS} indicators x {1 + AREAS + COMMUNITIES + GRIDS} units x "
        f"{MONTHS} months over {each * KINDS} records of {KINDS} kinds (made in {made:.0f} s)"
    )
    print(table(title, heads, sheets(viewer)))
    print(
        table(f"{engine}: the page of a number", ["page", "records", "statements", "time"], pages)
    )
    return int(any(int(str(row[2])) > 6 for row in pages))


def clear() -> None:
    """Delete every record of the first stage."""
    from jiezhen.records import shapes

    for shape in shapes.shapes().values():
        shape.model.objects.for_system("bench").delete()


def packs(home: Path) -> dict[str, str]:
    """Put a pack of many kinds into the home."""
    write_pack(home / "packs")
    return {"JIEZHEN_PACKS": str(home / "packs")}


if __name__ == "__main__":
    raise SystemExit(main(__file__, measure, packs))
