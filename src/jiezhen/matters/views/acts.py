"""What one does on a matter's page beside its moves: ask, decide, call, hand over, merge, split."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiezhen.matters import forms, operations, queries
from jiezhen.matters.queries import page
from jiezhen.matters.views.matter_page import address
from jiezhen.matters.views.work import matter_or_404, matter_response
from jiezhen.records import access, pages, places, wording
from jiezhen.records import operations as record_operations
from jiezhen.records import views as records
from jiezhen.trail.once import once
from jiezhen.web import components as web
from jiezhen.web.pages import StaffRequest, staff, whole


def _done(
    request: StaffRequest, row: Any, deed: Callable[[], object], said: str = ""
) -> HttpResponse:
    """Do it, say so, and go back to the page; what was refused is told on it."""
    if request.method == "POST":
        try:
            deed()
        except record_operations.Refused as refused:
            problems = [web.Problem("", p.message) for p in refused.problems]
            return matter_response(request, row, 422, problems=problems)
        if said:
            messages.success(request, said)
    return HttpResponseRedirect(places.page(row.kind, row.code))


@staff
@once
def contact(request: StaffRequest, code: str) -> HttpResponse:
    """Note a call: it was answered, not answered, or the number is wrong."""
    row = matter_or_404(request, code)
    outcome, words = request.POST.get("outcome", ""), request.POST.get("words", "")
    return _done(
        request,
        row,
        lambda: operations.contact(
            request.viewer,
            row.kind,
            row.pk,
            outcome,  # type: ignore[arg-type]
            request.at,
            words=words,
        ),
        _("已记下这次联系。"),
    )


@staff
@once
def resume(request: StaffRequest, code: str) -> HttpResponse:
    """Let the clocks go on."""
    row = matter_or_404(request, code)
    return _done(
        request,
        row,
        lambda: operations.resume(request.viewer, row.kind, row.pk, request.at),
        _("已恢复，时限按暂停的时间顺延。"),
    )


@staff
@once
def assign(request: StaffRequest, code: str) -> HttpResponse:
    """Give the matter to a person of its unit, or to nobody."""
    row = matter_or_404(request, code)
    handler = request.POST.get("handler", "")
    return _done(
        request,
        row,
        lambda: operations.assign(request.viewer, row.kind, row.pk, request.at, handler=handler),
        _("已指定承办人。") if handler else _("已取消指定。"),
    )


@staff
@once
def supervise(request: StaffRequest, code: str) -> HttpResponse:
    """Press for the matter."""
    row = matter_or_404(request, code)
    words = request.POST.get("words", "")
    return _done(
        request,
        row,
        lambda: operations.supervise(request.viewer, row.kind, row.pk, request.at, words=words),
        _("已督办，承办单元会收到通知。"),
    )


@staff
@once
def merge(request: StaffRequest, code: str) -> HttpResponse:
    """Let a likely double carry this matter, or carry it."""
    row = matter_or_404(request, code)
    other = matter_or_404(request, request.POST.get("other", ""), row.kind)
    into, joined = (row, other) if request.POST.get("into") == "this" else (other, row)
    return _done(
        request,
        row,
        lambda: operations.merge(request.viewer, row.kind, into.pk, [joined.pk], request.at),
        _("已并案，{code}带着办。").format(code=into.code),
    )


@staff
@once
def unmerge(request: StaffRequest, code: str) -> HttpResponse:
    """Let the matter go its own way again."""
    row = matter_or_404(request, code)
    return _done(
        request,
        row,
        lambda: operations.unmerge(request.viewer, row.kind, row.pk, request.at),
        _("已取消并案，单独办理。"),
    )


@staff
@once
def reveal(request: StaffRequest, code: str) -> HttpResponse:
    """Show who called, once, for a purpose that stays on record."""
    row = matter_or_404(request, code)
    if request.method != "POST":
        return HttpResponseRedirect(places.page(row.kind, row.code))
    party, purpose = whole(request.POST.get("party")), request.POST.get("reason", "")
    try:
        person = operations.reveal_party(
            request.viewer, row.kind, row.pk, party, purpose, request.at
        )
    except record_operations.Refused as refused:
        problems = [web.Problem("", p.message) for p in refused.problems]
        status = 403 if isinstance(refused, record_operations.NotAllowed) else 422
        return matter_response(request, row, status, problems=problems)
    kind = access.kind_for(request.viewer, row.kind)
    said = [(wording.title(kind.fields[n]), t) for n, t in person.said if n in kind.fields]
    response = matter_response(request, row, revealed=person, said=said)
    response.shown_once = True  # type: ignore[attr-defined]
    return response


@staff
@once
def ask(request: StaffRequest, code: str, name: str) -> HttpResponse:
    """Ask for more time, a pause, to send back, or what else the flow offers."""
    row = matter_or_404(request, code)
    spec = dict(operations.offered(request.viewer, row, request.at)).get(name)
    if spec is None:
        return _not_now(request, row, name)
    articles = page.articles(request.viewer, spec.article) if spec.article else []
    posted = request.POST if request.method == "POST" else None
    form = forms.Ask(spec, articles, posted)
    if posted is None:
        return _ask_response(request, row, form, wording.title(spec))
    try:
        operations.ask(request.viewer, row.kind, row.pk, name, request.at, **form.given())
    except record_operations.Refused as refused:
        form.blame(refused.problems)
        return _ask_response(request, row, form, wording.title(spec), 422)
    said = _("已申请，等审批。") if spec.nodes else _("已办理。")
    messages.success(request, said)
    return HttpResponseRedirect(places.page(row.kind, row.code))


def _not_now(request: StaffRequest, row: Any, name: str) -> HttpResponse:
    """Say why something that the flow has cannot be asked for now."""
    kind = access.kind_for(request.viewer, row.kind)
    spec = kind.flow_spec.requests.get(name) if kind.flow_spec else None
    if spec is None:
        raise Http404
    said = _("现在不能{what}，可能刚有人办过。").format(what=wording.title(spec))
    return matter_response(request, row, 422, problems=[web.Problem("", said)])


def _ask_response(
    request: StaffRequest, row: Any, form: forms.Ask, title: str, status: int = 200
) -> HttpResponse:
    kind = access.kind_for(request.viewer, row.kind)
    return records.form_response(
        request,
        kind,
        form,
        "web/form.html",
        status,
        title=title,
        submit=title,
        back_href=places.page(row.kind, row.code),
        crumbs=pages.crumbs(kind, row, title),
    )


@staff
@once
def decide(request: StaffRequest, code: str, ident: int) -> HttpResponse:
    """Agree to a request, refuse it, or take one's own back."""
    row = matter_or_404(request, code)
    verdict, words = request.POST.get("verdict", ""), request.POST.get("words", "")
    viewer, at = request.viewer, request.at
    if not any(r.id == ident for r in page.requests_of(viewer, row)):
        raise Http404
    if verdict == "back":
        return _done(
            request, row, lambda: operations.take_back(viewer, ident, at), _("已撤回申请。")
        )
    return _done(
        request,
        row,
        lambda: operations.decide(viewer, ident, at, grant=verdict == "yes", words=words),
        _("已同意。") if verdict == "yes" else _("没有同意这份申请。"),
    )


@staff
@once
def split(request: StaffRequest, code: str) -> HttpResponse:
    """Split a matter that is several: a line for each part."""
    row = matter_or_404(request, code)
    kind = access.kind_for(request.viewer, row.kind)
    posted = request.POST if request.method == "POST" else None
    form = forms.Split(kind, row, queries.living_units(request.viewer, request.at), posted)
    if posted is not None:
        try:
            made = operations.split(request.viewer, row.kind, row.pk, form.parts(), request.at)
        except record_operations.Refused as refused:
            form.blame(refused.problems)
        else:
            codes = "、".join(m.code for m in made)
            messages.success(request, _("已拆出{codes}。").format(codes=codes))
            return HttpResponseRedirect(places.page(row.kind, row.code))
    return records.form_response(
        request,
        kind,
        form,
        "web/form.html",
        200 if posted is None else 422,
        title=_("拆分"),
        submit=_("拆分"),
        back_href=address(row, "").rstrip("/"),
        crumbs=pages.crumbs(kind, row, _("拆分")),
    )
