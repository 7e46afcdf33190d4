"""Who looks after a matter: assign it, press for it, note a call."""

from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.matters import rules
from jiezhen.matters.facts import as_matter, flow_of, values_of
from jiezhen.matters.models import Matter
from jiezhen.matters.operations import moving, steps
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.records import shapes
from jiezhen.records.models import Row
from jiezhen.trail import operations as trail
from jiezhen.units import queries as units

Outcome = Literal["reached", "missed", "wrong"]


@transaction.atomic
def assign(viewer: Viewer, kind: str, record_id: int, at: datetime, *, handler: str) -> Matter:
    """Give a matter to a person of its unit, or with a blank name to nobody.

    `handler` is a user name. The unit changes by a move that assigns, never here.

    Raises:
        records.NotAllowed: The viewer may not change it.
        records.Refused: Nobody of that name works in or above the unit.
    """
    spec = shapes.kind_of(kind)
    names: list[str] = []

    def apply(given: Row) -> None:
        row = as_matter(given)
        if not handler:
            row.handler_id = 0
            return
        person = units.colleague(viewer, handler, row.unit.path, at)
        if person is None:
            problem = _("“{name}”不在这个单元，请从清单里选。").format(name=handler[:40])
            raise records.Refused(records.Problem("handler", problem))
        row.handler_id = person[0]
        names.append(person[1])

    row = as_matter(records.rewrite(viewer, spec.name, record_id, at, apply, action="assigned"))
    note = names[0] if names else _("不指定人")
    steps.append(viewer, row, "assigned", row.state, at, note=note)
    return row


@transaction.atomic
def supervise(viewer: Viewer, kind: str, record_id: int, at: datetime, *, words: str) -> Matter:
    """Press for a matter (督办): it is marked, its unit's heads are told.

    Raises:
        records.NotAllowed: The viewer does not hold the right `matters.supervise` here.
        records.Refused: No words are given, or it is closed.
    """
    spec = shapes.kind_of(kind)
    said = steps.words(record_id, spec, words)
    if not said:
        raise records.Refused(records.Problem("words", _("请写督办要求。")))

    def apply(given: Row) -> None:
        row = as_matter(given)
        records.refuse_withdrawn(row)
        if row.closed_on is not None:
            raise records.Refused(records.Problem("", _("已经办结，不用督办。")))
        row.supervised_at = at

    row = as_matter(
        records.rewrite(
            viewer, kind, record_id, at, apply,
            action="supervised", why=said[:400], right="matters.supervise",
        )
    )  # fmt: skip
    steps.append(viewer, row, "supervised", row.state, at, note=said)
    return row


@transaction.atomic
def contact(  # noqa: PLR0913  # one call, told in full
    viewer: Viewer,
    kind: str,
    record_id: int,
    outcome: Outcome,
    at: datetime,
    *,
    words: str = "",
) -> Matter:
    """Note a call to the caller; reaching them makes the move that meets the contact clock.

    Raises:
        records.NotAllowed: The viewer may not change it.
        records.Refused: The outcome is none of the three.
    """
    titles = {"reached": _("接通"), "missed": _("没接"), "wrong": _("号码不对")}
    if outcome not in titles:
        raise records.Refused(records.Problem("outcome", _("请选接通、没接或号码不对。")))
    spec = shapes.kind_of(kind)
    rows = Matter.objects.seen_by(viewer, "change", kind, spec.sensitivity)
    rows = rows.select_for_update(of=("self",)).select_related("unit")
    found = rows.filter(kind=kind, pk=record_id).first()
    if found is None:
        raise records.NotAllowed(records.Problem("", _("没有修改这条记录的权限。")))
    row = as_matter(found)
    name = contact_move(row) if outcome == "reached" else ""
    if not name:
        said = titles[outcome] + (f"：{words.strip()}" if words.strip() else "")
        moving.say(viewer, kind, record_id, said, at, name="called")
        return row
    wanted = flow_of(spec).moves[name]
    now = steps.said("$now", at)
    values = {n: now for n in wanted.asks if spec.fields[n].type == "time"}
    trail.append(viewer, "matter.called", f"{kind}:{row.code}", at)
    return moving.move(
        viewer, kind, record_id, name, values, at, note=words.strip() or titles["reached"]
    )


def note_export(viewer: Viewer, lines: int, at: datetime) -> None:
    """Write down that lines of the queue were taken out as a file.

    Raises:
        records.NotAllowed: The viewer may export nothing.
    """
    if not viewer.may("export"):
        raise records.NotAllowed(records.Problem("", _("没有导出的权限。")))
    trail.append(viewer, "matters.exported", "matters", at, after={"count": lines})


def note_course(viewer: Viewer, row: Matter, lines: int, at: datetime) -> None:
    """Write down that the course of one matter was taken out as a file."""
    said = {"count": lines}
    trail.append(viewer, "matters.course.exported", f"{row.kind}:{row.code}", at, after=said)


def contact_move(row: Matter) -> str:
    """Return the move that reaching the caller makes now; blank when there is none."""
    kind = shapes.kind_of(row.kind)
    flow = flow_of(kind)
    offered = {o.name for o in rules.moves_from(flow, row.state, values_of(row))}
    return next((n for n in rules.by_call(kind, flow) if n in offered), "")
