"""Run the statement of a kind, and roll its long rows up over units and time."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import connection

from jiezhen.indicators.facts.statement import Slot, Statement
from jiezhen.indicators.rules.spans import Span
from jiezhen.indicators.rules.units import Reach
from jiezhen.kernel.expressions.dialects import Dialect

#: unit → place of the bucket → number; a missing place holds nothing.
Grid = dict[int, list[float | None]]
#: unit → place of the bucket → (value, rows with it).
Lists = dict[int, dict[int, list[tuple[Any, int]]]]
#: Where a value is bound; a doubled sign is a literal one.
_PLACE = re.compile(r"(?<!%)%\(p")
#: The half-open range of buckets that makes a span.
Places = tuple[int, int]

DIALECTS: dict[str, Dialect] = {"sqlite": "sqlite", "postgresql": "postgres"}


def dialect() -> Dialect:
    """Return the dialect of the database in use."""
    return DIALECTS[connection.vendor]


@dataclass(frozen=True, slots=True)
class Cell:
    """What was counted for one indicator, unit and span.

    `rows` counts the records; `value` is the bare result as the engine gave it, None where
    nothing can be said (an average of nothing).
    """

    rows: int
    value: float | int | None


@dataclass(slots=True)
class Tally:
    """The result of one statement, rolled up over units as it is asked for."""

    statement: Statement
    reach: Reach
    grids: dict[tuple[int, int], Grid] = field(default_factory=dict)
    lists: dict[int, Lists] = field(default_factory=dict)
    presence: dict[int, tuple[str, int]] = field(default_factory=dict)
    left: dict[int, dict[str, int]] = field(default_factory=dict)
    _rolled: dict[tuple[int, int], Grid] = field(default_factory=dict)
    _rolled_lists: dict[int, Lists] = field(default_factory=dict)

    def cell(self, name: str, unit: int, span: Span) -> Cell:
        """Return what was counted for an indicator in a unit over a span of whole buckets."""
        slot = self.statement.slots[name]
        places = self.statement.buckets.places(span)
        return _READERS.get(slot.measure, _additive)(self, slot, unit, places)

    def row(self, name: str, unit: int, places: list[tuple[int, int]]) -> list[float | None]:
        """Return the bare values of an indicator in a unit over many spans of places.

        The fast way for large sheets; `Buckets.places` gives the places of a span. An average
        comes as its sum; `cell` has the number of rows beside it.
        """
        slot = self.statement.slots[name]
        single = all(until - first == 1 for first, until in places)
        fast = _ROWS.get(slot.measure) if single else None
        if fast is not None:
            return fast(self, slot, unit, [first for first, _until in places])
        read = _READERS.get(slot.measure, _additive)
        return [read(self, slot, unit, pair).value for pair in places]

    def vector(self, branch: int, place: int, unit: int) -> list[float | None]:
        """Return a column for a unit and all that counts for it, one number a bucket."""
        key = (branch, place)
        if key not in self._rolled:
            self._rolled[key] = self._roll(key)
        return self._rolled[key].get(unit) or []

    def join(self, key: tuple[int, int]) -> Callable[[float | None, float | None], float | None]:
        """Return how two numbers of a column become one: their sum, or an extreme."""
        return _JOINS.get(self._kind_of(key), _plus)

    def _roll(self, key: tuple[int, int]) -> Grid:
        join = self.join(key)
        rolled: Grid = {}
        for unit, vector in self.grids.get(key, {}).items():
            for above in self.reach.above.get(unit, (unit,)):
                known = rolled.get(above)
                rolled[above] = vector if known is None else list(map(join, known, vector))
        return rolled

    def _kind_of(self, key: tuple[int, int]) -> str:
        return type(self.statement.branches[key[0]].values[key[1]]).__name__

    def listed(self, branch: int, unit: int, places: Places) -> dict[Any, int]:
        """Return the values of a distinct count or percentile with how often each occurs."""
        first, until = places
        found: dict[Any, int] = defaultdict(int)
        for place, values in self.rolled_lists(branch).get(unit, {}).items():
            if first <= place < until:
                for value, rows in values:
                    found[value] += rows
        return found

    def rolled_lists(self, branch: int) -> Lists:
        """Return the values of a branch by unit and all that counts for it."""
        if branch not in self._rolled_lists:
            self._rolled_lists[branch] = self._roll_lists(branch)
        return self._rolled_lists[branch]

    def _roll_lists(self, branch: int) -> Lists:
        rolled: Lists = {}
        for unit, places in self.lists.get(branch, {}).items():
            for above in self.reach.above.get(unit, (unit,)):
                held = rolled.setdefault(above, {})
                for place, values in places.items():
                    held.setdefault(place, []).extend(values)
        return rolled

    def since(self, unit: int) -> tuple[date | None, int]:
        """Return the earliest main date of the unit's records, and how many records it has."""
        earliest, rows = "", 0
        for below in self.reach.below(unit):
            day, some = self.presence.get(below, ("", 0))
            rows += some
            earliest = min(filter(None, (earliest, day)), default="")
        return (date.fromisoformat(earliest[:10]) if earliest else None), rows

    def left_out(self, unit: int) -> dict[str, int]:
        """Return how many records of the unit were left out, by the code of the reason."""
        found: dict[str, int] = defaultdict(int)
        for below in self.reach.below(unit):
            for code, rows in self.left.get(below, {}).items():
                found[code] += rows
        return dict(found)


