"""Insert rows by a statement whose text is made once for a table.

Each write of an office appends to three or more tables. `bulk_create` puts the text of its
statement together anew each time, which for a single row costs more than the insert itself.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, connection, models, transaction

#: Rows a statement; forty columns of each stay under the parameters that SQLite takes.
BATCH = 500


@lru_cache(maxsize=64)
def _plan(model: type[models.Model], vendor: str) -> tuple[list[Any], str, str, str]:
    """Return the fields, the head of the statement, one row of it, and its end."""
    meta, quote = model._meta, connection.ops.quote_name
    fields = [f for f in meta.local_concrete_fields if f is not meta.auto_field]
    columns = ", ".join(quote(str(f.column)) for f in fields)
    head = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES "  # noqa: S608  # our tables
    row = "(" + ", ".join(["%s"] * len(fields)) + ")"
    end = f" RETURNING {quote(str(meta.auto_field.column))}" if meta.auto_field else ""
    return fields, head, row, end


def insert_new(rows: Sequence[models.Model]) -> bool:
    """Insert rows unless one with a key of theirs is there, all or none; say whether they are in.

    The transaction stays whole. A single row needs no way back inside it for that, which is two
    statements fewer.
    """
    if len(rows) == 1:
        return _insert(rows, " ON CONFLICT DO NOTHING") == 1
    try:
        with transaction.atomic():
            insert(rows)
    except IntegrityError:
        return False
    return True


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model and give them their ids; none is looked up and no signal is sent.

    Values are plain: no expressions. The caller holds the transaction.

    Raises:
        IntegrityError: The database refuses a row.
    """
    _insert(rows, "")


def _insert(rows: Sequence[models.Model], unless: str) -> int:
    """Insert rows and return how many it were."""
    done = 0
    for first in range(0, len(rows), BATCH):
        some = rows[first : first + BATCH]
        fields, head, row, end = _plan(type(some[0]), connection.vendor)
        values = [
            field.get_db_prep_save(field.pre_save(one, True), connection)
            for one in some
            for field in fields
        ]
        with connection.cursor() as cursor:
            cursor.execute(head + ", ".join([row] * len(some)) + unless + end, values)
            if end:
                ids = [told[0] for told in cursor.fetchall()]
            else:
                ids = [one.pk for one in some[: cursor.rowcount]]
        for one, key in zip(some, ids, strict=not unless):
            one.pk = key
            one._state.adding, one._state.db = False, connection.alias
        done += len(ids)
    return done
