"""The office's records as a source for proof-reading: indicators, statistics, targets, published reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from jiezhen.indicators import queries as indicators
from jiezhen.indicators.queries import supplied
from jiezhen.indicators.rules import amounts
from jiezhen.kernel import clock
from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.plans.queries import reading as plan_reading
from jiezhen.plans.queries import scope as plan_scope
from jiezhen.reading.model import Document
from jiezhen.reports.models import Frozen, Report
from jiezhen.reports.queries import scope
from jiezhen.reports.queries.numbers import Where, number_of
from jiezhen.reports.queries.taught import Memory
from jiezhen.reports.rules import context, forms
from jiezhen.reports.rules.forms import Number
from jiezhen.reports.rules.model import Ask, Fact, Known, Nearby
from jiezhen.reports.rules.tokens import Chip
from jiezhen.units.queries import UnknownUnit

#: How many months after the end of a period are looked at for the likely cause.
MONTHS_AFTER = 6
#: Measures of which parts of time may be added up.
_ADDED = frozenset({"count", "sum"})


@dataclass(slots=True)
class Office:
    """One draft's source of values: everything that it may ask for is counted once, when it is made."""

    viewer: Viewer
    at: datetime
    period: str
    memory: Memory
    sheet: indicators.Sheet
    shelf: supplied.Shelf
    counted: frozenset[Period] = frozenset()
    more: dict[str, indicators.Sheet] = field(default_factory=dict)
    goals: dict[str, Fact] = field(default_factory=dict)
    goal_values: dict[str, Decimal] = field(default_factory=dict)
    published: dict[tuple[str, str], list[tuple[str, Decimal]]] = field(default_factory=dict)

    def facts(self) -> Sequence[Fact]:
        """Return indicators, statistics that no indicator tells, and targets without an indicator."""
        return [*_indicators(), *_statistics(), *self.goals.values()]

    def known(self, ask: Ask) -> Known | None:
        """Return what is on record for a question."""
        if ask.fact in self.goals:
            goal = self.goals[ask.fact]
            return Known(self.goal_values[ask.fact], goal.unit, goal.period or "", href=goal.href)
        if ask.fact.startswith("statistic:"):
            return self._statistic(ask)
        if ask.fact not in catalogue().indicators:
            return None
        number = self._number(ask)
        if number is None:
            return None
        told = (
            forms.written(number, ask.form)
            if ask.form is not None and number.value is not None
            else ""
        )
        return Known(
            number.value,
            number.word,
            number.period,
            number.place,
            number.href,
            number.why,
            told=told,
        )

    def nearby(self, ask: Ask) -> Sequence[Nearby]:
        """Return values of other periods, of later months, the target, and what was published."""
        spec = catalogue().indicators.get(ask.fact)
        period = self._period(ask)
        if spec is None or period is None or ask.aspect != "value":
            return ()
        found = list(self._later(ask, period)) if spec.measure in _ADDED else []
        for other in _around(period):
            found += self._as(
                Ask(ask.fact, "value", other.code, None, ask.place), f"{other.title}的数"
            )
        found += self._as(Ask(ask.fact, "target", period.code, None, ask.place), "目标数")
        for title, value in self.published.get((ask.fact, period.code), ()):
            found.append(Nearby(f"“{title}”里公布的数", value))
        return found

    def remembered(self, keys: Sequence[str]) -> Ask | None:
        """Return what these words were said to mean."""
        return self.memory.recall(keys, self.period)

    def _as(self, ask: Ask, words: str) -> list[Nearby]:
        number = self._number(ask)
        return (
            [Nearby(words, number.value)]
            if number is not None and number.value is not None
            else []
        )

    def _later(self, ask: Ask, period: Period) -> Iterable[Nearby]:
        """Yield the value together with the months that follow: 2台在7月."""
        first = self._number(Ask(ask.fact, "value", period.code, None, ask.place))
        if first is None or first.value is None:
            return
        total, added, names = Decimal(first.value), Decimal(0), []
        for month in _months_after(period, self.at):
            number = self._number(Ask(ask.fact, "value", month.code, None, ask.place))
            if number is None or number.value is None:
                return
            if number.value:
                added += Decimal(number.value)
                names.append(f"{month.start.month}月")
                gap = amounts.written(added, first.word)
                yield Nearby("", total + added, cause=f"{gap}在{'、'.join(names)}")

    def _number(self, ask: Ask) -> Number | None:
        period = self._period(ask)
        if period is None:
            return None
        base = ""
        if ask.base == "previous":
            base = "previous"
        elif ask.base and ask.base[:4].isdigit() and int(ask.base[:4]) != int(period.code[:4]) - 1:
            base = ask.base[:4]
        chip = Chip(ask.fact, self.unit(ask.place), period.code, ask.aspect, base)
        return number_of(self._sheet(period, base), chip, Where("", period.code))

    def _sheet(self, period: Period, base: str) -> indicators.Sheet:
        """Return the sheet that holds a period and a base year; one that nobody foresaw is counted now."""
        if period in self.counted and (not base.isdigit() or int(base) in self.sheet.against):
            return self.sheet
        key = f"{period.code}|{base}"
        if key not in self.more:
            against = (int(base),) if base.isdigit() else ()
            self.more[key] = indicators.sheet(
                self.viewer, catalogue().indicators, (), [period], self.at, against=against
            )
        return self.more[key]

    def _period(self, ask: Ask) -> Period | None:
        try:
            period = Period.parse(ask.period or self.period)
        except BadPeriod:
            return None
        return period

    def unit(self, place: str | None) -> str:
        """Return the unit that a place names; other places say nothing about units."""
        if not place:
            return ""
        try:
            return self.sheet.frame.find(place).code
        except UnknownUnit:
            return ""

    def _statistic(self, ask: Ask) -> Known | None:
        spec = catalogue().statistics[ask.fact.removeprefix("statistic:")]
        period = self._period(ask)
        if ask.aspect != "value" or period is None:
            return None
        frame = self.sheet.frame
        unit = frame.find(self.unit(ask.place) or "all")
        given = self.shelf.given(spec, unit.id, period, frame.reach, self.at)
        word = amounts.base_unit(spec.unit)
        if given.value is None:
            return Known(None, word, period.title, why=f"{spec.supplier}还没有提供")
        return Known(amounts.to_base(given.value, spec.unit), word, period.title, unit.title)


