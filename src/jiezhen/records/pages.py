"""A record's page put into the components of the design system.

Every engine's page of a record is made here; an engine adds what is its own (the moves
of a matter, say) and renders a template that extends `records/record.html`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiezhen.packs.schema import Field, Kind
from jiezhen.people.access import Viewer
from jiezhen.records import (
    columns,
    display,
    fields,
    histories,
    panels,
    places,
    reveals,
    shapes,
    wording,
)
from jiezhen.records.models import Row
from jiezhen.web import components as web
from jiezhen.web import formats

_LABELS = {
    "phone": gettext_noop("看号码并记录"),
    "id_number": gettext_noop("看证件号并记录"),
    "person": gettext_noop("看姓名并记录"),
}


@dataclass(frozen=True, slots=True)
class RecordPage:
    """What `records/record.html` shows; the names are those of `web/record.html`."""

    title: str
    kind: Kind
    row: Row
    here: str
    facts: tuple[web.Fact, ...]
    events: tuple[web.Event, ...]
    panels: tuple[panels.Panel, ...]
    crumbs: tuple[web.Crumb, ...]
    lede: str = ""
    actions: tuple[web.Action, ...] = ()
    withdrawn: str = ""
    bring_back: web.Action | None = None
    refusal: str = ""
    looked: str = ""
    opened_until: datetime | None = None
    may_change: bool = False


def record_page(
    viewer: Viewer,
    row: Row,
    at: datetime,
    opened: reveals.Opened | None = None,
    omit: Collection[str] = (),
) -> RecordPage:
    """Return everything that the page of a record shows; `omit` names fields shown elsewhere."""
    kind = shapes.kind_of(row.kind)
    here = places.general_page(row.kind, row.code)
    open_now = opened if opened is not None and opened.covers(row, at) else None
    may_reveal = reveals.may(viewer, row)
    change = viewer.may("change", row.kind, row.unit.path, kind.sensitivity)
    covered = any(row.data.get(name) for name in kind.personal)
    return RecordPage(
        title=row.title or row.code,
        kind=kind,
        row=row,
        here=here,
        facts=tuple(_facts(viewer, row, kind, may_reveal, open_now, omit)),
        events=tuple(histories.timeline(viewer, row)),
        panels=tuple(panels.panels(viewer, row, at)),
        crumbs=crumbs(kind, row),
        lede=f"{row.code} · {row.unit.title}",
        actions=_actions(here, row) if change else (),
        withdrawn=_withdrawn(row),
        bring_back=web.Action(_("恢复"), f"{here}/bring-back", post=True)
        if change and row.withdrawn_at
        else None,
        refusal=reveals.refusal(_("姓名和电话")) if covered and not may_reveal else "",
        looked=_looked(viewer, row, at) if kind.personal else "",
        opened_until=open_now.until if open_now else None,
        may_change=change,
    )


def crumbs(kind: Kind, row: Row | None = None, title: str = "") -> tuple[web.Crumb, ...]:
    """Return the path to a record, or to a page below it."""
    title_above, above = places.roof(kind.name)
    found = [
        web.Crumb(title_above, above),
        web.Crumb(wording.title(kind), places.listing(kind.name)),
    ]
    if row is not None:
        href = places.page(row.kind, row.code) if title else ""
        found.append(web.Crumb(row.title or row.code, href))
    if title:
        found.append(web.Crumb(title))
    return tuple(found)


def _actions(here: str, row: Row) -> tuple[web.Action, ...]:
    if row.withdrawn_at is not None:
        return ()
    return (web.Action(_("修改"), f"{here}/edit"), web.Action(_("撤回"), f"{here}/withdraw"))


def _withdrawn(row: Row) -> str:
    if row.withdrawn_at is None:
        return ""
    return _("这条在{when}撤回了，不再计入任何数。").format(when=formats.moment(row.withdrawn_at))


def _facts(
    viewer: Viewer,
    row: Row,
    kind: Kind,
    may_reveal: bool,
    opened: reveals.Opened | None,
    omit: Collection[str],
) -> list[web.Fact]:
    links = display.links_of(viewer, display.wanted_links([row], kind.fields.items()))
    found = [web.Fact(_("编号"), row.code), web.Fact(_("单元"), row.unit.title)]
    wanted = {name: spec for name, spec in kind.kept.items() if name not in omit}
    blank = [wording.title(s) for n, s in wanted.items() if row.data.get(n) in (None, "", [])]
    for name, spec in wanted.items():
        if row.data.get(name) in (None, "", []):
            continue
        if spec.type in fields.PERSONAL:
            found.append(_personal(row, name, spec, may_reveal, opened))
        else:
            value = display.field_value(row, name, spec, links)
            found.append(web.Fact(wording.title(spec), value.text, value.href))
    found += _system_facts(row, kind)
    return [*found, web.Fact(_("没有填的"), "、".join(blank))] if blank else found


def _system_facts(row: Row, kind: Kind) -> list[web.Fact]:
    named = columns.columns_of(kind)
    # A kind with a date of its own tells by that when it began.
    told = {"on", "opened_on"} if kind.on in kind.fields else {"on"}
    own = [n for n in shapes.shape_of(kind.name).columns if n not in {*kind.fields, *told}]
    values = [
        (named[n].title, display.system_value(row, named[n]).text) for n in own if n in named
    ]
    return [web.Fact(title, text) for title, text in values if text]


def _personal(
    row: Row, name: str, spec: Field, may_reveal: bool, opened: reveals.Opened | None
) -> web.Fact:
    title = wording.title(spec)
    if opened is not None and opened.field == name:
        return web.Fact(title, display.field_value(row, name, spec, masked=False).text)
    masked = display.field_value(row, name, spec).text
    if not may_reveal:
        return web.Fact(title, masked=web.Masked(masked))
    here = places.general_page(row.kind, row.code)
    return web.Fact(
        title,
        masked=web.Masked(
            masked, f"{here}/reveal", _(_LABELS[spec.type]), reveals.reasons(), {"field": name}
        ),
    )


def _looked(viewer: Viewer, row: Row, at: datetime) -> str:
    """Return how many people looked at the record today."""
    looks = histories.looks(viewer, row)
    today = at.date()
    people = {look.actor for look in looks if look.at.astimezone(at.tzinfo).date() == today}
    return _("谁看过：今天{n}人").format(n=len(people))


def session_opened(kept: Mapping[str, Any] | None) -> reveals.Opened | None:
    """Return what a session says is open; None for anything else that lies there."""
    if not isinstance(kept, Mapping):
        return None
    try:
        return reveals.Opened(
            str(kept["kind"]),
            int(kept["id"]),
            str(kept["field"]),
            datetime.fromisoformat(kept["until"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def kept_in_session(opened: reveals.Opened) -> dict[str, Any]:
    """Return what is open in the form that a session keeps; it holds no value."""
    return {
        "kind": opened.kind,
        "id": opened.record_id,
        "field": opened.field,
        "until": opened.until.isoformat(),
    }
