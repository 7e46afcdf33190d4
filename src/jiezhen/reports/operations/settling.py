"""Freezing the numbers of a report, publishing it, and correcting what turned out wrong."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.indicators import operations as indicators
from jiezhen.indicators import queries as figures
from jiezhen.kernel import quantities
from jiezhen.people.access import Viewer
from jiezhen.reports.models import Correction, Frozen, Report
from jiezhen.reports.operations.access import UnableToWrite, need
from jiezhen.reports.queries import scope
from jiezhen.reports.queries.content import Content, content, kept, restored
from jiezhen.reports.queries.numbers import key_of
from jiezhen.reports.rules import forms, tokens
from jiezhen.reports.rules.tokens import Chip
from jiezhen.trail import operations as trail


@transaction.atomic
def freeze(viewer: Viewer, ident: int, at: datetime) -> Report:
    """Keep every number of the text as it is now; later records never alter the report.

    Raises:
        NotAllowed: The viewer may not freeze numbers.
        UnableToWrite: Proposals wait for a yes, a number has no value, or it is frozen already.
    """
    need(viewer, "reports.freeze")
    report = scope.reports(viewer).select_for_update().filter(pk=ident).first()
    if report is None:
        raise scope.NotThere(f"report {ident}")
    if report.frozen_at is not None:
        raise UnableToWrite(_("数字已经冻结过了。"))
    whole = content(viewer, report, at)
    _ready(whole)
    chips = {key_of(c, whole.where): c for p in whole.parts for c in tokens.chips(p.section.text)}
    codes = _permalinks(viewer, whole, list(chips.values()), at)
    Frozen.objects.bulk_create([_row(whole, key, chip, codes) for key, chip in chips.items()])
    report.state, report.as_of, report.frozen_at, report.frozen_by = "final", at, at, viewer.name
    report.save(update_fields=["state", "as_of", "frozen_at", "frozen_by"])
    trail.append(
        viewer, "reports.report.frozen", f"report:{report.pk}", at, after={"numbers": len(chips)}
    )
    return report


def _ready(whole: Content) -> None:
    if whole.proposed:
        raise UnableToWrite(
            _("还有{n}处数待确认。确认或改掉以后再冻结。").format(n=whole.proposed)
        )
    blank = [n for n in whole.numbers.values() if n.value is None]
    if blank:
        first = blank[0]
        raise UnableToWrite(
            _("有{n}个数现在没有值，如“{title}”：{why}").format(
                n=len(blank), title=first.title or _("未知"), why=first.why
            )
        )


def _permalinks(
    viewer: Viewer, whole: Content, chips: list[Chip], at: datetime
) -> dict[tuple[str, str, str], str]:
    """Freeze the figures behind the chips, each once, and return their codes."""
    frame = figures.frame(viewer, at)
    cells: dict[tuple[str, str, str], indicators.Wanted] = {}
    for chip in chips:
        period = whole.where.period_of(chip)
        if period is not None:
            unit = frame.find(whole.where.unit_of(chip))
            cells[_cell(whole, chip)] = indicators.Wanted(chip.indicator, unit, period)
    title = whole.report.title
    found = indicators.freeze(viewer, list(cells.values()), at, used_in=title)
    return {cell: str(row.code) for cell, row in zip(cells, found, strict=True)}


def _cell(whole: Content, chip: Chip) -> tuple[str, str, str]:
    return chip.indicator, whole.where.unit_of(chip), chip.period or whole.where.period


def _row(whole: Content, key: str, chip: Chip, codes: dict[tuple[str, str, str], str]) -> Frozen:
    number = whole.numbers[key]
    value = None if number.value is None else round(Decimal(number.value), 10)
    return Frozen(
        report=whole.report,
        key=key,
        indicator=chip.indicator,
        code=codes.get(_cell(whole, chip), ""),
        value=value,
        told=kept(number),
    )


@transaction.atomic
def thaw(viewer: Viewer, ident: int, at: datetime, why: str) -> Report:
    """Let the numbers of a report that is not published live again, with a reason.

    Raises:
        NotAllowed: The viewer may not freeze numbers.
        UnableToWrite: It is published, not frozen, or no reason is given.
    """
    need(viewer, "reports.freeze")
    report = scope.report_for(viewer, ident)
    if report.state != "final":
        raise UnableToWrite(_("只有定稿、还没发布的报告可以解冻。"))
    if not why.strip():
        raise UnableToWrite(_("请写为什么解冻。"), "why")
    report.frozen.all().delete()
    report.state, report.as_of, report.frozen_at, report.frozen_by = "draft", None, None, ""
    report.save(update_fields=["state", "as_of", "frozen_at", "frozen_by"])
    trail.append(viewer, "reports.report.thawed", f"report:{report.pk}", at, why=why.strip()[:400])
    return report


@transaction.atomic
def publish(viewer: Viewer, ident: int, at: datetime) -> Report:
    """Publish a report whose numbers are frozen.

    Raises:
        NotAllowed: The viewer may not publish.
        UnableToWrite: Its numbers are not frozen, or it is published already.
    """
    need(viewer, "reports.publish")
    report = scope.report_for(viewer, ident)
    if report.state == "published":
        raise UnableToWrite(_("已经发布过了。"))
    if report.frozen_at is None:
        raise UnableToWrite(_("先冻结数字，再发布。"))
    report.state, report.published_at, report.published_by = "published", at, viewer.name
    report.save(update_fields=["state", "published_at", "published_by"])
    trail.append(viewer, "reports.report.published", f"report:{report.pk}", at)
    return report


@transaction.atomic
def correct(
    viewer: Viewer, ident: int, key: str, said: str, reason: str, at: datetime
) -> Correction:
    """Correct one frozen number by a dated act with a reason; the old value stays on record.

    `said` is the new number as it is written: 15台, 1.2万人次, 59.1%.

    Raises:
        NotAllowed: The viewer may not freeze numbers.
        UnableToWrite: There is no such number, no reason, or the new one cannot be read.
    """
    need(viewer, "reports.freeze")
    report = scope.report_for(viewer, ident)
    row = report.frozen.filter(key=key).first()
    if row is None:
        raise UnableToWrite(_("报告里没有这个数。"), "key")
    if not reason.strip():
        raise UnableToWrite(_("请写更正的原因。"), "reason")
    latest = report.corrections.filter(key=key).last()
    before = latest.after if latest else row.value
    number = restored(row.told, before, row.code)
    after = _read(said, number.word)
    if before is not None and after == before:
        raise UnableToWrite(_("和现在的数一样。"), "said")
    made = Correction.objects.create(
        report=report,
        key=key,
        before=before,
        after=after,
        reason=reason.strip()[:400],
        at=at,
        actor=viewer.name,
        before_text=forms.written(number, ""),
        after_text=forms.written(restored(row.told, after, row.code), ""),
    )
    trail.append(
        viewer,
        "reports.number.corrected",
        f"report:{report.pk}",
        at,
        why=made.reason,
        before={"text": made.before_text},
        after={"text": made.after_text},
    )
    return made


def _read(said: str, word: str) -> Decimal:
    text = said.strip()
    try:
        value = quantities.read_value(text if text.endswith(word) else text + word)
        return round(Decimal(value), 10)
    except (quantities.UnreadableQuantity, InvalidOperation) as problem:
        raise UnableToWrite(
            _("读不懂这个数。请写成15{unit}这样。").format(unit=word), "said"
        ) from problem
