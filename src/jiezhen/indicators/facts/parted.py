"""Run the statement of a kind that is divided by a column, and keep a tally for each part.

The whole is added up from the same rows, so that parts and whole never disagree.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from jiezhen.indicators.facts.statement import Statement
from jiezhen.indicators.facts.tally import Tally
from jiezhen.indicators.rules.units import Reach

#: Where the value that divides stands in a row.
_SPLIT = 4


@dataclass(slots=True)
class Parted:
    """What was counted of a kind: all of it, and each part by its key."""

    whole: Tally
    parts: dict[str, Tally] = field(default_factory=dict)

    def part(self, key: str) -> Tally:
        """Return the tally of a part; an empty one where nothing was counted.

        Whether there are records of the kind at all is told of the whole.
        """
        if key not in self.parts:
            whole = self.whole
            self.parts[key] = Tally(whole.statement, whole.reach, presence=whole.presence)
        return self.parts[key]


def run(statement: Statement, reach: Reach, key_of: Callable[[str], str]) -> Parted:
    """Run a divided statement and return its tallies: one round trip.

    Args:
        statement: Compiled with a split.
        reach: For which units the records of each count.
        key_of: The part to which a value belongs; an empty text stands for no value.
    """
    found = Parted(Tally(statement, reach))
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.values)
        for given in cursor.fetchall():
            row = (*given[:_SPLIT], *given[_SPLIT + 1 :])
            mode = statement.branches[row[0]].mode
            if mode == "presence":
                found.whole.presence[row[1]] = (row[2] or "", int(row[4]))
                continue
            for tally in (found.whole, found.part(key_of(given[_SPLIT] or ""))):
                _ADD.get(mode, _add_sums)(tally, row)
    return found


def _add_sums(tally: Tally, row: Any) -> None:
    place, size = tally.statement.buckets.place(row[2] or ""), len(tally.statement.buckets)
    for column in range(len(tally.statement.branches[row[0]].values)):
        value = row[_SPLIT + column]
        if value is None:
            continue
        vector = tally.grids.setdefault((row[0], column), {}).setdefault(row[1], [None] * size)
        vector[place] = tally.join((row[0], column))(vector[place], value)


def _add_key(tally: Tally, row: Any) -> None:
    _add_value(tally, row, row[3], row[4])


def _add_number(tally: Tally, row: Any) -> None:
    _add_value(tally, row, row[4], row[5])


def _add_value(tally: Tally, row: Any, value: Any, rows: float) -> None:
    place = tally.statement.buckets.place(row[2] or "")
    held = tally.lists.setdefault(row[0], {}).setdefault(row[1], {})
    held.setdefault(place, []).append((value, int(rows)))


def _add_left(tally: Tally, row: Any) -> None:
    held = tally.left.setdefault(row[1], {})
    held[row[3]] = held.get(row[3], 0) + int(row[4])


_ADD = {"distinct": _add_key, "percentile": _add_number, "left": _add_left}
