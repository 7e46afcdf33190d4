"""GeoReport v2 as an OpenAPI description: its parameters and the shape of its answers.

Source: https://wiki.open311.org/GeoReport_v2/; the standard itself has no such description.
"""

from typing import Any

Body = dict[str, Any]
_TEXT: Body = {"type": "string"}
_MAY: Body = {"type": ["string", "null"]}


def _record(need: str, **fields: Body) -> Body:
    return {"type": "object", "properties": fields, "required": need.split()}


def _many(item: Body) -> Body:
    return {"type": "array", "items": item}


_ERRORS = _many(_record("code description", code=_TEXT, description=_TEXT)) | {"minItems": 1}
_SERVICE = _record(
    "service_code service_name description metadata type keywords group",
    metadata={"type": "boolean"},
    type={"enum": ["realtime", "batch", "blackbox"]},
    service_code=_TEXT,
    service_name=_TEXT,
    description=_MAY,
)
_ATTRIBUTE = _record(
    "variable code datatype required order description",
    variable={"type": "boolean"},
    required={"type": "boolean"},
    order={"type": "integer"},
    datatype={
        "enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
    },
    values=_many(_record("key name", key=_TEXT, name=_TEXT)),
)
_REQUEST = _record(
    "service_request_id status service_code requested_datetime updated_datetime",
    service_request_id=_TEXT,
    status={"enum": ["open", "closed"]},
    requested_datetime={"type": "string", "format": "date-time"},
    updated_datetime={"type": "string", "format": "date-time"},
    expected_datetime={"type": ["string", "null"]},
    lat={"type": ["number", "null"]},
    long={"type": ["number", "null"]},
)
_MADE = _record(
    "service_request_id service_notice account_id",
    service_request_id=_TEXT,
    service_notice=_MAY,
    account_id=_MAY,
)
_UPDATE = _record(
    "update_id service_request_id status updated_datetime",
    update_id=_TEXT,
    status={"enum": ["open", "closed"]},
)
_ADDED = _record("update_id", update_id=_TEXT)
_OFFICE: Body = {
    "name": "jurisdiction_id",
    "in": "query",
    "required": True,
    "schema": {"enum": ["yunxiu", "yunxiu", "yunxiu", "no-such-office", ""]},
}
_CODE: Body = {"name": "code", "in": "path", "required": True, "schema": {"type": "string"}}


def _asked(*names: str) -> list[Body]:
    return [{"name": n, "in": "query", "schema": {"type": "string"}} for n in names]


def _get(shape: Body, *parameters: Body) -> Body:
    return {"get": {"parameters": [_OFFICE, *parameters], "responses": _answers("200", shape)}}


def _post(form: Body, shape: Body) -> Body:
    return {
        "post": {
            "parameters": [_OFFICE],
            "requestBody": {
                "required": True,
                "content": {"application/x-www-form-urlencoded": {"schema": form}},
            },
            "responses": _answers("200", _many(shape) | {"minItems": 1}),
        }
    }


def _answers(fine: str, shape: Body) -> Body:
    def said(schema: Body, words: str) -> Body:
        return {"description": words, "content": {"application/json": {"schema": schema}}}

    failures = ("400", "403", "404", "405", "409", "429")
    return {fine: said(shape, "fine")} | {f: said(_ERRORS, "an error array") for f in failures}


_FORM: Body = {
    "type": "object",
    "required": ["service_code"],
    "properties": {
        "service_code": {"enum": ["hotline.case", "hotline.case", "no.such"]},
        "description": {"type": "string"},
        "lat": {"type": "string"},
        "long": {"type": "string"},
        "address_string": {"type": "string"},
        "first_name": {"type": "string"},
        "last_name": {"type": "string"},
        "phone": {"type": "string"},
        "media_url": {"type": "string"},
        "attribute[subject]": {"type": "string"},
        "api_key": {"enum": ["", "jz_wrong"]},
    },
}
_WORDS: Body = {
    "type": "object",
    "required": ["service_request_id", "update_id", "description"],
    "properties": {
        "service_request_id": {"type": "string"},
        "update_id": {"type": "string"},
        "status": {"enum": ["OPEN", "CLOSED", "FIXED", "reopen", "", "<none>"]},
        "updated_datetime": {"enum": ["2023-07-03T00:00:00Z", "", "yesterday"]},
        "description": {"type": "string"},
        "first_name": {"type": "string"},
        "last_name": {"type": "string"},
        "phone": {"type": "string"},
        "media_url": {"enum": ["https://example.org/1.jpg", "", "javascript:x"]},
        "api_key": {"enum": ["", "jz_wrong"]},
    },
}
_DATES = ("start_date", "end_date", "service_request_id", "page", "page_size")
DESCRIPTION: Body = {
    "openapi": "3.1.0",
    "info": {"title": "GeoReport", "version": "2"},
    "paths": {
        "/open311/v2/services.json": _get(_many(_SERVICE)),
        "/open311/v2/services/{code}.json": _get(
            _record("service_code attributes", attributes=_many(_ATTRIBUTE)), _CODE
        ),
        "/open311/v2/requests/{code}.json": _get(_many(_REQUEST) | {"minItems": 1}, _CODE),
        "/open311/v2/tokens/{code}.json": _get(
            _many(_record("service_request_id token", token=_TEXT)), _CODE
        ),
        "/open311/v2/servicerequestupdates.json": _get(_many(_UPDATE), *_asked(*_DATES))
        | _post(_WORDS, _ADDED),
        "/open311/v2/requests.json": _get(
            _many(_REQUEST),
            *_asked(
                *_DATES,
                "service_code",
                "status",
                "lat",
                "long",
                "radius",
                "updated_after",
                "updated_before",
            ),
        )
        | _post(_FORM, _MADE),
    },
}
