"""Frozen numbers: what they were, which records made them, and what has changed since."""

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from jiezhen.indicators.facts import rows
from jiezhen.indicators.facts.rows import Listed, Question
from jiezhen.indicators.models import Permalink
from jiezhen.indicators.queries import supplied
from jiezhen.indicators.queries.basics import definition_of
from jiezhen.indicators.queries.frames import Frame
from jiezhen.indicators.queries.origins import PAGE, NoSuchNumber, seen_units
from jiezhen.indicators.rules import amounts
from jiezhen.indicators.rules.spans import Span, span_of
from jiezhen.kernel import clock
from jiezhen.kernel.periods import Period
from jiezhen.packs.definitions import Definition
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.units.queries import UnitRow

#: (number of the part, record, version, unit): what a frozen number was made of.
Contributor = tuple[int, int, int, int]


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
    definition: Definition,
    unit: UnitRow,
    period: Period,
    whole: Frame,
    made: dict[str, list[rows.Maker]],
    shelf: supplied.Shelf,
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
        row.code,
        row.indicator,
        row.unit_id,
        Period.parse(row.period),
        row.value,
        row.numerator,
        row.denominator,
        row.count,
        row.word,
        row.version,
        row.sentence,
        row.as_of,
        row.frozen_by,
        row.used_in,
        row.digest,
        bytes(row.contributors),
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
        definition,
        viewer.office_id,
        span_of(number.period),
        clock.day_of(whole.at),
        ids=ids,
        limit=PAGE,
    )
    return rows.listed(question) if ids else []
