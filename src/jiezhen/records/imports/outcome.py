"""An import from beginning to end in one call, for the API and the command line."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jiezhen.people.access import Viewer
from jiezhen.records import sandbox, shapes
from jiezhen.records.imports import access, staging, stored, writing
from jiezhen.records.imports.access import UnableToImport
from jiezhen.records.imports.summary import Counts, counts_of, done, effect
from jiezhen.records.models import Batch, StagedRow


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in one cell, where, and how it is cured."""

    row: int
    column: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an import: its number, state, counts, a sentence, faults row by row."""

    batch: int
    state: str
    counts: Counts
    sentence: str
    problems: tuple[RowProblem, ...]
    unused: tuple[str, ...]

    def words(self) -> str:
        """Return the outcome in a sentence, with what is left to do."""
        left = self.counts.bad + self.counts.maybe
        return self.sentence + (f"还有{left}行要处理。" if left else "")

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON knows it."""
        return asdict(self)


def read(content: bytes, sheet: str = "") -> sandbox.Sheet:
    """Return the table in a file's bytes, read in a child process.

    Raises:
        UnableToImport: The file is no table, damaged, locked, too large or hostile.
    """
    try:
        return sandbox.read(content, sheet)
    except sandbox.Unreadable as unreadable:
        raise UnableToImport(unreadable.message, unreadable.message_en) from unreadable


def check(  # noqa: PLR0913  # a door for people, files and machines alike
    viewer: Viewer, kind: str, file: Path | bytes | sandbox.Sheet, at: datetime, *,
    name: str = "", unit: str = "", sheet: str = "",
) -> Batch:  # fmt: skip
    """Read a file and judge every row of it; nothing is written to the records.

    A door that holds a transaction reads the file first and hands in the table.

    Raises:
        UnableToImport: The viewer may not, the file cannot be read, or it holds no
            headings or rows.
        UnknownUnit: The unit for rows without one is unknown.
    """
    access.may_import(viewer, kind)
    if isinstance(file, Path):
        if file.stat().st_size > sandbox.MOST_BYTES:
            raise UnableToImport(*sandbox.SAID["large"])
        name, file = name or file.name, file.read_bytes()
    table = read(file, sheet) if isinstance(file, bytes) else file
    digest = staging.digest_of(table)
    batch = staging.stage(viewer, kind, table, staging.Origin(name, digest, unit), at)
    if batch.state == "matching":
        raise UnableToImport(
            "没有认出任何一列。请用模板里的列名，或者在网页上对列。",
            "No column was recognised. Use the template's headings.",
        )
    while not staging.proceed(viewer, batch, at):
        pass
    batch.refresh_from_db()
    return batch


def run(  # noqa: PLR0913  # a door for people, files and machines alike
    viewer: Viewer, kind: str, file: Path | bytes | sandbox.Sheet, name: str, at: datetime, *,
    commit: bool = True, unit: str = "", sheet: str = "",
) -> Outcome:  # fmt: skip
    """Import a file: check it and, unless told otherwise, write the good rows.

    Possible duplicates are left unwritten. Importing the same file again writes nothing.

    Raises:
        UnableToImport: The viewer may not, the file cannot be read, or it holds no
            headings or rows.
        UnknownUnit: The unit for rows without one is unknown.
    """
    batch = check(viewer, kind, file, at, name=name, unit=unit, sheet=sheet)
    if commit:
        batch = writing.commit(viewer, batch, at)
    return outcome_of(batch)


def outcome_of(batch: Batch, most: int = 1000) -> Outcome:
    """Return what came of a batch, with its first thousand faults."""
    sentence = done(batch) if batch.committed_at else effect(batch)
    used = staging.match_of(batch)
    unused = [t for c, t in enumerate(batch.columns["titles"]) if t and c not in used]
    return Outcome(
        batch.pk, batch.state, counts_of(batch), sentence, tuple(_problems(batch, most)),
        tuple(unused),
    )  # fmt: skip


def _problems(batch: Batch, most: int) -> list[RowProblem]:
    spec = shapes.kind_of(batch.kind)
    rows = StagedRow.objects.filter(batch=batch, state__in=("bad", "maybe")).order_by("number")
    found: list[RowProblem] = []
    for row in rows[:most]:
        cells = stored.open_cells(spec, row.cells)
        found += [_problem(batch, row.number, cells, told) for told in row.problems]
    return found[:most]


def _problem(batch: Batch, number: int, cells: list[Any], told: dict[str, Any]) -> RowProblem:
    column, titles = told["column"], batch.columns["titles"]
    title = titles[column] if 0 <= column < len(titles) else ""
    value = str(cells[column]) if 0 <= column < len(cells) else ""
    return RowProblem(number, title, value, told["message"])
