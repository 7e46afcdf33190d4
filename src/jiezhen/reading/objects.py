"""What a figure counts: the noun behind the number, else the noun before it, else what was spoken of before.

`object` is a phrase from the text, put together so that it can be matched with the words of an indicator.
`action` is the verb that the figure depends on.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from jiezhen.reading import lexicon, phrases
from jiezhen.reading.draft import Draft, clause_start

_VERB: Final = lexicon.any_of("verbs")
_OPENER: Final = lexicon.any_of("openers")
_STRONG: Final = rf"(?<!党){lexicon.any_of('strong')}"
_OPENING_VERBS: Final = lexicon.known("strong")
_GENERAL_NOUNS: Final = lexicon.known("general_nouns")
_HEADS: Final = lexicon.known("heads")
_GENERIC: Final = re.compile(rf"(?:{lexicon.any_of('generic')})+$")
_LEAD: Final = re.compile(
    rf"(?:(?!和谐|将军|还款|或有|并购|都市|也){_OPENER}|共(?![享同建富产青治青])|20\d\d年(?:度)?|[一二三四五六七八九十]是要?|[，、,—-])*"
)
_TIME_LEAD: Final = re.compile(
    r"^(?:截至|截止|到(?![位账户期访岗货达])|至)?(?:20\d\d年)?(?:\d{1,2}月?份?[-—至到~])?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|末|初(?![级中步始期高创心次衷])|以来|期间|全年|上半年|下半年|度|份)?[，,]?"
)
_VERB_LEAD: Final = re.compile(rf"(?:{_VERB})(?:了|并)?(?![率量数额值费性]|资[金本])")
_LAST_VERB: Final = re.compile(rf"(?:{_VERB})$")
_JOINT: Final = re.compile(r"(?:以及|并且?|和|及|与)(?=[^、]{2})")
_ONLY_VERBS: Final = re.compile(rf"(?:{_OPENER}|{_VERB})+$")
_PERFORMED: Final = re.compile(r"(?:开展|组织|举办|进行|实施)[^，。]*$")
_LAST_STRONG: Final = re.compile(rf".*(?P<verb>{_STRONG})(?:了|并)?(?=[^率量数额值费].)")
_DEED: Final = re.compile(rf"(?:{_OPENER}|新|共|约|了|，|并|{lexicon.any_of('deeds')})+$")
_DEED_SPLIT: Final = re.compile(rf"(?:已|正在|均|新)?(?:{lexicon.any_of('deeds', 'strong')})")
_TRAIL: Final = re.compile(
    r"(?:分别|年均|月均|(?<![人户亩])均|都|已|各|共|共计|合计|累计|总计|(?<!签)约|近|超|超过|达到?|为|是|有|了|到|至|至少|高达|多达|突破|逾|稳定在|保持在|控制在|位列|位居|排名|名列|列|第|前|同比|环比|实现|完成|仅|的|增加|增长|提高|提升|下降|减少|上升|每年|不低于|不少于|预计|率先|仍|尚|破|由|从|，|、|和|(?<![惠涉以普])及|(?<!参)与|在|净|又|提高到|提升到|扩大到|扩大至|降至|降到|增至|增加到|压减到|比|约占|占)+$"
)
_TAIL_TRIM: Final = re.compile(
    r"(?:中有?|和|及|与|以及|、|，|并|等|(?<!公)共|共计|合计|约|总计|累计|总投资约?|分别)+$"
)
_LEAD_TRIM: Final = re.compile(
    r"^(?:以上的?|、|，|等|左右|余|多|和|及|与|共(?![享同建富产青治]))+"
)
_NOT_NOUN: Final = re.compile(
    r"已|正在|均|全部|被|获(?!奖)|纳入|进入|留作|用于|同比|比上年|较上年|比去年|占|不等|完成|实现|达标|达到|通过|荣获|入选|投入使用|投用|得到|列入|位于|顺利|全面|开工(?!项目|建设)|竣工(?!项目)|增长|下降|并|参加|参与(?!率)|受益|的?(?:成绩|速度|目标|基础上|前提下|情况下|背景下|同时)|，"
)
_AREA: Final = frozenset(("平方米", "亩", "公顷", "平方公里", "㎡", "平方", "平米"))
_RATIO: Final = frozenset(("%", "‰", "个百分点", "百分点", "倍", "成", "番"))
_DEPENDENT: Final = re.compile(
    r"(?:总|年|年均|年产|协议|签约|合同|计划|当年|项目|户均|亩均|实际|累计|建筑|占地|总建筑|授信|奖补|涉及|涉案|受益)*"
    r"(?:产值|增加值|总产值|销售收入|主营业务收入|利润|利税|接诊量|年产值|产量|金额|总额|总数|总量|投资|资金|面积|规模|人数|户数|工程量|长度|里程|占比)$"
)
_LAST_MEASURE: Final = re.compile(
    r"(?<=..)(?:产值|增加值|销售收入|主营业务收入|利润|利税|总投资|投资|面积|资金)$"
)
_MONEY: Final = frozenset(("元", "美元", "欧元", "港元", "日元"))
_FROM: Final = re.compile(r"(?<=..)由(?:20\d\d年|去年|上年|年初|原来|原先|过去).*$")
_GROWN: Final = re.compile(r"(?:同比|环比|年均|比20\d\d年)?(?:增长|下降)$")
_LEVEL_ONLY: Final = re.compile(r"(?:国家|部|省|市|区|县|镇|乡|村)级(?:以上)?")
_BEING: Final = frozenset(("拥有", "现有", "共有", "设有", "建有", "累计", "涉及"))
_POINTS: Final = frozenset(("个百分点", "百分点"))
_MEASURED: Final = re.compile(r"^(?:比|较|高于|低于|同比|环比|增速|增幅|降幅|比重)")
_SHARES: Final = frozenset(("比重", "占比", "比例", "所占比重", "所占比例"))
_SMALL: Final = 2
_SUBJECT: Final = 10
_CONTEXT: Final = 16


def set_objects(sentence: list[Draft]) -> None:
    """Set object and action of the claims of one sentence, in order."""
    claims = [draft for draft in sentence if draft.is_claim]
    previous: Draft | None = None
    for draft in claims:
        draft.action = _action(draft)
        draft.object = _object(draft, previous)
        _each(draft)
        previous = draft
    _prices(claims)
    for index, draft in enumerate(claims):
        if "分别" in draft.before:
            _respectively(claims[index:])
    for left, right in zip(reversed(claims[:-1]), reversed(claims[1:]), strict=True):
        _borrow(left, right)


def _prices(claims: list[Draft]) -> None:
    """Name what a bare sum was spent on, told in the next clause: 投资450万元，新建敬老院3处."""
    for left, right in pairwise(claims):
        if (
            left.unit in _MONEY
            and left.object in ("投资", "总投资", "投入", "投入资金")
            and right.object
            and right.unit not in _MONEY
        ):
            left.object = right.object.removesuffix("面积") + "投资"


def _respectively(claims: list[Draft]) -> None:
    """Give each of several numbers its own of the listed objects: 城镇、农村居民收入分别达到5万元、3万元.

    Parallel objects have equal length, so what the last has more than the first belongs to all.
    """
    run = claims[:1]
    for left, right in pairwise(claims):
        if left.text[left.high : right.low] not in ("、", "和", "与", "，", ","):
            break
        run.append(right)
    words = claims[0].object or ""
    grown = _GROWN.search(words)
    listed = re.split(r"[、和与]", words[: grown.start()] if grown else words)
    if len(listed) != len(run) or len(run) < _SMALL or not all(listed):
        return
    shared = "" if listed[0][-1] == listed[-1][-1] else listed[-1][len(listed[0]) :]
    for draft, name in zip(run, listed, strict=True):
        own = name if name is listed[-1] else name + shared
        draft.object = own + (grown[0] if grown else "")


def _borrow(left: Draft, right: Draft) -> None:
    """Give the first of several measures the noun that stands behind the last: 17幢2.67万平方米房屋改造."""
    if (
        left.unit in _RATIO
        or left.unit == right.unit
        or right.kind == "growth"
        or not right.object
    ):
        return
    noun = right.object.removesuffix("面积").removesuffix("人次")
    between = left.text[left.high : right.low]
    if (between == "" and not left.after) or (
        between in ("、", "共", "，共")
        and not left.after
        and _is_deed(left.before)
        and counts_noun_behind(right)
    ):
        left.object = noun
    elif between == left.after and len(left.after) <= _SMALL and counts_noun_behind(right):
        left.object = left.after + noun


def cut(claims: list[Draft]) -> None:
    """Share the words between neighbouring figures: what stands before and behind each."""
    for draft in claims:
        draft.before, draft.after = draft.head(), draft.tail()
    for left, right in pairwise(claims):
        if (
            right.low - left.high < len(left.after) + 1
            and left.high + len(left.after) > right.start - 1
        ):
            between = left.text[left.high : right.low]
            left.after, right.before = _shared(left, right, between)
    for draft in claims:
        draft.after = _until_next(draft)


def counts_noun_behind(draft: Draft) -> bool:
    """Return whether the words behind the number name what is counted (3个小区, not 小区3个)."""
    after = _LEAD_TRIM.sub("", draft.after) if draft.after else ""
    if draft.unit in _RATIO or not after or _GENERIC.fullmatch(after) or draft.after[0] == "、":
        return False
    return not _NOT_NOUN.match(after)


def _shared(left: Draft, right: Draft, between: str) -> tuple[str, str]:
    """Return what of the words between two figures belongs behind the first and before the second."""
    if between.startswith("、"):
        return "", between[1:]
    if counts_noun_behind(right):
        joint = _JOINT.search(between, 1)
        return (between[: joint.start()] if joint else between), ""
    if left.unit is None and left.rule.startswith("kind: set"):
        return between, between
    if "、" in between[:-1]:
        first, _, second = between.rpartition("、")
        return first, second
    verb = _DEED_SPLIT.search(between, 2) or re.compile(r"[和及与并](?=..)").search(between, 1)
    if verb:
        return between[: verb.start()], between[verb.start() :].lstrip("和及与并")
    return (between if _is_deed(left.before) else ""), between


def _is_deed(words: str) -> bool:
    words = _TRAIL.sub("", words)
    return not words or bool(_DEED.match(words) or _ONLY_VERBS.match(words))


def _until_next(draft: Draft) -> str:
    after = draft.after
    listed = after.find("、")
    if listed > 0 and re.search(r"\d", after[listed:]):
        after = after[:listed]
    return _TAIL_TRIM.sub("", after)


def _object(draft: Draft, previous: Draft | None) -> str | None:
    noun_behind = counts_noun_behind(draft)
    if draft.kind == "progress" and draft.of is not None and draft.of.object:
        return draft.of.object + "完成率"
    if draft.kind == "progress":
        words = _noun(re.split(r"完成|占|为|达", draft.before)[0])
        return (words or _context(draft, previous) or "") + "完成率"
    if draft.kind == "rank":
        return _rank_object(draft, previous)
    if draft.changed and not noun_behind:
        return _growth_object(draft, previous)
    words = _behind(draft) if noun_behind else _front(draft, previous)
    return _paired_quotes(words) or None


def _behind(draft: Draft) -> str:
    words = phrases.behind(_LEAD_TRIM.sub("", draft.after).removeprefix("的"))
    if draft.unit in _MONEY and phrases.is_price(draft.before):
        return words + "投资"
    if len(words) <= _SMALL:
        verb = _LAST_VERB.search(draft.before)
        words = (verb[0] if verb and verb[0] not in _BEING else "") + words
    return _suffixed(words, draft)


def _front(draft: Draft, previous: Draft | None) -> str:
    words = _front_noun(draft, previous)
    if not words or (_DEED.match(words) and not _PERFORMED.search(draft.before)):
        deed = _LEAD.sub("", _TRAIL.sub("", draft.before), count=1) or draft.after
        context = _context(draft, previous) or ""
        return (
            _ratio(context, draft, previous)
            if draft.unit in _RATIO and draft.after
            else _suffixed(context + deed, draft)
        )
    if draft.unit in _RATIO:
        return _ratio(words, draft, previous)
    if _DEPENDENT.match(words) and previous is not None:
        near = draft.low - previous.high < 2 * _SUBJECT
        context = (_context(draft, previous) if near else _clause_before(draft)) or ""
        return _suffixed(_LAST_MEASURE.sub("", phrases.front(context)) + words, draft)
    return _suffixed(words, draft)


def _front_noun(draft: Draft, previous: Draft | None) -> str:
    whole = _noun(draft.before)
    words = phrases.front(whole)
    if words in _GENERAL_NOUNS and words != whole:
        verb = _VERB_LEAD.match(_after_lead(draft.before))
        return (verb[0] if verb else "") + words
    if _LEVEL_ONLY.fullmatch(words) and previous is not None and previous.object:
        level = _LEVEL_ONLY.search(previous.object)
        return words + (previous.object[level.end() :] if level else previous.object)
    return words


def _ratio(words: str, draft: Draft, previous: Draft | None) -> str:
    """Return the name of a share: told behind the number (100%覆盖), or bare (整改率) and completed."""
    if (
        draft.after
        and not _GENERIC.match(draft.after)
        and not re.match(r"的|[降升提增减至到]|.*\d", draft.after)
    ):
        return words + _LEAD_TRIM.sub("", draft.after)[:4] + "率"
    share = re.search(r"占([^，]*)$", draft.before)
    if share:
        return f"{_context(draft, previous) or ''}占{share[1]}比例"
    if (words.endswith("率") and len(words) <= 5) or words in _SHARES:
        context = _context(draft, previous) or ""
        if (
            previous is not None
            and context
            and previous.object == context
            and context.endswith(("率", "比重", "占比", "比例"))
        ):
            context = previous.subject
        draft.subject = context.removesuffix(words[:_SMALL])
        return draft.subject + words
    return words


def _noun(before: str) -> str:
    """Strip time words, adverbs and the opening verb from the words before a number."""
    words = _TIME_LEAD.sub("", _TRAIL.sub("", _FROM.sub("", before)), count=1)
    words = _after_lead(words)
    for _ in range(3):
        verb = _VERB_LEAD.match(words)
        if not verb or verb[0] in _HEADS or verb.end() >= len(words) - _left_over(verb[0]):
            break
        rest = _after_lead(words[verb.end() :])
        if rest in _GENERAL_NOUNS:
            break
        words = rest
    strong = _LAST_STRONG.match(words)
    if strong and strong.start("verb") > 0 and not _is_quoted(words, strong.start("verb")):
        rest = words[strong.start("verb") if strong["verb"] in _HEADS else strong.end() :]
        subject = words[: strong.start("verb")]
        words = subject + rest if len(rest) <= 2 * _SMALL and len(subject) <= _SUBJECT else rest
    return words.strip("、，的")


def _left_over(verb: str) -> int:
    """Return how many characters must stay behind an opening verb; one that is never part of a noun may leave fewer."""
    return 0 if verb in _OPENING_VERBS else _SMALL


def _is_quoted(words: str, at: int) -> bool:
    return words.count("“", 0, at) > words.count("”", 0, at)


def _after_lead(words: str) -> str:
    lead = _LEAD.match(words)
    return words[lead.end() :] if lead else words


def _context(draft: Draft, previous: Draft | None) -> str | None:
    """Return what was spoken of before: the total, the previous figure, or the clause before."""
    bracketed = _before_bracket(draft)
    if bracketed:
        return bracketed
    if draft.of is not None and draft.of.object:
        return _bare(draft.of.object)
    if previous is None or not previous.object:
        return _clause_before(draft)
    if previous.high == draft.low:
        return previous.object
    floor = draft.sentence.start
    start = clause_start(draft.text, floor, draft.low)
    if start > floor and previous.start < clause_start(draft.text, floor, start - 1):
        return _clause_before(draft) or _bare(previous.object)
    return _bare(previous.object)


def _before_bracket(draft: Draft) -> str | None:
    """Return the noun that a bracket explains: 甲养老院（80张）、乙养老院（48张）."""
    start = clause_start(draft.text, draft.sentence.start, draft.low)
    if start == 0 or draft.text[start - 1] not in "（(":
        return None
    found = re.search(
        r"[^，。；、：（）()\d]{2,20}$", draft.text[draft.sentence.start : start - 1]
    )
    return _noun(found[0]) if found else None


def _bare(words: str) -> str:
    """Drop the deed and the measure from an earlier object: 加装电梯签约 → 加装电梯."""
    words = _GROWN.sub("", words.removesuffix("人次").removesuffix("面积"))
    for verb in _DEED_SPLIT.finditer(words, 2):
        if _DEED.match(words, verb.start()):
            return words[: verb.start()]
    head = _VERB_LEAD.match(words)
    return words[head.end() :] if head and head.end() + 1 < len(words) else words


def _clause_before(draft: Draft) -> str | None:
    text, floor = draft.text, draft.sentence.start
    start = clause_start(text, floor, draft.low)
    while start > floor:
        end = start - 1
        start = clause_start(text, floor, end)
        words = _noun(text[start:end])
        if len(words) > 1 and not _DEED.match(words):
            return words[-_CONTEXT:]
    return None


def _paired_quotes(words: str) -> str:
    for left, right in ("“”", "（）", "()", "《》"):
        if words.count(left) != words.count(right):
            words = words.replace(left, "").replace(right, "")
    return words


def _rank_object(draft: Draft, previous: Draft | None) -> str | None:
    """Return what holds the place: 增幅 alone is completed by what grew."""
    own = re.sub(
        r"(?:在|位列|位居|名列|排名|排|列|居|第|位|全[国省市区县镇州]|全街道)+$",
        "",
        _noun(draft.before),
    )
    if len(own) > 2 * _SMALL:
        return own
    if not own and draft.after and draft.start == 0:
        return draft.after + "排名"
    context = _context(draft, previous) or ""
    return (context.removesuffix("同比增长").removesuffix("增长") + own + "排名") or None


def _growth_object(draft: Draft, previous: Draft | None) -> str | None:
    base = draft.of.object if draft.of is not None else None
    if draft.unit in _POINTS:
        return _points_object(draft, previous)
    own = _noun(
        re.sub(
            r"(?:同比|环比|可比|同口径|年均|[两二三四五]年平均|(?:比|较|与)[^，。]{0,10}(?:年|期|月|季度)(?:相比)?).*$",
            "",
            draft.before,
        )
    )
    own = re.sub(
        r"(?:增长|下降|增幅|增加|减少|上升|提高|提升|降低|回落|增速)(?:了|约|率|达|为|超|近|幅度|比例)*$",
        "",
        own,
    )
    if len(own) < _SMALL or _DEED.match(own):
        own = (
            base
            or (previous.object if previous is not None else None)
            or _clause_before(draft)
            or ""
        )
    return (_GROWN.sub("", own) + _growth_word(draft)) or None


def _points_object(draft: Draft, previous: Draft | None) -> str | None:
    """Return what moved by some points and against what, as it is told: 税收增速比上年提高."""
    words = re.sub(r"(?:了|约|近|超过?|达到?)+$", "", _after_lead(draft.before)).strip("，、")
    if not _MEASURED.match(words):
        return words or None
    subject = (previous.object if previous is not None else None) or _clause_before(draft) or ""
    speed = "增速" if _GROWN.search(subject) and not re.match(r"增|降|同比", words) else ""
    subject = re.sub(
        r"(?:增速|增幅|降幅)?(?:(?<!同)比(?!重)|较|高于|低于).*$", "", _GROWN.sub("", subject)
    )
    return subject + speed + words or None


def _growth_word(draft: Draft) -> str:
    compared = re.search(r"环比|比20\d\d年|年均|[两二三四五]年平均", draft.before)
    word = (
        compared[0]
        if compared
        else "同比"
        if "同比" in draft.before or draft.of is not None
        else ""
    )
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
    verbs = [found[0] for found in re.finditer(_VERB, head)]
    if verbs:
        near = [verb for verb in verbs if len(verb) > 1] or verbs
        return near[0] if draft.after else near[-1]
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
