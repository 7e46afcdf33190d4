"""A list as a file: the same filters and rights as its page, every column that comes back.

The columns are those that an import knows, under headings that it recognises, so that a
file that was exported and is imported again changes nothing. Personal values are masked
unless a reason is given by somebody who may have them shown.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import parse_qsl

from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.packs.schema import Field, Kind
from jiezhen.people.access import Viewer
from jiezhen.records import access, fields, operations, queries, sealing, shapes, sheets
from jiezhen.records.imports.targets import targets
from jiezhen.records.models import Row
from jiezhen.trail import operations as trail

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
#: Most rows of one workbook; a list that is longer is narrowed or taken as CSV.
MOST_IN_WORKBOOK = 100_000
_IN_MEMORY = 4 * 2**20
_HEADS: dict[str, sheets.HeadType] = {
    "number": "number", "money": "money", "date": "date", "time": "time",
}  # fmt: skip
_WIDTHS = {"place": 28, "text": 20, "id_number": 21, "time": 17, "person": 10}


@dataclass(frozen=True, slots=True)
class Outlet:
    """One column of a file: its name for machines, its head, and its field if it has one."""

    name: str
    head: sheets.Head
    field: Field | None = None
    part: str = ""


def stream(
    viewer: Viewer,
    kind: str,
    query: Any,
    fmt: str,
    at: datetime,
    *,
    why: str = "",  # noqa: ANN401
) -> HttpResponse:
    """Return a list as a file to keep, and put it on record with its count and reason.

    Shape: rows in the order of the list; a query, an address or a mapping as for the page.
    The file is whole before its first byte is sent, so that the record of it is true.

    Raises:
        operations.NotAllowed: The viewer may not export this kind.
        operations.Refused: The list is too long for a workbook.
    """
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # the response closes it
    try:
        with transaction.atomic():
            _write(viewer, kind, query, fmt, file, at, why)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = f"{shapes.kind_of(kind).title}_{clock.day_of(at):%Y%m%d}.{fmt}"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=FORMATS[fmt])
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return cast("HttpResponse", response)  # Django gives the two no common name


def to_file(
    viewer: Viewer, kind: str, query: str, path: Path, at: datetime, *, why: str = ""
) -> int:
    """Write a list to a path, its form by the ending, and return how many rows it has.

    Raises:
        operations.NotAllowed: The viewer may not export this kind.
        operations.Refused: The ending is unknown, or the list is too long for a workbook.
    """
    asked = parse_qsl(query.removeprefix("?"))
    with path.open("wb") as file, transaction.atomic():
        return _write(viewer, kind, asked, path.suffix.removeprefix("."), file, at, why)


def _write(  # noqa: PLR0913  # shared by two doors
    viewer: Viewer,
    kind: str,
    query: Any,
    fmt: str,
    file: IO[bytes],
    at: datetime,
    why: str,  # noqa: ANN401
) -> int:
    spec = access.kind_for(viewer, kind)
    if not viewer.may("export", kind, sensitivity=spec.sensitivity):
        raise operations.NotAllowed(operations.Problem("", _("没有导出这份清单的权限。")))
    if fmt not in FORMATS:
        raise operations.Refused(operations.Problem("", _("只能导出xlsx、csv和json。")))
    paths = viewer.paths("export", kind, spec.sensitivity)
    rows = (
        row for row in queries.every(viewer, kind, query, at)
        if any(row.unit.path.startswith(path) for path in paths)
    )  # fmt: skip
    opened = _opened(viewer, spec, why)
    count = _Writer(viewer, spec, opened).write(rows, fmt, file)
    trail.append(
        viewer, "records.list.exported", f"kind:{kind}", at, why=why,
        after={"count": count, "format": fmt, "revealed": bool(opened)},
    )  # fmt: skip
    return count


def _opened(viewer: Viewer, spec: Kind, why: str) -> tuple[str, ...]:
    """Return the unit paths under which personal values stand open: a right and a reason."""
    if not spec.personal or not why.strip():
        return ()
    return viewer.paths("reveal", spec.name, spec.sensitivity)


class _Writer:
    """Writes rows of one kind; links are looked up in portions."""

    def __init__(self, viewer: Viewer, kind: Kind, opened: tuple[str, ...]) -> None:
        self.viewer, self.kind, self.opened = viewer, kind, opened
        self.outlets = outlets(kind)
        self.count = 0

    def write(self, rows: Iterable[Row], fmt: str, file: IO[bytes]) -> int:
        """Write all rows in a form and return how many."""
        if fmt == "xlsx":
            self._workbook(rows, file)
        elif fmt == "csv":
            heads = [o.head for o in self.outlets]
            for piece in sheets.csv_lines(heads, self._lines(rows)):
                file.write(piece)
        else:
            self._json(rows, file)
        return self.count

    def _workbook(self, rows: Iterable[Row], file: IO[bytes]) -> None:
        with sheets.SafeBook(file) as book:
            sheet = book.sheet(self.kind.title, [o.head for o in self.outlets])
            for line in self._lines(rows):
                if self.count > MOST_IN_WORKBOOK:
                    said = _("超过{most}条。请加筛选条件，或者导出CSV。")
                    raise operations.Refused(
                        operations.Problem("", said.format(most=MOST_IN_WORKBOOK))
                    )
                sheet.row(line)

    def _json(self, rows: Iterable[Row], file: IO[bytes]) -> None:
        file.write(b"[")
        for number, line in enumerate(self._lines(rows)):
            told = {
                o.name: _plain(v)
                for o, v in zip(self.outlets, line, strict=True) if v is not None
            }  # fmt: skip
            text = json.dumps(told, ensure_ascii=False)
            file.write((",\n" if number else "\n").encode() + text.encode())
        file.write(b"\n]\n")

    def _lines(self, rows: Iterable[Row]) -> Iterator[list[sheets.Cell]]:
        waiting = iter(rows)
        while portion := list(islice(waiting, 1000)):
            links = self._links(portion)
            for row in portion:
                self.count += 1
                masked = not any(row.unit.path.startswith(path) for path in self.opened)
                yield [self._cell(row, outlet, links, masked=masked) for outlet in self.outlets]

    def _links(self, rows: list[Row]) -> Mapping[tuple[str, int], str]:
        """Return the codes of linked records: what an import finds them by."""
        found: dict[tuple[str, int], str] = {}
        for name, spec in self.kind.fields.items():
            ids = {row.data[name] for row in rows if isinstance(row.data.get(name), int)}
            if spec.type != "link" or not ids:
                continue
            to = shapes.kind_of(str(spec.to))
            there = shapes.model_of(to.name).objects.seen_by(
                self.viewer, "see", to.name, to.sensitivity
            )
            coded = there.filter(kind=to.name, pk__in=ids).values_list("pk", "code")
            found |= {(name, pk): code for pk, code in coded}
        return found

    def _cell(
        self, row: Row, outlet: Outlet, links: Mapping[tuple[str, int], str], *, masked: bool
    ) -> sheets.Cell:
        if outlet.field is None:
            return _system(self.kind, row, outlet.name)
        stored = row.data.get(outlet.name.partition(".")[0])
        if stored in (None, "", [], {}):
            return None
        if outlet.part:
            return stored.get(outlet.part)  # type: ignore[no-any-return]
        if outlet.field.type == "link":
            return links.get((outlet.name, stored))
        return _value(stored, outlet.field, f"{self.kind.name}.{outlet.name}", masked=masked)


def outlets(kind: Kind) -> list[Outlet]:
    """Return the columns of a kind's file: those that an import knows."""
    found = []
    for name, target in targets(kind).items():
        if name == "@until_inclusive":
            continue
        field = kind.fields.get(name.partition(".")[0])
        if field is None:
            form: sheets.HeadType = "text" if name in ("@code", "@unit", "@state") else "date"
            found.append(Outlet(name, sheets.Head(target.title, form, 16)))
            continue
        if field.party:  # who called is kept apart and leaves in no file
            continue
        part = name.partition(".")[2]
        form = "number" if part else _HEADS.get(field.type, "text")
        choices = tuple(field.options.values())
        if field.type == "flag":
            choices = ("是", "否")
        head = sheets.Head(target.title, form, _WIDTHS.get(field.type, 14), choices)
        found.append(Outlet(name, head, field, part))
    return found


def _system(kind: Kind, row: Row, name: str) -> sheets.Cell:
    if name == "@unit":
        return str(row.unit.title)
    if name == "@state":
        flow, state = kind.flow_spec, getattr(row, "state", "")
        return flow.states[state].title if flow and state in flow.states else str(state)
    if name == "@code":
        return row.code
    place = shapes.shape_of(kind.name).columns.get(name[1:], name[1:])
    found = getattr(row, place, None)
    return found if isinstance(found, date) else None


def _value(stored: Any, field: Field, about: str, *, masked: bool) -> sheets.Cell:  # noqa: ANN401
    """Return a stored value with its type, as an import reads it."""
    if field.type == "number":
        return stored  # type: ignore[no-any-return]
    if field.type == "money":
        return Decimal(stored) / 100
    if field.type == "date":
        return date.fromisoformat(stored[:10])
    if field.type == "time":
        return datetime.fromisoformat(stored)
    try:
        return fields.shown(stored, field, masked=masked, about=about)
    except sealing.Unopenable:
        return _("（打不开：加密密钥不对）")


def _plain(value: sheets.Cell) -> Any:  # noqa: ANN401  # what JSON takes
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
