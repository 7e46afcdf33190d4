"""Write the good rows of a checked file: all of them in one transaction, or none.

Rows that change nothing are only marked. A row whose record was changed since the check,
or whose natural key was taken meanwhile, stays behind with a word; it holds up no other.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import fields, holding, operations, shapes
from jiezhen.records.imports import stored
from jiezhen.records.imports.access import Locked, UnableToImport
from jiezhen.records.imports.matching import COMMITTED
from jiezhen.records.imports.staging import keep, locked
from jiezhen.records.imports.stored import Values
from jiezhen.records.imports.summary import recount
from jiezhen.records.models import Batch, Change, Row, StagedRow
from jiezhen.trail import operations as trail
from jiezhen.units import queries as unit_queries
from jiezhen.units.queries import UnitRow

_PORTION = 2000
_WHY = "an import must know which natural keys are taken"
_PLACES = {"valid_from": "on", "valid_until": "until", "on": "on", "until": "until",
           "due_on": "due_on"}  # fmt: skip


@transaction.atomic
def commit(viewer: Viewer, batch: Batch, at: datetime) -> Batch:
    """Write every good row of a batch, and leave the others for later.

    Shape: the batch with its counts. One entry of the trail for all. Calling it again
    writes only what was mended since; with nothing mended it changes nothing.

    Raises:
        NotAllowed: The viewer may no longer import the kind.
        Locked: The rows are not all judged yet, or the import was taken back.
        operations.NotAllowed: A unit is out of the viewer's reach now.
    """
    batch = locked(viewer, batch)
    if batch.state not in ("checked", COMMITTED):
        raise Locked(_("还没有检查完，或者已经撤回。"), "Not checked yet, or taken back.")
    spec = shapes.kind_of(batch.kind)
    writer = _Writer(viewer, spec, batch, at)
    written = writer.create() + writer.update()
    if not written and batch.state == COMMITTED:
        return batch
    recount(viewer, batch)
    batch.state, batch.committed_at = COMMITTED, batch.committed_at or at
    batch.save(update_fields=["state", "committed_at", "counts"])
    trail.append(
        viewer, "imports.batch.committed", f"batch:{batch.pk}", at,
        after={"kind": batch.kind, "created": batch.counts["created"],
               "updated": batch.counts["updated"], "left": batch.counts["bad"]},
    )  # fmt: skip
    return batch


class _Writer:
    """Writes the rows of one batch in portions, inside one transaction."""

    def __init__(self, viewer: Viewer, kind: Kind, batch: Batch, at: datetime) -> None:
        self.viewer, self.kind, self.batch, self.at = viewer, kind, batch, at
        self.model = shapes.model_of(kind.name)
        units = unit_queries.units_of_office(viewer.office_id)
        self.units: dict[int, UnitRow] = {u.id: u for u in units}
        self.ledger = holding.Ledger(viewer.office_id, kind)

    def _portions(self, state: str) -> Any:  # noqa: ANN401  # portions of staged rows
        rows = StagedRow.objects.filter(batch=self.batch, state=state).order_by("number")
        ids = list(rows.values_list("pk", flat=True))
        for start in range(0, len(ids), _PORTION):
            some = rows.model.objects.filter(pk__in=ids[start : start + _PORTION])
            portion = list(some.order_by("number"))
            yield portion, [stored.open_values(self.kind, row.values) for row in portion]

    def create(self) -> int:
        """Write the new rows and return how many."""
        written, seen = 0, set[str]()
        for rows, values in self._portions("new"):
            taken = self._taken([v.key for v in values if v.key])
            self.ledger.expect(v.plain for v in values)
            free: list[tuple[StagedRow, Values]] = []
            for row, value in zip(rows, values, strict=True):
                if value.key and (value.key in taken or value.key in seen):
                    self._leave(row, _("刚刚有人登记了同一条。请再检查一次。"))
                elif broken := self.ledger.take({}, value.plain):
                    self._leave(row, broken[0].message)
                else:
                    seen.add(value.key)
                    free.append((row, value))
            self._create(free)
            written += len(free)
            keep(rows, ("state", "problems", "values", "cells", "record_id"))
        return written

    def _taken(self, keys: Sequence[str]) -> set[str]:
        rows = self.model.objects.for_system(_WHY).filter(
            office_id=self.batch.office_id, kind=self.kind.name, withdrawn_at=None,
            natural_key__in=keys,
        )  # fmt: skip
        return set(rows.values_list("natural_key", flat=True))

    def _create(self, some: Sequence[tuple[StagedRow, Values]]) -> None:
        drafts = [
            operations.Draft(self.units[v.unit], v.plain, v.given, row.number) for row, v in some
        ]
        if not drafts:
            return
        try:
            made = operations.create_many(
                self.viewer, self.kind.name, drafts, self.at, source="import",
                batch_id=self.batch.pk,
            )  # fmt: skip
        except operations.AlreadyThere as there:
            said = _("刚刚有人登记了同样的编号或内容。没有写入任何一行，请再检查一次。")
            raise UnableToImport(said, "A code or key was taken meanwhile.") from there
        except operations.NotAllowed:
            raise
        except operations.Refused as refused:
            raise UnableToImport(
                str(refused), "A row does not hold what its kind must."
            ) from refused
        for (row, _v), record in zip(some, made, strict=True):
            _finish(row, "created", record)

    def update(self) -> int:
        """Change the records of rows that are there already; return how many."""
        written = 0
        for rows, values in self._portions("update"):
            wanted = {v.record for v in values}
            found = self.model.objects.seen_by(
                self.viewer, "change", self.kind.name, self.kind.sensitivity
            ).select_for_update(of=("self",))
            there = {r.pk: r for r in found.filter(kind=self.kind.name, pk__in=wanted)}
            changed: list[tuple[StagedRow, Row]] = []
            history: list[Change] = []
            for row, value in zip(rows, values, strict=True):
                record = there.get(value.record)
                if record is None or record.version != value.version:
                    self._leave(row, _("检查以后有人改过这条。请再检查一次。"))
                    continue
                if broken := self._broken(record, value):
                    self._leave(row, broken[0].message)
                    continue
                history.append(self._change(record, value))
                changed.append((row, record))
            self._save([record for _row, record in changed], history)
            for row, record in changed:
                _finish(row, "updated", record)
            keep(rows, ("state", "problems", "values", "cells", "record_id"))
            written += len(changed)
        return written

    def _broken(self, record: Row, value: Values) -> list[holding.Broken]:
        """Return the bounds that a change would go beyond; a sealed value is in none of them."""
        before = record.data if record.withdrawn_at is None else {}
        after = record.data | {n: v for n, v in value.plain.items() if n in value.differ}
        self.ledger.expect([before, after])
        broken = self.ledger.take(before, after)
        return broken + holding.shrunk(self.kind, record, after, value.differ)

    def _change(self, record: Row, value: Values) -> Change:
        before = snapshot(record)
        for name, plain in value.plain.items():
            spec, about = self.kind.fields[name], f"{self.kind.name}.{name}"
            if name not in value.differ:
                continue
            if spec.type == "place" and isinstance(record.data.get(name), dict):
                plain = _placed(record.data[name], plain)
            fields.store(record.data, name, spec, plain, about)
        for name, place in _PLACES.items():
            if name in value.given and f"@{name}" in value.differ:
                setattr(record, place, date.fromisoformat(value.given[name]))
        if "@unit" in value.differ:
            record.unit_id = self.units[value.unit].id
        if "@withdrawn" in value.differ:
            record.withdrawn_at = None
        shapes.shape_of(self.kind.name).follow(record, self.kind)
        operations.derive(record, self.kind, value.plain)
        return changed(self.viewer, record, before, self.at, "imported", f"batch:{self.batch.pk}")

    def _save(self, records: Sequence[Row], history: Sequence[Change]) -> None:
        save(self.model, records)
        Change.objects.bulk_create(history, batch_size=500)

    def _leave(self, row: StagedRow, message: str) -> None:
        row.state = "bad"
        row.problems = [{"column": -1, "target": "", "message": message, "near": ""}]


def _placed(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return a place with its new parts; another text makes the old degrees wrong."""
    return old | new if old.get("text") == new.get("text") else new


