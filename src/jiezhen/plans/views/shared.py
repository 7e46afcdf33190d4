"""What the pages of this engine share: who may come in, failures, lights as components."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiezhen.people.access import Viewer
from jiezhen.plans.queries import scope
from jiezhen.plans.queries.standings import Progress
from jiezhen.plans.rules.lights import percent
from jiezhen.records.operations import NotAllowed
from jiezhen.web.components import Bar, Cell, Lamp

#: The one reason of a light that is the same everywhere.
UNLINKED = gettext_noop("还没有关联记录。选用哪些记录来算，这个任务就会自己更新。")

T = TypeVar("T")


def need_read(viewer: Viewer) -> None:
    """Answer 403 to who may not read plans at all."""
    if not scope.may_read(viewer):
        raise PermissionDenied(_("没有看计划和任务的权限。需要的话，找本单元负责人。"))


def need(viewer: Viewer, *rights: str) -> None:
    """Answer 403 to who holds none of the rights."""
    if not any(viewer.may(right) for right in rights):
        raise PermissionDenied(_("没有这个权限。需要的话，找党政办。"))


def found(look: Callable[..., T], *args: Any) -> T:
    """Return what a query finds, or answer 404."""
    try:
        return look(*args)
    except scope.NotThere as missing:
        raise Http404(str(missing)) from missing


def carried_out(work: Callable[..., T], *args: Any, **more: Any) -> T:
    """Carry out an operation; a missing row answers 404, a missing right 403."""
    try:
        return work(*args, **more)
    except scope.NotThere as missing:
        raise Http404(str(missing)) from missing
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused


def whole(text: str, otherwise: int = 0) -> int:
    """Return the whole number of an address or a form; anything else gives `otherwise`."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def by_htmx(request: HttpRequest) -> bool:
    """Say whether htmx asks for a part of a page."""
    return bool(getattr(request, "htmx", False))


def lamp(progress: Progress, *, with_why: bool = False) -> Lamp:
    """Return the light of a row; its reason where there is room for it."""
    light = progress.light
    return Lamp(light.colour, light.word, light.why if with_why else "")


def done_cell(progress: Progress) -> Cell:
    """Return what is done: a figure that leads to its records, or 来自文件, or a reasoned blank."""
    share = progress.light.share
    if not progress.done:
        return Cell(why=_("还没有关联记录"))
    notes = [percent(share)] if share is not None else []
    if progress.note:
        notes.append(str(_("来自文件")))
    return Cell(
        text=progress.done, href=progress.href, number=bool(progress.href), note=" ".join(notes)
    )


def bar_of(progress: Progress) -> Bar | None:
    """Return the progress bar with its tick of 序时, where there is a number."""
    light = progress.light
    if light.share is None:
        return None
    return Bar(light.share, light.pace, percent(light.share))
