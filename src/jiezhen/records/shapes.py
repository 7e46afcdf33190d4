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
from jiezhen.records.models import Row


def _nothing_follows(row: Row, kind: Kind) -> None:
    """Most tables have no columns that depend on the values."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A table and what its engine adds.

    `prepare` sets the engine's own columns on a new row before it is saved; `settle`
    writes what belongs beside rows that were just saved; `columns` names the engine's
    own columns as expressions know them, with their place in the table;
    `given` names the system values that an import may carry (a state, say); `follow`
    lets the engine's own columns follow when the values of a row were changed.
    """

    name: str
    title: str
    model: type[Row]
    columns: dict[str, str]
    prepare: Callable[[Row, Kind, dict[str, Any], datetime], None]
    settle: Callable[[list[Row], Kind, Any, datetime], None]
    given: tuple[str, ...] = ()
    follow: Callable[[Row, Kind], None] = _nothing_follows


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
