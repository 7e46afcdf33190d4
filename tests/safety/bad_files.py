"""Files that somebody may bring in by mistake or on purpose; made here, none is kept."""

import io
import zipfile
import zlib

DOCX_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
XLSX_TYPES = DOCX_TYPES.replace("/word/document.xml", "/xl/workbook.xml").replace(
    "wordprocessingml.document.main", "spreadsheetml.sheet.main"
)
RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="{target}"/></Relationships>'
)
WORD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    "<w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
)
LOL = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
OLE = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    + b"\0" * 600
    + "EncryptedPackage".encode("utf-16-le")
    + b"\0" * 4096
)


def packed(parts: dict[str, bytes | str]) -> bytes:
    """Return a zip file with parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return out.getvalue()


def docx(document: str) -> bytes:
    """Return a Word file with this main part."""
    return packed(
        {
            "[Content_Types].xml": DOCX_TYPES,
            "_rels/.rels": RELS.format(target="word/document.xml"),
            "word/document.xml": document,
        }
    )


def xlsx(sheet: str, shared: str = "") -> bytes:
    """Return a workbook with this sheet."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": XLSX_TYPES,
        "_rels/.rels": RELS.format(target="xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": RELS.format(target="worksheets/sheet1.xml").replace(
            'officeDocument"', 'worksheet"'
        ),
        "xl/worksheets/sheet1.xml": sheet,
    }
    return packed(parts | ({"xl/sharedStrings.xml": shared} if shared else {}))


def _bomb(name: str) -> bytes:
    return packed(
        {
            "[Content_Types].xml": DOCX_TYPES,
            "_rels/.rels": RELS.format(target=name),
            name: b" " * (200 * 2**20),
        }
    )


def _pdf(objects: list[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        start,
    )


def pdf(content: bytes) -> bytes:
    """Return a PDF of one page with this compressed content."""
    return _pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>",
            b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(content), content),
        ]
    )


def inflating(size: int) -> bytes:
    """Return deflated blanks that unpack to so many bytes, made piece by piece."""
    squeeze = zlib.compressobj(9)
    block = b" " * 2**20
    pieces = [squeeze.compress(block) for _n in range(size // len(block))]
    return b"".join([*pieces, squeeze.flush()])


def texts() -> dict[str, bytes]:
    """Return bad files by name for the doors that take documents."""
    xxe = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return {
        "scan.pdf": pdf(zlib.compress(b"0 0 0 rg 10 10 100 100 re f")),
        "broken.docx": docx("<w:document>")[:900],
        "encrypted.docx": OLE,
        "bomb.docx": _bomb("word/document.xml"),
        "big.txt": "字".encode() * (50 * 2**20 // 3),
        "empty.txt": b"",
        "picture.docx": b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
        "program.exe": b"MZ\x90\0" + b"\0" * 200,
        "xxe.docx": docx(xxe + WORD.format(text="&e;")),
        "entities.docx": docx(LOL + WORD.format(text="&i;")),
        "noise.txt": bytes(range(128, 256)) * 50,
        "flate.pdf": pdf(inflating(512 * 2**20)),
    }


def tables() -> dict[str, bytes]:
    """Return bad files by name for the doors that take tables."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    far = '<c r="{at}" t="inlineStr"><is><t>x</t></is></c>'
    return {
        "broken.xlsx": xlsx("<worksheet>")[:700],
        "encrypted.xlsx": OLE,
        "bomb.xlsx": _bomb("xl/workbook.xml"),
        "big.csv": b"name,unit\n" + b"x,c1\n" * (10 * 2**20),
        "empty.csv": b"",
        "picture.xlsx": b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
        "entities.xlsx": xlsx(
            f'{LOL}<worksheet {main}><sheetData><row r="1">'
            '<c t="inlineStr"><is><t>&i;</t></is></c></row></sheetData></worksheet>'
        ),
        "corner.xlsx": xlsx(
            f'<worksheet {main}><sheetData><row r="1048576">'
            f"{far.format(at='XFD1048576')}</row></sheetData></worksheet>"
        ),
        "heads.csv": "名称,类别\n".encode(),
    }
