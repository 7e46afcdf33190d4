"""Read units, and find out who a viewer is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from jiezhen.kernel import clock
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Grant, Viewer
from jiezhen.units import rules
from jiezhen.units.models import Posting, Unit
from jiezhen.units.queries.history import ChangeRow, change, changes
from jiezhen.units.queries.machines import viewer_by_token
from jiezhen.units.queries.rows import UnitRow, UnknownUnit, find_unit, units_of_office
from jiezhen.units.queries.trees import Tree, tree

__all__ = [
    "ChangeRow",
    "Person",
    "Tree",
    "UnitRow",
    "UnknownUnit",
    "change",
    "changes",
    "find_unit",
    "office_by_code",
    "offices",
    "people_of",
    "postings_of",
    "tree",
    "unit_by_id",
    "unit_for",
    "units_of",
    "units_of_office",
    "viewer_as",
    "viewer_by_token",
    "viewer_from",
    "viewer_of",
    "viewers_of_office",
]


def viewer_of(account_id: int, at: datetime) -> Viewer | None:
    """Return the viewer that an account is at a moment, or None without a posting.

    One statement.
    """
    rows = Posting.objects.filter(account_id=account_id, account__is_active=True)
    return viewer_from(rows.select_related("unit", "unit__office", "account"), clock.day_of(at))


def viewer_from(postings: Iterable[Posting], on: date) -> Viewer | None:
    """Return the viewer that postings make on a day; None when none holds."""
    held = [p for p in postings if rules.valid(p.valid_from, p.valid_until, on)]
    if not held:
        return None
    first = held[0]
    office = first.unit.office or first.unit
    return Viewer(
        account_id=first.account_id,
        name=str(first.account),
        office_id=office.pk,
        office_path=office.path,
        office_name=office.title,
        unit_id=first.unit_id,
        unit_path=first.unit.path,
        unit_title=first.unit.title,
        post=_post(first, office),
        roles=tuple(dict.fromkeys(p.role for p in held)),
        grants=tuple(
            g for p in held if (p.unit.office_id or p.unit_id) == office.pk for g in _grants(p)
        ),
    )


def _post(posting: Posting, office: Unit) -> str:
    if posting.unit_id != office.pk:
        return posting.unit.title
    role = catalogue().roles.get(posting.role)
    return role.title if role else ""


def _grants(posting: Posting) -> list[Grant]:
    role = catalogue().roles.get(posting.role)
    if role is None:
        return []
    return [Grant(r.may, r.kinds, r.sensitivity, posting.unit.path) for r in role.rights]


def postings_of(account_id: int) -> list[Posting]:
    """Return an account's postings with account, unit and office: one statement."""
    rows = Posting.objects.filter(account_id=account_id)
    return list(rows.select_related("unit", "unit__office", "account"))


def viewers_of_office(office_id: int, at: datetime) -> list[Viewer]:
    """Return everybody who is posted in an office at a moment, to find who hears of something.

    For the worker, which acts for nobody. One statement.
    """
    rows = Posting.objects.filter(unit__office_id=office_id, account__is_active=True)
    held: dict[int, list[Posting]] = {}
    for posting in rows.select_related("unit", "unit__office", "account").order_by("id"):
        held.setdefault(posting.account_id, []).append(posting)
    found = (viewer_from(postings, clock.day_of(at)) for postings in held.values())
    return [viewer for viewer in found if viewer is not None]


def units_of(viewer: Viewer, on: date | None = None, right: str = "see") -> list[UnitRow]:
    """Return the units in which the viewer holds a right, in path order; valid ones on a day."""
    paths = viewer.paths(right)
    return [
        u
        for u in units_of_office(viewer.office_id)
        if any(u.path.startswith(p) for p in paths)
        and (on is None or rules.valid(u.valid_from, u.valid_until, on))
    ]


def unit_for(viewer: Viewer, code: str) -> UnitRow:
    """Return the unit of the viewer's office with a code, a name or another way to call it.

    Raises:
        UnknownUnit: None fits; the likeliest is named.
    """
    return find_unit(units_of_office(viewer.office_id), code)


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the office as the administration sees it."""

    account_id: int
    username: str
    name: str
    is_active: bool
    postings: tuple[tuple[str, str], ...]


def people_of(viewer: Viewer) -> list[Person]:
    """Return the office's accounts with their (unit title, role) postings, by user name.

    Nobody without the right to manage people; one statement.
    """
    if not viewer.may("people.edit"):
        return []
    rows = Posting.objects.filter(unit__office_id=viewer.office_id).select_related(
        "unit", "account"
    )
    found: dict[int, Person] = {}
    for posting in rows.order_by("account__username"):
        account = posting.account
        known = found.get(account.pk)
        postings = (*(known.postings if known else ()), (posting.unit.title, posting.role))
        found[account.pk] = Person(
            account.pk, account.username, account.name, account.is_active, postings
        )
    return list(found.values())


def colleague(viewer: Viewer, username: str, path: str, at: datetime) -> tuple[int, str] | None:
    """Return id and name of somebody of the office who works in a unit or above it."""
    rows = Posting.objects.filter(
        account__username=username,
        account__is_active=True,
        unit__office_id=viewer.office_id,
    ).select_related("unit", "account")
    day = clock.day_of(at)
    for posting in rows:
        held = rules.valid(posting.valid_from, posting.valid_until, day)
        if held and path.startswith(posting.unit.path):
            return posting.account_id, str(posting.account)
    return None


def colleagues(viewer: Viewer, path: str, at: datetime) -> list[tuple[str, str]]:
    """Return user name and name of everybody who works in a unit, for a choice; one statement."""
    rows = Posting.objects.filter(
        account__is_active=True, unit__office_id=viewer.office_id, unit__path=path
    ).select_related("account")
    day = clock.day_of(at)
    held = [p for p in rows if rules.valid(p.valid_from, p.valid_until, day)]
    return sorted({(p.account.username, str(p.account)) for p in held})


def viewer_as(viewer: Viewer, account_id: int, at: datetime) -> Viewer | None:
    """Return what another person of the office may see, for a read-only preview.

    Only who manages people may look; rights that would change something are left out.
    """
    if not viewer.may("people.edit"):
        return None
    # An address may hold a number that no database has room for.
    other = viewer_of(account_id, at) if account_id < 2**63 else None
    return other if other is not None and other.office_id == viewer.office_id else None


def office_by_code(code: str) -> tuple[int, str, str] | None:
    """Return an office's id, path and title by its code."""
    rows = Unit.objects.for_system("offices are known by their code")
    return rows.filter(code=code, level="office").values_list("id", "path", "title").first()


def offices() -> list[UnitRow]:
    """Return every office of the deployment, for the command line and the worker."""
    rows = Unit.objects.for_system("the command line works for every office")
    return [
        UnitRow(u.pk, u.code, u.title, u.title_en, u.level, u.path, None, None, None)
        for u in rows.filter(level="office").order_by("code")
    ]


def unit_by_id(viewer: Viewer, unit_id: int) -> UnitRow:
    """Return a unit of the viewer's office by its id.

    Raises:
        UnknownUnit: It is another office's, or not there.
    """
    for unit in units_of_office(viewer.office_id):
        if unit.id == unit_id:
            return unit
    raise UnknownUnit(str(unit_id))
