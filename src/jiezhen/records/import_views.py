"""The pages of the import: choose a file, match columns, check and mend, done."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from jiezhen.records import import_forms, import_pages, imports, operations, shapes, wording
from jiezhen.records.imports import Batch, UnableToImport, access, staging, templates
from jiezhen.trail import once
from jiezhen.trail.once import once as only_once
from jiezhen.units.queries import UnknownUnit
from jiezhen.web import components as web
from jiezhen.web.pages import StaffRequest, render, staff, whole

#: Rows that are judged while somebody waits for the page.
_AT_ONCE = 2000
_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _batch(request: StaffRequest, batch_id: int) -> Batch:
    try:
        return access.batch_for(request.viewer, batch_id)
    except access.NotAllowed as absent:
        raise Http404 from absent


def _allowed(request: StaffRequest) -> None:
    if not access.kinds(request.viewer):
        raise PermissionDenied


def _crumbs(title: str = "") -> tuple[web.Crumb, ...]:
    first = web.Crumb(_("导入"), "/imports" if title else "")
    return (first, web.Crumb(title)) if title else (first,)


@staff
def past(request: StaffRequest) -> HttpResponse:
    """Show the past imports."""
    _allowed(request)
    found = imports.batches(request.viewer)
    return render(request, "records/import_list.html", {
        "title": _("导入"), "crumbs": _crumbs(),
        "table": import_pages.table_of(request.viewer, found, request.at),
        "kinds": [(k.name, wording.title(k)) for k in access.kinds(request.viewer)],
        "actions": [web.Action(_("导入Excel"), "/imports/new", primary=True)],
    })  # fmt: skip


@staff
def new(request: StaffRequest) -> HttpResponse:
    """Choose a file; read it, then keep its rows to be checked."""
    _allowed(request)
    if request.method != "POST":
        chosen = {"kind": request.GET.get("kind", "")}
        return _new_page(request, import_forms.NewImport(request.viewer, initial=chosen))
    form = import_forms.NewImport(request.viewer, request.POST, request.FILES)
    if not form.is_valid():
        return once.perform_form(request, lambda: _new_page(request, form, 422))
    try:
        # Reading takes a child process some seconds; no transaction waits for it.
        content = form.cleaned_data["file"].read()
        sheet = imports.read(content, request.POST.get("sheet", "")[:100])
    except UnableToImport as unable:
        why = unable
        return once.perform_form(request, lambda: _refused(request, form, why))

    def keep() -> HttpResponse:
        origin = imports.Origin(
            form.cleaned_data["file"].name, imports.digest_of(sheet), form.cleaned_data["unit"]
        )
        try:
            batch = imports.stage(
                request.viewer, form.cleaned_data["kind"], sheet, origin, request.at
            )
        except (UnableToImport, UnknownUnit) as unable:
            return _refused(request, form, unable)
        if batch.counts["rows"] <= _AT_ONCE:
            imports.proceed(request.viewer, batch, request.at)
        return HttpResponseRedirect(f"/imports/{batch.pk}")

    return once.perform_form(request, keep)


def _refused(
    request: StaffRequest, form: import_forms.NewImport, unable: UnableToImport | UnknownUnit
) -> HttpResponse:
    english = wording.english()
    form.add_error("file", unable.message_en if english else unable.message)
    return _new_page(request, form, 422)


def _new_page(
    request: StaffRequest, form: import_forms.NewImport, status: int = 200
) -> HttpResponse:
    chosen = form.data.get("kind") or form.initial.get("kind") or ""
    kinds = [k for k in access.kinds(request.viewer) if k.name == chosen]
    return render(request, "records/import_new.html", {
        "title": _("导入Excel"), "form": form, "submit": _("检查这个文件"), "back_href": "/imports",
        "steps": import_pages.steps(None, 1), "crumbs": _crumbs(_("导入Excel")),
        "template_kind": kinds[0] if kinds else None,
        "kinds": [(k.name, wording.title(k)) for k in access.kinds(request.viewer)],
    }, status=status)  # fmt: skip


@staff
def show(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Show an import at the step at which it is."""
    batch = _batch(request, batch_id)
    if batch.state == "matching":
        return HttpResponseRedirect(f"/imports/{batch.pk}/columns")
    if batch.state == "checking":
        return _page(request, "records/import_progress.html", batch, 3)
    return _check_page(request, batch)


def _check_page(
    request: StaffRequest, batch: Batch, problem: str = "", status: int = 200
) -> HttpResponse:
    after = whole(request.GET.get("after"))
    groups, following = import_pages.groups(request.viewer, batch, after=after)
    step = 4 if batch.committed_at else 3
    return _page(request, "records/import_check.html", batch, step, {
        "groups": groups, "following": following, "problem": problem,
        "may_take_back": imports.may_take_back(batch, request.at),
    }, status)  # fmt: skip


