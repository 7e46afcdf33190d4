"""Check a file before anything of it is written: read, match columns, judge every row.

A long file is judged in portions, each in a transaction of its own, so that a page can
show how far it is and a killed process goes on where it stopped.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import sandbox, shapes
from jiezhen.records.imports import doubles, stored
from jiezhen.records.imports.access import Locked, NotAllowed, UnableToImport, may_import
from jiezhen.records.imports.matching import Matcher
from jiezhen.records.imports.rows import Parsed, Reader
from jiezhen.records.imports.summary import recount
from jiezhen.records.imports.targets import UNIT, heading_in, targets
from jiezhen.records.models import Batch, ColumnMatch, StagedRow
from jiezhen.trail import operations as trail
from jiezhen.units import queries as unit_queries
from jiezhen.units.queries import UnitRow

#: Rows judged in one portion.
PORTION = 5000


def digest_of(sheet: sandbox.Sheet) -> str:
    """Return what identifies a table: the SHA-256 of its rows.

    The bytes of a workbook change whenever it is saved; its rows do not.
    """
    found = hashlib.sha256()
    for number, cells in sheet.rows:
        found.update(f"{number}\x1e{cells!r}\x1d".encode())
    return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from: the file's name and digest, and the unit of rows that name none.

    The unit is a code or a name; empty means the viewer's own.
    """

    name: str
    digest: str
    unit: str = ""


@transaction.atomic
def stage(
    viewer: Viewer,
    kind: str,
    sheet: sandbox.Sheet,
    origin: Origin,
    at: datetime,
) -> Batch:
    """Keep the rows of a sheet that was read, to be judged next by `proceed`.

    Raises:
        NotAllowed: The viewer may not import this kind.
        UnableToImport: No row of headings was found, or there is no row below it.
        UnknownUnit: There is no such unit.
    """
    spec = may_import(viewer, kind)
    remembered = ColumnMatch.objects.filter(office_id=viewer.office_id, kind=kind)
    heading = heading_in(
        spec, sheet.rows, dict(remembered.values_list("header_digest", "columns"))
    )
    if heading is None:
        raise UnableToImport(
            _("没有找到表头。请在第一行写列名，如“姓名”“地址”，或用模板填。"),
            "No row of headings was found. Write the column names in the first row.",
        )
    below = [(number, cells) for number, cells in sheet.rows if number > heading.row]
    if not below:
        raise UnableToImport(
            _("只有表头，没有要导入的行。请在表头下面填好再导入。"),
            "There are headings but no rows below them.",
        )
    at_home = unit_queries.unit_for(viewer, origin.unit).id if origin.unit else viewer.unit_id
    batch = Batch.objects.create(
        office_id=viewer.office_id, kind=kind, file=origin.name[:200], digest=origin.digest,
        sheet=sheet.name[:100], created_at=at, created_by_id=viewer.account_id or None,
        state="checking" if heading.known else "matching",
        columns={
            "titles": list(heading.titles), "match": heading.match, "row": heading.row,
            "digest": heading.digest, "unit": at_home, "sheets": sheet.sheets,
        },
        counts={"rows": len(below), "checked": 0},
    )  # fmt: skip
    StagedRow.objects.bulk_create(
        (
            StagedRow(batch=batch, number=number, state="raw", cells=stored.cells_of(spec, cells))
            for number, cells in below
        ),
        batch_size=1000,
    )
    trail.append(
        viewer,
        "imports.batch.checked",
        f"batch:{batch.pk}",
        at,
        after={"kind": kind, "rows": len(below), "digest": origin.digest[:16]},
    )
    return batch


def reader_for(viewer: Viewer, kind: Kind, batch: Batch, at: datetime) -> Reader:
    """Return what reads the rows of a batch."""
    home = _unit(viewer, int(batch.columns.get("unit") or 0))
    return Reader(viewer, kind, match_of(batch), clock.day_of(at), home)


def match_of(batch: Batch) -> dict[int, str]:
    """Return which column means what."""
    return {int(column): target for column, target in batch.columns["match"].items()}


def _unit(viewer: Viewer, unit_id: int) -> UnitRow | None:
    units = unit_queries.units_of_office(viewer.office_id)
    return next((u for u in units if u.id == unit_id), None)


@transaction.atomic
def proceed(viewer: Viewer, batch: Batch, at: datetime, most: int = PORTION) -> bool:
    """Judge the next rows of a batch; return whether all are judged now.

    Shape: at most `most` rows. Calling it again on a judged batch changes nothing.
    """
    batch = locked(viewer, batch)
    if batch.state != "checking":
        return True
    spec = shapes.kind_of(batch.kind)
    rows = list(StagedRow.objects.filter(batch=batch, state="raw").order_by("number")[:most])
    judge(viewer, spec, batch, rows, at)
    batch.counts["checked"] = batch.counts.get("checked", 0) + len(rows)
    done = len(rows) < most
    if done:
        doubles.find(spec, batch)
        batch.state = "checked"
        recount(viewer, batch)
    batch.save(update_fields=["state", "counts"])
    return done


