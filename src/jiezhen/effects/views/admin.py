"""管理 / 消息出口: the outbox, what failed, dead letters, webhooks. Never the words of a matter."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiezhen.effects import forms, queries
from jiezhen.effects.operations import hooks
from jiezhen.trail.once import once
from jiezhen.web.administration import admin_tabs, need
from jiezhen.web.pages import StaffRequest, render, staff, whole

HERE = "/admin/effects"


@staff
@once
def outbox(request: StaffRequest) -> HttpResponse:
    """Show the outbox and the webhooks; register one and show its secret once."""
    need(request.viewer, "effects.edit")
    form = forms.NewWebhook(request.POST if request.method == "POST" else None)
    secret, code = "", 200
    if request.method == "POST":
        made = _add(request, form) if form.is_valid() else None
        if made is not None and not made[1]:
            messages.info(request, _("消息出口登记好了。发一条测试消息试试。"))
            return HttpResponseRedirect(HERE)
        secret, code = (made[1], 200) if made else ("", 422)
        form = forms.NewWebhook() if made else form
    viewer = request.viewer
    response = render(
        request,
        "effects/outbox.html",
        {
            "title": _("消息出口"),
            "tabs": admin_tabs(viewer, "effects"),
            "at": request.at,
            "queue": queries.queue(viewer),
            "failing": queries.failing(viewer),
            "dead": queries.dead(viewer),
            "webhooks": queries.webhooks(viewer),
            "shapes": forms.SHAPE_TITLES,
            "depths": forms.DEPTHS,
            "form": form,
            "secret": secret,
        },
        status=code,
    )
    response.shown_once = bool(secret)  # type: ignore[attr-defined]
    return response


def _add(request: StaffRequest, form: forms.NewWebhook) -> tuple[object, str] | None:
    wanted = hooks.Wanted(**form.cleaned_data)
    try:
        return hooks.add(request.viewer, wanted, request.at)
    except hooks.UnableToChange as refused:
        form.add_error(None, str(refused))
        return None


@staff
@require_POST
@once
def deed(request: StaffRequest, hook_id: int, name: str) -> HttpResponse:
    """Try, pause, resume or remove a webhook."""
    need(request.viewer, "effects.edit")
    viewer, at = request.viewer, request.at
    deeds: dict[str, tuple[Callable[[], object], str]] = {
        "test": (
            lambda: hooks.test(viewer, hook_id, at),
            _("测试消息已排队。过几秒刷新本页，看“上一次”一栏。"),
        ),
        "pause": (
            lambda: hooks.pause(viewer, hook_id, at, paused=True),
            _("已暂停，新的消息不再从这里发出。"),
        ),
        "resume": (
            lambda: hooks.pause(viewer, hook_id, at, paused=False),
            _("已恢复，排队的接着发。暂停期间的新消息不补发。"),
        ),
        "remove": (lambda: hooks.remove(viewer, hook_id, at), _("消息出口已删除。")),
    }
    return _carried_out(request, *deeds[name])


@staff
@require_POST
@once
def letter(request: StaffRequest, table: str, name: str) -> HttpResponse:
    """Send a dead letter again, or drop it."""
    need(request.viewer, "effects.edit")
    again, ident = name == "retry", whole(request.POST.get("id"))
    return _carried_out(
        request,
        lambda: hooks.settle(request.viewer, table, ident, request.at, again=again),
        _("已重新排队，几秒后再发。") if again else _("已丢弃。"),
    )


def _carried_out(request: StaffRequest, work: Callable[[], object], said: str) -> HttpResponse:
    try:
        work()
    except hooks.UnableToChange as refused:
        messages.error(request, str(refused))
    else:
        messages.info(request, said)
    return HttpResponseRedirect(HERE)
