"""Which numbers everybody may ask for: those of published reports and of published promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jiezhen.indicators import queries as figures
from jiezhen.indicators.queries import public
from jiezhen.indicators.queries.public import PublicNumber
from jiezhen.indicators.rules import codes
from jiezhen.plans.queries import public as plans
from jiezhen.portal.queries.fronts import Office
from jiezhen.reports.queries import published
from jiezhen.reports.queries.published import Place
from jiezhen.units.queries import UnknownUnit


class NotPublic(LookupError):
    """No number with this code was published: 404, as for one that does not exist."""


@dataclass(frozen=True, slots=True)
class Told:
    """A public number, the published reports in which it stands, and whether a promise is counted by it."""

    number: PublicNumber
    places: tuple[Place, ...]
    promised: bool

    @property
    def corrected(self) -> bool:
        """Whether the number was corrected after it was published."""
        return any(place.corrections for place in self.places)


def number(office: Office, code: str, at: datetime) -> Told:
    """Return a number by its code.

    Raises:
        NotPublic: There is no such number, or it was not published.
    """
    code = code.lower()
    try:
        if len(code) == codes.FROZEN:
            return _frozen(office, code, at)
        return _live(office, code, at)
    except (figures.NoSuchNumber, figures.UnknownIndicator, UnknownUnit) as missing:
        raise NotPublic(code) from missing


def _frozen(office: Office, code: str, at: datetime) -> Told:
    places = published.places(office.viewer, code)
    if not places:
        raise NotPublic(code)
    kept = figures.frozen(office.viewer, code)
    whole = figures.frame(office.viewer, at)
    return Told(public.of_frozen(kept, whole), tuple(places), promised=False)


def _live(office: Office, code: str, at: datetime) -> Told:
    asked = plans.asked(office.viewer, office.plans)
    if not asked:
        raise NotPublic(code)
    whole = figures.frame(office.viewer, at)
    name, unit, period = figures.resolve(office.viewer, code, whole)
    fits = any(
        ask.indicator == name and ask.period == period.code and _same(whole, ask.scope, unit.id)
        for ask in asked
    )
    if not fits:
        raise NotPublic(code)
    made = public.of_live(office.viewer, name, unit, period, at, whole)
    return Told(made, (), promised=True)


def _same(whole: figures.Frame, scope: str, unit: int) -> bool:
    try:
        return whole.find(scope).id == unit
    except UnknownUnit:
        return False
