"""The columns of a kind as trees over its table, for conditions, figures and lists.

Field values lie in the JSON column `data`; system columns lie in the table itself or, for the
days on which states were entered, in the JSON column `entered`. A date is a DATE tree (ISO
text in SQLite), money whole 分, a flag the text "yes" or "no", as `kernel.expressions` wants.
"""

from typing import Any

from django.contrib.auth import get_user_model
from sqlglot import exp

from jiezhen.packs.schema import Kind
from jiezhen.records import shapes
from jiezhen.records.fields import HASH
from jiezhen.records.models import Row

#: Names under which a statement knows the records, their units and who wrote them.
ROW, UNIT, WRITER = "r", "u", "w"

_CASTS = {"number": "DOUBLE PRECISION", "money": "BIGINT", "date": "DATE"}
_ENTERED = "entered_"


def columns(kind: Kind) -> dict[str, exp.Expr]:
    """Return each name of `kind.columns()` as a tree over the tables `r` and `u`."""
    found = {}
    for name in kind.columns():
        field = kind.fields.get(name)
        if field is None:
            found[name] = _system(kind, name)
        else:
            found[name] = _field(kind, name, field.type)
    return found


def day(kind: Kind, name: str) -> exp.Expr:
    """Return a date column as ISO text (2023-07-03), which both engines cut and compare alike."""
    stored = stored_day(kind, name)
    if stored is not None:
        return exp.cast(stored, "TEXT")
    if name in kind.fields:
        return _inside("data", name)
    if name.startswith(_ENTERED):
        return _inside("entered", name.removeprefix(_ENTERED).removesuffix("_on"))
    return exp.cast(_system(kind, name), "TEXT")


def stored_day(kind: Kind, name: str) -> exp.Expr | None:
    """Return the DATE column of the table that holds a date; None when it lies in JSON.

    The kind's main date is kept in the column `on` as well, where an index finds it.
    """
    if name == kind.on and name in kind.fields:
        return exp.column("on", table=ROW, quoted=True)
    own = shapes.shape_of(kind.name).columns
    if name in own and name != "state":
        return exp.column(own[name], table=ROW, quoted=True)
    if name == "opened_on" and name not in own:
        return exp.column("on", table=ROW, quoted=True)
    return None


def validity(kind: Kind) -> tuple[exp.Expr, exp.Expr]:
    """Return the columns of the first day of an entry and of the day after its last."""
    own = shapes.shape_of(kind.name).columns
    start, end = (
        exp.column(own[name], table=ROW, quoted=True) for name in ("valid_from", "valid_until")
    )
    return start, end


def opened(kind: Kind) -> exp.Expr:
    """Return the column of the day on which a record began."""
    own = shapes.shape_of(kind.name).columns
    return exp.column(own.get("opened_on", "on"), table=ROW, quoted=True)


def comparable_day(kind: Kind, name: str) -> exp.Expr:
    """Return a date column as it is compared with a bound ISO day: stored, else as text."""
    stored = stored_day(kind, name)
    return day(kind, name) if stored is None else stored


def _field(kind: Kind, name: str, type_: str) -> exp.Expr:
    if type_ == "date" and name == kind.on:
        return exp.column("on", table=ROW, quoted=True)
    if type_ == "id_number":
        return _inside("data", name + HASH)
    if type_ == "place":
        inner = exp.JSONExtract(
            this=exp.column("data", table=ROW), expression=_path(name), only_json_types=True
        )
        return exp.JSONExtractScalar(this=inner, expression=_path("text"), only_json_types=True)
    text = _inside("data", name)
    return exp.cast(text, _CASTS[type_], dialect="postgres") if type_ in _CASTS else text


def _system(kind: Kind, name: str) -> exp.Expr:
    if name == "unit_code":
        return exp.column("code", table=UNIT)
    if name == "created_on":
        moment = exp.column("created_at", table=ROW)
        local = exp.AtTimeZone(this=moment, zone=exp.Literal.string("Asia/Shanghai"))
        return exp.cast(local, "DATE", dialect="postgres")
    if name.startswith(_ENTERED):
        state = name.removeprefix(_ENTERED).removesuffix("_on")
        return exp.cast(_inside("entered", state), "DATE", dialect="postgres")
    own = shapes.shape_of(kind.name).columns
    place = own.get(name, {"opened_on": "on"}.get(name, name))
    return exp.column(place, table=ROW, quoted=True)


def _inside(column: str, key: str) -> exp.Expr:
    """Return the text under a key of a JSON column."""
    return exp.JSONExtractScalar(
        this=exp.column(column, table=ROW), expression=_path(key), only_json_types=True
    )


def _path(key: str) -> exp.Expr:
    return exp.JSONPath(expressions=[exp.JSONPathRoot(), exp.JSONPathKey(this=key)])


def tables(kind: Kind) -> dict[str, str]:
    """Return the physical names of the tables that `r`, `u` and `w` stand for."""
    model: type[Row] = shapes.model_of(kind.name)
    unit: Any = model._meta.get_field("unit").related_model
    return {
        ROW: model._meta.db_table,
        UNIT: unit._meta.db_table,
        WRITER: get_user_model()._meta.db_table,
    }
