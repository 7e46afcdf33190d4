"""上报: three taps on a phone, a plain form elsewhere, and the receipt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.matters import operations, queries
from jiezhen.matters.queries import reporting as choosing
from jiezhen.reading.pasted import Pasted, read_message
from jiezhen.records import files, panels, places
from jiezhen.records.operations import Problem, Refused
from jiezhen.trail.once import once
from jiezhen.web import components as web
from jiezhen.web import device, formats, later
from jiezhen.web.pages import StaffRequest, render, staff

#: A finding may have waited so long on a phone and still counts on its day.
OLDEST = timedelta(days=30)
_FIELDS = ("_type", "_unit", "place", "words", "_lon", "_lat", "_written")


@dataclass(frozen=True, slots=True)
class _Filed:
    """What a posted form says."""

    type: choosing.Type
    unit: Any
    place: dict[str, Any]
    words: str
    on: date


@staff
def report(request: StaffRequest) -> HttpResponse:
    """Show the form, or file what it says."""
    if request.method != "POST":
        response = _page(request, {})
        # The one page of this person's that a phone may keep for use without a network.
        response.headers["X-Keep-For"] = device.key_of(request.viewer.account_id)
        return response
    photos = photos_of(request)
    return later.perform(request, request.viewer.account_id, lambda: _file(request, photos))


def _file(request: StaffRequest, photos: list[files.Ready]) -> HttpResponse:
    offered = choosing.choices(request.viewer, request.at)
    try:
        filed = _read(request, offered)
        row = operations.report(
            request.viewer,
            filed.type.kind.name,
            filed.type.values(filed.place, filed.words, filed.on),
            request.at,
            unit=filed.unit,
            photo=filed.type.parts.photo,
            photos=photos,
            source="phone" if later.waited(request) else "form",
        )
    except Refused as refused:
        return _refused(request, refused)
    href = f"/report/receipt/{row.kind}/{quote(row.code, safe='')}"
    if not later.waited(request):
        return HttpResponseRedirect(href)
    return later.done(row.code, href, _told(row, request.at))


def _read(request: StaffRequest, offered: choosing.Choices) -> _Filed:
    """Return what the form says.

    Raises:
        Refused: Type or place is missing, or something cannot be read.
    """
    given = request.POST
    chosen = next((t for t in offered.types if t.key == given.get("_type")), None)
    unit = next((u for u in offered.units if u.code == given.get("_unit")), None)
    words = given.get("words", "").strip()
    problems = []
    if chosen is None:
        problems.append(Problem("_type", _("请选是什么。")))
    if unit is None:
        problems.append(Problem("_unit", _("请选在哪里。")))
    if len(words) > choosing.MOST_WORDS:
        said = _("太长了，最多{n}字。").format(n=choosing.MOST_WORDS)
        problems.append(Problem("words", said))
    if chosen is None or unit is None or problems:
        raise Refused(*problems)
    place = place_of(given, unit.title)
    if request.FILES and not chosen.parts.photo:
        raise Refused(Problem("photo", no_photos()))
    return _Filed(chosen, unit, place, words, _day(given.get("_written", ""), request.at))


def no_photos() -> str:
    """Return what is said where a kind keeps no photographs."""
    return _("这一种不收照片。请去掉照片再上报。")


def place_of(given: Mapping[str, str], otherwise: str) -> dict[str, Any]:
    """Return the place that a form says; the unit's name where it says none."""
    place: dict[str, Any] = {"text": given.get("place", "").strip() or otherwise}
    if given.get("_lon") and given.get("_lat"):
        place |= {"lon": given["_lon"], "lat": given["_lat"]}
    return place


def photos_of(request: StaffRequest) -> list[files.Ready]:
    """Return the photographs, looked at before anything is locked."""
    sent = request.FILES.getlist("photo")[: files.MOST]
    return [files.ready(f.name or "", f.read(files.MOST_BYTES + 1)) for f in sent]


def _day(written: str, at: datetime) -> date:
    """Return the day on which it was written down; today for anything odd."""
    try:
        moment = datetime.fromisoformat(written.replace("Z", "+00:00"))
    except ValueError:
        return clock.day_of(at)
    if moment.tzinfo is None or not at - OLDEST <= moment <= at:
        return clock.day_of(at)
    return clock.day_of(moment)


def _refused(request: StaffRequest, refused: Refused) -> HttpResponse:
    if later.waited(request):
        return later.fix(p.message for p in refused.problems)
    ids = {"_type": "report_type", "_unit": "report_unit"}
    problems = [
        web.Problem(ids.get(p.field, f"report_{p.field}"), p.message) for p in refused.problems
    ]
    given = {name: request.POST.get(name, "") for name in _FIELDS}
    return _page(request, given, problems=problems, status=422)


def _page(
    request: StaffRequest, given: dict[str, str], status: int = 200, **more: Any
) -> HttpResponse:
    offered = choosing.choices(request.viewer, request.at)
    context = {
        "title": _("上报"),
        "offered": offered,
        "given": {"unit": offered.own} | {k.lstrip("_"): v for k, v in given.items() if v},
        "most_words": choosing.MOST_WORDS,
    }
    return render(request, "matters/report.html", context | more, status=status)


@staff
@once
def paste(request: StaffRequest) -> HttpResponse:
    """Read a message from a chat and propose type, place and words; nothing is filed."""
    offered = choosing.choices(request.viewer, request.at)
    found = read_message(
        request.POST.get("pasted", ""),
        {t.key: (t.title, *t.also) for t in offered.types},
        {u.code: (u.title, *u.also) for u in offered.units},
    )
    response = _proposed(request, found)
    response.shown_once = True  # type: ignore[attr-defined]  # a message is not kept
    return response


def _proposed(request: StaffRequest, found: Pasted) -> HttpResponse:
    if later.waited(request):
        return JsonResponse(
            {"type": found.type, "unit": found.unit, "place": found.place, "words": found.words}
        )
    given = {
        "_type": found.type,
        "_unit": found.unit,
        "place": found.place,
        "words": found.words,
    }
    return _page(request, given, proposed=True)


def _told(row: Any, at: datetime) -> str:
    due = _due(row, at)
    if not due:
        return _("已上报，编号{code}。").format(code=row.code)
    return _("已上报，编号{code}，办结时限{due}。").format(code=row.code, due=due)


def _due(row: Any, at: datetime) -> str:
    """Return until when it has to be done, in words; empty without a deadline."""
    moment = getattr(row, "due_at", None)
    if moment is not None:
        return formats.moment(moment)
    return formats.day_near(row.due_on, clock.day_of(at)) if row.due_on else ""


@staff
def receipt(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Show number, who has it, until when, and the figures that it counts in."""
    try:
        row = queries.matter_for(request.viewer, code, kind)
    except queries.NoSuchRecord as absent:
        raise Http404 from absent
    counted = [
        line
        for panel in panels.panels(request.viewer, row, request.at)
        if not panel.template
        for line in panel.lines
    ]
    context = {
        "title": _("已上报"),
        "row": row,
        "due": _due(row, request.at),
        "counted": counted,
        "alike": queries.twins_of(request.viewer, row, request.at),
        "href": places.page(row.kind, row.code),
    }
    return render(request, "matters/report_receipt.html", context)
