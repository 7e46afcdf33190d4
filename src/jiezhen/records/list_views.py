"""The pages of lists: the list itself, finding people, kept filters, files."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.packs.schema import Kind
from jiezhen.records import (
    access,
    display,
    exports,
    forms,
    pages,
    places,
    queries,
    reveals,
    saved,
    tables,
    wording,
)
from jiezhen.records import operations as record_operations
from jiezhen.records.queries import Row
from jiezhen.records.views import form_response, kind_or_404
from jiezhen.trail.once import once
from jiezhen.web import components as web
from jiezhen.web.pages import StaffRequest, render, staff, whole


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
    return {
        "title": row.title or row.code,
        "code": row.code,
        "unit": row.unit.title,
        "href": places.page(row.kind, row.code),
        "text": "  ".join(t for t in shown if t),
    }


@staff
@once
def saved_lists(request: StaffRequest, kind: str) -> HttpResponse:
    """Keep a list's filters under a name, show those kept, forget one."""
    spec = kind_or_404(request, kind)
    if request.method == "POST":
        query = queries.query_of(spec, request.GET, request.at)
        if request.POST.get("forget"):
            saved.forget(request.viewer, kind, whole(request.POST["forget"]))
        elif request.POST.get("title", "").strip():
            words = urlencode(list(query.pairs))
            saved.keep(request.viewer, kind, request.POST["title"].strip()[:60], words)
        return HttpResponseRedirect(request.get_full_path())
    query = queries.query_of(spec, request.GET, request.at)
    return render(
        request,
        "records/saved.html",
        {
            "title": _("常用筛选：{kind}").format(kind=wording.title(spec)),
            "kind": spec,
            "saved": saved.lists(request.viewer, kind),
            "query": query,
            # Not a kind's own page: the board of a project knows no filters.
            "list_href": f"/records/{kind}",
            "crumbs": pages.crumbs(spec, title=_("常用筛选")),
        },
    )


@staff
@once
def export(request: StaffRequest, kind: str, fmt: str) -> HttpResponse:
    """Answer a list as a file; a reason is asked for when it holds personal fields."""
    spec = kind_or_404(request, kind, "export")
    query = queries.query_of(spec, request.GET, request.at)
    why = request.POST.get("why", "").strip()[:400] if request.method == "POST" else ""
    named = [n for n in spec.personal if n in spec.kept]  # who called leaves in no file
    if named and not why:
        form = forms.Why(request.POST if request.method == "POST" else None)
        if request.method == "POST":
            form.blame([record_operations.Problem("why", _("请写导出的理由。"))])
        title = _("导出：{kind}").format(kind=wording.title(spec))
        return form_response(
            request,
            spec,
            form,
            "records/export.html",
            422 if form.errors else 200,
            title=title,
            submit=_("导出"),
            crumbs=pages.crumbs(spec, title=_("导出")),
        )
    try:
        file = exports.stream(request.viewer, kind, query, fmt, request.at, why=why)
    except record_operations.Refused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(places.listing(kind) + query.address())
    return file
