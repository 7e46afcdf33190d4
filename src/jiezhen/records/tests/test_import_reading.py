"""Files that nobody should open are refused in words, within limits, outside the web process."""

import io
import time
import zipfile

import pytest

from jiezhen.records import sandbox
from jiezhen.records.tests.import_tools import sheet

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
BOOK = '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)


def boxed(parts: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in (
            {"xl/workbook.xml": BOOK, "[Content_Types].xml": TYPES} | parts
        ).items():
            box.writestr(name, content)
    return out.getvalue()


def replaced(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as box, zipfile.ZipFile(out, "w") as copy:
        for name in box.namelist():
            inside = box.read(name)
            copy.writestr(name, inside.replace(old, new) if name == part else inside)
    return out.getvalue()


def far_cell() -> bytes:
    """One cell at the last corner: 17 thousand million empty ones before it."""
    content = sheet(("甲", "乙"), [["1", "2"]])
    return replaced(content, "xl/worksheets/sheet1.xml", b'r="B2"', b'r="XFD1048576"')


HOSTILE: dict[str, tuple[bytes, str]] = {
    "bomb": (boxed({"xl/worksheets/sheet1.xml": b"0" * 30_000_000}), "suspicious"),
    "many parts": (boxed({f"x/{n}": b"" for n in range(2100)}), "suspicious"),
    "declaration": (boxed({"xl/x.xml": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'}),
                    "suspicious"),
    "wide declaration": (boxed({"xl/x.xml": "<!DOCTYPE x>".encode("utf-16")}), "suspicious"),
    "far cell": (far_cell(), "slow"),
    "cut": (sheet(("甲",), [["1"]])[:-300], "broken"),
    "no sheets": (boxed({}), "broken"),
    "locked": (OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
    "old word": (OLE + b"\x00" * 600 + "WordDocument".encode("utf-16-le"), "word"),
    "broken xls": (OLE + b"\x00" * 600 + "Workbook".encode("utf-16-le") + b"\x01" * 900, "broken"),
    "word": (boxed({"word/document.xml": "<x/>"}), "word"),
    "another zip": (b"PK\x05\x06" + b"\x00" * 18, "unknown"),
    "scan": (b"%PDF-1.4 ...", "pdf"),
    "photograph": (b"\xff\xd8\xff\xe0....", "picture"),
    "page": (b"\r\n<HTML><table><tr><td>1", "web"),
    "program": (b"MZ\x90\x00\x03\x00\x00", "unknown"),
    "nothing": (b"  \r\n", "empty"),
    "no letters": (b"\x81\x20\xff,\xff\xfe\xff\n" * 3, "encoding"),
    "empty sheet": (sheet((), []), "empty"),
    "too wide": (("列," * 300 + "\n").encode(), "columns"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_in_words(name: str) -> None:
    content, reason = HOSTILE[name]
    began = time.monotonic()
    with pytest.raises(sandbox.Unreadable) as caught:
        sandbox.read(content)
    assert caught.value.reason == reason
    assert time.monotonic() - began < 25
    assert caught.value.message.endswith("。")
    assert caught.value.message_en.isascii()


def test_more_rows_than_allowed() -> None:
    with pytest.raises(sandbox.Unreadable) as caught:
        sandbox.read(("编号,名称\n" + "1,甲\n" * 50_001).encode())
    assert caught.value.reason == "rows"
    assert len(sandbox.read(("编号,名称\n" + "1,甲\n" * 50_000).encode()).rows) == 50_001


def test_large_files_are_refused_before_anything_is_read() -> None:
    with pytest.raises(sandbox.Unreadable) as caught:
        sandbox.read(b"x" * (sandbox.MOST_BYTES + 1))
    assert caught.value.reason == "large"


def test_a_long_empty_tail_is_no_harm() -> None:
    lines = "姓名,电话\n张一,1\n" + "\n" * 499 + "张二,2\n" + "\n" * 600 + "张三,3\n"
    rows = sandbox.read(lines.encode()).rows
    assert [(number, cells[0]) for number, cells in rows] == [
        (1, "姓名"),
        (2, "张一"),
        (502, "张二"),
    ]


def test_row_numbers_are_those_of_the_sheet() -> None:
    content = sheet(("", "", ""), [[], [], ["", "姓名", "电话"], [], ["", "张一", "1"]])
    assert [n for n, _cells in sandbox.read(content).rows] == [4, 6]
    assert sandbox.read(content).rows[0][1] == ["", "姓名", "电话"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_in_every_writing(encoding: str, mark: str) -> None:
    text = f'姓名{mark}备注\r\n张一{mark}"一、二\n三"\r\n'
    rows = sandbox.read(text.encode(encoding)).rows
    assert [cells for _n, cells in rows] == [["姓名", "备注"], ["张一", "一、二\n三"]]


def test_another_sheet_may_be_asked_for() -> None:
    content = sheet(("甲",), [["1"]], name="一")
    assert sandbox.read(content, "一").name == "一"
    with pytest.raises(sandbox.Unreadable) as caught:
        sandbox.read(content, "二")
    assert caught.value.reason == "sheet"
