"""What exists."""

from django.db import models

from jiezhen.records.models import Row


class Entry(Row):
    """One row is one thing, person, household, firm or document that exists.

    `on` is the first day of its validity and `until` the day after the last.
    """

    class Meta(Row.Meta):
        verbose_name = "底数"
        indexes = [
            *Row.Meta.indexes,
            models.Index(fields=["kind", "until"], name="entry_until"),
        ]
