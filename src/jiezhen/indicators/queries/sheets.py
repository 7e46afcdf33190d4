"""Many figures at once: one statement for each kind, however many cells are asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from jiezhen.indicators import rules
from jiezhen.indicators.facts import parted, statement
from jiezhen.indicators.facts.branches import kind_of
from jiezhen.indicators.facts.tally import Tally, dialect, run_together
from jiezhen.indicators.queries import supplied
from jiezhen.indicators.queries.basics import (
    Part,
    base_of,
    definition_of,
    link_for,
    parts_of,
    period_of,
)
from jiezhen.indicators.queries.frames import Frame, frame
from jiezhen.indicators.queries.noted import Notes, notes
from jiezhen.indicators.queries.shapes import Figure, TargetRow
from jiezhen.indicators.queries.splits import WHOLE, Member, Split
from jiezhen.indicators.queries.splits import Part as Slice
from jiezhen.indicators.queries.supplied import Shelf
from jiezhen.indicators.rules import amounts
from jiezhen.indicators.rules.changes import Growth, told
from jiezhen.indicators.rules.lights import Light
from jiezhen.indicators.rules.spans import Buckets, Span, compared, span_of
from jiezhen.kernel import clock
from jiezhen.kernel.periods import Period
from jiezhen.packs.definitions import Definition
from jiezhen.people.access import Viewer
from jiezhen.units.queries import UnitRow

#: Measures that do not grow with the days of a period; their pace is no matter of time.
LEVELS = frozenset({"ratio", "average", "minimum", "maximum", "percentile", "stock"})
BOTH = ("year", "previous")
#: Kinds that share one round trip. SQLite joins at most 500 parts.
TOGETHER = 40


@dataclass(slots=True)
class Sheet:
    """Counted figures of an office as of a moment; a cell is worked out when it is asked for."""

    viewer: Viewer
    frame: Frame
    at: datetime
    notes: Notes
    tallies: dict[str, Tally] = field(default_factory=dict)
    shelf: Shelf = field(default_factory=Shelf)
    compare: tuple[str, ...] = BOTH
    against: tuple[int, ...] = ()
    slice: Slice = WHOLE
    split: Split | None = None
    divided: dict[str, parted.Parted] = field(default_factory=dict)

    def member(self, member: Member) -> "Sheet":
        """Return the sheet of one part of the division: the same cells, of its records alone.

        Targets are set for whole figures, so that a part has none.
        """
        tallies = {kind: found.part(member.key) for kind, found in self.divided.items()}
        notes = replace(self.notes, targets={})
        return replace(self, tallies=tallies, notes=notes, slice=self.slice.of(member), split=None)

    def cells(self, name: str, unit: UnitRow, period: Period) -> list[tuple[Member, Figure]]:
        """Return a figure of each part of the division; parts without records too."""
        members = self.split.members if self.split else []
        found = []
        for member in members:
            place = member.unit if member.unit and member.only.column == "unit" else unit
            found.append((member, self.member(member).figure(name, place, period)))
        return found

    def figure(self, name: str, unit: UnitRow | int | str, period: Period) -> Figure:
        """Return one cell.

        Raises:
            UnknownIndicator: The catalogue has no such indicator.
            UnknownUnit: The office has no such unit.
        """
        definition = definition_of(name)
        spec, place = definition.indicator, self.frame.find(unit)
        part = self.part(definition, place.id, span_of(period))
        target = self.notes.target(name, place.id, period)
        reached = self._reached(definition, place, period, part, target)
        return Figure(
            indicator=name,
            title=spec.title,
            measure=spec.measure,
            unit=place,
            period=period,
            value=part.value,
            word=amounts.base_unit(spec.unit),
            rows=part.rows,
            as_of=self.at,
            href=link_for(name, place, period) + self.slice.query,
            version=self.notes.version(name).version,
            numerator=part.numerator,
            denominator=part.denominator,
            decimals=spec.decimals,
            better=spec.better,
            empty=part.empty,
            why=part.why,
            target=target,
            reached=reached,
            light=self._light(definition, target, reached, period, part),
            year=self._growth(definition, place, period, part, "year"),
            previous=self._growth(definition, place, period, part, "previous"),
            growths={y: self.growth(name, place, period, y) for y in self.against},
        )

    def value(self, name: str, unit: int, span: Span) -> Decimal | None:
        """Return the bare value of a cell in base units."""
        return self.part(definition_of(name), unit, span).value

    def part(self, definition: Definition, unit: int, span: Span) -> Part:
        """Return what is known of an indicator in a unit over a span of whole buckets."""
        measure = definition.indicator.measure
        if measure == "ratio":
            return self._ratio(definition, unit, span)
        if measure == "given":
            return self._given(definition, unit, span)
        return self._counted(definition, unit, span)

    def _counted(self, definition: Definition, unit: int, span: Span) -> Part:
        tally = self.tallies[kind_of(definition).name]
        spec = definition.indicator
        cell = tally.cell(spec.name, unit, span)
        _since, known = tally.since(unit)
        money = 100 if definition.value is not None and definition.value.type == "money" else 1
        value = None if cell.value is None else amounts.exact(cell.value) / money
        if spec.measure == "average":
            value = value / cell.rows if value is not None and cell.rows else None
        if span.start > clock.day_of(self.at) and spec.measure != "stock":
            return Part(value, cell.rows, empty=not known, why="这段时间还没开始。")
        why = "" if known else "还没有关联记录。"
        if known and value is None:
            why = "这段时间没有可以算的记录。"
        return Part(value, cell.rows, empty=not known, why=why)

    def _ratio(self, definition: Definition, unit: int, span: Span) -> Part:
        top, bottom = (self.part(part, unit, span) for part in definition.parts)
        rows, empty = bottom.rows, top.empty and bottom.empty
        if top.value is None or bottom.value is None:
            why = top.why if top.value is None else bottom.why
            return Part(None, rows, top.value, bottom.value, empty, why or "没有分子或分母。")
        if bottom.value == 0:
            name = definition.parts[1].indicator.title
            return Part(None, rows, top.value, bottom.value, empty, f"“{name}”为0，不能算比率。")
        share = top.value / bottom.value
        if definition.indicator.unit == "‰":
            share *= 1000
        return Part(share, rows, top.value, bottom.value, empty)

    def _given(self, definition: Definition, unit: int, span: Span) -> Part:
        spec = definition.statistic
        if spec is None:
            return Part(None, 0, why="没有这项统计数。")
        period = period_of(span)
        if period is None:
            return Part(None, 0, why="这段时间不是完整的期间。")
        given = self.shelf.given(spec, unit, period, self.frame.reach, self.at)
        if given.value is None:
            return Part(None, 0, empty=True, why=f"{spec.supplier}还没有提供。", given=given)
        why = ""
        if given.missing:
            named = "、".join(p.title for p in given.missing)
            why = f"还缺{named}的数。"
        value = amounts.to_base(given.value, spec.unit)
        return Part(value, len(given.rows), why=why, given=given)

    def _reached(
        self,
        definition: Definition,
        unit: UnitRow,
        period: Period,
        part: Part,
        target: TargetRow | None,
    ) -> Decimal | None:
        """Return what counts for the target: from its own first day until the period's end."""
        if target is None or (target.start, target.until) == (period.start, period.until):
            return part.value
        span = Span(target.start, max(min(target.until, period.until), target.start))
        if definition.indicator.measure in ("given", "ratio") or span.start == span.until:
            return part.value
        return self.part(definition, unit.id, span).value

    def _light(
        self,
        definition: Definition,
        target: TargetRow | None,
        reached: Decimal | None,
        period: Period,
        part: Part,
    ) -> Light | None:
        if target is None:
            return None
        on = clock.day_of(self.at)
        if period.until < target.until:
            on = min(on, period.last)
        spec = definition.indicator
        level = spec.measure in LEVELS or spec.unit in ("%", "‰")
        value = None if part.empty else reached
        light = rules.pace(
            value,
            target.value,
            target.comparator,
            target.start,
            target.until,
            on,
            rate=level,
            planned=None if level else target.planned(on),
            unit=amounts.base_unit(spec.unit),
        )
        if value is None and part.why:
            return Light(light.colour, light.word, part.why, light.why_en)
        return light

    def growth(self, name: str, unit: UnitRow, period: Period, year: int) -> Growth:
        """Return the growth against the same period of a named year."""
        definition = definition_of(name)
        part = self.part(definition, unit.id, span_of(period))
        base = period.years_before(int(period.code[:4]) - year)
        return self._against(definition, unit, period, part, base, "named")

    def _growth(
        self, definition: Definition, unit: UnitRow, period: Period, part: Part, against: str
    ) -> Growth | None:
        if against not in self.compare:
            return None
        base = base_of(period, against)
        if base is None:
            return None
        own = part.given.rows if part.given and against == "year" else ()
        if len(own) == 1 and own[0].period == period.code:
            found = self._told(definition, part, own[0])
            if found is not None:
                return found
        return self._against(definition, unit, period, part, base, against)

    def _told(
        self, definition: Definition, part: Part, row: supplied.SuppliedRow
    ) -> Growth | None:
        """Return the growth that the supplier gave: a comparable base, or the change itself."""
        spec = definition.indicator
        is_rate = spec.unit in ("%", "‰")
        if row.base is not None:
            base = amounts.to_base(row.base, spec.unit)
            return rules.growth(
                part.value, base, "year", is_rate=is_rate, better=spec.better, restated=True
            )
        if row.growth is not None:
            return told(row.growth, is_rate=is_rate, better=spec.better)
        return None

    def _against(
        self,
        definition: Definition,
        unit: UnitRow,
        period: Period,
        part: Part,
        base: Period,
        against: str,
    ) -> Growth:
        spec = definition.indicator
        span = self._base_span(definition, period, base)
        earlier = self.part(definition, unit.id, span)
        value = earlier.value
        if not value and not self._on_record(definition, unit.id, span):
            value = None
        return rules.growth(
            None if part.empty else part.value,
            value,
            against,  # type: ignore[arg-type]
            is_rate=spec.unit == "%",
            better=spec.better,
            year=base.last.year,
        )

    def _base_span(self, definition: Definition, period: Period, base: Period) -> Span:
        if definition.indicator.measure == "given" or any(
            p.indicator.measure == "given" for p in definition.parts
        ):
            return span_of(base)
        return compared(period, base, clock.day_of(self.at))

    def _on_record(self, definition: Definition, unit: int, span: Span) -> bool:
        """Say whether records reach back to a span, so that a 0 there is a real one."""
        if definition.kind is None:
            return any(self._on_record(part, unit, span) for part in definition.parts)
        since, _rows = self.tallies[definition.kind.name].since(unit)
        return since is not None and since < span.until


