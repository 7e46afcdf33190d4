"""Keyset paging: the next page begins behind the row where this one ended.

The place is handed out as a signed text, so that nobody reads other rows by making one
up. A page costs the same however far back it lies, because no row is skipped by
counting.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db.models import DateField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from jiezhen.packs.schema import Kind
from jiezhen.records import columns, filters
from jiezhen.records.models import Row

#: Missing values stand before every other in ascending order.
_LEAST = {"number": -1e300, "money": -(2**62), "date": date(1, 1, 1)}


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: by an expression and then by id, both in one direction.

    `dense` says that no row lacks the value, so that the table's own index serves.
    """

    name: str
    descending: bool
    expression: Any
    type: str = "id"
    dense: bool = False

    @property
    def sign(self) -> str:
        """Return the order as an address writes it."""
        return ("-" if self.descending else "") + self.name


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: the sort value and id beside it, how many rows lie before it.

    `back` means that the page ends there instead.
    """

    value: Any
    id: int
    before: int
    back: bool = False


def order_of(query: filters.Query) -> Order:
    """Return the order that a query asks for, or the kind's own: the newest first."""
    kind = query.kind
    name = query.sort.removeprefix("-")
    column = filters.sort_column(kind, name) if name else None
    if column is None:
        if _dated(kind):
            return Order("on", True, F("on"), "date", dense=True)
        return Order("", True, F("id"))
    dense = column.name in {
        "code",
        "title",
        "state",
        "created_on",
        "opened_on",
        "returns",
        "extended",
    } or (column.name == "on" and _dated(kind))
    kept = "time" if column.place == "created_at" else _kept(column)
    return Order(name, query.sort.startswith("-"), _whole(column, dense), kept, dense)


def _dated(kind: Kind) -> bool:
    """Say whether every record of the kind has its main date."""
    if kind.shape == "matter" and kind.on == "opened_on":
        return True
    return kind.on in kind.fields and kind.fields[kind.on].required


def _whole(column: columns.Column, dense: bool) -> Any:
    """Return the sort value with missing ones put below all others."""
    value = column.expression()
    if dense:
        return value
    least = _LEAST.get(_kept(column), "")
    field = value.output_field if column.texts else DateField()
    return Coalesce(value, Value(least, output_field=field))


def _kept(column: columns.Column) -> str:
    """Return how a sort value is held: days in data are text, in the table they are days."""
    return "text" if column.type == "date" and column.texts else column.type


def sorted_rows(rows: QuerySet[Row], order: Order, *, back: bool = False) -> QuerySet[Row]:
    """Return the rows in the order, or in its reverse."""
    falling = order.descending != back
    rows = rows.annotate(sort_value=order.expression)
    value, row_id = F("sort_value"), F("id")
    if order.name == "":
        return rows.order_by(row_id.desc() if falling else row_id.asc())
    both = (value.desc(), row_id.desc()) if falling else (value.asc(), row_id.asc())
    return rows.order_by(*both)


def behind(rows: QuerySet[Row], order: Order, place: Place) -> QuerySet[Row]:
    """Keep the rows behind a place, in the direction that it looks."""
    falling = order.descending != place.back
    beyond = "lt" if falling else "gt"
    if order.name == "":
        return rows.filter(**{f"id__{beyond}": place.id})
    # The first bound alone lets an index find the page; the second settles equal values.
    return rows.filter(**{f"sort_value__{beyond}e": place.value}).filter(
        Q(**{f"sort_value__{beyond}": place.value}) | Q(**{f"id__{beyond}": place.id})
    )


def written(query: filters.Query, order: Order, place: Place) -> str:
    """Return a place as a signed text for an address."""
    return sealed(place, _salt(query, order))


def read(query: filters.Query, order: Order) -> Place | None:
    """Return the place of the query's address; None at the start and for a foreign text."""
    place = unsealed(query.after, _salt(query, order))
    if place is None:
        return None
    if order.type == "date":
        return replace(place, value=date.fromisoformat(place.value))
    if order.name == "created_on":
        return replace(place, value=datetime.fromisoformat(place.value))
    return place


def sealed(place: Place, salt: str) -> str:
    """Return a place as a signed text; `salt` names the list to which it belongs."""
    value = place.value
    if isinstance(value, (date, datetime)):
        value = value.isoformat()
    elif isinstance(value, Decimal):
        value = int(value)
    told = [value, place.id, place.before, int(place.back)]
    return signing.dumps(told, salt=salt, compress=True)


def unsealed(text: str, salt: str) -> Place | None:
    """Return the place that a signed text of this list means; None for any other text."""
    if not text:
        return None
    try:
        value, row_id, before, back = signing.loads(text, salt=salt)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Place(value, int(row_id), int(before), bool(back))


def _salt(query: filters.Query, order: Order) -> str:
    """Bind a place to its kind, order and filters: with others it would skip rows."""
    kept = sorted(p for p in query.pairs if p[0] not in {"columns", "view", "tab"})
    return f"list:{query.kind.name}:{order.sign}:{kept!r}"
