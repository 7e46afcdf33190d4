"""Move a matter, undo a move, and say a word of progress."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.matters import rules
from jiezhen.matters.facts import as_matter, flow_of, values_of
from jiezhen.matters.models import Matter, Move
from jiezhen.matters.operations import following, intake, joining, steps
from jiezhen.matters.queries.single import latest_move
from jiezhen.matters.rules import timers
from jiezhen.packs.flows import Move as MoveSpec
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import fields, shapes
from jiezhen.records import operations as records
from jiezhen.records.models import Row
from jiezhen.trail import operations as trail
from jiezhen.units import queries as units
from jiezhen.units.queries import UnitRow


class UnableToUndo(records.Refused):
    """The move is too old, was made by somebody else, or was undone already."""


@transaction.atomic
def move(  # noqa: PLR0913  # one door for every move; the rest is by name
    viewer: Viewer,
    kind: str,
    record_id: int,
    name: str,
    values: Mapping[str, Any],
    at: datetime,
    *,
    note: str = "",
    version: int | None = None,
    unit: str = "",
) -> Matter:
    """Make a move: check it, write what it asks for, append it, do what follows from it.

    `unit` is the code or name of the unit that gets the matter, where the move assigns. By what
    is answered the move may become another one (`turns`), which is then made and written down.
    Matters that are carried by this one and are open go along.

    Shape: the matter in its new state.

    Raises:
        records.NotAllowed: The viewer may not change the matter.
        rules.MoveForbidden: The flow does not allow the move now.
        records.Refused: Something that the move asks for is missing or wrong.
        records.Conflict: Somebody moved the matter meanwhile.
    """
    spec = shapes.kind_of(kind)
    flow = flow_of(spec)
    made: list[tuple[str, str, dict[str, Any], list[str]]] = []
    kept_words = steps.words(record_id, spec, note)

    def apply(given: Row) -> None:
        row = as_matter(given)
        records.refuse_withdrawn(row)
        before, came_from = steps.kept(row), row.state
        wanted = rules.move(flow, row.state, name, values_of(row))
        _may(viewer, spec, wanted, row)
        _refuse_carried(row, spec, name, wanted)
        asked = _asked(viewer, spec, wanted, row, values, at, kept_words)
        target = _target(viewer, wanted, row, unit, at)
        for field, plain in asked.items():
            fields.store(row.data, field, spec.fields[field], plain, f"{kind}.{field}")
        if asked:
            intake.guard(row, spec)
        if target is not None:
            row.unit_id, row.handler_id = target.id, 0
        became = _became(viewer, spec, name, row)
        steps.advance(row, spec, became, flow.moves[became], at)
        records.derive(row, spec, row.data)
        made.append((became, came_from, steps.changed(before, row), sorted(asked)))

    row = records.rewrite(
        viewer,
        kind,
        record_id,
        at,
        apply,
        action="moved",
        version=version,
        why=kept_words[:400],
        right=rules.rights_for(flow, name),
    )
    for became, came_from, before, asked in made:
        before["version"] = row.version
        appended = steps.append(
            viewer, as_matter(row), became, came_from, at,
            note=kept_words, before=before, asked=asked,
        )  # fmt: skip
        follow_on(viewer, as_matter(row), spec, became, appended, values, at)
    return as_matter(row)


def _may(viewer: Viewer, spec: Kind, wanted: MoveSpec, row: Matter) -> None:
    path = row.unit.path
    if not any(viewer.may(r, spec.name, path, spec.sensitivity) for r in wanted.by):
        raise records.NotAllowed(
            records.Problem("", _("没有“{move}”的权限。").format(move=wanted.title))
        )


def _became(viewer: Viewer, spec: Kind, name: str, row: Matter) -> str:
    """Return the move that a move is by its answers; another one needs its own right."""
    became = rules.turned(flow_of(spec), name, values_of(row))
    if became != name:
        _may(viewer, spec, flow_of(spec).moves[became], row)
    return became


def _refuse_carried(row: Matter, spec: Kind, name: str, wanted: MoveSpec) -> None:
    """A matter that was merged goes where the one that carries it goes; its caller stays its own."""
    if row.merged_into_id is None or wanted.callers or name in rules.by_call(spec, flow_of(spec)):
        return
    raise records.Refused(
        records.Problem("", _("这件已并入另一件，随那件一起办。要单独办，先取消并案。"))
    )


def _target(
    viewer: Viewer, wanted: MoveSpec, row: Matter, unit: str, at: datetime
) -> UnitRow | None:
    """Return the unit that gets the matter; blank stays blank where the move assigns nobody."""
    if not wanted.assigns:
        return None
    if not unit.strip():
        raise records.Refused(records.Problem("unit", _("请选派给哪个单元。")))
    found = units.tree(viewer.office_id, at).named(unit)
    if found is None:
        problem = _("没有单元“{unit}”，或者它已经停用。").format(unit=unit.strip()[:40])
        raise records.Refused(records.Problem("unit", problem))
    return found


def follow_on(  # noqa: PLR0913  # what follows needs the whole act
    viewer: Viewer,
    row: Matter,
    spec: Kind,
    name: str,
    made: Move,
    values: Mapping[str, Any],
    at: datetime,
) -> None:
    """Do what follows from a move: carried matters, the parent's move, matters set going.

    A carried matter goes along from whatever state it stands in while it is open: a double that
    was only just taken in is closed with the case in hand, or nobody would ever look at it again.
    A move that is left to callers speaks for one of them: the others are let go, to be asked too.
    """
    flow = flow_of(spec)
    wanted = flow.moves[name]
    carried = Matter.objects.for_system("carried by it").filter(merged_into=row, kind=row.kind)
    carried = carried.filter(withdrawn_at=None).order_by("id")
    along: list[list[int]] = []
    if wanted.callers:
        note = _("{code}的诉求人已答复，这件另问").format(code=row.code)
        for other in carried:
            joining.unmerge(steps.own(viewer), other.kind, other.pk, at, note=note)
    else:
        along = [
            _along(viewer, other, spec, name, wanted, made, at)
            for other in carried
            if _goes(spec, other, name, wanted)
        ]
    if wanted.parent and row.parent_id:
        along += _parent(viewer, row, wanted.parent, made, at)
    spawned = following.spawn(viewer, row, spec, wanted, at)
    if along or spawned:
        made.before = {**made.before, "along": along, "spawned": spawned}
        made.save(update_fields=["before"])


def _goes(spec: Kind, other: Matter, name: str, wanted: MoveSpec) -> bool:
    """Say whether a carried matter goes along: not once it is closed, nor if its caller was called."""
    flow = flow_of(spec)
    if other.state not in wanted.from_ and flow.states[other.state].end:
        return False
    called = not timers.running(other.timers.get("contact"))
    return not (called and name in rules.by_call(spec, flow))


def _along(
    viewer: Viewer,
    row: Matter,
    spec: Kind,
    name: str,
    wanted: MoveSpec,
    made: Move,
    at: datetime,
) -> list[int]:
    """Let a carried matter make the same move with the same answers."""
    main = made.matter
    came_from: list[tuple[str, dict[str, Any]]] = []

    def apply(given: Row) -> None:
        other = as_matter(given)
        before, state = steps.kept(other), other.state
        for field in made.asked:
            if field in main.data:
                other.data[field] = main.data[field]
        intake.guard(other, spec)
        if wanted.assigns:
            other.unit_id, other.handler_id = main.unit_id, 0
        steps.advance(other, spec, name, wanted, at)
        records.derive(other, spec, other.data)
        came_from.append((state, steps.changed(before, other)))

    changed = records.rewrite(
        steps.own(viewer), row.kind, row.pk, at, apply, action="moved", why=_("随并案办理")
    )
    state, before = came_from[0]
    before["version"] = changed.version
    note = _("随{code}").format(code=main.code)
    step = steps.append(viewer, as_matter(changed), name, state, at, note=note, before=before)
    return [changed.pk, step.pk]


def _parent(viewer: Viewer, row: Matter, name: str, made: Move, at: datetime) -> list[list[int]]:
    """Let the parent make its move when its flow allows it now."""
    parents = Matter.objects.for_system("what a child brings about").select_related("unit")
    parent = parents.select_for_update(of=("self",)).get(pk=row.parent_id or 0)
    if parent.withdrawn_at is not None or parent.merged_into_id is not None:
        return []
    flow = flow_of(shapes.kind_of(parent.kind))
    offered = rules.moves_from(flow, parent.state, values_of(parent))
    wanted = next((o.move for o in offered if o.name == name), None)
    if wanted is None:
        return []
    note = _("由{code}带动").format(code=row.code)
    moved = move(
        steps.own(viewer), parent.kind, parent.pk, name, {}, at, note=note,
        unit=parent.unit.code if wanted.assigns else "",
    )  # fmt: skip
    latest = moved.moves.order_by("-id").first()
    return [[moved.pk, latest.pk]] if latest else []


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
    if wanted.reason and not note:
        problems.append(records.Problem("note", _("请写理由。")))
    if problems:
        raise records.Refused(*problems)
    return plain


def _kept_already(row: Matter, name: str, plain: Mapping[str, Any]) -> bool:
    """Say whether the matter holds the field and the move does not empty it."""
    return name not in plain and row.data.get(name) not in (None, "", [])


@transaction.atomic
def undo(viewer: Viewer, kind: str, record_id: int, move_id: int, at: datetime) -> Matter:
    """Undo the latest move within ten minutes; both moves stay in the history.

    Only what the move itself changed is put back; what went along is undone with it, and
    matters that it set going are withdrawn unless somebody worked on them.

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
        steps.put_back(row, latest.before)
        row.waits = steps.waiting(row, spec)
        records.derive(row, spec, row.data)

    flow = flow_of(spec)
    name = Move.objects.filter(matter_id=record_id, pk=move_id).values_list("name", flat=True)
    first = name.first() or ""
    right = rules.rights_for(flow, first)
    acting = _whose(viewer, record_id, move_id)
    row = records.rewrite(acting, kind, record_id, at, apply, action="undone", right=right)
    latest = undone[0]
    steps.append(viewer, as_matter(row), "undo", latest.went_to, at, undoes=latest)
    following.withdraw_spawned(steps.own(viewer), latest.before.get("spawned", []), at)
    for other_id, other_move in latest.before.get("along", []):
        other = Matter.objects.for_system("undone with it").get(pk=other_id)
        undo(steps.own(viewer), other.kind, other_id, other_move, at)
    return as_matter(row)


