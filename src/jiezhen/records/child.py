"""Reads one table in a process of its own and writes its rows as JSON lines.

Started by `records.sandbox` alone; it never runs in the web process. A line is a row:
`[number, [cells]]`, number as Excel counts. A cell is text, a number, true or false,
`{"d": "2023-07-03"}` for a day or `{"t": …}` for a moment. The first line names the
sheets, the latest says how it ended: `{"end": "done" | "rows" | "columns" | a fault}`.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from jiezhen.kernel import confine

MOST_ROWS, MOST_COLUMNS, MOST_EMPTY = 50_000, 200, 500
_ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")
_DELIMITERS = ",\t;|"


class _Fault(Exception):
    """Reading ended; the word tells the parent why."""


def main() -> None:
    """Read standard input as the arguments say: memory, cpu, form, wanted sheet."""
    form, wanted = sys.argv[3], sys.argv[4] if len(sys.argv) > 4 else ""
    confine.limit(int(sys.argv[1]), int(sys.argv[2]))
    try:
        content = sys.stdin.buffer.read()
        if form == "text":
            for encoding in _ENCODINGS:  # loaded before the doors close
                codecs.lookup(encoding)
            confine.lock()
            sheets, chosen, rows = _text(content)
        else:
            import python_calamine  # noqa: F401  # only here, and after the limits

            confine.lock()
            sheets, chosen, rows = _workbook(content, wanted)
        _say({"sheets": sheets, "sheet": chosen})
        _say({"end": _rows(rows)})
    except _Fault as fault:
        _say({"end": str(fault)})
    except MemoryError:
        sys.exit(3)


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")


def _rows(rows: Iterable[list[Any]]) -> str:
    """Write the rows that hold something; a long run of empty ones is the end."""
    empty = written = 0
    for number, row in enumerate(rows, 1):
        while row and row[-1] in ("", None):
            row.pop()
        if not row:
            empty += 1
            if empty > MOST_EMPTY:
                break
            continue
        empty = 0
        written += 1
        if written > MOST_ROWS + 1:  # the header is one of them
            return "rows"
        if len(row) > MOST_COLUMNS:
            return "columns"
        _say([number, [_cell(value) for value in row]])
    return "done"


def _cell(value: object) -> object:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**63:
        return int(value)
    if isinstance(value, datetime):
        return (
            {"d": value.date().isoformat()}
            if value.time() == time()
            else {"t": value.isoformat(timespec="seconds")}
        )
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time | timedelta):
        return str(value)
    return value.strip() if isinstance(value, str) else value


def _workbook(content: bytes, wanted: str) -> tuple[list[str], str, Iterator[list[Any]]]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = calamine.SheetVisibleEnum.Visible
        names = [s.name for s in book.sheets_metadata if s.visible == visible] or book.sheet_names
        if wanted and wanted not in names:
            raise _Fault("sheet")
        for name in [wanted] if wanted else names:
            sheet = book.get_sheet_by_name(name)
            if sheet.start is not None:
                before = [""] * min(sheet.start[1], MOST_COLUMNS + 1)
                return names, name, (before + list(row) for row in sheet.iter_rows())
    except calamine.PasswordError as problem:
        raise _Fault("password") from problem
    except calamine.CalamineError as problem:
        raise _Fault("broken") from problem
    raise _Fault("empty")


def _text(content: bytes) -> tuple[list[str], str, Iterator[list[Any]]]:
    text = _decoded(content)
    if not text.strip():
        raise _Fault("empty")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    return [], "", _numbered(rows)


def _numbered(rows: Iterator[list[str]]) -> Iterator[list[Any]]:
    try:
        yield from (list(map(_unguarded, row)) for row in rows)
    except csv.Error as problem:
        raise _Fault("broken") from problem


def _unguarded(cell: str) -> str:
    """Take away the quotation mark that `sheets` puts before what looks like a formula."""
    bare = cell.lstrip("'")
    return cell[1:] if bare != cell and bare[:1] in tuple("=+-@\t\r＝＋－＠") else cell


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    for encoding in _ENCODINGS[:2]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _Fault("encoding")


def _delimiter(text: str) -> str:
    """Return the mark that cuts the first lines most evenly, a comma when none does."""
    lines = list(csv.reader(io.StringIO(text[:20_000])))[:20]
    joined = [line for line in text[:20_000].splitlines() if line.strip()][:20]
    if lines and len(lines[0]) > 1:
        return ","
    counts = {mark: [line.count(mark) for line in joined] for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: (min(counts[mark], default=0), sum(counts[mark])))


if __name__ == "__main__":
    main()
