"""What a list's address asks for: typed conditions, read by an allow-list of names.

    ?lives_alone=yes&age__min=80&unit=c1&period=2023H1&q=沧源路&sort=-age

A field's own name compares, `__has` looks inside a text, `__min` and `__max` bound
numbers (元 for money), days and times, `__none=1` finds where nothing is written. Names
that the kind does not have, and values that cannot be read, are set aside and said in
`notes`; nothing from an address is ever used as a name of a column.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.packs.schema import Field, Kind
from jiezhen.people import masking
from jiezhen.records import columns, fields
from jiezhen.records.columns import Column
from jiezhen.records.models import Row

Pairs = Sequence[tuple[str, str]]

#: Most conditions of one list, and most choices of one condition.
MOST = 40
_TESTS = {"has": "has", "min": "min", "max": "max", "none": "none"}
_RANGED = frozenset({"number", "money", "date", "time"})
_TEXTS = frozenset({"text", "place"})


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of one column. `values` are in stored form; several mean any of them."""

    column: Column
    test: str
    values: tuple[Any, ...] = ()

    @property
    def parameter(self) -> str:
        """Return the name under which the condition stands in an address."""
        name = self.column.parameter
        return name if self.test == "is" else f"{name}__{self.test}"


@dataclass(frozen=True, slots=True)
class Query:
    """What a list shows. Made by `read`; `pairs` holds what was understood, as it was written."""

    kind: Kind
    conditions: tuple[Condition, ...] = ()
    q: str = ""
    unit: str = ""
    period: Period | None = None
    withdrawn: bool = False
    sort: str = ""
    after: str = ""
    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    pairs: Pairs = field(default=())

    def address(self, *, drop: Iterable[str] = (), **add: str) -> str:
        """Return the query as part of an address, changed; paging begins anew."""
        gone = {*drop, *add, "after"}
        kept = [(k, v) for k, v in self.pairs if k not in gone]
        kept += [(k, v) for k, v in add.items() if v]
        return "?" + urlencode(kept) if kept else "?"

    def toggled(self, name: str, value: str) -> str:
        """Return the query with one choice put in, or taken out when it was there."""
        pair = (name, value)
        kept = [p for p in self.pairs if p[0] != "after" and p != pair]
        if pair not in self.pairs:
            kept.append(pair)
        return "?" + urlencode(kept) if kept else "?"

    def chosen(self, column: str) -> tuple[Any, ...]:
        """Return the values that a column is compared with."""
        return next(
            (c.values for c in self.conditions if c.column.name == column and c.test == "is"), ()
        )


def pairs_of(given: Any) -> Pairs:
    """Return name and value of every part of a query: a QueryDict, a mapping, or pairs."""
    if hasattr(given, "lists"):
        return [(k, v) for k, values in given.lists() for v in values]
    if isinstance(given, Mapping):
        return [
            (k, str(v))
            for k, values in given.items()
            for v in (values if isinstance(values, (list, tuple)) else [values])
        ]
    return [(str(k), str(v)) for k, v in given]


def read(kind: Kind, given: Any, today: date) -> Query:
    """Return what an address asks of a kind's list; never refuses, see `notes`."""
    return _Reader(kind, today).read(pairs_of(given))


class _Reader:
    """Reads the parts of one address."""

    def __init__(self, kind: Kind, today: date) -> None:
        self.kind = kind
        self.columns = columns.columns_of(kind)
        self.named = {c.parameter: c for c in self.columns.values()}
        self.named |= {f"f.{n}": c for n, c in self.columns.items() if c.field}
        self.context = fields.Context(today, lambda _kind, text: _id(text))
        self.notes: list[str] = []
        self.found: dict[tuple[str, str], list[Any]] = {}
        self.kept: list[tuple[str, str]] = []

    def read(self, pairs: Pairs) -> Query:
        plain: dict[str, str] = {}
        for name, value in pairs[: MOST * 2]:
            text = value.strip()[:200]
            if not text:
                continue
            if name in columns.RESERVED and not (name == "state" and "state" in self.named):
                plain[name] = text
            else:
                self._field(name, text)
        query = Query(
            self.kind,
            tuple(self._conditions()),
            q=self._q(plain),
            unit="" if plain.get("unit") == "all" else plain.get("unit", ""),
            period=self._period(plain),
            withdrawn=plain.get("withdrawn") == "1",
            sort=self._sort(plain),
            after=plain.get("after", ""),
            columns=self._columns(plain),
        )
        kept = [("q", query.q), ("unit", query.unit), ("withdrawn", "1" * query.withdrawn)]
        kept += [("period", query.period.code if query.period else ""), ("sort", query.sort)]
        kept += [(k, plain.get(k, "")) for k in ("columns", "view", "tab", "kind")]
        shown = [*self.kept, *((k, v) for k, v in kept if v)]
        return replace(query, pairs=tuple(shown), notes=tuple(self.notes))

    def _field(self, name: str, text: str) -> None:
        bare, _sep, test = name.rpartition("__")
        column = self.named.get(name)
        if column is None and test in _TESTS:
            column = self.named.get(bare)
        else:
            test = "is"
        if column is None or not _fits(column, test):
            self.notes.append(_("没有“{name}”这个筛选条件，没有用它。").format(name=name[:60]))
            return
        try:
            value = self._value(column, test, text)
        except fields.Bad as bad:
            self.notes.append(
                _("“{title}”没有用来筛选：{why}").format(title=column.title, why=bad.message)
            )
            return
        values = self.found.setdefault((column.name, test), [])
        if value not in values and len(values) < MOST:
            values.append(value)
            self.kept.append((name, text))

    def _value(self, column: Column, test: str, text: str) -> Any:
        if test == "none":
            return True
        if test == "has":
            return text
        if column.type in {"date", "time"}:
            return fields.read_date(text)
        if column.field is None and column.type != "number":
            return _option(column, text)
        bare = Field(title=column.title, type="number", unit=column.unit or None)
        return fields.read(text, column.field or bare, self.context)

    def _conditions(self) -> Iterable[Condition]:
        for (name, test), values in self.found.items():
            many = tuple(values) if test == "is" else (values[-1],)
            yield Condition(self.columns[name], test, many)

    def _q(self, plain: dict[str, str]) -> str:
        text = plain.get("q", "")[:60]
        if text and masking.free_text(text) != text:
            self.notes.append(_("电话和身份证号不写进网址。请用“找人”来查。"))
            return ""
        return text

    def _period(self, plain: dict[str, str]) -> Period | None:
        if "period" not in plain or plain["period"] == "all":
            return None
        if columns.main_date(self.kind) is None:
            self.notes.append(_("这里没有日期，不能按期间筛选。"))
            return None
        try:
            return Period.parse(plain["period"])
        except BadPeriod as bad:
            self.notes.append(bad.message)
            return None

    def _sort(self, plain: dict[str, str]) -> str:
        text = plain.get("sort", "")
        if not text:
            return ""
        column = sort_column(self.kind, text.removeprefix("-"))
        if column is None:
            self.notes.append(_("不能按“{name}”排序。").format(name=text[:60]))
            return ""
        return text

    def _columns(self, plain: dict[str, str]) -> tuple[str, ...]:
        wanted = plain.get("columns", "").split(",")
        return tuple(n for n in dict.fromkeys(wanted) if n in self.columns)[:20]


