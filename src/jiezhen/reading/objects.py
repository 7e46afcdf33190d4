"""What a figure counts: the noun behind the number, else the noun before it, else what was spoken of before.

`object` is a phrase from the text, put together so that it can be matched with the words of an indicator.
`action` is the verb that the figure depends on.
"""

from __future__ import annotations

import re
from typing import Final

from jiezhen.reading import lexicon
from jiezhen.reading.draft import Draft, clause_start

_VERB: Final = lexicon.any_of("verbs")
_OPENER: Final = lexicon.any_of("openers")
_HEAD_VERB: Final = lexicon.any_of("heads")
_GENERIC: Final = re.compile(rf"(?:{lexicon.any_of('generic')})+$")
_LEAD: Final = re.compile(rf"(?:{_OPENER}|20\d\d年(?:度)?|[，、,“])*")
_TIME_LEAD: Final = re.compile(r"^(?:截至|截止|到)?(?:20\d\d年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|末|初|以来|期间|全年|上半年|下半年|度)?[，,]?")
_VERB_LEAD: Final = re.compile(rf"(?:{_VERB})(?:了|并)?")
_VERBS_ONLY: Final = re.compile(rf"(?:{_OPENER}|新|现场|正在|留作参考|通过|{_VERB}|流转|人数|数|总数|共|约|了|的|人员|，)+$")
_TRAIL: Final = re.compile(
    r"(?:分别|均|都|已|各|共|共计|合计|累计|总计|约|近|超|超过|达到?|为|是|有|了|到|至|至少|高达|多达|突破|逾|稳定在|保持在|控制在|位列|位居|排名|名列|居|列|第|前|同比|环比|实现|仅|的|增加|增长|提高|提升|下降|减少|上升|每年|不低于|不少于|完成率?达?|预计|率先|，|、|和|及|与|在|新增至|净|又|率达|提高到|提升到|扩大到|扩大至|降至|降到|增至|增加到|压减到|比)+$"
)
_TAIL_TRIM: Final = re.compile(r"(?:和|及|与|以及|、|，|并|等)+$")
_LEAD_TRIM: Final = re.compile(r"^(?:的|以上的?|、|，|等|左右|余|多|和|及|与|为|共|是)+")
_VERB_FIRST: Final = re.compile(rf"(?:{_VERB}|已|正在|均|全部|被|获|纳入|进入|留作|用于|同比|比上年|较上年|占|不等)")
_RELATIVE: Final = re.compile(r"的(?!$)")
_AREA: Final = frozenset(("平方米", "亩", "公顷", "平方公里", "㎡", "平方", "平米"))
_LENGTH: Final = frozenset(("公里", "千米", "米", "延米"))
_RATIO: Final = frozenset(("%", "‰", "个百分点", "百分点", "倍", "成", "番"))
_SPLIT_VERB: Final = re.compile(rf"(?:已|正在|均|新)?(?:{_VERB})")
_NOUNISH: Final = re.compile(r"[\u4e00-\u9fff]{2}")


def set_objects(sentence: list[Draft]) -> None:
    """Set object and action of the claims of one sentence, in order."""
    claims = [draft for draft in sentence if draft.is_claim]
    _cut(claims)
    previous: Draft | None = None
    for draft in claims:
        draft.action = _action(draft)
        draft.object = _object(draft, previous)
        _each(draft)
        previous = draft


def _cut(claims: list[Draft]) -> None:
    """Share the words between neighbouring figures: what stands before and behind each."""
    for draft in claims:
        draft.before, draft.after = draft.head(), draft.tail()
    for left, right in zip(claims, claims[1:], strict=False):
        if right.low - left.high < len(left.after) + 1 and left.high + len(left.after) > right.start - 1:
            between = left.text[left.high : right.low]
            left.after, right.before = _shared(between, counts_noun_behind(right))
    for draft in claims:
        draft.after = _until_next(draft)


def counts_noun_behind(draft: Draft) -> bool:
    """Return whether the words behind the number name what is counted (3个小区, not 小区3个)."""
    after = _LEAD_TRIM.sub("", draft.after) if draft.after else ""
    if draft.unit in _RATIO or not after or _GENERIC.fullmatch(after) or after[0] in "、":
        return False
    return not _VERB_FIRST.match(after)


def _shared(between: str, noun_behind: bool) -> tuple[str, str]:
    if "、" in between[:-1] or between.startswith("、"):
        left, _, right = between.partition("、") if between.startswith("、") else between.rpartition("、")
        return left, right
    if noun_behind:
        return between, between
    verb = _SPLIT_VERB.search(between, 1) if len(between) > 2 else None
    if verb and verb.end() >= len(between) - 4:
        return between[: verb.start()], between[verb.start() :]
    joint = re.search(r"[和及与并]", between)
    if joint:
        return between[: joint.start()], between[joint.end() :]
    return ("", between) if between else ("", "")


def _until_next(draft: Draft) -> str:
    after = draft.after
    listed = after.find("、")
    if listed > 0 and re.search(r"\d", after[listed:]):
        after = after[:listed]
    return _TAIL_TRIM.sub("", after)


def _object(draft: Draft, previous: Draft | None) -> str | None:
    if draft.kind == "growth" and not (draft.unit not in _RATIO and counts_noun_behind(draft)):
        return _growth_object(draft, previous)
    if counts_noun_behind(draft):
        return _behind(draft)
    return _front(draft, previous)


