"""What a file is and whether its structure is safe to open, by its bytes alone and without parsing it.

Source: the two-layer gate of the safety measurements; limits are our choice and are tested with hostile files.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath
from typing import Final

from jiezhen.reading import errors

MAX_BYTES: Final = 40 * 2**20
MAX_PARTS: Final = 2000
MAX_UNPACKED: Final = 200 * 2**20
MAX_RATIO: Final = 200
RATIO_FROM: Final = 2**20
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT: Final = {".txt": "txt", ".text": "txt", "": "txt", ".md": "md", ".markdown": "md"}
_HEAD: Final = 4096


def kind_of(data: bytes, name: str) -> str:
    """Return txt, md, docx or pdf after checking size and structure.

    Raises:
        UnreadableFile: A subclass that names what is wrong and what to do.
    """
    if not data:
        raise errors.EmptyFile
    if len(data) > MAX_BYTES:
        raise errors.TooLarge
    suffix = PurePath(name).suffix.lower()
    if data.startswith(_OLE):
        raise _ole(suffix, data)
    if data.startswith(b"%PDF-") or b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        check_zip(data)
        return "docx"
    if suffix in (".docx", ".pdf"):
        raise errors.BrokenFile
    if suffix not in _TEXT or data.startswith(
        (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x7fELF", b"MZ")
    ):
        raise errors.UnknownType
    return _TEXT[suffix]


def check_zip(data: bytes) -> None:
    """Refuse archives that unpack to more than a document ever needs, or declare a document type.

    Raises:
        UnreadableFile: Broken, encrypted, no Word document, or suspicious.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_sizes(parts)
            if not any(part.filename == "word/document.xml" for part in parts):
                raise errors.UnknownType
            for part in parts:
                _check_part(archive, part)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError) as problem:
        raise errors.BrokenFile from problem
    except RuntimeError as problem:
        raise errors.EncryptedFile from problem


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise errors.SuspiciousFile
    for part in parts:
        if part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise errors.SuspiciousFile


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.flag_bits & 0x1:
        raise errors.EncryptedFile
    if part.filename.endswith((".xml", ".rels")):
        with archive.open(part) as stream:
            if b"<!doctype" in stream.read(_HEAD).lower():
                raise errors.SuspiciousFile


def _ole(suffix: str, data: bytes) -> errors.UnreadableFile:
    """Return what an OLE container is: an encrypted new Word file or an old one."""
    if suffix == ".docx" or "EncryptedPackage".encode("utf-16-le") in data:
        return errors.EncryptedFile()
    return errors.OldWord() if suffix in (".doc", ".wps") else errors.UnknownType()
