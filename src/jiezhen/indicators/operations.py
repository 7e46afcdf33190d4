"""Every write about figures: targets, supplied numbers, versions of definitions, freezing."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jiezhen.indicators import queries
from jiezhen.indicators.models import Approval, Definition, Permalink, Supplied, Target
from jiezhen.indicators.queries import freezing
from jiezhen.indicators.queries.shapes import UnknownIndicator
from jiezhen.indicators.rules import COMPARATORS, amounts, codes
from jiezhen.kernel.periods import Period
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer, system_viewer
from jiezhen.trail import operations as trail
from jiezhen.units.queries import UnitRow


class UnableToSet(Exception):
    """A target, number or version cannot be written; the message says what to do."""


class NotAllowed(UnableToSet):
    """The viewer does not hold the right."""


def _need(viewer: Viewer, right: str, path: str, said: str) -> None:
    if not viewer.may(right, path=path):
        raise NotAllowed(said)


@transaction.atomic
def set_target(  # noqa: PLR0913  # what a target consists of
    viewer: Viewer,
    indicator: str,
    unit: UnitRow,
    period: Period,
    value: Decimal,
    at: datetime,
    *,
    comparator: str = ">=",
    source: str = "",
    commitment_id: int | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    months: Mapping[str, Decimal] | None = None,
) -> int:
    """Set a target and return its id; one that stood there is withdrawn.

    Args:
        viewer: Who sets it.
        indicator: A name in the catalogue.
        unit: For which unit.
        period: For which period.
        value: In base units: money in 元, a percentage as a share of 1.
        at: When.
        comparator: ">=", "<=" or "=".
        source: The document or sentence that promises it.
        commitment_id: The commitment of `plans` it comes from.
        starts_on: The first day, when it is not the period's (下半年新增 starts on 1 July).
        ends_on: The last day, when it is not the period's.
        months: What is planned to be reached by the end of each month, by its code.

    Raises:
        UnknownIndicator: The catalogue has no such indicator.
        NotAllowed: The viewer may not set targets here.
        UnableToSet: The comparator, a day or a month does not fit.
    """
    queries.definition_of(indicator)
    _need(viewer, "indicators.target", unit.path, _("没有在这个单元定目标的权限。"))
    if comparator not in COMPARATORS:
        raise UnableToSet(_("完成的算法只有：不少于、不超过、等于。"))
    if not (starts_on or period.start) <= (ends_on or period.last):
        raise UnableToSet(_("开始的日期在结束之后。请改日期。"))
    strange = [m for m in months or {} if not period.contains(Period.parse(m))]
    if strange:
        raise UnableToSet(_("{month}不在这个期间里。").format(month=strange[0]))
    rows = Target.objects.for_system("setting a target").filter(
        office_id=viewer.office_id,
        indicator=indicator,
        unit_id=unit.id,
        period=period.code,
        withdrawn_at=None,
    )
    before = rows.values_list("value", flat=True).first()
    rows.update(withdrawn_at=at)
    made = Target.objects.create(
        office_id=viewer.office_id,
        indicator=indicator,
        unit_id=unit.id,
        unit_path=unit.path,
        period=period.code,
        value=value,
        comparator=comparator,
        starts_on=starts_on,
        ends_on=ends_on,
        months={k: str(v) for k, v in (months or {}).items()},
        source=source[:200],
        commitment_id=commitment_id,
        set_at=at,
        set_by=viewer.name,
    )
    trail.append(
        viewer,
        "indicators.target.set",
        f"indicator:{indicator}:{unit.code}:{period.code}",
        at,
        before=None if before is None else {"value": str(before)},
        after={"value": str(value), "comparator": comparator},
        path=unit.path,
    )
    return int(made.pk)


@transaction.atomic
def withdraw_target(viewer: Viewer, target_id: int, at: datetime, why: str) -> None:
    """Take a target back; it stays in the history.

    Raises:
        NotAllowed: The viewer may not, or there is no such target.
        UnableToSet: No reason is given.
    """
    if not why.strip():
        raise UnableToSet(_("请写为什么取消这个目标。"))
    rows = Target.objects.for_system("withdrawing a target")
    row = rows.filter(office_id=viewer.office_id, pk=target_id, withdrawn_at=None).first()
    if row is None or not viewer.may("indicators.target", path=row.unit_path):
        raise NotAllowed(_("没有这个目标，或没有取消它的权限。"))
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    trail.append(
        viewer,
        "indicators.target.withdrawn",
        f"indicator:{row.indicator}",
        at,
        why=why.strip()[:400],
        before={"value": str(row.value)},
        path=row.unit_path,
    )


@dataclass(frozen=True, slots=True)
class Number:
    """A supplied number in the unit of its statistic; None as `value` takes it back."""

    unit: UnitRow
    period: Period
    value: Decimal | None
    source: str
    base: Decimal | None = None
    growth: Decimal | None = None


@transaction.atomic
def supply(
    viewer: Viewer, statistic: str, number: Number, at: datetime, *, revises: int | None = None
) -> int:
    """Append a supplied number, or a revision of one, and return its id.

    Args:
        viewer: Who enters it.
        statistic: A name in the catalogue.
        number: What was supplied.
        at: When.
        revises: The id of the row that the form showed; None when there was none.

    Raises:
        NotAllowed: The viewer may not supply numbers for this unit.
        UnableToSet: No source is given, the period does not fit, or somebody was faster.
    """
    spec = catalogue().statistics.get(statistic)
    if spec is None:
        raise UnknownIndicator(statistic)
    _need(viewer, "indicators.supply", number.unit.path, _("没有填报外部数据的权限。"))
    if not number.source.strip():
        raise UnableToSet(_("请写来源，如“区财政局2023年6月快报”。"))
    rows = Supplied.objects.for_system("supplying a number").filter(
        office_id=viewer.office_id,
        statistic=statistic,
        unit_id=number.unit.id,
        period=number.period.code,
    )
    latest = rows.order_by("-id").first()
    if (latest.pk if latest else None) != revises:
        raise UnableToSet(_("别人刚改过这个数。请看看现在的数再改。"))
    try:
        with transaction.atomic():
            made = Supplied.objects.create(
                office_id=viewer.office_id,
                statistic=statistic,
                unit_id=number.unit.id,
                unit_path=number.unit.path,
                period=number.period.code,
                value=number.value,
                base=number.base,
                growth=number.growth,
                source=number.source.strip()[:200],
                at=at,
                account_id=viewer.account_id,
                actor=viewer.name,
                supersedes=latest,
            )
    except IntegrityError as problem:
        raise UnableToSet(_("别人刚改过这个数。请看看现在的数再改。")) from problem
    trail.append(
        viewer,
        "indicators.number.supplied" if latest is None else "indicators.number.revised",
        f"statistic:{statistic}:{number.unit.code}:{number.period.code}",
        at,
        why=number.source.strip()[:400],
        path=number.unit.path,
        before=None if latest is None else {"value": str(latest.value)},
        after={"value": None if number.value is None else str(number.value)},
    )
    return int(made.pk)


@transaction.atomic
def supply_many(
    viewer: Viewer, statistic: str, numbers: Iterable[Number], at: datetime
) -> tuple[int, int]:
    """Append many numbers of one statistic; equal ones are left alone.

    Returns how many were appended and how many were there already.

    Raises:
        NotAllowed: The viewer may not supply numbers for one of the units.
        UnableToSet: A number has no source.
    """
    rows = Supplied.objects.for_system("supplying numbers").filter(
        office_id=viewer.office_id, statistic=statistic
    )
    latest = {(r.unit_id, r.period): r for r in rows.order_by("id")}
    made = same = 0
    for number in numbers:
        known = latest.get((number.unit.id, number.period.code))
        if known and (known.value, known.base, known.growth) == (
            number.value,
            number.base,
            number.growth,
        ):
            same += 1
            continue
        supply(viewer, statistic, number, at, revises=known.pk if known else None)
        made += 1
    return made, same


@transaction.atomic
def note_definitions(at: datetime) -> int:
    """Note every definition of the packs that is new or counts otherwise than before.

    Call it at start-up and after the packs were loaded anew. Returns how many were noted.
    """
    latest: dict[str, Definition] = {}
    for row in Definition.objects.order_by("version"):
        latest[row.indicator] = row
    fresh = []
    for name, spec in catalogue().indicators.items():
        known = latest.get(name)
        if known is None or known.digest != spec.digest:
            fresh.append(
                Definition(
                    indicator=name,
                    version=known.version + 1 if known else 1,
                    digest=spec.digest,
                    sentence=spec.definition_sentence()[:600],
                    since=at,
                )
            )
    Definition.objects.bulk_create(fresh, batch_size=500)
    changed = [d for d in fresh if d.version > 1]
    if changed:
        system = system_viewer(0, "/", "业务包")
        trail.append(
            system,
            "indicators.definitions.changed",
            "indicators",
            at,
            after={d.indicator: d.version for d in changed},
        )
    return len(fresh)


@transaction.atomic
def approve(viewer: Viewer, indicator: str, at: datetime) -> None:
    """Let the office confirm the version of a definition that is in force.

    Raises:
        UnknownIndicator: The catalogue has no such indicator.
        NotAllowed: The viewer may not.
        UnableToSet: It is confirmed already.
    """
    queries.definition_of(indicator)
    _need(viewer, "indicators.target", viewer.office_path, _("没有确认口径的权限。"))
    version = queries.notes(viewer, [indicator]).version(indicator)
    if not version.id:
        note_definitions(at)
        version = queries.notes(viewer, [indicator]).version(indicator)
    if version.approved_by:
        raise UnableToSet(_("这一版口径已经由{who}确认过。").format(who=version.approved_by))
    Approval.objects.create(
        office_id=viewer.office_id, definition_id=version.id, actor=viewer.name, at=at
    )
    trail.append(
        viewer,
        "indicators.definition.approved",
        f"indicator:{indicator}",
        at,
        after={"version": version.version},
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """A number that is to be frozen."""

    indicator: str
    unit: UnitRow
    period: Period


@transaction.atomic
def freeze(
    viewer: Viewer, cells: Sequence[Wanted], at: datetime, *, used_in: str = ""
) -> list[freezing.Frozen]:
    """Freeze numbers as they are now, with the records that make them.

    Shape: one frozen number for each cell, in their order; its `href` is /n/….

    Raises:
        NotAllowed: The viewer may not freeze numbers.
        UnknownIndicator: An indicator is not in the catalogue.
    """
    if not viewer.may("reports.freeze"):
        raise NotAllowed(_("没有冻结数字的权限。"))
    if not cells:
        return []
    periods = list(dict.fromkeys(c.period for c in cells))
    names = list(dict.fromkeys(c.indicator for c in cells))
    frame = queries.frame(viewer, at)
    sheet = queries.sheet(
        viewer, names, [c.unit for c in cells], periods, at, compare=(), given_frame=frame
    )
    makers = freezing.contributors(viewer, [(c.indicator, c.unit, c.period) for c in cells], frame)
    rows = []
    for cell, made_by in zip(cells, makers, strict=True):
        figure = sheet.figure(cell.indicator, cell.unit, cell.period)
        packed, digest = freezing.pack(made_by)
        definition = queries.definition_of(cell.indicator)
        rows.append(
            Permalink(
                office_id=viewer.office_id,
                code=_free_code(),
                indicator=cell.indicator,
                unit_id=cell.unit.id,
                period=cell.period.code,
                value=figure.value,
                numerator=figure.numerator,
                denominator=figure.denominator,
                count=figure.rows,
                word=figure.word,
                version=figure.version,
                sentence=definition.sentence()[:600],
                as_of=at,
                frozen_by=viewer.name,
                used_in=used_in[:200],
                kind=freezing.kind_of(definition),
                contributors=packed,
                digest=digest,
            )
        )
    Permalink.objects.bulk_create(rows)
    trail.append(
        viewer,
        "indicators.numbers.frozen",
        used_in[:120] or "figures",
        at,
        after={"numbers": len(rows), "codes": [r.code for r in rows[:200]]},
    )
    return [freezing.frozen_of(row) for row in rows]


def _free_code() -> str:
    """Return a code of a frozen number; 32 to the power of 7 leave collisions to the constraint."""
    return codes.encode(secrets.randbelow(32**codes.FROZEN), codes.FROZEN)


def to_base(value: Decimal, unit: str) -> Decimal:
    """Return a value that a person wrote in a unit as a value in base units."""
    return amounts.to_base(value, unit)
