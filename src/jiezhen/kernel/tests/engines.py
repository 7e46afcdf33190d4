"""Running a compiled expression over rows in SQLite and PostgreSQL, as the product stores them."""

import json
import os
import random
import sqlite3
from datetime import date, timedelta

from sqlglot import exp, parse_one

from jiezhen.kernel.expressions import Column, to_dialect

COLUMNS = {
    column.name: column
    for column in (
        Column("age", "number", "年龄"),
        Column("score", "number", "分值"),
        Column("tax", "money", "税收"),
        Column("paid", "money", "已付"),
        Column("alone", "flag", "独居"),
        Column("alarm", "flag", "有报警器"),
        Column("state", "choice", "状态", {"open": "待办", "done": "已办", "shut": "已关"}),
        Column("name", "text", "名称"),
        Column("begun", "date", "开始日期"),
        Column("ended", "date", "结束日期"),
        Column("seen", "time", "到访时间"),
    )
}
_CASTS = {"number": "DOUBLE PRECISION", "money": "BIGINT", "date": "DATE"}


def trees():
    """Return for each column the tree that reads it from the stored JSON."""
    found = {}
    for name, column in COLUMNS.items():
        text = parse_one(f"data ->> '{name}'", read="postgres")
        cast = _CASTS.get(column.type)
        found[name] = exp.cast(text, cast, dialect="postgres") if cast else text
    return found


def statement(expression, dialect):
    """Return SELECT id, value FROM facts."""
    value = exp.alias_(exp.paren(expression.sql(trees())), "value")
    select = exp.select("id").select(value).from_("facts").order_by("id")
    return to_dialect(select, dialect)


def row(chance: random.Random):
    """Return one row of generated values, about a quarter of them missing."""
    day = date(2023, 1, 1)
    made = {
        "age": chance.choice([0, 1, 79, 80, 81, -3, 2.5, 0.1, 0.3, chance.randint(-100, 100)]),
        "score": chance.choice([0, 0.1, 0.2, 2.675, 1.005, -0.5, 33.333, chance.uniform(-9, 9)]),
        "tax": chance.choice([0, 1, 999999, 1000000, 1000001, chance.randint(0, 10**12)]),
        "paid": chance.choice([0, 50, 150, 1000000, chance.randint(0, 10**9)]),
        "alone": chance.choice(["yes", "no"]),
        "alarm": chance.choice(["yes", "no"]),
        "state": chance.choice(["open", "done", "shut"]),
        "name": chance.choice(["江川路", "沧源路100弄", "A_b", "a_B", "50%", "", "it's", "*[x]?"]),
        "begun": (day + timedelta(days=chance.randint(-400, 400))).isoformat(),
        "ended": (day + timedelta(days=chance.randint(-400, 400))).isoformat(),
        "seen": chance.choice(
            ["2023-06-30T18:00:00+08:00", "2023-06-30T10:00:00+00:00", "2023-07-01T00:30:00+08:00"]
        ),
    }
    return {name: value for name, value in made.items() if chance.random() > 0.25}


def sqlite(rows):
    """Return a connection that holds the rows as facts."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE facts (id INTEGER PRIMARY KEY, data TEXT)")
    connection.executemany(
        "INSERT INTO facts VALUES (?, ?)", [(n, json.dumps(r)) for n, r in enumerate(rows)]
    )
    return connection


def postgres(rows):
    """Return a connection with a temporary table, or None when no PostgreSQL answers."""
    where = os.environ.get("JIEZHEN_TEST_PG")
    if not where:
        return None
    import psycopg

    try:
        connection = psycopg.connect(where, connect_timeout=3, autocommit=True)
    except psycopg.OperationalError:
        return None
    connection.execute("CREATE TEMP TABLE facts (id INT PRIMARY KEY, data JSONB)")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO facts VALUES (%s, %s)", [(n, json.dumps(r)) for n, r in enumerate(rows)]
        )
    return connection


def plain(value, kind):
    """Return a value of any engine in one form."""
    if value is None:
        return None
    if kind == "flag":
        return bool(value)
    if kind in ("number", "money"):
        return float(value)
    return str(value)
