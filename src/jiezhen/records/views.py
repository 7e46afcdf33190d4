"""The pages of records of every kind: list, record, what one does to it."""

from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.packs.schema import Kind
from jiezhen.records import (
    access,
    conflicts,
    display,
    exports,
    forms,
    histories,
    pages,
    panels,
    places,
    queries,
    reveals,
    saved,
    tables,
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
def listing(request: StaffRequest, kind: str) -> HttpResponse:
    """Show a kind's list."""
    return list_response(request, kind)


def list_response(
    request: StaffRequest, kind: str, template: str = "records/list.html", **more: Any
) -> HttpResponse:
    """Answer with a kind's list, inside a template and with names of the caller's engine."""
    try:
        page = queries.listing(request.viewer, kind, request.GET, request.at)
    except access.NoSuchRecord as absent:
        raise Http404 from absent
    today = clock.day_of(request.at)
    return render(request, template, tables.list_page(request.viewer, page, today, **more))


@staff
def chosen_columns(request: StaffRequest, kind: str) -> HttpResponse:
    """Turn ticked columns into the list's address."""
    spec = kind_or_404(request, kind)
    query = queries.query_of(spec, request.GET, request.at)
    wanted = ",".join(request.GET.getlist("column")[:20])
    return HttpResponseRedirect(places.listing(kind) + query.address(columns=wanted))


@staff
@once
def find(request: StaffRequest, kind: str) -> HttpResponse:
    """Find people by name, number or the end of a telephone number, never by address line."""
    spec = kind_or_404(request, kind)
    if not spec.personal:
        raise Http404
    title = _("找人：{kind}").format(kind=wording.title(spec))
    context: dict[str, Any] = {"title": title, "kind": spec, "crumbs": pages.crumbs(spec)}
    if request.method != "POST":
        return render(request, "records/find.html", context)
    text = request.POST.get("text", "").strip()[:40]
    try:
        rows = reveals.find(request.viewer, spec, text, request.at)
    except record_operations.Refused as refused:
        context["problems"] = [web.Problem("id_text", p.message) for p in refused.problems]
        return render(request, "records/find.html", context, status=422)
    context |= {"found": [_found(spec, row) for row in rows], "searched": True}
    return render(request, "records/find.html", context)


def _found(kind: Kind, row: Row) -> dict[str, str]:
    shown = [display.field_value(row, n, kind.fields[n]).text for n in kind.personal]
    return {"title": row.title or row.code, "code": row.code, "unit": row.unit.title,
            "href": places.page(row.kind, row.code), "text": "  ".join(t for t in shown if t)}


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
    return render(request, "records/history.html", {
        "title": _("修改记录：{title}").format(title=row.title or row.code), "steps": steps,
        "crumbs": pages.crumbs(spec, row, _("修改记录")),
    })


@staff
def looks(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Show who looked at a record."""
    row = record_or_404(request, kind, code)
    spec = access.kind_for(request.viewer, kind)
    return render(request, "records/looks.html", {
        "title": _("谁看过：{title}").format(title=row.title or row.code),
        "looks": histories.looks(request.viewer, row),
        "crumbs": pages.crumbs(spec, row, _("谁看过")),
    })


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
    form = forms.New(spec, units, request.POST if request.method == "POST" else None,
                     initial=first_values(request, spec, units))
    if request.method != "POST":
        return form_response(request, spec, form)
    given, problems = form.given()
    if problems:
        form.blame(problems)
        return form_response(request, spec, form, status=422)
    return registered(request, spec, form, units, given=given)


def registered(
    request: StaffRequest, kind: Kind, form: forms.New, units: list[UnitRow],
    template: str = "records/form.html", **more: Any,
) -> HttpResponse:
    """Carry out the registration that a form asks for and answer with its receipt."""
    given = more.pop("given", {})
    leads = more.pop("receipt", "")
    unit = next((u for u in units if u.code == form.data.get("_unit")), None)
    try:
        if unit is None:
            raise record_operations.Refused(
                record_operations.Problem("_unit", _("请选单元。")))
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
        u for u in unit_queries.units_of(viewer, today, "change")
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
    request: StaffRequest, kind: Kind, form: BaseForm, template: str = "records/form.html",
    status: int = 200, **more: Any,
) -> HttpResponse:
    """Answer with a form."""
    title = _("登记{kind}").format(kind=wording.title(kind))
    context: dict[str, Any] = {
        "title": title, "form": form, "kind": kind, "submit": _("登记"), "units": _units(kind),
        "crumbs": pages.crumbs(kind, title=title), "back_href": places.listing(kind.name),
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
    return render(request, template, {
        "title": _("已登记"), "kind": kind, "row": row, "crumbs": pages.crumbs(kind, row),
        "panels": panels.panels(request.viewer, row, request.at), "new_href": places.new(kind.name),
        "href": places.page(row.kind, row.code), "due": getattr(row, "due_on", None),
        "here": places.general_page(row.kind, row.code),
    } | more)


@staff
@once
def edit(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Change a record; when somebody was faster, show both versions and let one choose."""
    row = changeable_or_403(request, kind, code)
    spec = access.kind_for(request.viewer, kind)
    if row.withdrawn_at is not None:
        messages.info(request, _("这条已经撤回。要改先恢复。"))
        return HttpResponseRedirect(places.page(kind, code))
    wanted = display.wanted_links([row], spec.fields.items())
    links = display.links_of(request.viewer, wanted) if wanted else {}
    form = forms.Record(spec, request.POST if request.method == "POST" else None, row=row,
                        initial=forms.initial(row, spec, links))
    if request.method != "POST":
        return _edit_response(request, row, form, row.version)
    return _changed(request, row, form)


def _changed(request: StaffRequest, row: Row, form: forms.Record) -> HttpResponse:
    version = _whole(request.POST.get("_version"))
    values = {
        name: value for name, value in form.values().items()
        if request.POST.get(f"_pick_{name}") != "theirs"
    }
    why = request.POST.get("_why", "").strip()[:400]
    try:
        record_operations.change(request.viewer, row.kind, row.pk, values, version, request.at,
                                 why=why)
    except record_operations.Conflict as conflict:
        return _conflict(request, form, conflict, version)
    except record_operations.Refused as refused:
        form.blame(refused.problems)
        return _edit_response(request, row, form, version, status=422)
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(places.page(row.kind, row.code))


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _edit_response(
    request: StaffRequest, row: Row, form: forms.Record, version: int, status: int = 200
) -> HttpResponse:
    title = _("修改：{title}").format(title=row.title or row.code)
    return form_response(
        request, form.kind, form, "records/edit.html", status, title=title, version=version,
        submit=_("保存"), back_href=places.page(row.kind, row.code),
        crumbs=pages.crumbs(form.kind, row, _("修改")),
        history_href=f"{places.general_page(row.kind, row.code)}/history",
    )


def _conflict(
    request: StaffRequest, form: forms.Record, conflict: record_operations.Conflict, version: int
) -> HttpResponse:
    """Show what the person wrote beside what somebody else saved meanwhile."""
    row = conflict.row
    both = conflicts.compared(request.viewer, row, form.values(), version, request.at)
    if not any(pair.differs for pair in both):
        messages.info(request, _("别人已经改成一样的内容。"))
        return HttpResponseRedirect(places.page(row.kind, row.code))
    context = {
        "title": _("两份不同：{title}").format(title=row.title or row.code),
        "said": str(conflict), "pairs": [p for p in both if p.differs],
        "kept": [p for p in both if not p.differs], "version": row.version,
        "crumbs": pages.crumbs(form.kind, row, _("修改")),
        "back_href": places.page(row.kind, row.code),
    }
    return render(request, "records/conflict.html", context, status=409)


@staff
@once
def withdraw(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Take a record out of every list and figure, with a reason."""
    row = changeable_or_403(request, kind, code)
    spec = access.kind_for(request.viewer, kind)
    form = forms.Why(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            record_operations.withdraw(request.viewer, kind, row.pk, request.at,
                                       form.data.get("why", "")[:400])
        except record_operations.Refused as refused:
            form.blame(refused.problems)
        else:
            messages.success(request, _("已撤回，可以恢复。"))
            return HttpResponseRedirect(places.page(kind, code))
    title = _("撤回：{title}").format(title=row.title or row.code)
    return form_response(
        request, spec, form, "web/form.html", 422 if form.errors else 200,
        title=title, submit=_("撤回"), back_href=places.page(kind, code),
        crumbs=pages.crumbs(spec, row, _("撤回")),
    )


@staff
@once
def bring_back(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Undo a withdrawal."""
    row = changeable_or_403(request, kind, code)
    if request.method == "POST":
        try:
            record_operations.bring_back(request.viewer, kind, row.pk, request.at)
        except record_operations.Refused as refused:
            problems = [web.Problem("", p.message) for p in refused.problems]
            return record_response(request, row, problems=problems, status=422)
        messages.success(request, _("已恢复。"))
    return HttpResponseRedirect(places.page(kind, code))


def choose_new(request: HttpRequest) -> HttpResponse:
    """Show what can be registered, by shape."""
    return _choose_new(request)


@staff
def _choose_new(request: StaffRequest) -> HttpResponse:
    groups = []
    for name, title in (("matter", _("事项和项目")), ("activity", _("服务")), ("entry", _("底数"))):
        kinds = access.kinds(request.viewer, name, "change")
        if kinds:
            groups.append({"title": title, "kinds": [
                (wording.title(k), places.new(k.name)) for k in kinds]})
    return render(request, "records/choose.html", {"title": _("新建"), "groups": groups})


@staff
@once
def saved_lists(request: StaffRequest, kind: str) -> HttpResponse:
    """Keep a list's filters under a name, show those kept, forget one."""
    spec = kind_or_404(request, kind)
    if request.method == "POST":
        query = queries.query_of(spec, request.GET, request.at)
        if request.POST.get("forget"):
            saved.forget(request.viewer, kind, _whole(request.POST["forget"]))
        elif request.POST.get("title", "").strip():
            words = urlencode(list(query.pairs))
            saved.keep(request.viewer, kind, request.POST["title"].strip()[:60], words)
        return HttpResponseRedirect(request.get_full_path())
    query = queries.query_of(spec, request.GET, request.at)
    return render(request, "records/saved.html", {
        "title": _("常用筛选：{kind}").format(kind=wording.title(spec)), "kind": spec,
        "saved": saved.lists(request.viewer, kind), "query": query,
        "list_href": places.listing(kind), "crumbs": pages.crumbs(spec, title=_("常用筛选")),
    })


@staff
@once
def export(request: StaffRequest, kind: str, fmt: str) -> HttpResponse:
    """Answer a list as a file; a reason is asked for when it holds personal fields."""
    spec = kind_or_404(request, kind, "export")
    query = queries.query_of(spec, request.GET, request.at)
    why = request.POST.get("why", "").strip()[:400] if request.method == "POST" else ""
    if spec.personal and not why:
        form = forms.Why(request.POST if request.method == "POST" else None)
        if request.method == "POST":
            form.blame([record_operations.Problem("why", _("请写导出的理由。"))])
        title = _("导出：{kind}").format(kind=wording.title(spec))
        return form_response(
            request, spec, form, "records/export.html", 422 if form.errors else 200,
            title=title, submit=_("导出"), crumbs=pages.crumbs(spec, title=_("导出")),
        )
    try:
        file = exports.stream(request.viewer, kind, query, fmt, request.at, why=why)
    except record_operations.Refused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(places.listing(kind) + query.address())
    return file