def _finish(row: StagedRow, state: str, record: Row) -> None:
    # Cells and values are emptied: what waits here need not be kept twice.
    row.state, row.record_id, row.problems = state, record.pk, []
    row.cells, row.values = {}, {"version": record.version}


def snapshot(record: Row) -> dict[str, Any]:
    """Return what history compares, the first day of validity too."""
    found = operations.snapshot(record)
    if record.on is not None:
        found["_on"] = record.on.isoformat()
    return found


def changed(
    viewer: Viewer, record: Row, before: dict[str, Any], at: datetime, action: str, why: str
) -> Change:
    """Raise a record's version and return the history of what differs."""
    after = snapshot(record)
    differ = [k for k in before.keys() | after.keys() if before.get(k) != after.get(k)]
    record.version += 1
    record.changed_at = at
    return Change(
        office_id=record.office_id,
        kind=record.kind, record_id=record.pk, version=record.version, at=at,
        account_id=viewer.account_id, actor=viewer.name, action=action, why=why,
        before={k: before.get(k) for k in differ}, after={k: after.get(k) for k in differ},
    )  # fmt: skip


def save(model: type[Row], records: Sequence[Row]) -> None:
    """Write the changeable columns of many records at once."""
    columns = ["unit", "data", "title", "on", "until", "natural_key", "version", "changed_at",
               "withdrawn_at"]  # fmt: skip
    own = {field.name for field in model._meta.get_fields()}
    columns += [c for c in ("due_on", "closed_on", "entered") if c in own]
    manager: Any = cast("Any", model).objects
    manager.bulk_create(
        records, batch_size=500, update_conflicts=True, unique_fields=["pk"],
        update_fields=columns,
    )  # fmt: skip