def _page(
    request: StaffRequest, template: str, batch: Batch, step: int,
    more: dict[str, Any] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    head = import_pages.head(batch, step)
    title = _("导入：{kind}").format(kind=head.kind_title)
    context = {"title": title, "head": head, "batch": batch, "crumbs": _crumbs(batch.file)}
    return render(request, template, context | (more or {}), status=status)


@staff
@only_once
def columns(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Say which column means what."""
    batch = _batch(request, batch_id)
    if batch.state not in ("matching", "checking", "checked"):
        return HttpResponseRedirect(f"/imports/{batch.pk}")
    if request.method != "POST":
        return _columns_page(request, batch)
    match = {column: target for column, target in _columns_of(request).items() if target}
    try:
        batch = imports.rematch(request.viewer, batch, match, request.at)
    except UnableToImport as unable:
        return _columns_page(request, batch, unable.message, 422)
    if batch.counts["rows"] <= _AT_ONCE:
        imports.proceed(request.viewer, batch, request.at)
    return HttpResponseRedirect(f"/imports/{batch.pk}")


def _columns_page(
    request: StaffRequest, batch: Batch, problem: str = "", status: int = 200
) -> HttpResponse:
    spec = shapes.kind_of(batch.kind)
    missing = staging.required_missing(
        spec, staging.match_of(batch), has_unit=bool(batch.columns.get("unit"))
    )
    return _page(request, "records/import_columns.html", batch, 2, {
        "columns": import_pages.column_lines(batch), "missing": "、".join(missing),
        "options": import_pages.target_options(spec),
        "problems": [web.Problem("", problem)] if problem else [],
    }, status)  # fmt: skip


@staff
@only_once
def go(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Judge the next rows of a long file."""
    batch = _batch(request, batch_id)
    if request.method == "POST":
        imports.proceed(request.viewer, batch, request.at, _AT_ONCE)
    part = "/progress" if request.headers.get("HX-Request") else ""
    return HttpResponseRedirect(f"/imports/{batch.pk}{part}")


@staff
def progress(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Show how far the check of a long file is; send on when it is done."""
    batch = _batch(request, batch_id)
    if batch.state == "checking":
        return _page(request, "records/import_progress_part.html", batch, 3)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = f"/imports/{batch.pk}"
    return response


@staff
@only_once
def row(request: StaffRequest, batch_id: int, number: int) -> HttpResponse:
    """Mend cells of one row, or answer whether it is a double; only that row is judged anew."""
    batch = _batch(request, batch_id)
    if request.method != "POST":
        return _row_part(request, batch, number)
    what = request.POST.get("what", "")
    try:
        if what:
            staging.decide(request.viewer, batch, number, what, request.at)
        else:
            staging.fix_cells(request.viewer, batch, number, _columns_of(request), request.at)
    except UnableToImport as unable:
        return _check_page(request, _batch(request, batch_id), unable.message, 422)
    if request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"/imports/{batch.pk}/rows/{number}")
    return HttpResponseRedirect(f"/imports/{batch.pk}?after={_page_start(request)}#row-{number}")


def _columns_of(request: HttpRequest) -> dict[int, str]:
    """Return what was sent for columns: c0, c1 and so on."""
    names = [n for n in request.POST if n[:1] == "c" and n[1:].isdecimal() and len(n) < 5]
    return {int(name[1:]): str(request.POST[name]) for name in names}


def _page_start(request: HttpRequest) -> int:
    return whole(request.POST.get("after"))


def _row_part(request: StaffRequest, batch: Batch, number: int) -> HttpResponse:
    if not staging.has_row(batch, number):
        raise Http404
    group = import_pages.group_of(request.viewer, batch, number)
    return _page(request, "records/import_row_part.html", batch, 3, {
        "group": group, "after": 0, "part": True,
        "may_take_back": imports.may_take_back(batch, request.at),
    })  # fmt: skip


@staff
@only_once
def commit(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Write the good rows."""
    return _step(request, batch_id, imports.commit)


@staff
@only_once
def take_back(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Take the whole import back."""
    return _step(request, batch_id, imports.take_back)


def _step(request: StaffRequest, batch_id: int, work: Callable[..., Batch]) -> HttpResponse:
    batch = _batch(request, batch_id)
    if request.method != "POST":
        return HttpResponseRedirect(f"/imports/{batch.pk}")
    try:
        work(request.viewer, batch, request.at)
    except operations.Refused as refused:
        return _check_page(request, batch, str(refused), 422)
    return HttpResponseRedirect(f"/imports/{batch.pk}")


@staff
def leftovers(request: StaffRequest, batch_id: int) -> HttpResponse:
    """Hand out the rows that could not be written, with their reasons."""
    batch = _batch(request, batch_id)
    spec = shapes.kind_of(batch.kind)
    stem = batch.file.rpartition(".")[0] or batch.file or str(batch.pk)
    content = templates.leftovers(batch, spec)
    return _file(content, _("要改的行_{name}.xlsx").format(name=stem))


@staff
def template(request: StaffRequest, kind: str) -> HttpResponse:
    """Hand out the template of a kind."""
    try:
        content = templates.template(request.viewer, kind)
    except access.NotAllowed as absent:
        raise Http404 from absent
    title = wording.title(shapes.kind_of(kind))
    return _file(content, _("{kind}模板.xlsx").format(kind=title))


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_BOOK)
    header = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = header or "attachment"
    return response
