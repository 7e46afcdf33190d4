"""Somebody's own notices, and how they want to hear of things."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiezhen.effects import forms, queries
from jiezhen.effects.operations import notices as operations
from jiezhen.effects.rules import GROUPS
from jiezhen.trail.once import once
from jiezhen.web.components import Choice, Pager
from jiezhen.web.pages import StaffRequest, render, staff, whole

SIZE = 50
#: How many notices 今日 shows.
LATEST = 5


@staff
def notices(request: StaffRequest) -> HttpResponse:
    """List the viewer's notices, unread first, of all groups or of one."""
    number = min(whole(request.GET.get("page")) or 1, 1000)
    group = request.GET.get("group", "")
    page = queries.notices(request.viewer, number, SIZE, group)
    first, kept = (number - 1) * SIZE, f"&group={group}" if group in GROUPS else ""
    pager = Pager(
        first + 1,
        first + sum(1 + len(line.older) for line in page.lines),
        previous=f"?page={number - 1}{kept}" if number > 1 else "",
        next=f"?page={number + 1}{kept}" if page.more else "",
    )
    return render(
        request,
        "effects/notices.html",
        {
            "title": _("通知"),
            "tabs": _tabs(group),
            "lines": page.lines,
            "unread": any(line.unread for line in page.lines),
            "pager": pager if number > 1 or page.more else None,
            "at": request.at,
        },
    )


def _tabs(group: str) -> tuple[Choice, ...]:
    chosen = group if group in GROUPS else ""
    titles = {"": _("全部"), **forms.GROUP_TITLES}
    return tuple(
        Choice(
            str(title), f"/notices?group={name}" if name else "/notices", current=name == chosen
        )
        for name, title in titles.items()
    )


@staff
def count(request: StaffRequest) -> HttpResponse:
    """Answer the link of the top bar with the number of unread notices, after the page.

    Whoever opened the page to which notices lead has read them; htmx names the page.
    """
    if here := _here(request):
        operations.read_here(request.viewer, here, request.at)
    return render(request, "effects/count.html", {"count": queries.unread(request.viewer)})


def _here(request: StaffRequest) -> str:
    try:
        return urlsplit(request.headers.get("HX-Current-URL", "")).path
    except ValueError:  # no address at all
        return ""


@staff
def latest(request: StaffRequest) -> HttpResponse:
    """Answer 今日 with the latest unread notices, after the page."""
    lines = queries.notices(request.viewer, 1, LATEST).lines
    context = {"lines": [line for line in lines if line.unread], "at": request.at}
    return render(request, "effects/latest.html", context)


@staff
@require_POST
@once
def read(request: StaffRequest) -> HttpResponse:
    """Mark all notices as read, for oneself."""
    operations.read_all(request.viewer, request.at)
    return HttpResponseRedirect("/notices")


@staff
@once
def preferences(request: StaffRequest) -> HttpResponse:
    """Choose how to hear of each group of events."""
    now = {"email": queries.mailbox(request.viewer.account_id), **queries.choices(request.viewer)}
    form = forms.Choices(request.POST if request.method == "POST" else None, initial=now)
    code = 200
    if request.method == "POST":
        if form.is_valid() and _choose(request, form):
            messages.info(request, _("通知方式已保存。"))
            return HttpResponseRedirect("/notices/settings")
        code = 422
    context = {
        "title": _("通知方式"),
        "form": form,
        "mail": settings.MAIL,
        "hour": settings.DIGEST_HOUR,
    }
    return render(request, "effects/preferences.html", context, status=code)


def _choose(request: StaffRequest, form: forms.Choices) -> bool:
    given = dict(form.cleaned_data)
    try:
        operations.choose(request.viewer, given.pop("email"), given, request.at)
    except operations.UnableToChoose as refused:
        form.add_error("email", str(refused))
        return False
    return True
