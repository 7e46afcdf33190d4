"""管理 › 公众门户: how residents reach the office, and which plans are published."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiezhen.plans.queries import documents
from jiezhen.portal import forms
from jiezhen.portal.operations.fronts import PUBLISH, REACH, set_front
from jiezhen.portal.queries.fronts import front_of
from jiezhen.trail.once import once
from jiezhen.web.administration import admin_tabs
from jiezhen.web.components import Action
from jiezhen.web.pages import StaffRequest, render, staff


@staff
@require_http_methods(["GET", "HEAD", "POST"])
@once
def front(request: StaffRequest) -> HttpResponse:
    """Show and write what the public pages say; `which` of a POST says which of the two forms."""
    viewer = request.viewer
    may_reach, may_publish = viewer.may(REACH), viewer.may(PUBLISH)
    if not (may_reach or may_publish):
        raise PermissionDenied(_("没有改公众门户的权限。需要的话，找系统管理员。"))
    row = front_of(viewer.office_id)
    known = [
        (str(d.id), f"{d.year} {d.title}")
        for d in documents.files(viewer)
        if d.confirmed and not d.replaced
    ]
    which = request.POST.get("which", "")
    reach = forms.Front(
        request.POST if which == "reach" else None,
        initial={n: getattr(row, n) for n in ("phone", "hours", "counter", "route", "open311")},
    )
    plans = forms.Plans(
        request.POST if which == "plans" else None,
        known=known,
        initial={"plans": [str(p) for p in row.plans]},
    )
    if may_reach and reach.is_valid():
        set_front(viewer, request.at, words=reach.cleaned_data)
        return _saved(request)
    if may_publish and plans.is_valid():
        set_front(viewer, request.at, plans=[int(p) for p in plans.cleaned_data["plans"]])
        return _saved(request)
    context = {
        "title": _("公众门户"),
        "tabs": admin_tabs(viewer, "portal"),
        "reach": reach if may_reach else None,
        "plans": plans if may_publish and known else None,
        "actions": (Action(_("打开公众门户"), "/p/"),),
    }
    return render(request, "portal/front.html", context, status=422 if which else 200)


def _saved(request: StaffRequest) -> HttpResponse:
    messages.info(request, _("已改好，公众页面现在就是这样。"))
    return HttpResponseRedirect("/admin/portal")
