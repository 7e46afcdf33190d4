"""Schemathesis against the JSON door and Open311: no failure of ours, no answer out of its schema.

JIEZHEN_FUZZ multiplies the number of examples an operation gets; the seed is fixed.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from jiezhen.conftest import AT
from jiezhen.packs.registry import catalogue
from jiezhen.portal.operations import fronts
from jiezhen.units import operations as units

from .addresses import CASE, ENTRY
from .conftest import Two
from .georeport import DESCRIPTION
from .living import none
from .office import nonce

EXAMPLES = 4 * int(os.environ.get("JIEZHEN_FUZZ", "1"))
ROLES = ("section", "grid", "auditor")
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
#: What breaks careless readers, at every place where a value may stand.
JUNK = (
    "",
    "\x00",
    "a\x00b",
    "2023-02-30",
    "9999-12-31",
    "0001-01-01",
    "10000-01-01T99:99",
    "9" * 400,
    "-1",
    "1e400",
    "NaN",
    "\u202e倒",
    "\U0010ffff",
    "'; DROP TABLE x; --",
    "c1",
    "2023H1",
    2**63,
    -(2**63) - 1,
    10**400,
    1e308,
    0,
    True,
    None,
    [],
    {},
    [[[[]]]],
    {"text": "\x00", "lon": 1e308, "lat": "NaN"},
    {"text": "松涛路5号", "lon": 181, "lat": -91},
    {"text": {"a": 1}, "lon": [], "lat": {}},
)
junk = st.sampled_from(JUNK)


@dataclass
class Door:
    """An application with a description, and what really lies behind it."""

    schema: Any
    real: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)


@st.composite
def asked(draw: Any, operation: Any, door: Door, mode: GenerationMode) -> Any:
    """Return a question: half of the time about something that is there, with fields it knows."""
    case = draw(operation.as_strategy(generation_mode=mode))
    for name in list(case.path_parameters or {}):
        if name in door.real and draw(st.integers(0, 3)):
            case.path_parameters[name] = draw(st.sampled_from(door.real[name]))
    if isinstance(case.body, dict):
        _fill(draw, case.body, door)
    if isinstance(case.query, dict) and draw(st.booleans()):
        case.query |= draw(
            st.dictionaries(
                st.sampled_from(("after", "period", "unit", "sort", "q", "page", "received_on")),
                st.sampled_from([str(j) for j in JUNK if not isinstance(j, dict | list)]),
                max_size=3,
            )
        )
    if door.query:
        case.query = {**(case.query or {}), **door.query}
    return case


def _fill(draw: Any, body: dict[str, Any], door: Door) -> None:
    """Let a body be about something that is there, half of the time."""
    if "values" in body and draw(st.booleans()):
        body["values"] = draw(
            st.dictionaries(st.sampled_from(door.fields), junk | st.text(max_size=5))
        )
    if "unit" in body and draw(st.booleans()):
        body["unit"] = "c1"
    if "service_request_id" in body and draw(st.booleans()):
        body["service_request_id"] = draw(st.sampled_from(door.real["code"]))


def wrong_answers(door: Door, mode: GenerationMode, examples: int) -> list[str]:
    """Ask every operation and return a line for each answer that should not have been."""
    wrong: list[str] = []
    counted = 0
    for found in door.schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=asked(operation, door, mode))
        def ask(case: Any) -> None:
            nonlocal counted
            with transaction.atomic():
                answer = case.call(headers={**door.headers, "Idempotency-Key": nonce()})
                transaction.set_rollback(True)
            counted += 1
            case.validate_response(answer, checks=CHECKS)

        try:
            ask()
        except (Exception, BaseExceptionGroup) as failed:  # noqa: BLE001  # it is told
            wrong.append(f"{operation.label}: {_said(failed)}")
    assert counted >= examples, "nothing was asked"
    return wrong


def _said(failed: BaseException) -> str:
    inner = getattr(failed, "exceptions", None) or [failed]
    asked = "\n".join(getattr(failed, "__notes__", []))
    return " | ".join(f"{type(e).__name__} {e}"[:700] for e in inner) + asked[:900]


@pytest.fixture
def application(two: Two) -> Iterator[Any]:
    """Return the product as a web server calls it, its failures as pages."""
    # A test holds its connection in a transaction; the product would put it down after a request.
    moments = (request_started, request_finished)
    for moment in moments:
        moment.disconnect(close_old_connections)
    yield get_wsgi_application()
    for moment in moments:
        moment.connect(close_old_connections)


def _json_door(two: Two, application: Any, who: str) -> Door:
    name = two.here.cast.accounts[who].username
    key = units.issue_token(two.here.cast.viewers["administrator"], name, "试", AT)
    schema = schemathesis.openapi.from_wsgi(
        "/api/openapi.json", application, config=SchemathesisConfig()
    )
    case = two.here.record(CASE)
    return Door(
        schema,
        {
            "kind": (CASE, ENTRY, "lifts.retrofit", "no.such"),
            "code": (case.code, two.here.record(ENTRY).code, "\x00", "RX-2023-999999"),
            "move": ("dispatch", "contact", "close"),
            "name": ("extend", "return", "hang"),
            "request_id": ("1", "9" * 30),
        },
        (*catalogue().kinds[CASE].fields, "name", "id_number"),
        {"Authorization": f"Bearer {key}"},
    )


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("who", ROLES)
def test_the_json_door_keeps_its_word(
    two: Two, application: Any, who: str, mode: GenerationMode
) -> None:
    door = _json_door(two, application, who)
    examples = EXAMPLES if who == "section" else max(1, EXAMPLES // 4)
    none(wrong_answers(door, mode, examples))


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("signed", [True, False])
def test_open311_keeps_its_word(
    two: Two, application: Any, mode: GenerationMode, signed: bool
) -> None:
    viewer = two.here.cast.viewers["administrator"]
    fronts.set_front(viewer, AT, words={"open311": "open"})
    schema = schemathesis.openapi.from_dict(DESCRIPTION, config=SchemathesisConfig())
    schema.app = application
    door = Door(schema, {"code": (two.here.record(CASE).code, CASE)})
    if signed:
        door.query["api_key"] = units.issue_token(viewer, "section", "试", AT)
    none(wrong_answers(door, mode, EXAMPLES))
