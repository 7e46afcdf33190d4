"""The live numbers behind chips: many at once, from one sheet of figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from jiezhen.indicators import queries as indicators
from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.reports.rules.forms import Number
from jiezhen.reports.rules.tokens import Chip
from jiezhen.units.queries import UnknownUnit

WHOLE = "all"


@dataclass(frozen=True, slots=True)
class Where:
    """The unit and period that chips have when they do not say."""

    unit: str
    period: str

    def unit_of(self, chip: Chip) -> str:
        """Return the unit that a chip speaks of."""
        return chip.unit or self.unit or WHOLE

    def period_of(self, chip: Chip) -> Period | None:
        """Return the period that a chip speaks of; None where its code cannot be read."""
        try:
            return Period.parse(chip.period or self.period)
        except BadPeriod:
            return None


def key_of(chip: Chip, where: Where) -> str:
    """Return what tells a chip's number from others; its written form does not matter."""
    parts = (
        chip.indicator,
        where.unit_of(chip),
        chip.period or where.period,
        chip.aspect,
        chip.base,
    )
    return "|".join(parts)


def numbers(
    viewer: Viewer, chips: Iterable[Chip], where: Where, at: datetime
) -> dict[str, Number]:
    """Return the number of every chip by its key, as of a moment.

    Shape: one entry for each chip; unknown indicators, units and periods give a number without value and the
    reason. One statement for each kind of record, however many chips there are.
    """
    every = {key_of(chip, where): chip for chip in chips}
    known = {key: chip for key, chip in every.items() if _can(chip, where)}
    sheet = _sheet(viewer, known.values(), where, at)
    found = {}
    for key, chip in every.items():
        if sheet is None or key not in known:
            found[key] = Number(None, _word(chip.indicator), why="没有这个指标，或者期间写错了")
            continue
        found[key] = number_of(sheet, chip, where)
    return found


def _can(chip: Chip, where: Where) -> bool:
    return chip.indicator in catalogue().indicators and where.period_of(chip) is not None


def _sheet(
    viewer: Viewer, chips: Iterable[Chip], where: Where, at: datetime
) -> indicators.Sheet | None:
    listed = list(chips)
    if not listed:
        return None
    periods = {p for chip in listed if (p := where.period_of(chip)) is not None}
    years = {int(chip.base) for chip in listed if chip.base.isdigit()}
    return indicators.sheet(
        viewer,
        {chip.indicator for chip in listed},
        (),
        sorted(periods),
        at,
        against=tuple(sorted(years)),
    )


def number_of(sheet: indicators.Sheet, chip: Chip, where: Where) -> Number:
    """Return one chip's number from a sheet that holds its indicator and period."""
    period = where.period_of(chip)
    if period is None:
        return Number(None, _word(chip.indicator), why="期间写错了")
    try:
        figure = sheet.figure(chip.indicator, where.unit_of(chip), period)
    except UnknownUnit as unknown:
        return Number(None, _word(chip.indicator), why=unknown.message)
    value, word, why = part_of(figure, chip.aspect, chip.base)
    spec = catalogue().indicators[chip.indicator]
    return Number(
        value,
        word,
        figure.decimals if word == figure.word else 0,
        chip.aspect,
        _against(figure, chip.base),
        figure.href,
        _title(figure.title, chip),
        period.title,
        figure.unit.title,
        spec.definition_sentence(),
        figure.as_of.isoformat(),
        why,
    )


def part_of(
    figure: indicators.Figure, aspect: str, base: str = ""
) -> tuple[Decimal | None, str, str]:
    """Return value, unit and, where there is none, the reason: of the figure or of what is made from it."""
    if aspect in ("growth", "change"):
        return _growth(figure, base)
    if aspect == "target":
        target = figure.target
        if target is None:
            return None, figure.word, "没有定目标"
        return target.value, figure.word, ""
    if aspect == "progress":
        return _progress(figure)
    if figure.value is None or figure.empty:
        return None, figure.word, figure.why or "还没有关联记录"
    return figure.value, figure.word, ""


def _growth(figure: indicators.Figure, base: str) -> tuple[Decimal | None, str, str]:
    word = "个百分点" if figure.is_rate else "%"
    growth = figure.previous if base == "previous" else figure.year
    if base.isdigit():
        growth = figure.growths.get(int(base))
    if growth is None:
        return None, word, "没有可比的数"
    rate: Fraction | None = growth.points if figure.is_rate else growth.rate
    return (None if rate is None else _decimal(rate)), word, growth.words if rate is None else ""


def _progress(figure: indicators.Figure) -> tuple[Decimal | None, str, str]:
    target = figure.target
    if target is None or not target.value:
        return None, "%", "没有定目标"
    reached = figure.reached if figure.reached is not None else figure.value
    if reached is None:
        return None, "%", figure.why or "还没有关联记录"
    return _decimal(Fraction(reached) / Fraction(target.value)), "%", ""


def _title(title: str, chip: Chip) -> str:
    """Return the indicator's title, and which number of it is told where that is not its value."""
    said = {"growth": "增幅", "change": "变化", "progress": "完成进度", "target": "目标"}.get(
        chip.aspect
    )
    return f"{title}（{said}）" if said else title


def _against(figure: indicators.Figure, base: str) -> str:
    if base == "previous":
        return "环比"
    if base.isdigit():
        return f"比{base}年"
    return "同比"


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _word(indicator: str) -> str:
    spec = catalogue().indicators.get(indicator)
    return spec.unit if spec else ""
