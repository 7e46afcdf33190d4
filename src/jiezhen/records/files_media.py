"""What a file is by its content, and what its name may be. Pure bytes and words."""

import io
import re
import unicodedata
from pathlib import PurePosixPath

from jiezhen.records import sandbox

#: The media that may be attached, by the ending of the name.
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "txt": "text/plain",
    "csv": "text/csv",
}
#: Those of them that are pictures.
PICTURES = ("jpg", "jpeg", "png", "webp")
_PNG = b"\x89PNG\r\n\x1a\n"
_ACTIVE = re.compile(rb"\s*<(!doctype|html|svg|script|\?xml|head|body|iframe)", re.IGNORECASE)
_INNER = re.compile(r"\.(?=(?:exe|js|html?|svg|bat|cmd|sh|ps1|vbs|scr|com|php|jar|lnk)\b)", re.I)


def clean_name(name: str) -> str:
    """Return a file's name without folders, control and direction marks; at most 120 characters."""
    name = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs"))
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    stem = _INNER.sub("_", stem)
    return f"{stem[: 119 - len(ending)]}{dot}{ending}" if dot else ending[:120]


def ending_of(name: str) -> str:
    """Return the ending of a name in small letters, without its dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def media_of(content: bytes) -> frozenset[str]:
    """Return the endings that fit what the content shows; none for what may not be kept."""
    if content.startswith(b"%PDF-"):
        return frozenset({"pdf"})
    if content.startswith(b"\xff\xd8\xff"):
        return frozenset({"jpg", "jpeg"})
    if content.startswith(_PNG):
        return frozenset({"png"})
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return frozenset({"webp"})
    if content.startswith(b"PK"):
        return _office(content)
    return frozenset({"txt", "csv"}) if _is_text(content) else frozenset()


def _office(content: bytes) -> frozenset[str]:
    try:
        names = sandbox.look_into_zip(io.BytesIO(content))
    except sandbox.Unreadable:
        return frozenset()
    if any(n.endswith("vbaProject.bin") for n in names):
        return frozenset()  # macros have no place among evidence
    found = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
    return frozenset(ending for part, ending in found.items() if part in names)


def _is_text(content: bytes) -> bool:
    if not content or b"\x00" in content or _ACTIVE.match(content[:1000].lstrip(b"\xef\xbb\xbf")):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
