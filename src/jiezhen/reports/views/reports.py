"""The list of reports, a new one, and the page on which one is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiezhen.kernel import clock
from jiezhen.kernel.periods import Period
from jiezhen.reports import forms
from jiezhen.reports.operations import drafts, skeletons, writing
from jiezhen.reports.operations.access import UnableToWrite
from jiezhen.reports.queries import listing, scope
from jiezhen.reports.queries.content import Content, Part, content
from jiezhen.reports.views import panels, shared
from jiezhen.trail.once import once, perform_form
from jiezhen.web.components import Action, Cell, Choice, Column, Crumb, Row, Table
from jiezhen.web.formats import day
from jiezhen.web.pages import StaffRequest, render, staff

if TYPE_CHECKING:
    from jiezhen.reports.models import Report


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the page of a report shows."""

    title: str
    crumbs: tuple[Crumb, ...]
    actions: tuple[Action, ...]
    tabs: tuple[Choice, ...]
    whole: Content
    part: Part | None
    here: str
    as_of: str
    state: str
    editing: bool
    may_edit: bool
    may_settle: bool
    untold: tuple[listing.Missing, ...] = ()
    offers: tuple[listing.Offer, ...] = ()
    phrase: str = ""
    chips: tuple[Any, ...] = ()
    form: forms.Edit | None = None
    conflict: Any = None
    tokens: tuple[str, ...] = field(default=())


@staff
@require_GET
def reports(request: StaffRequest) -> HttpResponse:
    """List the office's reports."""
    shared.need_read(request.viewer)
    state = request.GET.get("state", "")
    rows = listing.reports(request.viewer)
    shown = [r for r in rows if not state or r.state == state]
    tabs = (
        *shared.tabs("/reports" if not state else ""),
        Choice(
            _("已发布"),
            "/reports?state=published",
            sum(r.state == "published" for r in rows),
            current=state == "published",
        ),
    )
    actions = (
        [Action(_("写一份报告"), "/reports/new", primary=True)]
        if (request.viewer.may("reports.edit"))
        else []
    )
    return render(
        request,
        "reports/reports.html",
        {
            "title": _("报告"),
            "tabs": tabs,
            "table": _table(shown),
            "actions": actions,
            "any": bool(shown),
        },
    )


def _table(rows: list[listing.ReportRow]) -> Table:
    columns = (
        Column(_("报告")),
        Column(_("期间")),
        Column(_("状态")),
        Column(_("数字冻结")),
        Column(_("发布")),
    )
    made = [
        Row(
            (
                Cell(text=r.title, href=r.href, note=r.created_by),
                r.period_title,
                _(r.state_word),
                day(r.frozen_at) if r.frozen_at else Cell(why=_("还没有冻结")),
                day(r.published_at) if r.published_at else Cell(why=_("还没有发布")),
            ),
            key=str(r.id),
        )
        for r in rows
    ]
    return Table(_("报告"), columns, tuple(made))


@staff
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Begin a report from the plan, from last year's report or from nothing."""
    shared.need(request.viewer, "reports.edit")
    if request.method != "POST":
        return _new(request, forms.New(initial=_initial(request)))
    form = forms.New(request.POST, request.FILES)
    old = None
    if form.is_valid() and form.cleaned_data["begin"] == "report":
        old = _old(form)
    if not form.is_valid():
        return perform_form(request, lambda: _new(request, form, status=422))
    return perform_form(request, lambda: _created(request, form, old))


def _initial(request: StaffRequest) -> dict[str, str]:
    today = clock.day_of(request.at)
    half = Period.of(today, "half")
    period = half.previous() if today.month in (1, 7) else half
    return {"period": period.code, "title": _("{period}工作报告").format(period=period.title)}


def _old(form: forms.New) -> drafts.Received | None:
    try:
        if form.cleaned_data.get("file"):
            return drafts.receive_file(form.cleaned_data["file"])
        return drafts.receive_words(form.cleaned_data["text"])
    except UnableToWrite as failed:
        shared.told(form, failed)
        return None


def _new(request: StaffRequest, form: forms.New, status: int = 200) -> HttpResponse:
    return render(
        request,
        "reports/new.html",
        {
            "title": _("写一份报告"),
            "form": form,
            "submit": _("开始写"),
            "back_href": "/reports",
            "crumbs": (Crumb(_("报告"), "/reports"), Crumb(_("新建"))),
        },
        status=status,
    )


