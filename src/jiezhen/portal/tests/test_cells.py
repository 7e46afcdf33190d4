"""Published tables: no cell of 1 to 4 about people, and none that can be worked out."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiezhen.indicators.rules.cells import LEAST, Cover, covers


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ([40, 7, 12], "40 7 12"),
        ([40, 3, 12], "40 <5 ."),
        ([40, 3, 4, 12], "40 <5 <5 12"),
        ([40, 1, 1, 12], "40 <5 <5 ."),
        ([40, 0, 12], "40 0 12"),
        ([5, 1], None),
        ([3], None),
        ([3, 50], "<5 ."),
        ([2, 2], None),
        ([3, 3], "<5 <5"),
        ([4, 4], None),
    ],
)
def test_the_table_of_the_documentation(cells: list[int], shown: str | None) -> None:
    found = covers(cells)
    words = {Cover.SMALL: "<5", Cover.WITH: "."}
    said = found and " ".join(words.get(how, str(c)) for c, how in zip(cells, found, strict=True))
    assert said == shown


def possible(cells: list[int], found: list[Cover]) -> list[set[int]]:
    """Try every value that a reader could put into the covered cells."""
    hidden = [at for at, how in enumerate(found) if how is not Cover.OPEN]
    total = sum(cells[at] for at in hidden)
    ranges = [
        range(1, LEAST) if found[at] is Cover.SMALL else range(LEAST, total + 1) for at in hidden
    ]
    fits = [values for values in product(*ranges) if sum(values) == total]
    return [set(column) for column in zip(*fits, strict=True)]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=5))
def test_no_small_cell_is_shown_and_none_can_be_worked_out(cells: list[int]) -> None:
    found = covers(cells)
    if found is None:
        return
    assert not [c for c, how in zip(cells, found, strict=True) if how is Cover.OPEN and 0 < c < 5]
    hidden = [c for c, how in zip(cells, found, strict=True) if how is not Cover.OPEN]
    if hidden:
        assert sum(hidden) >= LEAST
        assert all(len(values) > 1 for values in possible(cells, found))


@given(st.lists(st.integers(5, 10**6), max_size=40))
def test_a_table_of_large_cells_is_shown_in_full(cells: list[int]) -> None:
    assert covers(cells) == [Cover.OPEN] * len(cells)
