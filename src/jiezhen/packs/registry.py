"""The catalogue that is in force: everything that the loaded packs declare, checked together."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

from jiezhen.packs import checks
from jiezhen.packs.errors import BadPacks, PackError
from jiezhen.packs.flows import Flow
from jiezhen.packs.loader import Loaded, load_pack, pack_folders
from jiezhen.packs.schema import Indicator, Kind, Pack, Role, Statistic
from jiezhen.packs.tables import Calendar, Route, Routes, Score

BUILT_IN = Path(__file__).parent / "catalogue"
ENTRY_POINTS = "jiezhen.packs"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All declarations by name: kinds and flows by full name (lifts.lift), the rest globally.

    `folders` leads from a pack to its folder, `demo` to its demonstration recipe.
    """

    packs: Mapping[str, Pack]
    kinds: Mapping[str, Kind]
    flows: Mapping[str, Flow]
    indicators: Mapping[str, Indicator]
    statistics: Mapping[str, Statistic]
    roles: Mapping[str, Role]
    calendars: Mapping[str, Calendar]
    routes: Mapping[str, Routes]
    scores: Mapping[str, Score]
    demo: Mapping[str, Mapping[str, Any]]
    folders: Mapping[str, Path]

    def kinds_of(self, shape: str) -> list[Kind]:
        """Return the kinds of one shape, in the order of the packs."""
        return [kind for kind in self.kinds.values() if kind.shape == shape]

    def routes_of(self, kind: str) -> list[tuple[Routes, Route]]:
        """Return every row of the tables of routes of a kind, those of later packs first."""
        tables = [table for table in self.routes.values() if table.of == kind]
        return [(table, row) for table in reversed(tables) for row in table.rows]


def folders() -> list[Path]:
    """Return where packs are looked for: the shipped ones, JIEZHEN_PACKS, installed packages."""
    found = [BUILT_IN]
    extra = os.environ.get("JIEZHEN_PACKS", "")
    found += [Path(part).expanduser() for part in extra.split(os.pathsep) if part.strip()]
    for point in entry_points(group=ENTRY_POINTS):
        spec = find_spec(point.value)
        if spec is not None:
            found += [Path(place) for place in spec.submodule_search_locations or ()]
    return found


def examine(places: Iterable[Path]) -> Loaded:
    """Return what the folders declare together with everything that is wrong with it."""
    loaded = Loaded()
    try:
        for folder in pack_folders(list(places)):
            load_pack(folder, loaded)
    except PackError as problem:
        loaded.problems.append(problem)
    checks.check(loaded)
    loaded.problems.sort(key=lambda p: (str(p.file or ""), p.line))
    return loaded


def load(places: Iterable[Path]) -> Catalogue:
    """Return the catalogue of these folders.

    Args:
        places: Pack folders, or folders that hold pack folders.

    Raises:
        BadPacks: Something is wrong; `problems` lists it all.
    """
    loaded = examine(places)
    if loaded.problems:
        raise BadPacks(loaded.problems)
    return Catalogue(
        packs=loaded.packs,
        kinds=loaded.kinds,
        flows=loaded.flows,
        indicators=loaded.indicators,
        statistics=loaded.statistics,
        roles=loaded.roles,
        calendars=loaded.calendars,
        routes=loaded.routes,
        scores=loaded.scores,
        demo=loaded.demo,
        folders=loaded.folders,
    )


_lock = Lock()
_current: Catalogue | None = None


def catalogue() -> Catalogue:
    """Return the catalogue in force; it is loaded once.

    Raises:
        BadPacks: The packs cannot be loaded.
    """
    if _current is not None:
        return _current
    with _lock:
        return _current if _current is not None else _load_current()


def reload() -> Catalogue:
    """Load the packs anew and put them in force; when that fails, the old ones stay.

    Raises:
        BadPacks: The packs cannot be loaded.
    """
    with _lock:
        return _load_current()


def _load_current() -> Catalogue:
    global _current
    _current = load(folders())
    return _current
