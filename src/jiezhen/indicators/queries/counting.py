"""「这条计入…」: which indicators a record counts for, told on the record's own page."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from jiezhen.indicators.queries.basics import link_for
from jiezhen.kernel import clock
from jiezhen.kernel.periods import Period
from jiezhen.packs.definitions import Definition
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import TODAY, Indicator
from jiezhen.people.access import Viewer
from jiezhen.records import shapes, timing, wording
from jiezhen.records.fields import HASH
from jiezhen.records.models import Row
from jiezhen.records.panels import Line, Panel


def counted_in(kind: str) -> list[Indicator]:
    """Return the indicators that count records of a kind, ratios over them included."""
    found = []
    for spec in catalogue().indicators.values():
        parts = spec.definition.parts or (spec.definition,)
        if any(part.kind is not None and part.kind.name == kind for part in parts):
            found.append(spec)
    return found


def values_of(row: Row, unit_code: str = "") -> dict[str, object]:
    """Return what expressions may know of a record, as `records.facts` gives it to statements."""
    data: Mapping[str, Any] = row.data
    values: dict[str, object] = {
        name: value["text"] if isinstance(value, dict) else data.get(name + HASH, value)
        for name, value in data.items()
        if not name.endswith(HASH)
    }
    opened = getattr(row, "opened_on", None) or row.on
    values |= {
        "code": row.code,
        "unit_code": unit_code,
        "opened_on": opened,
        "created_on": clock.day_of(row.created_at),
        "valid_from": row.on,
        "valid_until": row.until,
    }
    for name in ("state", "closed_on", "due_on", "returns", "extended"):
        values[name] = getattr(row, name, None)
    timers = getattr(row, "timers", {})
    for name, column in timing.columns_of(shapes.kind_of(row.kind)).items():
        values[name] = column.value(timers)
    for state, day in getattr(row, "entered", {}).items():
        values[f"entered_{state}_on"] = day
    return values


def counts_for(row: Row, definition: Definition, on: date, unit_code: str = "") -> date | None:
    """Return the day by which a record counts for an indicator, None when it does not count."""
    if row.withdrawn_at is not None:
        return None
    known = values_of(row, unit_code) | {TODAY.name: on}
    if definition.where is not None and definition.where.evaluate(known) is not True:
        return None
    if definition.value is not None and definition.value.evaluate(known) is None:
        return None
    if not definition.on:
        valid = (row.on is None or row.on <= on) and (row.until is None or on < row.until)
        return on if valid else None
    day = known.get(definition.on)
    day = date.fromisoformat(day[:10]) if isinstance(day, str) else day
    return day if isinstance(day, date) and day <= on else None


def panel(viewer: Viewer, row: Row, at: datetime) -> Panel | None:
    """Return the card 「这条计入」 of a record: one line an indicator, without a statement."""
    on = clock.day_of(at)
    lines = []
    for spec in counted_in(row.kind):
        parts = spec.definition.parts or (spec.definition,)
        for part in parts:
            if part.kind is None or part.kind.name != row.kind:
                continue
            day = counts_for(row, part, on, row.unit.code if _names_unit(part) else "")
            if day is not None:
                period = Period.of(day, "year")
                role = "" if part is spec.definition else _role(part, parts)
                lines.append(
                    Line(
                        f"{wording.title(spec)}{role}",
                        link_for(spec.name, row.unit_id, period),
                        wording.period(period),
                    )
                )
                break
    return Panel(_("这条计入"), tuple(lines)) if lines else None


def _role(part: Definition, parts: tuple[Definition, ...]) -> str:
    return _("（分子）") if part is parts[0] else _("（分母）")


def _names_unit(definition: Definition) -> bool:
    trees = (definition.where, definition.value)
    return any(tree is not None and "unit_code" in tree.names for tree in trees)