def sheet(  # noqa: PLR0913  # what a sheet may be asked for
    viewer: Viewer,
    indicators: Iterable[str],
    units: Iterable[UnitRow | int | str],
    periods: Sequence[Period],
    at: datetime,
    *,
    compare: tuple[str, ...] = BOTH,
    against: tuple[int, ...] = (),
    given_frame: Frame | None = None,
    explain: str = "",
    presence: bool = True,
    noted: bool = True,
    part: Slice = WHOLE,
    split: Split | None = None,
) -> Sheet:
    """Count many figures: one statement for each kind, one each for units, notes and statistics.

    Args:
        viewer: Anyone of the office: a sheet holds counts and sums, no names.
        indicators: Names in the catalogue.
        units: Which units will be asked for (checked; all are counted in any case).
        periods: Which periods will be asked for.
        at: The as-of moment; rows dated after its day never count.
        compare: "year" for 同比, "previous" for 环比.
        against: Named years to compare with.
        given_frame: The units, where a page has read them already.
        explain: An indicator whose left-out records of the first period are counted by reason.
        presence: Whether to look up since when there are records, for 无数据 and growth.
        noted: Whether to look up targets and definition versions.
        part: The part of the records that is counted; targets are set for the whole alone.
        split: A division whose members are asked for, `Sheet.cells`; in the same statement.

    Raises:
        UnknownIndicator: An indicator is not in the catalogue.
        UnknownUnit: A unit is not the office's.
    """
    names = list(dict.fromkeys(indicators))
    parts = parts_of(names)
    whole = given_frame or frame(viewer, at)
    for unit in units:
        whole.find(unit)
    known = notes(viewer, names, uses_of=explain) if noted else Notes()
    if part.only:
        known = replace(known, targets={})
    made = Sheet(viewer, whole, at, known, compare=compare, against=against)
    made.slice, made.split = part, split
    buckets = Buckets.of(_spans(made, names, periods))
    _count(made, parts, buckets, explain, periods, presence)
    statistics = [d.statistic.name for d in parts.values() if d.statistic]
    made.shelf = supplied.shelf(viewer.office_id, statistics, at)
    return made


