"""What every page knows from the trail: a nonce for its forms."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from jiezhen.trail import once


def nonce(request: HttpRequest) -> dict[str, object]:
    """Return `nonce`, made anew for each page."""
    return {"nonce": SimpleLazyObject(once.fresh)}
