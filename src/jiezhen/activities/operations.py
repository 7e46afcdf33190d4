"""Register what was done together with what it found: one activity, one matter a finding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.activities.facts import TICKS
from jiezhen.matters import operations as matters
from jiezhen.packs.schema import Finds, Kind
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.records import shapes
from jiezhen.records.models import Row
from jiezhen.units.queries import UnitRow

#: Most findings of one activity.
MOST = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found: raw values, which of the kind's `finds`, the checklist's row."""

    values: Mapping[str, Any]
    place: int = 0
    item: str | int = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What an activity found, and how the rows of its checklist were ticked (id → ok, bad, na)."""

    findings: Sequence[Finding] = ()
    ticks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registered:
    """The activity, and the matters that it found, in the order of the findings."""

    row: Row
    matters: tuple[Row, ...] = ()


@transaction.atomic
def register(
    viewer: Viewer,
    kind: str,
    unit: UnitRow,
    values: Mapping[str, Any],
    at: datetime,
    *,
    found: Found,
    given: Mapping[str, Any] | None = None,
    source: str = "form",
) -> Registered:
    """Write an activity and a matter for each finding; all or nothing.

    Raises:
        records.NotAllowed: The viewer may not register one of the kinds here.
        records.Refused: Something is missing or wrong; the field of a finding is told as
            `findings.<number>.<field>`, counted from 0.
    """
    spec = shapes.kind_of(kind)
    _refuse_unknown(spec, found)
    ticks = {TICKS: dict(found.ticks)} if found.ticks else {}
    row = records.create(
        viewer, kind, unit, values, at, given={**(given or {}), **ticks}, source=source
    )
    made: list[Row] = []
    problems: list[records.Problem] = []
    for number, finding in enumerate(found.findings):
        item = spec.finds[finding.place]
        try:
            opened = matters.open_matter(
                viewer, item.kind, _values(row, spec, item, finding), at, unit=unit, source=source
            )
        except records.NotAllowed:
            raise
        except records.Refused as refused:
            problems += [
                records.Problem(f"findings.{number}.{p.field}", p.message)
                for p in refused.problems
            ]
        else:
            made.append(opened.matter)
    if problems:
        raise records.Refused(*problems)
    return Registered(row, tuple(made))


def _refuse_unknown(spec: Kind, found: Found) -> None:
    if not spec.finds and (found.findings or found.ticks):
        said = _("“{kind}”不登记发现的问题。").format(kind=spec.title)
        raise records.Refused(records.Problem("findings", said))
    if len(found.findings) > MOST:
        said = _("一次最多登记{n}个问题。请分几次登记。").format(n=MOST)
        raise records.Refused(records.Problem("findings", said))
    if any(not 0 <= f.place < len(spec.finds) for f in found.findings):
        raise records.Refused(records.Problem("findings", _("没有这种问题。")))


def _values(row: Row, spec: Kind, item: Finds, finding: Finding) -> dict[str, Any]:
    """Return what a finding's matter holds: what was copied, what was asked for, its links."""
    values: dict[str, Any] = {}
    for name, own in item.copy_.items():
        stored = row.data.get(own)
        if spec.fields[own].type == "money" and stored is not None:
            stored = str(Decimal(stored) / 100)
        values[name] = stored
    values |= finding.values
    values[item.link] = row.pk
    if item.item and finding.item not in ("", None):
        values[item.item] = finding.item
    return values