def judge(
    viewer: Viewer, kind: Kind, batch: Batch, rows: Sequence[StagedRow], at: datetime
) -> None:
    """Read rows anew, compare them with the office's records, and keep what came of it."""
    if not rows:
        return
    reader = reader_for(viewer, kind, batch, at)
    cells = {row.number: stored.open_cells(kind, row.cells) for row in rows}
    reader.expect(cells.values())
    parsed: list[Parsed] = [reader.read(row.number, cells[row.number]) for row in rows]
    known = {row.number: row for row in rows}
    for one, state, values in Matcher(viewer, kind, batch, reader.columns).judge(parsed):
        row = known[one.number]
        row.state, row.problems = state, [fault.told() for fault in one.faults]
        row.values = stored.values_of(kind, values)
    keep(rows, ("state", "problems", "values"))


def keep(rows: Sequence[StagedRow], columns: Sequence[str]) -> None:
    """Write columns of many rows at once; an upsert is many times faster than updates."""
    StagedRow.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["id"],
        update_fields=list(columns),
    )  # fmt: skip


def locked(viewer: Viewer, batch: Batch) -> Batch:
    """Return the batch anew and hold it until the transaction ends.

    Raises:
        NotAllowed: It is another office's, or the viewer may no longer import its kind.
    """
    may_import(viewer, batch.kind)
    found = Batch.objects.select_for_update(of=("self",)).filter(pk=batch.pk).first()
    if found is None or found.office_id != viewer.office_id:
        raise NotAllowed(_("没有这次导入。"), "There is no such import.")
    return found


@transaction.atomic
def rematch(viewer: Viewer, batch: Batch, match: Mapping[int, str], at: datetime) -> Batch:
    """Say anew which column means what, remember it for such files, and judge all rows again.

    Raises:
        UnableToImport: Two columns mean the same, or a meaning is unknown.
        Locked: Rows were written already.
    """
    batch = locked(viewer, batch)
    if batch.state not in ("matching", "checking", "checked"):
        raise Locked.because_written()
    spec = shapes.kind_of(batch.kind)
    chosen = {int(column): target for column, target in match.items() if target}
    known = targets(spec)
    if set(chosen.values()) - set(known) or not chosen:
        raise UnableToImport(_("请至少选一列。"), "Choose the meaning of at least one column.")
    for target in chosen.values():
        if list(chosen.values()).count(target) > 1:
            said = _("“{title}”选了两次。一项只能来自一列。").format(title=known[target].title)
            raise UnableToImport(said, f"{target} was chosen twice.")
    ColumnMatch.objects.update_or_create(
        office_id=batch.office_id, kind=batch.kind, header_digest=batch.columns["digest"],
        defaults={"columns": chosen},
    )  # fmt: skip
    batch.columns["match"], batch.state = chosen, "checking"
    batch.counts = {"rows": batch.counts["rows"], "checked": 0}
    batch.save(update_fields=["columns", "state", "counts"])
    StagedRow.objects.filter(batch=batch).update(state="raw", problems=[], values={})
    return batch


@transaction.atomic
def fix_cells(
    viewer: Viewer, batch: Batch, number: int, texts: Mapping[int, str], at: datetime
) -> StagedRow:
    """Put other texts into cells of one row and judge that row alone.

    Raises:
        UnableToImport: There is no such row, or it was written already.
    """
    batch = locked(viewer, batch)
    spec = shapes.kind_of(batch.kind)
    row = _open_row(batch, number)
    cells = stored.open_cells(spec, row.cells)
    for column, text in texts.items():
        if not 0 <= column < 200:
            raise UnableToImport(_("没有这一列。"), "There is no such column.")
        cells += [""] * (column + 1 - len(cells))
        cells[column] = text.strip()
    row.cells = stored.cells_of(spec, cells)
    row.save(update_fields=["cells"])
    judge(viewer, spec, batch, [row], at)
    doubles.find_for(spec, batch, row)
    recount(viewer, batch)
    batch.save(update_fields=["counts"])
    return row


def _open_row(batch: Batch, number: int) -> StagedRow:
    row = StagedRow.objects.filter(batch=batch, number=number).first()
    if row is None or row.state in ("raw", "created", "updated"):
        raise UnableToImport(
            _("没有这一行，或者已经导入。"), "There is no such row, or it is imported."
        )
    return row


@transaction.atomic
def decide(viewer: Viewer, batch: Batch, number: int, what: str, at: datetime) -> StagedRow:
    """Say what a possible duplicate is: `merge` with the other, `new`, or `skip`.

    Raises:
        UnableToImport: There is no such row, or there is nothing to decide.
    """
    batch = locked(viewer, batch)
    spec = shapes.kind_of(batch.kind)
    row = _open_row(batch, number)
    if what == "skip":
        row.state = "skipped"
        row.save(update_fields=["state"])
    else:
        doubles.settle(spec, batch, row, what)
    recount(viewer, batch)
    batch.save(update_fields=["counts"])
    return row


def has_row(batch: Batch, number: int) -> bool:
    """Say whether the file had a row of this number below its headings."""
    return StagedRow.objects.filter(batch=batch, number=number).exists()


def required_missing(kind: Kind, match: Mapping[int, str], *, has_unit: bool) -> list[str]:
    """Return the titles of what every new row needs and no column gives."""
    given = set(match.values())
    missing = [t.title for t in targets(kind).values() if t.required and t.name not in given]
    if not has_unit and UNIT not in given:
        missing.append(_("单元"))
    return missing


def cells_of(kind: Kind, row: StagedRow) -> list[Any]:
    """Return the cells of a staged row."""
    return stored.open_cells(kind, row.cells)
