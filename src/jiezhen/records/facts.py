"""The columns of a kind as trees over its table, for conditions, figures and lists.

Field values lie in the JSON column `data`; system columns lie in the table itself or, for the
days on which states were entered and for timers, in the JSON columns `entered` and `timers`. A date is a DATE tree (ISO
text in SQLite), money whole 分, a flag the text "yes" or "no", as `kernel.expressions` wants.
"""

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from sqlglot import exp

from jiezhen.packs.schema import TODAY, Kind
from jiezhen.records import shapes, timing
from jiezhen.records.fields import HASH
from jiezhen.records.models import Row
from jiezhen.records.timing import Timed

#: Names under which a statement knows the records, their units and who wrote them.
ROW, UNIT, WRITER = "r", "u", "w"

_CASTS = {"number": "DOUBLE PRECISION", "money": "BIGINT", "date": "DATE"}
_ENTERED = "entered_"


def columns(kind: Kind, on: date) -> dict[str, exp.Expr]:
    """Return each name of `kind.counting()` as a tree over the tables `r` and `u`.

    Args:
        kind: A kind whose table is known.
        on: The as-of day, for the name `today`.
    """
    found: dict[str, exp.Expr] = {TODAY.name: _literal_day(on)}
    timed = timing.columns_of(kind)
    for name in kind.columns():
        field = kind.fields.get(name)
        if field is not None:
            found[name] = _field(kind, name, field.type)
        elif name in timed:
            found[name] = _timed(timed[name])
        else:
            found[name] = _system(kind, name)
    return found


def grid(kind: Kind) -> exp.Expr | None:
    """Return the column of the unit where a record happened; None where the kind tells none."""
    names = {f.attname for f in shapes.model_of(kind.name)._meta.concrete_fields}
    return exp.column("grid_id", table=ROW) if "grid_id" in names else None


def _literal_day(day: date) -> exp.Expr:
    return exp.cast(exp.Literal.string(day.isoformat()), "DATE", dialect="postgres")


def _timed(column: Timed) -> exp.Expr:
    text = _timer_text(column)
    if column.type == "date":
        return exp.cast(_first_ten(text), "DATE", dialect="postgres")
    return (
        exp.cast(text, _CASTS["number"], dialect="postgres") if column.type == "number" else text
    )


def _timer_text(column: Timed) -> exp.Expr:
    held = exp.JSONExtract(
        this=exp.column("timers", table=ROW), expression=_path(column.timer), only_json_types=True
    )
    return exp.JSONExtractScalar(this=held, expression=_path(column.key), only_json_types=True)


def _first_ten(text: exp.Expr) -> exp.Expr:
    ends = {"start": exp.Literal.number(1), "length": exp.Literal.number(10)}
    return exp.Substring(this=text, **ends)


def day(kind: Kind, name: str) -> exp.Expr:
    """Return a date column as ISO text (2023-07-03), which both engines cut and compare alike."""
    stored = stored_day(kind, name)
    if stored is not None:
        return exp.cast(stored, "TEXT")
    if name in kind.fields:
        return _inside("data", name)
    timed = timing.columns_of(kind).get(name)
    if timed is not None:
        return _first_ten(_timer_text(timed))
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
