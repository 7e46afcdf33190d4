"""Open311 GeoReport v2: JSON and XML of equal content, errors as the standard's error arrays."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from jiezhen.people.access import Viewer
from jiezhen.portal.operations import reporting, updating
from jiezhen.portal.operations.knocks import TooMany, knock
from jiezhen.portal.queries import fronts, open311
from jiezhen.portal.queries.fronts import Office
from jiezhen.portal.queries.open311 import Query
from jiezhen.portal.rules import georeport
from jiezhen.portal.rules.georeport import Wrong
from jiezhen.portal.views.shared import PublicRequest, address_of
from jiezhen.trail import once
from jiezhen.units import queries as units
from jiezhen.units.operations import token_digest
from jiezhen.web.characters import kept

_NO_KEY = "api_key was not provided"
_CHANGED = "2023-07-01T00:00:00+08:00"


class _View(Protocol):
    def __call__(self, request: PublicRequest, *args: Any, **kwargs: Any) -> Any: ...


def answer(root: str, body: Any, form: str, status: int = 200) -> HttpResponse:
    """Return a structure in the form that was asked for."""
    response: HttpResponse
    if form == "json":
        response = JsonResponse(
            body, status=status, safe=False, json_dumps_params={"ensure_ascii": False}
        )
        response.headers["Content-Type"] = "application/json; charset=utf-8"
    else:
        response = HttpResponse(
            georeport.xml(root, body), status=status, content_type="text/xml; charset=utf-8"
        )
    # Open data may be read by pages of any origin; nothing here depends on cookies.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-store"
    return response


def _errors(failed: Wrong, form: str) -> HttpResponse:
    body = [{"code": str(failed.status), "description": failed.description}]
    return answer("errors", body, form, failed.status)


def door(*methods: str) -> Callable[[_View], Callable[..., HttpResponse]]:
    """Decorate an address of the standard: the office by `jurisdiction_id`, failures as error arrays."""

    def decorate(view: _View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @functools.wraps(view)
        def opened(request: HttpRequest, form: str, **kwargs: Any) -> HttpResponse:
            request.once_checked = True  # type: ignore[attr-defined]  # keys are in the header
            try:
                if request.method not in (*methods, "HEAD"):
                    raise Wrong(405, f"use {' or '.join(methods)}")
                request.office = _office(request)  # type: ignore[attr-defined]
                with override("zh-hans"):
                    found: HttpResponse = view(cast(PublicRequest, request), form=form, **kwargs)
            except Wrong as failed:
                found = _errors(failed, form)
            return found

        return opened

    return decorate


def _office(request: HttpRequest) -> Office:
    code = request.GET.get("jurisdiction_id") or request.POST.get("jurisdiction_id") or ""
    found = fronts.office(code[:40].replace("\x00", ""))
    if found is None:
        said = "was not found" if code else "was not provided"
        raise Wrong(404 if code else 400, f"jurisdiction_id {said}")
    return found


@csrf_exempt
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    """Say where the standard is spoken, and whom to ask."""
    request.once_checked = True  # type: ignore[attr-defined]
    office = fronts.office("")
    base = request.build_absolute_uri("/open311/v2")
    body = {
        "changeset": _CHANGED,
        "contact": f"{office.title} {office.phone}" if office else fronts.HOTLINE,
        "key_service": "接口令牌由街镇的系统管理员发放。",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": base,
                "changeset": _CHANGED,
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return answer("discovery", body, form)


@door("GET")
def services(request: PublicRequest, form: str) -> HttpResponse:
    """Return the services."""
    return answer("services", open311.services(), form)


@door("GET")
def service(request: PublicRequest, form: str, code: str) -> HttpResponse:
    """Return a service's definition."""
    return answer("service_definition", open311.definition(open311.kind_of(code)), form)


@door("GET", "POST")
def requests(request: PublicRequest, form: str) -> HttpResponse:
    """Return requests, or take one in."""
    if request.method == "POST":
        return _post(request, form)
    query = Query(request.GET.dict(), request.at)
    return answer("service_requests", open311.requests(request.office, query), form)