def _behind(draft: Draft) -> str:
    words = _LEAD_TRIM.sub("", draft.after)
    if words.startswith("的"):
        words = words[1:]
    return _suffixed(words, draft)


def _front(draft: Draft, previous: Draft | None) -> str | None:
    words = _noun(draft.before)
    deed = _TRAIL.sub("", draft.before)
    if words and not _VERBS_ONLY.fullmatch(words):
        if draft.unit in _RATIO and draft.after and not _VERBS_ONLY.fullmatch(draft.after):
            return words
        return _suffixed(_with_deed(words, draft), draft)
    context = _context(draft, previous)
    deed = _LEAD.sub("", deed, count=1)
    return _suffixed((context or "") + deed, draft) or None


def _with_deed(words: str, draft: Draft) -> str:
    """Complete a rate that is told by the word behind it: 托班100%覆盖."""
    if draft.unit == "%" and draft.after:
        return words + _LEAD_TRIM.sub("", draft.after)[:4] + "率"
    return words


def _noun(before: str) -> str:
    """Strip time words, adverbs and the opening verb from the words before a number."""
    words = _TRAIL.sub("", before)
    words = _TIME_LEAD.sub("", words, count=1)
    lead = _LEAD.match(words)
    words = words[lead.end() :] if lead else words
    for _ in range(3):
        if re.match(rf"(?:{_HEAD_VERB})", words):
            break
        verb = _VERB_LEAD.match(words)
        if not verb or verb.end() >= len(words):
            break
        words = words[verb.end() :]
        lead = _LEAD.match(words)
        words = words[lead.end() :] if lead else words
    return words.strip("、，“”的")


def _context(draft: Draft, previous: Draft | None) -> str | None:
    """Return what was spoken of before: the total, the previous figure, or the clause before."""
    if draft.of is not None and draft.of.object:
        return draft.of.object
    if previous is not None and previous.object:
        start = clause_start(draft.text, draft.sentence.start, draft.low)
        if previous.start >= clause_start(draft.text, draft.sentence.start, max(start - 1, 0)):
            return _bare(previous)
    return _clause_before(draft) or (previous.object if previous else None)


def _bare(previous: Draft) -> str | None:
    words = previous.object or ""
    verb = _SPLIT_VERB.search(words, 2)
    if verb and verb.end() >= len(words) - 1:
        return words[: verb.start()]
    return words.removesuffix("人次").removesuffix("面积") or None


def _clause_before(draft: Draft) -> str | None:
    text, floor = draft.text, draft.sentence.start
    start = clause_start(text, floor, draft.low)
    while start > floor:
        end = start - 1
        start = clause_start(text, floor, end)
        words = _noun(text[start:end])
        if len(words) >= 2 and not _VERBS_ONLY.fullmatch(words):
            return words[-16:]
    return None


def _growth_object(draft: Draft, previous: Draft | None) -> str | None:
    own = _noun(re.sub(r"(?:同比|环比|(?:比|较|与)[^，。]{0,10}(?:年|期|月|季度)(?:相比)?).*$", "", draft.before))
    own = re.sub(r"(?:增长|下降|增幅|增加|减少|上升|提高|提升|降低|回落).{0,3}$", "", own)
    base = draft.of.object if draft.of is not None else None
    if not own or _VERBS_ONLY.fullmatch(own):
        own = base or (previous.object if previous is not None else None) or _clause_before(draft) or ""
    return (own.removesuffix("同比增长") + _growth_word(draft)) or None


def _growth_word(draft: Draft) -> str:
    compared = re.search(r"环比|比20\d\d年", draft.before)
    word = compared[0] if compared else "同比" if "同比" in draft.before or draft.of is not None else ""
    return word + ("下降" if draft.direction == "down" else "增长")


def _suffixed(words: str, draft: Draft) -> str:
    """Name the measure where the noun alone would be something else: 面积, 长度, 人次."""
    words = words.strip("，、。 ")
    if not words:
        return words
    if draft.unit in _AREA and "面积" not in words:
        return words + "面积"
    if draft.unit == "人次" and not words.endswith(("次", "数")):
        return words + "人次"
    return words


def _action(draft: Draft) -> str | None:
    """Return the nearest verb before the number, else the first behind it."""
    head = draft.text[clause_start(draft.text, draft.sentence.start, draft.low) : draft.low]
    verbs = re.findall(_VERB, head)
    if verbs:
        near = [verb for verb in verbs if len(verb) > 1]
        return (near or verbs)[0] if draft.after else (near or verbs)[-1]
    found = re.search(_VERB, draft.after)
    return found[0] if found else None


def _each(draft: Draft) -> None:
    """Set the listed objects of 各1处 and 均达到100%."""
    text = draft.text
    lead = text[max(draft.sentence.start, draft.low - 8) : draft.low]
    if not re.search(r"各(?:有|建|设|约)?$|均[^，。]{0,4}$|分别(?:为|达)?$", lead):
        return
    words = _noun(re.sub(r"(?:各|均|分别)[^，。]{0,4}$", "", draft.before))
    listed = [part for part in re.split(r"、|和|与|及", words) if part]
    if len(listed) > 1:
        draft.each, draft.objects = True, tuple(listed)