def run(statement: Statement, reach: Reach) -> Tally:
    """Run a statement and return its tally: one round trip."""
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.values)
        return _tallied(statement, reach, cursor.fetchall())


def run_together(statements: Sequence[Statement], reach: Reach) -> list[Tally]:
    """Run the statements of several kinds in one round trip and return their tallies in order.

    Each keeps its own text; they are joined as parts of one UNION ALL, padded to one width,
    with their values renamed so that none meets another's.
    """
    if len(statements) == 1:
        return [run(statements[0], reach)]
    width = max(_width(s) for s in statements)
    parts: list[str] = []
    values: dict[str, Any] = {}
    for number, statement in enumerate(statements):
        padding = ", CAST(NULL AS DOUBLE PRECISION)" * (width - _width(statement))
        renamed = _PLACE.sub(f"%(k{number}p", statement.sql)
        parts.append(f"SELECT {number}, s.*{padding} FROM ({renamed}) AS s")  # noqa: S608
        values |= {f"k{number}{name}": value for name, value in statement.values.items()}
    rows: list[list[Any]] = [[] for _ in statements]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        for row in cursor.fetchall():
            rows[row[0]].append(row[1:])
    return [_tallied(s, reach, some) for s, some in zip(statements, rows, strict=True)]


def _width(statement: Statement) -> int:
    return max(len(branch.values) for branch in statement.branches)


def _tallied(statement: Statement, reach: Reach, rows: Iterable[Any]) -> Tally:
    tally = Tally(statement, reach)
    readers = [_INTAKES.get(branch.mode, _take_grid) for branch in statement.branches]
    places: dict[str, int] = {}
    for row in rows:
        label = row[2] or ""
        place = places.get(label)
        if place is None and statement.branches[row[0]].mode not in ("presence", "left"):
            place = places[label] = statement.buckets.place(label)
        readers[row[0]](tally, row, place or 0)
    return tally


def _take_grid(tally: Tally, row: Any, place: int) -> None:
    size = len(tally.statement.buckets)
    branch, unit = row[0], row[1]
    for column in range(len(tally.statement.branches[branch].values)):
        value = row[4 + column]
        if value is None:
            continue
        grid = tally.grids.setdefault((branch, column), {})
        vector = grid.get(unit)
        if vector is None:
            vector = grid[unit] = [None] * size
        vector[place] = value


def _take_key(tally: Tally, row: Any, place: int) -> None:
    held = tally.lists.setdefault(row[0], {}).setdefault(row[1], {})
    held.setdefault(place, []).append((row[3], int(row[4])))


