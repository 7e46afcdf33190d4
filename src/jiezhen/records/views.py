"""The pages of records of every kind: list, record, what one does to it."""

from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.packs.schema import Kind
from jiezhen.records import (
    access,
    display,
    forms,
    histories,
    pages,
    panels,
    places,
    queries,
    reveals,
    wording,
)
from jiezhen.records import operations as record_operations
from jiezhen.records.queries import Row
from jiezhen.trail.once import once
from jiezhen.units import queries as unit_queries
from jiezhen.units.queries import UnitRow
from jiezhen.web import components as web
from jiezhen.web.pages import StaffRequest, render, staff


def kind_or_404(request: StaffRequest, name: str, right: str = "see") -> Kind:
    """Return a kind that the viewer sees; 403 when they see it but may not do this."""
    try:
        kind = access.kind_for(request.viewer, name)
    except access.NoSuchRecord as absent:
        raise Http404 from absent
    if not request.viewer.may(right, name, sensitivity=kind.sensitivity):
        raise PermissionDenied
    return kind


def record_or_404(request: StaffRequest, kind: str, code: str) -> Row:
    """Return a record that the viewer sees."""
    try:
        return queries.record_for(request.viewer, kind, code)
    except access.NoSuchRecord as absent:
        raise Http404 from absent


def changeable_or_403(request: StaffRequest, kind: str, code: str) -> Row:
    """Return a record that the viewer may change; 404 when they do not even see it."""
    row = record_or_404(request, kind, code)
    spec = access.kind_for(request.viewer, kind)
    if not request.viewer.may("change", kind, row.unit.path, spec.sensitivity):
        raise PermissionDenied
    return row


