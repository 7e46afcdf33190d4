"""Words and moves that waited on a phone: done now, or shown beside what others did meanwhile."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiezhen.matters import facts, operations, queries, rules
from jiezhen.packs.schema import Kind
from jiezhen.people import masking
from jiezhen.records import access, conflicts, places, wording
from jiezhen.records import operations as record_operations
from jiezhen.web import later
from jiezhen.web.pages import StaffRequest, staff, whole

SAY, CONTACT = "say", "contact"
Pair = dict[str, str]


@staff
def deed(request: StaffRequest, code: str) -> HttpResponse:
    """Do what was written on a page that may be old: say a word, note a call, make a move.

    `do` says which, `_version` which version of the matter the person had before them. When the
    matter was changed since, nothing is done: both versions are answered, and the person chooses.
    """
    try:
        row = queries.matter_for(request.viewer, code, request.GET.get("kind", ""))
    except queries.NoSuchRecord as absent:
        raise Http404 from absent
    if request.method != "POST":
        return HttpResponseRedirect(places.page(row.kind, row.code))
    return later.perform(request, request.viewer.account_id, lambda: _do(request, row))


def _do(request: StaffRequest, row: Any) -> HttpResponse:
    name = request.POST.get("do", "")
    kind = access.kind_for(request.viewer, row.kind)
    work = {SAY: _say, CONTACT: _contact}.get(name, _move)
    if work is _move and name not in facts.flow_of(kind).moves:
        raise Http404
    seen = whole(request.POST.get("_version"))
    try:
        if work is not _move and seen and seen != row.version:
            raise record_operations.Conflict(row, dict(row.data), row.changed_at)
        said = work(request, row, kind, seen or None)
    except record_operations.Conflict as both:
        return later.conflict(str(both), row.version, _pairs(request, row, kind, seen))
    except rules.MoveForbidden as forbidden:
        if seen and seen != row.version:
            return later.conflict(forbidden.message, row.version, _pairs(request, row, kind, seen))
        return later.fix([forbidden.message])
    except record_operations.Refused as refused:
        return later.fix(p.message for p in refused.problems)
    messages.success(request, said)
    return later.done(row.code, places.page(row.kind, row.code), said)


def _note(request: StaffRequest) -> str:
    return request.POST.get("note", "").strip() or request.POST.get("words", "").strip()


def _say(request: StaffRequest, row: Any, _kind: Kind, _version: int | None) -> str:
    operations.say(request.viewer, row.kind, row.pk, _note(request), request.at)
    return _("已记下进展。")


def _contact(request: StaffRequest, row: Any, _kind: Kind, _version: int | None) -> str:
    outcome: Any = request.POST.get("outcome", "")
    operations.contact(request.viewer, row.kind, row.pk, outcome, request.at, words=_note(request))
    return _("已记下这次联系。")


def _move(request: StaffRequest, row: Any, kind: Kind, version: int | None) -> str:
    name = request.POST["do"]
    spec = facts.flow_of(kind).moves[name]
    said = facts.said(
        kind, spec, _values(request, kind, name), _note(request), request.POST.get("phrase", "")
    )
    operations.move(
        request.viewer,
        row.kind,
        row.pk,
        name,
        said.answers,
        request.at,
        note=said.note,
        version=version,
        unit=request.POST.get("unit", ""),
    )
    return _("已{move}").format(move=wording.title(spec))


def _values(request: StaffRequest, kind: Kind, name: str) -> dict[str, Any]:
    asked = facts.flow_of(kind).moves[name].asks
    return {
        n: request.POST[n] for n in asked if n in request.POST and kind.fields[n].type != "file"
    }


def _pairs(request: StaffRequest, row: Any, kind: Kind, seen: int) -> list[Pair]:
    """Return both versions: what was written here, and what others made of it meanwhile."""
    name = request.POST.get("do", "")
    spec = facts.flow_of(kind).moves.get(name)
    found: list[Pair] = [
        {
            "title": _("现在"),
            "mine": wording.title(spec) if spec else "",
            "theirs": _latest(request, row, kind),
        }
    ]
    if spec is not None:
        values = _values(request, kind, name)
        found += [
            {"title": p.title, "mine": p.mine, "theirs": p.theirs}
            for p in conflicts.compared(request.viewer, row, values, seen, request.at)
            if p.differs
        ]
    if _note(request):
        found.append({"title": _("说明"), "mine": masking.free_text(_note(request)), "theirs": ""})
    return found


def _latest(request: StaffRequest, row: Any, kind: Kind) -> str:
    """Return in which state the matter is now, and who did what last."""
    state = queries.state_title(kind, row.state)
    events = queries.events(request.viewer, row)
    if not events:
        return state
    told = " ".join(part for part in (events[0].who, events[0].title, events[0].text) if part)
    return f"{state}（{told}）"
