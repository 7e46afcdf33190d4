"""Move a matter, undo a move, and say a word of progress."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.matters import rules
from jiezhen.matters.facts import as_matter, enter, flow_of
from jiezhen.matters.models import Matter, Move
from jiezhen.packs.schema import Kind
from jiezhen.packs.schema import Move as MoveSpec
from jiezhen.people.access import Viewer
from jiezhen.records import fields, shapes
from jiezhen.records import operations as records
from jiezhen.records.models import Row
from jiezhen.trail import operations as trail

#: Most characters of a word of progress, and of the reason of a move.
MOST_SAID = 1000


class UnableToUndo(records.Refused):
    """The move is too old, was made by somebody else, or was undone already."""


@transaction.atomic
def move(
    viewer: Viewer,
    kind: str,
    record_id: int,
    name: str,
    values: Mapping[str, Any],
    at: datetime,
    *,
    note: str = "",
    version: int | None = None,
) -> Matter:
    """Make a move: check it, write what it asks for, append it.

    Shape: the matter in its new state.

    Raises:
        records.NotAllowed: The viewer may not change the matter.
        rules.MoveForbidden: The flow does not allow the move now.
        records.Refused: Something that the move asks for is missing or wrong.
        records.Conflict: Somebody moved the matter meanwhile.
    """
    spec = shapes.kind_of(kind)
    flow = flow_of(spec)
    made: list[Move] = []

    def apply(given: Row) -> None:
        row = as_matter(given)
        records.refuse_withdrawn(row)
        before = _kept(row)
        wanted = rules.move(flow, row.state, name)
        if not any(viewer.may(r, kind, row.unit.path, spec.sensitivity) for r in wanted.by):
            raise records.NotAllowed(
                records.Problem("", _("没有“{move}”的权限。").format(move=wanted.title))
            )
        asked = _asked(viewer, spec, wanted, row, values, at, note)
        for field, plain in asked.items():
            fields.store(row.data, field, spec.fields[field], plain, f"{kind}.{field}")
        came_from, row.state_since = row.state, at
        enter(row, spec, wanted.to, clock.day_of(at))
        records.derive(row, spec, asked)
        before["data"] = _differing(before["data"], row.data)
        made.append(
            Move(
                matter_id=row.pk,
                name=name,
                came_from=came_from,
                went_to=row.state,
                at=at,
                account_id=viewer.account_id,
                actor=viewer.name,
                note=note,
                before=before,
                asked=sorted(asked),
            )
        )

    row = records.rewrite(
        viewer,
        kind,
        record_id,
        at,
        apply,
        action="moved",
        version=version,
        why=note[:400],
        right=rules.right_for(flow, name, lambda r: viewer.may(r, kind)),
    )
    for step in made:
        step.before["version"] = row.version
    Move.objects.bulk_create(made)
    return as_matter(row)


def _differing(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return what the fields that differ held before; None for a field that was not there."""
    return {
        k: before.get(k) for k in before.keys() | after.keys() if before.get(k) != after.get(k)
    }


def _asked(
    viewer: Viewer,
    spec: Kind,
    wanted: MoveSpec,
    row: Matter,
    values: Mapping[str, Any],
    at: datetime,
    note: str,
) -> dict[str, Any]:
    given = {k: v for k, v in values.items() if k in wanted.asks}
    plain, problems = records.read_values(
        spec, given, records.context_for(viewer, at), partly=True
    )
    blamed = {problem.field for problem in problems}
    for name in wanted.asks if wanted.needs is None else wanted.needs:
        if name in blamed or plain.get(name) is not None or _kept_already(row, name, plain):
            continue
        field = spec.fields[name]
        said = _("请先上传{title}。") if field.type == "file" else _("请填{title}。")
        problems.append(records.Problem(name, said.format(title=field.title)))
    if len(note) > MOST_SAID:
        said = _("太长了，最多{n}字。").format(n=MOST_SAID)
        problems.append(records.Problem("note", said))
    if wanted.reason and not note.strip():
        problems.append(records.Problem("note", _("请写理由。")))
    if problems:
        raise records.Refused(*problems)
    return plain


