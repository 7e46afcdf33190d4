"""What must hold before the product serves: said at start-up when it does not."""

import sqlite3
from typing import Any

from django.core import checks
from django.db import connection

from jiezhen.conf import driver, options
from jiezhen.kernel import clock
from jiezhen.kernel.worktime import NATIONAL, PACKAGE


@checks.register(checks.Tags.database)
def sqlite_is_safe(app_configs: Any, databases: Any = None, **_more: Any) -> list[Any]:
    """Refuse an SQLite that can damage its file."""
    if connection.vendor != "sqlite" or sqlite3.sqlite_version_info >= driver.SAFE:
        return []
    hint = "装上 pysqlite3（pip install pysqlite3），或设 JIEZHEN_ANY_SQLITE=yes 冒险启动。"
    said = f"SQLite {sqlite3.sqlite_version} 低于3.51.3，并发时可能损坏数据库。"
    kind = checks.Warning if options.yes("JIEZHEN_ANY_SQLITE") else checks.Error
    return [
        kind(said + f" (SQLite {sqlite3.sqlite_version} < 3.51.3)", hint=hint, id="jiezhen.E1")
    ]


@checks.register(checks.Tags.database)
def database_is_durable(app_configs: Any, databases: Any = None, **_more: Any) -> list[Any]:
    """See that a confirmed save outlives a power cut."""
    if not databases:
        return []
    wanted = (
        {"journal_mode": ("wal", "memory"), "synchronous": ("2",), "foreign_keys": ("1",)}
        if connection.vendor == "sqlite"
        else {"fsync": ("on",), "full_page_writes": ("on",), "synchronous_commit": ("on",)}
    )
    found = []
    ask = "PRAGMA {}" if connection.vendor == "sqlite" else "SHOW {}"
    with connection.cursor() as cursor:
        for name, allowed in wanted.items():
            cursor.execute(ask.format(name))
            value = str(cursor.fetchone()[0])
            if value not in allowed:
                said = f"数据库设置 {name}={value}，应为 {allowed[0]}：断电可能丢数据。"
                found.append(checks.Error(said, id="jiezhen.E2"))
    return found


@checks.register()
def holidays_are_known(app_configs: Any, **_more: Any) -> list[Any]:
    """Ask for next year's public holidays in good time: deadlines are reckoned by them."""
    if not NATIONAL.runs_out(clock.today()):
        return []
    last = NATIONAL.known_until()
    said = (
        f"节假日只知道到{last.year}年{last.month}月{last.day}日，以后的放假和调休不会算进时限。"
        f" (Public holidays are known until {last}; later deadlines know only weekends.)"
    )
    hint = (
        f"国务院公布下一年放假安排后，升级 {PACKAGE}（pip install --upgrade {PACKAGE}），再重新启动。"
        f" (Upgrade the package {PACKAGE} and start again.)"
    )
    return [checks.Warning(said, hint=hint, id="jiezhen.W1")]


@checks.register(checks.Tags.security, deploy=True)
def production_is_safe(app_configs: Any, **_more: Any) -> list[Any]:
    """Refuse demonstration accounts and debugging in production."""
    if options.yes("JIEZHEN_DEMO") or options.yes("JIEZHEN_DEBUG"):
        return [checks.Error("正式运行不能开 JIEZHEN_DEMO 或 JIEZHEN_DEBUG。", id="jiezhen.E3")]
    return []