def _whose(viewer: Viewer, record_id: int, move_id: int) -> Viewer:
    """Return who undoes: who handed a matter away may still take it back."""
    mine = Move.objects.filter(
        matter_id=record_id, pk=move_id, account_id=viewer.account_id
    ).exists()
    return steps.own(viewer) if mine and viewer.account_id else viewer


def _undoable(viewer: Viewer, row: Matter, move_id: int, at: datetime) -> Move:
    """Return the move when it may be undone; the row is locked, so nobody is faster."""
    latest = latest_move(row)
    if latest is None or latest.pk != move_id or not latest.came_from or latest.undoes_id:
        raise UnableToUndo(records.Problem("", _("只能撤回最近的一步。")))
    if latest.account_id != viewer.account_id or not rules.may_undo(latest.at, at):
        raise UnableToUndo(records.Problem("", _("10分钟内由本人撤回。请改走下一步。")))
    if records.changed_since(row, latest.before["version"], steps.touched(latest.before)):
        raise UnableToUndo(records.Problem("", _("这一步填的内容后来又改过，不能撤回了。")))
    return latest


@transaction.atomic
def say(
    viewer: Viewer, kind: str, record_id: int, text: str, at: datetime, *, name: str = "said"
) -> Move:
    """Append a word of progress; the state stays.

    Raises:
        records.NotAllowed: The viewer may not change the matter.
        records.Refused: The text is empty or too long, or the matter was withdrawn.
    """
    if not text.strip():
        raise records.Refused(records.Problem("note", _("请写一句进展。")))
    spec = shapes.kind_of(kind)
    kept_words = steps.words(record_id, spec, text)
    rows = Matter.objects.seen_by(viewer, "change", kind, spec.sensitivity)
    row = rows.filter(kind=kind, pk=record_id).first()
    if row is None:
        raise records.NotAllowed(records.Problem("", _("没有修改这条记录的权限。")))
    records.refuse_withdrawn(row)
    trail.append(viewer, f"matter.{name}", f"{kind}:{row.code}", at)
    return steps.append(viewer, row, name, row.state, at, note=kept_words)
