"""Keep out characters that no database keeps: NUL, half a surrogate pair."""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

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
            return _refused(request)
        return self.get_response(request)


def _refused(request: HttpRequest) -> HttpResponse:
    """Answer in the form of the door: JSON for machines, an error array for Open311, else a page."""
    said = "NUL is not allowed in an address"
    if request.path_info.startswith("/api/"):
        body = {"message": "地址里不能有空字符。", "message_en": f"{said}.", "problems": []}
        return JsonResponse(body, status=400, json_dumps_params={"ensure_ascii": False})
    if request.path_info.startswith("/open311/"):
        if request.path_info.endswith(".xml"):
            inner = f"<error><code>400</code><description>{said}</description></error>"
            text = f'<?xml version="1.0" encoding="utf-8"?>\n<errors>{inner}</errors>'
            return HttpResponse(text, status=400, content_type="text/xml; charset=utf-8")
        errors_ = [{"code": "400", "description": said}]
        return JsonResponse(errors_, status=400, safe=False)
    return errors.bad_request(request)
