"""Where a number comes from: its records, what was left out and why, and what was frozen."""

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from jiezhen.indicators.facts import branches, left_out, rows
from jiezhen.indicators.facts.rows import Listed, Question
from jiezhen.indicators.models import Permalink
from jiezhen.indicators.queries import supplied
from jiezhen.indicators.queries.frames import Frame, frame
from jiezhen.indicators.queries.noted import Version
from jiezhen.indicators.queries.shapes import Figure
from jiezhen.indicators.queries.sheets import Sheet, definition_of, sheet
from jiezhen.indicators.queries.usage import Use
from jiezhen.indicators.rules import amounts, codes
from jiezhen.indicators.rules.spans import Span, span_of
from jiezhen.kernel import clock
from jiezhen.kernel.periods import Period
from jiezhen.packs.definitions import Definition
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.units.queries import UnitRow

#: (number of the part, record, version, unit): what a frozen number was made of.
Contributor = tuple[int, int, int, int]
PAGE = 20


class NoSuchNumber(Exception):
    """No number of the viewer's office has this code."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one unit adds: its figure. `unit` is None for what lies in no unit of the list."""

    unit: UnitRow | None
    value: Decimal | None
    rows: int
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """How many records were left out for one reason."""

    code: str
    words: str
    rows: int


@dataclass(frozen=True, slots=True)
class Lineage:
    """Everything the page of a number shows.

    `records` is None when the viewer may open none of them; `hidden` counts those that lie in
    units of which the viewer sees counts alone. `next` continues the list.
    """

    figure: Figure
    definition: Definition
    versions: tuple[Version, ...]
    shares: tuple[Share, ...]
    records: tuple[Listed, ...] | None
    hidden: int
    next: str
    left: tuple[Left, ...]
    uses: tuple[Use, ...]
    parts: tuple[Figure, ...]
    supplied: tuple[supplied.SuppliedRow, ...]
    frame: Frame


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen number; `value` in base units, `contributors` compressed."""

    code: str
    indicator: str
    unit_id: int
    period: Period
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    rows: int
    word: str
    version: int
    sentence: str
    as_of: datetime
    by: str
    used_in: str
    digest: str
    packed: bytes

    @property
    def href(self) -> str:
        """Return its lasting address."""
        return f"/n/{self.code}"

    @property
    def text(self) -> str:
        """Return the value as it is written."""
        spec = catalogue().indicators.get(self.indicator)
        decimals = spec.decimals if spec else 0
        return "—" if self.value is None else amounts.written(self.value, self.word, decimals)

    @property
    def made_by(self) -> list[Contributor]:
        """Return the records that made it."""
        return unpack(self.packed)


@dataclass(frozen=True, slots=True)
class Drift:
    """What has changed since a number was frozen, in records."""

    more: int
    fewer: int
    changed: int

    @property
    def words(self) -> str:
        """Return 冻结后多了2条; an empty text when nothing changed."""
        said = []
        if self.more:
            said.append(f"多了{self.more}条")
        if self.fewer:
            said.append(f"少了{self.fewer}条")
        if self.changed:
            said.append(f"{self.changed}条改过")
        return f"冻结后{'，'.join(said)}" if said else ""


def resolve(viewer: Viewer, code: str, whole: Frame) -> tuple[str, UnitRow, Period]:
    """Return indicator, unit and period of a live number's code.

    Raises:
        NoSuchNumber: The code is none, or its unit belongs to another office.
    """
    try:
        name, unit, period = codes.read(code.lower(), catalogue().indicators)
    except codes.BadCode as problem:
        raise NoSuchNumber(code) from problem
    if unit not in whole.by_id:
        raise NoSuchNumber(code)
    return name, whole.by_id[unit], period


def lineage(
    viewer: Viewer, name: str, unit: UnitRow | str, period: Period, at: datetime, *,
    whole: Frame | None = None, after: str = "", left: bool = False,
) -> Lineage:
    """Return where a live number comes from.

    Four statements: units, notes with uses, the kind with its left-out rows, one page of
    records. With `left` the page lists what was left out instead.

    Raises:
        UnknownIndicator: The catalogue has no such indicator.
        UnknownUnit: The office has no such unit.
    """
    definition = definition_of(name)
    whole = whole or frame(viewer, at)
    place = whole.find(unit)
    counted = sheet(viewer, [name], [place], [period], at, given_frame=whole, explain=name)
    figure = counted.figure(name, place, period)
    page = _page(viewer, definition, figure, whole, after, left=left)
    given = counted.part(definition, place.id, span_of(period)).given
    return Lineage(
        figure=figure, definition=definition,
        versions=_versions(counted, name), shares=_shares(counted, figure),
        records=None if page is None else tuple(page[:PAGE]),
        hidden=_hidden(viewer, counted, definition, figure),
        next=_next(page), left=_left(counted, definition, figure),
        uses=tuple(counted.notes.uses),
        parts=_parts(counted, definition, place, period),
        supplied=given.rows if given else (), frame=whole,
    )


def _versions(counted: Sheet, name: str) -> tuple[Version, ...]:
    held = counted.notes.versions.get(name, [])
    current = counted.notes.version(name)
    return tuple(held) if current in held else (current, *held)


def _parts(
    counted: Sheet, definition: Definition, unit: UnitRow, period: Period
) -> tuple[Figure, ...]:
    return tuple(
        counted.figure(part.indicator.name, unit, period) for part in definition.parts
    )


def divided(whole: Frame, unit: UnitRow) -> list[UnitRow]:
    """Return the units by which a number is broken down: residents' areas, else what is below."""
    communities = whole.of_level("community", unit) if unit.level in ("office", "area") else []
    return communities or whole.children(unit)


