"""Keep out characters that no database keeps: NUL, half a surrogate pair."""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from jiezhen.web import errors

_UNKEPT = re.compile("[\x00\ud800-\udfff]")


def kept(value: Any) -> Any:
    """Return JSON without the characters that cannot be stored."""
    if isinstance(value, str):
        return _UNKEPT.sub("", value)
    if isinstance(value, list):
        return [kept(item) for item in value]
    if isinstance(value, dict):
        return {kept(key): kept(item) for key, item in value.items()}
    return value


class CharactersMiddleware:
    """Refuses an address with NUL in it; PostgreSQL would fail on it in the middle of a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 400, or let the request pass."""
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return errors.bad_request(request)
        return self.get_response(request)
