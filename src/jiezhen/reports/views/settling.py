"""Freezing, publishing, correcting; the paper, its source index, and the Word file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiezhen.reports import forms
from jiezhen.reports.operations import settling as operations
from jiezhen.reports.operations.access import UnableToWrite
from jiezhen.reports.queries import scope
from jiezhen.reports.queries.content import Content, content
from jiezhen.reports.rules import official
from jiezhen.reports.rules.forms import written
from jiezhen.reports.rules.official import Block, Paper
from jiezhen.reports.views import shared
from jiezhen.trail.once import once
from jiezhen.web.components import Action, Crumb
from jiezhen.web.formats import day
from jiezhen.web.pages import StaffRequest, render, staff

if TYPE_CHECKING:
    from jiezhen.reports.models import Report


@staff
@require_POST
@once
def freeze(request: StaffRequest, ident: int) -> HttpResponse:
    """Freeze the numbers of a report."""
    try:
        shared.found(operations.freeze, request.viewer, ident, request.at)
    except UnableToWrite as failed:
        messages.warning(request, failed.message)
    else:
        messages.success(request, _("数字已冻结。以后的记录不会改变正文。"))
    return HttpResponseRedirect(f"/reports/{ident}")


@staff
@require_http_methods(["GET", "POST"])
@once
def thaw(request: StaffRequest, ident: int) -> HttpResponse:
    """Let frozen numbers live again, with a reason."""
    shared.need(request.viewer, "reports.freeze")
    row: Report = shared.found(scope.report_for, request.viewer, ident)
    form = forms.Why(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            shared.found(
                operations.thaw, request.viewer, ident, request.at, form.cleaned_data["why"]
            )
        except UnableToWrite as failed:
            shared.told(form, failed)
        else:
            messages.success(request, _("已解冻，数字又是活的了。"))
            return HttpResponseRedirect(f"/reports/{ident}")
    return render(
        request,
        "web/form.html",
        {
            "title": _("解冻"),
            "form": form,
            "submit": _("解冻"),
            "back_href": f"/reports/{ident}",
            "crumbs": (
                Crumb(_("报告"), "/reports"),
                Crumb(row.title, f"/reports/{ident}"),
                Crumb(_("解冻")),
            ),
        },
        status=200 if request.method == "GET" else 422,
    )


@staff
@require_POST
@once
def publish(request: StaffRequest, ident: int) -> HttpResponse:
    """Publish a report."""
    try:
        shared.found(operations.publish, request.viewer, ident, request.at)
    except UnableToWrite as failed:
        messages.warning(request, failed.message)
    else:
        messages.success(request, _("已发布。"))
    return HttpResponseRedirect(f"/reports/{ident}")


@staff
@require_http_methods(["GET", "POST"])
@once
def correct(request: StaffRequest, ident: int) -> HttpResponse:
    """Correct a frozen number by a dated act with a reason."""
    shared.need(request.viewer, "reports.freeze")
    row: Report = shared.found(scope.report_for, request.viewer, ident)
    whole = content(request.viewer, row, request.at)
    known = [(key, f"{n.title} {written(n, '')}") for key, n in whole.numbers.items() if n.code]
    form = forms.Correct(request.POST if request.method == "POST" else None, known=known)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = shared.found(
                operations.correct,
                request.viewer,
                ident,
                given["key"],
                given["said"],
                given["reason"],
                request.at,
            )
        except UnableToWrite as failed:
            shared.told(form, failed)
        else:
            messages.success(
                request,
                _("已更正：{before}改为{after}。").format(
                    before=made.before_text, after=made.after_text
                ),
            )
            return HttpResponseRedirect(f"/reports/{ident}")
    return render(
        request,
        "web/form.html",
        {
            "title": _("更正"),
            "form": form,
            "submit": _("更正"),
            "back_href": f"/reports/{ident}",
            "crumbs": (
                Crumb(_("报告"), "/reports"),
                Crumb(row.title, f"/reports/{ident}"),
                Crumb(_("更正")),
            ),
        },
        status=200 if request.method == "GET" else 422,
    )


@staff
@require_GET
def paper(request: StaffRequest, ident: int) -> HttpResponse:
    """Show the whole report as it is printed, every number a link, with its source index."""
    shared.need_read(request.viewer)
    row: Report = shared.found(scope.report_for, request.viewer, ident)
    whole = content(request.viewer, row, request.at)
    here = f"/reports/{row.pk}"
    return render(
        request,
        "reports/paper.html",
        {
            "title": row.title,
            "whole": whole,
            "as_of": day(whole.as_of),
            "sources": whole.sources(),
            "crumbs": (Crumb(_("报告"), "/reports"), Crumb(row.title, here), Crumb(_("全文"))),
            "actions": (Action(_("导出Word"), f"{here}.docx"), Action(_("回去写"), here)),
        },
    )


@staff
@require_GET
def word(request: StaffRequest, ident: int) -> HttpResponse:
    """Hand out the report as a Word file in the official layout."""
    shared.need_read(request.viewer)
    row: Report = shared.found(scope.report_for, request.viewer, ident)
    whole = content(request.viewer, row, request.at)
    try:
        made = official.made(paper_of(request, whole))
    except official.UnableToMake as failed:
        messages.warning(request, failed.message)
        return HttpResponseRedirect(f"/reports/{ident}")
    return shared.attachment(made, f"{row.title}.docx", shared.WORD)


def paper_of(request: HttpRequest, whole: Content) -> Paper:
    """Return what stands in the Word file of a report."""
    blocks: list[Block] = []
    for part in whole.parts:
        if part.heading:
            blocks.append(Block(min(part.section.level, 2), ((part.heading, ""),)))
        blocks += [
            Block(0, tuple((piece.text, _address(request, piece)) for piece in line))
            for line in part.lines
        ]
    as_of = day(whole.as_of)
    rows = tuple(
        (
            str(s.order),
            s.text,
            s.number.title,
            s.number.definition,
            f"{s.number.period} {s.number.place}".strip(),
            as_of,
            s.number.href or "—",
        )
        for s in whole.sources()
    )
    dated = day(whole.report.frozen_at) if whole.report.frozen_at else ""
    signed = getattr(getattr(request, "viewer", None), "office_name", "") if dated else ""
    return Paper(
        whole.report.title,
        tuple(blocks),
        str(signed or ""),
        dated,
        ("序号", "文中的数", "指标", "口径", "期间和范围", "数据截至", "编号"),
        rows,
        f"正文里的数由平台从记录算出，数据截至{as_of}。凭编号可以查到每个数的口径和记录。",
    )


def _address(request: HttpRequest, piece: object) -> str:
    number, chip = getattr(piece, "number", None), getattr(piece, "chip", None)
    if number is None or not number.href or chip is None or chip.proposed:
        return ""
    return request.build_absolute_uri(number.href)