def _shares(counted: Sheet, figure: Figure) -> tuple[Share, ...]:
    found = []
    for unit in divided(counted.frame, figure.unit):
        cell = counted.figure(figure.indicator, unit, figure.period)
        if cell.rows or cell.value:
            found.append(Share(unit, cell.value, cell.rows, cell.text, cell.href))
    rest = figure.rows - sum(s.rows for s in found)
    found.sort(key=lambda s: (-(s.value or 0), s.unit.path if s.unit else ""))
    if rest > 0 and found:
        found.append(Share(None, None, rest, f"{rest}条"))
    return tuple(found)


def _left(counted: Sheet, definition: Definition, figure: Figure) -> tuple[Left, ...]:
    if definition.kind is None:
        return ()
    tally = counted.tallies[definition.kind.name]
    on = clock.day_of(figure.as_of)
    span = span_of(figure.period)
    found = [
        Left(code, left_out.words(definition, code, span, on), rows)
        for code, rows in tally.left_out(figure.unit.id).items()
    ]
    return tuple(sorted(found, key=lambda item: (-item.rows, item.code)))


def seen_units(viewer: Viewer, definition: Definition, whole: Frame, unit: int) -> frozenset[int]:
    """Return the units below one in which the viewer may open records of the kind."""
    kind = branches.kind_of(definition)
    paths = viewer.paths("see", kind.name, kind.sensitivity)
    return frozenset(
        u for u in whole.reach.below(unit)
        if any(whole.by_id[u].path.startswith(path) for path in paths)
    )


def _page(
    viewer: Viewer, definition: Definition, figure: Figure, whole: Frame, after: str, *, left: bool
) -> list[Listed] | None:
    if definition.kind is None:
        return None
    seen = seen_units(viewer, definition, whole, figure.unit.id)
    if not seen:
        return None
    return rows.listed(
        Question(
            definition, viewer.office_id, span_of(figure.period), clock.day_of(figure.as_of),
            units=None if seen == frozenset(whole.by_id) else seen, after=_after(after),
            limit=PAGE + 1, left=left,
        )
    )


def _hidden(viewer: Viewer, counted: Sheet, definition: Definition, figure: Figure) -> int:
    """Return how many counted records lie where the viewer may see numbers only."""
    if definition.kind is None:
        return 0
    below = counted.frame.reach.below(figure.unit.id)
    seen = seen_units(viewer, definition, counted.frame, figure.unit.id)
    if seen == below:
        return 0
    tops = [u for u in seen if not seen & (set(counted.frame.reach.above[u]) - {u})]
    span = span_of(figure.period)
    shown = sum(counted.part(definition, top, span).rows for top in tops)
    return max(figure.rows - shown, 0)


def _next(page: list[Listed] | None) -> str:
    if page is None or len(page) <= PAGE:
        return ""
    latest = page[PAGE - 1]
    return f"{latest.day}~{latest.id}"


def _after(text: str) -> tuple[str, int] | None:
    day, sign, number = text.partition("~")
    return (day[:10], int(number)) if sign and number.isdecimal() else None


def kind_of(definition: Definition) -> str:
    """Return the kinds that make a number, by commas in the order of its parts."""
    parts = definition.parts or (definition,)
    return ",".join(p.kind.name if p.kind else f"statistic:{p.indicator.statistic}" for p in parts)


