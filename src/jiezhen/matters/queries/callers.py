"""Who called or reported: masked for those who may contact them, nothing for whom it is about."""

from collections.abc import Iterable
from dataclasses import dataclass

from jiezhen.kernel import clock
from jiezhen.matters.facts import as_matter
from jiezhen.matters.models import Matter, Party
from jiezhen.people import masking
from jiezhen.people.access import Viewer
from jiezhen.records import sealing, shapes
from jiezhen.records.models import Row
from jiezhen.units import queries as units
from jiezhen.units.queries import Tree

#: The trail's word for showing who called.
REVEALED = "matter.party.revealed"


@dataclass(frozen=True, slots=True)
class Shown:
    """A person as one viewer may see them: masked, or in full after a purpose was given."""

    id: int
    role: str
    name: str
    phone: str
    address: str = ""
    id_number: str = ""
    said: tuple[tuple[str, str], ...] = ()


def barred(viewer: Viewer, row: Matter) -> bool:
    """Say whether the viewer works in a unit that the matter is about.

    Whoever asks and whatever rights they hold: one posting under the unit is enough, or under
    what became of it by a split or a merger.
    """
    if not row.subjects:
        return False
    return subject_of(viewer, row.subjects, units.tree(row.office_id, clock.now()))


def subject_of(viewer: Viewer, subjects: Iterable[int], tree: Tree) -> bool:
    """Say whether the viewer works in one of these units, or in what became of it."""
    lines = tree.lines(subjects)
    paths = {viewer.unit_path, *(g.path for g in viewer.grants)} - {""}
    return any(p.startswith(s) for p in paths for s in lines)


def shut(viewer: Viewer, row: Row, field: str) -> bool:
    """Say whether files stay closed: what a caller sent, for whom the matter is about.

    A picture tells from where it was taken, and so who took it.
    """
    offer = shapes.kind_of(row.kind).offer
    sent = offer is not None and field in offer.fields
    return sent and barred(viewer, as_matter(row))


def may_see(viewer: Viewer, row: Matter) -> bool:
    """Say whether the viewer may learn who called: by right, and not as whom it is about."""
    kind = shapes.kind_of(row.kind)
    if not kind.parties or barred(viewer, row):
        return False
    return viewer.may("parties.see", row.kind, row.unit.path)


def parties(viewer: Viewer, row: Matter) -> tuple[Shown, ...]:
    """Return who called, masked; nothing for viewers who may not contact them."""
    if not may_see(viewer, row):
        return ()
    people: Iterable[Party] = Party.objects.filter(matter_id=row.pk).order_by("id")
    return tuple(
        Shown(p.pk, p.role, masking.name(p.name), masking.phone(p.phone) if p.phone else "")
        for p in people
    )


def in_full(person: Party) -> Shown:
    """Return a person in full. Only `operations.reveal_party` calls it, which writes it down."""
    number = person.id_number
    return Shown(
        person.pk,
        person.role,
        person.name,
        person.phone,
        person.address,
        sealing.unseal(number, "party.id_number") if number else "",
        tuple(sorted(person.said.items())),
    )
