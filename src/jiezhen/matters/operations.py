"""Move a matter, undo a move, and say a word of progress."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.matters import rules
from jiezhen.matters.facts import enter, flow_of
from jiezhen.matters.models import Matter, Move
from jiezhen.packs.schema import Kind
from jiezhen.packs.schema import Move as MoveSpec
from jiezhen.people.access import Viewer
from jiezhen.records import fields, shapes
from jiezhen.records import operations as records
from jiezhen.records.models import Row


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
    made: list[Move] = []

    def apply(row: Row) -> None:
        assert isinstance(row, Matter)
        before = _kept(row)
        wanted = rules.move(flow_of(spec), row.state, name)
        asked = _asked(viewer, spec, wanted, row, values, at, note)
        for field, plain in asked.items():
            fields.store(row.data, field, spec.fields[field], plain, f"{kind}.{field}")
        came_from, row.state_since = row.state, at
        enter(row, spec, wanted.to, clock.day_of(at))
        records.derive(row, spec, asked)
        made.append(
            Move(matter_id=row.pk, name=name, came_from=came_from, went_to=row.state, at=at,
                 account_id=viewer.account_id, actor=viewer.name, note=note, before=before,
                 asked=sorted(asked))
        )

    row = records.rewrite(
        viewer, kind, record_id, at, apply, action="moved", version=version, why=note
    )
    Move.objects.bulk_create(made)
    assert isinstance(row, Matter)
    return row


def _asked(
    viewer: Viewer, spec: Kind, wanted: MoveSpec, row: Matter, values: Mapping[str, Any],
    at: datetime, note: str,
) -> dict[str, Any]:
    given = {k: v for k, v in values.items() if k in wanted.asks}
    plain, problems = records.read_values(
        spec, given, records.context_for(viewer, at), partly=True
    )
    for name in wanted.asks:
        needed = wanted.needs is None or name in wanted.needs
        if needed and plain.get(name) is None and not row.data.get(name) and not problems:
            title = spec.fields[name].title
            problems.append(records.Problem(name, _("请填{title}。").format(title=title)))
    if wanted.reason and not note.strip():
        problems.append(records.Problem("note", _("请写理由。")))
    if problems:
        raise records.Refused(*problems)
    return plain


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

    Raises:
        UnableToUndo: It is not the latest, not the viewer's, too old or undone already.
        records.NotAllowed: The viewer may not change the matter.
    """
    latest = Move.objects.filter(matter_id=record_id).order_by("-id").first()
    if latest is None or latest.pk != move_id or not latest.came_from or latest.undoes_id:
        raise UnableToUndo(records.Problem("", _("只能撤回最近的一步。")))
    if latest.account_id != viewer.account_id or not rules.may_undo(latest.at, at):
        raise UnableToUndo(records.Problem("", _("10分钟内由本人撤回。请改走下一步。")))
    kept = latest.before

    def apply(row: Row) -> None:
        assert isinstance(row, Matter)
        row.data, row.state, row.entered = kept["data"], kept["state"], kept["entered"]
        since, closed = kept["state_since"], kept["closed_on"]
        row.state_since = datetime.fromisoformat(since) if since else None
        row.closed_on = datetime.fromisoformat(closed).date() if closed else None
        records.derive(row, shapes.kind_of(kind), row.data)

    row = records.rewrite(viewer, kind, record_id, at, apply, action="undone")
    Move.objects.create(
        matter_id=record_id, name="undo", came_from=latest.went_to, went_to=kept["state"], at=at,
        account_id=viewer.account_id, actor=viewer.name, undoes=latest,
    )
    assert isinstance(row, Matter)
    return row


@transaction.atomic
def say(viewer: Viewer, kind: str, record_id: int, text: str, at: datetime) -> Move:
    """Append a word of progress; the state stays.

    Raises:
        records.NotAllowed: The viewer may not change the matter.
        records.Refused: The text is empty.
    """
    if not text.strip():
        raise records.Refused(records.Problem("note", _("请写一句进展。")))
    rows = Matter.objects.seen_by(viewer, "change", kind)
    row = rows.filter(kind=kind, pk=record_id).first()
    if row is None:
        raise records.NotAllowed(records.Problem("", _("没有修改这条记录的权限。")))
    return Move.objects.create(
        matter=row, name="said", came_from=row.state, went_to=row.state, at=at,
        account_id=viewer.account_id, actor=viewer.name, note=text.strip()[:1000],
    )
