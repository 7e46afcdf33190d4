"""Two years of records for every kind of the catalogue."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from graphlib import TopologicalSorter
from pathlib import Path
from random import Random
from typing import Any

import yaml

from jiezhen.conf.demonstration.values import Maker
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Flow, Kind
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.records.operations import Draft
from jiezhen.units import queries as units
from jiezhen.units.queries import UnitRow

_RECIPE = Path(__file__).with_name("recipe.yaml")
_DEFAULT: Mapping[str, Any] = {"a_year": 24}
_BATCH = 1000


def make(viewer: Viewer, at: datetime, random: Random) -> int:
    """Write the records of two years up to `at` and return how many."""
    recipe = yaml.safe_load(_RECIPE.read_text("utf-8"))["kinds"]
    places = [u for u in units.units_of_office(viewer.office_id) if u.level == "community"]
    links: dict[str, list[int]] = {}
    maker = Maker(random, at.date(), links)
    total = 0
    for name in _in_order():
        kind = catalogue().kinds[name]
        wanted = {**_DEFAULT, **recipe.get(name, {})}
        drafts = _drafts(kind, maker, places, wanted)
        for begin in range(0, len(drafts), _BATCH):
            rows = records.create_many(
                viewer, name, drafts[begin : begin + _BATCH], at, source="demo"
            )
            links.setdefault(name, []).extend(row.pk for row in rows)
        total += len(drafts)
    return total


def _in_order() -> list[str]:
    """Return the kinds so that a link's target comes before the link."""
    kinds = catalogue().kinds
    graph = {
        name: {str(f.to) for f in kind.fields.values() if f.type == "link" and f.to != name}
        for name, kind in kinds.items()
    }
    return [name for name in TopologicalSorter(graph).static_order() if name in kinds]


def _drafts(
    kind: Kind, maker: Maker, places: list[UnitRow], recipe: Mapping[str, Any]
) -> list[Draft]:
    days = 730
    begin = maker.today - timedelta(days=days)
    found: list[Draft] = []
    seen: set[tuple[str, ...]] = set()
    for _n in range(round(recipe["a_year"] * days / 365)):
        # A little more work in the second year, so that growth is not all chance.
        on = begin + timedelta(days=int(days * maker.random.random() ** 0.9))
        unit = maker.random.choice(places)
        values = maker.values(kind, unit, on, recipe)
        given: dict[str, Any] = {}
        if kind.shape == "matter":
            given = _course(kind, maker, on, values, recipe)
        elif kind.shape == "entry" and kind.on not in kind.fields:
            given = {"valid_from": on.isoformat()}
        elif kind.on not in kind.fields:
            given = {"on": on.isoformat()}
        key = tuple(str(values.get(k)) for k in kind.key)
        if key and key in seen:
            continue
        seen.add(key)
        found.append(Draft(unit, values, given))
    return found


def _course(
    kind: Kind, maker: Maker, opened: date, values: dict[str, Any], recipe: Mapping[str, Any]
) -> dict[str, Any]:
    """Let a matter run through its flow until today, and date what it reached."""
    flow = catalogue().flows[str(kind.flow)]
    for each in flow.states.values():
        if each.date:
            values.pop(each.date, None)
    state, on = flow.start, opened
    for _step in range(12):
        spec = flow.states[state]
        if spec.date and spec.date in kind.fields:
            values.setdefault(spec.date, on.isoformat())
        following = _next(flow, state, maker)
        later = on + timedelta(
            days=max(1, round(maker.random.expovariate(1 / recipe.get("days", 12))))
        )
        if spec.end or following is None or later > maker.today:
            break
        state, on = following, later
    due = opened + timedelta(days=recipe.get("due", 15))
    return {
        "state": state,
        "opened_on": opened.isoformat(),
        "closed_on": on.isoformat(),
        "due_on": due.isoformat(),
    }


def _next(flow: Flow, state: str, maker: Maker) -> str | None:
    """Return where a matter goes next: mostly the pack's first way, seldom another."""
    ways = [move.to for move in flow.moves.values() if state in move.from_ and move.to != state]
    if not ways:
        return None
    return ways[0] if maker.random.random() < 0.9 else maker.random.choice(ways)
