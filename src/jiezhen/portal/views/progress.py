"""办得怎样: by the caller's code, or the open data of a matter that somebody else reported."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiezhen.matters import operations as matters
from jiezhen.matters.queries.public import Progress, Wanted, open_matters, open_steps
from jiezhen.matters.rules import MoveForbidden
from jiezhen.portal.queries import receipts
from jiezhen.portal.views.reading import crumbs, offer_title
from jiezhen.portal.views.shared import PublicRequest, public, render, too_many
from jiezhen.records import operations as records
from jiezhen.records import wording
from jiezhen.records.forms import Record
from jiezhen.trail.once import perform_form
from jiezhen.web.components import Crumb


def steps() -> tuple[str, ...]:
    """Return the four plain steps."""
    return (_("收到了"), _("派给了谁"), _("在办"), _("办好了"))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: PublicRequest) -> HttpResponse:
    """Ask for the code; show the four steps. A wrong code is told nothing about."""
    if request.method != "POST":
        return _asked(request)
    request.once_checked = True  # type: ignore[attr-defined]  # looking writes no record
    refused = too_many(request, "code")
    if refused is not None:
        return refused
    code = request.POST.get("code", "")[:60]
    found = receipts.progress(request.office, code)
    return _asked(request, wrong=True) if found is None else _shown(request, code, found)


def _asked(request: PublicRequest, *, wrong: bool = False) -> HttpResponse:
    context = {
        "title": _("查进度"),
        "crumbs": crumbs(Crumb(_("查进度"))),
        "wrong": wrong,
    }
    return render(request, "portal/progress.html", context, status=422 if wrong else 200)


def _shown(
    request: PublicRequest,
    code: str,
    found: Progress,
    *,
    problem: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": _("办得怎样"),
        "crumbs": crumbs(Crumb(_("查进度"), "/p/progress"), Crumb(found.code)),
        "told": found,
        "steps": list(enumerate(steps(), start=1)),
        "forms": [_form(found, name) for name in found.may],
        "secret": code,
        "problem": problem,
    }
    return render(request, "portal/told.html", context, status=422 if problem else 200)


def _form(found: Progress, name: str) -> tuple[str, str, Record]:
    """Return name, title and form of a move that is left to the caller."""
    flow = found.kind.flow_spec
    if flow is None:
        raise LookupError(found.kind.name)
    move = flow.moves[name]
    form = Record(found.kind, names=move.asks, needed=move.asks, auto_id=f"{name}_%s")
    return name, wording.title(move), form


@public
@require_POST
def answer(request: PublicRequest) -> HttpResponse:
    """Take the caller's answer after closing: 满意 基本满意 一般 不满意."""
    refused = too_many(request, "words")
    if refused is not None:
        request.once_checked = True  # type: ignore[attr-defined]
        return refused
    code, name = request.POST.get("code", "")[:60], request.POST.get("move", "")[:40]

    def work() -> HttpResponse:
        found = receipts.progress(request.office, code)
        if found is None or name not in found.may:
            return _asked(request, wrong=True)
        _name, _title, form = _form(found, name)
        values = {n: request.POST.get(n, "")[:1000] for n in form.named}
        if not any(values.values()):
            return _shown(request, code, found, problem=_("请选一项。"))
        note = request.POST.get("note", "").strip()[:500]
        try:
            matters.answer(request.office.viewer, code, name, values, request.at, note=note)
        except (records.Refused, MoveForbidden) as failed:
            return _shown(request, code, found, problem=str(failed))
        return HttpResponseRedirect("/p/answered")

    return perform_form(request, work)


@public
@require_safe
def answered(request: PublicRequest) -> HttpResponse:
    """Say that an answer was noted."""
    why = _("您的评价记下了。谢谢您告诉我们。")
    return render(request, "portal/sorry.html", {"title": _("记下了"), "why": why})


@public
@require_safe
def matter(request: PublicRequest, code: str) -> HttpResponse:
    """Show the open data of one matter: how far it is, without who or what was said."""
    office_id = request.office.viewer.office_id
    found = open_matters(office_id, Wanted(codes=(code,), size=1))
    if not found:
        raise Http404(code)
    row = found[0]
    taken = [(s.at, s.state) for s in open_steps(office_id, (code,))]
    context = {
        "title": _("办得怎样"),
        "crumbs": crumbs(Crumb(_("查进度"), "/p/progress"), Crumb(code)),
        "row": row,
        "kind_title": offer_title(row.kind),
        "taken": taken,
        "told": [
            (f.title, f.options.get(str(v), str(v)))
            for n, v in row.values.items()
            if (f := row.kind.fields[n]).type == "choice"
        ],
    }
    return render(request, "portal/matter.html", context)
