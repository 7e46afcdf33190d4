"""The words of a pack: kinds, flows, indicators, statistics and roles.

Every model refuses unknown keys. What belongs to several declarations at once (links, flows,
expressions) is checked by `checks`; there too a kind learns its flow and an indicator its kind.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field as Key
from pydantic import PrivateAttr, StringConstraints

from jiezhen.kernel.expressions import Column, Expression, Type
from jiezhen.packs.flows import (
    Flow,
)
from jiezhen.packs.tables import Calendar, Routes, Score
from jiezhen.packs.words import (
    Expressed,
    Source,
    Text,
    Title,
    UnitWord,
    Word,
    Words,
)

if TYPE_CHECKING:
    from jiezhen.packs.definitions import Definition

Shape = Literal["entry", "matter", "activity", "observation"]
FieldType = Literal[
    "text",
    "choice",
    "number",
    "money",
    "date",
    "time",
    "flag",
    "place",
    "link",
    "person",
    "phone",
    "id_number",
    "file",
]
Sensitivity = Literal["open", "inner", "personal", "secret"]
Measure = Literal[
    "count",
    "sum",
    "distinct",
    "average",
    "minimum",
    "maximum",
    "percentile",
    "ratio",
    "given",
    "stock",
]

#: Types whose value names or reaches a person.
PERSONAL: frozenset[FieldType] = frozenset({"person", "phone", "id_number"})

#: The day as of which is counted: what is overdue depends on it.
TODAY = Column("today", "date", "统计日")

#: How each type of field appears to expressions; files do not appear.
COLUMN_TYPES: dict[FieldType, Type] = {
    "text": "text",
    "choice": "choice",
    "number": "number",
    "money": "money",
    "date": "date",
    "time": "time",
    "flag": "flag",
    "place": "text",
    "link": "text",
    "person": "text",
    "phone": "text",
    "id_number": "text",
}


#: English words for the usual themes, so that a pack need not repeat them as `theme_en`.
THEMES: dict[str, str] = {
    "民生": "Livelihood",
    "城市管理": "City management",
    "城市更新": "Urban renewal",
    "经济": "Economy",
    "平安": "Safety",
    "生态": "Environment",
    "文化": "Culture",
    "党建": "Party building",
    "民主法治": "Democracy and law",
    "政务": "Administration",
    "财务": "Finance",
    "其他": "Other",
}


class Pack(Words):
    """The head of a pack, `pack.yaml`."""

    pack: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,29}$")]
    title: Title
    title_en: Text = ""
    source: Source
    requires: tuple[Word, ...] = Key(default=(), strict=False)


class Field(Words):
    """One field of a kind.

    `unit` is the unit of a number, `min` and `max` are in that unit (元 for money), `whole` allows
    no decimals, `to` names the kind that a link leads to, `also` are other headings that an
    imported table may use. `party` keeps the value apart, in the record of who called or reported;
    `subject` marks a link, or a text with the name of a unit, as the one whom the matter is about.
    """

    title: Title
    title_en: Text = ""
    type: FieldType
    required: bool = False
    unit: UnitWord | None = None
    whole: bool = False
    min: int | float | None = None
    max: int | float | None = None
    options: dict[str, Title] = Key(default_factory=dict)
    options_en: dict[str, Text] = Key(default_factory=dict)
    to: Word | None = None
    also: tuple[Title, ...] = Key(default=(), strict=False)
    purpose: Text = ""
    help: Text = ""
    party: Literal["caller", "reporter"] | None = None
    subject: bool = False


class Offer(Words):
    """What residents may report themselves: the words they see, and which fields they fill.

    `opens` and `closes` name days of what the offer's link leads to, or of what that belongs to:
    nothing is taken in before the one, nor after the first of the others.
    """

    title: Title
    title_en: Text = ""
    help: Text = ""
    help_en: Text = ""
    group: Title = "反映问题"
    words: tuple[Title, ...] = Key(default=(), strict=False)
    fields: tuple[Word, ...] = Key(min_length=1, strict=False)
    opens: Word | None = None
    closes: tuple[Word, ...] = Key(default=(), strict=False)


class Twins(Words):
    """How likely doubles of a matter are found before it is filed.

    `place`, `category` and `text` name fields; within `metres` and `days`.
    """

    place: Word | None = None
    category: Word | None = None
    text: tuple[Word, ...] = Key(min_length=1, strict=False)
    metres: int = Key(default=100, ge=1, le=5000)
    days: int = Key(default=84, ge=1, le=1000)


class Guess(Words):
    """A choice that is proposed from words, by what the office chose before."""

    field: Word
    text: tuple[Word, ...] = Key(min_length=1, strict=False)


class Finds(Words):
    """Matters that are found by an activity: each line of its form becomes one.

    `link` is the field of the matter that leads to the activity, `ask` the fields that each line
    asks for, `copy` takes fields of the activity. `checklist` names a kind of entry whose rows are
    ticked off: `item` is the matter's link to the row that failed.
    """

    kind: Word
    link: Word
    ask: tuple[Word, ...] = Key(min_length=1, strict=False)
    copy_: dict[str, Word] = Key(alias="copy", default_factory=dict)
    checklist: Word | None = None
    item: Word | None = None
    where: Expressed | None = None


class Must(Words):
    """A condition over the fields that every record of the kind meets; unknown is let pass."""

    holds: Expressed
    say: Text
    say_en: Text = ""

    _holds: Expression | None = PrivateAttr(default=None)

    @property
    def condition(self) -> Expression | None:
        """Return the checked condition."""
        return self._holds


class Bound(Words):
    """The sum of a field over the records that share a link stays within a field of the linked."""

    sum: Word
    link: Word
    most: Word
    say: Text
    say_en: Text = ""


class Kind(Words):
    """A kind of record. `name` is full (lifts.lift), `pack` its first part.

    `on` is the date that puts a row into a period: a date field; opened_on for a matter and
    valid_from for an entry when nothing is written. `offer` opens it to residents, `twins` and
    `guess` help whoever files it, `finds` turns what an activity found into matters, `must` and
    `bounds` are kept by every record. `locates` names the field with the address whose unit the
    record tells. `project` says whether it is a long matter with a board (else its milestones and
    money decide).
    """

    name: str = ""
    pack: str = ""
    title: Title
    title_en: Text = ""
    also: tuple[Title, ...] = Key(default=(), strict=False)
    shape: Shape
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,6}$")]
    label: Text
    on: Word = ""
    key: tuple[Word, ...] = Key(default=(), strict=False)
    sensitivity: Sensitivity = "inner"
    purpose: Text = ""
    retain: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,2}[ym]$")] = "10y"
    flow: Word | None = None
    fields: dict[str, Field] = Key(min_length=1)
    offer: Offer | None = None
    twins: Twins | None = None
    guess: Guess | None = None
    finds: tuple[Finds, ...] = Key(default=(), strict=False)
    must: tuple[Must, ...] = Key(default=(), strict=False)
    bounds: tuple[Bound, ...] = Key(default=(), strict=False)
    locates: Word | None = None
    project: bool | None = None
    source: Source | None = None

    _flow: Flow | None = PrivateAttr(default=None)

    @property
    def personal(self) -> tuple[str, ...]:
        """Return the names of the fields that name or reach a person."""
        return tuple(name for name, field in self.fields.items() if field.type in PERSONAL)

    @property
    def flow_spec(self) -> Flow | None:
        """Return the flow of a matter, None for the other shapes."""
        return self._flow

    @property
    def parties(self) -> tuple[str, ...]:
        """Return the names of the fields that tell who called or reported; kept apart."""
        return tuple(name for name, field in self.fields.items() if field.party)

    @property
    def kept(self) -> dict[str, Field]:
        """Return the fields that are kept in the record itself."""
        return {name: field for name, field in self.fields.items() if not field.party}

    def columns(self) -> dict[str, Column]:
        """Return the names that expressions over this kind may use.

        Shape: the fields but files, then the system columns: code, unit_code, opened_on and
        created_on for all; state, closed_on, due_on and entered_<state>_on for matters;
        valid_from and valid_until for entries.
        """
        return self._columns

    def counting(self) -> dict[str, Column]:
        """Return the names that indicators may use: `columns()`, and the as-of day as `today`."""
        return {TODAY.name: TODAY} | self.columns()

    @cached_property
    def _columns(self) -> dict[str, Column]:
        found = {
            name: Column(name, COLUMN_TYPES[field.type], field.title, field.options)
            for name, field in self.kept.items()
            if field.type in COLUMN_TYPES
        }
        return found | system_columns(self.shape, self._flow)


class Indicator(Words):
    """One number that is counted. Its name is global.

    `where` and `value` are expressions over the columns of the kind `of`; a `value` of money is in
    分 and its unit is 元. What was checked at load is in `definition`.
    """

    name: str = ""
    pack: str = ""
    title: Title
    title_en: Text = ""
    also: tuple[Title, ...] = Key(default=(), strict=False)
    unit: UnitWord
    of: Word | None = None
    measure: Measure
    value: Expressed | None = None
    at: float | None = Key(default=None, gt=0, lt=1)
    on: Word | None = None
    where: Expressed | None = None
    numerator: Word | None = None
    denominator: Word | None = None
    statistic: Word | None = None
    better: Literal["more", "less", "none"] = "more"
    decimals: int = Key(default=0, ge=0, le=4)
    theme: Title = "其他"
    theme_en: Text = ""
    sentence: Text = ""
    source: Source | None = None

    _definition: Definition | None = PrivateAttr(default=None)

    @property
    def definition(self) -> Definition:
        """Return the checked definition: kind, date, condition, value, parts.

        Raises:
            LookupError: The indicator does not come from a loaded catalogue.
        """
        if self._definition is None:
            raise LookupError(f"{self.name!r} has not been loaded through the registry")
        return self._definition

    @property
    def digest(self) -> str:
        """Return 16 hexadecimal digits that change only when the counting changes."""
        return self.definition.digest

    def definition_sentence(self) -> str:
        """Return what is counted, as one plain Chinese sentence."""
        return self.definition.sentence()


class Statistic(Words):
    """A number that somebody else supplies: from whom, how often, and how periods add up.

    `roll` says what a longer period takes: the sum of its parts, the latest of them, or nothing
    but its own value.
    """

    name: str = ""
    pack: str = ""
    title: Title
    title_en: Text = ""
    also: tuple[Title, ...] = Key(default=(), strict=False)
    unit: UnitWord
    by: Literal["month", "quarter", "half", "year"]
    supplier: Title
    roll: Literal["sum", "latest", "none"] = "sum"
    decimals: int = Key(default=2, ge=0, le=4)
    source: Source | None = None


class Right(Words):
    """What a role may do, on which kinds ("*", "hotline.*" or a full name), how far."""

    may: Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z]+)?$")]
    kinds: Word = "*"
    sensitivity: Sensitivity = "inner"


class Role(Words):
    """A role and its rights; in which units they hold is said by the posting."""

    title: Title
    title_en: Text = ""
    rights: tuple[Right, ...] = Key(default=(), strict=False)


#: The sections of a pack file and what one item of each is.
SECTIONS: dict[str, type[Words]] = {
    "kinds": Kind,
    "flows": Flow,
    "indicators": Indicator,
    "statistics": Statistic,
    "roles": Role,
    "calendars": Calendar,
    "routes": Routes,
    "scores": Score,
}


def system_columns(shape: Shape, flow: Flow | None) -> dict[str, Column]:
    """Return the columns that every record of a shape has beside its fields."""
    columns = [
        Column("code", "text", "编号"),
        Column("unit_code", "text", "单位"),
        Column("opened_on", "date", "受理日期" if shape == "matter" else "发生日期"),
        Column("created_on", "date", "登记日期"),
    ]
    if shape == "entry":
        columns += [
            Column("valid_from", "date", "起用日期"),
            Column("valid_until", "date", "停用日期"),
        ]
    if shape == "matter":
        states = {name: state.title for name, state in flow.states.items()} if flow else {}
        columns += [
            Column("state", "choice", "状态", states),
            Column("closed_on", "date", "办结日期"),
            Column("due_on", "date", "截止日期"),
            Column("returns", "number", "重办次数"),
            Column("extended", "number", "延期次数"),
        ]
        columns += [
            Column(f"entered_{name}_on", "date", f"进入“{title}”的日期")
            for name, title in states.items()
        ]
        columns += timer_columns(flow)
    return {column.name: column for column in columns}


def timer_columns(flow: Flow | None) -> list[Column]:
    """Return the columns of each timer: met or missed, deadline, day it ended, time it took.

    `<timer>_met` is unknown while the timer runs in time; `<timer>_hours` are hours of the
    timer's own clock, a working day counting as the hours that the office works on it.
    """
    found = []
    for name, timer in (flow.timers if flow else {}).items():
        found += [
            Column(f"{name}_met", "flag", f"{timer.title}按时"),
            Column(f"{name}_due_on", "date", f"{timer.title}期限"),
            Column(f"{name}_done_on", "date", f"{timer.title}完成日期"),
            Column(f"{name}_hours", "number", f"{timer.title}用时"),
        ]
    return found
