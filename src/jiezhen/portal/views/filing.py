"""What residents send, one question a page: problems, suggestions, opinions, words to a deputy.

Nothing is kept between the pages but in the form itself, and photos for two hours; only 「报上去」
files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.forms import Textarea
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiezhen.packs.schema import Kind
from jiezhen.portal.operations import filing
from jiezhen.portal.queries import drafts, offers, receipts, waiting
from jiezhen.portal.queries.offers import Questions
from jiezhen.portal.rules.doors import Door, door_of
from jiezhen.portal.views.photos import HELD, Photos, gathered, gone
from jiezhen.portal.views.reading import crumbs, offer_help, offer_title
from jiezhen.portal.views.shared import PublicRequest, public, render, too_many
from jiezhen.records import fields, wording
from jiezhen.records import operations as records
from jiezhen.records.forms import Record
from jiezhen.records.operations import Problem
from jiezhen.trail.once import perform_form
from jiezhen.units import queries as units
from jiezhen.web import components as web
from jiezhen.web.components import Crumb

CHECK, SEND = "check", "send"
#: So much of a field is read: one more than it may hold, so that what is too long is said, never cut.
READ = fields.LONGEST + 1


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as the check page shows it, with the page on which it can be changed."""

    title: str
    text: str
    step: str


def heading(door: Door) -> str:
    """Return the words of a door."""
    words = {
        "report": _("反映问题"),
        "suggest": _("提建议"),
        "consult": _("说说法规草案"),
        "deputy": _("码上约代表"),
        "book": _("预约场馆和活动"),
    }
    return words[door]


#: The pages of the doors that have one of their own.
ADDRESS: dict[Door, str] = {
    "suggest": "/p/suggest",
    "consult": "/p/consultations",
    "book": "/p/booking",
}


def _door(kind: Kind) -> Door:
    return door_of(kind.offer.group) if kind.offer else "report"


def _path(kind: Kind) -> tuple[Crumb, ...]:
    """Return the path above the pages of an offer: its door, where that has a page, and its name."""
    door = _door(kind)
    between = [Crumb(heading(door), ADDRESS[door])] if door in ADDRESS else []
    return crumbs(*between, Crumb(offer_title(kind)))


def closed(request: PublicRequest, title: str) -> HttpResponse:
    """Say that the office offers nothing of this kind on the net."""
    why = _("这里还没有开网上办理。请打电话或到窗口，一样办。")
    return render(request, "portal/sorry.html", {"title": title, "why": why})