def _take_value(tally: Tally, row: Any, place: int) -> None:
    held = tally.lists.setdefault(row[0], {}).setdefault(row[1], {})
    held.setdefault(place, []).append((row[4], int(row[5])))


def _take_presence(tally: Tally, row: Any, _place: int) -> None:
    tally.presence[row[1]] = (row[2] or "", int(row[4]))


def _take_left(tally: Tally, row: Any, _place: int) -> None:
    tally.left.setdefault(row[1], {})[row[3]] = int(row[4])


_INTAKES = {
    "distinct": _take_key,
    "percentile": _take_value,
    "presence": _take_presence,
    "left": _take_left,
}


def _plus(a: float | None, b: float | None) -> float | None:
    if a is None:
        return b
    return a if b is None else a + b


def _least(a: float | None, b: float | None) -> float | None:
    return b if a is None else a if b is None else min(a, b)


def _most(a: float | None, b: float | None) -> float | None:
    return b if a is None else a if b is None else max(a, b)


_JOINS = {"Min": _least, "Max": _most}


def _sum(vector: list[float | None], first: int, until: int) -> float:
    return sum(v for v in vector[first:until] if v is not None)


def _additive(tally: Tally, slot: Slot, unit: int, places: Places) -> Cell:
    first, until = places
    rows = int(_sum(tally.vector(slot.branch, slot.rows, unit), first, until))
    if slot.measure == "count":
        return Cell(rows, rows)
    vector = tally.vector(slot.branch, slot.value, unit)[first:until]
    known = [v for v in vector if v is not None]
    if slot.measure in ("minimum", "maximum"):
        return Cell(rows, (min if slot.measure == "minimum" else max)(known, default=None))
    return Cell(rows, sum(known))


def _stock(tally: Tally, slot: Slot, unit: int, places: Places) -> Cell:
    _first, until = places
    begun = _sum(tally.vector(slot.branch, slot.rows, unit), 0, until)
    gone = _sum(tally.vector(slot.ends, slot.value, unit), 0, until)
    return Cell(int(begun - gone), int(begun - gone))


def _distinct(tally: Tally, slot: Slot, unit: int, places: Places) -> Cell:
    found = tally.listed(slot.branch, unit, places)
    return Cell(sum(found.values()), len(found))


def percentile(found: Mapping[float, int], at: float) -> float | None:
    """Return the smallest value up to which at least the share `at` of the rows lies."""
    wanted = Fraction(str(at)) * sum(found.values())
    seen = 0
    for value in sorted(found):
        seen += found[value]
        if seen >= wanted:
            return value
    return None


def _percentile(tally: Tally, slot: Slot, unit: int, places: Places) -> Cell:
    found = tally.listed(slot.branch, unit, places)
    return Cell(sum(found.values()), percentile(found, slot.at))


_READERS = {"stock": _stock, "distinct": _distinct, "percentile": _percentile}


def _row_of_sums(tally: Tally, slot: Slot, unit: int, places: list[int]) -> list[float | None]:
    column = slot.rows if slot.measure == "count" else slot.value
    vector = tally.vector(slot.branch, column, unit)
    return [vector[place] or 0 for place in places] if vector else [0] * len(places)


def _row_of_values(tally: Tally, slot: Slot, unit: int, places: list[int]) -> list[float | None]:
    vector = tally.vector(slot.branch, slot.value, unit)
    return [vector[place] for place in places] if vector else [None] * len(places)


def _row_of_distinct(tally: Tally, slot: Slot, unit: int, places: list[int]) -> list[float | None]:
    held = tally.rolled_lists(slot.branch).get(unit, {})
    return [len({key for key, _rows in held.get(place, ())}) for place in places]


#: How a row of single buckets is read without a detour over cells.
_ROWS = {
    "count": _row_of_sums,
    "sum": _row_of_sums,
    "average": _row_of_sums,
    "minimum": _row_of_values,
    "maximum": _row_of_values,
    "distinct": _row_of_distinct,
}
