"""Find rows that may be the same as another row of the file or as a record of the office.

Rows with the natural key of a record are no doubt and change it. What is asked here is
the rest: two rows of one file with one key, and a new row that looks like a record.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from jiezhen.packs.schema import Kind
from jiezhen.records import shapes
from jiezhen.records.imports import stored
from jiezhen.records.imports.access import UnableToImport
from jiezhen.records.imports.matching import differences, likenesses
from jiezhen.records.models import Batch, Row, StagedRow

_WHY = "an import must know what looks like its rows"
_OPEN = ("new", "update", "maybe")


def find(kind: Kind, batch: Batch) -> None:
    """Mark the possible doubles among all judged rows of a batch."""
    rows = StagedRow.objects.filter(batch=batch, state__in=("new", "update")).order_by("number")
    changed, marks = _in_file(kind, rows.only("number", "state", "values", "problems"))
    changed += _among_records(kind, batch, marks)
    _keep(changed)


def _in_file(
    kind: Kind, rows: Iterable[StagedRow]
) -> tuple[list[StagedRow], dict[str, list[StagedRow]]]:
    """Return the rows that repeat an earlier one, and the marks of the new ones."""
    first: dict[str, StagedRow] = {}
    changed: list[StagedRow] = []
    marks: dict[str, list[StagedRow]] = {}
    for row in rows:
        earlier = _earlier(row, first)
        if earlier is not None:
            _repeat(kind, row, earlier)
            changed.append(row)
            continue
        if row.state == "new":
            for mark in row.values["like"]:
                marks.setdefault(mark, []).append(row)
    return changed, marks


def _earlier(row: StagedRow, first: dict[str, StagedRow]) -> StagedRow | None:
    tokens = [f"{name}:{row.values[name]}" for name in ("key", "record") if row.values[name]]
    code = row.values["given"].get("code")
    tokens += [f"code:{code}"] if code else []
    found = next((first[t] for t in tokens if t in first), None)
    if found is None:
        first |= dict.fromkeys(tokens, row)
    return found


def _repeat(kind: Kind, row: StagedRow, earlier: StagedRow) -> None:
    one, two = (stored.open_values(kind, r.values) for r in (row, earlier))
    if (one.unit, one.plain, one.given) == (two.unit, two.plain, two.given):
        row.state = "skipped"
        said = _("与第{n}行完全相同，只导入一次。").format(n=earlier.number)
    else:
        row.state = "maybe"
        row.values["other"] = {"row": earlier.number}
        said = _("与第{n}行是同一条，内容不同。").format(n=earlier.number)
    row.problems = [_told(said)]


def _told(message: str) -> dict[str, Any]:
    return {"column": -1, "target": "", "message": message, "near": ""}


def _among_records(
    kind: Kind, batch: Batch, marks: Mapping[str, list[StagedRow]]
) -> list[StagedRow]:
    if not marks:
        return []
    model = shapes.model_of(kind.name)
    rows = model.objects.for_system(_WHY).filter(
        office_id=batch.office_id, kind=kind.name, withdrawn_at=None
    )
    changed: dict[int, StagedRow] = {}
    for record in rows.defer("title").order_by("id").iterator(2000):
        for mark in likenesses(kind, record):
            for row in marks.get(mark, ()):
                if row.number not in changed:
                    _resemble(row, record)
                    changed[row.number] = row
    return list(changed.values())


def _resemble(row: StagedRow, record: Row) -> None:
    row.state = "maybe"
    row.values["other"] = {"record": record.pk, "code": record.code}
    said = _("可能与已有的{code}是同一条。").format(code=record.code)
    row.problems = [_told(said)]


def find_for(kind: Kind, batch: Batch, row: StagedRow) -> None:
    """Look for doubles of one row that was judged anew."""
    if row.state not in ("new", "update"):
        return
    for name in ("key", "record"):
        value = row.values[name]
        others = StagedRow.objects.filter(batch=batch, state__in=_OPEN).exclude(pk=row.pk)
        earlier = others.filter(**{f"values__{name}": value}).first() if value else None
        if earlier is not None:
            _repeat(kind, row, earlier)
            _keep([row])
            return
    people = [n for n, f in kind.fields.items() if f.type == "person"]
    if row.state == "new" and people and row.values["like"]:
        _find_person(kind, batch, row, people[0])


def _find_person(kind: Kind, batch: Batch, row: StagedRow, name: str) -> None:
    plain = stored.open_values(kind, row.values).plain.get(name)
    rows = (
        shapes.model_of(kind.name)
        .objects.for_system(_WHY)
        .filter(
            office_id=batch.office_id,
            kind=kind.name,
            withdrawn_at=None,
            **{f"data__{name}": plain},
        )
    )
    wanted = set(row.values["like"])
    for record in rows[:500]:
        if wanted & set(likenesses(kind, record)):
            _resemble(row, record)
            _keep([row])
            return


def settle(kind: Kind, batch: Batch, row: StagedRow, what: str) -> None:
    """Carry out what was said about a possible double: `merge` or `new`.

    Raises:
        UnableToImport: There is nothing to decide, or the word is unknown.
    """
    other = row.values.get("other", {})
    if not other or what not in ("merge", "new"):
        raise UnableToImport(_("这一行没有要选的。"), "There is nothing to decide in this row.")
    if what == "new":
        if "row" in other:
            said = _("同一条不能新增两次。请合并，或者跳过。")
            raise UnableToImport(said, "One record cannot be added twice.")
        row.state = "new"
    elif "row" in other:
        # This row takes the place of the earlier one.
        StagedRow.objects.filter(batch=batch, number=other["row"], state__in=_OPEN).update(
            state="skipped"
        )
        row.state = "update" if row.values["record"] else "new"
    else:
        _merge(kind, batch, row, other["record"])
    row.problems = []
    _keep([row])


def _merge(kind: Kind, batch: Batch, row: StagedRow, record_id: int) -> None:
    record = (
        shapes.model_of(kind.name)
        .objects.for_system(_WHY)
        .filter(pk=record_id, office_id=batch.office_id)
        .first()
    )
    if record is None:
        raise UnableToImport(_("那条记录已经不在。"), "That record is gone.")
    values = stored.open_values(kind, row.values)
    values.record, values.version = record.pk, record.version
    values.differ = differences(kind, record, values)
    row.values = stored.values_of(kind, values)
    row.state = "update" if values.differ else "same"


def _keep(rows: Iterable[StagedRow]) -> None:
    some = list(rows)
    if some:
        StagedRow.objects.bulk_create(
            _whole(some), batch_size=500, update_conflicts=True, unique_fields=["id"],
            update_fields=["state", "values", "problems"],
        )  # fmt: skip


def _whole(rows: list[StagedRow]) -> list[StagedRow]:
    """Return the rows with every column, which an upsert needs though it writes but three."""
    known = StagedRow.objects.in_bulk([r.pk for r in rows])
    for row in rows:
        there = known[row.pk]
        there.state, there.values, there.problems = row.state, row.values, row.problems
    return list(known.values())
