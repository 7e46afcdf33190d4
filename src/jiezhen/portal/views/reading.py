"""What residents read: the six doors, published reports, numbers, promises."""

from __future__ import annotations

import functools
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiezhen.packs.schema import Kind
from jiezhen.plans.queries import public as plans
from jiezhen.portal.queries import drafts, numbers, offers
from jiezhen.portal.views.shared import PublicRequest, public, render
from jiezhen.records import wording
from jiezhen.reports.queries import published
from jiezhen.reports.queries.scope import NotThere
from jiezhen.reports.rules import official
from jiezhen.reports.rules.official import Paper
from jiezhen.reports.views.settling import paper_of
from jiezhen.reports.views.shared import WORD, attachment
from jiezhen.web.components import Crumb, Lamp
from jiezhen.web.pages import whole


def offer_title(kind: Kind) -> str:
    """Return what residents call a kind, in the language of the page."""
    offer = kind.offer
    if offer is None:
        return wording.title(kind)
    return offer.title_en if wording.english() and offer.title_en else offer.title


def offer_help(kind: Kind) -> str:
    """Return what an offer says of itself, in the language of the page."""
    offer = kind.offer
    if offer is None:
        return ""
    return offer.help_en if wording.english() and offer.help_en else offer.help


def crumbs(*steps: Crumb) -> tuple[Crumb, ...]:
    """Return the path above a heading, from the first page on."""
    return (Crumb(_("首页"), "/p/"), *steps)


@public
@require_safe
def home(request: PublicRequest) -> HttpResponse:
    """Show the six doors."""
    context = {
        "title": _("请问您要办什么"),
        "open_drafts": drafts.many_open(request.office, request.at),
    }
    return render(request, "portal/home.html", context)


@public
@require_safe
def reports(request: PublicRequest) -> HttpResponse:
    """List the published reports; the promises with their lights come first."""
    context = {
        "title": _("工作报告"),
        "crumbs": crumbs(Crumb(_("工作报告"))),
        "reports": published.listing(request.office.viewer),
        "promises": bool(request.office.plans),
    }
    return render(request, "portal/reports.html", context)


@public
@require_safe
def report(request: PublicRequest, ident: int) -> HttpResponse:
    """Show a published report as a document."""
    try:
        found = published.report(request.office.viewer, ident, request.at)
    except NotThere as missing:
        raise Http404(str(missing)) from missing
    row = found.whole.report
    context: dict[str, Any] = {
        "title": row.title,
        "crumbs": crumbs(Crumb(_("工作报告"), "/p/reports"), Crumb(row.title)),
        "report": found,
        "published_at": row.published_at,
        "as_of": found.whole.as_of,
        "sources": found.whole.sources(),
    }
    return render(request, "portal/report.html", context)


@functools.lru_cache(maxsize=16)
def _word(paper: Paper) -> bytes:
    """Make a Word file once: a stranger who asks again costs no child process."""
    return official.made(paper)


@public
@require_safe
def word(request: PublicRequest, ident: int) -> HttpResponse:
    """Hand out a published report as a Word file."""
    try:
        found = published.report(request.office.viewer, ident, request.at)
    except NotThere as missing:
        raise Http404(str(missing)) from missing
    try:
        made = _word(paper_of(request, found.whole))
    except official.UnableToMake as failed:
        context = {"title": _("下载Word"), "why": failed.message}
        return render(request, "portal/sorry.html", context, status=503)
    return attachment(made, f"{found.whole.report.title}.docx", WORD)


@public
@require_safe
def number(request: PublicRequest, code: str) -> HttpResponse:
    """Show where a published number comes from."""
    try:
        told = numbers.number(request.office, code, request.at)
    except numbers.NotPublic as missing:
        raise Http404(str(missing)) from missing
    context = {
        "title": _("这个数从哪里来"),
        "crumbs": crumbs(Crumb(_("工作报告"), "/p/reports"), Crumb(_("这个数从哪里来"))),
        "told": told,
        "number": told.number,
    }
    return render(request, "portal/number.html", context)


@public
@require_safe
def commitments(request: PublicRequest) -> HttpResponse:
    """Show what was promised and whether it was kept, each with its light; `?year=` chooses."""
    office = request.office
    year = whole(request.GET.get("year")) or None
    found = plans.promises(office.viewer, office.plans, year, request.at)
    rows = [
        (promise, Lamp(promise.light.colour, promise.light.word, promise.why))
        for promise in found.rows
    ]
    counts = [(Lamp(colour), n) for colour, n in found.counts]
    context = {
        "title": _("我们承诺了什么，做到了吗"),
        "crumbs": crumbs(Crumb(_("工作报告"), "/p/reports"), Crumb(_("承诺"))),
        "found": found,
        "rows": rows,
        "counts": counts,
    }
    return render(request, "portal/commitments.html", context)


@public
@require_safe
def booking(request: PublicRequest) -> HttpResponse:
    """Offer what can be asked for on the net; the rest by telephone or at the counter."""
    context = {
        "offers": [
            (f"/p/report/{k.name}", offer_title(k), offer_help(k))
            for k in offers.kinds_behind("book")
        ],
        "title": _("预约场馆和活动"),
        "crumbs": crumbs(Crumb(_("预约场馆和活动"))),
    }
    return render(request, "portal/booking.html", context)
