"""Do a thing once, however often the button is pressed or the answer is lost.

A form carries a nonce, a machine write an idempotency key. The key's row is written
with the answer at the end of the deed's transaction and held by its primary key; who
comes second is rolled back and gets the first one's answer. So a deed that is done once,
as nearly all are, pays one statement for it. After `KEPT` the answer is cleared away.
"""

import functools
import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.trail.clearing import clear
from jiezhen.trail.inserting import insert
from jiezhen.trail.models import Nonce

FIELD = "_nonce"
#: For so long the first answer is given again; the same key then begins anew.
KEPT = timedelta(days=30)


class KeyReused(Exception):
    """The same key came with other content: 409. `first` is the answer of the first time."""

    def __init__(self, message: str, first: HttpResponse) -> None:
        self.first = first
        super().__init__(message)


def fresh() -> str:
    """Return a new nonce for a form."""
    return secrets.token_urlsafe(18)


def perform(
    key: str, account_id: int, content: bytes, work: Callable[[], HttpResponse]
) -> HttpResponse:
    """Carry out `work` once for `key`, or return the answer it gave the first time.

    Shape: the response. A response of 400 or more undoes the work and frees the key,
    so that the corrected form may be sent again; so does an exception, which goes on up.
    Before either, the key is looked up: a repeat often fails because the first time
    succeeded, and then gets that answer. The answer of a response that bears
    `shown_once = True` is not kept, because it holds a secret; a streamed file is not
    kept either, it is made and handed out again.

    `work` may run twice for one key, but only one run is committed: whatever it does
    outside the database has to bear that.

    Raises:
        KeyReused: The key was used with other content.
    """
    full = f"{account_id}:{key}"
    # Keyed, because the content of a search for a person can be guessed.
    digest = hmac.new(settings.SECRET_KEY.encode(), content, hashlib.sha256).hexdigest()
    try:
        with transaction.atomic():
            response = work()
            if response.status_code >= 400:
                transaction.set_rollback(True)
            elif not response.streaming:
                insert([_kept(response, full, account_id, digest)])
    except Exception:
        # Somebody with the same key was faster, or was here before. Without such a one
        # the failure is the work's own and goes on up.
        earlier = Nonce.objects.filter(pk=full).first()
        if earlier is None:
            raise
        return _replay(earlier, digest)
    if response.status_code >= 400:
        earlier = Nonce.objects.filter(pk=full).first()
        if earlier is not None:
            return _replay(earlier, digest)
    return response


def _kept(response: HttpResponse, key: str, account_id: int, digest: str) -> Nonce:
    nonce = Nonce(
        key=key,
        account_id=account_id,
        digest=digest,
        status=response.status_code,
        location=response.headers.get("Location", ""),
        at=clock.now(),
    )
    moved = 300 <= response.status_code < 400
    if not (moved or getattr(response, "shown_once", False)):
        nonce.answer = response.content.decode("utf-8", "replace")
        nonce.media = response.headers.get("Content-Type", "")[:80]
    return nonce


def _replay(earlier: Nonce, digest: str) -> HttpResponse:
    if 300 <= earlier.status < 400:
        response: HttpResponse = HttpResponseRedirect(earlier.location)
        response.status_code = earlier.status
    else:
        response = HttpResponse(
            earlier.answer, status=earlier.status or 200, content_type=earlier.media or None
        )
        if earlier.location:
            response["Location"] = earlier.location
    if earlier.digest != digest:
        said = _("这个表单已经提交过，内容不同。请刷新页面后再填。")
        raise KeyReused(said, response)
    response["Idempotent-Replayed"] = "true"
    return response


def forget(at: datetime, most: int) -> int:
    """Clear away at most so many answers that were kept long enough; return how many."""
    # No index of times: old rows lie in front, so that only the last call reads to the end.
    return clear(Nonce.objects.filter(at__lt=at - KEPT), most)


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view so that its POST happens once, in one transaction.

    Reading an uploaded file is slow and must not hold the transaction: such a view
    reads first and then calls `perform_form` itself.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        return perform_form(request, lambda: view(request, *args, **kwargs))

    return guarded


def perform_form(
    request: HttpRequest,
    work: Callable[[], HttpResponse],
    again: Callable[[KeyReused], HttpResponse] | None = None,
) -> HttpResponse:
    """Carry out the work of a posted form once; without a nonce the form is refused.

    `again` answers when the nonce was used with other content; without it that is a 409.
    """
    request.once_checked = True  # type: ignore[attr-defined]
    key = request.POST.get(FIELD, "")
    if not key or len(key) > 64:
        return HttpResponse(_("页面过期了。请刷新页面后再提交。"), status=400)
    if any("\x00" in text for values in request.POST.lists() for text in values[1]):
        return HttpResponse(_("文字里有不能保存的字符。请删掉后再提交。"), status=400)
    posted = {k: v for k, v in request.POST.lists() if k != "csrfmiddlewaretoken"}
    content = repr((request.path, sorted(posted.items()))).encode()
    before = len(_waiting_messages(request))
    try:
        response = perform(key, getattr(request.user, "pk", 0) or 0, content, work)
        repeated = "Idempotent-Replayed" in response.headers
    except KeyReused as reused:
        response = again(reused) if again else HttpResponse(str(reused), status=409)
        repeated = True
    if repeated:
        # What the repeat had to say of itself (“已经处理过了”) was rolled back with it.
        del _waiting_messages(request)[before:]
    return response


def _waiting_messages(request: HttpRequest) -> list[Any]:
    """Return the messages that this request has for the next page; a list to cut."""
    found: list[Any] = getattr(get_messages(request), "_queued_messages", [])
    return found
