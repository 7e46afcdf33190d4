"""The office's files: a list by year, bringing one in, its original, what changed in it."""

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiezhen.plans import forms
from jiezhen.plans.operations import documents as operations
from jiezhen.plans.operations import sources
from jiezhen.plans.queries import documents as queries
from jiezhen.plans.queries import scope
from jiezhen.plans.views import shared
from jiezhen.records.operations import Refused
from jiezhen.trail.once import perform_form
from jiezhen.web.components import Action, Cell, Choice, Column, Crumb, Row, Table
from jiezhen.web.formats import moment
from jiezhen.web.pages import StaffRequest, render, staff


@staff
@require_GET
def files(request: StaffRequest, year: int | None = None) -> HttpResponse:
    """List the office's plans and reports; offer to bring one in."""
    shared.need_read(request.viewer)
    return _files(request, None, year)


def _files(
    request: StaffRequest, form: forms.Upload | None, year: int | None, status: int = 200
) -> HttpResponse:
    every = queries.files(request.viewer)
    rows = [r for r in every if year is None or r.year == year]
    years = sorted({r.year for r in every}, reverse=True)
    tabs = (
        Choice(_("全部"), "/plans", len(every), current=year is None),
        *(
            Choice(
                _("{year}年").format(year=y),
                f"/plans/{y}",
                sum(1 for r in every if r.year == y),
                current=year == y,
            )
            for y in years
        ),
    )
    may_edit = scope.may_edit(request.viewer)
    return render(
        request,
        "plans/files.html",
        {
            "title": _("计划"),
            "tabs": tabs if len(years) > 1 else (),
            "table": _table(rows),
            "actions": _actions(year or (years[0] if years else None)),
            "form": (form or _form(request)) if may_edit else None,
            "any": bool(every),
        },
        status=status,
    )


def _form(request: StaffRequest) -> forms.Upload:
    known = [
        (r.id, f"{r.title}（{r.year}年）") for r in queries.files(request.viewer) if not r.replaced
    ]
    if request.method == "POST":
        return forms.Upload(request.POST, request.FILES, known=known)
    return forms.Upload(known=known)


def _actions(year: int | None) -> tuple[Action, ...]:
    found = [Action(_("任务督办"), "/tasks")]
    if year is not None:
        found.append(Action(_("{year}年任务分解").format(year=year), f"/plans/{year}/list"))
    return tuple(found)


def _table(rows: list[queries.DocumentRow]) -> Table:
    columns = (
        Column(_("文件")),
        Column(_("年度")),
        Column(_("已确认"), "number"),
        Column(_("待确认"), "number"),
        Column(_("说明性"), "number"),
        Column(_("任务"), "number"),
        Column(_("上传")),
    )
    made = []
    for r in rows:
        note = _("有新版本") if r.replaced else _("新版本") if r.replaces else ""
        made.append(
            Row(
                (
                    Cell(text=r.title, href=r.href, note=note),
                    str(r.year),
                    str(r.confirmed),
                    str(r.proposed),
                    str(r.ignored),
                    Cell(text=str(r.tasks), href=f"/tasks?from={r.id}") if r.tasks else "0",
                    Cell(text=moment(r.uploaded_at), note=r.uploaded_by),
                ),
                key=str(r.id),
            )
        )
    return Table(_("计划文件"), columns, tuple(made))


@staff
@require_POST
def upload(request: StaffRequest) -> HttpResponse:
    """Read a file or pasted words, and open it; the same text opens what is there."""
    shared.need(request.viewer, "plans.edit", "plans.confirm")
    form = _form(request)
    source = _source(form) if form.is_valid() else None
    if source is None:
        return perform_form(request, lambda: _files(request, form, None, status=422))
    about = operations.About(
        title=form.cleaned_data["title"],
        year=form.cleaned_data["year"],
        replaces=form.cleaned_data["replaces"],
    )
    return perform_form(request, lambda: _uploaded(request, source, about))


def _source(form: forms.Upload) -> sources.Source | None:
    try:
        if form.cleaned_data.get("file"):
            return sources.from_file(form.cleaned_data["file"])
        return sources.from_words(form.cleaned_data["text"])
    except Refused as refused:
        for problem in refused.problems:
            form.add_error(problem.field or None, problem.message)
        return None


def _uploaded(
    request: StaffRequest, source: sources.Source, about: operations.About
) -> HttpResponse:
    done = shared.carried_out(operations.upload, request.viewer, source, request.at, about)
    here = f"/plans/{done.document.year}/docs/{done.document.pk}"
    if not done.fresh:
        messages.info(request, _("这份文件已经有了，打开的是原来那份。"))
    elif done.document.replaces_id:
        messages.success(request, _("认出是新版本。改动列在下面，原来的没有动。"))
        return HttpResponseRedirect(f"{here}/changes")
    else:
        messages.success(request, _("读完了，承诺列在右边。逐条看一看。"))
    return HttpResponseRedirect(here)


@staff
@require_GET
def original(request: StaffRequest, year: int, ident: int) -> HttpResponse:
    """Hand out the file as it was uploaded, never to be shown inside the page."""
    shared.need_read(request.viewer)
    document = shared.found(scope.document_for, request.viewer, year, ident)
    path = sources.stored(document.digest) if document.digest else None
    if path is None or not path.exists():
        raise Http404(document.title)
    name = quote(document.file_name or document.title)
    return HttpResponse(
        path.read_bytes(),
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        },
    )


@staff
@require_GET
def changes(request: StaffRequest, year: int, ident: int) -> HttpResponse:
    """List what differs from the version before, with old and new words."""
    shared.need_read(request.viewer)
    document = shared.found(scope.document_for, request.viewer, year, ident)
    here = f"/plans/{year}/docs/{ident}"
    rows = queries.changes(request.viewer, document)
    return render(
        request,
        "plans/changes.html",
        {
            "title": _("与上一版比：{title}").format(title=document.title),
            "crumbs": (
                Crumb(_("计划"), "/plans"),
                Crumb(_("{year}年").format(year=year), f"/plans/{year}"),
                Crumb(document.title, here),
                Crumb(_("改动")),
            ),
            "rows": rows,
            "here": here,
            "first": document.replaces_id is None,
            "counts": {k: sum(1 for r in rows if r.kind == k) for k in ("新增", "改动", "没有了")},
            "may_confirm": request.viewer.may("plans.confirm"),
            "actions": (Action(_("打开这份文件"), here),),
        },
    )
