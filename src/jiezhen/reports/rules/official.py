"""A report as a Word file in the layout of official documents (GB/T 9704-2012), with 数据来源索引.

A4, text area 156 × 225 mm (top 37 mm, left 28 mm), 22 lines of 28 characters by the document grid; title 二号
小标宋, headings 黑体 and 楷体, body 三号仿宋, page numbers 四号 between dashes, outside on the page. Fonts are
set by name for every script, so that quotation marks and dashes stay Chinese.

The file is made in a child process, because the libraries for Word are kept out of the web process.
"""

from __future__ import annotations

import base64
import io
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from jiezhen.kernel import confine, sandbox

TITLE, HEAD, SUBHEAD, BODY, PAGE = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体"
#: What stands in for a font that a machine does not have.
_INSTEAD: Final = {TITLE: "宋体", SUBHEAD: "楷体", BODY: "仿宋"}
#: 225 mm by 22 lines, in twentieths of a point; 156 mm by 28 characters against 16 pt, in 4096ths.
LINE, CHARACTER = 580, -849
_LINE: Final = 60_000


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` 1 or 2) or paragraph (0): pairs of words and the address of the number they tell."""

    level: int
    pieces: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """All that stands in the file. `sources` are rows of the index under `columns`."""

    title: str
    blocks: tuple[Block, ...]
    signed: str = ""
    dated: str = ""
    columns: tuple[str, ...] = ()
    sources: tuple[tuple[str, ...], ...] = field(default=())
    note: str = ""


class UnableToMake(Exception):
    """The Word file could not be made."""

    message = "Word没有导出来。请再试一次；还不行，请把这件事告诉管理员。"
    message_en = "The Word file could not be made. Try again, or tell the administrator."

    def __init__(self) -> None:
        super().__init__(self.message)


def made(paper: Paper) -> bytes:
    """Return the bytes of the Word file.

    Raises:
        UnableToMake: The child process failed.
    """
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(asdict(paper), ensure_ascii=False).encode())
        file.seek(0)
        try:
            return base64.b64decode(b"".join(sandbox.run("jiezhen.reports.rules.official", file)))
        except (sandbox.ChildFailed, ValueError) as failed:
            raise UnableToMake from failed


def main() -> None:
    """Read a paper from standard input, write its file; the child's whole work."""
    confine.limit(int(sys.argv[1]), int(sys.argv[2]))
    document = _blank()
    confine.lock()
    paper = json.loads(sys.stdin.buffer.read())
    _fill(document, paper)
    out = io.BytesIO()
    document.save(out)
    said = base64.b64encode(out.getvalue())
    for at in range(0, len(said), _LINE):
        sys.stdout.buffer.write(said[at : at + _LINE] + b"\n")


def _blank() -> Any:  # noqa: ANN401  # python-docx has no types
    """Return an empty document in the official layout; everything needed later is imported here."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import parse_xml
    from docx.shared import Mm, Pt

    document = docx.Document()
    document.save(io.BytesIO())
    assert WD_ALIGN_PARAGRAPH.CENTER is not None  # noqa: S101  # loads the module before the doors close
    assert RELATIONSHIP_TYPE.HYPERLINK  # noqa: S101
    assert parse_xml is not None  # noqa: S101
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(23)
    _grid(section._sectPr)
    _styles(document, Pt)
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, right=True)
    _page_number(section.even_page_footer, right=False)
    _fonts(document)
    return document


def _grid(properties: Any) -> None:  # noqa: ANN401
    for old in properties.findall(_w("docGrid")):
        properties.remove(old)
    grid = properties.makeelement(
        _w("docGrid"),
        {_w("type"): "linesAndChars", _w("linePitch"): str(LINE), _w("charSpace"): str(CHARACTER)},
    )
    properties.append(grid)


def _styles(document: Any, points: Any) -> None:  # noqa: ANN401
    for fonts in document.styles.element.iter(_w("rFonts")):
        # Fonts of the theme would win over fonts by name.
        for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(_w(name), None)
    for name, font, size in (
        ("Normal", BODY, 16),
        ("Title", TITLE, 22),
        ("Heading 1", HEAD, 16),
        ("Heading 2", SUBHEAD, 16),
    ):
        style = document.styles[name]
        _named(style.element.get_or_add_rPr(), font)
        style.font.size, style.font.bold, style.font.italic = points(size), False, False
        style.font.color.rgb = None
        _plain(style)


def _plain(style: Any) -> None:  # noqa: ANN401
    """Give a style the exact line of the grid and no colour, border or space of its own."""
    for tag in ("color", "spacing", "kern"):
        for old in style.element.rPr.findall(_w(tag)):
            style.element.rPr.remove(old)
    look = style.element.get_or_add_pPr()
    for tag in ("pBdr", "spacing", "contextualSpacing"):
        for old in look.findall(_w(tag)):
            look.remove(old)
    paragraph = style.paragraph_format
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    paragraph.space_before = paragraph.space_after = Pt(0)
    paragraph.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.line_spacing = Pt(LINE / 20 if style.name != "Title" else 35)


def _named(look: Any, font: str) -> None:  # noqa: ANN401
    """Name a font for every script of a run or style."""
    for old in look.findall(_w("rFonts")):
        look.remove(old)
    names = {_w(script): font for script in ("ascii", "hAnsi", "eastAsia", "cs")}
    look.insert(0, look.makeelement(_w("rFonts"), {_w("hint"): "eastAsia", **names}))


def _page_number(footer: Any, *, right: bool) -> None:  # noqa: ANN401
    """Write — 1 — in 四号, to the outside of the page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.shared import Pt

    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    indent = paragraph.paragraph_format
    indent.right_indent, indent.left_indent = (Pt(14), None) if right else (None, Pt(14))
    for words in ("— ", None, " —"):
        run = paragraph.add_run(words or "")
        run.font.size = Pt(14)
        _named(run._r.get_or_add_rPr(), PAGE)
        if words is None:
            space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
            for kind in ("begin", "instr", "end"):
                inside = (
                    f'<w:instrText xmlns:w="{space}" xml:space="preserve"> PAGE </w:instrText>'
                    if kind == "instr"
                    else f'<w:fldChar xmlns:w="{space}" w:fldCharType="{kind}"/>'
                )
                run._r.append(parse_xml(inside))


def _fonts(document: Any) -> None:  # noqa: ANN401
    """Say in the font table what stands in for a font that a machine does not have."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            part = relation.target_part
            rows = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'
                for name, other in _INSTEAD.items()
            )
            part._blob = part.blob.replace(b"</w:fonts>", rows.encode() + b"</w:fonts>")


def _fill(document: Any, paper: dict[str, Any]) -> None:  # noqa: ANN401
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    title = document.add_paragraph(paper["title"], style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph()
    for block in paper["blocks"]:
        style = {1: "Heading 1", 2: "Heading 2"}.get(block["level"], "Normal")
        paragraph = document.add_paragraph(style=style)
        _indent(paragraph)
        for words, address in block["pieces"]:
            _piece(paragraph, words, address)
    for words in (paper["signed"], paper["dated"]):
        if words:
            paragraph = document.add_paragraph(words)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if paper["sources"]:
        _index(document, paper)


def _indent(paragraph: Any) -> None:  # noqa: ANN401
    """Begin two characters in."""
    look = paragraph._p.get_or_add_pPr()
    indent = look.get_or_add_ind()
    indent.set(_w("firstLineChars"), "200")
    indent.set(_w("firstLine"), "640")


def _piece(paragraph: Any, words: str, address: str) -> None:  # noqa: ANN401
    """Add words; a number carries the address where it is explained, without looking like a link."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    run = paragraph.add_run(words)
    if not address:
        return
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = paragraph._p.makeelement(
        _w("hyperlink"),
        {
            "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id": relation,
        },
    )
    paragraph._p.append(link)
    link.append(run._r)


def _index(document: Any, paper: dict[str, Any]) -> None:  # noqa: ANN401
    """Append 数据来源索引 on a new page: one row for each number."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document.add_page_break()
    head = document.add_paragraph("数据来源索引", style="Heading 1")
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if paper["note"]:
        _indent(document.add_paragraph(paper["note"]))
    columns: Sequence[str] = paper["columns"]
    table = document.add_table(rows=1, cols=len(columns))
    table.style = document.styles["Table Grid"]
    _cells(table.rows[0], columns, HEAD)
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(properties.makeelement(_w("tblHeader"), {}))
    for row in paper["sources"]:
        _cells(table.add_row(), row, BODY)


def _cells(row: Any, words: Sequence[str], font: str) -> None:  # noqa: ANN401
    """Write one row in 五号, with a line as high as its words need."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    for cell, text in zip(row.cells, words, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        run = paragraph.add_run(text)
        run.font.size = Pt(10.5)
        _named(run._r.get_or_add_rPr(), font)


def _w(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


if __name__ == "__main__":
    main()
