"""Live values of linked indicators, all of them at once, from the figures engine.

Unit: as commitments write them: 元 for money, a share of 1 for %, the measure word itself else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jiezhen.indicators import queries as figures
from jiezhen.kernel.numerals import Exact
from jiezhen.kernel.periods import Period
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.units.queries import UnitRow, UnknownUnit

#: Measures that are held and do not grow with the days gone.
LEVELS = frozenset({"ratio", "average", "minimum", "maximum", "percentile", "stock"})


@dataclass(frozen=True, slots=True)
class Ask:
    """One figure that somebody linked; `scope` is a unit's code, blank for the whole office."""

    indicator: str
    scope: str
    period: str


@dataclass(frozen=True, slots=True)
class Live:
    """A live value; None when nobody knows. `href` leads to where it comes from."""

    value: Exact | None
    href: str
    level: bool = False
    why: str = ""
    records: int | None = None


@dataclass(slots=True)
class Also:
    """Figures that a page wants besides those of its tasks."""

    names: tuple[str, ...]
    period: Period
    compare: tuple[str, ...] = ()
    sheet: figures.Sheet | None = None


def live_values(
    viewer: Viewer, asks: Iterable[Ask], at: datetime, *, also: Also | None = None
) -> dict[Ask, Live]:
    """Return the live value of each figure; an indicator that is no more gives none.

    Two statements: the units, and all the figures. `also` asks for further ones in the same
    breath; its `sheet` is there afterwards.
    """
    known = catalogue().indicators
    wanted = [a for a in dict.fromkeys(asks) if a.indicator in known]
    if not wanted and also is None:
        return {}
    whole = figures.frame(viewer, at)
    places = {a.scope: _place(whole, a.scope, viewer) for a in wanted}
    periods = {a.period: Period.parse(a.period) for a in wanted}
    names = [a.indicator for a in wanted]
    if also is not None:
        names += also.names
        periods[also.period.code] = also.period
    counted = figures.sheet(
        viewer,
        names,
        list(places.values()),
        list(periods.values()),
        at,
        compare=also.compare if also else (),
        given_frame=whole,
        noted=False,
    )
    if also is not None:
        also.sheet = counted
    found = {}
    for ask in wanted:
        cell = counted.figure(ask.indicator, places[ask.scope], periods[ask.period])
        found[ask] = Live(
            None if cell.empty else cell.value,
            cell.href,
            known[ask.indicator].measure in LEVELS,
            cell.why,
            cell.rows,
        )
    return found


def _place(whole: figures.Frame, code: str, viewer: Viewer) -> UnitRow:
    """Return the unit of a link; a unit that is no more falls back to the whole office."""
    try:
        return whole.find(code or viewer.office_id)
    except UnknownUnit:
        return whole.find(viewer.office_id)
