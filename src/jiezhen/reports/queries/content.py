"""A report as it is read: sections with words and numbers, what is missing, where numbers come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jiezhen.kernel import clock
from jiezhen.kernel.numerals import whole
from jiezhen.kernel.periods import Period
from jiezhen.people.access import Viewer
from jiezhen.reports.models import Correction, Report, Section
from jiezhen.reports.queries.numbers import Where, key_of, numbers
from jiezhen.reports.rules import headings, tokens, writing
from jiezhen.reports.rules.forms import Number
from jiezhen.reports.rules.tokens import Chip
from jiezhen.reports.rules.writing import Piece, Placed

#: What may put other words in the place of numbers.
Cover = Callable[[dict[str, Number]], dict[str, Number]]


@dataclass(frozen=True, slots=True)
class Part:
    """One section with its lines of pieces. `heading` is its title with 一、 or （一） before it."""

    section: Section
    heading: str
    lines: list[list[Piece]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written yet (空段)."""
        return writing.is_empty(self.section.text)

    @property
    def proposed(self) -> int:
        """How many chips wait for a yes."""
        return sum(1 for chip in tokens.chips(self.section.text) if chip.proposed)


@dataclass(frozen=True, slots=True)
class Sourced:
    """One line of 数据来源索引: a number as it stands, its code, definition and as-of."""

    order: int
    text: str
    number: Number
    section: str


@dataclass(slots=True)
class Content:
    """A report with the numbers of all its chips."""

    report: Report
    where: Where
    numbers: dict[str, Number]
    parts: list[Part]
    corrections: list[Correction] = field(default_factory=list)

    def number_of(self, chip: Chip) -> Number:
        """Return a chip's number."""
        return self.numbers.get(key_of(chip, self.where)) or Number(None, "", why="没有这个数")

    @property
    def as_of(self) -> date:
        """The day to which the numbers hold."""
        return as_of_day(self.report, self.report.as_of or clock.now())

    @property
    def is_frozen(self) -> bool:
        """Whether the numbers stand still."""
        return self.report.frozen_at is not None

    @property
    def proposed(self) -> int:
        """How many chips wait for a yes."""
        return sum(part.proposed for part in self.parts)

    @property
    def empty(self) -> list[Part]:
        """The sections that nobody wrote yet, headings over other sections left aside."""
        return [
            part
            for at, part in enumerate(self.parts)
            if part.is_empty and not self._has_children(at)
        ]

    def _has_children(self, at: int) -> bool:
        following = self.parts[at + 1 : at + 2]
        return any(p.section.level > self.parts[at].section.level for p in following)

    @property
    def indicators(self) -> set[str]:
        """The indicators that the text tells."""
        return {chip.indicator for part in self.parts for chip in tokens.chips(part.section.text)}

    def text(self) -> tuple[str, list[Placed]]:
        """Return the whole report as plain text, and where its numbers stand in it."""
        said, placed = [self.report.title + "\n"], []
        at = len(said[0])
        for part in self.parts:
            head = f"{part.heading}\n" if part.heading else ""
            said.append(head)
            at += len(head)
            words, some = writing.plain(part.section.text, self.number_of)
            placed += [replace(one, start=one.start + at, end=one.end + at) for one in some]
            said.append(words.rstrip("\n") + "\n")
            at += len(said[-1])
        return "".join(said), placed

    def sources(self) -> list[Sourced]:
        """Return every number of the text in order, each one once."""
        found: dict[str, Sourced] = {}
        for part in self.parts:
            for line in part.lines:
                for piece in line:
                    if piece.chip is None or piece.number is None or piece.chip.proposed:
                        continue
                    key = key_of(piece.chip, self.where)
                    order = len(found) + 1
                    found.setdefault(
                        key, Sourced(order, piece.text, piece.number, part.section.title)
                    )
        return list(found.values())


def content(
    viewer: Viewer, report: Report, at: datetime, *, cover: Cover | None = None
) -> Content:
    """Return a report with its live or frozen numbers.

    Shape: sections in order. Frozen numbers come from the report's own rows, and later records do not alter
    them; chips that were added afterwards are live. `cover` may put other words before the numbers.
    """
    sections = list(report.sections.all())
    where = Where(report.scope, report.period)
    corrections = list(report.corrections.all()) if report.frozen_at else []
    held = _frozen(report, corrections) if report.frozen_at else {}
    chips = [chip for section in sections for chip in tokens.chips(section.text)]
    missing = [chip for chip in chips if key_of(chip, where) not in held]
    found = {**numbers(viewer, missing, where, at), **held}
    if cover is not None:
        found = cover(found)
    made = Content(report, where, found, [], corrections)
    made.parts = list(_parts(sections, made))
    return made


def as_of_day(report: Report, at: datetime) -> date:
    """Return the day to which a report's numbers hold: today, or the last day of a period that is over."""
    today = clock.day_of(at)
    return min(today, Period.parse(report.period).last)


def _parts(sections: Iterable[Section], made: Content) -> Iterable[Part]:
    counts = [0, 0]
    for section in sections:
        if section.level == 1:
            counts = [counts[0] + 1, 0]
        else:
            counts[1] += 1
        pieces = list(writing.rendered(section.text, made.number_of))
        yield Part(
            section,
            headings.numbered(section.title, section.level, counts[min(section.level, 2) - 1]),
            writing.paragraphs(pieces),
        )


def _frozen(report: Report, corrections: Iterable[Correction]) -> dict[str, Number]:
    latest: dict[str, Decimal | None] = {c.key: c.after for c in corrections}
    found = {}
    for row in report.frozen.all():
        value = latest.get(row.key, row.value)
        found[row.key] = restored(row.told, value, row.code)
    return found


def restored(told: dict[str, Any], value: Decimal | None, code: str) -> Number:
    """Return a number from what was kept of it."""
    exact = None if value is None else whole(Decimal(value))
    return Number(
        exact,
        told.get("word", ""),
        told.get("decimals", 0),
        told.get("aspect", "value"),
        told.get("against", "同比"),
        f"/n/{code}" if code else told.get("href", ""),
        told.get("title", ""),
        told.get("period", ""),
        told.get("place", ""),
        told.get("definition", ""),
        told.get("as_of", ""),
        told.get("why", ""),
        code=code,
    )


def kept(number: Number) -> dict[str, Any]:
    """Return what is kept of a number beside its value."""
    names = (
        "word",
        "decimals",
        "aspect",
        "against",
        "href",
        "title",
        "period",
        "place",
        "definition",
        "as_of",
        "why",
    )
    return {name: getattr(number, name) for name in names}
