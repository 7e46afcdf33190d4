"""The one writer of spreadsheets: text stays text, numbers and days keep their type.

Residents' words end in Excel on an official's desk. A cell that begins with `=` must not
become a formula there and an address must not become a link, so nothing else in the
product writes xlsx or CSV; a test of the house sees to it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from typing import IO, Any, Literal, TypeAlias

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from jiezhen.kernel import clock

Cell: TypeAlias = str | int | float | Decimal | date | datetime | None
HeadType: TypeAlias = Literal["text", "number", "money", "date", "time"]

_LISTS = "清单"
_LAST_ROW = 50_000
_LONGEST = 32_767
# XML and PostgreSQL know none of these characters; Excel would call the file damaged.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# The wide forms count too: a Chinese Excel takes them for the narrow ones.
_DANGEROUS = re.compile("'*[=+\\-@\t\r\x00＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d+)?")
_FORMATS = {
    "text": "@", "number": "General", "money": "0.00", "date": "yyyy-mm-dd",
    "time": "yyyy-mm-dd hh:mm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """A column: title, type, width in characters, and the values it may take."""

    title: str
    type: HeadType = "text"
    width: int = 14
    choices: tuple[str, ...] = ()
    strict: bool = False


class SafeBook:
    """Writes a workbook row by row with constant memory. Close it, or use `with`."""

    def __init__(self, out: IO[bytes] | str) -> None:
        """Begin a workbook in an open binary file or at a path."""
        self._book = xlsxwriter.Workbook(
            out,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_date_format": "yyyy-mm-dd",
            },
        )
        self._book.set_properties({"author": "", "comments": ""})
        self._bold = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self._formats = {
            name: self._book.add_format({"num_format": form}) for name, form in _FORMATS.items()
        }
        self._lists: list[tuple[str, ...]] = []

    def __enter__(self) -> SafeBook:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def sheet(self, title: str, heads: Sequence[Head]) -> SafeSheet:
        """Begin a sheet with its frozen header, column widths and lists of values."""
        safe = re.sub(r"[\[\]:*?/\\']", " ", _CONTROL.sub("", title)).strip()[:31] or "Sheet"
        sheet = self._book.add_worksheet(safe)
        sheet.freeze_panes(1, 0)
        for column, head in enumerate(heads):
            sheet.set_column(column, column, head.width, self._formats[head.type])
            if head.choices:
                self._validate(sheet, column, head)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, plain(head.title), self._bold)
        return SafeSheet(sheet, heads, self._formats)

    def _validate(self, sheet: Worksheet, column: int, head: Head) -> None:
        if head.choices not in self._lists:
            self._lists.append(head.choices)
        at = _letter(self._lists.index(head.choices))
        rule = {
            "validate": "list",
            "source": f"={_LISTS}!${at}$1:${at}${len(head.choices)}",
            "error_type": "stop" if head.strict else "warning",
            "error_title": "清单",
            "error_message": "请从清单里选。",
        }
        sheet.data_validation(1, column, _LAST_ROW, column, rule)

    def close(self) -> None:
        """Write the lists of values behind the other sheets and finish the file."""
        if self._lists:
            sheet = self._book.add_worksheet(_LISTS)
            for number, row in enumerate(zip_longest(*self._lists, fillvalue="")):
                for column, word in enumerate(row):
                    if word:
                        sheet.write_string(number, column, plain(word))
            self._lists = []
        self._book.close()


class SafeSheet:
    """One sheet of a `SafeBook`; rows are appended in order."""

    def __init__(self, sheet: Worksheet, heads: Sequence[Head], formats: dict[str, Any]) -> None:
        """Wrap a sheet whose header is written."""
        self._sheet, self._heads, self._formats = sheet, heads, formats
        self._next = 1

    def row(self, cells: Iterable[Cell]) -> None:
        """Append one row; a cell's Python type decides, never what its text looks like."""
        for column, (value, head) in enumerate(zip(cells, self._heads, strict=False)):
            self._write(column, value, head)
        self._next += 1

    def _write(self, column: int, value: Cell, head: Head) -> None:
        where = (self._next, column)
        if value is None or value == "":
            return
        if isinstance(value, bool):
            self._sheet.write_string(*where, "是" if value else "否")
        elif isinstance(value, datetime):
            local = value.astimezone(clock.ZONE).replace(tzinfo=None) if value.tzinfo else value
            self._sheet.write_datetime(*where, local, self._formats["time"])
        elif isinstance(value, date):
            self._sheet.write_datetime(
                *where, datetime(value.year, value.month, value.day), self._formats["date"]  # noqa: DTZ001 -- Excel's days have no zone
            )  # fmt: skip
        elif isinstance(value, (int, float, Decimal)) and abs(float(value)) < 1e15:
            form = head.type if head.type in ("number", "money") else "number"
            self._sheet.write_number(*where, value, self._formats[form])
        else:
            self._sheet.write_string(*where, plain(str(value)), self._formats["text"])


def plain(text: str) -> str:
    """Return text that a workbook keeps as text: no control characters, not too long."""
    text = _CONTROL.sub("", text)[:_LONGEST]
    # The library writes a text in these marks as raw XML; a blank behind it breaks the spell.
    return text[: _LONGEST - 1] + " " if text.startswith("<r>") and text.endswith("</r>") else text


def csv_lines(heads: Sequence[Head], rows: Iterable[Iterable[Cell]]) -> Iterator[bytes]:
    """Yield a CSV file piece by piece: UTF-8 with its mark, so that Excel shows Chinese.

    A text that a spreadsheet would take for a formula gets a quotation mark before it;
    `records.child` takes it away again.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC)
    buffer.write("\ufeff")
    writer.writerow([guarded(h.title) for h in heads])
    for number, row in enumerate(rows, 1):
        writer.writerow([_flat(value) for value in row])
        if number % 500 == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _flat(value: Cell) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        local = value.astimezone(clock.ZONE) if value.tzinfo else value
        return local.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return value
    return str(value) if isinstance(value, Decimal) else guarded(value)


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; plain numbers stay as they are."""
    risky = _DANGEROUS.match(text) and not _NUMBER.fullmatch(text)
    text = _CONTROL.sub("", text)
    risky = risky or (_DANGEROUS.match(text) and not _NUMBER.fullmatch(text))
    return f"'{text}" if risky else text


def _letter(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
