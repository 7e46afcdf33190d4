"""The pages on which a record is changed, withdrawn and brought back."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiezhen.records import (
    access,
    conflicts,
    display,
    forms,
    pages,
    places,
)
from jiezhen.records import operations as record_operations
from jiezhen.records.queries import Row
from jiezhen.records.views import changeable_or_403, form_response, record_response
from jiezhen.trail.once import once
from jiezhen.web import components as web
from jiezhen.web.pages import StaffRequest, render, staff, whole


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
    form = forms.Record(
        spec,
        request.POST if request.method == "POST" else None,
        row=row,
        initial=forms.initial(row, spec, links),
    )
    if request.method != "POST":
        return _edit_response(request, row, form, row.version)
    return _changed(request, row, form)


def _changed(request: StaffRequest, row: Row, form: forms.Record) -> HttpResponse:
    version = whole(request.POST.get("_version"))
    values = {
        name: value
        for name, value in form.values().items()
        if request.POST.get(f"_pick_{name}") != "theirs"
    }
    why = request.POST.get("_why", "").strip()[:400]
    try:
        record_operations.change(
            request.viewer, row.kind, row.pk, values, version, request.at, why=why
        )
    except record_operations.Conflict as conflict:
        return _conflict(request, form, conflict, version)
    except record_operations.Refused as refused:
        form.blame(refused.problems)
        return _edit_response(request, row, form, version, status=422)
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(places.page(row.kind, row.code))


def _edit_response(
    request: StaffRequest, row: Row, form: forms.Record, version: int, status: int = 200
) -> HttpResponse:
    title = _("修改：{title}").format(title=row.title or row.code)
    return form_response(
        request,
        form.kind,
        form,
        "records/edit.html",
        status,
        title=title,
        version=version,
        submit=_("保存"),
        back_href=places.page(row.kind, row.code),
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
        "said": str(conflict),
        "pairs": [p for p in both if p.differs],
        "kept": [p for p in both if not p.differs],
        "version": row.version,
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
            record_operations.withdraw(
                request.viewer, kind, row.pk, request.at, form.data.get("why", "")[:400]
            )
        except record_operations.Refused as refused:
            form.blame(refused.problems)
        else:
            messages.success(request, _("已撤回，可以恢复。"))
            return HttpResponseRedirect(places.page(kind, code))
    title = _("撤回：{title}").format(title=row.title or row.code)
    return form_response(
        request,
        spec,
        form,
        "web/form.html",
        422 if form.errors else 200,
        title=title,
        submit=_("撤回"),
        back_href=places.page(kind, code),
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
