"""Sign in, sign out, change the password."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiezhen.desk import demonstration
from jiezhen.desk.forms import SignIn
from jiezhen.kernel import clock
from jiezhen.people.models import Account
from jiezhen.trail import operations as trail
from jiezhen.trail.once import once
from jiezhen.units import queries as units
from jiezhen.web.pages import StaffRequest, render, staff


def sign_in(request: HttpRequest) -> HttpResponse:
    """Let somebody sign in; go on to where they wanted to be."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    target = wanted if safe else "/"
    form = SignIn(request, data=request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            account = form.get_user()
            at = clock.now()
            viewer = units.viewer_of(account.pk, at)
            if not settings.DEMO and demonstration.known(account.username):
                form.add_error(None, _("演示账号在正式运行时不能用。请找管理员建账号。"))
            elif viewer is None:
                form.add_error(None, _("这个账号还没有任职。请找管理员。"))
            else:
                login(request, account)
                trail.append(viewer, "people.signed_in", f"account:{account.username}", at)
                return HttpResponseRedirect(target)
        status = 422
    context = {
        "form": form,
        "next": target,
        "users": demonstration.users() if settings.DEMO else (),
        "demo_password": demonstration.PASSWORD if settings.DEMO else "",
    }
    return render(request, "desk/login.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect("/login")


@staff
@once
def password(request: StaffRequest) -> HttpResponse:
    """Change one's own password; every other session of the account ends."""
    account = cast(Account, request.user)
    form = PasswordChangeForm(account, request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            account = form.save()
            update_session_auth_hash(request, account)
            on = f"account:{account.username}"
            trail.append(request.viewer, "people.password.changed", on, request.at)
            messages.info(request, _("密码改好了。其他地方的登录已经退出。"))
            return HttpResponseRedirect("/")
        return render(request, "desk/password.html", {"form": form}, status=422)
    return render(request, "desk/password.html", {"form": form})
