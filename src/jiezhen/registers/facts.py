"""Offers the table of entries to the machinery of records and to figures."""

from datetime import datetime
from typing import Any

from django.db import transaction

from jiezhen.kernel import clock
from jiezhen.kernel.kept import Kept
from jiezhen.packs.schema import Kind
from jiezhen.records import shapes
from jiezhen.records.models import Row
from jiezhen.registers.models import Entry
from jiezhen.registers.rules.book import Book

#: The address registers that are in memory, by office; `queries.places` reads them.
BOOKS: Kept[int, Book] = Kept()


def offer() -> None:
    """Make `Entry` the home of entries."""
    shapes.offer(
        shapes.Shape(
            name="entry",
            title="底数",
            model=Entry,
            columns={"valid_from": "on", "valid_until": "until"},
            prepare=_prepare,
            settle=_settle,
            given=("code", "valid_from", "valid_until"),
            follow=_follow,
        )
    )


def _prepare(row: Row, kind: Kind, given: dict[str, Any], at: datetime) -> None:
    row.on = clock.as_day(given.get("valid_from"))
    row.until = clock.as_day(given.get("valid_until"))


def _settle(rows: list[Row], kind: Kind, viewer: Any, at: datetime) -> None:
    for office in {r.office_id for r in rows}:
        forget(office, kind)


def _follow(row: Row, kind: Kind) -> None:
    forget(row.office_id, kind)


def forget(office_id: int, kind: Kind) -> None:
    """Drop the address register of an office, now and when the change is kept."""
    if kind.locates:
        BOOKS.forget(office_id)
        transaction.on_commit(lambda: BOOKS.forget(office_id))
