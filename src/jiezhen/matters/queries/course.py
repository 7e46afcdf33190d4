"""The whole course of a matter and of those that name it, as a list in the order of time."""

from dataclasses import dataclass
from datetime import datetime

from jiezhen.matters.models import Matter
from jiezhen.matters.models import Move as Step
from jiezhen.matters.queries.callers import barred
from jiezhen.matters.queries.single import event_of
from jiezhen.people.access import Viewer
from jiezhen.records import histories, shapes

#: Most matters that name one; a call-out of a whole office stays well below.
MOST = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done: when, with which matter, what, by whom, in which words."""

    at: datetime
    code: str
    title: str
    what: str
    who: str
    text: str


def course(viewer: Viewer, row: Matter) -> list[Line]:
    """Return what was done with a matter and with those that name it, the first deed first.

    Of the others only what the viewer may take out. One statement for the matters, one for what
    was done.
    """
    rows = {row.pk: row} | {other.pk: other for other in _naming(viewer, row)}
    steps = list(Step.objects.filter(matter_id__in=rows).order_by("at", "id"))
    undone = {s.undoes_id for s in steps if s.undoes_id}
    shut = {pk: barred(viewer, other) for pk, other in rows.items()}
    return [
        _line(rows[s.matter_id], s, undone=s.pk in undone, shut=shut[s.matter_id]) for s in steps
    ]


def _naming(viewer: Viewer, row: Matter) -> list[Matter]:
    kinds = [
        (kind, names)
        for kind, names in histories.linking(viewer, row.kind)
        if kind.shape == "matter"
    ]
    found = histories.naming(viewer, row, kinds, MOST)
    return [other for other in found if isinstance(other, Matter) and may_take_out(viewer, other)]


def may_take_out(viewer: Viewer, row: Matter) -> bool:
    """Say whether the viewer may take what a matter tells out as a file."""
    sensitivity = shapes.kind_of(row.kind).sensitivity
    return viewer.may("export", row.kind, row.unit.path, sensitivity)


def _line(row: Matter, step: Step, *, undone: bool, shut: bool) -> Line:
    event = event_of(shapes.kind_of(row.kind), step, undone=undone, shut=shut)
    return Line(step.at, row.code, row.title or row.code, event.title, event.who, event.text)
