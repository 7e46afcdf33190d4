"""What a file is by its content, and a picture without what the camera wrote into it.

A phone writes the place and the device into each photograph; nobody who uploads one
means to hand these over. Pure bytes in and out; no picture is decoded.
"""

import io
import re
import struct
import unicodedata
from collections.abc import Iterator
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
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT_OUT = {b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"}
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


def size_of(content: bytes) -> tuple[int, int] | None:
    """Return the width and height that a picture says it has; None when it says none."""
    try:
        if content.startswith(b"\xff\xd8"):
            return _jpeg_size(content)
        if content.startswith(_PNG) and content[12:16] == b"IHDR":
            width, height = struct.unpack(">II", content[16:24])
            return width, height
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp_size(content[12:])
    except (struct.error, IndexError, ValueError):
        return None
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    size, pixels = None, False
    for marker, segment in _segments(content):
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", segment[5:9])
            size = width, height
        pixels = pixels or marker == 0xDA
    return size if pixels else None


def _webp_size(chunk: bytes) -> tuple[int, int] | None:
    if chunk.startswith(b"VP8X"):
        return _three(chunk[12:15]) + 1, _three(chunk[15:18]) + 1
    if chunk.startswith(b"VP8L") and chunk[8] == 0x2F:
        (bits,) = struct.unpack("<I", chunk[9:13])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk.startswith(b"VP8 ") and chunk[11:14] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", chunk[14:18])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _three(content: bytes) -> int:
    if len(content) < 3:
        raise ValueError("the picture ends before its size")
    return int.from_bytes(content, "little")


def without_traces(content: bytes) -> bytes:
    """Return a picture without place, device and words; other files as they are.

    A picture whose parts cannot be followed is returned empty: it is damaged.
    """
    try:
        if content.startswith(b"\xff\xd8"):
            return _jpeg(content)
        if content.startswith(_PNG):
            return _png(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError, ValueError):
        return b""
    return content


def _jpeg(content: bytes) -> bytes:
    kept, turned = [b"\xff\xd8"], 1
    for marker, segment in _segments(content):
        if marker == 0xE1 and segment[4:10] == b"Exif\x00\x00":
            turned = _orientation(segment[10:])
        elif (
            marker in (0xE0, 0xEE)
            or (marker == 0xE2 and segment[4:16] == b"ICC_PROFILE\x00")
            or not (0xE0 <= marker <= 0xEF or marker == 0xFE)
        ):
            kept.append(segment)
    if kept[-1] != b"\xff\xd9":
        raise ValueError("the picture has no end")
    if turned in range(2, 9):
        kept.insert(1, _turned(turned))
    return b"".join(kept)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and bytes of each part up to the end mark; what follows it is left out."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise ValueError("no marker where one must stand")
        marker = content[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker == 0xD9:
            yield marker, b"\xff\xd9"
            return
        end = at + 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
        if marker == 0xDA:  # the pixels follow, up to the next real marker
            end = _after_pixels(content, end)
        if end > len(content):
            raise ValueError("a part is longer than the file")
        yield marker, content[at:end]
        at = end


def _after_pixels(content: bytes, at: int) -> int:
    while True:
        at = content.index(b"\xff", at)
        follows = content[at + 1]
        if follows == 0x00 or 0xD0 <= follows <= 0xD7:
            at += 2
        elif follows == 0xFF:
            at += 1
        else:
            return at


def _orientation(tiff: bytes) -> int:
    """Return how the picture is turned, the one thing of a camera's notes that is needed."""
    try:
        order = {b"II": "<", b"MM": ">"}[tiff[:2]]
        (first,) = struct.unpack(f"{order}I", tiff[4:8])
        (count,) = struct.unpack(f"{order}H", tiff[first : first + 2])
        for n in range(min(count, 100)):
            entry = tiff[first + 2 + 12 * n : first + 14 + 12 * n]
            tag, _form, _n, value = struct.unpack(f"{order}HHIH", entry[:10])
            if tag == 0x0112:
                return int(value)
    except (KeyError, struct.error):
        return 1
    return 1


def _turned(orientation: int) -> bytes:
    tiff = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\x00\x00" + tiff


def _png(content: bytes) -> bytes:
    kept, at = [_PNG], len(_PNG)
    while True:
        (length,) = struct.unpack(">I", content[at : at + 4])
        name, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content):
            raise ValueError("a part is longer than the file")
        if name not in _PNG_KEPT_OUT:
            kept.append(content[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at = end


def _webp(content: bytes) -> bytes:
    kept, at = [], 12
    while at + 8 <= len(content):
        name, length = struct.unpack("<4sI", content[at : at + 8])
        end = at + 8 + length + (length & 1)
        chunk = content[at:end]
        if len(chunk) < 8 + length:
            raise ValueError("a part is longer than the file")
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]
        if name not in (b"EXIF", b"XMP "):
            kept.append(chunk)
        at = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
