"""What every page of residents does first and last: know the office, and say how it is reached."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as django_render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiezhen.people.access import Viewer
from jiezhen.portal.operations.knocks import TooMany, knock
from jiezhen.portal.queries import fronts
from jiezhen.portal.queries.fronts import Office
from jiezhen.portal.rules import limits
from jiezhen.portal.rules.limits import Purpose

#: Keeps which office a resident chose where a deployment serves several.
COOKIE = "portal_office"
_YEAR = 365 * 24 * 3600


class PublicRequest(HttpRequest):
    """A request of anybody to one office."""

    office: Office
    viewer: Viewer | None
    at: datetime


class _PublicView(Protocol):
    def __call__(self, request: PublicRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def public(view: _PublicView) -> Callable[..., HttpResponse]:
    """Decorate a page for everybody; where several offices are served, one is chosen first."""

    @functools.wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("office", "")[:40]
        found = _office(request, asked)
        if found is None:
            return _choose(request)
        request.office = found  # type: ignore[attr-defined]
        response = view(cast(PublicRequest, request), *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        if asked:
            response.set_cookie(
                COOKIE,
                found.code,
                max_age=_YEAR,
                samesite="Lax",
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response

    return opened


def _office(request: HttpRequest, asked: str) -> Office | None:
    """Return the office that is asked for, was chosen, is the signed-in person's own, or the only one."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    own = viewer.office_path.strip("/") if viewer is not None else ""
    for code in (asked, request.COOKIES.get(COOKIE, "")[:40], own):
        found = fronts.office(code) if code else None
        if found is not None:
            return found
    return fronts.office("")


def _choose(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("您要找哪个街镇"),
        "offices": fronts.offices(),
        "phone": fronts.HOTLINE,
        "phone_hours": _("全天"),
    }
    return django_render(request, "portal/offices.html", context)


def render(
    request: PublicRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page of residents with the office's name and how it is reached."""
    office = request.office
    english = (get_language() or "").startswith("en") and office.title_en
    full = {
        "office": office,
        "office_name": office.title_en if english else office.title,
        "phone": office.phone,
        "phone_hours": office.hours if office.own_phone else _("全天"),
        "counter": office.counter,
        "route": office.route,
        "at": request.at,
        **context,
    }
    return django_render(request, template, full, status=status)


def address_of(request: HttpRequest) -> str:
    """Return the network address of who asks, with the trusted proxies counted."""
    return limits.client(
        request.META.get("REMOTE_ADDR", ""),
        request.headers.get("X-Forwarded-For", ""),
        settings.AXES_IPWARE_PROXY_COUNT,
    )


def too_many(request: PublicRequest, purpose: Purpose) -> HttpResponse | None:
    """Count a post; return the page that asks to wait or to call when there were too many."""
    if counted(request, purpose):
        return None
    response = render(request, "portal/later.html", {"title": _("请过一会儿再来")}, status=429)
    response.headers["Retry-After"] = "3600"
    return response


def counted(request: PublicRequest, purpose: Purpose) -> bool:
    """Count a post, and say whether it is still within the limits."""
    try:
        knock(request.office.viewer.office_id, purpose, address_of(request), request.at)
    except TooMany:
        return False
    return True
