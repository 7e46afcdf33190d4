"""Which table keeps which shape of record.

Each engine offers its table here when the product starts, so that the machinery below
serves tables that it does not import.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records.models import Row


def _nothing_follows(row: Row, kind: Kind) -> None:
    """Most tables have no columns that depend on the values."""


def _nothing_received(drafts: list[Any], kind: Kind, viewer: Any, at: datetime) -> None:
    """Most tables keep what they are given."""


def _as_they_are(record_id: int, kind: Kind, words: str) -> str:
    return words


def _nothing_shut(viewer: Viewer, row: Row, field: str) -> bool:
    """Files of most tables are open to whoever sees the row."""
    return False


def _nothing_left(row: Row) -> None:
    """Rows of most tables may be withdrawn whatever else there is."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A table and what its engine adds.

    `prepare` sets the engine's own columns on a new row before it is saved; `settle`
    writes what belongs beside rows that were just saved; `columns` names the engine's
    own columns as expressions know them, with their place in the table;
    `given` names the system values that an import may carry (a state, say); `follow`
    lets the engine's own columns follow when the values of a row were changed; `receive` may
    change drafts before they become rows (what is kept apart, the unit they go to); `clean` takes
    out of words about a row, given by its id, what they must not tell; `shut` says whether the
    files of a row's field stay closed to a viewer who sees the row; `leave` may refuse to let a
    row be withdrawn.
    """

    name: str
    title: str
    model: type[Row]
    columns: dict[str, str]
    prepare: Callable[[Row, Kind, dict[str, Any], datetime], None]
    settle: Callable[[list[Row], Kind, Any, datetime], None]
    given: tuple[str, ...] = ()
    follow: Callable[[Row, Kind], None] = _nothing_follows
    receive: Callable[[list[Any], Kind, Any, datetime], None] = _nothing_received
    clean: Callable[[int, Kind, str], str] = _as_they_are
    shut: Callable[[Viewer, Row, str], bool] = _nothing_shut
    leave: Callable[[Row], None] = _nothing_left


_shapes: dict[str, Shape] = {}


def offer(shape: Shape) -> None:
    """Make a table the home of its shape."""
    _shapes[shape.name] = shape


def shape_of(kind: str) -> Shape:
    """Return the shape of a kind.

    Raises:
        KeyError: No pack declares the kind.
    """
    return _shapes[catalogue().kinds[kind].shape]


def model_of(kind: str) -> type[Row]:
    """Return the table of a kind."""
    return shape_of(kind).model


def kind_of(name: str) -> Kind:
    """Return a kind's declaration."""
    return catalogue().kinds[name]


def shapes() -> dict[str, Shape]:
    """Return every offered shape by name."""
    return dict(_shapes)
