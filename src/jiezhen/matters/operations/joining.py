"""Merge matters that are one, take a merge back, split one that is several."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.matters.facts import as_matter, filled_later
from jiezhen.matters.models import Matter, Party
from jiezhen.matters.operations import intake, steps
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.records import shapes
from jiezhen.records.models import Row
from jiezhen.units import queries as units

#: Most matters that are merged or split off at once.
MOST = 100


class UnableToJoin(records.Refused):
    """The matters cannot be merged or split; the message says why."""


def _refuse(message: str) -> None:
    raise UnableToJoin(records.Problem("", message))


@transaction.atomic
def merge(viewer: Viewer, kind: str, into_id: int, ids: Sequence[int], at: datetime) -> Matter:
    """Let one matter carry others of its kind: they go along with its moves.

    Every one keeps its number, its caller, its clocks and its place in the figures; its own
    answer goes to its own caller, and what the caller of the main one answers is not theirs. Chains are flattened: what a carried one carried is carried too.

    Raises:
        records.NotAllowed: The viewer may not change one of them.
        UnableToJoin: One is closed, withdrawn, of another kind, or the main one is carried itself.
    """
    spec = shapes.kind_of(kind)
    others = [i for i in dict.fromkeys(ids) if i != into_id]
    if not others or len(others) > MOST:
        _refuse(_("请选要并入的事项，一次最多{n}件。").format(n=MOST))
    rows = Matter.objects.seen_by(viewer, "change", kind, spec.sensitivity)
    found = {
        r.pk: r
        for r in rows.select_for_update(of=("self",))
        .filter(kind=kind, pk__in=[into_id, *others])
        .order_by("pk")
    }
    if len(found) != len(others) + 1:
        raise records.NotAllowed(
            records.Problem("", _("有的事项没有权限，或者类型不同，不能并案。"))
        )
    main = found[into_id]
    for row in found.values():
        if row.closed_on is not None or row.withdrawn_at is not None:
            _refuse(_("{code}已经办结或撤回，不能并案。").format(code=row.code))
    if main.merged_into_id is not None:
        _refuse(_("{code}自己已并入另一件，请选那一件。").format(code=main.code))
    below = Matter.objects.for_system("carried by a carried one").filter(merged_into_id__in=others)
    for row in [*(found[i] for i in others), *below]:
        _carry(viewer, row, main, at)
    steps.append(
        viewer, main, "merged", main.state, at,
        note=_("并入{n}件").format(n=len(others)),
    )  # fmt: skip
    return as_matter(main)


def _carry(viewer: Viewer, row: Matter, main: Matter, at: datetime) -> None:
    if row.merged_into_id == main.pk:
        return

    def apply(given: Row) -> None:
        as_matter(given).merged_into_id = main.pk

    changed = records.rewrite(
        steps.own(viewer), row.kind, row.pk, at, apply, action="merged", why=main.code
    )
    note = _("并入{code}").format(code=main.code)
    steps.append(viewer, as_matter(changed), "carried", row.state, at, note=note)


@transaction.atomic
def unmerge(viewer: Viewer, kind: str, record_id: int, at: datetime, *, note: str = "") -> Matter:
    """Let a carried matter go its own way again, from the state in which it is.

    Raises:
        records.NotAllowed: The viewer may not change it.
        UnableToJoin: It is not carried.
    """

    def apply(given: Row) -> None:
        row = as_matter(given)
        if row.merged_into_id is None:
            _refuse(_("这件没有并案。"))
        row.merged_into_id = None

    row = as_matter(records.rewrite(viewer, kind, record_id, at, apply, action="unmerged"))
    steps.append(viewer, row, "unmerged", row.state, at, note=note)
    return row


@dataclass(slots=True)
class Part:
    """One part that is split off: the values that differ from the whole, and its unit."""

    values: dict[str, Any] = field(default_factory=dict)
    unit: str = ""


@transaction.atomic
def split(
    viewer: Viewer, kind: str, record_id: int, parts: Sequence[Part], at: datetime
) -> list[Matter]:
    """Split parts off a matter; each is a child of its own and keeps the caller.

    Raises:
        records.NotAllowed: The viewer may not change it.
        records.Refused: Values of a part are wrong.
        UnableToJoin: It is closed, or there are no parts.
    """
    spec = shapes.kind_of(kind)
    rows = Matter.objects.seen_by(viewer, "change", kind, spec.sensitivity)
    found = rows.select_for_update(of=("self",)).filter(kind=kind, pk=record_id).first()
    if found is None:
        raise records.NotAllowed(records.Problem("", _("没有修改这条记录的权限。")))
    row = as_matter(found)
    if row.closed_on is not None or row.withdrawn_at is not None:
        _refuse(_("{code}已经办结或撤回，不能拆分。").format(code=row.code))
    if not parts or len(parts) > MOST:
        _refuse(_("请写拆成哪几件，一次最多{n}件。").format(n=MOST))
    drafts = [_draft(viewer, row, part, at) for part in parts]
    made = records.create_many(steps.own(viewer), kind, drafts, at, source="split")
    people = list(Party.objects.filter(matter_id=row.pk))
    Party.objects.bulk_create(
        [_copy(person, child.pk) for child in made for person in people], batch_size=500
    )
    note = _("拆出{codes}").format(codes="、".join(c.code for c in made))[:1000]
    steps.append(viewer, row, "split", row.state, at, note=note)
    return [as_matter(child) for child in made]


def _draft(viewer: Viewer, row: Matter, part: Part, at: datetime) -> records.Draft:
    spec = shapes.kind_of(row.kind)
    tree = units.tree(row.office_id, at)
    given, problems = records.read_values(
        spec, part.values, records.context_for(viewer, at), partly=True
    )
    unit = tree.named(part.unit) if part.unit else tree.unit(row.unit_id)
    if unit is None:
        problems.append(
            records.Problem("unit", _("没有单元“{unit}”。").format(unit=part.unit[:40]))
        )
    if problems or unit is None:
        raise records.Refused(*problems)
    # What moves and clocks filled is of the whole: a part has not been called about or answered.
    # Files stay with the record that has them; only it can open them.
    own = {*spec.key, *filled_later(spec), *(n for n, f in spec.kept.items() if f.type == "file")}
    values = {n: v for n, v in row.data.items() if n in spec.kept and n not in own} | given
    # It has the caller of the whole, whoever it is about now.
    found = intake.Intake(
        tree, parent_id=row.pk, keep_unit=bool(part.unit), subjects=list(row.subjects)
    )
    return records.Draft(unit, values, {intake.KEY: found})


def _copy(person: Party, matter_id: int) -> Party:
    return Party(
        matter_id=matter_id,
        role=person.role,
        name=person.name,
        phone=person.phone,
        phone_finger=person.phone_finger,
        id_number=person.id_number,
        address=person.address,
        said=person.said,
        at=person.at,
    )
