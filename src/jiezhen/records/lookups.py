"""Field values inside `Row.data` as typed expressions, equal on SQLite and PostgreSQL.

A value of another type than the field's (left over from an older pack) counts as
missing instead of breaking the statement.
"""

import re
from typing import Any

from django.db.models import BigIntegerField, F, FloatField, Func, TextField
from django.db.models.sql.compiler import SQLCompiler

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_Sql = tuple[str, Any]


class _Value(Func):
    """Base: the place of the value, written as a literal that was checked letter by letter."""

    number = False
    cast = ""

    def __init__(self, *path: str) -> None:
        for part in path:
            if not _NAME.fullmatch(part):
                raise ValueError(f"{part!r} is no field name")
        self.path = path
        super().__init__(F("data"))

    def deconstruct(self) -> Any:
        """Return what rebuilds the expression."""
        return (f"{type(self).__module__}.{type(self).__qualname__}", self.path, {})

    @property
    def identity(self) -> Any:
        """Tell two expressions apart by their path, not by their source alone."""
        return (type(self), self.path)

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
