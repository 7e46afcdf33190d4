"""Values as people see them: masked, with their units, links as the titles of what they name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiezhen.kernel import clock
from jiezhen.packs.schema import Field, Kind
from jiezhen.people.access import Viewer
from jiezhen.records import access, fields, places, sealing, shapes, wording
from jiezhen.records.columns import Column
from jiezhen.records.models import Row
from jiezhen.web import formats

HIDDEN = gettext_noop("（没有权限看）")


@dataclass(frozen=True, slots=True)
class Linked:
    """The other end of a link: its title and page; no page when the viewer may not open it."""

    title: str
    href: str = ""
    code: str = ""

    @property
    def writing(self) -> str:
        """Return what one writes into a form to mean this record."""
        return self.code if self.title in {"", self.code} else f"{self.code} {self.title}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A value on a page. `raw` is its stored form, empty for personal and sealed values."""

    text: str
    href: str = ""
    raw: Any = None


Links = Mapping[tuple[str, int], Linked]


def links_of(viewer: Viewer, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Linked]:
    """Return what links lead to, by kind and id: one statement for each table.

    A record that the viewer may not see, or that was withdrawn, has no address.
    """
    ids: dict[str, dict[str, set[int]]] = {}
    for kind_name, record_id in wanted:
        try:
            kind = access.kind_for(viewer, kind_name)
        except access.NoSuchRecord:
            continue
        ids.setdefault(kind.shape, {}).setdefault(kind.name, set()).add(record_id)
    found: dict[tuple[str, int], Linked] = {}
    for by_kind in ids.values():
        ids_of_all = {i for some in by_kind.values() for i in some}
        for name, pk, title, code, withdrawn in _rows(viewer, list(by_kind), ids_of_all):
            said = (title or code) + (_("（已撤回）") if withdrawn else "")
            found[name, pk] = Linked(said, places.page(name, code), code)
    return found


def _rows(viewer: Viewer, names: list[str], ids: set[int]) -> Iterable[tuple[Any, ...]]:
    found = access.rows_of_many(viewer, [shapes.kind_of(n) for n in names])
    if found is None:
        return []
    return found.filter(pk__in=ids).values_list("kind", "pk", "title", "code", "withdrawn_at")


def wanted_links(rows: Iterable[Row], named: Iterable[tuple[str, Field]]) -> set[tuple[str, int]]:
    """Return kind and id of every record that the rows' link fields name."""
    specs = [(name, str(f.to)) for name, f in named if f.type == "link"]
    return {
        (to, row.data[name])
        for row in rows
        for name, to in specs
        if isinstance(row.data.get(name), int)
    }


def field_value(
    row: Row, name: str, spec: Field, links: Links | None = None, *, masked: bool = True
) -> Shown:
    """Return one field of a record as people see it; personal values masked unless told."""
    return stored_value(row.kind, name, spec, row.data.get(name), links, masked=masked)


def stored_value(
    kind: str,
    name: str,
    spec: Field,
    stored: Any,
    links: Links | None = None,
    *,
    masked: bool = True,
) -> Shown:
    """Return a stored value of a kind's field as people see it."""
    if stored in (None, "", [], {}):
        return Shown("")
    if spec.type == "link":
        found = (links or {}).get((str(spec.to), stored))
        return Shown(found.title, found.href, stored) if found else Shown(_(HIDDEN), raw=stored)
    if spec.type == "file":
        return Shown(_("{n}个文件").format(n=len(stored)), raw=stored)
    if spec.type in fields.PERSONAL:
        return Shown(_personal(kind, name, spec, stored, masked=masked))
    return Shown(_plain(spec, stored, masked=masked), raw=stored)


def _personal(kind: str, name: str, spec: Field, stored: str, *, masked: bool) -> str:
    try:
        return fields.shown(stored, spec, masked=masked, about=f"{kind}.{name}")
    except sealing.Unopenable:
        return _("（打不开：加密密钥不对）")


def _plain(spec: Field, stored: Any, *, masked: bool) -> str:
    if spec.type == "choice":
        return wording.option(spec, str(stored))
    if spec.type == "number":
        return formats.quantity(stored, spec.unit or "")
    if spec.type == "money":
        return money(stored)
    if spec.type == "date":
        return formats.day(day_of(stored))
    if spec.type == "time":
        return formats.moment(datetime.fromisoformat(stored))
    return fields.shown(stored, spec, masked=masked)


def money(cents: Any) -> str:
    """Return an amount as people write it: 830万元, 65.8万元, 12.5元."""
    if not isinstance(cents, int):
        return ""
    return formats.quantity(Decimal(cents) / 100, "元")


def day_of(stored: Any) -> date | None:
    """Return the day of a stored date; None for what is no day."""
    try:
        return date.fromisoformat(str(stored)[:10])
    except ValueError:
        return None


def system_value(row: Row, column: Column) -> Shown:
    """Return a column of the table itself as people see it."""
    value = getattr(row, column.place, None)
    if column.timed is not None:
        return _timed(column, column.timed.value(value or {}))
    if isinstance(value, datetime):
        return Shown(formats.day(value.astimezone(clock.ZONE)), raw=value.isoformat())
    if isinstance(value, date):
        return Shown(formats.day(value), raw=value.isoformat())
    text = "" if value is None else str(value)
    return Shown(column.options.get(text, text), raw=value)


def _timed(column: Column, value: Any) -> Shown:
    if value is None:
        return Shown("")
    if column.type == "date":
        return Shown(formats.day(day_of(value)), raw=value)
    if column.type == "number":
        return Shown(formats.quantity(value, column.unit), raw=value)
    return Shown(column.options.get(value, str(value)), raw=value)


def state_title(kind: Kind, state: str) -> str:
    """Return the title of a state of the kind's flow."""
    spec = kind.flow_spec.states.get(state) if kind.flow_spec else None
    return wording.title(spec) if spec else state
