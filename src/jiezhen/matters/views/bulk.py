"""One deed for several chosen matters: each in a transaction of its own, failures told by row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiezhen.matters import forms, operations, queries, rules
from jiezhen.matters.queries import page
from jiezhen.matters.queries.weekly import chosen_lines
from jiezhen.matters.views.queue_page import bulk_actions
from jiezhen.matters.views.work import matter_or_404
from jiezhen.packs.schema import Kind
from jiezhen.records import operations as record_operations
from jiezhen.records import shapes, sheets, wording
from jiezhen.trail.once import once
from jiezhen.web import components as web
from jiezhen.web import formats
from jiezhen.web.pages import StaffRequest, render, staff, whole

#: Most rows of one deed.
MOST = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One chosen matter: what it looks like in the queue, and the matter itself."""

    line: queries.Line
    matter: Any
    why: str = ""


@staff
@once
def bulk(request: StaffRequest) -> HttpResponse:
    """Show the chosen rows with the form of a deed; do it when the form is sent."""
    given = request.POST if request.method == "POST" else request.GET
    rows = _chosen(request, given.getlist("selected"))
    deed = given.get("do", "")
    if not rows:
        messages.info(request, _("没有选中事项。先在列表里打勾。"))
        return HttpResponseRedirect(_back(request))
    if deed not in {a.value for a in bulk_actions(request.viewer)}:
        return HttpResponseRedirect(_back(request))
    return _DEEDS[deed](request, rows)


def _back(request: StaffRequest) -> str:
    """Return the view of the queue from which the rows were chosen; no address but the queue's."""
    given = request.POST if request.method == "POST" else request.GET
    back = given.get("back", "")
    return back if back.startswith("/matters?") else "/matters"


def _chosen(request: StaffRequest, keys: list[str]) -> list[Row]:
    """Return the chosen matters that the viewer sees; a key is kind:id."""
    ids = [whole(key.rpartition(":")[2]) for key in keys[:MOST]]
    lines = chosen_lines(request.viewer, ids, request.at)
    return [Row(x, matter_or_404(request, x.code, x.kind_name)) for x in lines]


def _show(
    request: StaffRequest,
    rows: list[Row],
    title: str,
    form: Any = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": title,
        "rows": rows,
        "form": form,
        "submit": title,
        "do": (request.POST if request.method == "POST" else request.GET).get("do", ""),
        "crumbs": (web.Crumb(_("事项"), "/matters"), web.Crumb(title)),
        "back_href": _back(request),
    }
    return render(request, "matters/bulk.html", context | more, status=status)


def _each(
    request: StaffRequest, rows: list[Row], title: str, deed: Callable[[Row], object]
) -> HttpResponse:
    """Do it with every row; what was refused is listed with its reason and changed nothing."""
    failed: list[Row] = []
    for row in rows:
        try:
            deed(row)
        except (record_operations.Refused, rules.MoveForbidden) as refused:
            said = refused.message if isinstance(refused, rules.MoveForbidden) else str(refused)
            failed.append(Row(row.line, row.matter, said))
    done = len(rows) - len(failed)
    said = _("{title}：办了{n}件。").format(title=title, n=done)
    if not failed:
        messages.success(request, said)
        return HttpResponseRedirect(_back(request))
    return _show(request, failed, _("{n}件没有办").format(n=len(failed)), done=said)


def _move(request: StaffRequest, rows: list[Row]) -> HttpResponse:
    """Dispatch the chosen matters to one unit, each by the move that assigns."""
    title = _("派单")
    form = forms.Dispatch(
        queries.living_units(request.viewer, request.at),
        request.POST if request.method == "POST" else None,
    )
    if request.method != "POST":
        return _show(request, rows, title, form)
    unit, note = request.POST.get("unit", ""), request.POST.get("note", "")

    def dispatch(row: Row) -> None:
        offered = queries.offered(request.viewer, row.matter)
        name = next((o.name for o in offered if o.move.assigns), "")
        if not name:
            raise record_operations.Refused(record_operations.Problem("", _("现在不能派单。")))
        operations.move(
            request.viewer, row.matter.kind, row.matter.pk, name, {}, request.at,
            note=note, unit=unit, version=row.matter.version,
        )  # fmt: skip

    return _each(request, rows, title, dispatch)


