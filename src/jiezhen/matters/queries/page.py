"""What stands beside one matter: what was asked for, its family, who looks after it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.matters.facts import flow_of
from jiezhen.matters.models import Matter, Party, Request
from jiezhen.matters.queries.callers import may_see
from jiezhen.matters.queries.scope import rows_of
from jiezhen.matters.queries.single import state_title
from jiezhen.packs.flows import Request as Spec
from jiezhen.people.access import Viewer
from jiezhen.people.models import Account
from jiezhen.records import access, places, shapes, wording
from jiezhen.units import queries as units

#: Callers are repeated, and places, when they come again within this time.
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Requested:
    """One thing that was asked for; `may_decide` and `mine` say what this viewer may do with it."""

    id: int
    title: str
    reason: str
    words: str
    by: str
    at: datetime
    amount: str
    node: str
    waiting: bool
    granted: bool
    may_decide: bool
    mine: bool


def requests_of(viewer: Viewer, row: Matter) -> list[Requested]:
    """Return what was asked for with a matter, the latest first: one statement."""
    specs = flow_of(shapes.kind_of(row.kind)).requests
    found = Request.objects.filter(matter_id=row.pk).order_by("-id")[:20]
    return [_requested(viewer, row, r, specs[r.name]) for r in found if r.name in specs]


def _requested(viewer: Viewer, row: Matter, request: Request, spec: Spec) -> Requested:
    waiting = request.state == "asked"
    node = spec.nodes[request.node] if waiting and request.node < len(spec.nodes) else None
    mine = bool(viewer.account_id) and request.asked_by_id == viewer.account_id
    kind = shapes.kind_of(row.kind)
    may = node is not None and any(
        viewer.may(r, row.kind, row.unit.path, kind.sensitivity) for r in node.by
    )
    unit = units_of_time().get(spec.most.unit, "{n}") if spec.most else "{n}"
    return Requested(
        id=request.pk,
        title=wording.title(spec),
        reason=wording.reason(spec, request.reason),
        words=request.words,
        by=request.asked_by,
        at=request.asked_at,
        amount=unit.format(n=f"{request.amount:g}") if request.amount else "",
        node=wording.title(node) if node else "",
        waiting=waiting,
        granted=request.state == "granted",
        may_decide=may and not mine,
        mine=mine,
    )


def units_of_time() -> dict[str, str]:
    """Return how a length in each unit of time is written, with {n} in the place of the number."""
    return {
        "work_day": _("{n}个工作日"),
        "work_hour": _("{n}个工作小时"),
        "urgent_hour": _("{n}小时"),
        "calendar_day": _("{n}天"),
    }


def articles(viewer: Viewer, kind: str) -> list[tuple[str, str]]:
    """Return code and title of the articles of a duty list, which is open to the office."""
    rows = shapes.model_of(kind).objects.for_system("the duty list is open to the office")
    found = rows.filter(office_id=viewer.office_id, kind=kind, withdrawn_at=None)
    return list(found.order_by("code").values_list("code", "title")[:500])


@dataclass(frozen=True, slots=True)
class Relative:
    """A matter that belongs to another one."""

    how: str
    code: str
    title: str
    href: str
    state: str


def family(viewer: Viewer, row: Matter, at: datetime) -> list[Relative]:
    """Return the parent, the children, what carries a matter and what it carries.

    Only those that the viewer sees; one statement.
    """
    named = {row.parent_id: _("上级事项"), row.merged_into_id: _("已并入")}
    ids = [i for i in named if i is not None]
    rows = rows_of(viewer, access.kinds(viewer, "matter"), at)
    found = rows.filter(pk__in=ids) | rows.filter(parent_id=row.pk)
    found |= rows.filter(merged_into_id=row.pk)
    return [
        Relative(
            named.get(r.pk) or (_("并入的") if r.merged_into_id == row.pk else _("下级事项")),
            r.code,
            r.title or r.code,
            places.page(r.kind, r.code),
            state_title(shapes.kind_of(r.kind), r.state),
        )
        for r in found.order_by("id")[:50]
    ]


def children_told(viewer: Viewer, row: Matter, at: datetime) -> list[tuple[str, int]]:
    """Return how many of a matter's children are in which state, in words: one statement.

    An incident that called out eighty people shows here how many of them answered.
    """
    rows = rows_of(viewer, access.kinds(viewer, "matter"), at)
    rows = rows.filter(parent_id=row.pk, withdrawn_at=None)
    counts = rows.order_by().values_list("kind", "state").annotate(n=Count("id"))
    told: Counter[str] = Counter()
    for kind, state, n in counts:
        told[state_title(shapes.kind_of(kind), state)] += n
    return told.most_common()


def handler_of(row: Matter) -> str:
    """Return the name of who looks after a matter; blank for nobody."""
    if not row.handler_id:
        return ""
    return Account.objects.filter(pk=row.handler_id).values_list("name", flat=True).first() or ""


def colleagues(viewer: Viewer, row: Matter, at: datetime) -> list[tuple[str, str]]:
    """Return user name and name of everybody to whom a matter may be given."""
    return units.colleagues(viewer, row.unit.path, at)


def calls_of(viewer: Viewer, row: Matter, at: datetime) -> int:
    """Return how many matters the callers of a matter brought within a year, this one too.

    0 for viewers who may not know who called, and for callers without a number.
    """
    if not may_see(viewer, row):
        return 0
    fingers = Party.objects.filter(matter_id=row.pk).exclude(phone_finger="")
    return (
        Party.objects.filter(
            phone_finger__in=fingers.values("phone_finger"),
            matter__office_id=row.office_id,
            matter__withdrawn_at=None,
            at__gt=at - YEAR,
        )
        .values("matter_id")
        .distinct()
        .count()
    )


def at_this_place(viewer: Viewer, row: Matter, at: datetime) -> int:
    """Return how many matters of the kind came from the same place within a year, with this one."""
    if not row.cell:
        return 0
    rows = rows_of(viewer, [shapes.kind_of(row.kind)], at)
    since = clock.day_of(at - YEAR)
    return rows.filter(cell=row.cell, opened_on__gt=since, withdrawn_at=None).count()
