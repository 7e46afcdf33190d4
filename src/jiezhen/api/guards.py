"""Who may come in, and how a machine's write happens once."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja.security import APIKeyCookie, HttpBearer

from jiezhen.kernel import clock
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.trail import once
from jiezhen.units import queries as units
from jiezhen.units.operations import token_digest
from jiezhen.web.pages import StaffRequest


class Token(HttpBearer):
    """`Authorization: Bearer jz_…`: acts with the rights of the token's account."""

    def authenticate(self, request: HttpRequest, token: str) -> Viewer | None:
        """Return the viewer of a token that holds."""
        at = clock.now()
        viewer = units.viewer_by_token(token_digest(token), at)
        request.at, request.viewer = at, viewer  # type: ignore[attr-defined]
        return viewer


class Session(APIKeyCookie):
    """The session of a signed-in person; unsafe methods also need the CSRF token."""

    param_name = "sessionid"

    def authenticate(self, request: HttpRequest, key: str | None) -> Viewer | None:
        """Return the viewer that the middleware found."""
        return getattr(request, "viewer", None)


def answer(body: Any, status: int = 200) -> HttpResponse:
    """Return JSON with its Chinese readable."""
    response = JsonResponse(
        body, status=status, safe=False, json_dumps_params={"ensure_ascii": False}
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def problem(message: str, status: int, **more: Any) -> HttpResponse:
    """Return a failure in the form that every endpoint uses."""
    return answer({"message": message, "problems": [], **more}, status)


def refused(failure: records.Refused, status: int = 422) -> HttpResponse:
    """Return why a record was not written, a line a field."""
    listed = [{"field": p.field, "message": p.message} for p in failure.problems]
    return answer({"message": str(failure), "problems": listed}, status)


def keyed(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Carry out a machine's write once for its `Idempotency-Key`.

    Shape: the answer of the work, or the stored one with `Idempotent-Replayed: true`.
    A write without the header is refused with 400, a key used for other content with 409.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not 1 <= len(key) <= 64:
        return problem(
            "写入要带 Idempotency-Key 头（1到64个字符），同一件事重发时用同一个。",
            400,
            message_en="A write needs an Idempotency-Key header of 1 to 64 characters.",
        )
    content = b"\x00".join((str(request.method).encode(), request.path.encode(), _body(request)))
    account = cast(StaffRequest, request).viewer.account_id
    try:
        return once.perform(f"api:{key}", account, content, lambda: _done(work))
    except once.KeyReused as reused:
        return problem(str(reused), 409, message_en="The key was used for other content.")


def _body(request: HttpRequest) -> bytes:
    if request.FILES:
        files = (f for _name, some in request.FILES.lists() for f in some)
        return b"".join(f.read() for f in files) + repr(sorted(request.POST.items())).encode()
    return request.body


def _done(work: Callable[[], HttpResponse]) -> HttpResponse:
    """Turn the named failures of operations into answers."""
    try:
        return work()
    except records.NotAllowed as failure:
        return refused(failure, 403)
    except (records.Conflict, records.AlreadyThere) as failure:
        return refused(failure, 409)
    except records.Refused as failure:
        return refused(failure)
