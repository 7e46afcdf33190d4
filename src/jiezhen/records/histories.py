"""What happened to a record: its own changes, and everything elsewhere that names it.

一户一档 and 一企一档 are this timeline: visits, services, cases and projects that point
at the household or firm through a link field stand in one line with its own changes.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiezhen.packs.schema import Field, Kind
from jiezhen.people.access import Viewer
from jiezhen.records import access, display, fields, lookups, panels, places, shapes, wording
from jiezhen.records.models import Change, Row
from jiezhen.trail import queries as trail
from jiezhen.web import formats
from jiezhen.web.components import Event

#: Kinds with those of their link fields that lead to one kind.
Kinds = list[tuple[Kind, tuple[str, ...]]]
#: Most events of a timeline and of one table in it; older ones are on the lists.
MOST = 200

SEEN = "records.record.seen"
REVEALED = "records.field.revealed"
_SYSTEM = {
    "_state": gettext_noop("状态"),
    "_unit_id": gettext_noop("单元"),
    "_opened_on": gettext_noop("开始日期"),
    "_closed_on": gettext_noop("结束日期"),
    "_due_on": gettext_noop("期限"),
    "_until": gettext_noop("至"),
    "_withdrawn_at": gettext_noop("撤回"),
}
_ACTIONS = {
    "changed": gettext_noop("修改"),
    "withdrawn": gettext_noop("撤回"),
    "brought_back": gettext_noop("恢复"),
    "moved": gettext_noop("流转"),
    "undone": gettext_noop("撤回一步"),
    "paused": gettext_noop("暂停"),
    "resumed": gettext_noop("恢复计时"),
    "extended": gettext_noop("延期"),
    "assigned": gettext_noop("指定承办人"),
    "supervised": gettext_noop("督办"),
    "merged": gettext_noop("并案"),
    "unmerged": gettext_noop("取消并案"),
}
#: Changes that the engine of matters tells in a timeline itself, in its own words.
_TOLD = frozenset(_ACTIONS) - {"changed", "withdrawn", "brought_back"}
_SOURCES = {
    "form": gettext_noop("登记"),
    "import": gettext_noop("导入"),
    "api": gettext_noop("接口登记"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that a change altered, in words; personal values masked."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a record."""

    at: datetime
    actor: str
    action: str
    why: str
    version: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """One time that somebody opened a record or had a field of it shown."""

    at: datetime
    actor: str
    what: str
    why: str


def history(viewer: Viewer, row: Row) -> list[Step]:
    """Return the changes of a record, newest first. The caller has the record from a query."""
    kind = shapes.kind_of(row.kind)
    found = Change.objects.filter(
        office_id=viewer.office_id, kind=row.kind, record_id=row.pk
    ).order_by("-version")[:MOST]
    return [
        Step(
            c.at,
            c.actor,
            _(_ACTIONS.get(c.action, c.action)),
            c.why,
            c.version,
            tuple(_differences(kind, c)),
        )
        for c in found
    ]


def _differences(kind: Kind, change: Change) -> list[Difference]:
    found = []
    for name in sorted(change.before.keys() | change.after.keys(), key=_order(kind)):
        if name.endswith(fields.HASH):
            continue
        spec = kind.fields.get(name)
        if spec is None and name not in _SYSTEM:
            continue
        title = wording.title(spec) if spec else _(_SYSTEM[name])
        before, after = (
            _text(kind, name, spec, side.get(name)) for side in (change.before, change.after)
        )
        found.append(Difference(title, before, after))
    return found


def _order(kind: Kind) -> Any:
    names = list(kind.fields)
    return lambda name: names.index(name) if name in names else len(names)


def _text(kind: Kind, name: str, spec: Field | None, stored: Any) -> str:
    if spec is None:
        if name == "_state":
            return display.state_title(kind, str(stored or ""))
        return formats.moment(display.day_of(stored)) if stored else ""
    return display.stored_value(kind.name, name, spec, stored).text


