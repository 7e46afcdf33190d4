"""Scores of units: the figures and deductions of a period become points by the table in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from jiezhen.indicators.facts import rows, statement
from jiezhen.indicators.facts.rows import Listed, Question
from jiezhen.indicators.facts.tally import Tally, dialect, run
from jiezhen.indicators.queries.frames import Frame, frame
from jiezhen.indicators.queries.origins import seen_units
from jiezhen.indicators.queries.shapes import Figure
from jiezhen.indicators.queries.sheets import sheet
from jiezhen.indicators.rules import amounts, scores
from jiezhen.indicators.rules.scores import Total, Weight
from jiezhen.indicators.rules.spans import Buckets, span_of
from jiezhen.kernel import clock
from jiezhen.kernel.expressions import parse
from jiezhen.kernel.periods import Period
from jiezhen.packs.definitions import Definition
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Indicator
from jiezhen.packs.tables import Part, Score, Version
from jiezhen.people.access import Viewer
from jiezhen.units.queries import UnitRow
from jiezhen.units.rules import valid

_DEDUCTED = "deducted"


class UnknownScore(LookupError):
    """No pack declares a score of this name."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One unit's score with the figures behind it by part; `deductions` counts their records."""

    unit: UnitRow
    total: Total
    figures: dict[str, Figure]
    deductions: int


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of a period: units by their group, best first; no version, no scores."""

    spec: Score
    period: Period
    version: Version | None
    groups: dict[str, tuple[Scored, ...]]
    frame: Frame
    at: datetime


def score_of(name: str) -> Score:
    """Return a score of the packs.

    Raises:
        UnknownScore: There is none of this name.
    """
    found = catalogue().scores.get(name)
    if found is None:
        raise UnknownScore(name)
    return found


def year_of(spec: Score, on: date) -> Period:
    """Return the assessment year of a score in which a day lies."""
    return Period.of(on, "office_year", spec.year)


def scored(viewer: Viewer, name: str, period: Period, at: datetime) -> Scores:
    """Return the scores of all units for a period.

    Three statements beside those of the kinds: units, the figures of each kind, deductions. The
    table in force on the period's last day counts, or on the as-of day when that comes first.

    Raises:
        UnknownScore: No pack declares the score.
    """
    spec, whole = score_of(name), frame(viewer, at)
    last = min(period.last, clock.day_of(at))
    dated = [(date.fromisoformat(v.since), v) for v in spec.versions]
    version = scores.in_force(dated, last)
    if version is None:
        return Scores(spec, period, None, {}, whole, at)
    groups = {g: _units(whole, words, last) for g, words in spec.groups.items()}
    names = [part.indicator for part in version.parts.values()]
    counted = sheet(viewer, names, [], [period], at, compare=(), given_frame=whole, noted=False)
    tally = _deducted(viewer, spec, period, whole)
    found = {}
    for group, units in groups.items():
        figures = {
            u.id: {k: counted.figure(p.indicator, u, period) for k, p in version.parts.items()}
            for u in units
        }
        found[group] = _group(version, units, figures, tally, period)
    return Scores(spec, period, version, found, whole, at)


def _group(
    version: Version,
    units: list[UnitRow],
    figures: dict[int, dict[str, Figure]],
    tally: Tally | None,
    period: Period,
) -> tuple[Scored, ...]:
    weights = [weight(key, part) for key, part in version.parts.items()]
    values = {w.key: {u.id: _value(figures[u.id][w.key]) for u in units} for w in weights}
    scales = {key: _scale(part.indicator) for key, part in version.parts.items()}
    cells = {u.id: tally.cell(_DEDUCTED, u.id, span_of(period)) for u in units} if tally else {}
    taken = {u: scores.exact(c.value) or Fraction(0) for u, c in cells.items()}
    totals = scores.score(weights, values, [u.id for u in units], taken, scales)
    made = [
        Scored(u, totals[u.id], figures[u.id], cells[u.id].rows if u.id in cells else 0)
        for u in units
    ]
    return tuple(sorted(made, key=lambda s: (s.total.sum is None, -(s.total.sum or 0))))


def weight(key: str, part: Part) -> Weight:
    """Return a part of the packs as the rules take it."""
    return Weight(
        key,
        scores.exact(part.points) or Fraction(0),
        part.by,
        tuple((Fraction(str(v)), Fraction(str(p))) for v, p in part.bands),
        part.missing,
    )


def _value(figure: Figure) -> Fraction | None:
    """Return a figure in base units, a rate exactly from its two parts."""
    if figure.value is not None and figure.is_rate and figure.numerator is not None:
        return Fraction(figure.numerator) / Fraction(figure.denominator or 1)
    return scores.exact(figure.value)


def _scale(indicator: str) -> Fraction:
    unit = catalogue().indicators[indicator].unit
    return scores.exact(amounts.from_base(Decimal(1), unit)) or Fraction(1)


def _units(whole: Frame, words: Iterable[str], on: date) -> list[UnitRow]:
    """Return the units of a group: those of a level, or named by code."""
    wanted = set(words)
    return [
        u
        for u in whole.units
        if (u.level in wanted or u.code in wanted) and valid(u.valid_from, u.valid_until, on)
    ]


def deduction(spec: Score) -> Definition | None:
    """Return what is taken off as a sum that can be counted; None where nothing is."""
    told = spec.deductions
    if told is None:
        return None
    kind = catalogue().kinds[told.of]
    indicator = Indicator(
        name=_DEDUCTED, title="扣分", unit="分", of=told.of, measure="sum", value=told.points
    )
    columns = kind.counting()
    where = parse(told.where, columns) if told.where else None
    return Definition(indicator, kind, kind.on, parse(told.points, columns), where)


def _deducted(viewer: Viewer, spec: Score, period: Period, whole: Frame) -> Tally | None:
    definition = deduction(spec)
    if definition is None:
        return None
    buckets = Buckets.of([span_of(period)])
    made = statement.compile_kind(
        [definition], viewer.office_id, buckets, clock.day_of(whole.at), dialect(), presence=False
    )
    return run(made, whole.reach)


def deductions(
    viewer: Viewer, name: str, unit: UnitRow | str, period: Period, at: datetime, most: int = 200
) -> tuple[list[Listed], UnitRow]:
    """Return the records that take points off a unit, as far as the viewer may see them.

    Raises:
        UnknownScore: No pack declares the score.
        UnknownUnit: The office has no such unit.
    """
    definition, whole = deduction(score_of(name)), frame(viewer, at)
    place = whole.find(unit)
    if definition is None:
        return [], place
    seen = seen_units(viewer, definition, whole, place.id)
    question = Question(
        definition,
        viewer.office_id,
        span_of(period),
        clock.day_of(at),
        units=seen,
        limit=most,
    )
    return (rows.listed(question) if seen else []), place