def _created(request: StaffRequest, form: forms.New, old: drafts.Received | None) -> HttpResponse:
    period = Period.parse(form.cleaned_data["period"])
    origin, sections = "", []
    if old is not None:
        sections = skeletons.from_text(request.viewer, old.text, period, request.at)
        origin = old.file_name or _("粘贴的旧报告")
    elif form.cleaned_data["begin"] == "plan":
        sections = skeletons.from_plan(request.viewer, period.last.year)
        origin = _("{year}年计划").format(year=period.last.year)
        if not sections:
            messages.info(
                request, _("{year}年还没有确认的承诺，从空白写起。").format(year=period.last.year)
            )
    report = shared.found(
        writing.create,
        request.viewer,
        form.cleaned_data["title"],
        period,
        request.at,
        sections=sections,
        origin=origin,
    )
    return HttpResponseRedirect(f"/reports/{report.pk}")


@staff
@require_GET
def report(request: StaffRequest, ident: int) -> HttpResponse:
    """Show a report section by section; `?s=3` chooses one, `&edit=1` opens its editor."""
    shared.need_read(request.viewer)
    row: Report = shared.found(scope.report_for, request.viewer, ident)
    return render(request, "reports/report.html", page_of(request, row))


def page_of(
    request: StaffRequest,
    row: Report,
    *,
    chosen: str = "",
    form: forms.Edit | None = None,
    conflict: Any = None,
    tokens: tuple[str, ...] = (),  # noqa: ANN401
) -> Page:
    """Return the page of a report with one section chosen."""
    whole = content(request.viewer, row, request.at)
    part = _chosen(whole, chosen or request.GET.get("s", ""))
    may_edit = request.viewer.may("reports.edit") and not whole.is_frozen
    editing = (
        may_edit and part is not None and (form is not None or request.GET.get("edit") == "1")
    )
    phrase = request.GET.get("q", "")
    if editing and part is not None and form is None:
        form, tokens = panels.form_for(whole, part)
    return Page(
        row.title,
        (Crumb(_("报告"), "/reports"), Crumb(row.title)),
        _actions(request, whole),
        (),
        whole,
        part,
        f"/reports/{row.pk}",
        day(whole.as_of),
        listing.STATES[row.state],
        editing,
        may_edit,
        request.viewer.may("reports.freeze") or request.viewer.may("reports.publish"),
        tuple(listing.untold(request.viewer, whole, request.at)) if may_edit else (),
        tuple(listing.offers(request.viewer, phrase, whole.where, request.at))
        if phrase and may_edit
        else (),
        phrase,
        tuple(panels.chip_rows(whole, part)) if part is not None else (),
        form if editing else None,
        conflict,
        tokens,
    )


def _chosen(whole: Content, wanted: str) -> Part | None:
    by_id = {str(p.section.pk): p for p in whole.parts}
    return by_id.get(wanted) or (whole.parts[0] if whole.parts else None)


def _actions(request: StaffRequest, whole: Content) -> tuple[Action, ...]:
    here, viewer = f"/reports/{whole.report.pk}", request.viewer
    found = [
        Action(_("校对"), f"{here}/check"),
        Action(_("导出Word"), f"{here}.docx"),
        Action(_("全文"), f"{here}/paper"),
    ]
    if not whole.is_frozen and viewer.may("reports.freeze"):
        found.append(Action(_("冻结数字"), f"{here}/freeze", post=True))
    if whole.is_frozen and whole.report.state == "final" and viewer.may("reports.publish"):
        found.append(Action(_("发布"), f"{here}/publish", post=True, primary=True))
    return tuple(found)


@staff
@require_POST
@once
def add_section(request: StaffRequest, ident: int) -> HttpResponse:
    """Append a section."""
    level = 2 if request.POST.get("level") == "2" else 1
    try:
        section = shared.found(
            writing.add_section,
            request.viewer,
            ident,
            request.POST.get("title", ""),
            request.at,
            level=level,
        )
    except UnableToWrite as failed:
        messages.warning(request, failed.message)
        return HttpResponseRedirect(f"/reports/{ident}")
    return HttpResponseRedirect(f"/reports/{ident}?s={section.pk}&edit=1")
