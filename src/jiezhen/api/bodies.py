"""How records and kinds look as JSON. Personal values are masked, as on the pages."""

from typing import Any

from jiezhen.packs.schema import Kind
from jiezhen.records import fields, shapes
from jiezhen.records.models import Row


def kind(spec: Kind) -> dict[str, Any]:
    """Return a kind with its fields and, for a matter, its states."""
    return {
        "name": spec.name,
        "title": spec.title,
        "shape": spec.shape,
        "on": spec.on,
        "fields": [
            {
                "name": name,
                "title": f.title,
                "type": f.type,
                "required": f.required,
                "unit": f.unit,
                "options": f.options,
                "to": f.to,
            }
            for name, f in spec.fields.items()
        ],
        "states": (
            {name: s.title for name, s in spec.flow_spec.states.items()} if spec.flow_spec else {}
        ),
    }


def record(row: Row, unit: str) -> dict[str, Any]:
    """Return a record; values stay typed, money in 分, personal ones are masked texts."""
    spec = shapes.kind_of(row.kind)
    return {
        "kind": row.kind,
        "code": row.code,
        "title": row.title,
        "unit": unit,
        "on": row.on.isoformat() if row.on else None,
        "version": row.version,
        "state": getattr(row, "state", None),
        "withdrawn": row.withdrawn_at is not None,
        "values": {name: _value(row, spec, name) for name in spec.fields},
    }


def _value(row: Row, spec: Kind, name: str) -> Any:
    field = spec.fields[name]
    stored = row.data.get(name)
    if stored is None:
        return None
    if field.type in fields.PERSONAL or field.type == "text":
        return fields.shown(stored, field, masked=True, about=f"{spec.name}.{name}")
    if field.type == "place":
        return {**stored, "text": fields.shown(stored, field, masked=True)}
    return stored
