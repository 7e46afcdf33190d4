"""事项: the queue, one matter, its moves, a new one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.matters import facts, forms, operations, queries, rules
from jiezhen.matters.views import shown
from jiezhen.packs.schema import Kind
from jiezhen.records import access, display, list_views, pages, places, wording
from jiezhen.records import operations as record_operations
from jiezhen.records import views as records
from jiezhen.records.forms import initial
from jiezhen.trail.once import once
from jiezhen.web import components as web
from jiezhen.web import formats
from jiezhen.web.pages import StaffRequest, render, staff


@staff
def queue(request: StaffRequest) -> HttpResponse:
    """Show what is to be done, over all kinds, the most urgent first."""
    asked = queries.Asked.read({k: request.GET[k] for k in request.GET})
    found = queries.queue(request.viewer, asked, request.at)
    today = clock.day_of(request.at)
    return render(request, "matters/queue.html", shown.queue_page(request.viewer, found, today))


def _matter_or_404(request: StaffRequest, code: str) -> Any:
    try:
        return queries.matter_for(request.viewer, code, request.GET.get("kind", ""))
    except queries.NoSuchRecord as absent:
        raise Http404 from absent


@staff
def matter(request: StaffRequest, code: str) -> HttpResponse:
    """Show one matter: what happened on the left, what to do next on the right."""
    return _page(request, _matter_or_404(request, code))


def _page(request: StaffRequest, row: Any, status: int = 200, **more: Any) -> HttpResponse:
    kind = access.kind_for(request.viewer, row.kind)
    here = places.page(row.kind, row.code)
    undoable = queries.undoable(request.viewer, row, request.at)
    undo = None
    if undoable is not None:
        undo = web.Undo(
            _("已{move}").format(move=undoable.title),
            _under(here, "undo"),
            until=formats.clock(undoable.until),
            fields={"move": str(undoable.move_id)},
        )
    offered = queries.offered(request.viewer, row)
    money = shown.money(row, kind)
    context: dict[str, Any] = {
        "state": queries.state_title(kind, row.state),
        "at": request.at,
        "due": shown.due_lamp(row.due_on, row.closed_on, clock.day_of(request.at)),
        "due_on": row.due_on,
        "undo": undo,
        "money": money,
        "omit": rules.MONEY if money else (),
        "moves": [_action(here, o) for o in offered],
        "say_href": _under(here, "say"),
        "closed_on": row.closed_on,
    }
    return records.record_response(
        request, row, "matters/matter.html", status=status, **(context | more)
    )


def _under(here: str, part: str) -> str:
    """Return an address below a matter's page; a kind that it names stays behind it."""
    path, _mark, query = here.partition("?")
    return f"{path}/{part}" + (f"?{query}" if query else "")


def _action(here: str, offered: queries.Offered) -> web.Action:
    """A move that asks for nothing is made by its button; another opens its form."""
    href = _under(here, f"moves/{offered.name}")
    return web.Action(offered.title, href, post=not offered.asks)


@staff
@once
def move(request: StaffRequest, code: str, name: str) -> HttpResponse:
    """Make a move: ask for what it needs, then make it."""
    row = _matter_or_404(request, code)
    kind = access.kind_for(request.viewer, row.kind)
    spec = facts.flow_of(kind).moves.get(name)
    if spec is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    links = display.links_of(request.viewer, display.wanted_links([row], kind.fields.items()))
    form = forms.Step(kind, spec, posted, row=row, initial=_first(request, row, kind, links))
    if posted is None:
        return _move_response(request, row, kind, form, wording.title(spec))
    version = posted.get("_version", "")
    try:
        operations.move(
            request.viewer,
            row.kind,
            row.pk,
            name,
            form.values(),
            request.at,
            note=posted.get("note", "").strip(),
            version=int(version) if version.isdecimal() and len(version) < 10 else None,
        )
    except rules.MoveForbidden as forbidden:
        return _page(request, row, 422, problems=[web.Problem("", forbidden.message)])
    except record_operations.Refused as refused:
        form.blame(refused.problems)
        return _move_response(request, row, kind, form, wording.title(spec), 422)
    return HttpResponseRedirect(places.page(row.kind, row.code))


def _first(request: StaffRequest, row: Any, kind: Kind, links: display.Links) -> dict[str, str]:
    """Return what a move's form holds at first: what is known, and today for its dates."""
    found = initial(row, kind, links)
    today = clock.day_of(request.at).isoformat()
    dates = {n: today for n, f in kind.fields.items() if f.type == "date"}
    return dates | found


def _move_response(
    request: StaffRequest, row: Any, kind: Kind, form: forms.Step, title: str, status: int = 200
) -> HttpResponse:
    return records.form_response(
        request,
        kind,
        form,
        "matters/move.html",
        status,
        title=title,
        submit=title,
        version=row.version,
        back_href=places.page(row.kind, row.code),
        row=row,
        crumbs=pages.crumbs(kind, row, title),
        files=shown.asked_files(row, kind, form.asked),
    )


@staff
@once
def undo(request: StaffRequest, code: str) -> HttpResponse:
    """Take back the latest move within ten minutes."""
    row = _matter_or_404(request, code)
    move_id = request.POST.get("move", "")
    if request.method == "POST" and move_id.isdecimal() and len(move_id) < 18:
        try:
            operations.undo(request.viewer, row.kind, row.pk, int(move_id), request.at)
        except record_operations.Refused as refused:
            problems = [web.Problem("", p.message) for p in refused.problems]
            return _page(request, row, 422, problems=problems)
        messages.success(request, _("已撤回这一步，两步都留在时间线上。"))
    return HttpResponseRedirect(places.page(row.kind, row.code))


@staff
@once
def say(request: StaffRequest, code: str) -> HttpResponse:
    """Write a word of progress."""
    row = _matter_or_404(request, code)
    if request.method == "POST":
        try:
            operations.say(
                request.viewer, row.kind, row.pk, request.POST.get("note", ""), request.at
            )
        except record_operations.Refused as refused:
            problems = [web.Problem("id_note", p.message) for p in refused.problems]
            return _page(request, row, 422, problems=problems)
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
    form = forms.NewMatter(kind, units, posted, initial=records.first_values(request, kind, units))
    if posted is None:
        return records.form_response(request, kind, form)
    given, problems = form.given()
    if problems:
        form.blame(problems)
        return records.form_response(request, kind, form, status=422)
    return records.registered(request, kind, form, units, given=given)


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
