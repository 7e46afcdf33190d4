"""The API object and its routes; OpenAPI at /api/openapi.json.

There is no browser page for it, because the usual ones load scripts from elsewhere.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from jiezhen.api import figures, guards, matters, places, records, texts
from jiezhen.records.queries import NoSuchRecord
from jiezhen.units.queries import UnknownUnit
from jiezhen.web import characters


class KeptCharacters(Parser):
    """Reads JSON and drops the characters that no database keeps."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body of a request."""
        return characters.kept(super().parse_body(request))


api = NinjaAPI(
    title="Jiezhen 街镇",
    version="1",
    description="记一次，到处算。Kinds, records, imports, figures, reading, proof-reading.",
    auth=[guards.Token(), guards.Session()],
    parser=KeptCharacters(),
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", records.router)
api.add_router("", matters.router)
api.add_router("", figures.router)
api.add_router("", texts.router)
api.add_router("", places.router)


@api.exception_handler(AuthenticationError)
def _stranger(request: HttpRequest, failure: AuthenticationError) -> HttpResponse:
    return guards.problem("请带上令牌，或先登录。", 401, message_en="Send a token or sign in.")


@api.exception_handler(ValidationError)
def _misshapen(request: HttpRequest, failure: ValidationError) -> HttpResponse:
    listed = [
        {"field": ".".join(str(part) for part in e["loc"][1:]), "message": str(e["msg"])}
        for e in failure.errors
    ]
    return guards.answer(
        {
            "message": "请求的格式不对。",
            "message_en": "The request is misshapen.",
            "problems": listed,
        },
        422,
    )


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, failure: HttpError) -> HttpResponse:
    return guards.problem(
        "请求的内容读不出来，要用 JSON。",
        failure.status_code,
        message_en="The body cannot be read; send JSON.",
    )


@api.exception_handler(NoSuchRecord)
@api.exception_handler(Http404)
def _absent(request: HttpRequest, failure: Exception) -> HttpResponse:
    return guards.problem("没有找到。", 404, message_en="Not found.")


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, failure: PermissionDenied) -> HttpResponse:
    return guards.problem(str(failure) or "没有权限。", 403, message_en="Not allowed.")


@api.exception_handler(UnknownUnit)
def _no_unit(request: HttpRequest, failure: UnknownUnit) -> HttpResponse:
    return guards.problem(failure.message, 422, message_en=failure.message_en)
