"""Two years of records for every kind of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from graphlib import TopologicalSorter
from pathlib import Path
from random import Random
from typing import Any

import yaml
from shapely.geometry import shape

from jiezhen.conf.demonstration.values import Maker
from jiezhen.kernel.expressions import Expression
from jiezhen.matters import facts
from jiezhen.packs.flows import Flow
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.records.operations import Draft
from jiezhen.units import queries as units
from jiezhen.units.queries import UnitRow

_RECIPE = Path(__file__).with_name("recipe.yaml")
_DEFAULT: Mapping[str, Any] = {"a_year": 24}
_BATCH = 1000
#: How often values are drawn until they hold what the kind must.
TURNS = 20


def make(viewer: Viewer, at: datetime, random: Random) -> int:
    """Write the records of two years up to `at` and return how many."""
    recipe = yaml.safe_load(_RECIPE.read_text("utf-8"))["kinds"]
    known = units.units_of_office(viewer.office_id, polygons=True)
    places = [u for u in known if u.level == "community"]
    drawn = {u.id: shape(u.polygon) for u in places if u.polygon}
    links: dict[str, list[int]] = {}
    maker = Maker(random, at.date(), links, drawn)
    purse, total = Purse(), 0
    for name in _in_order():
        kind = catalogue().kinds[name]
        wanted = {**_DEFAULT, **recipe.get(name, {})}
        drafts = [d for d in _drafts(kind, maker, places, wanted) if purse.has_room(kind, d)]
        for begin in range(0, len(drafts), _BATCH):
            rows = records.create_many(
                viewer, name, drafts[begin : begin + _BATCH], at, source="demo"
            )
            links.setdefault(name, []).extend(row.pk for row in rows)
            purse.keep(name, {row.pk: row.data for row in rows})
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
        drawn = _sound(kind, maker, unit, on, recipe)
        if drawn is None:
            continue
        values, given = drawn
        key = tuple(str(values.get(k)) for k in kind.key)
        if key and key in seen:
            continue
        seen.add(key)
        found.append(Draft(unit, values, given))
    return found


def _sound(
    kind: Kind, maker: Maker, unit: UnitRow, on: date, recipe: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Draw values and what is given beside them that hold what the kind must.

    None when chance gives none.
    """
    for _turn in range(TURNS):
        values = maker.values(kind, unit, on, recipe)
        given: dict[str, Any] = {}
        if kind.shape == "matter":
            given = _course(kind, maker, on, values, recipe)
        elif kind.shape == "entry" and kind.on not in kind.fields:
            given = {"valid_from": on.isoformat()}
        elif kind.on not in kind.fields:
            given = {"on": on.isoformat()}
        if all(_holds(item.condition, values | given) for item in kind.must):
            return values, given
    return None


def _holds(condition: Expression | None, values: Mapping[str, Any]) -> bool:
    if condition is None:
        return True
    return condition.evaluate({n: values.get(n) for n in condition.names}) is not False


@dataclass
class Purse:
    """Keeps sums over a link within their bound, as the office itself must."""

    rows: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    spent: dict[tuple[str, str, int], float] = field(default_factory=dict)

    def keep(self, kind: str, rows: dict[int, dict[str, Any]]) -> None:
        """Remember what was written."""
        self.rows.setdefault(kind, {}).update(rows)

    def has_room(self, kind: Kind, draft: Draft) -> bool:
        """Say whether a record stays within every bound, and count it when it does."""
        wanted = []
        for bound in kind.bounds:
            to, amount = draft.values.get(bound.link), draft.values.get(bound.sum) or 0
            if to is None:
                continue
            most = self.rows.get(str(kind.fields[bound.link].to), {}).get(to, {}).get(bound.most)
            key = (kind.name, bound.sum, to)
            if most is None or self.spent.get(key, 0) + amount > most:
                return False
            wanted.append((key, amount))
        for key, amount in wanted:
            self.spent[key] = self.spent.get(key, 0) + amount
        return True


def _course(
    kind: Kind, maker: Maker, opened: date, values: dict[str, Any], recipe: Mapping[str, Any]
) -> dict[str, Any]:
    """Let a matter run through its flow until today, and date what it reached."""
    flow = catalogue().flows[str(kind.flow)]
    for each in flow.states.values():
        if each.date:
            values.pop(each.date, None)
    state, on = flow.start, opened
    made: list[str] = []
    for _step in range(12):
        spec = flow.states[state]
        if spec.date and spec.date in kind.fields:
            values.setdefault(spec.date, on.isoformat())
        name = _next(flow, state, maker)
        later = on + timedelta(
            days=max(1, round(maker.random.expovariate(1 / recipe.get("days", 12))))
        )
        if spec.end or name is None or later > maker.today:
            break
        state, on = flow.moves[name].to, later
        made.append(name)
    for field_ in _unknown_yet(kind, flow, made):
        values.pop(field_, None)
    due = opened + timedelta(days=recipe.get("due", 15))
    return {
        "state": state,
        "opened_on": opened.isoformat(),
        "closed_on": on.isoformat(),
        "due_on": due.isoformat(),
    }


def _unknown_yet(kind: Kind, flow: Flow, made: list[str]) -> list[str]:
    """Return the fields that nobody can know while a matter has not been dealt with even once."""
    if any(flow.states[flow.moves[name].to].date for name in made):
        return []
    known = {field_ for name in made for field_ in flow.moves[name].asks}
    known |= {str(t.field) for t in flow.timers.values() if set(t.stops) & set(made)}
    return [name for name in facts.filled_later(kind) if name not in known]


def _next(flow: Flow, state: str, maker: Maker) -> str | None:
    """Return the move that a matter makes: mostly the pack's first way, seldom another."""
    ways = [n for n, move in flow.moves.items() if state in move.from_ and move.to != state]
    if not ways:
        return None
    return ways[0] if maker.random.random() < 0.9 else maker.random.choice(ways)
