"""Find for each row the record that it is, or may be, and what it would change."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

from django.db.models import Q
from django.utils.translation import gettext as _

from jiezhen.packs.schema import Kind
from jiezhen.people import masking
from jiezhen.people.access import Viewer
from jiezhen.records import fields, holding, operations, sealing, shapes
from jiezhen.records.imports.rows import Fault, Parsed
from jiezhen.records.imports.stored import Values
from jiezhen.records.imports.targets import CODE
from jiezhen.records.models import Batch, Row, StagedRow

_PORTION = 900
_WHY = "an import must know which codes and natural keys are taken"
#: Batches whose rows are in the registers.
COMMITTED = "committed"
#: Where a system value lies in the table.
_ENDS = {"valid_from": "on", "valid_until": "until", "on": "on", "until": "until"}


class Matcher:
    """Compares rows of one batch with what the office already has."""

    def __init__(
        self, viewer: Viewer, kind: Kind, batch: Batch, columns: Mapping[str, int]
    ) -> None:
        """Prepare for a batch; `columns` says in which column each target stands."""
        self.viewer, self.kind, self.batch = viewer, kind, batch
        self.columns = columns
        self.model = shapes.model_of(kind.name)
        self.ledger = holding.Ledger(batch.office_id, kind, lock=False)

    def judge(self, parsed: Sequence[Parsed]) -> Iterator[tuple[Parsed, str, Values]]:
        """Yield each row with its state and stored values; faults are added to the row.

        States: new, update, same, bad, skipped. A few statements for each 900 rows.
        """
        for start in range(0, len(parsed), _PORTION):
            yield from self._portion(parsed[start : start + _PORTION])

    def _portion(self, some: Sequence[Parsed]) -> Iterator[tuple[Parsed, str, Values]]:
        drafts = [self._draft(p) for p in some]
        codes = {p.given["code"] for p in some if p.given.get("code")}
        keys = {d.natural_key for d in drafts if d.natural_key}
        taken = self._taken(codes, keys)
        earlier = self._earlier([p.number for p in some]) if not self.kind.key else {}
        self.ledger.expect(p.plain for p in some)
        for p, draft in zip(some, drafts, strict=True):
            if p.total:
                yield p, "skipped", Values()
                continue
            row = self._row_of(p, draft, taken)
            values = Values(
                unit=p.unit.id if p.unit else 0, plain=p.plain, given=p.given,
                key=draft.natural_key, title=draft.title, like=likenesses(self.kind, draft),
            )  # fmt: skip
            state = self._state(p, values, row, earlier)
            if state in ("new", "update"):
                state = self._held(p, values, draft, row) or state
            yield p, state, values

    def _draft(self, parsed: Parsed) -> Any:  # noqa: ANN401  # has what `derive` sets
        data: dict[str, Any] = {}
        for name, value in parsed.plain.items():
            about = f"{self.kind.name}.{name}"
            fields.store(data, name, self.kind.fields[name], value, about)
        draft = SimpleNamespace(
            data=data, title="", on=None, natural_key="",
            unit_id=parsed.unit.id if parsed.unit else 0,
        )  # fmt: skip
        operations.derive(cast("Row", draft), self.kind, parsed.plain)
        return draft

    def _taken(self, codes: Iterable[str], keys: Iterable[str]) -> dict[str, Row]:
        where = Q(code__in=sorted(codes))
        where |= Q(natural_key__in=sorted(keys), withdrawn_at=None)
        rows = self.model.objects.for_system(_WHY).select_related("unit")
        found = rows.filter(where, office_id=self.batch.office_id, kind=self.kind.name)
        taken: dict[str, Row] = {}
        for row in found:
            taken[f"code:{row.code}"] = row
            if row.natural_key and row.withdrawn_at is None:
                taken[f"key:{row.natural_key}"] = row
        return taken

    def _earlier(self, numbers: Sequence[int]) -> dict[int, int]:
        """Return by row number the records that the same sheet of the same file made before."""
        rows = StagedRow.objects.filter(
            batch__office_id=self.batch.office_id, batch__kind=self.kind.name,
            batch__digest=self.batch.digest, batch__sheet=self.batch.sheet,
            batch__state=COMMITTED, number__in=numbers, record_id__isnull=False,
        ).exclude(batch=self.batch)  # fmt: skip
        found = {n: pk for n, pk in rows.values_list("number", "record_id") if pk}
        alive = self.model.objects.for_system(_WHY).filter(
            pk__in=set(found.values()), withdrawn_at=None
        )
        there = set(alive.values_list("pk", flat=True))
        return {number: pk for number, pk in found.items() if pk in there}

    def _held(self, p: Parsed, values: Values, draft: Any, row: Row | None) -> str:  # noqa: ANN401
        """Add a fault for each condition and bound of the kind that the row would break."""
        flow = self.kind.flow_spec
        given = {k: v for k, v in values.given.items() if k in self.kind.columns()}
        told: dict[str, object] = {"state": flow.start} if flow and row is None else {}
        told |= holding.known(self.kind, row) if row is not None else {}
        told |= holding.known(self.kind, draft) | given
        differ = [name.removeprefix("@") for name in values.differ]
        broken = holding.unmet(self.kind, told, None if row is None else differ)
        before = row.data if row is not None and row.withdrawn_at is None else {}
        after = (row.data if row is not None else {}) | draft.data
        broken = broken or self.ledger.take(before, after)
        for field, message in broken:
            p.faults.append(Fault(self.columns.get(field, -1), field, message))
        return "bad" if broken else ""

    def _row_of(self, p: Parsed, draft: Any, taken: Mapping[str, Row]) -> Row | None:  # noqa: ANN401
        code = p.given.get("code")
        by_code = taken.get(f"code:{code}") if code else None
        by_key = taken.get(f"key:{draft.natural_key}") if draft.natural_key else None
        if by_code is not None and by_key is not None and by_code.pk != by_key.pk:
            said = _("与编号{code}的记录相同。请查这一行的编号。").format(code=by_key.code)
            p.faults.append(Fault(self.columns.get(CODE, -1), CODE, said))
        return by_code or by_key

    def _state(
        self, p: Parsed, values: Values, row: Row | None, earlier: Mapping[int, int]
    ) -> str:
        if row is not None:
            return self._change(p, values, row)
        if p.number in earlier and not p.faults:
            values.record = earlier[p.number]
            return "same"
        self._complete(p, values)
        return "bad" if p.faults else "new"

    def _change(self, p: Parsed, values: Values, row: Row) -> str:
        """Judge a row whose record is there already."""
        if not self.viewer.may("change", self.kind.name, row.unit.path, self.kind.sensitivity):
            said = _("别的单元已有同样的记录，没有权限改。请找街镇的业务科室。")
            p.faults.append(Fault(-1, "", said))
        if self.columns.get("@unit") is None:
            values.unit = row.unit_id
            p.faults = [f for f in p.faults if f.target != "@unit"]
        self._uncover(p, row)
        values.record, values.version = row.pk, row.version
        values.differ = differences(self.kind, row, values)
        if row.withdrawn_at is not None:
            values.differ.append("@withdrawn")
        if p.faults:
            return "bad"
        return "update" if values.differ else "same"

    def _uncover(self, p: Parsed, row: Row) -> None:
        """Accept masked values that are the record's own; an export without reveal has them."""
        for name, text in p.masked.items():
            if self.kind.fields[name].party:
                continue
            spec, about = self.kind.fields[name], f"{self.kind.name}.{name}"
            if text != fields.shown(row.data.get(name), spec, masked=True, about=about):
                p.faults.append(self._masked(name, text))

    def _masked(self, name: str, text: str) -> Fault:
        title = self.kind.fields[name].title
        said = _("“{text}”是遮住的写法，请填完整的{title}。").format(text=text, title=title)
        return Fault(self.columns.get(name, -1), name, said)

    def _complete(self, p: Parsed, values: Values) -> None:
        """Add a fault for each required field of a new row that is empty."""
        wrong = {f.target for f in p.faults}
        for name, text in p.masked.items():
            p.faults.append(self._masked(name, text))
            wrong.add(name)
        for name, spec in self.kind.fields.items():
            if spec.required and name not in p.plain and name not in wrong:
                said = _("请填{title}。").format(title=spec.title)
                p.faults.append(Fault(self.columns.get(name, -1), name, said))


