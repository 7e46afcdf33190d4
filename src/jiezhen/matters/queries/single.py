"""One matter: its state, its moves, what may be done with it now."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.utils.translation import gettext as _

from jiezhen.matters import rules
from jiezhen.matters.facts import flow_of, values_of
from jiezhen.matters.models import Matter
from jiezhen.matters.models import Move as Step
from jiezhen.matters.queries.callers import barred
from jiezhen.matters.rules import apart
from jiezhen.packs.flows import Move
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Kind
from jiezhen.people import masking
from jiezhen.people.access import Viewer
from jiezhen.records import access, shapes, wording
from jiezhen.records.access import NoSuchRecord
from jiezhen.records.models import Row
from jiezhen.web.components import Event

#: The name under which undoing a move stands in the history.
UNDONE = "undo"
#: The name under which words of strangers and other systems stand in the history.
ADDED = "added"


def state_title(kind: Kind, state: str) -> str:
    """Return the title of a state of a kind's flow."""
    spec = flow_of(kind).states.get(state)
    return wording.title(spec) if spec else state


def matter_for(viewer: Viewer, code: str, kind: str = "") -> Matter:
    """Return the matter with a code; `kind` is needed where two kinds share one.

    Raises:
        NoSuchRecord: There is none, or it is not for this viewer.
    """
    some = [k for k in access.kinds(viewer, "matter") if kind in {"", k.name}]
    rows = access.rows_of_many(viewer, some)
    found = list(rows.select_related("unit").filter(code=code)[:2]) if rows is not None else []
    if not found and viewer.account_id:
        # Who reported a matter may follow it wherever it was handed.
        own = Matter.objects.for_system("one's own report").select_related("unit")
        mine = {k.name for k in some}
        found = list(
            own.filter(
                office_id=viewer.office_id,
                kind__in=mine,
                code=code,
                created_by_id=viewer.account_id,
            )[:2]
        )
    if len(found) != 1:
        raise NoSuchRecord(code)
    return found[0]  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Offered:
    """A move that this viewer may make now. `asks` says that a form comes first."""

    name: str
    title: str
    asks: bool
    move: Move


def offered(viewer: Viewer, row: Matter) -> list[Offered]:
    """Return the moves that the viewer may make with a matter now, in the pack's order."""
    kind = shapes.kind_of(row.kind)
    if row.withdrawn_at is not None:
        return []
    carried = row.merged_into_id is not None
    return [
        Offered(
            o.name,
            wording.title(o.move),
            bool(o.move.asks or o.move.reason or o.move.assigns),
            o.move,
        )
        for o in rules.moves_from(flow_of(kind), row.state, values_of(row))
        if any(viewer.may(r, row.kind, row.unit.path, kind.sensitivity) for r in o.move.by)
        # What carries it moves it; only its own caller can be asked by nobody else.
        if o.move.callers or not carried
    ]


def latest_move(row: Matter) -> Step | None:
    """Return the latest row of the history that moved the matter: a move, or an undoing."""
    names = [*flow_of(shapes.kind_of(row.kind)).moves, UNDONE]
    return row.moves.filter(name__in=names).order_by("-id").first()


@dataclass(frozen=True, slots=True)
class Undoable:
    """The latest move, while the one who made it may still take it back."""

    move_id: int
    title: str
    until: datetime


def undoable(viewer: Viewer, row: Matter, at: datetime) -> Undoable | None:
    """Return the move that the viewer may undo now."""
    latest = latest_move(row)
    if latest is None or not latest.came_from or latest.undoes_id is not None:
        return None
    if latest.account_id != viewer.account_id or not rules.may_undo(latest.at, at):
        return None
    title = move_title(shapes.kind_of(row.kind), latest.name)
    return Undoable(latest.pk, title, latest.at + rules.UNDO)


def move_title(kind: Kind, name: str) -> str:
    """Return the title of a move, those that every flow has among them."""
    said = _own_title(name)
    if said:
        return said
    flow = flow_of(kind)
    first, _dot, second = name.partition(".")
    request = flow.requests.get(second)
    if request is not None:
        return _ASKED[first]().format(what=wording.title(request))
    spec = flow.moves.get(name)
    return wording.title(spec) if spec else name


def _own_title(name: str) -> str:
    """Return the title of what every flow has; blank for the flow's own."""
    return {
        "opened": _("登记"),
        "said": _("进展"),
        "called": _("打电话"),
        ADDED: _("外部补充"),
        UNDONE: _("撤回一步"),
        "resumed": _("恢复"),
        "merged": _("并案"),
        "carried": _("并案"),
        "unmerged": _("取消并案"),
        "split": _("拆分"),
        "assigned": _("指定承办人"),
        "supervised": _("督办"),
    }.get(name, "")


_ASKED = {
    "ask": lambda: _("申请：{what}"),
    "decide": lambda: _("审批：{what}"),
    "drop": lambda: _("撤回申请：{what}"),
}


def events(viewer: Viewer, row: Row) -> list[Event]:
    """Return the moves of a matter for its timeline; nothing for other records."""
    if not isinstance(row, Matter):
        return []
    kind = shapes.kind_of(row.kind)
    moves = list(row.moves.exclude(name="opened").order_by("-id")[:200])
    undone = {m.undoes_id for m in moves if m.undoes_id}
    shut = barred(viewer, row)
    return [event_of(kind, m, undone=m.pk in undone, shut=shut) for m in moves]


def event_of(kind: Kind, move: Step, *, undone: bool, shut: bool = False) -> Event:
    """Return one move as a line of a timeline; numbers in its note are covered.

    `shut` covers addresses that came from outside: a picture tells whom the matter is about who
    took it.
    """
    title = move_title(kind, move.name)
    if not _own_title(move.name) and move.went_to != move.came_from:
        title = f"{title} → {state_title(kind, move.went_to)}"
    if undone:
        title += _("（已撤回）")
    note = masking.free_text(move.note)
    if shut and move.name == ADDED:
        note = apart.without_links(note)
    return Event(move.at, title, move.actor, note, quiet=undone or move.name == "undo")


def page_of(kind: str, code: str) -> str:
    """Return the address of a matter; the kind stands in it where two kinds share a prefix."""
    spec = shapes.kind_of(kind)
    twins = [k for k in catalogue().kinds_of("matter") if k.code == spec.code]
    plain = f"/matters/{quote(code, safe='')}"
    return (
        plain if len(twins) == 1 and code.startswith(f"{spec.code}-") else f"{plain}?kind={kind}"
    )


def list_of(kind: str) -> str:
    """Return the address of a kind of matter: its board when it is a long one, else its list."""
    spec = shapes.kind_of(kind)
    if rules.is_project(spec, spec.flow_spec):
        return f"/projects/{kind}"
    return f"/matters/kinds/{kind}"


def roof_of(kind: str) -> tuple[str, str]:
    """Return title and address of the page above a kind's list: 项目 or 事项."""
    spec = shapes.kind_of(kind)
    if rules.is_project(spec, spec.flow_spec):
        return _("项目"), "/projects"
    return _("事项"), "/matters"
