"""Open a spreadsheet that somebody sent: look at its outside first, then let a child read it.

No parser is imported here: the web process only looks at a file's first bytes and at the
list of a zip's parts. What a child says comes back as `Sheet`.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any

from jiezhen.kernel import sandbox

MOST_BYTES = 40 * 2**20
_PARTS, _TOTAL, _RATIO, _SMALL = 2000, 200 * 2**20, 200, 2**20
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")

#: What each reason says, Chinese first.
SAID = {
    "empty": ("文件是空的。请选有内容的表格。", "The file is empty. Choose a sheet with rows."),
    "large": (
        "文件超过40MB。请只留要导入的那张表，或拆成几个文件。",
        "The file is over 40 MB. Keep only the sheet to import, or split it.",
    ),
    "unknown": (
        "认不出这种文件。请用Excel（xlsx、xls）、WPS或CSV表格。",
        "This kind of file is not known. Use Excel (xlsx, xls), WPS or CSV.",
    ),
    "picture": (
        "文件是图片，读不出表格。请换Excel或CSV。",
        "The file is a picture and holds no table. Use Excel or CSV.",
    ),
    "pdf": (
        "这是PDF，不是表格。请找原来的Excel；没有的话，在WPS里转成xlsx再导入。",
        "This is a PDF, not a sheet. Use the original Excel file.",
    ),
    "word": (
        "这是Word文件，不是表格。请把表格复制到Excel里再导入。",
        "This is a Word file. Copy its table into Excel first.",
    ),
    "web": (
        "这个文件其实是网页。请用Excel或WPS打开，另存为xlsx再导入。",
        "This file is a web page. Open it in Excel, save it as xlsx and try again.",
    ),
    "broken": (
        "文件损坏，打不开。请在Excel或WPS里打开并另存一份。",
        "The file is damaged. Open it in Excel or WPS and save a copy.",
    ),
    "password": (
        "文件有密码。请在Excel里去掉密码再导入。",
        "The file has a password. Remove it in Excel and try again.",
    ),
    "suspicious": (
        "文件结构异常，没有打开。请把内容复制到新的Excel里再导入。",
        "The structure of the file is abnormal. Copy its content into a new workbook.",
    ),
    "slow": (
        "文件太复杂，读取超时。请删去空白行列和图片，或拆成几个文件。",
        "The file is too complex to read in time. Delete empty rows and pictures, or split it.",
    ),
    "rows": (
        "超过50000行。请拆成几个文件，分别导入。",
        "More than 50,000 rows. Split the file and import the parts.",
    ),
    "columns": (
        "超过200列。请只留要导入的列。",
        "More than 200 columns. Keep only the columns to import.",
    ),
    "encoding": (
        "文字编码认不出。请在Excel里另存为xlsx，或UTF-8编码的CSV。",
        "The text encoding is not known. Save it as xlsx, or as CSV in UTF-8.",
    ),
    "sheet": ("没有这张表。请重新选。", "There is no such sheet. Choose again."),
}


class Unreadable(Exception):
    """The file gives no table; `reason` is one word, the messages say what to do."""

    def __init__(self, reason: str) -> None:
        """Keep the reason and its messages in both languages."""
        self.reason = reason
        self.message, self.message_en = SAID[reason]
        super().__init__(self.message)


@dataclass(slots=True)
class Sheet:
    """One table: the names of all visible sheets, the one that was read, its rows.

    A row is the number that Excel shows and its cells: text, numbers, true and false,
    days and moments. Empty rows are left out.
    """

    sheets: list[str] = field(default_factory=list)
    name: str = ""
    rows: list[tuple[int, list[Any]]] = field(default_factory=list)


def read(content: bytes, sheet: str = "") -> Sheet:
    """Return the table in a file's bytes; of a workbook the named sheet, else the first filled.

    Raises:
        Unreadable: The file is no table, is damaged, locked, too large or hostile.
    """
    form = form_of(content)
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        try:
            return _collected(sandbox.run("jiezhen.records.child", file, [form, sheet]))
        except sandbox.ChildFailed as failed:
            raise Unreadable("broken" if failed.reason == "crash" else "slow") from failed


def form_of(content: bytes) -> str:
    """Return how a child shall read the bytes: `workbook` or `text`.

    Raises:
        Unreadable: The outside of the file already shows that it cannot be imported.
    """
    if not content.strip(b"\x00 \t\r\n"):
        raise Unreadable("empty")
    if len(content) > MOST_BYTES:
        raise Unreadable("large")
    if content.startswith(b"PK"):
        names = look_into_zip(io.BytesIO(content))
        if "word/document.xml" in names:
            raise Unreadable("word")
        if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
            raise Unreadable("unknown")
        return "workbook"
    if content.startswith(_OLE):
        return _old(content)
    _look_at_start(content)
    return "text"


def _look_at_start(content: bytes) -> None:
    if content.startswith(b"%PDF"):
        raise Unreadable("pdf")
    if content.startswith(_PICTURES) or content[8:12] == b"WEBP":
        raise Unreadable("picture")
    start = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml")):
        raise Unreadable("web")
    if b"\x00" in content and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable("unknown")


def _old(content: bytes) -> str:
    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise Unreadable("password")
    if holds("WordDocument"):
        raise Unreadable("word")
    if not (holds("Workbook") or holds("Book")):
        raise Unreadable("unknown")
    return "workbook"


def look_into_zip(file: IO[bytes]) -> set[str]:
    """Return the names of a zip's parts after a look at its outside.

    Raises:
        Unreadable: It is damaged, locked, or built to burst whoever unpacks it.
    """
    try:
        with zipfile.ZipFile(file) as box:
            parts = box.infolist()
            _look_at_sizes(parts)
            _look_for_declarations(box, parts)
            return {p.filename for p in parts}
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError) as problem:
        raise Unreadable("broken") from problem
    except RuntimeError as problem:  # zipfile's word for a part with a password
        raise Unreadable("password") from problem
    except zipfile.zlib.error as problem:  # type: ignore[attr-defined]
        raise Unreadable("broken") from problem


def _look_at_sizes(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > _PARTS or sum(p.file_size for p in parts) > _TOTAL:
        raise Unreadable("suspicious")
    for part in parts:
        # Sheets of WPS with many formatted empty rows shrink a hundredfold; bombs more.
        if part.file_size > _SMALL and part.file_size > _RATIO * max(1, part.compress_size):
            raise Unreadable("suspicious")


def _look_for_declarations(box: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Refuse a document type declaration: no office program writes one, attacks do."""
    for part in parts:
        if not part.filename.endswith((".xml", ".rels", ".vml")):
            continue
        with box.open(part) as inside:
            start = inside.read(16 * 1024).replace(b"\x00", b"").lower()
        if b"<!doctype" in start or b"<!entity" in start:
            raise Unreadable("suspicious")


def _collected(lines: Iterator[bytes]) -> Sheet:
    sheet, end = Sheet(), ""
    for line in lines:
        said = json.loads(line)
        if isinstance(said, list):
            sheet.rows.append((int(said[0]), [_cell(value) for value in said[1]]))
        elif "end" in said:
            end = said["end"]
        else:
            sheet.sheets, sheet.name = said["sheets"], said["sheet"]
    if end != "done":
        raise Unreadable(end if end in SAID else "broken")
    if not sheet.rows:
        raise Unreadable("empty")
    return sheet


def _cell(value: Any) -> Any:  # noqa: ANN401  # what JSON gives
    if isinstance(value, dict):
        if "d" in value:
            return date.fromisoformat(value["d"])
        return datetime.fromisoformat(value["t"])
    return value
