"""Two people changed one record: what each wrote, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jiezhen.people.access import Viewer
from jiezhen.records import display, fields, operations, shapes, wording
from jiezhen.records.models import Change, Row


@dataclass(frozen=True, slots=True)
class Pair:
    """One field in both versions.

    `raw` is what this person wrote; `pick` is proposed: a field that only one of the two
    touched is that one's.
    """

    name: str
    title: str
    mine: str
    theirs: str
    raw: str
    differs: bool
    pick: str


def compared(
    viewer: Viewer, row: Row, values: Mapping[str, Any], version: int, at: datetime
) -> list[Pair]:
    """Return the fields that a refused change would have written, beside what is there now.

    `version` is the one that this person had opened.
    """
    spec = shapes.kind_of(row.kind)
    context = operations.context_for(viewer, at)
    before = _opened(row, version)
    wanted = display.wanted_links([row], spec.fields.items())
    found = []
    mine: dict[str, Any] = {}
    for name, raw in values.items():
        try:
            mine[name] = fields.read(raw, spec.fields[name], context)
        except fields.Bad:
            mine[name] = str(raw)
    wanted |= display.wanted_links([_with(row, mine)], spec.fields.items())
    links = display.links_of(viewer, wanted) if wanted else {}
    for name, plain in mine.items():
        field, about = spec.fields[name], f"{row.kind}.{name}"
        same = operations.same(row.data, name, field, plain, about)
        touched = not operations.same(before, name, field, plain, about)
        stored: dict[str, Any] = {}
        fields.store(stored, name, field, plain, about)
        found.append(
            Pair(
                name,
                wording.title(field),
                display.stored_value(row.kind, name, field, stored.get(name), links).text,
                display.field_value(row, name, field, links).text,
                _raw(values[name]),
                not same,
                "mine" if touched else "theirs",
            )
        )
    return found


def _with(row: Row, data: dict[str, Any]) -> Row:
    """Return a row like this one with other data, that is never saved."""
    return type(row)(kind=row.kind, data=data)


def _raw(value: Any) -> str:
    return str(value.get("text", "")) if isinstance(value, dict) else str(value)


def _opened(row: Row, version: int) -> dict[str, Any]:
    """Return the data as it was in an earlier version, by undoing the changes since."""
    data = dict(row.data)
    later = Change.objects.filter(kind=row.kind, record_id=row.pk, version__gt=version)
    for change in later.order_by("-version"):
        for name in change.before.keys() | change.after.keys():
            if name.startswith("_"):
                continue
            if change.before.get(name) is None:
                data.pop(name, None)
            else:
                data[name] = change.before[name]
    return data