def _merge(request: StaffRequest, rows: list[Row]) -> HttpResponse:
    """Let one of the chosen matters carry the others; say why they look alike."""
    title, viewer = _("并案"), request.viewer
    if len(rows) < 2 or len({r.matter.kind for r in rows}) > 1:
        return _show(request, rows, title, problem=_("并案要选两件以上、类型相同的事项。"))
    chosen = request.POST.get("into", "")
    main = next((r for r in rows if str(r.matter.pk) == chosen), rows[0])
    if request.method != "POST" or not chosen:
        alike = {t.id: t.why for t in queries.twins_of(viewer, main.matter, request.at)}
        told = [Row(r.line, r.matter, alike.get(r.matter.pk, "")) for r in rows]
        return _show(request, told, title, choose=True, main=main.matter.pk)
    others = [r.matter.pk for r in rows if r is not main]
    try:
        operations.merge(viewer, main.matter.kind, main.matter.pk, others, request.at)
    except record_operations.Refused as refused:
        return _show(request, rows, title, status=422, choose=True, problem=str(refused))
    said = _("已并案，{code}带着办。").format(code=main.matter.code)
    messages.success(request, said)
    return HttpResponseRedirect(_back(request))


def _ask(request: StaffRequest, rows: list[Row]) -> HttpResponse:
    """Ask for the same thing with all chosen matters of a kind."""
    title, viewer = _("延期、退回"), request.viewer
    if len({r.matter.kind for r in rows}) > 1:
        return _show(request, rows, title, problem=_("一次只能为同一类型的事项申请。"))
    given = request.POST if request.method == "POST" else request.GET
    specs = _requests(shapes.kind_of(rows[0].matter.kind))
    name = given.get("name", "")
    if name not in specs:
        named = [(n, wording.title(s)) for n, s in specs.items()]
        problem = "" if named else _("这类事项没有可以申请的。")
        return _show(request, rows, title, names=named, problem=problem)
    spec = specs[name]
    title = wording.title(spec)
    articles = page.articles(viewer, spec.article) if spec.article else []
    form = forms.Ask(spec, articles, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _show(request, rows, title, form, name=name)
    asked = form.given()

    def ask(row: Row) -> None:
        operations.ask(viewer, row.matter.kind, row.matter.pk, name, request.at, **asked)

    return _each(request, rows, title, ask)


def _requests(kind: Kind) -> dict[str, Any]:
    return dict(kind.flow_spec.requests) if kind.flow_spec else {}


def _assign(request: StaffRequest, rows: list[Row]) -> HttpResponse:
    """Give the chosen matters to one person of their unit."""
    title, viewer = _("指定承办人"), request.viewer
    people = [
        person
        for unit in {r.matter.unit_id: r for r in rows}.values()
        for person in page.colleagues(viewer, unit.matter, request.at)
    ]
    form = forms.Handler(sorted(set(people)), request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _show(request, rows, title, form)
    handler = request.POST.get("handler", "")

    def assign(row: Row) -> None:
        operations.assign(viewer, row.matter.kind, row.matter.pk, request.at, handler=handler)

    return _each(request, rows, title, assign)


def _export(request: StaffRequest, rows: list[Row]) -> HttpResponse:
    """Answer the chosen lines as a file; it holds nobody who called."""
    if request.method != "POST":
        return _show(request, rows, _("导出"))
    heads = [
        sheets.Head(t)
        for t in (
            _("编号"), _("什么事"), _("在哪里"), _("类型"), _("单元"), _("承办人"), _("现在"), _("时限"),
        )
    ]  # fmt: skip
    operations.note_export(request.viewer, len(rows), request.at)
    table = [
        (
            x.code,
            x.title,
            x.place,
            x.kind,
            x.unit,
            x.handler,
            x.state,
            formats.moment(x.clock.due_at) if x.clock else "",
        )
        for x in (r.line for r in rows)
    ]
    file = b"".join(sheets.csv_lines(heads, table))
    response = HttpResponse(file, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="matters.csv"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


_DEEDS: dict[str, Callable[[StaffRequest, list[Row]], HttpResponse]] = {
    "move": _move,
    "merge": _merge,
    "ask": _ask,
    "assign": _assign,
    "export": _export,
}
