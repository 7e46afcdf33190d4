"""Photos on the first page of a report: chosen, taken back, shown once more, never demanded."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiezhen.portal.operations import waiting as operations
from jiezhen.portal.queries import waiting
from jiezhen.portal.queries.offers import Questions
from jiezhen.portal.rules import pictures
from jiezhen.portal.rules.pictures import Fault, NotTaken
from jiezhen.portal.views.shared import PublicRequest, counted, public
from jiezhen.records.files_views import POLICY

#: The fields of the form: tokens of photos that wait, those taken back, new files.
HELD, DROPPED, SENT = "_photo", "_drop", "photo"


@dataclass(frozen=True, slots=True)
class Photos:
    """The photos of a form after a post: their tokens, and what was wrong with new ones."""

    tokens: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    status: int = 200


def gathered(request: PublicRequest, asked: Questions) -> Photos:
    """Take in what the form says about photos: those that wait, without those taken back, and new ones.

    A wrong file does no harm to the others.
    """
    if not asked.photo:
        return Photos()
    dropped = request.POST.getlist(DROPPED)
    held = request.POST.getlist(HELD)[: pictures.MOST]
    if dropped:
        gone = [t for t in held if t in dropped]
        operations.drop(request.office, asked.kind.name, gone, request.at)
        held = [t for t in held if t not in gone]
    if not request.FILES.getlist(SENT):
        return Photos(tuple(held))
    return _added(request, asked, held)


def _added(request: PublicRequest, asked: Questions, held: list[str]) -> Photos:
    name, sent = asked.kind.name, request.FILES.getlist(SENT)
    tokens = [p.token for p in waiting.photos(request.office, name, held, request.at)]
    room = pictures.MOST - len(tokens)
    found: list[str] = []
    if len(sent) > room:
        found.append(_("最多放{n}张照片，多出来的没有放。").format(n=pictures.MOST))
    for n, file in enumerate(sent[:room], start=1):
        if not counted(request, "photo"):
            found.append(_("这一小时收到的照片太多了。可以不带照片报，或者过一会儿再放。"))
            return Photos(tuple(tokens), tuple(found), 429)
        try:
            content = file.read(pictures.MOST_BYTES + 1)
            tokens.append(operations.keep(request.office, name, content, request.at))
        except NotTaken as refused:
            found.append(_said(refused.fault).format(n=n))
    return Photos(tuple(tokens), tuple(found), 422 if found else 200)


def _said(fault: Fault) -> str:
    return {
        "empty": _("第{n}张是空的，请重新选。"),
        "large": _("第{n}张超过10MB，请选小一点的。"),
        "other": _("第{n}张不是照片，请选jpg、png或webp。"),
        "huge": _("第{n}张的像素太多，请选小一点的。"),
        "damaged": _("第{n}张打不开，可能没有传完，请重新选。"),
    }[fault]


def gone(tokens: tuple[str, ...], there: list[waiting.Photo]) -> list[str]:
    """Return the message that photos waited too long; nothing when all are there."""
    if len(set(tokens)) == len(there):
        return []
    return [_("照片放了太久，已经删掉了。请重新选，不带照片报也可以。")]


@public
@require_safe
def photo(request: PublicRequest, token: str) -> HttpResponse:
    """Show a photo that waits to whoever holds its form."""
    found = waiting.picture(request.office, token, request.at)
    if found is None:
        raise Http404(token)
    content, media = found
    response = HttpResponse(content, content_type=media)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
