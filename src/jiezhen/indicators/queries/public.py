"""A number as everybody may see it: how it is counted and its parts by unit, nobody singled out.

No record is listed. Counts about people below five read 「少于5」, and what would give them away is
covered too; counts of things show in full. Who may ask for which number is decided by the door.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from jiezhen.indicators.queries.basics import definition_of
from jiezhen.indicators.queries.frames import Frame
from jiezhen.indicators.queries.freezing import Frozen
from jiezhen.indicators.queries.origins import divided
from jiezhen.indicators.queries.sheets import Sheet, sheet
from jiezhen.indicators.rules import amounts, cells, codes
from jiezhen.indicators.rules.cells import Cover
from jiezhen.kernel.periods import Period
from jiezhen.packs.definitions import Definition
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.units.queries import UnitRow

#: Units of measure that count people or households.
PEOPLE = frozenset({"人", "人次", "名", "位", "户", "户次"})
#: Kinds so sensitive are about people, whatever is counted in them.
PERSONAL = frozenset({"personal", "secret"})
#: What stands for the units that are in no residents' area.
REST = "其他"


@dataclass(frozen=True, slots=True)
class PublicShare:
    """One unit's part as it may be read; `cover` says whether it is covered, and how."""

    title: str
    text: str
    cover: Cover


@dataclass(frozen=True, slots=True)
class PublicNumber:
    """A number on a page that everybody may open.

    `text` is the value as written or 「少于5人」; `shares` are empty where a number cannot be
    divided, or not without singling somebody out (`undivided` is true then).
    """

    code: str
    indicator: str
    title: str
    text: str
    why: str
    unit: str
    unit_path: str
    period: Period
    start: date
    last: date
    as_of: datetime
    sentence: str
    frozen: bool
    covered: bool
    shares: tuple[PublicShare, ...]
    undivided: bool
    parts: tuple[tuple[str, str], ...]
    supplier: str


def about_people(definition: Definition) -> bool:
    """Say whether a number counts people or households, or records about them."""
    if any(about_people(part) for part in definition.parts):
        return True
    personal = definition.kind is not None and definition.kind.sensitivity in PERSONAL
    return personal or definition.indicator.unit in PEOPLE


def too_small(indicator: str, value: Decimal | None, rows: int = 0) -> bool:
    """Say whether a counted number is too small to be published; rows of 0 are not looked at."""
    spec = catalogue().indicators.get(indicator)
    if spec is None or spec.definition.parts or value is None:
        return False
    personal = spec.definition.kind is not None and spec.definition.kind.sensitivity in PERSONAL
    if personal and cells.small(rows):
        return True
    counts = spec.measure in ("count", "stock", "distinct")
    return (spec.unit in PEOPLE or (personal and counts)) and cells.small(float(value))


def supplied(indicator: str) -> bool:
    """Say whether a number was supplied from outside."""
    spec = catalogue().indicators.get(indicator)
    return spec is not None and spec.measure == "given"


def covered_text(word: str) -> str:
    """Return what stands for a number that is too small: 少于5人."""
    return f"少于{cells.LEAST}{word if word in PEOPLE else ''}"


def frozen_covered(numbers: Iterable[Frozen]) -> dict[str, Decimal | None]:
    """Return the frozen numbers that are too small to be published: their values by code."""
    return {n.code: n.value for n in numbers if _frozen_small(n)}


def _frozen_small(number: Frozen) -> bool:
    spec = catalogue().indicators.get(number.indicator)
    if spec is not None and spec.definition.parts:
        people = about_people(spec.definition)
        return people and _ratio_small(number.numerator, number.denominator)
    return too_small(number.indicator, number.value, number.rows)


def _ratio_small(top: Decimal | None, bottom: Decimal | None) -> bool:
    return any(v is not None and cells.small(float(v)) for v in (top, bottom))


def of_frozen(number: Frozen, whole: Frame) -> PublicNumber:
    """Return a frozen number for everybody.

    Raises:
        UnknownIndicator: Its indicator is no longer in the catalogue.
        UnknownUnit: Its unit is gone.
    """
    definition, unit = definition_of(number.indicator), whole.find(number.unit_id)
    covered = _frozen_small(number)
    counts = {} if covered else _frozen_counts(number, definition, unit, whole)
    shares = None if covered else _shares(definition, counts, number.word)
    return _made(
        number.code,
        definition,
        unit,
        number.period,
        text=number.text if number.value is not None else "",
        why="",
        as_of=number.as_of,
        sentence=number.sentence,
        frozen=True,
        covered=covered,
        shares=shares,
        parts=_parts(definition, number.numerator, number.denominator),
        word=number.word,
    )


