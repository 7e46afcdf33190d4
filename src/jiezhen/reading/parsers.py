"""Word and PDF, opened with large libraries. Only for the limited child process: see `sandbox`.

The libraries are imported inside the functions, so that importing `jiezhen.reading` loads none of them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from jiezhen.reading import errors

if TYPE_CHECKING:
    from lxml.etree import _Element  # type: ignore[import-untyped]

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAX_CELLS: Final = 50_000
MAX_COLUMNS: Final = 64
MAX_CHARACTERS: Final = 5_000_000
_FEW: Final = 10
_SKIPPED: Final = frozenset(
    f"{_W}{name}" for name in ("del", "instrText", "moveFrom", "txbxContent")
)


def docx_text(data: bytes) -> str:
    """Return paragraphs and tables of a Word file in order; table rows as `| a | b |`, headings with `#`.

    Errors: `BrokenFile` where the XML is damaged, `TooSlow` where it is larger than any report.
    """
    from lxml import etree  # type: ignore[import-untyped]

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            xml = archive.read("word/document.xml")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
        )
        body = etree.fromstring(xml, parser).find(f"{_W}body")
    except (etree.XMLSyntaxError, zipfile.BadZipFile, KeyError, EOFError) as problem:
        raise errors.BrokenFile from problem
    if body is None:
        raise errors.BrokenFile
    lines: list[str] = []
    size = 0
    for line in _lines(body):
        size += len(line)
        if size > MAX_CHARACTERS:
            raise errors.TooSlow
        lines.append(line)
    return "\n".join(lines)


def _lines(body: _Element) -> Iterator[str]:
    cells = 0
    for child in body:
        if child.tag == f"{_W}p":
            yield from _paragraph(child)
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                texts = [
                    _text(cell).replace("\n", "") for cell in row.findall(f"{_W}tc")[:MAX_COLUMNS]
                ]
                cells += len(texts)
                if cells > MAX_CELLS:
                    raise errors.TooSlow
                yield "| " + " | ".join(texts) + " |"
            yield ""
        elif child.tag == f"{_W}sdt":
            content = child.find(f"{_W}sdtContent")
            if content is not None:
                yield from _lines(content)


def _paragraph(paragraph: _Element) -> Iterator[str]:
    text = _text(paragraph)
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    level = (
        re.fullmatch(r"(?:Heading|标题)?\s?([1-6])", style.get(f"{_W}val", ""))
        if style is not None
        else None
    )
    yield f"{'#' * int(level[1])} {text}" if level and text and len(text) < 60 else text
    yield ""


def _text(element: _Element) -> str:
    words: list[str] = []
    for node in element.iter():
        if node.tag == f"{_W}t" and not _is_deleted(node, element):
            words.append(node.text or "")
        elif node.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr") and node.getparent().tag == f"{_W}r":
            words.append(" ")
    return "".join(words)


def _is_deleted(node: _Element, top: _Element) -> bool:
    parent = node.getparent()
    while parent is not None and parent is not top:
        if parent.tag in _SKIPPED:
            return True
        parent = parent.getparent()
    return False


def pdf_text(data: bytes) -> tuple[str, int]:
    """Return the text layer of a PDF, a form feed between pages, and the number of pages.

    Errors: `ScannedImages` without a text layer, `EncryptedFile` with a password, `BrokenFile` otherwise.
    """
    import pypdfium2

    try:
        document: Any = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        raise (
            errors.EncryptedFile if "assword" in str(problem) else errors.BrokenFile
        ) from problem
    pages: list[str] = []
    size = 0
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage().get_text_bounded().replace("\r\n", "\n").replace("\ufffe", "")
        size += len(text)
        if size > MAX_CHARACTERS:
            raise errors.TooSlow
        pages.append(text)
    if size < _FEW * max(len(pages), 1) and sum(
        ch.isalnum() for ch in "".join(pages)
    ) < _FEW * max(len(pages), 1):
        raise errors.ScannedImages
    return "\f".join(pages), len(pages)