@door("GET")
def single(request: PublicRequest, form: str, code: str) -> HttpResponse:
    """Return one request."""
    return answer("service_requests", [open311.request(request.office, code)], form)


@door("GET")
def token(request: PublicRequest, form: str, code: str) -> HttpResponse:
    """Return the request of a token; ids are given at once here, so a token is an id."""
    found = open311.request(request.office, code)["service_request_id"]
    body = [{"service_request_id": found, "token": code}]
    return answer("service_requests", body, form)


@door("GET", "POST")
def updates(request: PublicRequest, form: str) -> HttpResponse:
    """Return the steps of requests, or take in what another system adds to one."""
    if request.method == "POST":
        return _add(request, form)
    query = Query(request.GET.dict(), request.at)
    return answer("service_request_updates", open311.updates(request.office, query), form)


def _post(request: PublicRequest, form: str) -> HttpResponse:
    posted: Mapping[str, str] = kept(request.POST.dict())
    media = _media(request)
    viewer = _viewer(request, posted)
    key = kept(request.headers.get("Idempotency-Key", ""))
    if len(key) > 40:
        raise Wrong(400, "Idempotency-Key is longer than 40 characters")

    def work() -> HttpResponse:
        opened = reporting.report(
            request.office, viewer, posted, request.at, media=media, files=len(request.FILES)
        )
        body = {
            "service_request_id": opened.matter.code,
            "service_notice": reporting.notice(opened),
            "account_id": None,
        }
        return answer("service_requests", [body], form)

    if not key:
        return work()
    content = repr((form, sorted({**posted, "media_url": repr(media)}.items()))).encode()
    account = viewer.account_id if viewer else 0
    try:
        return once.perform(f"open311:{request.office.code}:{key}", account, content, work)
    except once.KeyReused as reused:
        raise Wrong(409, "Idempotency-Key was used for another request") from reused


def _add(request: PublicRequest, form: str) -> HttpResponse:
    """Put an update to its request. The number of the sender is what keeps it from being doubled."""
    posted: Mapping[str, str] = kept(request.POST.dict())
    viewer = _machine(request, posted)
    if viewer is None:
        raise Wrong(403, _NO_KEY)
    name = updating.update(viewer, posted, _media(request), len(request.FILES), request.at)
    return answer("service_request_updates", [{"update_id": name}], form)


def _media(request: PublicRequest) -> list[str]:
    """Return the addresses of pictures; a client may send several under the same name."""
    names = ("media_url", "media_url[]")
    return [kept(said) for name in names for said in request.POST.getlist(name)]


def _viewer(request: PublicRequest, posted: Mapping[str, str]) -> Viewer | None:
    """Return who posts: the account of a machine token, or nobody where the office is open to all.

    Raises:
        Wrong: Posting is not open, or the key does not hold.
    """
    viewer = _machine(request, posted)
    if viewer is not None:
        return viewer
    office = request.office
    if office.open311 != "open":
        raise Wrong(403, _NO_KEY)
    try:
        knock(office.viewer.office_id, "report", address_of(request), request.at)
    except TooMany as many:
        raise Wrong(429, "too many requests within this hour; call us instead") from many
    return None


def _machine(request: PublicRequest, posted: Mapping[str, str]) -> Viewer | None:
    """Return the account of the machine token that came along; None where none did.

    Raises:
        Wrong: The office takes nothing by Open311, or the key does not hold.
    """
    office = request.office
    key = request.GET.get("api_key") or posted.get("api_key") or ""
    if office.open311 == "off":
        raise Wrong(403, "this jurisdiction takes no requests by Open311")
    if not key:
        return None
    viewer = units.viewer_by_token(token_digest(kept(key[:200])), request.at)
    if viewer is None or viewer.office_id != office.viewer.office_id:
        raise Wrong(403, "api_key is not valid")
    return viewer