def timeline(viewer: Viewer, row: Row) -> list[Event]:
    """Return what happened to and around a record, newest first, at most `MOST` events."""
    # Of equal moments the later told come first: what was registered stands at the foot.
    linked = [_event(other) for other in naming(viewer, row)]
    events = [*panels.events(viewer, row), *linked, *_own(viewer, row)]
    return sorted(events, key=_when, reverse=True)[:MOST]


def _when(event: Event) -> tuple[str, str]:
    if isinstance(event.at, datetime):
        local = event.at.astimezone(formats.ZONE)
        return local.date().isoformat(), local.isoformat()
    return event.at.isoformat(), ""


def _own(viewer: Viewer, row: Row) -> list[Event]:
    found = []
    told_elsewhere = {_(_ACTIONS[name]) for name in _TOLD}
    for step in history(viewer, row):
        if step.action in told_elsewhere:
            continue
        names = "、".join(d.title for d in step.differences)
        title = f"{step.action} {names}" if names else step.action
        found.append(Event(step.at, title, step.actor, step.why, quiet=True))
    told = _(_SOURCES.get(row.source, "登记"))
    return [*found, Event(row.created_at, told, quiet=True)]


def linking(viewer: Viewer, kind: str) -> Kinds:
    """Return the kinds that the viewer sees and whose link fields lead to a kind."""
    found = []
    for other in access.kinds(viewer):
        names = tuple(n for n, f in other.fields.items() if f.type == "link" and f.to == kind)
        if names:
            found.append((other, names))
    return found


def naming(viewer: Viewer, row: Row, kinds: Kinds | None = None, most: int = MOST) -> list[Row]:
    """Return the records that name this one: one statement for each table that holds any.

    `kinds` are kinds with their links, as `linking` returns them; all of them when left out.
    """
    by_shape: dict[str, Kinds] = {}
    for kind, names in linking(viewer, row.kind) if kinds is None else kinds:
        by_shape.setdefault(kind.shape, []).append((kind, names))
    named: list[Row] = []
    for some in by_shape.values():
        rows = access.rows_of_many(viewer, [kind for kind, _names in some])
        if rows is None:
            continue
        aliases = {n: f"l{i}" for i, n in enumerate(sorted({n for _k, ns in some for n in ns}))}
        rows = rows.alias(**{a: lookups.WholeValue(n) for n, a in aliases.items()})
        condition = Q(pk__in=[])
        for kind, names in some:
            by_link = Q(pk__in=[])
            for name in names:
                by_link |= Q(**{aliases[name]: row.pk})
            condition |= Q(kind=kind.name) & by_link
        found = rows.filter(condition, withdrawn_at=None).select_related("unit")
        named += found.order_by("-on", "-id")[:most]
    return named


def _event(other: Row) -> Event:
    """Return another record as one line: 走访 夏季看望, and its state or first words below."""
    kind = shapes.kind_of(other.kind)
    at: date | datetime = other.on or other.created_at
    state = getattr(other, "state", "")
    text = display.state_title(kind, state) if state else _first_words(other, kind)
    title = wording.title(kind)
    dated = other.on is not None and other.title == other.on.isoformat()
    if other.title and not dated:
        title += f" {other.title}"
    return Event(at, title, href=places.page(other.kind, other.code), text=text, source=other.code)


def _first_words(row: Row, kind: Kind) -> str:
    """Return the beginning of a record's first text that its title does not show."""
    for name, spec in kind.fields.items():
        if spec.type == "text" and "{" + name + "}" not in kind.label and row.data.get(name):
            text = display.field_value(row, name, spec).text
            return text if len(text) <= 60 else text[:60] + "…"
    return ""


def looks(viewer: Viewer, row: Row) -> list[Look]:
    """Return who opened a record or had a field shown, newest first."""
    kind = shapes.kind_of(row.kind)
    entries = trail.about(viewer, f"{row.kind}:{row.code}").filter(action__in=[SEEN, REVEALED])
    found = []
    for entry in entries.order_by("-id")[:MOST]:
        name = (entry.after or {}).get("field", "")
        spec = kind.fields.get(name)
        what = _("看了{title}").format(title=wording.title(spec)) if spec else _("打开")
        found.append(Look(entry.at, entry.actor, what, entry.why))
    return found
