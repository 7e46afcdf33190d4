"""What a reader returns: documents, sections, paragraphs, figures and commitments.

All offsets are Python string indices into the untouched original text, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Literal

from jiezhen.kernel.numerals import Exact

Kind = Literal["result", "target", "stock", "rate", "growth", "progress", "rank", "id"]
Comparator = Literal["=", ">=", "<=", "~"]
Strength = Literal["必成", "力争", "推进"]
Json = dict[str, Any]

# Fields of a figure that to_dict leaves out while they say nothing.
_OPTIONAL = frozenset(
    [
        "direction",
        "base_period",
        "with_",
        "each",
        "estimate",
        "cumulative",
        "objects",
        "duplicate_of",
        "place",
        "qualifier",
        "upper",
        "rule",
    ]
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the text with what it counts; `kind` "id" marks a number that is only part of a name.

    Unit: `value` in base units (5.36亿元 → 536000000; 99% → 0.99; a fall is negative); `upper` is the other
    end of a range. `of`, `parts`, `with_` and `duplicate_of` hold ids of other figures of the document.
    """

    id: str
    start: int
    end: int
    span: str
    value: Exact | None
    unit: str | None
    comparator: Comparator
    kind: Kind
    object: str | None
    action: str | None
    period: str | None
    section: tuple[str, ...]
    quote: str
    of: str | None = None
    parts: tuple[str, ...] = ()
    with_: str | None = None
    each: bool = False
    objects: tuple[str, ...] = ()
    estimate: bool = False
    cumulative: bool = False
    direction: str | None = None
    base_period: str | None = None
    duplicate_of: str | None = None
    place: str | None = None
    qualifier: str | None = None
    upper: Exact | None = None
    rule: str = ""

    def to_dict(self) -> Json:
        """Return plain JSON values under the field names of the gold rows (`with`, not `with_`)."""
        return _plain(self)


@dataclass(frozen=True, slots=True)
class Commitment:
    """One promise of a plan, with or without a number.

    `targets` and `document_result` hold ids of figures. `starts` and `deadline` are ISO dates, inclusive.
    `confidence` is 0 to 1: how surely the words are a promise.
    """

    id: str
    start: int
    end: int
    quote: str
    action: str
    strength: Strength
    object: str
    section: tuple[str, ...]
    targets: tuple[str, ...] = ()
    milestone: str | None = None
    starts: str | None = None
    deadline: str | None = None
    office: str | None = None
    confidence: float = 1.0
    document_result: str | None = None

    def to_dict(self) -> Json:
        """Return plain JSON values."""
        return _plain(self)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; `end` is where the next heading of the same or a higher level starts."""

    title: str
    level: int
    start: int
    end: int
    mood: str | None
    period: str | None
    sections: tuple[Section, ...] = ()

    def to_dict(self) -> Json:
        """Return plain JSON values, sub-sections nested."""
        return _plain(self)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, bullet or table row, joined over its line breaks in `text`."""

    start: int
    end: int
    text: str
    form: str
    section: tuple[str, ...]

    def to_dict(self) -> Json:
        """Return plain JSON values."""
        return _plain(self)


@dataclass(frozen=True, slots=True)
class Document:
    """A text that was read. `period` is the year or half-year that the document as a whole speaks of."""

    text: str = field(repr=False)
    title: str | None
    period: str | None
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    figures: tuple[Figure, ...]
    commitments: tuple[Commitment, ...]

    @property
    def claims(self) -> tuple[Figure, ...]:
        """The figures that say something: all but kind "id"."""
        return tuple(figure for figure in self.figures if figure.kind != "id")

    def to_dict(self) -> Json:
        """Return plain JSON values without the text itself."""
        return {
            "title": self.title,
            "period": self.period,
            "sections": [section.to_dict() for section in self.sections],
            "paragraphs": [paragraph.to_dict() for paragraph in self.paragraphs],
            "figures": [figure.to_dict() for figure in self.figures],
            "commitments": [commitment.to_dict() for commitment in self.commitments],
        }


def _plain(row: Figure | Commitment | Section | Paragraph) -> Json:
    answer: Json = {}
    for each in fields(row):
        value = getattr(row, each.name)
        if each.name in _OPTIONAL and not value:
            continue
        answer[each.name.rstrip("_")] = _json(value)
    return answer


def _json(value: object) -> object:
    if isinstance(value, tuple):
        return [item.to_dict() if isinstance(item, Section) else item for item in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    return float(str(value))
