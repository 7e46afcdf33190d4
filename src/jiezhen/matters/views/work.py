"""事项: the queue, one matter, its moves, a new one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.matters import facts, forms, operations, queries, rules
from jiezhen.matters.queries.course import may_take_out
from jiezhen.matters.views import proposing, shown
from jiezhen.matters.views.matter_page import beside, under
from jiezhen.packs.flows import Move
from jiezhen.packs.schema import Kind
from jiezhen.records import access, display, list_views, pages, places, wording
from jiezhen.records import operations as record_operations
from jiezhen.records import views as records
from jiezhen.records.forms import initial
from jiezhen.trail.once import once
from jiezhen.web import components as web
from jiezhen.web import formats
from jiezhen.web.pages import StaffRequest, render, staff


def matter_or_404(request: StaffRequest, code: str, kind: str = "") -> Any:
    """Return the matter with a code that the viewer sees."""
    try:
        return queries.matter_for(request.viewer, code, kind or request.GET.get("kind", ""))
    except queries.NoSuchRecord as absent:
        raise Http404 from absent


@staff
def matter(request: StaffRequest, code: str) -> HttpResponse:
    """Show one matter: what happened on the left, what to do next on the right."""
    return matter_response(request, matter_or_404(request, code))


def matter_response(
    request: StaffRequest, row: Any, status: int = 200, **more: Any
) -> HttpResponse:
    """Answer with the page of a matter."""
    kind = access.kind_for(request.viewer, row.kind)
    here = places.page(row.kind, row.code)
    undoable = queries.undoable(request.viewer, row, request.at)
    undo = None
    if undoable is not None:
        undo = web.Undo(
            _("已{move}").format(move=undoable.title),
            under(here, "undo"),
            until=formats.clock(undoable.until),
            fields={"move": str(undoable.move_id)},
        )
    money = shown.money(row, kind)
    context: dict[str, Any] = {
        "state": queries.state_title(kind, row.state),
        "at": request.at,
        "undo": undo,
        "money": money,
        "omit": rules.MONEY if money else (),
        "closed_on": row.closed_on,
        "more_actions": _exporting(request, row),
    } | beside(request, row)
    return records.record_response(
        request, row, "matters/matter.html", status=status, **(context | more)
    )


def _exporting(request: StaffRequest, row: Any) -> tuple[web.Action, ...]:
    if not may_take_out(request.viewer, row):
        return ()
    return (web.Action(_("导出经过"), under(places.page(row.kind, row.code), "course.xlsx")),)


@staff
@once
def move(request: StaffRequest, code: str, name: str) -> HttpResponse:
    """Make a move: ask for what it needs, then make it."""
    row = matter_or_404(request, code)
    kind = access.kind_for(request.viewer, row.kind)
    spec = facts.flow_of(kind).moves.get(name)
    if spec is None:
        raise Http404
    posted = _answered(request, kind, spec) if request.method == "POST" else None
    links = display.links_of(request.viewer, display.wanted_links([row], kind.fields.items()))
    units = queries.living_units(request.viewer, request.at) if spec.assigns else []
    form = forms.Step(
        kind, spec, units, posted, row=row, initial=_first(request, row, kind, links)
    )
    if posted is None:
        return _move_response(request, row, kind, form, spec)
    version = posted.get("_version", "")
    try:
        operations.move(
            request.viewer,
            row.kind,
            row.pk,
            name,
            form.values(),
            request.at,
            note=posted.get("note", ""),
            version=int(version) if version.isdecimal() and len(version) < 10 else None,
            unit=posted.get("unit", ""),
        )
    except rules.MoveForbidden as forbidden:
        return matter_response(request, row, 422, problems=[web.Problem("", forbidden.message)])
    except record_operations.Refused as refused:
        form.blame(refused.problems)
        return _move_response(request, row, kind, form, spec, 422)
    return _onward(request, row)


def _answered(request: StaffRequest, kind: Kind, spec: Move) -> QueryDict:
    """Return what was posted, with a usual phrase in the place that it fills."""
    posted = request.POST.copy()
    answers = {n: posted.get(n, "") for n in spec.asks}
    note, phrase = posted.get("note", "").strip(), posted.get("phrase", "").strip()
    said = facts.said(kind, spec, answers, note, phrase)
    for name, answer in said.answers.items():
        if answer != answers[name]:
            posted[name] = answer
    posted["note"] = said.note
    return posted


def _onward(request: StaffRequest, row: Any) -> HttpResponse:
    """Go back to the matter, or to the queue when another unit has it now."""
    try:
        queries.matter_for(request.viewer, row.code, row.kind)
    except queries.NoSuchRecord:
        messages.success(request, _("{code}已交给别的单元。").format(code=row.code))
        return HttpResponseRedirect("/matters")
    return HttpResponseRedirect(places.page(row.kind, row.code))


def _first(request: StaffRequest, row: Any, kind: Kind, links: display.Links) -> dict[str, str]:
    """Return what a move's form holds at first: what is known, and today for its dates."""
    found = initial(row, kind, links)
    today = clock.day_of(request.at).isoformat()
    dates = {n: today for n, f in kind.fields.items() if f.type == "date"}
    return dates | found


