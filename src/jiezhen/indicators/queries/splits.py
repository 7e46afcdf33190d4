"""By what a figure may be divided: unit, grid, or any choice of its kind; and one part of it.

A division is a partition: every record belongs to exactly one member, so that the members add up
to the whole. What lies in no listed unit is a member of its own, `~`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiezhen.indicators.facts import slices
from jiezhen.indicators.facts.slices import Slice
from jiezhen.indicators.queries.frames import Frame
from jiezhen.kernel.expressions import Column
from jiezhen.packs.definitions import Definition
from jiezhen.packs.schema import Kind
from jiezhen.records import columns as record_columns
from jiezhen.units.queries import UnitRow, UnknownUnit

TITLES = {"unit": gettext_noop("单元"), "grid": gettext_noop("网格")}
#: What lies in a unit and in none of those listed below it, and a choice that nobody made.
REST, NONE = "~", ""


@dataclass(frozen=True, slots=True)
class Member:
    """One part of a division: its key, its title, what it keeps, and the words of its address."""

    key: str
    title: str
    only: Slice
    words: tuple[tuple[str, str], ...] = ()
    unit: UnitRow | None = None


@dataclass(slots=True)
class Split:
    """A division by a column: its members, and to which of them a stored value belongs."""

    name: str
    title: str
    members: list[Member]
    places: Mapping[str, str] = field(default_factory=dict)

    def key_of(self, value: str) -> str:
        """Return the key of the member to which a stored value belongs."""
        if self.name in slices.PLACES:
            return self.places.get(value, REST)
        if all(m.key != value for m in self.members):
            self.members.append(_choice(self.name, value, value))
        return value


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a figure that a page is about: its conditions, its words, what it is called."""

    only: tuple[Slice, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    titles: tuple[str, ...] = ()
    grid: UnitRow | None = None

    @property
    def query(self) -> str:
        """Return the part as the end of an address, with its question mark; else nothing."""
        return f"?{urlencode(self.words)}" if self.words else ""

    def of(self, member: Member) -> "Part":
        """Return the part of this part that is a member of its division."""
        if member.unit is not None and member.only.column == "unit":
            return self
        names = {name for name, _value in member.words}
        kept = tuple(pair for pair in self.words if pair[0] not in names)
        return Part((*self.only, member.only), (*kept, *member.words), self.titles, self.grid)


WHOLE = Part()


def kinds_of(definitions: Iterable[Definition]) -> list[Kind]:
    """Return the kinds that indicators count, each once; none when one counts no records."""
    found: dict[str, Kind] = {}
    for definition in definitions:
        for part in definition.parts or (definition,):
            if part.kind is None:
                return []
            found[part.kind.name] = part.kind
    return list(found.values())


def dimensions(definitions: Iterable[Definition]) -> dict[str, str]:
    """Return by what all these indicators may be divided: name and title."""
    kinds = kinds_of(definitions)
    if not kinds:
        return {}
    shared = [
        n for n in slices.splittable(kinds[0]) if all(n in slices.splittable(k) for k in kinds)
    ]
    shown = record_columns.columns_of(kinds[0])
    return {n: _(TITLES[n]) if n in TITLES else shown[n].title for n in shared}


def split_of(
    name: str, definitions: Iterable[Definition], whole: Frame, unit: UnitRow, part: Part = WHOLE
) -> Split:
    """Return the division of figures of a unit by a column.

    Raises:
        KeyError: The indicators cannot be divided by it.
    """
    listed = list(definitions)
    title = dimensions(listed)[name]
    if name in slices.PLACES:
        within = unit if name == "unit" else part.grid or whole.office
        return _places(name, title, whole, within)
    column = kinds_of(listed)[0].columns()[name]
    members = [_choice(name, key, words) for key, words in _options(column, listed).items()]
    return Split(name, title, [*members, _choice(name, NONE, "")])


def listed_units(whole: Frame, name: str, within: UnitRow) -> list[UnitRow]:
    """Return the units by which what lies in one is divided; none holds another.

    Responsible are residents' areas and sections alike: areas give way to what is below them. A
    grid is of the finest level that the office has, grid or residents' area.
    """
    if name == "grid":
        for level in ("grid", "community"):
            found = [u for u in whole.of_level(level, within) if u.id != within.id]
            if found:
                return found
        return whole.children(within)
    found = []
    for child in whole.children(within):
        below = whole.children(child) if child.level == "area" else []
        found += below or [child]
    return found


def _places(name: str, title: str, whole: Frame, within: UnitRow) -> Split:
    units = listed_units(whole, name, within)
    places: dict[str, str] = {}
    members = []
    for unit in units:
        below = tuple(sorted(u for u in whole.reach.below(unit.id) if str(u) not in places))
        places |= {str(u): unit.code for u in below}
        only, words = Slice(name, below), ((("grid", unit.code),) if name == "grid" else ())
        members.append(Member(unit.code, unit.title, only, words, unit))
    members.append(_rest(name, whole, within, places))
    return Split(name, title, members, places)


def _rest(name: str, whole: Frame, within: UnitRow, places: Mapping[str, str]) -> Member:
    inside = within.id == whole.office.id
    ids = tuple(sorted(u for u in whole.reach.below(within.id) if str(u) not in places))
    word = REST if inside else f"{within.code}{REST}"
    title = _("没有网格") if name == "grid" and inside else _("本级")
    words = ((name, word if name == "grid" else REST),)
    return Member(REST, title, Slice(name, ids, missing=inside), words)


def _options(column: Column, definitions: list[Definition]) -> dict[str, str]:
    shown = record_columns.columns_of(kinds_of(definitions)[0])[column.name]
    return dict(shown.options) or {"yes": _("是"), "no": _("否")}


def _choice(name: str, key: str, title: str) -> Member:
    parameter = f"f.{name}" if name in record_columns.RESERVED else name
    if key == NONE:
        words = ((f"{parameter}__none", "1"),)
        return Member(NONE, _("没有填写"), Slice(name, missing=True), words)
    return Member(key, title, Slice(name, (key,)), ((parameter, key),))


def read_part(
    given: Mapping[str, str], definitions: Iterable[Definition], whole: Frame, unit: UnitRow
) -> Part:
    """Return the part that an address asks for: ?source=phone&grid=c1&sort__none=1.

    Raises:
        UnknownUnit: The grid is no unit of the office.
    """
    listed = list(definitions)
    found = WHOLE
    for name in dimensions(listed):
        member = _asked(given, name, listed, whole, unit)
        if member is not None:
            grid = member.unit if name == "grid" else found.grid
            said = f"{dimensions(listed)[name]}：{member.title}"
            found = Part(
                (*found.only, member.only), (*found.words, *member.words),
                (*found.titles, said), grid,
            )  # fmt: skip
    return found


def _asked(
    given: Mapping[str, str], name: str, listed: list[Definition], whole: Frame, unit: UnitRow
) -> Member | None:
    plain = _choice(name, NONE, "").words[0][0].removesuffix("__none")
    text = (given.get(plain) or "")[:80]
    if name == "unit":
        return _places(name, "", whole, unit).members[-1] if text == REST else None
    if name == "grid":
        return _grid(text, whole) if text else None
    if given.get(f"{plain}__none") == "1":
        return _choice(name, NONE, "")
    options = _options(kinds_of(listed)[0].columns()[name], listed)
    return _choice(name, text, options.get(text, text)) if text else None


def _grid(text: str, whole: Frame) -> Member:
    code = text.removesuffix(REST)
    within = whole.find(code) if code else whole.office
    if text.endswith(REST):
        return _places("grid", "", whole, within).members[-1]
    below = tuple(sorted(whole.reach.below(within.id)))
    return Member(
        within.code, within.title, Slice("grid", below), (("grid", within.code),), within
    )


__all__ = ["Member", "Part", "Split", "UnknownUnit", "dimensions", "read_part", "split_of"]
