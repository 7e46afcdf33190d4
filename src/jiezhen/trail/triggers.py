"""Let the database itself refuse to change or delete entries and seals."""

from typing import Any

from django.db import connections

_TABLES = ("trail_entry", "trail_seal")

_SQLITE = """CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"""

_FUNCTION = """CREATE OR REPLACE FUNCTION trail_is_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$ LANGUAGE plpgsql"""
_POSTGRES = """CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION trail_is_append_only()"""


def install(sender: Any, using: str, **_more: Any) -> None:
    """Create the triggers after a migration; doing it again changes nothing."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    tables = [t for t in _TABLES if t in present]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and tables:
            cursor.execute(_FUNCTION)
        for table in tables:
            if connection.vendor == "postgresql":
                cursor.execute(_POSTGRES.format(table=table))
            else:
                for verb in ("UPDATE", "DELETE"):
                    cursor.execute(_SQLITE.format(table=table, verb=verb))
