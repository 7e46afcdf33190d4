"""How a matter comes in: what is kept apart, where it lies, who is responsible, its clocks.

Every door ends here (form, API, import, portal, findings, spawned matters): `receive`, `prepare`
and `settle` are what the machinery of records calls for each new row of this table.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, cast

from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.matters import rules
from jiezhen.matters.facts import (
    COLUMNS,
    GIVEN,
    as_matter,
    begin,
    by_day,
    enter,
    flow_of,
    follow,
    refresh,
    values_of,
)
from jiezhen.matters.models import Matter, Move, Party
from jiezhen.matters.operations import steps
from jiezhen.matters.queries import callers, places, setting
from jiezhen.matters.rules import apart, timers, twins
from jiezhen.matters.rules.routes import Chosen
from jiezhen.packs.flows import OPENED
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import sealing, shapes
from jiezhen.records.models import Row
from jiezhen.records.operations import Draft
from jiezhen.trail.inserting import insert
from jiezhen.units import queries as units
from jiezhen.units.queries import Tree, UnitRow

#: The characters of a caller's code: none that is taken for another.
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: What a draft carries from `receive` to `prepare` and `settle`.
KEY = "_intake"


@dataclass(slots=True)
class Intake:
    """What was found out about a new matter before it became a row."""

    tree: Tree
    parties: dict[str, dict[str, Any]] = field(default_factory=dict)
    place: places.Where | None = None
    cell: str = ""
    subjects: list[int] = field(default_factory=list)
    chosen: Chosen[UnitRow] | None = None
    intake_unit: UnitRow | None = None
    auto: str = ""
    keep_unit: bool = False
    parent_id: int | None = None
    receipt: str = ""


def offer() -> None:
    """Make `Matter` the home of matters."""
    shapes.offer(
        shapes.Shape(
            name="matter",
            title="事项",
            model=Matter,
            columns=dict(COLUMNS),
            prepare=prepare,
            settle=settle,
            given=GIVEN,
            follow=keep_apart,
            receive=receive,
            clean=steps.words,
            shut=callers.shut,
            leave=steps.leave,
        )
    )


def receive(drafts: list[Draft], kind: Kind, viewer: Viewer, at: datetime) -> None:
    """Find out about drafts what their rows need: no statement while units are in memory."""
    tree = units.tree(viewer.office_id, at)
    for draft in drafts:
        found = draft.given.get(KEY) or Intake(tree)
        draft.given[KEY] = found
        _set_apart(draft, kind, found, at)
        _locate(draft, kind, found, viewer, at)
        found.subjects += about(draft.values, kind, tree)
        _route(draft, kind, found, at)


def _set_apart(draft: Draft, kind: Kind, found: Intake, at: datetime) -> None:
    """Take the caller out of the values, and names and numbers out of the words."""
    for name in kind.parties:
        spec, value = kind.fields[name], draft.values.pop(name, None)
        if value in (None, "", {}):
            continue
        person = found.parties.setdefault(str(spec.party), {})
        person[_PARTY_COLUMNS.get(spec.type, "address")] = (
            value["text"] if isinstance(value, dict) else value
        )
    if not kind.parties:
        return
    said = cleaned(draft.values, kind, list(found.parties.values()))
    if said:
        first = next(iter(found.parties), "caller")
        found.parties.setdefault(first, {})["said"] = said


_PARTY_COLUMNS = {"person": "name", "phone": "phone", "id_number": "id_number"}


def cleaned(
    values: dict[str, Any], kind: Kind, people: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """Mask people in the texts of the values, and return the texts as they were said.

    Shape: field name → original words, only for those that changed.
    """
    names = [p["name"] for p in people if p.get("name")]
    numbers = [p[k] for p in people for k in ("phone", "id_number") if p.get(k)]
    homes = [p["address"] for p in people if p.get("address")]
    said: dict[str, str] = {}
    for name, spec in kind.kept.items():
        value = values.get(name)
        if spec.type == "text" and isinstance(value, str):
            masked = apart.without(value, names, numbers, homes)
            if masked != value:
                said[name], values[name] = value, masked
        elif spec.type == "place" and isinstance(value, dict) and value.get("text"):
            masked = apart.without(value["text"], names, numbers)
            if masked != value["text"]:
                said[name], values[name] = value["text"], {**value, "text": masked}
    return said


def _locate(draft: Draft, kind: Kind, found: Intake, viewer: Viewer, at: datetime) -> None:
    """Find the grid in which the matter lies, by its point, else by its address."""
    name = places.field_of(kind)
    value = draft.values.get(name) if name else None
    if not isinstance(value, dict):
        return
    text, lon, lat = str(value.get("text") or ""), value.get("lon"), value.get("lat")
    found.place = places.where(viewer.office_id, text, lon, lat, at)
    found.cell = twins.cell(found.place.lon, found.place.lat, text)


def about(values: Mapping[str, Any], kind: Kind, tree: Tree) -> list[int]:
    """Return the units that values say a matter is about: by name, or as the unit of a firm."""
    found: list[int] = []
    for name, spec in kind.kept.items():
        value = values.get(name)
        if not spec.subject or value in (None, ""):
            continue
        unit = (
            tree.named(str(value))
            if spec.type == "text"
            else places.unit_of_entry(tree, str(spec.to), int(value))
        )
        if unit is not None:
            found.append(unit.id)
    return found


def _route(draft: Draft, kind: Kind, found: Intake, at: datetime) -> None:
    """Choose who is responsible: who was named, else the table of routes, else the grid.

    A flow with a move that assigns waits at the unit that took the matter in until somebody
    makes that move, unless the move is `auto` and the table names the unit.
    """
    found.intake_unit = draft.unit
    grid = found.place.unit if found.place else None
    flow = flow_of(kind)
    start = rules.start(flow)
    assigning = [name for name, m in flow.moves.items() if m.assigns and start in m.from_]
    found.chosen = setting.route(kind, draft.values, grid, found.tree, at)
    unit = found.chosen.unit
    if draft.given.get("state") or found.keep_unit:
        return
    auto = [name for name in assigning if flow.moves[name].auto]
    if auto and unit is not None:
        draft.unit, found.auto = unit, auto[0]
    elif not assigning and unit is not None:
        draft.unit = unit
    elif not assigning and grid is not None and grid.path.startswith(draft.unit.path):
        draft.unit = grid


def prepare(given_row: Row, kind: Kind, given: dict[str, Any], at: datetime) -> None:
    """Put a new matter into its first state, or into the one that an import gives."""
    row = as_matter(given_row)
    found: Intake = given[KEY]
    flow = flow_of(kind)
    row.opened_on = clock.as_day(given.get("opened_on")) or clock.day_of(at)
    row.due_on = clock.as_day(given.get("due_on"))
    row.state_since = at
    row.parent_id = found.parent_id
    row.subjects = sorted(set(found.subjects))
    row.cell = found.cell
    if found.place is not None:
        row.lon, row.lat = found.place.lon, found.place.lat
        row.grid_id = found.place.unit.id if found.place.unit else None
    start = rules.start(flow)
    state = str(given.get("state") or start)
    begin(row, kind, state)
    enter(row, kind, state, clock.as_day(given.get("closed_on")) or clock.day_of(at))
    with steps.reckoned():
        _begin_clocks(row, kind, found, at)
    if found.receipt:
        row.receipt = sealing.finger(found.receipt)
    row._intake = found  # type: ignore[attr-defined]


def _begin_clocks(row: Matter, kind: Kind, found: Intake, at: datetime) -> None:
    """Start the clocks of the registration, and make the move that makes itself.

    A matter that is brought in with its end has the clocks that it passed judged by its deadline.
    """
    flow = flow_of(kind)
    if not flow.timers:
        if row.closed_on is None:
            refresh(row, kind)
        return
    unit = found.tree.unit(row.unit_id)
    values = values_of(row) | {"unit_code": unit.code if unit else None}
    passed = timers.passed(flow, row.state, values)
    due_on = row.due_on
    if row.closed_on is None:
        where = setting.setting(row, kind, found.tree)
        began = at
        if row.opened_on != clock.day_of(at):
            began = datetime.combine(row.opened_on, time(0), clock.ZONE)
        began = min(began, at)
        begun = timers.after(flow, {}, OPENED, values, row.opened_on, began, where)
        row.timers = {name: item for name, item in begun.items() if name not in passed}
        if found.auto:
            move = flow.moves[found.auto]
            row.timers = timers.after(
                flow, row.timers, found.auto, values, row.opened_on, at, where
            )
            enter(row, kind, move.to, clock.day_of(at))
    if passed and due_on is not None:
        name, day = next(iter(passed.items()))
        row.timers = {**row.timers, name: timers.told(row.opened_on, due_on, day)}
    refresh(row, kind)
    if due_on is not None:
        _given_deadline(row, kind, due_on, judged=bool(passed))


def _given_deadline(row: Matter, kind: Kind, due_on: date, *, judged: bool) -> None:
    """Let a deadline that was given by day hold: for the running clock, else by itself.

    One by which a clock was judged already is no longer due: what waits for its callback is not
    late for having been finished.
    """
    if row.due_timer:
        row.timers = timers.until(row.timers, row.due_timer, due_on)
        refresh(row, kind)
    row.due_on = due_on
    if not row.due_timer and not judged:
        by_day(row)


def settle(rows: list[Row], kind: Kind, viewer: Any, at: datetime) -> None:
    """Append the first moves of new matters, and keep who called apart."""
    moves: list[Move] = []
    people: list[Party] = []
    for row in map(as_matter, rows):
        found = cast("Intake", row._intake)  # type: ignore[attr-defined]
        moves += _first_moves(row, kind, found, viewer, at)
        people += [_party(row, role, person, at) for role, person in found.parties.items()]
    insert(moves)
    insert(people)


def _first_moves(
    row: Matter, kind: Kind, found: Intake, viewer: Viewer, at: datetime
) -> list[Move]:
    chosen = found.chosen
    fault = ""
    if chosen is not None and chosen.fault:
        fault = _("派单表“{table}”第{row}行有错：{fault}。").format(
            table=chosen.table, row=chosen.row, fault=chosen.fault
        )
    intake = found.intake_unit
    opened = Move(
        matter_id=row.pk,
        name=OPENED,
        went_to=rules.start(flow_of(kind)) if found.auto else row.state,
        at=at,
        account_id=viewer.account_id,
        actor=viewer.name,
        unit_id=intake.id if intake else row.unit_id,
        note=fault,
        told=_quiet(row),
    )
    if not found.auto:
        return [opened]
    made = Move(
        matter_id=row.pk,
        name=found.auto,
        came_from=opened.went_to,
        went_to=row.state,
        at=at,
        actor=_("系统"),
        unit_id=row.unit_id,
        told=_quiet(row),
        note=_("按派单表“{table}”第{row}行").format(
            table=chosen.table if chosen else "", row=chosen.row if chosen else 0
        ),
    )
    return [opened, made]


def _quiet(row: Matter) -> bool:
    """Say whether nobody wants a notice: for the rows of an imported file or a demonstration."""
    return row.batch_id is not None or row.source == "demo"


def _party(row: Matter, role: str, person: dict[str, Any], at: datetime) -> Party:
    """Return a person who called; an id number is sealed, a phone has a finger."""
    phone, number = person.get("phone", ""), person.get("id_number", "")
    return Party(
        matter_id=row.pk,
        role=role,
        name=person.get("name", ""),
        phone=phone,
        phone_finger=sealing.finger(phone) if phone else "",
        id_number=sealing.seal(number, "party.id_number") if number else "",
        address=person.get("address", "")[:300],
        said=person.get("said", {}),
        at=at,
    )


def keep_apart(given_row: Row, kind: Kind) -> None:
    """Let days follow corrected dates, and mask people in words that were changed."""
    follow(given_row, kind)
    guard(as_matter(given_row), kind)


def guard(row: Matter, kind: Kind) -> None:
    """Keep who called apart after values were changed: mask them, and bar whom it now is about.

    A unit is barred by what is written and never let in again by it: it may be its own people who
    write another one.
    """
    if kind.parties:
        cleaned(row.data, kind, steps.callers(row.pk))
    told = about(row.data, kind, units.tree(row.office_id, clock.now()))
    row.subjects = sorted({*row.subjects, *told})


def new_receipt() -> str:
    """Return a caller's code: ten characters by chance, 50 bits."""
    return "".join(secrets.choice(_LETTERS) for _place in range(10))