def _kept_already(row: Matter, name: str, plain: Mapping[str, Any]) -> bool:
    """Say whether the matter holds the field and the move does not empty it."""
    return name not in plain and row.data.get(name) not in (None, "", [])


def _kept(row: Matter) -> dict[str, Any]:
    """Return what undoing a move puts back."""
    return {
        "data": dict(row.data),
        "state": row.state,
        "state_since": row.state_since.isoformat() if row.state_since else None,
        "entered": dict(row.entered),
        "closed_on": row.closed_on.isoformat() if row.closed_on else None,
        "title": row.title,
    }


@transaction.atomic
def undo(viewer: Viewer, kind: str, record_id: int, move_id: int, at: datetime) -> Matter:
    """Undo the latest move within ten minutes; both moves stay in the history.

    Only what the move itself changed is put back.

    Raises:
        UnableToUndo: It is not the latest, not the viewer's, too old or undone already,
            or somebody changed one of its fields since.
        records.NotAllowed: The viewer may not change the matter.
    """
    spec = shapes.kind_of(kind)
    undone: list[Move] = []

    def apply(given: Row) -> None:
        row = as_matter(given)
        latest = _undoable(viewer, row, move_id, at)
        undone.append(latest)
        kept = latest.before
        for name, stored in kept["data"].items():
            if stored is None:
                row.data.pop(name, None)
            else:
                row.data[name] = stored
        row.state, row.entered = kept["state"], kept["entered"]
        since, closed = kept["state_since"], kept["closed_on"]
        row.state_since = datetime.fromisoformat(since) if since else None
        row.closed_on = date.fromisoformat(closed) if closed else None
        records.derive(row, spec, row.data)

    flow = flow_of(spec)
    name = Move.objects.filter(matter_id=record_id, pk=move_id).values_list("name", flat=True)
    right = rules.right_for(flow, name.first() or "", lambda r: viewer.may(r, kind))
    row = records.rewrite(viewer, kind, record_id, at, apply, action="undone", right=right)
    latest = undone[0]
    Move.objects.create(
        matter_id=record_id,
        name="undo",
        came_from=latest.went_to,
        went_to=latest.came_from,
        at=at,
        account_id=viewer.account_id,
        actor=viewer.name,
        undoes=latest,
    )
    return as_matter(row)


def _undoable(viewer: Viewer, row: Matter, move_id: int, at: datetime) -> Move:
    """Return the move when it may be undone; the row is locked, so nobody is faster."""
    latest = row.moves.exclude(name="said").order_by("-id").first()
    if latest is None or latest.pk != move_id or not latest.came_from or latest.undoes_id:
        raise UnableToUndo(records.Problem("", _("只能撤回最近的一步。")))
    if latest.account_id != viewer.account_id or not rules.may_undo(latest.at, at):
        raise UnableToUndo(records.Problem("", _("10分钟内由本人撤回。请改走下一步。")))
    if records.changed_since(row, latest.before["version"], latest.before["data"]):
        raise UnableToUndo(records.Problem("", _("这一步填的内容后来又改过，不能撤回了。")))
    return latest


@transaction.atomic
def say(viewer: Viewer, kind: str, record_id: int, text: str, at: datetime) -> Move:
    """Append a word of progress; the state stays.

    Raises:
        records.NotAllowed: The viewer may not change the matter.
        records.Refused: The text is empty or too long, or the matter was withdrawn.
    """
    words = text.strip()
    if not words:
        raise records.Refused(records.Problem("note", _("请写一句进展。")))
    if len(words) > MOST_SAID:
        said = _("太长了，最多{n}字。").format(n=MOST_SAID)
        raise records.Refused(records.Problem("note", said))
    sensitivity = shapes.kind_of(kind).sensitivity
    rows = Matter.objects.seen_by(viewer, "change", kind, sensitivity)
    row = rows.filter(kind=kind, pk=record_id).first()
    if row is None:
        raise records.NotAllowed(records.Problem("", _("没有修改这条记录的权限。")))
    records.refuse_withdrawn(row)
    trail.append(viewer, "matter.said", f"{kind}:{row.code}", at)
    return Move.objects.create(
        matter=row,
        name="said",
        came_from=row.state,
        went_to=row.state,
        at=at,
        account_id=viewer.account_id,
        actor=viewer.name,
        note=words,
    )
