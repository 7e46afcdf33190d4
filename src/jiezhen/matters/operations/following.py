"""Matters that a move sets going."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from jiezhen.matters.models import Matter
from jiezhen.matters.operations import intake, steps
from jiezhen.matters.rules import flows
from jiezhen.packs.flows import Move as MoveSpec
from jiezhen.packs.flows import Spawn
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.records import shapes
from jiezhen.records.models import Row
from jiezhen.units import queries as units
from jiezhen.units.queries import Tree, UnitRow

#: Most matters that one move sets going; a duty roster is shorter.
MOST = 500


def spawn(viewer: Viewer, row: Matter, spec: Kind, wanted: MoveSpec, at: datetime) -> list[int]:
    """Open the matters that a move sets going and return their ids."""
    made: list[int] = []
    for item in wanted.spawns:
        tree = units.tree(row.office_id, at)
        some = _each(row, item) if item.each else [None]
        drafts = [_draft(row, item, entry, tree, at) for entry in some]
        if drafts:
            rows = records.create_many(steps.own(viewer), item.kind, drafts, at, source="spawned")
            made += [r.pk for r in rows]
    return made


def _each(row: Matter, item: Spawn) -> list[Row]:
    """Return the live entries for which one matter each is opened."""
    kind = shapes.kind_of(str(item.each))
    rows = shapes.model_of(kind.name).objects.for_system("a move goes over a roster")
    rows = rows.filter(office_id=row.office_id, kind=kind.name, withdrawn_at=None, until=None)
    found = list(rows.select_related("unit").order_by("id")[: MOST + 1])
    if item.condition is not None:
        about = {f"parent_{k}": v for k, v in row.data.items()}
        found = [e for e in found if flows.met(item.condition, dict(e.data) | about)]
    if len(found) > MOST:
        raise records.Refused(
            records.Problem("", _("一步最多带出{n}件。请缩小名单。").format(n=MOST))
        )
    return found


def _draft(row: Matter, item: Spawn, entry: Row | None, tree: Tree, at: datetime) -> records.Draft:
    kind = shapes.kind_of(item.kind)
    values: dict[str, Any] = {n: steps.said(t, at) for n, t in item.values.items()}
    for name, source in item.copy_.items():
        side, _dot, field = source.rpartition(".")
        data = entry.data if side == "each" and entry is not None else row.data
        if data.get(field) is not None:
            values[name] = data[field]
    if item.link:
        values[item.link] = row.pk
    plain = {n: v for n, v in values.items() if n in kind.fields}
    unit = _unit(row, item, entry, tree)
    found = intake.Intake(tree, parent_id=row.pk, keep_unit=True)
    return records.Draft(unit, plain, {intake.KEY: found})


def _unit(row: Matter, item: Spawn, entry: Row | None, tree: Tree) -> UnitRow:
    """Return the unit of a new matter: the same, where it happened, or the entry's."""
    chosen = {"unit": row.unit_id, "grid": row.grid_id or row.unit_id}.get(item.to)
    if chosen is None:
        chosen = entry.unit_id if entry is not None else row.unit_id
    return tree.unit(chosen) or tree.office


def withdraw_spawned(viewer: Viewer, ids: list[int], at: datetime) -> None:
    """Withdraw matters that an undone move had set going.

    Raises:
        records.Refused: Somebody worked on one of them already.
    """
    for row in Matter.objects.for_system("undone with it").filter(pk__in=ids):
        if row.version > 1 or row.moves.exclude(name="opened").exists():
            problem = _("带出的{code}已经有人办了，这一步不能撤回。").format(code=row.code)
            raise records.Refused(records.Problem("", problem))
        records.withdraw(viewer, row.kind, row.pk, at, _("带出它的一步撤回了"))
