"""Where a record's page and a kind's list lie.

Every record has a page at `/records/<kind>/<code>`; an engine may offer a page of its
own for its shape, which then is where links lead.
"""

from collections.abc import Callable
from urllib.parse import quote

from jiezhen.packs.registry import catalogue

Maker = Callable[[str, str], str]
_pages: dict[str, Maker] = {}
_lists: dict[str, Callable[[str], str]] = {}


def offer(shape: str, *, page: Maker | None = None, listing: Callable[[str], str]) -> None:
    """Let an engine say where the lists of its shape lie, and the pages of its records."""
    if page is not None:
        _pages[shape] = page
    _lists[shape] = listing


def page(kind: str, code: str) -> str:
    """Return the address of a record's page."""
    spec = catalogue().kinds.get(kind)
    make = _pages.get(spec.shape) if spec else None
    return make(kind, code) if make else general_page(kind, code)


def general_page(kind: str, code: str) -> str:
    """Return the address that every record has, whatever its shape."""
    return f"/records/{kind}/{quote(code, safe='')}"


def listing(kind: str) -> str:
    """Return the address of a kind's list."""
    spec = catalogue().kinds.get(kind)
    make = _lists.get(spec.shape) if spec else None
    return make(kind) if make else f"/records/{kind}"
