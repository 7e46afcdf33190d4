"""Nothing that a resident writes becomes a formula or a link in a spreadsheet."""

import csv
import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from jiezhen.kernel import clock
from jiezhen.records import sandbox, sheets

PAYLOADS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\x00=1+1",
    '=HYPERLINK("https://example.invalid","点这里")',
    "https://example.invalid/x",
    "＝1+1",
    "'=1+1",
    "<r><t>x</t></r>",
    "{=1+1}",
]
HEADS = [sheets.Head("内容"), sheets.Head("数", "number")]


def workbook(rows: list[list[sheets.Cell]]) -> bytes:
    out = io.BytesIO()
    with sheets.SafeBook(out) as book:
        sheet = book.sheet("台账", HEADS)
        for row in rows:
            sheet.row(row)
    return out.getvalue()


def test_it_writes_every_payload_as_text() -> None:
    content = workbook([[text, 1] for text in PAYLOADS])
    with zipfile.ZipFile(io.BytesIO(content)) as box:
        page = box.read("xl/worksheets/sheet1.xml").decode()
        rels = [n for n in box.namelist() if "worksheets/_rels" in n]
    assert "<f>" not in page
    assert "<hyperlink" not in page
    assert rels == []
    cells = re.findall(r'<c r="A\d+"[^>]*t="(\w+)"', page)
    assert cells == ["inlineStr"] * (len(PAYLOADS) + 1)


def test_a_reloaded_workbook_holds_the_same_texts() -> None:
    rows = sandbox.read(workbook([[text, 1] for text in PAYLOADS])).rows[1:]
    for (_number, cells), text in zip(rows, PAYLOADS, strict=True):
        assert isinstance(cells[0], str)
        assert cells[0] == text.replace("\x00", "").strip()


def test_csv_cells_never_begin_like_a_formula() -> None:
    content = b"".join(sheets.csv_lines(HEADS, [[text, -5] for text in PAYLOADS]))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]
    for (cell, number), text in zip(rows, PAYLOADS, strict=True):
        assert cell[:1] not in tuple("=+-@\t\r\x00＝＋－＠"), text
        assert number == "-5"


@pytest.mark.parametrize("text", ["-12.5", "+8613800138000", "-3"])
def test_csv_leaves_plain_numbers_alone(text: str) -> None:
    assert sheets.guarded(text) == text


def test_csv_comes_back_as_it_was() -> None:
    content = b"".join(sheets.csv_lines(HEADS, [[text, 1] for text in PAYLOADS]))
    back = [cells[0] for _number, cells in sandbox.read(content).rows[1:]]
    assert back == [text.replace("\x00", "").strip() for text in PAYLOADS]


def test_it_keeps_types() -> None:
    at = datetime(2023, 7, 3, 9, 12, tzinfo=clock.ZONE)
    content = workbook(
        [[date(2023, 2, 28), 12], [at, Decimal("1234.50")], ["310112194302300016", 10**17]]
    )
    rows = [cells for _number, cells in sandbox.read(content).rows[1:]]
    assert rows == [
        [date(2023, 2, 28), 12],
        [datetime.fromisoformat("2023-07-03T09:12"), 1234.5],
        ["310112194302300016", "100000000000000000"],
    ]


def test_it_writes_lists_of_values_and_a_frozen_header() -> None:
    out = io.BytesIO()
    with sheets.SafeBook(out) as book:
        book.sheet("表/一", [sheets.Head("状态", choices=("甲", "=乙")), sheets.Head("b")]).row([])
    with zipfile.ZipFile(out) as box:
        page = box.read("xl/worksheets/sheet1.xml").decode()
        names = box.read("xl/workbook.xml").decode()
    assert "清单!$A$1:$A$2" in page
    assert 'state="frozen"' in page
    assert 'name="表 一"' in names


def test_nothing_else_writes_spreadsheets() -> None:
    source = Path(sheets.__file__).parents[1]
    writers = re.compile(r"\b(import xlsxwriter|from xlsxwriter|csv\.(writer|DictWriter))\b")
    found = [
        str(file.relative_to(source))
        for file in source.rglob("*.py")
        if "tests" not in file.parts and writers.search(file.read_text("utf-8"))
    ]
    assert found == ["records/sheets.py"]
