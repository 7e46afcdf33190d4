"""Hand the numbers of confirmed commitments over to the indicators as their targets."""

from datetime import datetime, timedelta

from jiezhen.indicators import operations as indicators
from jiezhen.kernel.periods import Period
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.plans.models import Commitment
from jiezhen.units.queries import UnitRow, units_of_office


def set_goal(viewer: Viewer, row: Commitment, at: datetime) -> bool:
    """Set the target of the linked indicator to what a confirmed commitment promises.

    Shape: whether a target was set. Only where somebody linked it and may set targets, and
    where the indicator counts in the unit of the promise; the plan's own light never depends
    on it.
    """
    target = row.targets.order_by("order").first()
    spec = catalogue().indicators.get(row.indicator)
    if target is None or spec is None or not row.period:
        return False
    unit = _unit(viewer, row.scope)
    if unit is None or not viewer.may("indicators.target", path=unit.path):
        return False
    period = Period.parse(row.period)
    indicators.set_target(
        viewer, row.indicator, unit, period, target.value, at,
        comparator="<=" if target.comparator == "<=" else ">=",
        source=f"{row.document.title}：{row.words}"[:200], commitment_id=row.pk,
        starts_on=row.starts_on if row.starts_on > period.start else None,
        ends_on=row.due_on if row.due_on < period.until - timedelta(days=1) else None,
    )
    return True


def _unit(viewer: Viewer, code: str) -> UnitRow | None:
    units = units_of_office(viewer.office_id)
    wanted = code or next((u.code for u in units if u.id == viewer.office_id), "")
    return next((u for u in units if u.code == wanted), None)
