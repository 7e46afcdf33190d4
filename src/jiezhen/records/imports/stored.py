"""How a staged row lies in the database: sealed when the kind knows id numbers.

Before a column is matched nobody knows which cell holds an id number, so all cells of
such a kind are sealed together. What was imported is emptied; only faulty rows stay.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from jiezhen.packs.schema import Kind
from jiezhen.records import sealing


@dataclass(slots=True)
class Values:
    """What a row means once it was checked.

    `plain` are field values, `given` system values, `unit` the unit's id, `key` the
    natural key, `like` marks for finding similar rows, `record` and `version` the
    record that the row changes, `other` the one it may double, `differ` what changes.
    """

    unit: int = 0
    plain: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    like: list[str] = field(default_factory=list)
    title: str = ""
    record: int = 0
    version: int = 0
    other: dict[str, Any] = field(default_factory=dict)
    differ: list[str] = field(default_factory=list)


def secret(kind: Kind) -> bool:
    """Say whether rows of the kind are sealed while they wait."""
    return any(f.type == "id_number" for f in kind.fields.values())


def cells_of(kind: Kind, cells: list[Any]) -> dict[str, Any]:
    """Return cells as they are stored."""
    simple = [_simple(c) for c in cells]
    return _sealed(kind, simple) if secret(kind) else {"cells": simple}


def open_cells(kind: Kind, stored: Mapping[str, Any]) -> list[Any]:
    """Return stored cells: text and numbers."""
    found: list[Any] = _opened(kind, stored) if "sealed" in stored else stored.get("cells", [])
    return found


def values_of(kind: Kind, values: Values) -> dict[str, Any]:
    """Return checked values as they are stored; keys and marks stay readable for queries."""
    told = {name: getattr(values, name) for name in Values.__slots__}
    if secret(kind):
        told["plain"] = _sealed(kind, told["plain"])
    return told


def open_values(kind: Kind, stored: Mapping[str, Any]) -> Values:
    """Return stored values."""
    told = dict(stored)
    if "sealed" in told.get("plain", {}):
        told["plain"] = _opened(kind, told["plain"])
    return Values(**told)


def _sealed(kind: Kind, what: object) -> dict[str, Any]:
    text = json.dumps(what, ensure_ascii=False, separators=(",", ":"))
    return {"sealed": sealing.seal(text, f"import.{kind.name}")}


def _opened(kind: Kind, stored: Mapping[str, Any]) -> Any:  # noqa: ANN401  # what JSON gives
    return json.loads(sealing.unseal(stored["sealed"], f"import.{kind.name}"))


def _simple(cell: object) -> object:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return cell
