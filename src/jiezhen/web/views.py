"""Two pages of the design system itself: the look a person chose, and the gallery."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods

from jiezhen.web import preferences, samples


def _back(request: HttpRequest) -> str:
    """Return the page the form came from; never an address outside."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe and target.startswith("/") else "/preferences"


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=preferences.YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """Show or keep 字号 密度 深色 语言 快捷键; everybody may, signed in or not."""
    if request.method != "POST":
        return render(request, "web/preferences.html")
    response = HttpResponseRedirect(_back(request))
    for name, allowed in preferences.ALLOWED.items():
        value = request.POST.get(name, "")
        if value in allowed:
            _remember(response, f"look_{name}", value)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@login_required
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component once, with invented figures."""
    return render(request, "web/gallery.html", samples.gallery())