def sort_column(kind: Kind, name: str) -> Column | None:
    """Return the column by which a list may be sorted under this name."""
    if name == "title":
        return Column("title", _("标题"), "text", place="title")
    if name == "on":
        return columns.main_date(kind)
    column = columns.columns_of(kind).get(name)
    return column if column is not None and column.sortable else None


def _id(text: str | int) -> int | None:
    return int(text) if str(text).isdecimal() and len(str(text)) < 18 else None


def _option(column: Column, text: str) -> str:
    if not column.options:
        return text
    for key, title in column.options.items():
        if text in {key, title}:
            return key
    raise fields.Bad(_("没有“{text}”。").format(text=text))


def _fits(column: Column, test: str) -> bool:
    """Say whether a test may be made on a column; personal values are found by POST alone."""
    if column.personal or column.type == "file":
        return test == "none"
    if test in {"min", "max"}:
        return column.type in _RANGED
    return column.type in _TEXTS if test == "has" else True


def apply(rows: QuerySet[Row], query: Query, unit_path: str = "") -> QuerySet[Row]:
    """Return the rows that a query asks for. `unit_path` is the path of the query's unit."""
    rows = rows.filter(withdrawn_at__isnull=not query.withdrawn)
    if query.unit:
        rows = rows.filter(unit__path__startswith=unit_path) if unit_path else rows.none()
    if query.period is not None:
        rows = rows.filter(_within(query.kind, query.period))
    for number, condition in enumerate(query.conditions):
        rows = _where(rows, condition, f"c{number}")
    return _containing(rows, query) if query.q else rows


def _within(kind: Kind, period: Period) -> Q:
    """Return the test of a period: what happened in it, or what was valid on its last day.

    The second is how a stock is counted, so that a register's list and its figure agree: an
    entry whose first day nobody knows is in neither.
    """
    if kind.shape == "entry" and kind.on not in kind.fields:
        return Q(on__lt=period.until) & (Q(until=None) | Q(until__gte=period.until))
    return Q(on__gte=period.start, on__lt=period.until)


def _where(rows: QuerySet[Row], condition: Condition, alias: str) -> QuerySet[Row]:
    column, test = condition.column, condition.test
    rows = rows.alias(**{alias: column.expression()})
    if test == "none":
        return rows.filter(**{f"{alias}__isnull": True})
    if test == "has":
        return rows.filter(**{f"{alias}__icontains": condition.values[0]})
    if column.type in {"date", "time"}:
        return rows.filter(_days(condition, alias))
    if test == "is":
        return rows.filter(**{f"{alias}__in": condition.values})
    return rows.filter(**{f"{alias}__{_BOUNDS[test]}": condition.values[0]})


_BOUNDS = {"min": "gte", "max": "lte"}


def _days(condition: Condition, alias: str) -> Q:
    """Return the test of a day or of a moment's day; `__max` takes the whole day in."""
    found = Q()
    for day in condition.values:
        low, high = _written(condition.column, day), _written(condition.column, _next(day))
        if condition.test == "min":
            return Q(**{f"{alias}__gte": low})
        if condition.test == "max":
            return Q(**{f"{alias}__lt": high})
        found |= Q(**{f"{alias}__gte": low, f"{alias}__lt": high})
    return found


def _next(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day


def _written(column: Column, day: date) -> Any:
    """Return a day as the column holds it: a date, the first moment of it, or text."""
    if column.place == "created_at":
        return datetime.combine(day, time(), clock.ZONE)
    return day.isoformat() if column.texts else day


def _containing(rows: QuerySet[Row], query: Query) -> QuerySet[Row]:
    """Keep the rows whose title, code or texts hold the words; every word must be found."""
    texts = [c for c in columns.columns_of(query.kind).values() if c.field and c.type in _TEXTS][
        :8
    ]
    rows = rows.alias(**{f"q{n}": c.expression() for n, c in enumerate(texts)})
    for word in query.q.split()[:5]:
        found = Q(title__icontains=word) | Q(code__icontains=word)
        for n in range(len(texts)):
            found |= Q(**{f"q{n}__icontains": word})
        rows = rows.filter(found)
    return rows
