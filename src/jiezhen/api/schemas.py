"""What goes in and out of the JSON door, as OpenAPI shows it."""

from typing import Any

from ninja import Schema


class Failure(Schema):
    """Why something was not done: a sentence, and a line for each field."""

    message: str
    problems: list[dict[str, str]] = []
    message_en: str = ""


class FieldOut(Schema):
    """One field of a kind."""

    name: str
    title: str
    type: str
    required: bool
    unit: str | None = None
    options: dict[str, str] = {}
    to: str | None = None


class KindOut(Schema):
    """One kind of record that the caller may see."""

    name: str
    title: str
    shape: str
    on: str
    fields: list[FieldOut]
    states: dict[str, str] = {}


class RecordIn(Schema):
    """A record to be written: the unit's code or name, and raw values by field name.

    `given` may hold what the shape allows: state, opened_on, valid_until, code.
    """

    unit: str
    values: dict[str, Any]
    given: dict[str, str] = {}


class ChangeIn(Schema):
    """Fields to change, and the version that the caller has seen."""

    values: dict[str, Any]
    version: int
    why: str = ""


class MoveIn(Schema):
    """A move of a matter with what it asks for."""

    values: dict[str, Any] = {}
    note: str = ""
    version: int | None = None


class ReasonIn(Schema):
    """A reason."""

    why: str


class RecordOut(Schema):
    """A record; personal values are masked."""

    kind: str
    code: str
    title: str
    unit: str
    on: str | None
    version: int
    state: str | None = None
    withdrawn: bool = False
    values: dict[str, Any]
