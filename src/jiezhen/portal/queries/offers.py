"""What residents may send, page by page, and what others sent about the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jiezhen.kernel import clock
from jiezhen.matters import queries as matters
from jiezhen.matters.queries.places import field_of
from jiezhen.matters.queries.public import offered_kinds
from jiezhen.packs.schema import Kind
from jiezhen.people.access import SENSITIVITIES, system_viewer
from jiezhen.portal.queries.fronts import Office
from jiezhen.portal.rules.doors import Door, door_of
from jiezhen.records import operations as records
from jiezhen.records.operations import Problem


class NotOffered(LookupError):
    """No pack offers such a kind to residents."""


@dataclass(frozen=True, slots=True)
class Questions:
    """The fields of an offer, a page each: what happened, where, how to reach the caller.

    `links` are chosen before, by the page from which one comes. `photo` is the field for photos,
    which stand on the first page; blank where none are taken.
    """

    kind: Kind
    what: tuple[str, ...]
    where: str
    who: tuple[str, ...]
    links: tuple[str, ...] = ()
    photo: str = ""

    @property
    def steps(self) -> tuple[str, ...]:
        """Return the names of the pages that ask something."""
        told = (("what", self.what), ("where", self.where), ("who", self.who))
        return tuple(name for name, fields in told if fields)

    def fields(self, step: str) -> tuple[str, ...]:
        """Return the fields that a page asks."""
        return {"what": self.what, "where": (self.where,), "who": self.who}.get(step, ())


def kinds_behind(door: Door) -> list[Kind]:
    """Return the kinds that stand behind a door."""
    return [k for k in offered_kinds() if k.offer and door_of(k.offer.group) == door]


def questions(name: str) -> Questions:
    """Return what a resident is asked for a kind.

    Raises:
        NotOffered: No pack offers it.
    """
    kind = next((k for k in offered_kinds() if k.name == name), None)
    if kind is None or kind.offer is None:
        raise NotOffered(name)
    asked = [n for n in kind.offer.fields if kind.fields[n].type != "file"]
    place = field_of(kind)
    return Questions(
        kind,
        tuple(
            n
            for n in asked
            if n != place and not _personal(kind, n) and kind.fields[n].type != "link"
        ),
        place if place in asked else "",
        tuple(n for n in asked if _personal(kind, n)),
        tuple(n for n in asked if kind.fields[n].type == "link"),
        next((n for n in kind.offer.fields if kind.fields[n].type == "file"), ""),
    )


def _personal(kind: Kind, name: str) -> bool:
    return bool(kind.fields[name].party) or name in kind.personal


def problems(office: Office, kind: Kind, raw: Mapping[str, Any], at: datetime) -> list[Problem]:
    """Return what cannot be read of some raw values, without their being written."""
    context = records.context_for(office.viewer, at)
    _plain, found = records.read_values(kind, raw, context, partly=True)
    return found


def filled(kind: Kind, at: datetime) -> dict[str, str]:
    """Return what a resident is never asked: the day of receipt, where the kind needs one."""
    offered = kind.offer.fields if kind.offer else ()
    return {
        name: clock.day_of(at).isoformat()
        for name, spec in kind.kept.items()
        if spec.required and spec.type == "date" and name not in offered
    }


@dataclass(frozen=True, slots=True)
class Same:
    """A matter that is likely the same: when it was reported and how far it is, not what or by whom.

    `code` leads to its open data; blank where the kind has none.
    """

    code: str
    opened_on: Any
    state: str
    why: str
    closed: bool


def same(office: Office, kind: Kind, raw: Mapping[str, Any], at: datetime) -> list[Same]:
    """Return likely doubles of what is about to be reported; one statement."""
    machine = system_viewer(office.viewer.office_id, office.viewer.office_path, office.title)
    # Who they are stays out: that somebody called before is not for whoever knows their number.
    kept = {n: v for n, v in raw.items() if n in kind.kept}
    open_data = is_open(kind)
    return [
        Same(t.code if open_data else "", t.opened_on, t.state, t.why, t.closed)
        for t in matters.twins_before(machine, kind, kept, at)
        if not t.merged
    ]


def is_open(kind: Kind) -> bool:
    """Say whether matters of a kind are open data."""
    return SENSITIVITIES.index(kind.sensitivity) <= SENSITIVITIES.index("inner")
