"""Chinese addresses taken apart: road, lane, number, building, and a name beside them.

`上海市闵行区江川路街道沧源路１２３弄５号楼302室`, `沧源路123弄5号` and `沧源路一百二十三弄5幢` are one
door. Rooms, floors and staircases are dropped, and so is whatever stands before the road.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Key = tuple[str, ...]

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
#: A Chinese numeral right before the word of a lane, a number or a building.
_SPOKEN = re.compile(r"([〇零一二两三四五六七八九十百]+)(?=支?弄|巷|号|幢|栋|座)")
#: Province, city, district and office; 小区, 园区 and 社区 are not districts.
_LEAD = re.compile(
    r"^(?:[^省市区县路弄号\d]{2,8}?(?:省|自治区))?"
    r"(?:[^市区县路街弄号\d]{2,6}?市)?"
    r"(?:[^区县路街弄号\d]{2,5}?(?:(?<![小园社校民库片])区|县))?"
    r"(?:[^街镇乡弄号\d]{2,7}?(?:街道|镇|乡))?"
    r"(?:[^路弄号\d]{1,8}?(?:居民区|居委会|村委会|居委))?"
)
_ROAD = re.compile(r"^[^\d弄号室楼层]{1,15}?(?:公路|大道|大街|胡同|支路|路|街)(?![道口边])")
#: What follows a road's name when it is not the road that is meant: 江川路街道.
_NOT_ROAD = ("街道", "社区", "派出所", "居民区", "居委", "小区", "地铁", "站", "小学", "中学")
#: 新东川路 is not 东川路.
_OTHER_ROAD = frozenset("新老旧东西南北中上下大小前后")
_LANE = re.compile(r"(\d+)(?:弄|巷)(?:(\d+)支弄)?")
_NUMBER = re.compile(
    r"(?P<number>\d+(?:-\d+)?[甲乙丙丁A-Z]?|(?<![A-Z])[A-Z])"
    r"(?:号楼|号|幢|栋|座|#|(?<=\d)楼(?!\d))"
)
_BARE = re.compile(r"^(\d+)(?:-\d+)*$")
_NOISE = re.compile(r"[\s,，。．、:：\"“”'‘’]+")
_BRACKETS = re.compile(r"[（(][^（()）]*[）)]")
_ROOM = re.compile(r"\d+(?:室|层|单元|楼|号).*$")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address; an empty one was not said.

    `name` is what the words say beside the road: an estate, a park, a building.
    """

    road: str = ""
    lane: str = ""
    number: str = ""
    building: str = ""
    name: str = ""

    def doors(self) -> list[Key]:
        """Return the keys of the door, the most exact first: building, number; road, estate."""
        places = [(self.road, self.lane)] if self.road else []
        if self.name:
            places.append((self.name, ""))
        bare: list[Key] = [("door", *p, self.number, "") for p in places if self.number]
        exact: list[Key] = [(*key[:4], self.building) for key in bare if self.building]
        return [*exact, *bare]

    def wider(self) -> list[Key]:
        """Return the keys of its lane and its road."""
        found: list[Key] = []
        if self.road and self.lane:
            found.append(("lane", self.road, self.lane))
        if self.road:
            found.append(("road", self.road))
        return found


def plain(text: str) -> str:
    """Return an address in one writing: narrow figures, no blanks, Arabic numbers of doors."""
    said = unicodedata.normalize("NFKC", text).upper()
    said = _NOISE.sub("", _BRACKETS.sub("", said)).replace("—", "-").replace("~", "-")
    return _SPOKEN.sub(lambda found: str(_value(found[1])), said)


def _value(numeral: str) -> int:
    """Return a Chinese numeral below a thousand; without 十 and 百 it is read digit by digit."""
    if not set(numeral) & {"十", "百"}:
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, digit = 0, 0
    for c in numeral:
        if c in "十百":
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[c]
    return total + digit


def read(text: str, roads: Mapping[str, str] | None = None, *, entry: bool = False) -> Address:
    """Return the parts of an address.

    Args:
        text: As a person said it, other words before and behind it.
        roads: The roads that are known, each way to call one → its name; the longest first.
        entry: It is an entry's: what stands behind the number is a name, not the matter.
    """
    said = plain(text)
    road, before, rest = _known_road(said, roads or {}) or _any_road(said)
    if not road:
        rest, before = before or rest, ""
    lane = _LANE.search(rest)
    named, behind = (rest[: lane.start()], rest[lane.end() :]) if lane else ("", rest)
    numbers, words, trail = _numbers(behind, lane=lane is not None)
    words = words or (trail if entry else "")
    number, building = (*numbers, "", "")[:2]
    name = _ROOM.sub("", named or words).strip("-")[:40]
    lane_text = "-".join(part for part in lane.groups() if part) if lane else ""
    return Address(road, lane_text, number, building, name)


def _known_road(said: str, roads: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Return the best known road in the words, what stands before it and behind it."""
    best: tuple[tuple[bool, int, int], str, int, int] | None = None
    formal = _any_road(said)[0]
    for called, name in roads.items():
        start = said.find(called)
        if start < 0 or said.startswith(_NOT_ROAD, start + len(called)):
            start = said.find(called, start + 1) if start >= 0 else -1
        end = start + len(called)
        if start < 0 or said.startswith(_NOT_ROAD, end) or _is_other(formal, called):
            continue
        score = (said[end : end + 1].isdigit(), len(called), -start)
        if best is None or score > best[0]:
            best = (score, name, start, end)
    return (best[1], said[: best[2]], said[best[3] :]) if best else None


def _is_other(formal: str, called: str) -> bool:
    """Say whether the road by its form is another one: 新东川路 when 东川路 is known."""
    return formal[1:] == called and formal[0] in _OTHER_ROAD


def _any_road(said: str) -> tuple[str, str, str]:
    """Return the road by its form alone; without one, what is left behind the district."""
    lead = _LEAD.match(said)
    start = lead.end() if lead else 0
    for rest in dict.fromkeys((said[start:], said)):
        found = _ROAD.match(rest)
        if found and not rest.startswith(_NOT_ROAD, found.end()):
            return found[0], "", rest[found.end() :]
    return "", "", said[start:] or said


def _numbers(rest: str, *, lane: bool) -> tuple[list[str], str, str]:
    """Return at most two numbers (door, building) and the words before and behind them."""
    found = list(_NUMBER.finditer(rest))[:2]
    if found:
        numbers = [f["number"] for f in found]
        return numbers, rest[: found[0].start()], rest[found[-1].end() :]
    bare = _BARE.match(rest) if lane else None
    return ([bare[1]], "", "") if bare else ([], rest, "")


def writings(text: str) -> list[str]:
    """Return the ways in which one entry writes its address: `沧源路123弄5号；沧源小区5号楼`."""
    return [part.strip() for part in re.split(r"[；;\n]", text) if part.strip()]


def only_roads(addresses: Iterable[Address]) -> bool:
    """Say whether an entry names a road and other ways to call it, and no door."""
    listed = list(addresses)
    return bool(listed) and all(a.road and not (a.lane or a.number or a.name) for a in listed)
