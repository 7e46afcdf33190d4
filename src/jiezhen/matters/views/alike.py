"""While a matter is written down: what may be the same, what it may be, and adding to an older one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiezhen.kernel import clock
from jiezhen.matters import forms, operations, queries
from jiezhen.matters.queries import guessing
from jiezhen.matters.queries import reporting as choosing
from jiezhen.matters.rules import twins as rules
from jiezhen.matters.views import reporting
from jiezhen.records import files, places
from jiezhen.records import views as records
from jiezhen.records.operations import Problem, Refused
from jiezhen.web import later
from jiezhen.web.pages import StaffRequest, render, staff


@staff
@require_POST
def doubles(request: StaffRequest) -> HttpResponse:
    """Answer the half-filled form of a kind with its likely doubles; nothing is written."""
    request.once_checked = True  # type: ignore[attr-defined]
    kind = records.kind_or_404(request, request.GET.get("kind", ""), "change")
    if kind.shape != "matter" or kind.twins is None:
        raise Http404
    raw = forms.NewMatter(kind, [], request.POST).values()
    found = queries.twins_before(request.viewer, kind, raw, request.at)
    return render(request, "matters/parts/doubles.html", {"alike": found, "apart": True})


@staff
@require_POST
def likely(request: StaffRequest) -> HttpResponse:
    """Answer the half-filled page 上报 with likely doubles and likely types; nothing is written."""
    request.once_checked = True  # type: ignore[attr-defined]
    given = request.POST
    offered = choosing.choices(request.viewer, request.at)
    chosen = next((t for t in offered.types if t.key == given.get("_type")), None)
    unit = next((u for u in offered.units if u.code == given.get("_unit")), None)
    words = given.get("words", "").strip()[: choosing.MOST_WORDS]
    named = bool(given.get("place", "").strip() or given.get("_lon", ""))
    context: dict[str, Any] = {}
    if words or named:
        context = _proposed(request, offered, chosen, words)
        if chosen is not None:
            place = reporting.place_of(given, unit.title if unit else "")
            context |= _alike(request, chosen, place, words, named=named)
    return render(request, "matters/parts/likely.html", context)


def _alike(
    request: StaffRequest, chosen: choosing.Type, place: dict[str, Any], words: str, *, named: bool
) -> dict[str, Any]:
    kind, viewer = chosen.kind, request.viewer
    values = chosen.values(place, words, clock.day_of(request.at))
    found = queries.twins_before(viewer, kind, values, request.at)
    if not named:
        found = [t for t in found if t.score >= rules.WITH_WORDS]
    return {
        "alike": found,
        "apart": True,
        "kind": kind.name,
        "may_add": queries.changeable(viewer, kind, found),
    }


def _proposed(
    request: StaffRequest, offered: choosing.Choices, chosen: choosing.Type | None, words: str
) -> dict[str, Any]:
    """Return likely types of the kind that is chosen, else of the most usual that proposes any."""
    some = [chosen] if chosen else offered.types
    first = next((t for t in some if _proposes(request, t)), None)
    if first is None:
        return {}
    said = {"text": request.POST.get("place", "").strip()}
    values = first.values(said, words, clock.day_of(request.at))
    told = guessing.proposals(request.viewer, first.kind, values)
    titles = {t.option: t for t in offered.types if t.kind is first.kind}
    top = [(titles[p.key], p.share) for p in told.top if p.key in titles]
    if not top or (chosen and top[0][0].key == chosen.key):
        return {}
    return {"proposals": told, "types": top}


def _proposes(request: StaffRequest, type_: choosing.Type) -> bool:
    guess = type_.kind.guess
    same = guess is not None and guess.field == type_.parts.category
    return same and guessing.is_on(request.viewer, type_.kind)


@staff
@require_POST
def supplement(request: StaffRequest) -> HttpResponse:
    """Put what the page 上报 says to an older matter instead of filing it again."""
    photos = reporting.photos_of(request)
    return later.perform(request, request.viewer.account_id, lambda: _supplement(request, photos))


def _supplement(request: StaffRequest, photos: list[files.Ready]) -> HttpResponse:
    name, _colon, code = request.POST.get("_into", "").partition(":")
    try:
        row = queries.matter_for(request.viewer, code, name)
    except queries.NoSuchRecord as absent:
        raise Http404 from absent
    href = places.page(row.kind, row.code)
    try:
        _add(request, row, photos)
    except Refused as refused:
        told = [p.message for p in refused.problems]
        if later.waited(request):
            return later.fix(told)
        messages.error(request, " ".join(told))
        return HttpResponseRedirect(href)
    said = _("已补充到{code}。").format(code=row.code)
    messages.success(request, said)
    return (
        later.done(row.code, href, said) if later.waited(request) else HttpResponseRedirect(href)
    )


def _add(request: StaffRequest, row: Any, photos: list[files.Ready]) -> None:
    parts = choosing.parts_of(records.kind_or_404(request, row.kind))
    photo = parts.photo if parts else ""
    words = request.POST.get("words", "").strip()
    if photos and not photo:
        raise Refused(Problem("photo", reporting.no_photos()))
    if not photos and not words:
        raise Refused(Problem("words", _("请先在补充说明里写一句，或者拍一张。")))
    operations.supplement(
        request.viewer, row.kind, row.pk, words, request.at, photo=photo, photos=photos
    )
