"""服务: what was done lately, the quick form, a kind's list, the page of one service."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiezhen.activities import forms, operations, queries
from jiezhen.kernel import clock
from jiezhen.packs.schema import Kind
from jiezhen.records import access, list_views, places, tables, wording
from jiezhen.records import forms as record_forms
from jiezhen.records import operations as record_operations
from jiezhen.records import views as records
from jiezhen.trail.once import once
from jiezhen.units.queries import UnitRow
from jiezhen.web import components as web
from jiezhen.web import formats
from jiezhen.web.pages import StaffRequest, render, staff

#: So many kinds stand above the quick form.
LATELY = 6


@staff
def index(request: StaffRequest) -> HttpResponse:
    """Show the kinds of services and what was registered last."""
    found = queries.overview(request.viewer, request.at)
    today = clock.day_of(request.at)
    columns = (
        web.Column(_("编号")),
        web.Column(_("什么服务")),
        web.Column(_("事由")),
        web.Column(_("日期")),
        web.Column(_("多少"), "number"),
        web.Column(_("单元")),
    )
    rows = tuple(
        web.Row(
            (
                web.Cell(line.code, line.href, code=True),
                line.kind,
                web.Cell(line.title, line.href),
                web.Cell(formats.day_near(line.on, today) if line.on else "", why=_("没有填")),
                web.Cell(line.count, number=True, why="" if line.count else _("没有填")),
                line.unit,
            )
        )
        for line in found.lines
    )
    kinds = tuple(
        web.Choice(wording.title(s.kind), places.listing(s.kind.name), s.this_year)
        for s in found.services
    )
    may = request.viewer.may("change")
    return render(
        request,
        "activities/index.html",
        {
            "title": _("服务"),
            "table": web.Table(_("最近登记的服务"), columns, rows),
            "facets": (web.Facet(_("今年登记"), kinds),) if kinds else (),
            "sentence": _("最近登记的{n}条").format(n=len(rows)) if rows else "",
            "empty_title": _("还没有登记服务。"),
            "empty_why": _("登记一场，人次写上就行。"),
            "actions": (web.Action(_("登记服务"), "/services/new", primary=True),) if may else (),
        },
    )


@staff
def listing(request: StaffRequest, kind: str) -> HttpResponse:
    """Show one kind of service."""
    _activity_or_404(request, kind)
    tabs = tables.kind_tabs(access.kinds(request.viewer, "activity"), kind, "/services")
    return list_views.list_response(request, kind, tabs=tabs)


@staff
def activity(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Show one service."""
    _activity_or_404(request, kind)
    return records.record_response(request, records.record_or_404(request, kind, code))


def _activity_or_404(request: StaffRequest, name: str, right: str = "see") -> Kind:
    kind = records.kind_or_404(request, name, right)
    if kind.shape != "activity":
        raise Http404
    return kind


@staff
@once
def new(request: StaffRequest) -> HttpResponse:
    """Register a service: what, how many, and only then the rest."""
    kinds = queries.lately_used(request.viewer)
    name = request.GET.get("kind", "")
    if not name:
        if not kinds:
            return render(request, "records/choose.html", {"title": _("登记服务"), "groups": []})
        name = kinds[0].name
    kind = _activity_or_404(request, name, "change")
    units = records.changeable_units(request, kind)
    posted = request.POST if request.method == "POST" else None
    form = forms.Quick(kind, units, posted, initial=records.first_values(request, kind, units))
    near = [k for k in kinds if k.name == kind.name][:1] + [
        k for k in kinds if k.name != kind.name
    ]
    chips = tuple(
        web.Choice(wording.title(k), places.new(k.name), None, k.name == kind.name)
        for k in near[:LATELY]
    )
    if len(kinds) > LATELY:
        chips = (*chips, web.Choice(_("更多"), "/new"))
    href = places.new(kind.name)
    if kind.finds:
        return _with_findings(request, kind, form, units, kinds=chips, form_href=href)
    if posted is None:
        return records.form_response(
            request, kind, form, "activities/new.html", kinds=chips, form_href=href
        )
    return records.registered(
        request,
        kind,
        form,
        units,
        "activities/new.html",
        kinds=chips,
        form_href=href,
        receipt=places.page(kind.name, "{code}") + "/receipt",
    )


def _with_findings(
    request: StaffRequest, kind: Kind, form: forms.Quick, units: list[UnitRow], **more: Any
) -> HttpResponse:
    """Answer with the form, or register what it holds."""
    data = request.POST if request.method == "POST" else None
    parts = forms.sections(request.viewer, kind, data)
    if data is None or data.get("_more"):
        if data is not None:
            record_forms.blame(form, ())
        return _findings_form(request, kind, form, parts, **more)
    written = [(part, line) for part in parts for line in part.lines if forms.is_found(line)]
    unit = next((u for u in units if u.code == data.get("_unit")), None)
    try:
        if unit is None:
            raise record_operations.Refused(record_operations.Problem("_unit", _("请选单元。")))
        made = operations.register(
            request.viewer, kind.name, unit, form.values(), request.at,
            found=operations.Found([forms.as_finding(p, line) for p, line in written], forms.ticks(parts)),
        )  # fmt: skip
    except record_operations.Refused as refused:
        forms.blame_lines(form, [line for _part, line in written], refused.problems)
        return _findings_form(request, kind, form, parts, status=422, **more)
    return HttpResponseRedirect(f"{places.page(kind.name, made.row.code)}/receipt")


def _findings_form(
    request: StaffRequest, kind: Kind, form: forms.Quick, parts: list[forms.Section], **more: Any
) -> HttpResponse:
    return records.form_response(
        request, kind, form, "activities/findings.html", sections=parts, **more
    )


@staff
def receipt(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Show what was registered, and what the kind adds up to now."""
    _activity_or_404(request, kind)
    row = records.record_or_404(request, kind, code)
    titles = {"today": _("今天"), "month": _("本月"), "year": _("本年")}
    sums = [
        web.Fact(titles[a.title], a.text, a.href, number=True)
        for a in queries.added_up(request.viewer, row, request.at)
    ]
    return records.receipt_response(request, row, "activities/receipt.html", sums=sums)


@staff
def visit(request: StaffRequest) -> HttpResponse:
    """Lead to the form of a visit: the first kind that is one, else to all services."""
    kinds = access.kinds(request.viewer, "activity", "change")
    found = next((k for k in kinds if "走访" in "".join((k.title, *k.also))), None)
    return HttpResponseRedirect(places.new(found.name) if found else "/services/new")
