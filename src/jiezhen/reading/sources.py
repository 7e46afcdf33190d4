"""From bytes to text: plain text and Markdown here, Word and PDF through `parsers`.

The parsers for Word and PDF load large libraries and may meet hostile files: call `sandbox.read_file` for anything
that came from outside. `text_of` is for the limited child process and for files that are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jiezhen.reading import errors, structure


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of a file. `kind` is txt, md, docx or pdf; `pages` is known for PDF only."""

    text: str
    name: str
    kind: str
    pages: int | None = None


def text_of(source: Path | str | bytes, name: str | None = None) -> SourceText:
    """Return the text of a file or of its bytes, tables as rows of cells parted by bars.

    Errors: every failure is an `UnreadableFile` that says in Chinese and English what to do.
    """
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    name = name or ("" if isinstance(source, bytes) else Path(source).name)
    kind = structure.kind_of(data, name)
    if kind in ("txt", "md"):
        return _checked(SourceText(decode(data), name, kind))
    from jiezhen.reading import parsers

    if kind == "docx":
        return _checked(SourceText(parsers.docx_text(data), name, kind))
    text, pages = parsers.pdf_text(data)
    return _checked(SourceText(text, name, kind, pages))


def decode(data: bytes) -> str:
    """Return the text of UTF-8, UTF-16 (with mark) or GB 18030 bytes.

    Raises:
        BadEncoding: The bytes are no text in any of them.
    """
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise errors.BadEncoding


def _checked(source: SourceText) -> SourceText:
    if not source.text.strip():
        raise errors.EmptyFile
    return source