def office_source(
    viewer: Viewer,
    document: Document,
    at: datetime,
    *,
    period: str = "",
    own: Report | None = None,
) -> Office:
    """Return the source for one draft. `own` is the report that is checked against itself.

    One statement for each kind of record, and some for units, targets, statistics and memory.
    """
    period = period or document.period or str(clock.day_of(at).year)
    wanted = sorted(_wanted(document, period, at))
    bases = {
        f.base_period[:4]
        for f in document.figures
        if f.base_period and f.base_period[:4].isdigit()
    }
    memory = Memory(viewer, own)
    checked = context.contexts(document)
    memory.load(
        key
        for figure in document.figures
        for key in context.keys(document.text, checked[figure.id], figure.start)
    )
    sheet = indicators.sheet(
        viewer,
        catalogue().indicators,
        (),
        wanted,
        at,
        against=tuple(sorted({int(b) for b in bases} | {int(period[:4]) - 2})),
    )
    shelf = supplied.shelf(
        viewer.office_id, [f.key.removeprefix("statistic:") for f in _statistics()], at
    )
    source = Office(viewer, at, period, memory, sheet, shelf, frozenset(wanted))
    _add_goals(source)
    _add_published(source)
    return source


def _wanted(document: Document, period: str, at: datetime) -> set[Period]:
    """Return every period that checking may ask for."""
    found: set[Period] = set()
    for code in {period, *(f.period for f in document.figures if f.period)}:
        try:
            told = Period.parse(code)
        except BadPeriod:
            continue
        found |= {told, *_around(told), *_months_after(told, at)}
    return found or {Period.parse(period)}


def _around(period: Period) -> list[Period]:
    """Return the periods that are taken for this one by mistake."""
    found = []
    for look in (period.years_before, period.previous):
        try:
            found.append(look())
        except BadPeriod:
            continue
    year = Period.of(period.start, "year")
    if period.kind in ("half", "quarter", "month"):
        found.append(year)
    if period.kind == "year":
        found.append(Period.parse(f"{period.code}H1"))
    return [p for p in dict.fromkeys(found) if p != period]


def _months_after(period: Period, at: datetime) -> list[Period]:
    today = clock.day_of(at)
    found: list[Period] = []
    month = Period.of(period.last, "month")
    while len(found) < MONTHS_AFTER:
        month = month.next()
        if month.start > today:
            break
        found.append(month)
    return found


def _indicators() -> list[Fact]:
    return [
        Fact(
            name,
            "indicator",
            spec.title,
            tuple(dict.fromkeys((*spec.also, *_told(spec.sentence, spec.title)))),
            amounts.base_unit(spec.unit),
            spec.definition_sentence(),
            href=f"/indicators/{name}",
        )
        for name, spec in catalogue().indicators.items()
    ]


def _told(sentence: str, title: str) -> list[str]:
    words = sentence.replace("{value}", "").strip("，。 ")
    return [words] if words and words != title else []


def _statistics() -> list[Fact]:
    told = {spec.statistic for spec in catalogue().indicators.values() if spec.statistic}
    return [
        Fact(
            f"statistic:{name}",
            "statistic",
            spec.title,
            spec.also,
            amounts.base_unit(spec.unit),
            f"由{spec.supplier}提供",
        )
        for name, spec in catalogue().statistics.items()
        if name not in told
    ]


def _add_goals(source: Office) -> None:
    """Add the targets of confirmed commitments that no indicator is linked to."""
    rows = list(plan_scope.commitments(source.viewer).filter(state="confirmed", indicator=""))
    targets = plan_reading.targets_of(rows)
    for row in rows:
        for target in targets.get(row.pk, ()):
            key = f"target:{target.pk}"
            title = target.object or row.object or row.words[:30]
            source.goals[key] = Fact(
                key,
                "target",
                title,
                (f"{row.action}{title}",),
                target.unit or None,
                f"承诺：{row.words[:60]}",
                row.period or str(row.due_on.year),
                row.scope or None,
                f"/plans/{row.document.year}/docs/{row.document_id}?c={row.number}",
            )
            source.goal_values[key] = target.value


def _add_published(source: Office) -> None:
    """Add the numbers that published reports told of the whole office."""
    shown = scope.reports(source.viewer).filter(state="published").order_by("-period")[:6]
    titles = {report.pk: report.title for report in shown}
    for row in Frozen.objects.filter(report_id__in=list(titles), value__isnull=False):
        indicator, _unit, period, aspect, _base = row.key.split("|")
        if aspect == "value" and row.value is not None:
            source.published.setdefault((indicator, period), []).append(
                (titles[row.report_id], row.value)
            )