def differences(kind: Kind, row: Row, values: Values) -> list[str]:
    """Return the names of what the values would change in a record; empty cells change nothing.

    Who called is kept apart from the record and is not changed by a file.
    """
    found = [
        name
        for name, plain in values.plain.items()
        if not kind.fields[name].party and not _equal(kind, name, row.data, plain)
    ]
    found += [
        f"@{name}"
        for name, value in values.given.items()
        if name in _ENDS and _iso(getattr(row, _ENDS[name])) != value
    ]
    if "due_on" in values.given and _iso(getattr(row, "due_on", None)) != values.given["due_on"]:
        found.append("@due_on")
    if values.unit and values.unit != row.unit_id:
        found.append("@unit")
    return found


def _equal(kind: Kind, name: str, data: Mapping[str, Any], plain: Any) -> bool:  # noqa: ANN401
    spec, stored = kind.fields[name], data.get(name)
    if spec.type == "id_number":
        return bool(data.get(name + fields.HASH) == sealing.finger(plain))
    if spec.type == "place" and isinstance(stored, dict):
        same = {part: stored.get(part) == value for part, value in plain.items()}
        if "text" in same:
            masked = masking.free_text(str(stored.get("text", "")))
            same["text"] = same["text"] or plain["text"] == masked
        return all(same.values())
    if spec.type == "text" and isinstance(stored, str):
        # An export masks phone and id numbers inside text; that is no change either.
        return bool(plain in (stored.strip(), masking.free_text(stored).strip()))
    if spec.type == "time" and isinstance(stored, str):
        return bool(stored[:16] == plain[:16])
    return bool(stored == plain)


def _iso(value: Any) -> str | None:  # noqa: ANN401
    return value.isoformat() if value is not None else None


def likenesses(kind: Kind, row: Any) -> list[str]:  # noqa: ANN401  # a record or a draft
    """Return marks of which two records share one only if they may be the same.

    For persons: the name with the phone, or with another day such as that of birth. For
    kinds without a natural key: everything that is written.
    """
    data = row.data
    people = [n for n, f in kind.fields.items() if f.type == "person"]
    if people and data.get(people[0]):
        own = [
            n for n, f in kind.fields.items()
            if f.type == "phone" or (f.type == "date" and n != kind.on) or f.type == "id_number"
        ]  # fmt: skip
        told = [(n, data.get(n + fields.HASH) or data.get(n)) for n in own]
        return [_mark(data[people[0]], n, v) for n, v in told if v]
    if row.natural_key:
        return []
    sealed = {n for n, f in kind.fields.items() if f.type == "id_number"}
    told_all = {k: v for k, v in data.items() if k not in sealed and v not in (None, "")}
    return [_mark(row.unit_id, told_all)] if told_all else []


def _mark(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=9).hexdigest()
