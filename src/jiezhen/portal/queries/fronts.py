"""Which office a resident speaks with, and what its public pages say."""

from __future__ import annotations

from dataclasses import dataclass

from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer, public_viewer
from jiezhen.portal.models import Front
from jiezhen.units import queries as units

#: The hotline of every Chinese town, day and night: stands where an office gave no number.
HOTLINE = "12345"


@dataclass(frozen=True, slots=True)
class Office:
    """One office as residents meet it. `viewer` is a stranger of it.

    `phone` is never blank; `own_phone` says whether the office gave it.
    """

    code: str
    title: str
    title_en: str
    viewer: Viewer
    phone: str
    own_phone: bool
    hours: str
    counter: str
    route: str
    plans: tuple[int, ...]
    open311: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An office to choose."""

    code: str
    title: str
    title_en: str


def offices() -> list[Choice]:
    """Return the offices of this deployment; one statement."""
    return [Choice(u.code, u.title, u.title_en) for u in units.offices()]


def office(code: str) -> Office | None:
    """Return the office with a code, the only one for a blank code, None where that is not clear.

    Two statements.
    """
    every = units.offices()
    found = [u for u in every if u.code == code] if code else every
    if len(found) != 1:
        return None
    unit = found[0]
    offered = tuple(name for name, kind in catalogue().kinds.items() if kind.offer is not None)
    viewer = public_viewer(unit.id, unit.path, unit.title, offered, _linked(offered))
    front = front_of(unit.id)
    return Office(
        unit.code,
        unit.title,
        unit.title_en,
        viewer,
        phone=front.phone or HOTLINE,
        own_phone=bool(front.phone),
        hours=front.hours,
        counter=front.counter,
        route=front.route,
        plans=tuple(front.plans),
        open311=front.open311,
    )


def _linked(offered: tuple[str, ...]) -> tuple[str, ...]:
    """Return the open kinds to which a resident's words may be tied: an article, and its draft."""
    kinds = catalogue().kinds
    found = [
        str(kinds[name].fields[field].to)
        for name in offered
        for field in (kinds[name].offer.fields if kinds[name].offer else ())  # type: ignore[union-attr]
        if kinds[name].fields[field].type == "link"
    ]
    above = [str(f.to) for n in found for f in kinds[n].fields.values() if f.type == "link"]
    near = [n for n in found if kinds[n].sensitivity in ("open", "inner")]
    return tuple(dict.fromkeys([*near, *(n for n in above if kinds[n].sensitivity == "open")]))


def front_of(office_id: int) -> Front:
    """Return what an office's public pages say; an unsaved blank one where nobody wrote it."""
    rows = Front.objects.for_system("what the office says of itself is public")
    return rows.filter(office_id=office_id).first() or Front(office_id=office_id)
