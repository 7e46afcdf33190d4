"""The list of tasks under its filters, all of which stand in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext_noop

from jiezhen.people.access import Viewer
from jiezhen.plans.queries import board
from jiezhen.plans.queries.board import Board, TaskRow
from jiezhen.plans.rules import lights

#: What may be asked for 期限, with its title.
DUES: dict[str, str] = {
    "late": gettext_noop("已过期"),
    "month": gettext_noop("本月到期"),
    "quarter": gettext_noop("90天内"),
    "year": gettext_noop("今年内"),
    "later": gettext_noop("明年以后"),
}


@dataclass(frozen=True, slots=True)
class Query:
    """What an address asks of the list; blanks ask for nothing."""

    lamp: str = ""
    lead: str = ""
    source: str = ""
    due: str = ""
    mine: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Query":
        """Return what an address asks; names and values that mean nothing are left out."""
        lamp, due = given.get("lamp", ""), given.get("due", "")
        return cls(
            lamp=lamp if lamp in lights.COLOURS else "",
            lead=given.get("lead", "")[:40],
            source=given.get("from", "")[:20],
            due=due if due in DUES else "",
            mine="1" if given.get("mine") == "1" else "",
        )

    def address(self, **changed: str) -> str:
        """Return the query string with some filters changed; empty ones are left out."""
        told = {
            "lamp": self.lamp,
            "lead": self.lead,
            "from": self.source,
            "due": self.due,
            "mine": self.mine,
            **changed,
        }
        return urlencode({k: v for k, v in told.items() if v})

    def keeps(self, row: TaskRow, today: date, *, lamp: bool = True) -> bool:
        """Say whether a row belongs to the list."""
        return (
            (not lamp or not self.lamp or row.light.colour == self.lamp)
            and (not self.lead or row.lead_code == self.lead)
            and (not self.source or self.source == str(row.document_id or "own"))
            and (not self.due or _due(self.due, row, today))
        )


def _due(word: str, row: TaskRow, today: date) -> bool:
    match word:
        case "late":
            return row.due_on < today and row.state == "open"
        case "month":
            return (row.due_on.year, row.due_on.month) == (today.year, today.month)
        case "quarter":
            return today <= row.due_on <= today + timedelta(days=90)
        case "later":
            return row.due_on.year > today.year
    return row.due_on.year == today.year


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows under all filters; `pool` are those under all but the light, for its counts."""

    query: Query
    rows: tuple[TaskRow, ...]
    pool: tuple[TaskRow, ...]
    board: Board

    def count(self, colour: str) -> int:
        """Return how many rows of the pool show a colour; every one for a blank."""
        return sum(1 for r in self.pool if not colour or r.light.colour == colour)

    @property
    def leads(self) -> list[tuple[str, str]]:
        """Return the lead units that occur, by code and title."""
        return sorted({(r.lead_code, r.lead) for r in self.board.rows})

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Return the documents that occur, by id and title; own for tasks without one."""
        return sorted({(str(r.document_id or "own"), r.source) for r in self.board.rows})


def listing(viewer: Viewer, query: Query, at: datetime) -> Listing:
    """Return the tasks under a query, red first. Statements as `board`."""
    found = board.board(viewer, at)
    rows = found.rows
    if query.mine:
        rows = tuple(board.my_tasks(viewer, at, found))
    pool = tuple(r for r in rows if query.keeps(r, found.today, lamp=False))
    return Listing(query, tuple(r for r in pool if query.keeps(r, found.today)), pool, found)
