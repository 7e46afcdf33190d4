"""Files from outside: each hostile or broken file ends in a named error with Chinese words, never in a crash."""

import io
import zipfile

import pytest

from jiezhen.reading import errors, structure
from jiezhen.reading.sandbox import read_file
from jiezhen.reading.sources import decode, text_of

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str, *, head: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml",
            f'{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        )
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return held.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def pdf(page: bytes, *more: bytes) -> bytes:
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(page), page),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *more,
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        body
        + table
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, len(body))
    )


@pytest.fixture
def keep(tmp_path):
    def kept(name: str, data: bytes):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return kept


def test_it_reads_word_paragraphs_and_tables_in_order(keep):
    row = "<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>".format(
        paragraph("指标"), paragraph("数值")
    )
    body = paragraph("前言") + f"<w:tbl>{row}</w:tbl>" + paragraph("后记")
    source = read_file(keep("a.docx", docx(body)))
    assert source.kind == "docx"
    assert [line for line in source.text.splitlines() if line] == [
        "前言",
        "| 指标 | 数值 |",
        "后记",
    ]


def test_it_leaves_out_deleted_words(keep):
    body = "<w:p><w:r><w:t>留</w:t></w:r><w:del><w:r><w:t>删</w:t></w:r></w:del></w:p>"
    assert read_file(keep("a.docx", docx(body))).text.strip() == "留"


def test_it_reads_a_pdf_with_text(keep):
    page = b"BT /F1 12 Tf 50 700 Td (Report of the office 2023, 15 lifts) Tj ET"
    source = read_file(keep("a.pdf", pdf(page)))
    assert (source.kind, source.pages) == ("pdf", 1)
    assert "15 lifts" in source.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_it_reads_text_in_the_encodings_of_offices(keep, encoding):
    assert read_file(keep("a.txt", "新增停车位30个。".encode(encoding))).text == "新增停车位30个。"


def many_parts() -> bytes:
    return docx(paragraph("x"), extra={f"p{n}": b"" for n in range(structure.MAX_PARTS)})


def merged_cells() -> bytes:
    row = (
        "<w:tr>"
        + "<w:tc><w:tcPr><w:gridSpan w:val='50000'/></w:tcPr><w:p/></w:tc>" * 40
        + "</w:tr>"
    )
    return docx("<w:tbl>" + row * 2000 + "</w:tbl>")


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.txt", b"", errors.EmptyFile),
        ("a.txt", "　\n".encode(), errors.EmptyFile),
        ("a.txt", b"\x81\x00\xff\xff", errors.BadEncoding),
        ("a.xyz", b"words", errors.UnknownType),
        ("a.docx", b"PK\x03\x04 and nothing more", errors.BrokenFile),
        ("a.docx", b"no archive at all", errors.BrokenFile),
        ("a.docx", structure._OLE + b"\0" * 600, errors.EncryptedFile),
        ("a.doc", structure._OLE + b"\0" * 600, errors.OldWord),
        ("a.docx", docx("<w:p>"), errors.BrokenFile),
        ("a.docx", docx("", head='<!DOCTYPE a [<!ENTITY b "c">]>'), errors.SuspiciousFile),
        (
            "a.docx",
            docx(paragraph("x" * 20_000_000)),
            errors.SuspiciousFile,
        ),  # bomb: ratio above 200
        ("a.docx", many_parts(), errors.SuspiciousFile),
        ("a.docx", merged_cells(), errors.UnreadableFile),
        ("a.pdf", b"%PDF-1.4 broken", errors.BrokenFile),
        ("a.pdf", pdf(b"0 0 m 10 10 l S"), errors.ScannedImages),  # lines only, no text
        ("a.zip", b"PK\x05\x06" + b"\0" * 18, errors.UnknownType),
    ],
)
def test_it_refuses(keep, name, data, error):
    with pytest.raises(error) as caught:
        read_file(keep(name, data))
    assert caught.value.message
    assert caught.value.message_en


def test_a_page_that_draws_itself_ends_only_the_child(keep):
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X 6 0 R>>>>/Length 5>>stream\n/X Do\nendstream"
    with pytest.raises(errors.UnreadableFile):
        read_file(keep("a.pdf", pdf(b"/X Do", form)))


def test_it_refuses_a_file_that_is_too_large(keep):
    path = keep("a.pdf", b"%PDF-1.4")
    with path.open("r+b") as stream:
        stream.truncate(structure.MAX_BYTES + 1)
    with pytest.raises(errors.TooLarge):
        read_file(path)


def test_text_needs_no_child():
    assert text_of("完成3项".encode(), "a.md").kind == "md"
    assert decode("街镇".encode("gb18030")) == "街镇"
