"""Read a message that was copied out of a chat: what it says, what it is about, and where.

Deterministic and small: names of senders and times of day are left out, an address is found
by its shape (路 弄 号 楼 室), a unit by its name, a type by its words. All of it is a proposal
that a person looks at before anything is filed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

#: Most characters of a message that are looked at.
MOST = 4000

_DAY = r"(?:(?:\d{4}[年/.-])?\d{1,2}[月/.-]\d{1,2}日?|昨天|今天|前天|星期[一二三四五六日天])"
_CLOCK = r"(?:(?:上午|下午|晚上|早上|中午|凌晨)?\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)"
_WHEN = re.compile(rf"^\W*(?:{_DAY}\s*)?{_CLOCK}\W*$|^\W*{_DAY}\W*$")
_SENDER = re.compile(rf"^[^\s，。！？]{{1,20}}\s+(?:{_DAY}\s*)?{_CLOCK}\s*$")
_NAME = re.compile(r"^[^\s，。！？:：]{1,16}[:：]\s*$")
_SAID = re.compile(r"^([^\s，。！？:：\d]{2,10})[:：]\s*(?=\S)")
_MEDIA = re.compile(
    r"\[(?:图片|语音|视频|表情|动画表情|文件|链接|小程序|聊天记录|捂脸|抱拳|强|合十|玫瑰|微笑)[^\]]*\]"
)
_PLACE = re.compile(r"\[位置\]\s*(?P<place>[^\n\]]{2,60})")
_CALL = re.compile(r"@[^\s@，。:：]{1,20}\s?")
#: Words before a message that name a field rather than a speaker.
_FIELDS = {"地址", "地点", "位置", "问题", "内容", "情况", "事项", "诉求", "时间"}

_ROAD = r"[一-龥]{1,7}?(?:大道|公路|路|街|弄堂)"
_NUMBER = r"(?:\d{1,5}|[一二三四五六七八九十百]{1,4})"
_HOUSE = rf"(?:{_NUMBER}(?:弄|号楼|号|幢|栋|支弄|单元|楼|层|室)[东南西北]?(?:门(?!口)|侧|面)?)"
_ADDRESS = re.compile(rf"(?P<road>{_ROAD})\s*(?P<house>{_HOUSE}(?:[\s、-]*{_HOUSE}){{0,4}})")
_ESTATE = re.compile(
    rf"(?P<estate>[一-龥]{{2,8}}?(?:小区|新村|花园|公寓|苑|坊|新苑|家园|名苑|公园|广场|菜场|市场|学校|医院))"
    rf"\s*(?P<house>{_HOUSE}(?:[\s、-]*{_HOUSE}){{0,3}})?"
)
_CROSS = re.compile(rf"(?P<a>{_ROAD})(?:近|靠近|靠|、|和|与|到)?(?P<b>{_ROAD})(?:路口|口|交叉口)?")
#: What stands before a road's name without belonging to it.
_BEFORE = re.compile(
    r"^.*?(?:在|到|位于|于|是|住|来|的|我们|我|就|从|请|去|有|发现|反映|居民区|居委)(?=[一-龥]{2})"
)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a message proposes; an empty text where nothing was found.

    `type` is a key of the types that were given, `unit` a code of the units.
    """

    words: str
    place: str = ""
    unit: str = ""
    type: str = ""


def read_message(
    text: str, types: Mapping[str, Sequence[str]], units: Mapping[str, Iterable[str]]
) -> Pasted:
    """Return what a copied message proposes.

    Args:
        text: The message as it was copied, with or without senders and times.
        types: The names of each type, by key.
        units: The names of each unit, by code.
    """
    words = _words(text[:MOST])
    return Pasted(words, _place(text[:MOST], words), _unit(words, units), _type(words, types))


def _words(text: str) -> str:
    """Return what was said, without who said it and when."""
    kept = []
    for raw in text.replace("\r", "\n").replace("\u2005", " ").split("\n"):
        line = _CALL.sub("", _MEDIA.sub("", raw.replace("[位置]", ""))).strip()
        if not line or _WHEN.match(line) or _SENDER.match(line) or _NAME.match(line):
            continue
        said = _SAID.match(line)
        if said and said[1] not in _FIELDS:
            line = line[said.end() :]
        kept.append(line)
    return "\n".join(kept).strip()


def _place(text: str, words: str) -> str:
    sent = _PLACE.search(text)
    if sent:
        return sent["place"].strip()
    for pattern in (_ADDRESS, _CROSS, _ESTATE):
        found = pattern.search(words)
        if found:
            return _without_before(found[0])
    return ""


def _without_before(place: str) -> str:
    """Return a place without the words that led to it: 我们在沧源路123弄 → 沧源路123弄."""
    while (cut := _BEFORE.match(place)) and len(place) - cut.end() >= 3:
        place = place[cut.end() :]
    return re.sub(r"\s+", "", place)


def _unit(words: str, units: Mapping[str, Iterable[str]]) -> str:
    """Return the unit with the longest name that the words hold."""
    found = [(len(n), code) for code, names in units.items() for n in names if n and n in words]
    return max(found, key=lambda pair: pair[0])[1] if found else ""


def _type(words: str, types: Mapping[str, Sequence[str]]) -> str:
    """Return the type whose name stands in the words, or shares most of its pairs of letters.

    The first wins between equals; nothing is proposed for a name that shares no pair.
    """
    best, key = 0.0, ""
    for this, names in types.items():
        score = max((_likeness(name, words) for name in names), default=0.0)
        if score > best:
            best, key = score, this
    return key


def _likeness(name: str, words: str) -> float:
    """Return 2 and more for a name that stands in the words, else the share of pairs it shares."""
    if len(name) >= 2 and name in words:
        return 2 + len(name) / 100
    pairs = [name[i : i + 2] for i in range(len(name) - 1)]
    return sum(p in words for p in pairs) / len(pairs) if pairs else 0.0
