"""Choose the SQLite library before anything imports it.

SQLite before 3.51.3 can damage a database in WAL mode when two processes
checkpoint at once. Where the system's library is older, `pysqlite3` brings its
own; it must take the name `sqlite3` before Django loads its backend.
"""

import importlib
import sqlite3
import sys

SAFE = (3, 51, 3)


def use_safe_sqlite() -> str:
    """Put a safe SQLite under the name `sqlite3` and return its version.

    Returns the system's version unchanged when it is new enough or when no
    other is installed; `conf.checks` then says so at start-up.
    """
    if sqlite3.sqlite_version_info < SAFE:
        try:
            newer = importlib.import_module("pysqlite3")
        except ImportError:
            return sqlite3.sqlite_version
        sys.modules["sqlite3"] = newer
        sys.modules["sqlite3.dbapi2"] = importlib.import_module("pysqlite3.dbapi2")
        return str(newer.sqlite_version)
    return sqlite3.sqlite_version
