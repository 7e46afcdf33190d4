"""Which pictures are taken from strangers, and what is kept of them.

A picture is told by its content and put together anew from the parts that make up the picture, so
that place, device and words stay out. It is not decoded: see docs/decisions/dependencies.md.
"""

from dataclasses import dataclass
from typing import Literal

from jiezhen.records import files_media

#: Most photos of one report, bytes of one, and pixels of one: a good camera's, and not a bomb's.
MOST, MOST_BYTES, MOST_PIXELS = 3, 10 * 2**20, 64_000_000
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
    size = files_media.size_of(content)
    if size is None or not all(size):
        raise NotTaken("damaged")
    if size[0] * size[1] > MOST_PIXELS:
        raise NotTaken("huge")
    clean = files_media.without_traces(content)
    if not clean:
        raise NotTaken("damaged")
    return Picture(ending, clean)
