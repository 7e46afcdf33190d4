"""Pictures of others, drawn anew from their pixels: whatever else their file held is gone.

A phone writes the place and the device into each photograph; nobody who uploads one means to hand
these over. A file may also carry words, a film or another file behind its picture. Pillow reads the
pixels and writes them again; of the rest only the colour profile and how it is turned are kept.
"""

import io
import threading
import warnings
from typing import Any

from PIL import Image

#: Pixels of the largest picture: a good camera's, and not a bomb's.
MOST_PIXELS = 64_000_000
_FORMS = ("JPEG", "PNG", "WEBP")
_TURNED = 0x0112  # the field of a camera's notes that says how the picture is turned
#: How each form is written: a JPEG with its own tables, so that it loses next to nothing again.
_WRITTEN: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": "keep"},
    "PNG": {},
    "WEBP": {"quality": 90},
}
#: One picture at a time in a process: the largest takes 256 MB while it is drawn.
_ONE = threading.Lock()


class Damaged(ValueError):
    """The picture cannot be drawn to its end."""


class Huge(ValueError):
    """The picture has more than `MOST_PIXELS` pixels."""


def redrawn(content: bytes) -> bytes:
    """Return a JPEG, PNG or WebP picture in the same form, with its pixels alone.

    Of a picture that moves the first frame is kept.

    Raises:
        Damaged: It cannot be drawn to its end.
        Huge: It has too many pixels; none of them was drawn.
    """
    with _ONE, warnings.catch_warnings():
        # Pillow's own limits only warn below twice their size; ours is asked first.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            return _redrawn(content)
        except Image.DecompressionBombError as bomb:
            raise Huge from bomb
        except (Damaged, Huge):
            raise
        except Exception as damaged:  # a decoder says what is wrong in many ways
            raise Damaged from damaged


def _redrawn(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=_FORMS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Huge
        image.verify()  # a PNG may be torn behind its last pixel; afterwards it must be opened anew
    with Image.open(io.BytesIO(content), formats=_FORMS) as image:
        if image.format == "MPO":  # a JPEG with a second picture behind it, as many phones write
            image.format = "JPEG"
        image.load()
        form = str(image.format)
        turned = image.getexif().get(_TURNED)
        image.info = {k: v for k, v in image.info.items() if k in ("icc_profile", "transparency")}
        notes = Image.Exif()
        if turned in range(2, 9):
            notes[_TURNED] = turned
        out = io.BytesIO()
        image.save(
            out,
            form,
            icc_profile=image.info.get("icc_profile"),
            exif=notes.tobytes() if notes else b"",
            **_WRITTEN[form],
        )
    return out.getvalue()
