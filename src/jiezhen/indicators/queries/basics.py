"""What every question about figures begins with: definitions, periods, links, bare numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from jiezhen.indicators.queries.shapes import UnknownIndicator
from jiezhen.indicators.queries.supplied import Given
from jiezhen.indicators.rules import codes
from jiezhen.indicators.rules.spans import Span
from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.packs.definitions import Definition
from jiezhen.packs.registry import catalogue
from jiezhen.units.queries import UnitRow


@dataclass(frozen=True, slots=True)
class Part:
    """A bare number in base units with what is known about it."""

    value: Decimal | None
    rows: int
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    empty: bool = False
    why: str = ""
    given: Given | None = None


def definition_of(name: str) -> Definition:
    """Return the checked definition of an indicator.

    Raises:
        UnknownIndicator: The catalogue has none of this name.
    """
    known = catalogue().indicators
    if name not in known:
        near = get_close_matches(name, known, n=1)
        raise UnknownIndicator(name, near[0] if near else "")
    return known[name].definition


def base_of(period: Period, against: str) -> Period | None:
    """Return the period to compare with; None before the years that are kept."""
    try:
        return period.years_before() if against == "year" else period.previous()
    except BadPeriod:
        return None


def link_for(indicator: str, unit: UnitRow | int, period: Period) -> str:
    """Return the lasting address of a live number: /n/… . Nothing is written for it."""
    number = unit if isinstance(unit, int) else unit.id
    return f"/n/{codes.code(indicator, number, period)}"


def period_of(span: Span) -> Period | None:
    """Return the period that a span is, None when it is no whole one."""
    for kind in ("month", "quarter", "half", "year"):
        period = Period.of(span.start, kind)
        if (period.start, period.until) == (span.start, span.until):
            return period
    if (span.until.year - span.start.year) == 1 and span.until.month == span.start.month:
        return Period.of(span.start, "office_year", span.start.month)
    return None


def parts_of(names: Iterable[str]) -> dict[str, Definition]:
    """Return the definitions that must be counted or looked up, ratios resolved."""
    found: dict[str, Definition] = {}
    for name in names:
        definition = definition_of(name)
        for part in definition.parts or (definition,):
            found[part.indicator.name] = part
    return found
