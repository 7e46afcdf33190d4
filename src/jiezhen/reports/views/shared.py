"""What the pages of this engine share: who may come in, and failures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from jiezhen.people.access import Viewer
from jiezhen.reports.operations.access import NotAllowed, UnableToWrite
from jiezhen.reports.queries import scope
from jiezhen.web.components import Choice

T = TypeVar("T")


def need_read(viewer: Viewer) -> None:
    """Answer 403 to who may not read reports at all."""
    if not scope.may_read(viewer):
        raise PermissionDenied(_("没有看报告的权限。需要的话，找党政办。"))


def need(viewer: Viewer, right: str) -> None:
    """Answer 403 to who does not hold the right."""
    if not viewer.may(right):
        raise PermissionDenied(_("没有这个权限。需要的话，找党政办。"))


def found(look: Callable[..., T], *args: Any, **more: Any) -> T:
    """Return what a query or operation gives; a missing row answers 404, a missing right 403."""
    try:
        return look(*args, **more)
    except scope.NotThere as missing:
        raise Http404(str(missing)) from missing
    except NotAllowed as refused:
        raise PermissionDenied(refused.message) from refused


def told(form: Form, failed: UnableToWrite) -> None:
    """Put a failure at its field."""
    form.add_error(failed.field if failed.field in form.fields else None, failed.message)


def tabs(here: str) -> tuple[Choice, ...]:
    """Return the second-level pages of 报告."""
    every = ((_("写报告"), "/reports"), (_("校对"), "/check"))
    return tuple(Choice(title, href, current=href == here) for title, href in every)


def attachment(content: bytes, name: str, kind: str) -> HttpResponse:
    """Return bytes as a file to be saved, never shown inside the page."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
