"""How alike two phrases are: shared pairs of characters, so that word order hardly matters."""

import re
from collections import Counter
from difflib import SequenceMatcher

_NOISE = re.compile(r"[\s\d.,，。；;、：:（）()“”\"'‘’《》·%％\-—－]+")
#: Words that say how something is done and not what.
_MANNER = re.compile(
    r"力争|争取|确保|完成|实现|全年|年度|年内|上半年|下半年|今年|目标|任务|推进|推动|启动|开展|达到|预计|继续|进一步"
)


def plain(text: str) -> str:
    """Return the text without spaces, digits and punctuation."""
    return _NOISE.sub("", text)


def core(text: str) -> str:
    """Return what a phrase is about: without numbers, punctuation and words of manner."""
    bare = plain(text)
    return _MANNER.sub("", bare) or bare


def pairs(text: str) -> Counter[str]:
    """Return the pairs of neighbouring characters; a single character is a pair by itself."""
    if len(text) < 2:
        return Counter([text] if text else [])
    return Counter(text[i : i + 2] for i in range(len(text) - 1))


def common(one: str, other: str) -> list[str]:
    """Return the stretches of two or more characters that both phrases hold in the same order."""
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return [one[b.a : b.a + b.size] for b in blocks if b.size > 1]


def likeness(one: str, other: str) -> float:
    """Return 2 × shared pairs ÷ all pairs: 1 for the same words, 0 for nothing in common."""
    first, second = pairs(one), pairs(other)
    total = sum(first.values()) + sum(second.values())
    return 2 * sum((first & second).values()) / total if total else 0.0


def covered(name: str, text: str) -> float:
    """Return the share of the name's pairs that the text holds."""
    wanted = pairs(name)
    total = sum(wanted.values())
    return sum((wanted & pairs(text)).values()) / total if total else 0.0


def letters(one: str, other: str) -> float:
    """Return the share of the shorter phrase's characters that the longer one holds."""
    first, second = Counter(one), Counter(other)
    least = min(len(one), len(other))
    return sum((first & second).values()) / least if least else 0.0
