"""Likely doubles: where two matters lie, how alike they are, and why.

Places are told by small squares of the map (`cells`), so that a look-up is a handful of equal
keys; without coordinates by the address up to its number. Words are compared by pairs of
characters, which needs no dictionary.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass

#: The side of a square in degrees; about 170 m from south to north.
SIDE = 0.0015
#: From this likeness on a matter is shown as a likely double.
LIKELY = 0.5
#: Place and category alone make 0.6. Where the place is no more than a unit's name, words must add.
WITH_WORDS = 0.7
_METRES = 111_320.0
_ROOM = re.compile(r"(号楼?|幢|栋|弄|里|村|路|街|道)[^号弄幢栋路街]*$")
_NOISE = re.compile(r"[\s，。、；：！？,.;:!?（）()《》“”\"'·\-—]")


def cell(lon: float | None, lat: float | None, address: str = "") -> str:
    """Return the key of the square in which a point lies, else that of the address."""
    if lon is not None and lat is not None:
        return f"g{math.floor(lon / SIDE)}:{math.floor(lat / SIDE)}"
    words = _NOISE.sub("", address)
    short = _ROOM.sub(lambda m: m[1], words) if words else ""
    return f"t{short[:60]}" if len(short) >= 4 else ""


def cells(lon: float | None, lat: float | None, address: str, metres: float) -> list[str]:
    """Return the keys of all squares within reach of a place."""
    own = cell(lon, lat, address)
    if lon is None or lat is None:
        return [own] if own else []
    ring_y = math.ceil(metres / (SIDE * _METRES))
    ring_x = math.ceil(metres / (SIDE * _METRES * max(0.1, math.cos(math.radians(lat)))))
    x, y = math.floor(lon / SIDE), math.floor(lat / SIDE)
    return [
        f"g{i}:{j}"
        for i in range(x - ring_x, x + ring_x + 1)
        for j in range(y - ring_y, y + ring_y + 1)
    ]


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance of two points (lon, lat) in metres; exact enough within a town."""
    x = (a[0] - b[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot(x, a[1] - b[1]) * _METRES


def likeness(a: str, b: str) -> float:
    """Return how alike two texts are, from 0 to 1: the share of common pairs of characters."""
    one, two = _pairs(a), _pairs(b)
    if not one or not two:
        return 0.0
    common = sum((one & two).values())
    return 2 * common / (sum(one.values()) + sum(two.values()))


def _pairs(text: str) -> Counter[str]:
    words = _NOISE.sub("", text)
    return Counter(words[i : i + 2] for i in range(len(words) - 1))


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is compared: its point, category, words, and whether the same person called."""

    point: tuple[float, float] | None
    category: str
    words: str
    same_caller: bool = False
    same_place: bool = False


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely two matters are one, from 0 to 1, and why (words of the face)."""

    score: float
    metres: int | None
    same_category: bool
    words: float
    same_caller: bool


def compare(new: Candidate, old: Candidate, reach: float) -> Likeness:
    """Return how likely an old matter is the same as a new one.

    Place and category weigh most; words decide between different troubles at one door. Without
    a common category the words must carry it.
    """
    metres = metres_between(new.point, old.point) if new.point and old.point else None
    near = 1.0 if old.same_place else 0.0
    if metres is not None:
        near = max(0.0, 1.0 - metres / (2 * reach)) if metres <= reach else 0.0
    same = bool(new.category) and new.category == old.category
    words = likeness(new.words, old.words)
    score = 0.35 * near + (0.25 if same else 0.0) + 0.4 * min(1.0, words * 1.5)
    if old.same_caller:
        score += 0.2
    if near == 0.0 and not old.same_caller:
        score = 0.0
    return Likeness(
        min(1.0, score),
        None if metres is None else round(metres),
        same,
        words,
        old.same_caller,
    )
