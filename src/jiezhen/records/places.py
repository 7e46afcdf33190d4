"""Where a record's page and a kind's list lie.

Every record has a page at `/records/<kind>/<code>`; an engine may offer a page of its
own for its shape, which then is where links lead.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _

from jiezhen.packs.registry import catalogue

Maker = Callable[[str, str], str]
ListMaker = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an engine keeps its pages: of a record, of a kind's list, of a new record.

    `roof` gives title and address of the page above a kind's list.

    `own` says that a record's page there holds more than the general one, which then
    leads to it.
    """

    page: Maker
    listing: ListMaker
    new: ListMaker
    roof: Callable[[str], tuple[str, str]]
    own: bool = False


_places: dict[str, Place] = {}


def offer(shape: str, place: Place) -> None:
    """Let an engine say where the pages of its shape lie."""
    _places[shape] = place


def under(folder: str, title: str, new: ListMaker | None = None) -> Place:
    """Return the place of an engine whose lists and pages lie under one folder.

    `title` is the Chinese name of that folder's own page.
    """
    return Place(
        lambda kind, code: f"/{folder}/{kind}/{quote(code, safe='')}",
        lambda kind: f"/{folder}/{kind}",
        new or (lambda kind: f"/records/{kind}/new"),
        lambda _kind: (_(title), f"/{folder}"),
    )


def _of(kind: str) -> Place:
    spec = catalogue().kinds.get(kind)
    return _places.get(spec.shape, GENERAL) if spec else GENERAL


def page(kind: str, code: str) -> str:
    """Return the address of a record's page."""
    return _of(kind).page(kind, code)


def listing(kind: str) -> str:
    """Return the address of a kind's list."""
    return _of(kind).listing(kind)


def new(kind: str) -> str:
    """Return the address where a record of the kind is registered."""
    return _of(kind).new(kind)


def roof(kind: str) -> tuple[str, str]:
    """Return title and address of the page above a kind's list."""
    return _of(kind).roof(kind)


def has_own_page(kind: str) -> bool:
    """Say whether the engine of the kind has a fuller page than the general one."""
    return _of(kind).own


def general_page(kind: str, code: str) -> str:
    """Return the address that every record has, whatever its shape."""
    return f"/records/{kind}/{quote(code, safe='')}"


GENERAL = Place(
    general_page,
    lambda kind: f"/records/{kind}",
    lambda kind: f"/records/{kind}/new",
    lambda _kind: (_("记录"), ""),
)
