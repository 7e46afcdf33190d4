"""校对: take in a draft, show it with marks, note decisions, assign sources, hand out the commented Word."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.records import wording
from jiezhen.reports import forms
from jiezhen.reports.operations import drafts as operations
from jiezhen.reports.operations.access import UnableToWrite
from jiezhen.reports.queries import checks, scope
from jiezhen.reports.queries.checks import place_of
from jiezhen.reports.rules import annotating, marking
from jiezhen.reports.rules.model import WORDS, Finding, Result
from jiezhen.reports.views import shared
from jiezhen.trail.once import once, perform_form
from jiezhen.web.components import Action, Choice, Crumb
from jiezhen.web.formats import moment
from jiezhen.web.pages import StaffRequest, render, staff

if TYPE_CHECKING:
    from jiezhen.reports.models import Draft, Report

STATE = {"agrees": "agrees", "differs": "differs", "no_source": "unsourced", "remark": "remark"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list beside the draft."""

    finding: Finding
    state: str
    decided: str
    place: str
    current: bool

    @property
    def is_figure(self) -> bool:
        """Whether a source can be assigned."""
        return self.finding.about == "figure"


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the page of a check shows."""

    title: str
    crumbs: tuple[Crumb, ...]
    actions: tuple[Action, ...]
    tabs: tuple[Choice, ...]
    filters: tuple[Choice, ...]
    pieces: tuple[tuple[str, str, str], ...]
    rows: tuple[Row, ...]
    chosen: Row | None
    here: str
    only: str
    rate: str
    period: str
    nothing: bool
    may_assign: bool
    is_draft: bool
    sources: tuple[tuple[str, str, str], ...]


@staff
@require_http_methods(["GET", "POST"])
def start(request: StaffRequest) -> HttpResponse:
    """Offer to check a draft, and take one in."""
    shared.need_read(request.viewer)
    if request.method != "POST":
        return _start(request, forms.Check())
    form = forms.Check(request.POST, request.FILES)
    received = _received(form) if form.is_valid() else None
    if received is None:
        return perform_form(request, lambda: _start(request, form, status=422))

    def keep() -> HttpResponse:
        draft = shared.found(
            operations.open_draft,
            request.viewer,
            received,
            request.at,
            period=form.cleaned_data["period"],
        )
        return HttpResponseRedirect(f"/check/{draft.pk}")

    return perform_form(request, keep)


def _received(form: forms.Check) -> operations.Received | None:
    try:
        if form.cleaned_data.get("file"):
            return operations.receive_file(form.cleaned_data["file"])
        return operations.receive_words(form.cleaned_data["text"])
    except UnableToWrite as failed:
        shared.told(form, failed)
        return None


def _start(request: StaffRequest, form: forms.Check, status: int = 200) -> HttpResponse:
    return render(
        request,
        "reports/start.html",
        {
            "title": _("校对"),
            "tabs": shared.tabs("/check"),
            "form": form,
            "drafts": checks.drafts(request.viewer),
            "at": request.at,
        },
        status=status,
    )


@staff
@require_GET
def draft(request: StaffRequest, ident: int) -> HttpResponse:
    """Show a draft with its findings; `?only=differs` filters, `?c=3` chooses one."""
    shared.need_read(request.viewer)
    row = shared.found(scope.draft_for, request.viewer, ident)
    return render(request, "reports/check.html", _draft_page(request, row))


def _draft_page(request: StaffRequest, row: Draft) -> Page:
    result = checks.check_draft(request.viewer, row, request.at)
    here = f"/check/{row.pk}"
    crumbs = (Crumb(_("报告"), "/reports"), Crumb(_("校对"), "/check"), Crumb(row.title))
    actions = (
        [Action(_("导出带批注的Word"), f"{here}.docx")]
        if row.kind == "docx" and row.digest
        else []
    )
    if "change" in row.decided.values():
        actions.append(Action(_("导出改好的文字"), f"{here}.txt"))
    return _page(request, result, here, dict(row.decided), crumbs, tuple(actions), row.title)


@staff
@require_GET
def report(request: StaffRequest, ident: int) -> HttpResponse:
    """Proof-read a report that was written here."""
    shared.need_read(request.viewer)
    row: Report = shared.found(scope.report_for, request.viewer, ident)
    result = checks.check_report(request.viewer, row, request.at)
    here = f"/reports/{row.pk}/check"
    crumbs = (
        Crumb(_("报告"), "/reports"),
        Crumb(row.title, f"/reports/{row.pk}"),
        Crumb(_("校对")),
    )
    actions = (Action(_("回去改"), f"/reports/{row.pk}"),)
    return render(
        request, "reports/check.html", _page(request, result, here, {}, crumbs, actions, row.title)
    )


def _page(  # noqa: PLR0913  # what the two kinds of check have in common
    request: StaffRequest,
    result: Result,
    here: str,
    decided: dict[str, str],
    crumbs: tuple[Crumb, ...],
    actions: tuple[Action, ...],
    title: str,
) -> Page:
    only = request.GET.get("only", "")
    wanted = request.GET.get("c", "")
    listed = checks.only(result, only)
    every = [
        Row(f, STATE[f.verdict], decided.get(place_of(f), ""), place_of(f), f.id == wanted)
        for f in listed
    ]
    chosen = next((r for r in every if r.current), None) or _elsewhere(result, decided, wanted)
    phrase = request.GET.get("q", "") or (
        chosen.finding.title or _near(result, chosen) if chosen else ""
    )
    marked = tuple(
        (p.text, STATE[p.verdict] if p.verdict else "", p.key) for p in marking.pieces(result)
    )
    total = sum(1 for f in result.figures)
    agreed = sum(1 for f in result.figures if f.verdict == "agrees")
    return Page(
        _("校对：{title}").format(title=title),
        crumbs,
        actions,
        shared.tabs("/check"),
        _filters(result, here, only),
        marked,
        tuple(every),
        chosen,
        here,
        only,
        _("{n}个数里{m}个一致").format(n=total, m=agreed) if total else _("文中没有数"),
        _period(result.period),
        not result.findings,
        request.viewer.may("reports.edit"),
        here.startswith("/check/"),
        tuple(checks.sources_like(phrase)) if phrase else (),
    )


def _period(code: str | None) -> str:
    """Return a period in words."""
    try:
        return wording.period(Period.parse(code or ""))
    except BadPeriod:
        return code or ""


def _near(result: Result, chosen: Row) -> str:
    """Return the words before a figure, to look for its source with."""
    start = chosen.finding.start
    return "".join(result.text[max(0, start - 14) : start].split())


def _elsewhere(result: Result, decided: dict[str, str], wanted: str) -> Row | None:
    """Return a chosen finding that the filter hides: a mark in the text was pressed."""
    found = next((f for f in result.findings if f.id == wanted), None)
    if found is None:
        return None
    return Row(
        found,
        STATE[found.verdict],
        decided.get(place_of(found), ""),
        place_of(found),
        current=True,
    )


def _filters(result: Result, here: str, only: str) -> tuple[Choice, ...]:
    counts = result.counts
    every = Choice(_("全部"), here, len(result.findings), current=only not in WORDS)
    return (
        every,
        *(
            Choice(
                _(WORDS[verdict]),
                f"{here}?only={verdict}",
                counts[verdict],
                current=only == verdict,
            )
            for verdict in ("differs", "no_source", "remark", "agrees")
        ),
    )


@staff
@require_POST
@once
def decide(request: StaffRequest, ident: int) -> HttpResponse:
    """Note what a person says to one finding."""
    shared.need_read(request.viewer)
    place, what = request.POST.get("place", ""), request.POST.get("what", "")
    try:
        shared.found(operations.decide, request.viewer, ident, place, what, request.at)
    except UnableToWrite as failed:
        messages.warning(request, failed.message)
    else:
        said = {"change": _("记下了：按记录改。"), "keep": _("记下了：保留原文。")}
        messages.success(request, said.get(what, _("已取消刚才的选择。")))
    return HttpResponseRedirect(_back(request, f"/check/{ident}"))


@staff
@require_POST
@once
def assign(request: StaffRequest) -> HttpResponse:
    """Remember which number certain words mean, or that it comes from outside."""
    shared.need_read(request.viewer)
    given: Any = request.POST
    try:
        shared.found(
            operations.assign,
            request.viewer,
            given.get("keys", "").split(),
            given.get("indicator", ""),
            request.at,
            aspect=given.get("aspect", "value"),
            note=given.get("note", ""),
        )
    except UnableToWrite as failed:
        messages.warning(request, failed.message)
    else:
        messages.success(request, _("记住了。同样的话以后按这个来源核对。"))
    return HttpResponseRedirect(_back(request, "/check"))


def _back(request: StaffRequest, otherwise: str) -> str:
    """Return the page that the form came from, if it is one of ours."""
    back = request.POST.get("back", "")
    return back if back.startswith(("/check/", "/reports/")) and "//" not in back else otherwise


@staff
@require_GET
def commented(request: StaffRequest, ident: int) -> HttpResponse:
    """Hand out the uploaded Word file with comments, otherwise unchanged."""
    shared.need_read(request.viewer)
    row = shared.found(scope.draft_for, request.viewer, ident)
    path = operations.stored(row.digest) if row.digest else None
    if path is None or not path.exists():
        raise Http404(row.title)
    result = checks.check_draft(request.viewer, row, request.at)
    said = checks.comments(result, dict(row.decided))
    try:
        content = annotating.annotated(path.read_bytes(), row.text, said)
    except annotating.UnableToAnnotate as failed:
        messages.warning(request, failed.message)
        return HttpResponseRedirect(f"/check/{row.pk}")
    name = f"{Path(row.file_name or row.title).stem}（校对）.docx"
    return shared.attachment(content, name, shared.WORD)


@staff
@require_GET
def plain(request: StaffRequest, ident: int) -> HttpResponse:
    """Hand out the text with the changes that were accepted."""
    shared.need_read(request.viewer)
    row = shared.found(scope.draft_for, request.viewer, ident)
    result = checks.check_draft(request.viewer, row, request.at)
    text = checks.changed(row, result)
    return shared.attachment(
        text.encode(), f"{Path(row.title).stem}（改）.txt", "text/plain; charset=utf-8"
    )


@staff
@require_GET
def data(request: StaffRequest, ident: int) -> HttpResponse:
    """Hand out the findings as JSON."""
    shared.need_read(request.viewer)
    row = shared.found(scope.draft_for, request.viewer, ident)
    result = checks.check_draft(request.viewer, row, request.at)
    about = {"draft": row.pk, "title": row.title, "at": moment(request.at)}
    return JsonResponse({**about, **result.to_dict()}, json_dumps_params={"ensure_ascii": False})
