"""What the pages of this engine share: who may come in, failures, lights as components."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiezhen.people.access import Viewer
from jiezhen.plans.queries import scope
from jiezhen.plans.queries.standings import Progress
from jiezhen.plans.rules import lights
from jiezhen.plans.rules.lights import percent
from jiezhen.records.operations import NotAllowed
from jiezhen.web.components import Bar, Cell, Group, Lamp

#: The one reason of a light that is the same everywhere.
UNLINKED = gettext_noop("还没有关联记录。选用哪些记录来算，这个任务就会自己更新。")

#: The colours that a folded chapter tells of.
ALARMS: tuple[lights.Colour, ...] = ("red", "yellow")

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


def words(found: Iterable[lights.Standing], colour: str) -> str:
    """Return all words that lights of one colour show among some rows."""
    shown = {light.word for light in found if light.colour == colour}
    return "、".join(_(w) for w in sorted(shown or {lights.WORDS[colour]}))


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a commitment stands: its document, the path of its headings, its light."""

    document: str
    section: str
    light: lights.Standing
    chosen: bool = False


def chapters(rows: Sequence[Placed]) -> tuple[Group, ...]:
    """Return the chapters by which a phone folds commitments, each with its red and yellow lights.

    One chapter alone folds nothing. That of the chosen row is open.
    """
    many = len({r.document for r in rows}) > 1
    made = []
    for (document, section), same in groupby(rows, key=lambda r: (r.document, r.section)):
        some = list(same)
        found = [r.light for r in some]
        # The path begins with the document's title, which says nothing where there is only one.
        title = section if many else section.removeprefix(document).removeprefix(" > ")
        made.append(
            Group(
                title or document,
                len(some),
                _("{n}条承诺").format(n=len(some)),
                tuple(
                    (Lamp(colour, words(found, colour)), n)
                    for colour in ALARMS
                    if (n := sum(1 for light in found if light.colour == colour))
                ),
                open=any(r.chosen for r in some),
            )
        )
    return tuple(made) if len(made) > 1 else ()


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
