"""A page for an address that only takes forms, opened by hand or reloaded."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from jiezhen.web import errors


class MethodsMiddleware:
    """Gives an empty 405 its page; a browser would show an error of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the view does, with words where it has none."""
        response = self.get_response(request)
        if response.status_code != 405 or response.streaming or response.content:
            return response
        page = errors.not_allowed(request)
        page.headers["Allow"] = response.headers.get("Allow", "")
        page.headers["Cache-Control"] = "no-store"
        return page
