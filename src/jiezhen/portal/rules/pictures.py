"""Which pictures are taken from strangers, and what is kept of them.

A picture is told by its content and drawn anew from its pixels, so that place, device and words
stay out.
"""

from dataclasses import dataclass
from typing import Literal

from jiezhen.records import files_media
from jiezhen.records.pictures import Damaged, Huge, redrawn

#: Most photos of one report, and bytes of one.
MOST, MOST_BYTES = 3, 10 * 2**20
_ENDINGS = ("jpg", "png", "webp")

Fault = Literal["empty", "large", "other", "huge", "damaged"]


class NotTaken(Exception):
    """The file is not kept; `fault` says why in one word."""

    def __init__(self, fault: Fault) -> None:
        self.fault: Fault = fault
        super().__init__(fault)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept, and the ending of its name."""

    ending: str
    content: bytes


def taken(content: bytes) -> Picture:
    """Return what is kept of a file that a stranger sent.

    Raises:
        NotTaken: It is empty, too large, no picture, a bomb of pixels, or damaged.
    """
    if not content:
        raise NotTaken("empty")
    if len(content) > MOST_BYTES:
        raise NotTaken("large")
    ending = next((e for e in _ENDINGS if e in files_media.media_of(content)), "")
    if not ending:
        raise NotTaken("other")
    try:
        return Picture(ending, redrawn(content))
    except Huge as bomb:
        raise NotTaken("huge") from bomb
    except Damaged as torn:
        raise NotTaken("damaged") from torn
