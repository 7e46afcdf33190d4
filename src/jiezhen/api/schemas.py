"""What goes in and out of the JSON door, as OpenAPI shows it."""

from typing import Any, Literal

from ninja import Schema
from pydantic import Field


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


class FindingIn(Schema):
    """One finding of an activity: raw values of its matter, the row of the checklist by code.

    `place` says which of the kind's findings it is, counted from 0.
    """

    values: dict[str, Any] = {}
    item: str = ""
    place: int = 0


class RecordIn(Schema):
    """A record to be written: the unit's code or name, and raw values by field name.

    `given` may hold what the shape allows: state, opened_on, valid_until, code. `findings` are
    what an activity found, each becoming a matter.
    """

    unit: str
    values: dict[str, Any]
    given: dict[str, str] = {}
    findings: list[FindingIn] = Field(default=[], max_length=200)


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
    unit: str = ""


class PlaceIn(Schema):
    """Where a matter lies: words, a point, and the coordinate system of the point."""

    text: str = ""
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    system: Literal["wgs84", "gcj02", "bd09"] = "wgs84"


class MatterIn(Schema):
    """A matter to be opened: raw values by field name, its place, where it is taken in.

    `twins` asks for likely doubles in the answer, `receipt` for the caller's code.
    """

    values: dict[str, Any]
    place: PlaceIn | None = None
    unit: str = ""
    source: str = Field(default="", max_length=20)
    twins: bool = True
    receipt: bool = False


class OpenedOut(Schema):
    """A matter that was opened: its number, who is responsible, its deadlines, likely doubles."""

    code: str
    href: str
    state: str
    unit: str
    unit_title: str
    grid: str
    due_at: str | None
    timers: dict[str, Any]
    receipt: str
    twins: list[dict[str, Any]]


class ContactIn(Schema):
    """How a call to the caller went: `reached`, `missed` or `wrong`."""

    outcome: str = ""
    words: str = ""


class AskIn(Schema):
    """What is asked for: a listed reason, words, an article of the duty list, how much time."""

    reason: str = ""
    words: str = ""
    article: str = ""
    amount: float | None = None


class DecideIn(Schema):
    """A decision on a request; a refusal needs words."""

    grant: bool
    words: str = ""


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
    findings: list[str] = []
