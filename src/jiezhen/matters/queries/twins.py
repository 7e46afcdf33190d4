"""Likely doubles of a matter before it is filed, and of one that is: one statement."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.matters.models import Matter, Party
from jiezhen.matters.queries import places
from jiezhen.matters.queries.callers import subject_of
from jiezhen.matters.queries.single import state_title
from jiezhen.matters.rules import twins as rules
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.people.scoping import scope_text
from jiezhen.records import fields, sealing, shapes
from jiezhen.records import operations as records
from jiezhen.records.places import page
from jiezhen.units import queries as units
from jiezhen.units.queries import Tree

#: Most matters around a place that are compared; the newest first.
COMPARED = 60
#: Most likely doubles that are shown.
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Twin:
    """One likely double. For the public it has no code, no title and no address."""

    id: int
    code: str
    title: str
    href: str
    state: str
    opened_on: date
    closed: bool
    score: float
    why: str
    merged: bool = False


def twins(  # noqa: PLR0913  # what is filed, where, by whom
    viewer: Viewer,
    kind: Kind,
    values: Mapping[str, Any],
    at: datetime,
    *,
    phone: str = "",
    but: int = 0,
    public: bool = False,
) -> list[Twin]:
    """Return likely doubles among the matters that the viewer sees, the likeliest first.

    `values` are plain; `phone` finds what the same caller said, for those who may know. With
    `public` all matters of the office are compared and nothing that tells them apart is given.
    """
    spec = kind.twins
    if spec is None:
        return []
    new, cells = _candidate(viewer, kind, values, at)
    since = clock.day_of(at) - timedelta(days=spec.days)
    knows = bool(phone) and not public and viewer.may("parties.see", kind.name)
    rows = _near(viewer, kind, cells, since, phone if knows else "", public=public)
    tree = units.tree(viewer.office_id, at)
    alike = [
        (_likeness(kind, new, row, spec.metres, _known_caller(viewer, kind, row, tree)), row)
        for row in rows
        if row["id"] != but
    ]
    likely = [(one, row) for one, row in alike if one.score >= rules.LIKELY]
    likely.sort(key=lambda pair: (-pair[0].score, -pair[1]["id"]))
    return [_twin(kind, row, one, public) for one, row in likely[:SHOWN]]


_COLUMNS = (
    "id",
    "code",
    "title",
    "state",
    "opened_on",
    "closed_on",
    "merged_into_id",
    "data",
    "lon",
    "lat",
    "cell",
    "unit_id",
    "subjects",
)
_MATTERS, _PARTIES = Matter._meta.db_table, Party._meta.db_table
_UNITS = Matter._meta.get_field("unit").related_model._meta.db_table
_SELECT = "SELECT " + ", ".join(f"m.{name}" for name in _COLUMNS)
_UNIT = f" JOIN {_UNITS} u ON u.id = m.unit_id"
_HELD = " WHERE m.office_id = %s AND m.kind = %s AND m.withdrawn_at IS NULL"


def _near(  # noqa: PLR0913, PLR0917  # what is looked for, and for whom
    viewer: Viewer, kind: Kind, cells: list[str], since: date, phone: str, *, public: bool
) -> list[dict[str, Any]]:
    """Return the newest matters near a place and, with a phone, of the same caller.

    The text is fixed, because it runs with every matter that comes in and putting it together
    by query sets cost a third of the whole intake.
    """
    # The public is told of all, but without what tells them apart.
    scope = ("", []) if public else _scope(viewer, kind)
    if scope is None or not (cells or phone):
        return []
    held = _HELD + (f" AND {scope[0]}" if scope[0] else "")
    asked: list[Any] = [viewer.office_id, kind.name, *scope[1]]
    parts, values = [], []
    if cells:
        marks = ", ".join(["%s"] * len(cells))
        near = f" AND m.cell IN ({marks}) AND m.opened_on >= %s"
        parts.append(f"{_SELECT}, 0 FROM {_MATTERS} m{_by('matter_cell')}{_UNIT}{held}{near}")
        values += [*asked, *cells, since, COMPARED]
    if phone:
        callers = f" JOIN {_PARTIES} p{_by('party_phone')} ON p.matter_id = m.id"
        same = " AND p.phone_finger = %s"
        parts.append(f"{_SELECT}, 1 FROM {_MATTERS} m{callers}{_UNIT}{held}{same}")
        values += [*asked, sealing.finger(phone), COMPARED]
    limit = "ORDER BY m.id + 0 DESC LIMIT %s"
    newest = [f"SELECT * FROM ({part} {limit}) newest" for part in parts]  # noqa: S608  # our text
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(newest), values)
        told = cursor.fetchall()
    # One that is both near and of the same caller comes twice; the caller's is kept.
    told.sort(key=lambda row: row[-1])
    rows = {row[0]: dict(zip((*_COLUMNS, "same"), row, strict=True)) for row in told}
    for row in rows.values():
        row["data"], row["subjects"] = json.loads(row["data"]), json.loads(row["subjects"])
        row["opened_on"], row["closed_on"] = (
            clock.as_day(row["opened_on"]),
            clock.as_day(row["closed_on"]),
        )
    return list(rows.values())


def _by(index: str) -> str:
    """Name the index for SQLite, which without counts believes that an office has ten matters."""
    return f" INDEXED BY {index}" if connection.vendor == "sqlite" else ""


def _scope(viewer: Viewer, kind: Kind) -> tuple[str, list[str]] | None:
    return scope_text(viewer, "see", kind.name, kind.sensitivity, "u.path")


def of(viewer: Viewer, row: Matter, at: datetime) -> list[Twin]:
    """Return likely doubles of a matter that was filed, without itself."""
    kind = shapes.kind_of(row.kind)
    return twins(viewer, kind, row.data, at, but=row.pk)


def before(viewer: Viewer, kind: Kind, raw: Mapping[str, Any], at: datetime) -> list[Twin]:
    """Return likely doubles of raw values, those of a half-filled form or of a machine.

    What cannot be read is not compared; nor is what nobody compares even read.
    """
    spec = kind.twins
    phones = [n for n in kind.parties if kind.fields[n].type == "phone"]
    told = {*phones, places.field_of(kind), *((spec.category, *spec.text) if spec else ())}
    wanted = {n: v for n, v in raw.items() if n in told and n in kind.fields}
    plain, _unread = records.read_values(
        kind, wanted, records.context_for(viewer, at), partly=True
    )
    values = {n: v for n, v in plain.items() if v is not None}
    phone = next((str(values[n]) for n in phones if n in values), "")
    return twins(viewer, kind, values, at, phone=phone)


def changeable(viewer: Viewer, kind: Kind, some: list[Twin]) -> frozenset[int]:
    """Return the ids of the doubles that are still worked on and that the viewer may add to."""
    ids = [t.id for t in some if not t.closed and not t.merged]
    rows = Matter.objects.seen_by(viewer, "change", kind.name, kind.sensitivity)
    return frozenset(rows.filter(pk__in=ids).values_list("pk", flat=True)) if ids else frozenset()


def _candidate(
    viewer: Viewer, kind: Kind, values: Mapping[str, Any], at: datetime
) -> tuple[rules.Candidate, list[str]]:
    """Return what is compared; an address of the register has its door's point, as once filed."""
    spec = kind.twins
    name = places.field_of(kind)
    place = values.get(name) if name else None
    place = place if isinstance(place, dict) else {"text": place or ""}
    text = str(place.get("text") or "")
    found = places.where(viewer.office_id, text, place.get("lon"), place.get("lat"), at)
    lon, lat = found.lon, found.lat
    point = (lon, lat) if lon is not None and lat is not None else None
    category = str(values.get(spec.category) or "") if spec and spec.category else ""
    cells = rules.cells(lon, lat, text, spec.metres if spec else 0)
    return rules.Candidate(point, category, _words(kind, values)), cells


