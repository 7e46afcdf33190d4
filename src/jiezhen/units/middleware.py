"""Tell each request who is looking and what time it is: two statements for both."""

from collections.abc import Callable

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from jiezhen.kernel import clock
from jiezhen.units import queries


class ViewerMiddleware:
    """Sets `request.at` and `request.viewer`; the viewer is None for strangers.

    The account comes with the postings in one statement, and is handed to Django so
    that it does not ask again. A changed password ends every session at the next click.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the viewer and answer the request."""
        request.at = clock.now()  # type: ignore[attr-defined]
        request.viewer = None  # type: ignore[attr-defined]
        known = request.session.get(SESSION_KEY)
        if known:
            self._find(request, int(known))
        return self.get_response(request)

    def _find(self, request: HttpRequest, account_id: int) -> None:
        postings = queries.postings_of(account_id)
        if not postings or not postings[0].account.is_active:
            return
        account = postings[0].account
        signed = request.session.get(HASH_SESSION_KEY, "")
        if not constant_time_compare(signed, account.get_session_auth_hash()):
            return
        request._cached_user = account  # type: ignore[attr-defined]
        at = request.at  # type: ignore[attr-defined]
        request.viewer = queries.viewer_from(postings, clock.day_of(at))  # type: ignore[attr-defined]
