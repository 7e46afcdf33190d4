"""What the records of a kind must hold (`must`), and sums that stay within a bound (`bounds`).

Everything that writes records asks here: forms, moves, the API, imports. A condition is judged
when one of its names was written; so an older record that does not meet a newer condition can
still be mended elsewhere, and withdrawn. Unknown is let pass.

A bound is kept under a lock on the linked row: two payments at once are added up one after the
other. It is kept from the other side too: a grant cannot shrink below what was paid of it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Bound, Kind
from jiezhen.records import shapes, wording
from jiezhen.records.fields import HASH
from jiezhen.records.lookups import NumberValue, WholeValue
from jiezhen.records.models import Row
from jiezhen.web import formats

_WHY = "the sum within a bound counts all records, whoever may see them"


class Broken(NamedTuple):
    """What a record does not hold: the field where it is said, and the pack's words."""

    field: str
    message: str


def known(kind: Kind, row: Any) -> dict[str, object]:  # noqa: ANN401  # a record or its draft
    """Return what a record tells under each name that expressions over its kind may use.

    Shape: values as `kernel.expressions` evaluates them; names that are unknown are left out.
    """
    found: dict[str, object] = {}
    for name, field in kind.kept.items():
        value = row.data.get(name + HASH) if field.type == "id_number" else row.data.get(name)
        if isinstance(value, dict):
            value = value.get("text")
        if value not in (None, "", []):
            found[name] = value
    for state, day in (getattr(row, "entered", None) or {}).items():
        found[f"entered_{state}_on"] = day
    places = {"opened_on": "on"} | shapes.shape_of(kind.name).columns
    for name, place in places.items():
        if name in kind.columns() and getattr(row, place, None) is not None:
            found[name] = getattr(row, place)
    return found


def unmet(
    kind: Kind, values: Mapping[str, object], written: Collection[str] | None = None
) -> list[Broken]:
    """Return the conditions of a kind that do not hold, each at the field that it is about.

    `written` limits them to conditions that use one of these names; None judges all. A fault
    is put at the first of a condition's fields that was written, which the form shows.
    """
    found = []
    for item in kind.must:
        condition = item.condition
        if condition is None or (written is not None and not set(condition.names) & set(written)):
            continue
        if condition.evaluate(values) is False:
            fields = [n for n in condition.names if n in kind.fields]
            first = [n for n in fields if written is None or n in written] or fields
            said = item.say_en if wording.english() and item.say_en else item.say
            found.append(Broken(first[0] if first else "", said))
    return found


def beyond(kind: Kind, rows: Sequence[Row]) -> list[Broken]:
    """Return the bounds that new records would go beyond; they are not saved yet.

    Must run in the transaction that writes them. No statement for a kind without bounds.
    """
    if not kind.bounds or not rows:
        return []
    ledger = Ledger(rows[0].office_id, kind)
    ledger.expect(row.data for row in rows)
    return [b for row in rows for b in ledger.take({}, row.data)]


def of_changed(
    kind: Kind, row: Row, before: Mapping[str, Any], differ: Iterable[str]
) -> list[Broken]:
    """Return what a changed record does not hold, of what was touched.

    `before` is what history kept of it before, `differ` the names there that differ; those of
    the table's own columns begin with `_`.
    """
    touched = {name.removeprefix("_") for name in differ}
    if "entered" in touched:
        touched |= {f"entered_{state}_on" for state in getattr(row, "entered", {})}
    found = unmet(kind, known(kind, row), touched) if kind.must else []
    found += _within(kind, row, before) if kind.bounds else []
    return found + shrunk(kind, row, row.data, touched)


def _within(kind: Kind, row: Row, before: Mapping[str, Any]) -> list[Broken]:
    was = {} if before.get("_withdrawn_at") else before
    now = {} if row.withdrawn_at else row.data
    names = {n for b in kind.bounds for n in (b.sum, b.link)}
    if all(was.get(n) == now.get(n) for n in names):
        return []
    ledger = Ledger(row.office_id, kind)
    ledger.expect([was, now])
    return ledger.take(was, now)


def shrunk(
    kind: Kind, row: Row, data: Mapping[str, Any], touched: Collection[str]
) -> list[Broken]:
    """Return the fields of a record that would fall below what its followers add up to.

    `data` is what the record is to hold; the row is locked already.
    """
    found = []
    for other, bound in _bounded_by(kind.name):
        most = data.get(bound.most)
        if bound.most not in touched:
            continue
        used = _sums(row.office_id, other, bound, [row.pk]).get(row.pk, _NONE)
        if used.records and (most is None or used.total > most):
            said = _("{other}已经登记{used}，{most}不能比这少。").format(
                other=wording.title(other),
                used=_amount(other, bound, used.total),
                most=wording.title(kind.fields[bound.most]),
            )
            found.append(Broken(bound.most, said))
    return found


def _bounded_by(name: str) -> Iterator[tuple[Kind, Bound]]:
    for other in catalogue().kinds.values():
        for bound in other.bounds:
            if other.fields[bound.link].to == name:
                yield other, bound


