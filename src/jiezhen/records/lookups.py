"""Values inside `Row.data` and `Matter.timers` as typed expressions, equal on both engines.

A value of another type than the field's (left over from an older pack) counts as
missing instead of breaking the statement.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, F, FloatField, Func, TextField
from django.db.models.sql.compiler import SQLCompiler

from jiezhen.packs.schema import Kind

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_Sql = tuple[str, Any]


def natural_key(parts: Iterable[str]) -> str:
    """Return the key under which a record is found by what its kind's key fields say."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def key_part(stored: Any) -> str:
    """Return what a key field says in the form that is compared: no blanks, capitals."""
    return re.sub(r"\s+", "", str(stored)).upper() if stored not in (None, "") else ""


def keys_for(kinds: Iterable[Kind], word: str) -> list[str]:
    """Return the keys that records have whose number from elsewhere is this word.

    An order number, a case number: kinds whose key is one plain text.
    """
    one = (k.fields.get(k.key[0]) for k in kinds if len(k.key) == 1)
    plain = any(f is not None and f.type == "text" for f in one)
    return [natural_key([key_part(word)])] if plain and word.strip() else []


class _Value(Func):
    """Base: the place of the value, written as a literal that was checked letter by letter."""

    number = False
    cast = ""

    def __init__(self, *path: str, column: str = "data") -> None:
        for part in path:
            if not _NAME.fullmatch(part):
                raise ValueError(f"{part!r} is no field name")
        self.path, self.column = path, column
        super().__init__(F(column))

    def deconstruct(self) -> Any:
        """Return what rebuilds the expression."""
        name = f"{type(self).__module__}.{type(self).__qualname__}"
        return (name, self.path, {} if self.column == "data" else {"column": self.column})

    @property
    def identity(self) -> Any:
        """Tell two expressions apart by their path, not by their source alone."""
        return (type(self), self.column, self.path)

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_more: Any) -> _Sql:
        """Return the SQL for SQLite."""
        data, params = compiler.compile(self.source_expressions[0])
        where = "'$." + ".".join(f'"{part}"' for part in self.path) + "'"
        taken = f"JSON_EXTRACT({data}, {where})"
        if not self.number:
            return f"CAST({taken} AS TEXT)", params
        known = f"JSON_TYPE({data}, {where}) IN ('integer', 'real')"
        return f"CASE WHEN {known} THEN {taken} END", [*params, *params]

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_more: Any) -> _Sql:
        """Return the SQL for PostgreSQL."""
        data, params = compiler.compile(self.source_expressions[0])
        where = "'{" + ",".join(self.path) + "}'"
        if not self.number:
            return f"({data} #>> {where})", params
        known = f"JSONB_TYPEOF({data} #> {where}) = 'number'"
        return f"CASE WHEN {known} THEN ({data} #>> {where})::{self.cast} END", [*params, *params]


class TextValue(_Value):
    """A value as text: choices, flags, dates, addresses."""

    output_field = TextField()


class NumberValue(_Value):
    """A number with its decimals."""

    number, cast = True, "double precision"
    output_field = FloatField()


class WholeValue(_Value):
    """A whole number: 分 and ids of other records, too large for a float."""

    number, cast = True, "numeric"
    output_field = BigIntegerField()
