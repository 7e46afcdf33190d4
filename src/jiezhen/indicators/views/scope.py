"""What a page of figures is about: unit, period and view, all kept in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _

from jiezhen.indicators import queries
from jiezhen.kernel import clock
from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.records import wording
from jiezhen.units.queries import UnitRow, UnknownUnit
from jiezhen.web.components import Chip, Choice
from jiezhen.web.pages import StaffRequest

_KEPT = ("theme", "period", "unit", "by", "pick", "view", "against")
LEVELS = ("office", "area", "community")


@dataclass(frozen=True, slots=True)
class Scope:
    """The scope of a page; `given` holds the address's own words, `more` those of a part."""

    path: str
    given: Mapping[str, str]
    frame: queries.Frame
    unit: UnitRow
    period: Period
    more: tuple[tuple[str, str], ...] = ()

    def link(self, path: str = "", **changes: str) -> str:
        """Return the address of the same page with some words changed; an empty one is left out."""
        words = {k: v for k, v in {**self.given, **changes}.items() if v}
        ordered = [(k, words[k]) for k in _KEPT if k in words] + list(self.more)
        return f"{path or self.path}?{urlencode(ordered)}" if ordered else path or self.path

    def chips(self) -> tuple[Chip, ...]:
        """Return the two scope chips: period and unit."""
        periods = tuple(
            Choice(wording.period(p), self.link(period=p.code), current=p == self.period)
            for p in self.periods()
        )
        units = tuple(
            Choice(
                u.title,
                self.link(unit="" if u == self.frame.office else u.code),
                current=u == self.unit,
            )
            for u in self.frame.units
            if u.level in LEVELS and (u == self.unit or u in self._valid())
        )
        return (
            Chip(wording.period(self.period), _("期间"), choices=periods),
            Chip(self.unit.title, _("单元"), choices=units),
        )

    def _valid(self) -> list[UnitRow]:
        return [u for level in LEVELS for u in self.frame.of_level(level)]

    def periods(self) -> list[Period]:
        """Return the periods that are offered: this year and its parts so far, and last year's."""
        on = clock.day_of(self.frame.at)
        year = Period.of(on, "year")
        found = [year, *(Period.parse(f"{on.year}{p}") for p in ("H1", "H2"))]
        found += [Period.parse(f"{on.year}Q{n}") for n in range(1, 5)]
        found += [*reversed(year.months)]
        found = [p for p in found if p.start <= on]
        found += [year.years_before(), *(Period.parse(f"{on.year - 1}{p}") for p in ("H2", "H1"))]
        return found if self.period in found else [self.period, *found]


def read(request: StaffRequest, *, polygons: bool = False, kind: str = "year") -> Scope:
    """Return the scope that an address asks for; the year so far and the whole office else."""
    frame = queries.frame(request.viewer, request.at, polygons=polygons)
    given = {k: v for k in _KEPT if (v := request.GET.get(k, "")[:80])}
    try:
        unit = frame.find(given.get("unit", ""))
    except UnknownUnit as unknown:
        raise Http404(unknown.message) from unknown
    try:
        code = given.get("period")
        period = Period.parse(code) if code else Period.of(clock.day_of(request.at), "year")
    except BadPeriod as bad:
        raise Http404(bad.message) from bad
    return Scope(request.path, given, frame, unit, period)


def run_up(period: Period, frame: queries.Frame, most: int = 12) -> list[Period]:
    """Return the twelve months that end with a period or with the latest whole month.

    A month that has hardly begun would make every course end in a fall.
    """
    on = clock.day_of(frame.at)
    month = Period.of(max(min(period.last, on), period.start), "month")
    if on < month.last and month != period:
        month = month.previous()
    return [month.shifted(-step) for step in range(most - 1, -1, -1)]
