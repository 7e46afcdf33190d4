"""Do a thing once, however often the button is pressed or the answer is lost.

A form carries a nonce, a machine write an idempotency key. The key's row is written
in the same transaction as the deed and held by its primary key; who comes second
gets the first one's answer.
"""

import functools
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.trail.models import Nonce

FIELD = "_nonce"


class KeyReused(Exception):
    """The same key came with other content: 409."""


def fresh() -> str:
    """Return a new nonce for a form."""
    return secrets.token_urlsafe(18)


def perform(
    key: str, account_id: int, content: bytes, work: Callable[[], HttpResponse]
) -> HttpResponse:
    """Carry out `work` once for `key`, or return the answer it gave the first time.

    Shape: the response. A response of 400 or more undoes the work and frees the key,
    so that the corrected form may be sent again. The answer of a response that bears
    `shown_once = True` is not kept, because it holds a secret.

    Raises:
        KeyReused: The key was used with other content.
    """
    full = f"{account_id}:{key}"
    # Keyed, because the content of a search for a person can be guessed.
    digest = hmac.new(settings.SECRET_KEY.encode(), content, hashlib.sha256).hexdigest()
    earlier = Nonce.objects.filter(pk=full).first()
    if earlier is not None:
        return _replay(earlier, digest)
    try:
        with transaction.atomic():
            nonce = Nonce.objects.create(
                key=full, account_id=account_id, digest=digest, at=clock.now()
            )
            response = work()
            if response.status_code >= 400:
                transaction.set_rollback(True)
            elif response.streaming:
                nonce.delete()  # a file is not kept; it is made and handed out again
            else:
                nonce.status = response.status_code
                nonce.location = response.headers.get("Location", "")
                shown_once = getattr(response, "shown_once", False)
                if not (response.streaming or nonce.location or shown_once):
                    nonce.answer = response.content.decode("utf-8", "replace")
                    nonce.media = response.headers.get("Content-Type", "")[:80]
                nonce.save(update_fields=["status", "location", "answer", "media"])
            return response
    except IntegrityError:
        # Somebody with the same key was faster: hand out their answer. Any other
        # broken constraint is a defect of the work and goes on up.
        earlier = Nonce.objects.filter(pk=full).first()
        if earlier is None:
            raise
        return _replay(earlier, digest)


def _replay(earlier: Nonce, digest: str) -> HttpResponse:
    if earlier.digest != digest:
        raise KeyReused(_("这个表单已经提交过，内容不同。请刷新页面后再填。"))
    if earlier.location:
        return HttpResponseRedirect(earlier.location)
    response = HttpResponse(
        earlier.answer, status=earlier.status or 200, content_type=earlier.media or None
    )
    response["Idempotent-Replayed"] = "true"
    return response


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


def perform_form(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Carry out the work of a posted form once; without a nonce the form is refused."""
    request.once_checked = True  # type: ignore[attr-defined]
    key = request.POST.get(FIELD, "")
    if not key or len(key) > 64:
        return HttpResponse(_("页面过期了。请刷新页面后再提交。"), status=400)
    if any("\x00" in text for values in request.POST.lists() for text in values[1]):
        return HttpResponse(_("文字里有不能保存的字符。请删掉后再提交。"), status=400)
    posted = {k: v for k, v in request.POST.lists() if k != "csrfmiddlewaretoken"}
    content = repr((request.path, sorted(posted.items()))).encode()
    try:
        return perform(key, getattr(request.user, "pk", 0) or 0, content, work)
    except KeyReused as reused:
        return HttpResponse(str(reused), status=409)