def _words(kind: Kind, values: Mapping[str, Any]) -> str:
    names = kind.twins.text if kind.twins else ()
    return " ".join(str(values.get(n) or "") for n in names)


def _known_caller(viewer: Viewer, kind: Kind, row: dict[str, Any], tree: Tree) -> bool:
    """Say whether it is the same caller, and the viewer may know."""
    if not row["same"]:
        return False
    unit = tree.unit(row["unit_id"])
    path = unit.path if unit else ""
    barred = subject_of(viewer, row["subjects"], tree)
    return not barred and viewer.may("parties.see", kind.name, path)


def _likeness(
    kind: Kind, new: rules.Candidate, row: dict[str, Any], metres: int, same_caller: bool
) -> rules.Likeness:
    point = (row["lon"], row["lat"]) if row["lon"] is not None else None
    old = rules.Candidate(
        point, _category(kind, row), _words(kind, row["data"]), same_caller, _same_place(row)
    )
    return rules.compare(new, old, metres)


def _category(kind: Kind, row: dict[str, Any]) -> str:
    return str(row["data"].get(kind.twins.category) or "") if kind.twins else ""


def _same_place(row: dict[str, Any]) -> bool:
    """Say whether a row without a point was found by its address."""
    return row["lon"] is None and row["cell"].startswith("t")


def _twin(kind: Kind, row: dict[str, Any], alike: rules.Likeness, public: bool) -> Twin:
    return Twin(
        id=0 if public else row["id"],
        code="" if public else row["code"],
        title="" if public else row["title"],
        href="" if public else page(kind.name, row["code"]),
        state=state_title(kind, row["state"]),
        opened_on=row["opened_on"],
        closed=row["closed_on"] is not None,
        score=round(alike.score, 3),
        why=_why(kind, _category(kind, row), alike, _same_place(row)),
        merged=row["merged_into_id"] is not None,
    )


def _why(kind: Kind, category: str, alike: rules.Likeness, same_place: bool) -> str:
    said = []
    if same_place or alike.metres == 0:
        said.append(_("同一地址"))
    elif alike.metres is not None:
        said.append(_("相距{n}米").format(n=alike.metres))
    if alike.same_category and kind.twins and kind.twins.category:
        field = kind.fields[kind.twins.category]
        title = fields.shown(category, field, masked=True) if field.type == "choice" else category
        said.append(_("都是{what}").format(what=title))
    if alike.words >= 0.3:
        said.append(_("说法相近"))
    if alike.same_caller:
        said.append(_("同一来电人"))
    return "、".join(said)