def _count(
    made: Sheet,
    parts: dict[str, Definition],
    buckets: Buckets,
    explain: str,
    periods: Sequence[Period],
    presence: bool,
) -> None:
    on = clock.day_of(made.at)
    by_kind: dict[str, list[Definition]] = {}
    for definition in parts.values():
        if definition.kind is not None:
            by_kind.setdefault(definition.kind.name, []).append(definition)
    compiled = []
    for some in by_kind.values():
        wanted = next((d for d in some if d.indicator.name == explain), None)
        compiled.append(
            statement.compile_kind(
                some,
                made.viewer.office_id,
                buckets,
                on,
                dialect(),
                presence=presence,
                explain=(wanted, span_of(periods[0])) if wanted else None,
                only=made.slice.only,
                split=made.split.name if made.split else "",
            )
        )
    kinds = list(by_kind)
    if made.split is not None:
        for kind, one in zip(kinds, compiled, strict=True):
            made.divided[kind] = parted.run(one, made.frame.reach, made.split.key_of)
            made.tallies[kind] = made.divided[kind].whole
        return
    for begin in range(0, len(compiled), TOGETHER):
        together = run_together(compiled[begin : begin + TOGETHER], made.frame.reach)
        made.tallies |= dict(zip(kinds[begin:], together, strict=False))


def _spans(made: Sheet, names: list[str], periods: Sequence[Period]) -> list[Span]:
    """Return every span that cells, comparisons and targets will ask for."""
    on = clock.day_of(made.at)
    spans: list[Span] = []
    for period in periods:
        spans.append(span_of(period))
        bases = [base_of(period, against) for against in made.compare]
        bases += [period.years_before(int(period.code[:4]) - year) for year in made.against]
        spans += [compared(period, base, on) for base in bases if base is not None]
    for name in names:
        for target in made.notes.targets.get(name, ()):
            spans += [
                Span(target.start, min(target.until, p.until))
                for p in periods
                if target.period.contains(p) and target.start < min(target.until, p.until)
            ]
    return spans


def figure(
    viewer: Viewer, name: str, unit: UnitRow | int | str, period: Period | str, at: datetime
) -> Figure:
    """Return one figure with its growth, target and light.

    Raises:
        UnknownIndicator: The catalogue has no such indicator.
        UnknownUnit: The office has no such unit.
        BadPeriod: The period's code cannot be read.
    """
    wanted = Period.parse(period) if isinstance(period, str) else period
    return sheet(viewer, [name], [unit], [wanted], at).figure(name, unit, wanted)
