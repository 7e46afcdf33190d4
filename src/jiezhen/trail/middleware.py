"""See that no unsafe form escapes the nonce."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

#: Doors with a guard of their own: machine writes carry an idempotency key, signing in
#: and out and the display preferences change no record.
_FREE = ("/api/", "/login", "/logout", "/preferences")


class NonceForgotten(RuntimeError):
    """A view took a POST without `once`. A defect of that view."""


class OnceMiddleware:
    """Raises where `STRICT` is set, as in the tests, when a POST was answered without `once`.

    Whoever is not signed in was only sent to sign in: nothing was done that could repeat.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, then look whether the nonce was asked for."""
        response = self.get_response(request)
        stranger = getattr(request, "viewer", None) is None
        unsafe = request.method == "POST" and response.status_code < 400 and not stranger
        forgot = unsafe and not getattr(request, "once_checked", False)
        if forgot and not request.path.startswith(_FREE) and getattr(settings, "STRICT", False):
            raise NonceForgotten(request.path)
        return response
