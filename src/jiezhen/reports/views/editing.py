"""Changing one section: its words, its numbers, their forms, proposals to be confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiezhen.reports import forms
from jiezhen.reports.operations import writing as operations
from jiezhen.reports.operations.access import Conflict, UnableToWrite
from jiezhen.reports.queries import scope
from jiezhen.reports.rules import tokens
from jiezhen.reports.views import reports, shared
from jiezhen.trail.once import once
from jiezhen.web.pages import StaffRequest, render, staff

if TYPE_CHECKING:
    from jiezhen.reports.models import Report


@staff
@require_POST
@once
def save(request: StaffRequest, ident: int, section_id: int) -> HttpResponse:
    """Save the words of a section; when somebody was faster, show both texts."""
    row = _report(request, ident)
    form = forms.Edit(request.POST)
    given = tuple(t for t in request.POST.getlist("chip") if tokens.valid(t))
    if not form.is_valid():
        return _again(request, row, section_id, form, given)
    edited = operations.Edited(
        form.cleaned_data["title"], form.cleaned_data["text"], given, form.cleaned_data["version"]
    )
    try:
        shared.found(
            operations.change_section, request.viewer, ident, section_id, edited, request.at
        )
    except Conflict as conflict:
        form.add_error("text", conflict.message)
        return _again(request, row, section_id, form, given, conflict=conflict)
    except UnableToWrite as failed:
        if not failed.field:
            messages.warning(request, failed.message)
            return HttpResponseRedirect(f"/reports/{ident}?s={section_id}")
        shared.told(form, failed)
        return _again(request, row, section_id, form, given)
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(f"/reports/{ident}?s={section_id}")


def _again(  # noqa: PLR0913  # what the form needs to be shown again
    request: StaffRequest,
    row: Report,
    section_id: int,
    form: forms.Edit,
    given: tuple[str, ...],
    conflict: Conflict | None = None,
) -> HttpResponse:
    page = reports.page_of(
        request, row, chosen=str(section_id), form=form, conflict=conflict, tokens=given
    )
    return render(request, "reports/report.html", page, status=409 if conflict else 422)


@staff
@require_POST
@once
def insert(request: StaffRequest, ident: int, section_id: int) -> HttpResponse:
    """Append a number or a sentence to a section."""
    words = request.POST.get("words", "")
    try:
        shared.found(operations.insert, request.viewer, ident, section_id, words, request.at)
    except UnableToWrite as failed:
        messages.warning(request, failed.message)
    else:
        messages.success(request, _("已插入这一段的末尾。"))
    return HttpResponseRedirect(f"/reports/{ident}?s={section_id}")


@staff
@require_POST
@once
def chip(request: StaffRequest, ident: int, section_id: int) -> HttpResponse:
    """Change one number of a section: its form, or a yes or no to a proposal."""
    order, version = (request.POST.get(name, "") for name in ("order", "version"))
    place = operations.Place(section_id, _whole(order, -1), _whole(version, 0))
    do, viewer, at = request.POST.get("do", ""), request.viewer, request.at
    try:
        if do == "confirm":
            shared.found(operations.confirm, viewer, ident, place, at)
        elif do == "refuse":
            shared.found(operations.refuse, viewer, ident, place, at)
        else:
            shared.found(
                operations.choose_form, viewer, ident, place, request.POST.get("form", ""), at
            )
    except UnableToWrite as failed:
        messages.warning(request, failed.message)
    return HttpResponseRedirect(f"/reports/{ident}?s={section_id}")


def _report(request: StaffRequest, ident: int) -> Report:
    shared.need(request.viewer, "reports.edit")
    return shared.found(scope.report_for, request.viewer, ident)


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise
