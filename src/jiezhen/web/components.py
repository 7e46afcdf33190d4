"""The contexts that pages hand to the tags of `templatetags.web`.

Words: every class is one thing on the screen, frozen, of plain values only. Texts are plain
strings and are always escaped; addresses are paths of our own origin. A figure is text that is
already written out with its 量词 (see `formats.quantity`), plus the address that explains it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Literal, TypeAlias

from django.utils.safestring import SafeString

Colour: TypeAlias = Literal["green", "yellow", "red", "grey", "blue"]
Share: TypeAlias = float | Decimal | Fraction
Align: TypeAlias = Literal["text", "number", "action", "date"]
Order: TypeAlias = Literal["", "ascending", "descending"]


@dataclass(frozen=True, slots=True)
class NavItem:
    """A link of a menu; `key` is the letter behind `g` for the eight first-level items."""

    key: str
    title: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the path above the heading; the last one has no address."""

    title: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Lamp:
    """A status light. An empty word takes the colour's own (正常, 滞后, 超期, 无数据, 销号)."""

    colour: Colour
    word: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """Progress against a target. `share` and `pace` (序时) are parts of 1; share may exceed 1."""

    share: Share
    pace: Share | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a chip's menu, a tab, or a facet: a link with an optional count.

    A count that stops somewhere is given as text: 1000+.
    """

    title: str
    href: str
    count: int | str | None = None
    current: bool = False
    lamp: Lamp | None = None


@dataclass(frozen=True, slots=True)
class Chip:
    """A scope chip: what it says now, and what it may be changed to.

    `clear` is the address without this filter, where the filter is set and has choices.
    """

    title: str
    label: str = ""
    href: str = ""
    choices: tuple[Choice, ...] = ()
    remove: str = ""
    clear: str = ""


@dataclass(frozen=True, slots=True)
class Folded:
    """A head that a phone folds: which filters are set, and the address without all of them."""

    chosen: tuple[Chip, ...] = ()
    clear: str = ""

    @classmethod
    def of(cls, scope: Iterable[Chip], clear: str) -> "Folded":
        """Return the fold of some filters; what is set stays in sight and can be taken back."""
        return cls(
            tuple(
                Chip(c.title, c.label, remove=c.remove or c.clear)
                for c in scope
                if c.remove or c.clear
            ),
            clear,
        )


@dataclass(frozen=True, slots=True)
class Facet:
    """One group of filters with counts; links keep all other filters of the page."""

    title: str
    choices: tuple[Choice, ...]
    clear: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column head. `href` sorts; `order` says how it is sorted now; `unit` only if identical."""

    title: str
    align: Align = "text"
    href: str = ""
    order: Order = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: text, a link, a computed figure (`number`), a lamp, a bar; `why` explains a blank.

    `markup` is for a page's own rendered fragment; it is the only field that is not escaped.
    """

    text: str = ""
    href: str = ""
    number: bool = False
    lamp: Lamp | None = None
    bar: Bar | None = None
    note: str = ""
    why: str = ""
    code: bool = False
    markup: SafeString | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `key` is its value when selected, `label` what the tick box is called."""

    cells: tuple[Cell | str, ...]
    key: str = ""
    label: str = ""
    current: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of a table that stand together: on a phone they fold under this line.

    `size` is how many rows it has, `count` says so with its 量词, `lamps` counts lights.
    A group of one light is drawn with it: `lamp` stands in place of the title.
    """

    title: str
    size: int
    count: str
    lamps: tuple[tuple[Lamp, int], ...] = ()
    lamp: Lamp | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A data grid: rules only, figures right, label and value pairs on a phone."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    selectable: bool = False
    wide: bool = False
    groups: tuple[Group, ...] = ()

    @property
    def body(self) -> Iterator[tuple[Row, list[tuple[Column, Cell]]]]:
        """Pair every cell with its column; a plain string becomes a text cell."""
        for row in self.rows:
            cells = [c if isinstance(c, Cell) else Cell(text=c) for c in row.cells]
            yield row, list(zip(self.columns, cells, strict=True))

    @property
    def parts(self) -> Iterator[tuple[Group, list[tuple[Row, list[tuple[Column, Cell]]]]]]:
        """Give every group with its rows, in the order of the rows."""
        body = self.body
        for group in self.groups:
            yield group, list(islice(body, group.size))


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the list stands: 1—50 / 312件. `total` is None when it was not counted, 1000+ when not all."""

    first: int
    latest: int
    total: int | str | None = None
    unit: str = "条"
    previous: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of a dashboard. `favour` is 有利 or 不利, never a colour of rise and fall."""

    title: str
    value: str
    unit: str = ""
    href: str = ""
    target: str = ""
    bar: Bar | None = None
    values: tuple[float | None, ...] = ()
    change: str = ""
    favour: str = ""
    note: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a timeline, latest first or last as the page decides."""

    at: datetime | date
    title: str
    who: str = ""
    text: str = ""
    href: str = ""
    lamp: Lamp | None = None
    source: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a record: a name and what is known; `why` when nothing is."""

    title: str
    text: str = ""
    href: str = ""
    number: bool = False
    why: str = ""
    masked: "Masked | None" = None
    lamp: Lamp | None = None


@dataclass(frozen=True, slots=True)
class Masked:
    """A covered personal value. Showing it is a POST with one of `reasons`, on record."""

    text: str
    action: str = ""
    label: str = ""
    reasons: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """A button or link named after its result. `post` makes it a small form."""

    title: str
    href: str = ""
    primary: bool = False
    post: bool = False
    key: str = ""
    name: str = ""
    value: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Undo:
    """What was just done and how to take it back until `until` (already written out)."""

    text: str
    action: str
    label: str = ""
    until: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at which field; `field` is the html id that the summary links to."""

    field: str
    message: str
