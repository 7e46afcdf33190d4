"""Where a number comes from: its records, what was left out and why, and what was frozen."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from jiezhen.indicators.facts import branches, left_out, rows
from jiezhen.indicators.facts.rows import Listed, Question
from jiezhen.indicators.queries import splits, supplied
from jiezhen.indicators.queries.basics import definition_of
from jiezhen.indicators.queries.frames import Frame, frame
from jiezhen.indicators.queries.noted import Version
from jiezhen.indicators.queries.shapes import Figure
from jiezhen.indicators.queries.sheets import Sheet, sheet
from jiezhen.indicators.queries.splits import WHOLE, Part, Split
from jiezhen.indicators.queries.usage import Use
from jiezhen.indicators.rules import codes
from jiezhen.indicators.rules.spans import span_of
from jiezhen.kernel import clock
from jiezhen.kernel.periods import Period
from jiezhen.packs.definitions import Definition
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.units.queries import UnitRow

PAGE = 20


class NoSuchNumber(Exception):
    """No number of the viewer's office has this code."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one unit, or another part, adds: its figure. `title` is blank for what is left."""

    unit: UnitRow | None
    value: Decimal | None
    rows: int
    text: str
    href: str = ""
    title: str = ""


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
    part: Part = WHOLE
    by: str = "unit"


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


def lineage(  # noqa: PLR0913  # what the page of a number may be asked for
    viewer: Viewer,
    name: str,
    unit: UnitRow | str,
    period: Period,
    at: datetime,
    *,
    whole: Frame | None = None,
    after: str = "",
    left: bool = False,
    part: Part = WHOLE,
    by: str = "unit",
) -> Lineage:
    """Return where a live number comes from.

    Four statements: units, notes with uses, the kind with its left-out rows, one page of
    records. With `left` the page lists what was left out instead. `part` narrows to one source,
    one grid; `by` names the column that divides the shares, units where it is not one.

    Raises:
        UnknownIndicator: The catalogue has no such indicator.
        UnknownUnit: The office has no such unit.
    """
    definition = definition_of(name)
    whole = whole or frame(viewer, at)
    place = whole.find(unit)
    divided_by = _split(definition, whole, place, part, by)
    counted = sheet(
        viewer, [name], [place], [period], at, given_frame=whole, explain=name,
        part=part, split=divided_by,
    )  # fmt: skip
    figure = counted.figure(name, place, period)
    page = _page(viewer, counted, definition, figure, after, left=left)
    given = counted.part(definition, place.id, span_of(period)).given
    return Lineage(
        figure=figure,
        definition=definition,
        versions=_versions(counted, name),
        shares=_parts_of(counted, figure) if divided_by else _shares(counted, figure),
        records=None if page is None else tuple(page[:PAGE]),
        hidden=_hidden(viewer, counted, definition, figure),
        next=_next(page),
        left=_left(counted, definition, figure),
        uses=tuple(counted.notes.uses),
        parts=_parts(counted, definition, place, period),
        supplied=given.rows if given else (),
        frame=whole,
        part=part,
        by=divided_by.name if divided_by else "unit",
    )


def _split(
    definition: Definition, whole: Frame, unit: UnitRow, part: Part, by: str
) -> Split | None:
    """Return the division that an address asks for; none for units, which are counted anyway."""
    known = splits.dimensions([definition])
    return (
        splits.split_of(by, [definition], whole, unit, part)
        if by != "unit" and by in known
        else None
    )


def _parts_of(counted: Sheet, figure: Figure) -> tuple[Share, ...]:
    cells = counted.cells(figure.indicator, figure.unit, figure.period)
    return tuple(
        Share(None, cell.value, cell.rows, cell.text, cell.href, member.title)
        for member, cell in cells
        if cell.rows or cell.value
    )


def _versions(counted: Sheet, name: str) -> tuple[Version, ...]:
    held = counted.notes.versions.get(name, [])
    current = counted.notes.version(name)
    return tuple(held) if current in held else (current, *held)


def _parts(
    counted: Sheet, definition: Definition, unit: UnitRow, period: Period
) -> tuple[Figure, ...]:
    return tuple(counted.figure(part.indicator.name, unit, period) for part in definition.parts)


def divided(whole: Frame, unit: UnitRow) -> list[UnitRow]:
    """Return the units by which a number is broken down: residents' areas, else what is below."""
    communities = whole.of_level("community", unit) if unit.level in ("office", "area") else []
    return communities or whole.children(unit)


def _shares(counted: Sheet, figure: Figure) -> tuple[Share, ...]:
    found = []
    for unit in divided(counted.frame, figure.unit):
        cell = counted.figure(figure.indicator, unit, figure.period)
        if cell.rows or cell.value:
            found.append(Share(unit, cell.value, cell.rows, cell.text, cell.href, unit.title))
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
        u
        for u in whole.reach.below(unit)
        if any(whole.by_id[u].path.startswith(path) for path in paths)
    )


def _page(
    viewer: Viewer,
    counted: Sheet,
    definition: Definition,
    figure: Figure,
    after: str,
    *,
    left: bool,
) -> list[Listed] | None:
    if definition.kind is None:
        return None
    whole = counted.frame
    seen = seen_units(viewer, definition, whole, figure.unit.id)
    if not seen:
        return None
    return rows.listed(
        Question(
            definition,
            viewer.office_id,
            span_of(figure.period),
            clock.day_of(figure.as_of),
            units=None if seen == frozenset(whole.by_id) else seen,
            after=_after(after),
            limit=PAGE + 1,
            left=left,
            only=counted.slice.only,
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
