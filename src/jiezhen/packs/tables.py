"""The words of tables that belong to no kind alone: office hours, routes, scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field as Key
from pydantic import PrivateAttr, StringConstraints

from jiezhen.packs.words import Area, Clock, Day, Expressed, Source, Text, Title, Word, Words

if TYPE_CHECKING:
    from jiezhen.kernel.expressions import Expression

Period = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$")]
#: Lists of YAML inside other values, which strictness would want as tuples.
Listed = Annotated[tuple[Word, ...], Key(strict=False)]
Pair = Annotated[tuple[float, float], Key(strict=False)]
UnitName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class Hours(Words):
    """Working hours from a day on: 08:30-11:30 and the like, in order."""

    since: Day
    periods: tuple[Period, ...] = Key(min_length=1, strict=False)


class Calendar(Words):
    """The office's own days and hours beside the national holidays. The latest pack counts."""

    name: str = ""
    pack: str = ""
    title: Title
    title_en: Text = ""
    hours: tuple[Hours, ...] = Key(default=(), strict=False)
    days_off: tuple[Day, ...] = Key(default=(), strict=False)
    days_on: tuple[Day, ...] = Key(default=(), strict=False)
    source: Source | None = None


class Route(Words):
    """One row of a table of routes; the first that fits counts.

    `to` is a unit by code, title or other name; `grid` is the unit in which the place lies, or,
    written `grid/area`, its next unit of that level upwards.
    """

    where: Expressed | None = None
    area: Area | None = None
    hours: Literal["work", "rest"] | None = None
    since: Day | None = None
    until: Day | None = None
    to: UnitName
    source: Source | None = None

    _where: Expression | None = PrivateAttr(default=None)

    @property
    def condition(self) -> Expression | None:
        """Return the checked condition."""
        return self._where


class Routes(Words):
    """Which unit is responsible for the matters of a kind.

    The tables of an office's own packs are asked before those that ship with the product.
    """

    name: str = ""
    pack: str = ""
    of: Word
    rows: tuple[Route, ...] = Key(min_length=1, strict=False)
    source: Source | None = None


class Part(Words):
    """One part of a score: an indicator and how its figure becomes points.

    `rate` multiplies a share by the points, `share` the unit's part of its own group, `bands` reads
    points off a line through (figure, points) pairs, figures in the indicator's unit. `missing`
    says what an unknown figure gives: all points, none, or that the part is not counted.
    """

    title: Title
    title_en: Text = ""
    indicator: Word
    points: int | float = Key(ge=0)
    by: Literal["rate", "share", "bands"] = "rate"
    bands: tuple[Pair, ...] = Key(default=(), strict=False)
    missing: Literal["full", "none", "skip"] = "skip"


class Version(Words):
    """The parts of a score from a day on."""

    since: Day
    parts: dict[str, Part] = Key(min_length=1)
    source: Source | None = None


class Deductions(Words):
    """Points that are taken off: a number of the records of a kind, while their condition holds.

    A negative number adds. The kind's main date says to which period a record belongs.
    """

    of: Word
    points: Word
    where: Expressed | None = None


class Score(Words):
    """How units are scored: groups of units that are compared with each other, dated weights.

    A group lists levels of units or codes; `year` is the month in which the office's own
    assessment year begins.
    """

    name: str = ""
    pack: str = ""
    title: Title
    title_en: Text = ""
    groups: dict[Title, Listed] = Key(min_length=1)
    versions: tuple[Version, ...] = Key(min_length=1, strict=False)
    deductions: Deductions | None = None
    year: int = Key(default=1, ge=1, le=12)
    source: Source | None = None


__all__ = [
    "Calendar",
    "Clock",
    "Deductions",
    "Hours",
    "Part",
    "Route",
    "Routes",
    "Score",
    "Version",
]
