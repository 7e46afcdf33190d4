"""Take a whole import back: its new records are withdrawn, its changes undone."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import operations, shapes
from jiezhen.records.imports.access import Locked, NotAllowed, UnableToImport
from jiezhen.records.imports.matching import COMMITTED
from jiezhen.records.imports.staging import locked
from jiezhen.records.imports.writing import changed, save, snapshot
from jiezhen.records.models import Batch, Change, Row, StagedRow
from jiezhen.trail import operations as trail

#: How long an import may be taken back.
WINDOW = timedelta(days=7)
_PORTION = 2000
_DAYS = ("on", "until", "due_on", "closed_on")


def may_take_back(batch: Batch, at: datetime) -> bool:
    """Say whether the import is written, not taken back yet, and young enough."""
    written = batch.state == COMMITTED and batch.committed_at is not None
    return written and at - batch.committed_at < WINDOW  # type: ignore[operator]


@transaction.atomic
def take_back(viewer: Viewer, batch: Batch, at: datetime) -> Batch:
    """Withdraw what an import made and give back the former values of what it changed.

    Shape: the batch. One entry of the trail; each record keeps its history. The same
    file can be imported again afterwards.

    Raises:
        Locked: More than seven days have gone by, or it was taken back already.
        UnableToImport: Some of its records were changed since; they are named.
        NotAllowed: A record is out of the viewer's reach now.
    """
    batch = locked(viewer, batch)
    if not may_take_back(batch, at):
        raise Locked(
            _("7天内可以整批撤回，现在不能了。"), "It can be taken back for seven days only."
        )
    spec = shapes.kind_of(batch.kind)
    staged = StagedRow.objects.filter(batch=batch, state__in=("created", "updated"))
    told = {
        pk: (state, int(values.get("version", 1)))
        for pk, state, values in staged.values_list("record_id", "state", "values")
        if pk is not None
    }
    ids = sorted(told)
    _refuse_changed(batch, spec, told)
    for start in range(0, len(ids), _PORTION):
        _portion(viewer, spec, told, ids[start : start + _PORTION], at)
    staged.update(state="skipped")
    batch.state, batch.taken_back_at = "taken_back", at
    batch.save(update_fields=["state", "taken_back_at"])
    trail.append(
        viewer,
        "imports.batch.taken_back",
        f"batch:{batch.pk}",
        at,
        after={"kind": batch.kind, "records": len(ids)},
    )
    return batch


def _refuse_changed(batch: Batch, kind: Kind, told: dict[int, tuple[str, int]]) -> None:
    rows = shapes.model_of(kind.name).objects.for_system("an import is to be taken back")
    now = rows.filter(office_id=batch.office_id, kind=kind.name)
    ids = sorted(told)
    later: dict[int, str] = {}
    for start in range(0, len(ids), _PORTION):
        some = now.filter(pk__in=ids[start : start + _PORTION])
        rows_now = some.values_list("pk", "code", "version")
        later |= {pk: code for pk, code, version in rows_now if version != told[pk][1]}
    for pk in _restored(kind, {pk: told[pk][1] for pk in later}):
        del later[pk]
    if later:
        named = "、".join(list(later.values())[:5]) + ("…" if len(later) > 5 else "")
        said = _("导入以后有人改过{named}，共{n}条。整批撤回会丢掉这些修改，请逐条处理。")
        raise UnableToImport(
            said.format(named=named, n=len(later)),
            f"{len(later)} records were changed since, {next(iter(later.values()))} among them.",
        )


def _restored(kind: Kind, since: dict[int, int]) -> list[int]:
    """Return the records on which everything later was itself an import that was taken back."""
    found: dict[int, list[str]] = {}
    ids = sorted(since)
    for start in range(0, len(ids), _PORTION):
        rows = Change.objects.filter(kind=kind.name, record_id__in=ids[start : start + _PORTION])
        told = rows.order_by("version").values_list("record_id", "version", "action")
        for pk, version, action in told:
            if version > since[pk]:
                found.setdefault(pk, []).append(action)
    pairs = ["imported", "taken_back"]
    return [pk for pk, actions in found.items() if actions == pairs * (len(actions) // 2)]


def _portion(
    viewer: Viewer, kind: Kind, told: dict[int, tuple[str, int]], ids: list[int], at: datetime
) -> None:
    model = shapes.model_of(kind.name)
    rows = model.objects.seen_by(viewer, "change", kind.name, kind.sensitivity)
    found: list[Row] = list(rows.select_for_update(of=("self",)).filter(pk__in=ids))
    if len(found) != len(ids):
        raise NotAllowed(_("有的记录没有权限改，不能整批撤回。"), "Some records are out of reach.")
    before = _former(kind, {r.pk: told[r.pk][1] for r in found if told[r.pk][0] == "updated"})
    history = []
    for row in found:
        was = snapshot(row)
        if told[row.pk][0] == "created":
            row.withdrawn_at = at
        else:
            _restore(row, before[row.pk])
            operations.derive(row, kind, row.data)
        history.append(changed(viewer, row, was, at, "taken_back", ""))
    save(model, found)
    Change.objects.bulk_create(history, batch_size=500)


def _former(kind: Kind, versions: dict[int, int]) -> dict[int, dict[str, Any]]:
    rows = Change.objects.filter(kind=kind.name, record_id__in=versions, action="imported")
    found = rows.values_list("record_id", "version", "before")
    return {pk: before for pk, version, before in found if versions[pk] == version}


def _restore(row: Row, before: dict[str, Any]) -> None:
    """Put former values back; a name with `_` before it is a column of the table."""
    for name, value in before.items():
        if not name.startswith("_"):
            if value is None:
                row.data.pop(name, None)
            else:
                row.data[name] = value
            continue
        column = name[1:]
        if column in _DAYS:
            setattr(row, column, date.fromisoformat(value) if value else None)
        elif column == "withdrawn_at":
            row.withdrawn_at = datetime.fromisoformat(value) if value else None
        elif column in ("unit_id", "entered"):
            setattr(row, column, value)
