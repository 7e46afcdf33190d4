"""Proposals of a category while a matter is filed, and asking to learn them again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiezhen.matters import forms, operations
from jiezhen.matters.queries import guessing
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Kind
from jiezhen.records import operations as record_operations
from jiezhen.records import places
from jiezhen.records import views as records
from jiezhen.trail.once import once
from jiezhen.web.pages import StaffRequest, staff

TEMPLATE = "matters/new.html"


def context(request: StaffRequest, kind: Kind) -> dict[str, Any]:
    """Return what the form of a new matter needs to show likely doubles and to offer proposals."""
    return _doubles(kind) | _guesses(request, kind)


def _doubles(kind: Kind) -> dict[str, Any]:
    if kind.twins is None:
        return {}
    told = dict.fromkeys([kind.twins.place, kind.twins.category, *kind.twins.text])
    return {
        "doubles_href": f"/matters/doubles?kind={kind.name}",
        "doubles_when": ", ".join(f"change from:#id_{n}" for n in told if n),
    }


def _guesses(request: StaffRequest, kind: Kind) -> dict[str, Any]:
    """Return what proposals need; nothing while proposing is off."""
    if kind.guess is None or not guessing.is_on(request.viewer, kind):
        return {}
    read = [kind.fields[n].title for n in kind.guess.text if not kind.fields[n].party]
    return {
        "guessed": kind.guess.field,
        "guess_href": f"/matters/proposals?kind={kind.name}",
        "guess_from": "、".join(read),
        "guess_when": ", ".join(["click", *(f"change from:#id_{n}" for n in kind.guess.text)]),
        # The matter itself is filed at its own address, from whatever page the form is on.
        "form_href": places.new(kind.name),
    }


@staff
@require_POST
def proposals(request: StaffRequest) -> HttpResponse:
    """Answer the half-filled form with likely categories beside it, or with one of them taken.

    Nothing is written. A browser with scripts takes the part that changed out of the answer,
    one without shows the whole form again.
    """
    request.once_checked = True  # type: ignore[attr-defined]
    kind = records.kind_or_404(request, request.GET.get("kind", ""), "change")
    if kind.shape != "matter" or kind.guess is None:
        raise Http404
    units = records.changeable_units(request, kind)
    form = forms.NewMatter(kind, units, initial={n: request.POST[n] for n in request.POST})
    found = guessing.proposals(request.viewer, kind, form.initial)
    taken = next((p for p in found.top if p.key == request.POST.get("_take")), None)
    if taken is not None:
        form.initial[kind.guess.field] = taken.writing
    more = context(request, kind) | {"guessed": kind.guess.field, "proposals": found}
    return records.form_response(request, kind, form, TEMPLATE, **more)


@staff
@require_POST
@once
def learn(request: StaffRequest) -> HttpResponse:
    """Ask to learn again; the worker does it within minutes."""
    kind = catalogue().kinds.get(request.GET.get("kind", ""))
    if kind is None or kind.guess is None:
        raise Http404
    try:
        operations.want(request.viewer, kind.name, request.at)
        messages.info(request, _("已排上，几分钟后训练好。"))
    except record_operations.NotAllowed:
        raise Http404 from None
    except operations.UnableToLearn as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(f"/admin/packs/{kind.pack}")
