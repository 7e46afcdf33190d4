"""The records behind a figure: the same conditions as in the counting, row by row."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from sqlglot import exp

from jiezhen.indicators.facts import left_out
from jiezhen.indicators.facts.binding import Bindings, text_of
from jiezhen.indicators.facts.branches import (
    Scope,
    from_tables,
    kind_of,
    narrowed,
    needs_unit,
    whose,
)
from jiezhen.indicators.facts.slices import Slice
from jiezhen.indicators.facts.tally import dialect
from jiezhen.indicators.rules.spans import Buckets, Span
from jiezhen.packs.definitions import Definition
from jiezhen.records import facts
from jiezhen.records.facts import ROW, WRITER


@dataclass(frozen=True, slots=True)
class Listed:
    """One record: where it stands, its day and value in the figure, and why it is left out."""

    id: int
    code: str
    title: str
    unit_id: int
    version: int
    day: str
    value: Any
    writer: str
    data: dict[str, Any]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Which records are asked for.

    `units` narrows to units by their ids (None: the whole office). With `ids` those very
    records are listed, whether they still count or not. `after` is the day and id of the
    latest record of the page before. `only` narrows to parts of the kind's records.
    """

    definition: Definition
    office_id: int
    span: Span
    on: date
    units: frozenset[int] | None = None
    ids: tuple[int, ...] | None = None
    after: tuple[str, int] | None = None
    limit: int = 20
    left: bool = False
    only: tuple[Slice, ...] = ()


def listed(question: Question) -> list[Listed]:
    """Return records by day and id: one statement, never more than the limit."""
    tree, bind = _listing(question)
    with connection.cursor() as cursor:
        cursor.execute(text_of(bind.bound(tree), dialect()), bind.values)
        return [_listed(row) for row in cursor.fetchall()]


def _listed(row: Sequence[Any]) -> Listed:
    data = json.loads(row[8]) if isinstance(row[8], str) else row[8]
    return Listed(
        row[0],
        row[1],
        row[2],
        row[3],
        row[4],
        row[5] or "",
        row[6],
        row[7] or "",
        data,
        row[9] or "",
    )


def _scope(
    definition: Definition, office_id: int, span: Span, on: date, only: tuple[Slice, ...] = ()
) -> Scope:
    kind, buckets = kind_of(definition), Buckets.of([span])
    return Scope(kind, office_id, buckets, on, Bindings(), facts.columns(kind, on), only)


def _listing(question: Question) -> tuple[exp.Expr, Bindings]:
    definition = question.definition
    scope = _scope(definition, question.office_id, question.span, question.on, question.only)
    day = exp.Coalesce(this=_day(scope, definition), expressions=[exp.Literal.string("")])
    reason: exp.Expr = exp.cast(exp.Null(), "TEXT")
    keep = [] if question.ids is not None else _counts(scope, definition, question.span)
    if question.left:
        reason, keep_left = left_out.reasons(scope, definition, question.span)
        keep = [keep_left]
    value = definition.value.sql(scope.columns) if definition.value else exp.Null()
    heads = [exp.column(name, table=ROW) for name in ("id", "code", "title", "unit_id", "version")]
    writer = exp.column("name", table=WRITER)
    query = exp.select(
        *heads, day, exp.cast(value, "TEXT"), writer, exp.column("data", table=ROW), reason
    )
    unit = any(needs_unit(tree) for tree in [*keep, value, reason])
    query = from_tables(scope, query, unit)
    match = exp.EQ(
        this=exp.column("id", table=WRITER), expression=exp.column("created_by_id", table=ROW)
    )
    writers = exp.table_(facts.tables(scope.kind)[WRITER], alias=WRITER)
    query = query.join(writers, on=match, join_type="left")
    withdrawn = question.left or question.ids is not None
    order: exp.Expr = day
    if definition.on and not withdrawn:
        # No day is missing here, so the bare column serves, which an index keeps in order.
        order = facts.comparable_day(scope.kind, definition.on)
    conditions = [*whose(scope, withdrawn=withdrawn), *keep, *narrowed(scope)]
    conditions += _narrowed(scope, question, order)
    record = exp.column("id", table=ROW)
    query = query.where(*conditions).order_by(order.copy(), record).limit(question.limit)
    return query, scope.bind