@staff
def record(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Show one record."""
    row = record_or_404(request, kind, code)
    if places.has_own_page(kind):
        return HttpResponseRedirect(places.page(kind, code))
    return record_response(request, row)


def record_response(
    request: StaffRequest, row: Row, template: str = "records/record.html", **more: Any
) -> HttpResponse:
    """Answer with a record's page, inside a template and with names of the caller's engine."""
    opened = pages.session_opened(request.session.get("opened"))
    reveals.seen(request.viewer, row, request.at)
    status, omit = more.pop("status", 200), more.pop("omit", ())
    page = pages.record_page(request.viewer, row, request.at, opened, omit)
    context = {name: getattr(page, name) for name in page.__slots__} | {"at": request.at} | more
    context["actions"] = (*page.actions, *more.get("more_actions", ()))
    response = render(request, template, context, status=status)
    if page.opened_until is not None:
        left = max(1, int((page.opened_until - request.at).total_seconds()))
        response.headers["Refresh"] = f"{left}; url={request.path}"
    return response


@staff
@once
def reveal(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Show one personal field for a minute; the reason stays on record."""
    row = record_or_404(request, kind, code)
    name, why = request.POST.get("field", ""), request.POST.get("reason", "")
    try:
        opened = reveals.reveal(request.viewer, row, name, why, request.at)
    except record_operations.NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except record_operations.Refused as refused:
        problems = [web.Problem("", p.message) for p in refused.problems]
        return record_response(request, row, problems=problems, status=422)
    request.session["opened"] = pages.kept_in_session(opened)
    return HttpResponseRedirect(places.page(kind, code))


@staff
def history(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Show every change of a record."""
    row = record_or_404(request, kind, code)
    spec = access.kind_for(request.viewer, kind)
    steps = histories.history(request.viewer, row)
    return render(
        request,
        "records/history.html",
        {
            "title": _("修改记录：{title}").format(title=row.title or row.code),
            "steps": steps,
            "crumbs": pages.crumbs(spec, row, _("修改记录")),
        },
    )


@staff
def looks(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Show who looked at a record."""
    row = record_or_404(request, kind, code)
    spec = access.kind_for(request.viewer, kind)
    return render(
        request,
        "records/looks.html",
        {
            "title": _("谁看过：{title}").format(title=row.title or row.code),
            "looks": histories.looks(request.viewer, row),
            "crumbs": pages.crumbs(spec, row, _("谁看过")),
        },
    )


@staff
def suggest(request: StaffRequest, kind: str) -> HttpResponse:
    """Propose records for a link's field."""
    kind_or_404(request, kind)
    name = request.GET.get("field", "q")
    text = request.GET.get(name, "")[:60]
    rows = queries.suggestions(request.viewer, kind, text)
    items = [display.Linked(r.title, code=r.code).writing for r in rows]
    return render(request, "records/suggestions.html", {"items": items})


@staff
@once
def new(request: StaffRequest, kind: str) -> HttpResponse:
    """Register a record."""
    spec = kind_or_404(request, kind, "change")
    units = changeable_units(request, spec)
    form = forms.New(
        spec,
        units,
        request.POST if request.method == "POST" else None,
        initial=first_values(request, spec, units),
    )
    if request.method != "POST":
        return form_response(request, spec, form)
    given, problems = form.given()
    if problems:
        form.blame(problems)
        return form_response(request, spec, form, status=422)
    return registered(request, spec, form, units, given=given)


def registered(
    request: StaffRequest,
    kind: Kind,
    form: forms.New,
    units: list[UnitRow],
    template: str = "records/form.html",
    **more: Any,
) -> HttpResponse:
    """Carry out the registration that a form asks for and answer with its receipt."""
    given = more.pop("given", {})
    leads = more.pop("receipt", "")
    unit = next((u for u in units if u.code == form.data.get("_unit")), None)
    try:
        if unit is None:
            raise record_operations.Refused(record_operations.Problem("_unit", _("请选单元。")))
        row = record_operations.create(
            request.viewer, kind.name, unit, form.values(), request.at, given=given
        )
    except record_operations.Refused as refused:
        form.blame(refused.problems)
        return form_response(request, kind, form, template, status=422, **more)
    told = leads.replace(quote("{code}"), quote(row.code, safe=""))
    return HttpResponseRedirect(told or f"{places.general_page(row.kind, row.code)}/receipt")


def changeable_units(request: StaffRequest, kind: Kind) -> list[UnitRow]:
    """Return the units in which the viewer may register this kind, those valid today."""
    viewer, today = request.viewer, clock.day_of(request.at)
    return [
        u
        for u in unit_queries.units_of(viewer, today, "change")
        if viewer.may("change", kind.name, u.path, kind.sensitivity)
    ]


def first_values(request: StaffRequest, kind: Kind, units: list[UnitRow]) -> dict[str, str]:
    """Return what a new form holds: the viewer's unit, today, and what the address proposes."""
    own = next((u.code for u in units if u.id == request.viewer.unit_id), "")
    values = {"_unit": request.GET.get("_unit", own)}
    spec = kind.fields.get(kind.on)
    if kind.shape == "activity" and spec is not None and spec.type == "date":
        values[kind.on] = clock.day_of(request.at).isoformat()
    if forms.begins(kind):
        values["_valid_from"] = clock.day_of(request.at).isoformat()
    for name, field in kind.fields.items():
        if name in request.GET and field.type not in {"person", "phone", "id_number"}:
            values[name] = request.GET[name][:200]
    return values


def form_response(
    request: StaffRequest,
    kind: Kind,
    form: BaseForm,
    template: str = "records/form.html",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Answer with a form."""
    title = _("登记{kind}").format(kind=wording.title(kind))
    context: dict[str, Any] = {
        "title": title,
        "form": form,
        "kind": kind,
        "submit": _("登记"),
        "units": _units(kind),
        "crumbs": pages.crumbs(kind, title=title),
        "back_href": places.listing(kind.name),
    }
    return render(request, template, context | more, status=status)


def _units(kind: Kind) -> dict[str, str]:
    return {n: f.unit or "" for n, f in kind.fields.items() if f.unit}


@staff
def receipt(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Show what was registered, its number, and the figures that it counts in."""
    return receipt_response(request, record_or_404(request, kind, code))


def receipt_response(
    request: StaffRequest, row: Row, template: str = "records/receipt.html", **more: Any
) -> HttpResponse:
    """Answer with a record's receipt, inside a template and with names of the caller's engine."""
    kind = access.kind_for(request.viewer, row.kind)
    return render(
        request,
        template,
        {
            "title": _("已登记"),
            "kind": kind,
            "row": row,
            "crumbs": pages.crumbs(kind, row),
            "panels": panels.panels(request.viewer, row, request.at),
            "new_href": places.new(kind.name),
            "href": places.page(row.kind, row.code),
            "due": getattr(row, "due_on", None),
            "here": places.general_page(row.kind, row.code),
        }
        | more,
    )


def choose_new(request: HttpRequest) -> HttpResponse:
    """Show what can be registered, by shape."""
    return _choose_new(request)


@staff
def _choose_new(request: StaffRequest) -> HttpResponse:
    groups = []
    for name, title in (
        ("matter", _("事项和项目")),
        ("activity", _("服务")),
        ("entry", _("底数")),
    ):
        kinds = access.kinds(request.viewer, name, "change")
        if kinds:
            groups.append(
                {"title": title, "kinds": [(wording.title(k), places.new(k.name)) for k in kinds]}
            )
    return render(request, "records/choose.html", {"title": _("新建"), "groups": groups})
