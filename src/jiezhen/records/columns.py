"""The columns of a kind's list: its fields, and what every record of its shape has.

A name from an address is looked up here and nowhere else; a name that is not here does
not reach the database.
"""

import dataclasses
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiezhen.packs.schema import Field, Kind
from jiezhen.records import fields, lookups, shapes, timing, wording
from jiezhen.records.timing import Timed

#: What `Kind.columns` calls the system's columns; packs know no catalogue.
SYSTEM_TITLES = (
    gettext_noop("编号"),
    gettext_noop("登记日期"),
    gettext_noop("受理日期"),
    gettext_noop("发生日期"),
    gettext_noop("起用日期"),
    gettext_noop("停用日期"),
    gettext_noop("状态"),
    gettext_noop("办结日期"),
    gettext_noop("截止日期"),
    gettext_noop("重办次数"),
    gettext_noop("延期次数"),
)
#: The numbers that a table of matters keeps beside its dates.
_NUMBERS = ("returns", "extended")

#: Words of an address that mean something to every list; a field of such a name is
#: written f.<name> there.
RESERVED = frozenset(
    {
        "q",
        "unit",
        "state",
        "period",
        "withdrawn",
        "sort",
        "after",
        "columns",
        "tab",
        "view",
        "kind",
        "wall",
        "by",
        "n",
    }
)
_SORTED = frozenset({"text", "choice", "number", "money", "date", "time", "flag", "place"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in addresses, its type, and where its value lies.

    `field` is the pack's declaration, None for a column of the table itself; then
    `place` is that column's name, and `timed` says what is meant inside the one of timers.
    """

    name: str
    title: str
    type: str
    field: Field | None = None
    place: str = ""
    options: dict[str, str] = dataclasses.field(default_factory=dict)
    unit: str = ""
    timed: Timed | None = None

    @property
    def parameter(self) -> str:
        """Return the column's name in an address."""
        return f"f.{self.name}" if self.name in RESERVED and self.field else self.name

    @property
    def personal(self) -> bool:
        """Say whether the value names or reaches a person."""
        return self.field is not None and self.field.type in fields.PERSONAL

    @property
    def sortable(self) -> bool:
        """Say whether a list may be sorted by the column."""
        return not self.personal and (self.field is None or self.field.type in _SORTED)

    @property
    def number(self) -> bool:
        """Say whether the value is a figure, to be set to the right."""
        return self.type in {"number", "money"}

    @property
    def texts(self) -> bool:
        """Say whether days are kept as ISO text: those inside a JSON column."""
        return self.field is not None or self.timed is not None

    def expression(self) -> Any:
        """Return the value as an expression of a query."""
        if self.timed is not None:
            made = lookups.NumberValue if self.type == "number" else lookups.TextValue
            return made(self.timed.timer, self.timed.key, column=self.place)
        if self.field is None:
            return F(self.place)
        if self.type == "number":
            return lookups.NumberValue(self.name)
        if self.type in {"money", "link"}:
            return lookups.WholeValue(self.name)
        if self.type == "place":
            return lookups.TextValue(self.name, "text")
        return lookups.TextValue(self.name)


def columns_of(kind: Kind) -> dict[str, Column]:
    """Return every column of a kind by name: fields in the pack's order, then the system's."""
    found = {
        name: Column(
            name,
            wording.title(spec),
            spec.type,
            spec,
            options=wording.options(spec),
            unit=spec.unit or ("元" if spec.type == "money" else ""),
        )
        for name, spec in kind.kept.items()
    }
    return found | _system(kind)


def _system(kind: Kind) -> dict[str, Column]:
    told = kind.columns()
    found = {"code": Column("code", _(told["code"].title), "text", place="code")}
    for name, place in shapes.shape_of(kind.name).columns.items():
        if name in kind.fields:
            continue
        title = _(told[name].title) if name in told else _title(name)
        if name == "state":
            states = kind.flow_spec.states if kind.flow_spec else {}
            options = {key: wording.title(state) for key, state in states.items()}
            found[name] = Column(name, title, "choice", place=place, options=options)
        else:
            found[name] = Column(name, title, "date", place=place)
    for name in (n for n in _NUMBERS if n in told):
        found[name] = Column(name, _(told[name].title), "number", place=name)
    found["created_on"] = Column(
        "created_on", _(told["created_on"].title), "date", place="created_at"
    )
    return found | _timers(kind)


def _timers(kind: Kind) -> dict[str, Column]:
    """Return the columns of a matter's timers: met or missed, deadline, end, hours."""
    told = kind.columns()
    return {
        name: Column(
            name, told[name].title, timed.type, place="timers", timed=timed,
            options={"yes": _("是"), "no": _("否")} if timed.type == "flag" else {},
            unit=_("小时") if timed.type == "number" else "",
        )
        for name, timed in timing.columns_of(kind).items()
    }  # fmt: skip


def _title(name: str) -> str:
    return {"on": _("日期"), "until": _("至")}.get(name, name)


def main_date(kind: Kind) -> Column | None:
    """Return the date column by which a period chooses rows: the table's own `on`."""
    found = columns_of(kind)
    spec = found.get(kind.on)
    if spec is None:
        return None
    return Column("on", spec.title, "date", place="on")


def shown_at_first(kind: Kind) -> tuple[str, ...]:
    """Return the names of the field columns that a list shows when nobody chose others.

    The label is the first column of every list, so its fields are not repeated.
    """
    names = [
        name
        for name, field in kind.kept.items()
        if field.type not in {"file", "id_number"} and "{" + name + "}" not in kind.label
    ]
    useful = sorted(names, key=lambda name: (not _first(kind, name), names.index(name)))
    return tuple(sorted(useful[:5], key=names.index))


def _first(kind: Kind, name: str) -> bool:
    """Say whether a field belongs on the first look: its key, its main date, what is required."""
    spec = kind.fields[name]
    return name == kind.on or name in kind.key or spec.required or spec.type in {"choice", "money"}
