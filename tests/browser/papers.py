"""The files that the browser tests hand in, and how they come back."""

import io
from collections.abc import Sequence
from pathlib import Path

import docx
import xlsxwriter

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIFT_HEADS = ("单元", "地址", "竣工验收日期", "状态")


def word(name: str, paragraphs: Sequence[str]) -> dict[str, object]:
    """Return a Word file as a file field takes it."""
    made, out = docx.Document(), io.BytesIO()
    for line in paragraphs:
        made.add_paragraph(line)
    made.save(out)
    return {"name": name, "mimeType": DOCX, "buffer": out.getvalue()}


def workbook(name: str, rows: Sequence[Sequence[str]]) -> dict[str, object]:
    """Return a workbook of lift retrofits as a file field takes it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("加装电梯")
        for number, row in enumerate((LIFT_HEADS, *rows)):
            sheet.write_row(number, 0, row)
    return {"name": name, "mimeType": XLSX, "buffer": out.getvalue()}


def words_of(path: Path) -> list[str]:
    """Return the paragraphs of a Word file."""
    return [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]