def _narrowed(scope: Scope, question: Question, day: exp.Expr) -> list[exp.Expr]:
    found: list[exp.Expr] = []
    record = exp.column("id", table=ROW)
    if question.units is not None:
        found.append(_one_of("unit_id", question.units))
    if question.ids is not None:
        found.append(_one_of("id", question.ids))
    if question.after is not None:
        latest, number = question.after
        edge = scope.bind.put(latest)
        later = exp.GT(this=day.copy(), expression=edge.copy())
        same = exp.and_(
            exp.EQ(this=day.copy(), expression=edge),
            exp.GT(this=record.copy(), expression=exp.Literal.number(number)),
        )
        found.append(exp.paren(exp.or_(later, same)))
    return found


def _one_of(column: str, numbers: Iterable[int]) -> exp.Expr:
    """Return the condition that a column holds one of these numbers; none of them: nothing."""
    listed: list[exp.Expr] = [exp.Literal.number(n) for n in sorted(numbers)]
    return exp.In(this=exp.column(column, table=ROW), expressions=listed or [exp.Null()])


def _day(scope: Scope, definition: Definition) -> exp.Expr:
    return facts.day(scope.kind, definition.on or "valid_from")


def _counts(scope: Scope, definition: Definition, span: Span) -> list[exp.Expr]:
    """Return the conditions under which a row counts in a span."""
    keep: list[exp.Expr] = []
    bind = scope.bind
    limit = bind.put(min(span.until, scope.limit).isoformat())
    if definition.on:
        day = facts.comparable_day(scope.kind, definition.on)
        first = bind.put(span.start.isoformat())
        keep += [exp.GTE(this=day.copy(), expression=first), exp.LT(this=day, expression=limit)]
    else:
        start, end = facts.validity(scope.kind)
        none = exp.Null()
        keep += [
            exp.paren(
                exp.or_(
                    exp.Is(this=start.copy(), expression=none),
                    exp.LT(this=start.copy(), expression=limit.copy()),
                )
            ),
            exp.paren(
                exp.or_(
                    exp.Is(this=end.copy(), expression=none),
                    exp.GTE(this=end.copy(), expression=limit),
                )
            ),
            left_out.ever_valid(scope),
        ]
    if definition.where is not None:
        keep.append(definition.where.sql(scope.columns))
    if definition.value is not None:
        value = exp.paren(definition.value.sql(scope.columns))
        keep.append(exp.Not(this=exp.Is(this=value, expression=exp.Null())))
    return keep


@dataclass(frozen=True, slots=True)
class Maker:
    """One record that counts for an indicator: its version, unit and days."""

    id: int
    version: int
    unit_id: int
    day: str
    until: str


def makers(
    definitions: Iterable[Definition], office_id: int, span: Span, on: date
) -> dict[str, list[Maker]]:
    """Return all records that count for indicators of one kind in a span: one statement.

    For a stock the records that were valid at any time until the span's end are returned.
    """
    names: list[str] = []
    texts: list[str] = []
    bind = Bindings()
    for definition in definitions:
        scope = _scope(definition, office_id, span, on)
        scope = Scope(scope.kind, office_id, scope.buckets, on, bind, scope.columns)
        texts.append(text_of(bind.bound(_maker(scope, definition, span, len(names))), dialect()))
        names.append(definition.indicator.name)
    found: dict[str, list[Maker]] = {name: [] for name in names}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(texts), bind.values)
        for number, *rest in cursor.fetchall():
            found[names[number]].append(
                Maker(rest[0], rest[1], rest[2], rest[3] or "", rest[4] or "")
            )
    return found


def _maker(scope: Scope, definition: Definition, span: Span, number: int) -> exp.Expr:
    keep = _counts(scope, definition, span)
    until: exp.Expr = exp.Null()
    if not definition.on:
        until = facts.day(scope.kind, "valid_until")
        keep = [*keep[:1], *keep[2:]]
    columns = [exp.column(name, table=ROW) for name in ("id", "version", "unit_id")]
    query = exp.select(
        exp.Literal.number(number), *columns, _day(scope, definition), exp.cast(until, "TEXT")
    )
    query = from_tables(scope, query, any(needs_unit(tree) for tree in keep))
    return query.where(*whose(scope), *keep)