def _move_response(
    request: StaffRequest,
    row: Any,
    kind: Kind,
    form: forms.Step,
    spec: Move,
    status: int = 200,
) -> HttpResponse:
    title = wording.title(spec)
    return records.form_response(
        request,
        kind,
        form,
        "matters/move.html",
        status,
        title=title,
        submit=title,
        version=row.version,
        later_href=under(places.page(row.kind, row.code), "later"),
        back_href=places.page(row.kind, row.code),
        row=row,
        crumbs=pages.crumbs(kind, row, title),
        files=shown.asked_files(row, kind, form.asked),
        phrases=spec.phrases,
        turn=_turn(row, kind, spec),
    )


def _turn(row: Any, kind: Kind, spec: Move) -> str:
    """Return in words when the move becomes another one; blank when it cannot."""
    parts = rules.open_turn(spec, facts.values_of(row))
    if not parts or spec.turns is None:
        return ""
    into = facts.flow_of(kind).moves[spec.turns.into]
    return _("{answers}的，转为“{move}”。").format(
        answers="，".join(part.sentence() for part in parts), move=wording.title(into)
    )


@staff
@once
def undo(request: StaffRequest, code: str) -> HttpResponse:
    """Take back the latest move within ten minutes."""
    row = matter_or_404(request, code)
    move_id = request.POST.get("move", "")
    if request.method == "POST" and move_id.isdecimal() and len(move_id) < 18:
        try:
            operations.undo(request.viewer, row.kind, row.pk, int(move_id), request.at)
        except record_operations.Refused as refused:
            problems = [web.Problem("", p.message) for p in refused.problems]
            return matter_response(request, row, 422, problems=problems)
        messages.success(request, _("已撤回这一步，两步都留在时间线上。"))
    return HttpResponseRedirect(places.page(row.kind, row.code))


@staff
@once
def say(request: StaffRequest, code: str) -> HttpResponse:
    """Write a word of progress."""
    row = matter_or_404(request, code)
    if request.method == "POST":
        try:
            operations.say(
                request.viewer, row.kind, row.pk, request.POST.get("note", ""), request.at
            )
        except record_operations.Refused as refused:
            problems = [web.Problem("id_note", p.message) for p in refused.problems]
            return matter_response(request, row, 422, problems=problems)
        messages.success(request, _("已记下进展。"))
    return HttpResponseRedirect(places.page(row.kind, row.code))


@staff
@once
def new(request: StaffRequest) -> HttpResponse:
    """Report a matter: choose what it is, then fill in its form."""
    name = request.GET.get("kind", "")
    if not name:
        return _choose(request)
    kind = records.kind_or_404(request, name, "change")
    if kind.shape != "matter":
        raise Http404
    units = records.changeable_units(request, kind)
    posted = request.POST if request.method == "POST" else None
    today = clock.day_of(request.at).isoformat()
    first = {n: today for n, f in kind.fields.items() if f.type == "date" and f.required}
    first |= records.first_values(request, kind, units)
    form = forms.NewMatter(kind, units, posted, initial=first)
    more = proposing.context(request, kind)
    if posted is None:
        return records.form_response(request, kind, form, proposing.TEMPLATE, **more)
    given, problems = form.given()
    if problems:
        form.blame(problems)
        return records.form_response(request, kind, form, proposing.TEMPLATE, 422, **more)
    return records.registered(request, kind, form, units, proposing.TEMPLATE, given=given, **more)


def _choose(request: StaffRequest) -> HttpResponse:
    kinds = access.kinds(request.viewer, "matter", "change")
    groups = [
        {
            "title": title,
            "kinds": [
                (wording.title(k), places.new(k.name))
                for k in kinds
                if rules.is_project(k, k.flow_spec) == long
            ],
        }
        for title, long in ((_("事项"), False), (_("项目"), True))
    ]
    return render(
        request,
        "records/choose.html",
        {
            "title": _("上报"),
            "groups": [g for g in groups if g["kinds"]],
        },
    )


@staff
def listing(request: StaffRequest, kind: str) -> HttpResponse:
    """Show one kind of matter as a list with all its filters."""
    if records.kind_or_404(request, kind).shape != "matter":
        raise Http404
    return list_views.list_response(request, kind, tabs=shown.list_tabs(request.viewer, kind))