@public
@require_safe
def choose(request: PublicRequest) -> HttpResponse:
    """Show what can be reported; straight to the form where it is one thing."""
    kinds = offers.kinds_behind("report")
    if not kinds:
        return closed(request, heading("report"))
    if len(kinds) == 1:
        return HttpResponseRedirect(f"/p/report/{kinds[0].name}")
    context = {
        "title": heading("report"),
        "crumbs": crumbs(Crumb(heading("report"))),
        "offers": [(f"/p/report/{k.name}", offer_title(k), offer_help(k)) for k in kinds],
    }
    return render(request, "portal/choose.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: PublicRequest, kind: str) -> HttpResponse:
    """Ask page by page, show the check page, and file."""
    try:
        asked = offers.questions(kind)
    except offers.NotOffered as missing:
        raise Http404(kind) from missing
    if request.method != "POST":
        return _begin(request, asked)
    request.once_checked = True  # type: ignore[attr-defined]  # pages in between write nothing
    wanted = request.POST.get("go", "")
    if wanted == SEND:
        return _send(request, asked)
    return _turn(request, asked, wanted)


def _begin(request: PublicRequest, asked: Questions) -> HttpResponse:
    """Show the first page; an opinion needs an article on which opinions are taken in."""
    about = _about(request, asked)
    if about is None and drafts.link_of(asked.kind) and _door(asked.kind) == "consult":
        return HttpResponseRedirect(ADDRESS["consult"])
    said = filing.refusal(about) if about is not None else ""
    if about is not None and said:
        context = {
            "title": about.draft.title,
            "why": said,
            "crumbs": _path(asked.kind),
            "href": f"/p/consultations/{about.draft.code}" if about.draft.code else "",
        }
        return render(request, "portal/over.html", context, status=410)
    return _page(request, asked, asked.steps[0], given=request.GET, photos=Photos())


def _about(request: PublicRequest, asked: Questions) -> drafts.About | None:
    """Return the article that an opinion is about."""
    source = request.POST if request.method == "POST" else request.GET
    raw = {name: source.get(name, "")[:400] for name in asked.links}
    return drafts.about(request.office, asked.kind, raw, request.at) if asked.links else None


def _turn(request: PublicRequest, asked: Questions, wanted: str) -> HttpResponse:
    """Go to the next page when this one can be read, to an earlier one at once."""
    order = (*asked.steps, CHECK)
    here = request.POST.get("step", "")
    here = here if here in order else order[0]
    photos = gathered(request, asked)
    if wanted in order and order.index(wanted) < order.index(here):
        return _page(request, asked, wanted, photos=photos)
    found = _problems(request, asked, asked.fields(here))
    if photos.problems:
        # What is wrong with a photo is said where photos are chosen.
        here = order[0]
    if found or photos.problems:
        status = max(422, photos.status)
        return _page(request, asked, here, problems=found, status=status, photos=photos)
    after = order[min(order.index(here) + 1, len(order) - 1)]
    if wanted == CHECK and not _problems(request, asked, _every(asked)):
        after = CHECK
    if after == CHECK:
        return _check(request, asked, photos=photos)
    return _page(request, asked, after, photos=photos)


def _every(asked: Questions) -> tuple[str, ...]:
    return (*asked.links, *(n for step in asked.steps for n in asked.fields(step)))


def _values(request: PublicRequest, asked: Questions) -> dict[str, Any]:
    """Return the raw values of the form; a place with its point when it was given."""
    found: dict[str, Any] = {}
    for name in _every(asked):
        found[name] = request.POST.get(name, "")[:READ]
    if asked.where:
        text = found[asked.where].strip()
        lon, lat = (request.POST.get(f"_{axis}", "")[:20] for axis in ("lon", "lat"))
        if lon and lat:
            found[asked.where] = {
                "text": text or _("手机定位的地方"),
                "lon": lon,
                "lat": lat,
            }
    return found


def _problems(request: PublicRequest, asked: Questions, names: tuple[str, ...]) -> list[Problem]:
    values = _values(request, asked)
    raw = {n: values[n] for n in names}
    return offers.problems(request.office, asked.kind, raw, request.at)


def _page(  # noqa: PLR0913  # what a page of the form depends on
    request: PublicRequest,
    asked: Questions,
    step: str,
    *,
    photos: Photos,
    problems: list[Problem] | None = None,
    given: Any = None,
    status: int = 200,
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    names = asked.fields(step)
    form = Record(
        asked.kind,
        data,
        names=names,
        auto_id="f_%s",
        initial={n: given[n][:READ] for n in names if n in given} if given else None,
    )
    _widen(form)
    form.blame(problems or [])
    order = asked.steps
    place = order.index(step)
    shown, wrong = _shown(request, asked, photos) if place == 0 else ([], [])
    about = _about(request, asked)
    what = _("您怎么看") if _door(asked.kind) == "consult" else _("什么事？")
    words = {"what": what, "where": _("在哪里？"), "who": _("怎么联系您（可不填）")}
    context = {
        "title": words[step],
        "door": offer_title(asked.kind),
        "form": form,
        "kind": asked.kind,
        "step": step,
        "number": place + 1,
        "of": len(order),
        "before": order[place - 1] if place else "",
        "kept": _kept(request, asked, photos.tokens if place else (), but=names),
        "pictured": bool(asked.photo) and place == 0,
        "photos": shown,
        "photo_problems": [web.Problem("f_photo", said) for said in wrong],
        "located": step == "where",
        "crumbs": _path(asked.kind),
        "about": about,
        "scanned": _scanned(request) if place == 0 else "",
    }
    return _kept_for_back(render(request, "portal/ask.html", context, status=status))


def _scanned(request: PublicRequest) -> str:
    """Return the place whose code somebody scanned, so that they see that it is theirs."""
    source = request.POST if request.method == "POST" else request.GET
    code = source.get("_unit", "")
    known = units.units_of_office(request.office.viewer.office_id) if code else ()
    return next((u.title for u in known if u.code == code), "")


def _kept_for_back(response: HttpResponse) -> HttpResponse:
    """Let the browser's own back button show a page of the form with its words.

    Each page answers a post, and one that may not be stored is gone when somebody steps back: the
    browser shows an error and everything written is lost. Once it was sent, `back.js` leads from
    these pages to the receipt, so that whoever sits there next does not read them.
    """
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _widen(form: Record) -> None:
    """Let words that are not demanded take several lines: nobody asks for them to be short."""
    for name, field in form.fields.items():
        spec = form.kind.fields[name]
        if spec.type == "text" and not spec.required and not spec.party:
            field.widget = Textarea({"rows": 3})


def _shown(
    request: PublicRequest, asked: Questions, photos: Photos
) -> tuple[list[waiting.Photo], list[str]]:
    """Return the photos that wait still, and what has to be said about photos."""
    if not photos.tokens:
        return [], list(photos.problems)
    there = waiting.photos(request.office, asked.kind.name, photos.tokens, request.at)
    return there, [*photos.problems, *gone(photos.tokens, there)]


def _kept(
    request: PublicRequest,
    asked: Questions,
    photos: Iterable[str],
    but: tuple[str, ...] = (),
) -> list[tuple[str, str]]:
    """Return what earlier pages said, for hidden fields."""
    names = [n for n in _every(asked) if n not in but]
    points = [] if asked.where and asked.where in but else ["_lon", "_lat"]
    source = request.POST if request.method == "POST" else request.GET
    names += [*points, "_unit"]
    said = [(n, source[n][:READ]) for n in names if source.get(n)]
    return [*said, *((HELD, token) for token in photos)]


def _check(
    request: PublicRequest,
    asked: Questions,
    problems: Iterable[str] = (),
    status: int = 200,
    *,
    photos: Photos,
) -> HttpResponse:
    """Show everything once more, with what others said about the same place."""
    values = _values(request, asked)
    there, wrong = _shown(request, asked, photos)
    about = _about(request, asked)
    over = filing.refusal(about) if about is not None else ""
    wrong += [over] if over else []
    answers = []
    for step in asked.steps:
        for name in asked.fields(step):
            spec = asked.kind.fields[name]
            raw = values[name]
            text = str(raw["text"]) if isinstance(raw, dict) else str(raw)
            answers.append(Answer(wording.title(spec), wording.option(spec, text), step))
    context = {
        "title": _("核对一遍"),
        "door": offer_title(asked.kind),
        "kind": asked.kind,
        "answers": answers,
        "kept": _kept(request, asked, [p.token for p in there]),
        "photos": there,
        "before": asked.steps[-1],
        "same": offers.same(request.office, asked.kind, values, request.at),
        "problems": list(dict.fromkeys([*problems, *wrong])),
        "crumbs": _path(asked.kind),
        "about": about,
    }
    return _kept_for_back(render(request, "portal/check.html", context, status=status))


def _send(request: PublicRequest, asked: Questions) -> HttpResponse:
    """File it once, and lead to the receipt."""
    refused = too_many(request, "report")
    if refused is not None:
        return refused
    photos = gathered(request, asked)

    def work() -> HttpResponse:
        there, wrong = _shown(request, asked, photos)
        if wrong:
            return _check(request, asked, wrong, status=422, photos=photos)
        try:
            opened = filing.file(
                request.office,
                asked,
                _values(request, asked),
                request.at,
                unit=request.POST.get("_unit", "")[:40],
                photos=[p.token for p in there],
            )
        except records.Refused as failed:
            said = [p.message for p in failed.problems]
            return _check(request, asked, said, status=422, photos=photos)
        token = receipts.sealed(opened, request.at)
        return HttpResponseRedirect(f"/p/receipt?t={quote(token, safe='')}")

    return perform_form(request, work)


@public
@require_safe
def receipt(request: PublicRequest) -> HttpResponse:
    """Show 编号, 查询码, 办结时限 and the telephone; for a quarter of an hour."""
    found = receipts.receipt(request.GET.get("t", "")[:400], request.at)
    if found is None:
        why = _("这一页过期了。用查询码可以查到办得怎样；查询码丢了，请打电话。")
        return render(request, "portal/sorry.html", {"title": _("回执"), "why": why}, status=410)
    told = receipts.progress(request.office, found.receipt)
    context = {
        "title": _("已经报上去了"),
        "receipt": found,
        "told": told,
        "crumbs": crumbs(Crumb(_("回执"))),
    }
    return render(request, "portal/receipt.html", context)