def contributors(
    viewer: Viewer, cells: Sequence[tuple[str, UnitRow, Period]], whole: Frame
) -> list[list[Contributor]]:
    """Return the records that make each cell: one statement a kind, one for all statistics."""
    on = clock.day_of(whole.at)
    by_kind: dict[str, dict[str, Definition]] = {}
    statistics: list[str] = []
    for name, _unit, _period in cells:
        definition = definition_of(name)
        for part in definition.parts or (definition,):
            if part.kind is not None:
                by_kind.setdefault(part.kind.name, {})[part.indicator.name] = part
            elif part.statistic is not None:
                statistics.append(part.statistic.name)
    spans = [span_of(period) for _name, _unit, period in cells]
    hull = Span(min(s.start for s in spans), max(s.until for s in spans))
    made: dict[str, list[rows.Maker]] = {}
    for some in by_kind.values():
        made |= rows.makers(some.values(), viewer.office_id, hull, on)
    shelf = supplied.shelf(viewer.office_id, statistics, whole.at)
    return [_of_cell(definition_of(n), u, p, whole, made, shelf) for n, u, p in cells]


def _of_cell(
    definition: Definition, unit: UnitRow, period: Period, whole: Frame,
    made: dict[str, list[rows.Maker]], shelf: supplied.Shelf,
) -> list[Contributor]:
    found: list[Contributor] = []
    below, span = whole.reach.below(unit.id), span_of(period)
    limit = min(span.until, clock.day_of(whole.at) + timedelta(days=1))
    for number, part in enumerate(definition.parts or (definition,)):
        if part.statistic is not None:
            given = shelf.given(part.statistic, unit.id, period, whole.reach, whole.at)
            found += [(number, row.id, 1, row.unit_id) for row in given.rows]
            continue
        found += [
            (number, m.id, m.version, m.unit_id)
            for m in made[part.indicator.name]
            if m.unit_id in below and _inside(m, span, limit, stock=not part.on)
        ]
    return sorted(found)


def _inside(maker: rows.Maker, span: Span, limit: date, *, stock: bool) -> bool:
    if stock:
        begun = not maker.day or maker.day < limit.isoformat()
        return begun and (not maker.until or maker.until >= limit.isoformat())
    return span.start.isoformat() <= maker.day < span.until.isoformat()


def pack(made_by: list[Contributor]) -> tuple[bytes, str]:
    """Return contributors compressed, and their fingerprint."""
    text = json.dumps(made_by, separators=(",", ":")).encode()
    return zlib.compress(text, 6), hashlib.sha256(text).hexdigest()


def unpack(packed: bytes) -> list[Contributor]:
    """Return the contributors of a frozen number."""
    found: list[Any] = json.loads(zlib.decompress(packed)) if packed else []
    return [(c[0], c[1], c[2], c[3]) for c in found]


def frozen_of(row: Permalink) -> Frozen:
    """Return a frozen number as other engines see it."""
    return Frozen(
        row.code, row.indicator, row.unit_id, Period.parse(row.period), row.value, row.numerator,
        row.denominator, row.count, row.word, row.version, row.sentence, row.as_of, row.frozen_by,
        row.used_in, row.digest, bytes(row.contributors),
    )


def frozen(viewer: Viewer, code: str) -> Frozen:
    """Return a frozen number of the viewer's office.

    Raises:
        NoSuchNumber: There is none.
    """
    row = Permalink.objects.filter(office_id=viewer.office_id, code=code.lower()).first()
    if row is None:
        raise NoSuchNumber(code)
    return frozen_of(row)


def frozen_many(viewer: Viewer, wanted: Sequence[str]) -> dict[str, Frozen]:
    """Return frozen numbers by code: one statement."""
    found = Permalink.objects.filter(office_id=viewer.office_id, code__in=list(wanted))
    return {row.code: frozen_of(row) for row in found}


def drift(viewer: Viewer, number: Frozen, whole: Frame) -> Drift:
    """Return what has changed among the records of a frozen number.

    Raises:
        UnknownIndicator: Its indicator is no longer in the catalogue.
    """
    unit = whole.find(number.unit_id)
    now = contributors(viewer, [(number.indicator, unit, number.period)], whole)[0]
    before = {(c[0], c[1]): c[2] for c in number.made_by}
    after = {(c[0], c[1]): c[2] for c in now}
    return Drift(
        more=len(after.keys() - before.keys()),
        fewer=len(before.keys() - after.keys()),
        changed=sum(1 for key, v in after.items() if key in before and before[key] != v),
    )


def frozen_records(viewer: Viewer, number: Frozen, whole: Frame, first: int = 0) -> list[Listed]:
    """Return one page of the records that made a frozen number, as they stand today."""
    definition = definition_of(number.indicator)
    if definition.kind is None:
        return []
    seen = seen_units(viewer, definition, whole, whole.office.id)
    ids = tuple(c[1] for c in number.made_by if c[3] in seen)[first : first + PAGE]
    question = Question(
        definition, viewer.office_id, span_of(number.period), clock.day_of(whole.at), ids=ids,
        limit=PAGE,
    )
    return rows.listed(question) if ids else []
