"""Which cells of a published table stay covered, so that nobody can be singled out or worked out.

Words: a *cell* is a count of people; *small* is 1 to 4 (nought names nobody). The total stands beside the
cells, so a single covered cell could be found by subtraction: others are covered with it until nothing can be.
Source: SAFETY.md, threat 12; docs/algorithms/small-cells.md.
"""

from collections.abc import Sequence
from enum import Enum

#: Counts below this are not published about people.
LEAST = 5


class Cover(Enum):
    """How a cell is shown."""

    OPEN = "open"
    SMALL = "small"
    WITH = "with"


def small(count: int | float) -> bool:
    """Say whether a count is too small to be published: 1 to 4."""
    return 0 < count < LEAST


def covers(cells: Sequence[int]) -> list[Cover] | None:
    """Return how each cell of a table with its total is shown; None: only the total may be shown.

    Guarantee: with the total, the open cells and the words of the covered ones («少于5» and «不公开»,
    the latter at least 5), every covered cell may hold two values or more, and the covered cells
    together are at least 5.
    """
    found = [Cover.SMALL if small(c) else Cover.OPEN for c in cells]
    if Cover.SMALL not in found:
        return found
    spare = sorted((c, at) for at, c in enumerate(cells) if found[at] is Cover.OPEN and c)
    for _count, at in [(0, -1), *spare]:
        if at >= 0:
            found[at] = Cover.WITH
        if _safe(cells, found):
            return found
    return None


def _safe(cells: Sequence[int], found: Sequence[Cover]) -> bool:
    covered = [(c, how) for c, how in zip(cells, found, strict=True) if how is not Cover.OPEN]
    total = sum(c for c, _how in covered)
    if total < LEAST:
        return False
    bounds = [_bounds(how, total) for _c, how in covered]
    least, most = sum(b[0] for b in bounds), sum(b[1] for b in bounds)
    for low, high in bounds:
        from_, until = max(low, total - (most - high)), min(high, total - (least - low))
        if until <= from_:
            return False
    return True


def _bounds(how: Cover, total: int) -> tuple[int, int]:
    """Return what a reader knows of a covered cell by its words alone."""
    return (1, LEAST - 1) if how is Cover.SMALL else (LEAST, total)
