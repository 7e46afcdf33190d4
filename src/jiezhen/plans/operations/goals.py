"""Hand the numbers of confirmed commitments over to the indicators as their targets."""

from contextlib import suppress
from datetime import datetime, timedelta

from jiezhen.indicators import operations as indicators
from jiezhen.kernel.periods import Period
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.plans.models import Commitment
from jiezhen.units.queries import UnitRow, units_of_office


def follow(viewer: Viewer, row: Commitment, at: datetime, *, moved: bool) -> None:
    """Let the indicator's target follow a commitment that was confirmed, linked or taken back.

    `moved` says that it was counted elsewhere before. Only for who may set targets; the
    plan's own light never depends on it.
    """
    kept = row.goal_id
    if kept is not None and (moved or row.state != "confirmed"):
        # Somebody else may have set another target meanwhile: then theirs stands.
        with suppress(indicators.NotAllowed):
            indicators.withdraw_target(viewer, kept, at, f"承诺有改动：{row.words}"[:400])
        row.goal_id = None
    if row.state == "confirmed":
        row.goal_id = _set(viewer, row, at) or row.goal_id
    if row.goal_id != kept:
        row.save(update_fields=["goal_id"])


def _set(viewer: Viewer, row: Commitment, at: datetime) -> int | None:
    target = row.targets.order_by("order").first()
    if target is None or row.indicator not in catalogue().indicators or not row.period:
        return None
    unit = _unit(viewer, row.scope)
    if unit is None or not viewer.may("indicators.target", path=unit.path):
        return None
    period = Period.parse(row.period)
    return indicators.set_target(
        viewer,
        row.indicator,
        unit,
        period,
        target.value,
        at,
        comparator="<=" if target.comparator == "<=" else ">=",
        source=f"{row.document.title}：{row.words}"[:200],
        commitment_id=row.pk,
        starts_on=row.starts_on if row.starts_on > period.start else None,
        ends_on=row.due_on if row.due_on < period.until - timedelta(days=1) else None,
    )


def _unit(viewer: Viewer, code: str) -> UnitRow | None:
    units = units_of_office(viewer.office_id)
    wanted = code or next((u.code for u in units if u.id == viewer.office_id), "")
    return next((u for u in units if u.code == wanted), None)
