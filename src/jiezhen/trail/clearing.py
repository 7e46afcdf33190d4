"""Clear away rows that nobody needs any more, a few at a time.

Only what serves the machine is cleared (kept answers, the outbox, counters). The trail itself is
not, and the database refuses it.
"""

from typing import Any

from django.db import connection, transaction


def clear(rows: Any, most: int) -> int:
    """Delete at most so many of these rows and return how many it were.

    Rows are found without a lock and deleted by their keys in a short transaction. Rows that
    another process is deleting are left to it. What else names a row is not looked up: the
    condition has to leave such rows out, or the database refuses.
    """
    chosen = list(rows.values_list("pk", flat=True)[:most])
    if not chosen:
        return 0
    with transaction.atomic():
        some = rows.order_by("pk").filter(pk__in=chosen)
        if connection.features.has_select_for_update_skip_locked:
            held = some.select_for_update(skip_locked=True, of=("self",))
            some = rows.filter(pk__in=list(held.values_list("pk", flat=True)))
        return int(some.order_by()._raw_delete(some.db) or 0)


def before(rows: Any, moment: Any) -> Any:
    """Return the rows that stand before the first one of this moment, by their numbers.

    Rows are numbered in the order of their `at`, or nearly so. Thus an old row is found by
    walking from the first number to the first young row, without an index of times.
    """
    young = rows.filter(at__gte=moment).order_by("pk").values_list("pk", flat=True).first()
    return (rows if young is None else rows.filter(pk__lt=young)).order_by("pk")