class _Used(NamedTuple):
    total: float
    records: int


_NONE = _Used(0, 0)


@dataclass(slots=True)
class _Account:
    """One linked record: its title, the most that it allows, what is used of it."""

    title: str
    most: float | None
    used: float


class Ledger:
    """Keeps the bounds of one kind while records are written in one transaction.

    `expect` locks the linked rows in the order of their ids, so that nobody waits in a circle,
    and adds up what is used; `take` books one record after another.
    """

    def __init__(self, office_id: int, kind: Kind, *, lock: bool = True) -> None:
        """Prepare for a kind; without `lock` the answers are a forecast."""
        self.office_id, self.kind, self.lock = office_id, kind, lock
        self.accounts: list[dict[int, _Account]] = [{} for _bound in kind.bounds]

    def expect(self, datas: Iterable[Mapping[str, Any]]) -> None:
        """Lock what these records lead to: two statements for each bound."""
        wanted: dict[int, set[int]] = defaultdict(set)
        for data in datas:
            for place, bound in enumerate(self.kind.bounds):
                if isinstance(data.get(bound.link), int):
                    wanted[place].add(data[bound.link])
        for place, bound in enumerate(self.kind.bounds):
            fresh = sorted(wanted[place] - self.accounts[place].keys())
            if not fresh:
                continue
            other = str(self.kind.fields[bound.link].to)
            rows = shapes.model_of(other).objects.for_system(_WHY)
            rows = rows.select_for_update(of=("self",)) if self.lock else rows
            held = rows.filter(office_id=self.office_id, kind=other, pk__in=fresh).order_by("pk")
            titles = {r.pk: (r.title or r.code, r.data.get(bound.most)) for r in held}
            used = _sums(self.office_id, self.kind, bound, fresh)
            for pk, (title, most) in titles.items():
                self.accounts[place][pk] = _Account(title, most, used.get(pk, _NONE).total)

    def take(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Broken]:
        """Book a record; one that goes beyond a bound is not booked.

        `before` and `after` are its data, empty for a record that does not count. Whatever
        takes less than before is let pass.
        """
        found = []
        for place, bound in enumerate(self.kind.bounds):
            broken = self._over(place, bound, before, after)
            if broken is not None:
                found.append(broken)
        if not found:
            for place, bound in enumerate(self.kind.bounds):
                self._book(place, bound, before, -1)
                self._book(place, bound, after, 1)
        return found

    def _book(self, place: int, bound: Bound, data: Mapping[str, Any], sign: int) -> None:
        account = self.accounts[place].get(data.get(bound.link, 0))
        if account is not None:
            account.used += sign * _number(data, bound)

    def _over(
        self, place: int, bound: Bound, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> Broken | None:
        account = self.accounts[place].get(after.get(bound.link, 0))
        if account is None:
            return None
        own = _number(before, bound) if before.get(bound.link) == after[bound.link] else 0
        more = _number(after, bound) - own
        if more <= 0:
            return None
        said = bound.say_en if wording.english() and bound.say_en else bound.say
        if account.most is None:
            field = catalogue().kinds[str(self.kind.fields[bound.link].to)].fields[bound.most]
            told = _("“{record}”还没有填{most}，先填了再登记。").format(
                record=account.title, most=wording.title(field)
            )
            return Broken(bound.link, f"{said}{told}")
        if account.used + more <= account.most:
            return None
        left = max(account.most - account.used + own, 0)
        told = _("“{record}”还剩{left}。").format(
            record=account.title, left=_amount(self.kind, bound, left)
        )
        return Broken(bound.sum, f"{said}{told}")


def _number(data: Mapping[str, Any], bound: Bound) -> float:
    value = data.get(bound.sum)
    return value if isinstance(value, int | float) else 0


def _sums(office_id: int, kind: Kind, bound: Bound, ids: Iterable[int]) -> dict[int, _Used]:
    """Return by linked id what the living records of a kind add up to, and how many they are."""
    money = kind.fields[bound.sum].type == "money"
    value = WholeValue(bound.sum) if money else NumberValue(bound.sum)
    rows = shapes.model_of(kind.name).objects.for_system(_WHY)
    rows = rows.filter(office_id=office_id, kind=kind.name, withdrawn_at=None)
    rows = rows.annotate(held=WholeValue(bound.link), spent=value).filter(held__in=list(ids))
    grouped = rows.order_by().values_list("held").annotate(total=Sum("spent"), many=Count("spent"))
    return {int(held): _Used(total or 0, many) for held, total, many in grouped}


def _amount(kind: Kind, bound: Bound, value: float) -> str:
    field = kind.fields[bound.sum]
    if field.type == "money":
        # To the cent: a rounded rest would be refused again.
        return f"{(Decimal(int(value)) / 100).normalize():f}元"
    return formats.quantity(int(value) if value == int(value) else value, field.unit or "")