def of_live(
    viewer: Viewer, name: str, unit: UnitRow, period: Period, at: datetime, whole: Frame
) -> PublicNumber:
    """Return a live number for everybody; two statements."""
    definition = definition_of(name)
    counted = sheet(viewer, [name], [unit], [period], at, given_frame=whole, compare=())
    figure = counted.figure(name, unit, period)
    covered = too_small(name, figure.value, figure.rows) or (
        about_people(definition) and _ratio_small(figure.numerator, figure.denominator)
    )
    counts = {} if covered else _live_counts(counted, definition, unit, period)
    return _made(
        codes.code(name, unit.id, period),
        definition,
        unit,
        period,
        text="" if figure.value is None or figure.empty else figure.text,
        why=figure.why,
        as_of=at,
        sentence=definition.sentence(),
        frozen=False,
        covered=covered,
        shares=None if covered else _shares(definition, counts, figure.word),
        parts=_parts(definition, figure.numerator, figure.denominator),
        word=figure.word,
    )


def _made(  # noqa: PLR0913  # what a public number consists of
    code: str,
    definition: Definition,
    unit: UnitRow,
    period: Period,
    *,
    text: str,
    why: str,
    as_of: datetime,
    sentence: str,
    frozen: bool,
    covered: bool,
    shares: tuple[PublicShare, ...] | None,
    parts: tuple[tuple[str, str], ...],
    word: str,
) -> PublicNumber:
    spec = definition.indicator
    return PublicNumber(
        code,
        spec.name,
        spec.title,
        covered_text(word) if covered and text else text,
        why,
        unit.title,
        unit.path,
        period,
        period.start,
        period.last,
        as_of,
        sentence,
        frozen,
        covered,
        shares or (),
        shares is None,
        parts,
        definition.statistic.supplier if definition.statistic else "",
    )


def _frozen_counts(
    number: Frozen, definition: Definition, unit: UnitRow, whole: Frame
) -> dict[str, int]:
    """Return how many records each unit below brought; only a count of records can be divided."""
    if definition.indicator.measure not in ("count", "stock"):
        return {}
    places = divided(whole, unit)
    found: dict[str, int] = {}
    for _part, _record, _version, at in number.made_by:
        above = whole.reach.above.get(at, ())
        title = next((p.title for p in places if p.id in above), REST)
        found[title] = found.get(title, 0) + 1
    return found


def _live_counts(
    counted: Sheet, definition: Definition, unit: UnitRow, period: Period
) -> dict[str, int]:
    if definition.indicator.measure not in ("count", "stock"):
        return {}
    found: dict[str, int] = {}
    total = counted.figure(definition.indicator.name, unit, period).rows
    for place in divided(counted.frame, unit):
        rows = counted.figure(definition.indicator.name, place, period).rows
        if rows:
            found[place.title] = rows
    rest = total - sum(found.values())
    return found | ({REST: rest} if rest > 0 else {})


def _shares(
    definition: Definition, counts: dict[str, int], word: str
) -> tuple[PublicShare, ...] | None:
    """Return the parts by unit, the largest first; None: they may not be shown."""
    ordered = sorted(counts.items(), key=lambda pair: (pair[0] == REST, -pair[1], pair[0]))
    if not about_people(definition):
        return tuple(PublicShare(t, f"{n}{word}", Cover.OPEN) for t, n in ordered)
    found = cells.covers([n for _t, n in ordered])
    if found is None:
        return None
    said = {Cover.SMALL: covered_text(word), Cover.WITH: "不公开"}
    return tuple(
        PublicShare(title, said.get(cover, f"{n}{word}"), cover)
        for (title, n), cover in zip(ordered, found, strict=True)
    )


def _parts(
    definition: Definition, top: Decimal | None, bottom: Decimal | None
) -> tuple[tuple[str, str], ...]:
    """Return numerator and denominator as written; neither where one is too small."""
    if not definition.parts or top is None or bottom is None:
        return ()
    if about_people(definition) and _ratio_small(top, bottom):
        return ()
    return tuple(
        (part.indicator.title, amounts.written(value, amounts.base_unit(part.indicator.unit)))
        for part, value in zip(definition.parts, (top, bottom), strict=True)
    )
