"""Suggestions and what became of them, draft rules article by article, QR codes of places."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import segno
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiezhen.kernel import clock
from jiezhen.matters.queries.public import OpenMatter
from jiezhen.portal.operations.fronts import REACH
from jiezhen.portal.queries import drafts, offers
from jiezhen.portal.views.filing import ADDRESS, closed, heading
from jiezhen.portal.views.reading import crumbs, offer_title
from jiezhen.portal.views.shared import PublicRequest, public, render
from jiezhen.units import queries as units
from jiezhen.web import pages
from jiezhen.web.administration import admin_tabs
from jiezhen.web.components import Crumb
from jiezhen.web.pages import StaffRequest, staff, whole


@public
@require_safe
def suggest(request: PublicRequest) -> HttpResponse:
    """Offer the form of a suggestion, and tell what became of each."""
    kinds = offers.kinds_behind("suggest")
    if not kinds:
        return closed(request, heading("suggest"))
    page = whole(request.GET.get("page")) or 1
    rows = [
        (row, _outcome(row), _sent(row))
        for row in drafts.outcomes(request.office, "suggest", page)
    ]
    context = {
        "title": heading("suggest"),
        "crumbs": crumbs(Crumb(heading("suggest"))),
        "offers": [(f"/p/report/{k.name}", offer_title(k)) for k in kinds],
        "rows": rows,
        "page": page,
        "next": page + 1 if len(rows) == 30 else 0,
    }
    return render(request, "portal/suggest.html", context)


def _outcome(row: OpenMatter) -> str:
    """Return what became of a suggestion: what the office chose at closing, else its state."""
    return "、".join(row.came_of) or row.state


def _sent(row: OpenMatter) -> date | None:
    """Return the day on which a suggestion came; None when it was written down after its answer."""
    came = clock.day_of(row.opened_at)
    return None if row.closed_on and row.closed_on < came else came


@public
@require_safe
def consultations(request: PublicRequest) -> HttpResponse:
    """List the drafts on which something may be said, article by article, and those that closed."""
    if not offers.kinds_behind("consult"):
        return closed(request, heading("consult"))
    context = {
        "title": heading("consult"),
        "crumbs": crumbs(Crumb(heading("consult"))),
        "drafts": drafts.drafts(request.office, request.at),
        "closed": drafts.closed(request.office, request.at),
    }
    return render(request, "portal/consultations.html", context)


@public
@require_safe
def consultation(request: PublicRequest, code: str) -> HttpResponse:
    """Show one draft; it stays readable when nothing more is taken in."""
    found = drafts.draft(request.office, code, request.at)
    if found is None:
        raise Http404(code)
    context = {
        "title": found.title,
        "crumbs": crumbs(Crumb(heading("consult"), ADDRESS["consult"]), Crumb(found.title)),
        "draft": found,
    }
    return render(request, "portal/consultation.html", context)


@public
@require_safe
def place(request: PublicRequest, code: str) -> HttpResponse:
    """Open the form to the deputy of a place; the QR code on its wall leads here."""
    unit = next(
        (u for u in units.units_of_office(request.office.viewer.office_id) if u.code == code), None
    )
    if unit is None:
        raise Http404(code)
    kinds = offers.kinds_behind("deputy") or offers.kinds_behind("report")
    if not kinds:
        return closed(request, heading("deputy"))
    asked = offers.questions(kinds[0].name)
    told = {"_unit": unit.code} | ({asked.where: unit.title} if asked.where else {})
    return HttpResponseRedirect(f"/p/report/{kinds[0].name}?{urlencode(told)}")


@dataclass(frozen=True, slots=True)
class Code:
    """One QR code of the sheet: whose it is, the address in it, and where its picture lies."""

    title: str
    address: str
    picture: str


def _address(request: Any, office: str, unit: str) -> str:
    found: str = request.build_absolute_uri(f"/p/q/{unit}?office={office}")
    return found


@public
@require_safe
def picture(request: PublicRequest, code: str) -> HttpResponse:
    """Return the QR code of a place as SVG."""
    known = units.units_of_office(request.office.viewer.office_id)
    if not any(u.code == code for u in known):
        raise Http404(code)
    out = io.BytesIO()
    made = segno.make_qr(_address(request, request.office.code, code), error="m")
    made.save(out, kind="svg", scale=4, border=4, xmldecl=False, svgclass=None, lineclass=None)
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")


@staff
@require_safe
def sheet(request: StaffRequest) -> HttpResponse:
    """Show the QR codes of all residents' areas, to be printed and put up."""
    if not request.viewer.may(REACH):
        raise PermissionDenied(_("没有改公众门户的权限。需要的话，找系统管理员。"))
    office = request.viewer.office_path.strip("/")
    found = [
        Code(u.title, _address(request, office, u.code), f"/p/q/{u.code}.svg?office={office}")
        for u in units.units_of_office(request.viewer.office_id)
        if u.level == "community" and u.valid_until is None
    ]
    context = {
        "title": _("码上约代表的二维码"),
        "tabs": admin_tabs(request.viewer, "portal"),
        "codes": found,
    }
    return pages.render(request, "portal/sheet.html", context)
