"""What every staff page does first and last: know the viewer, and render with the menus."""

import functools
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, Protocol, cast
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render as django_render

from jiezhen.people.access import Viewer

#: Who holds one of these finds 「管理」 in the menu.
ADMINISTRATION = ("people.edit", "units.edit", "packs.edit", "effects.edit", "audit.see")


class StaffRequest(HttpRequest):
    """A request of somebody who is signed in and posted; made by `units.middleware`."""

    viewer: Viewer
    at: datetime


class _StaffView(Protocol):
    def __call__(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def staff(view: _StaffView) -> Callable[..., HttpResponse]:
    """Decorate a page for signed-in people; strangers are sent to sign in and come back."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "viewer", None) is None:
            return HttpResponseRedirect(f"/login?next={quote(request.get_full_path())}")
        response = view(cast(StaffRequest, request), *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return guarded


def whole(text: str | None) -> int:
    """Return the whole number of an address or a form; 0 for anything else or anything huge."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def render(
    request: HttpRequest, template: str, context: Any = None, *, status: int = 200
) -> HttpResponse:
    """Render a page from a context dataclass or a dictionary, with the office's name and menus.

    Shape: a dataclass gives its fields as names of the template, and itself as `page`
    unless one of its fields is called so.
    """
    if context is not None and is_dataclass(context) and not isinstance(context, type):
        context = {"page": context} | {f.name: getattr(context, f.name) for f in fields(context)}
    full: dict[str, Any] = dict(context or {})
    viewer = getattr(request, "viewer", None)
    if viewer is not None:
        full.setdefault("office_name", viewer.office_name)
        full.setdefault("viewer_label", f"{viewer.post} {viewer.name}".strip())
        if not viewer.may("change"):
            full.setdefault("new_items", ())
        if any(viewer.may(right) for right in ADMINISTRATION):
            full.setdefault("admin_href", "/admin")
    return django_render(request, template, full, status=status)
