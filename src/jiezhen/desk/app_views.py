"""What makes the pages an app on a phone: manifest, service worker, page without network.

All of it is the same for everybody and holds nothing of anybody; only `session` speaks of
the one who asks, to scripts of this origin alone.
"""

import functools
import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiezhen.people.access import Viewer
from jiezhen.web import device

#: Page that stands in when there is no network.
OFFLINE = "/offline"
#: Where the service worker's code lies among the static files.
WORKER = "web/sw.js"
_FOLDERS = ("web", "records")
_ENDINGS = {".css", ".js", ".svg", ".png"}
_MORE = ("django_htmx/htmx-2.min.js",)
_COLOUR, _PAPER = "#0F5C6E", "#F6F7F5"


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """Tell a browser how the product is installed."""
    icons = [
        {
            "src": static(f"web/icon-{name}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for name, size, purpose in (
            ("192", 192, "any"),
            ("512", 512, "any"),
            ("mask", 512, "maskable"),
        )
    ]
    told = {
        "id": "/",
        "name": _("街镇"),
        "short_name": _("街镇"),
        "description": _("记一次，到处算。每个数都能说清从哪里来。"),
        "lang": "en" if translation.get_language() == "en" else "zh-Hans",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": _COLOUR,
        "background_color": _PAPER,
        "icons": icons,
        "shortcuts": [
            {"name": _("上报"), "url": "/report"},
            {"name": _("事项"), "url": "/matters"},
        ],
    }
    response = HttpResponse(
        json.dumps(told, ensure_ascii=False), content_type="application/manifest+json"
    )
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Cookie, Accept-Language"
    return response


@functools.cache
def shell() -> tuple[tuple[str, ...], str]:
    """Return the addresses of what every page needs, and a digest of their contents.

    The digest names the service worker's cache: a new release brings a new one.
    """
    names = sorted(
        f"{folder}/{path.name}"
        for folder in _FOLDERS
        for path in Path(str(finders.find(f"{folder}"))).iterdir()
        if path.suffix in _ENDINGS and f"{folder}/{path.name}" != WORKER
    )
    digest = hashlib.sha256()
    for name in (*names, *_MORE, WORKER):
        digest.update(name.encode() + Path(str(finders.find(name))).read_bytes())
    with translation.override(settings.LANGUAGE_CODE):
        digest.update(_offline_page().encode())
    return tuple(static(n) for n in (*names, *_MORE)), digest.hexdigest()[:16]


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """Hand out the service worker with the digest and the list of what it keeps."""
    files, digest = shell()
    given = json.dumps({"digest": digest, "files": [*files, OFFLINE], "offline": OFFLINE})
    code = Path(str(finders.find(WORKER))).read_text("utf-8")
    response = HttpResponse(
        code.replace('"{SHELL}"', given, 1), content_type="text/javascript; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


def _offline_page() -> str:
    """Return the page without network; made without a request, so nobody's name is in it."""
    return render_to_string("desk/offline.html", {"title": _("没有网络")})


@require_safe
def offline(_request: HttpRequest) -> HttpResponse:
    """Show what can be done without a network."""
    response = HttpResponse(_offline_page())
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def session(request: HttpRequest) -> HttpResponse:
    """Tell a script of this origin who is signed in, by key, and the token for its forms.

    The cookie with the token is closed to scripts, and a page that was kept for use without
    a network holds an old one; so what waited is sent with a token asked for at that moment.
    Other origins cannot read the answer: it carries no CORS header, and their requests
    are refused where the browser says where they come from.
    """
    viewer: Viewer | None = getattr(request, "viewer", None)
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return JsonResponse({"detail": "same origin only"}, status=403)
    told = {
        "account": device.key_of(viewer.account_id) if viewer else "",
        "token": get_token(request) if viewer else "",
    }
    response = JsonResponse(told)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
