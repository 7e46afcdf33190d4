"""How a form that waited on a phone is answered: in JSON, by the state that it is in now.

Words: done (`code`, `href`, `told`), fix (`told` says what), conflict (`pairs` of both
versions, `version` of the one that is there), already (done before it was changed on the
phone), other (another account is signed in). `web/static/web/outbox.js` reads them.
"""

import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from jiezhen.trail import once
from jiezhen.web import device


def waited(request: HttpRequest) -> bool:
    """Say whether a script sent the form and reads the answer as JSON."""
    return "application/json" in request.headers.get("Accept", "")


def done(code: str, href: str, told: str) -> HttpResponse:
    """Answer that it happened."""
    return JsonResponse({"state": "done", "code": code, "href": href, "told": told})


def fix(messages: Iterable[str], status: int = 422) -> HttpResponse:
    """Answer that something has to be corrected; nothing happened."""
    return JsonResponse(
        {"state": "fix", "told": " ".join(m for m in messages if m)}, status=status
    )


def conflict(told: str, version: int, pairs: Iterable[Mapping[str, str]]) -> HttpResponse:
    """Answer that somebody else wrote meanwhile; both versions are shown, nothing happened."""
    answer: dict[str, Any] = {"state": "conflict", "told": told, "version": version}
    return JsonResponse(answer | {"pairs": [dict(p) for p in pairs]}, status=409)


def perform(
    request: HttpRequest, account_id: int, work: Callable[[], HttpResponse]
) -> HttpResponse:
    """Carry out a form once; one that waited as another account's is not touched."""
    whose = request.POST.get(device.FIELD, "")
    if whose and not hmac.compare_digest(whose.encode(), device.key_of(account_id).encode()):
        request.once_checked = True  # type: ignore[attr-defined]
        return JsonResponse({"state": "other"}, status=403)
    return once.perform_form(request, work, _again if waited(request) else None)


def _again(reused: once.KeyReused) -> HttpResponse:
    """Answer that it arrived before it was changed, with the number that it got then."""
    try:
        first = json.loads(reused.first.content or b"{}")
    except ValueError:
        first = {}
    told = _("改之前的那份已经上报了。要补充的，到那一件里写进展。")
    found = {k: str(first.get(k, "")) for k in ("code", "href")} if isinstance(first, dict) else {}
    return JsonResponse({"state": "already", "told": told} | found, status=409)
