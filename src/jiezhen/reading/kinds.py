"""Which kind a figure is, and the rule that decided: result, target, stock, rate, growth, progress or rank."""

from __future__ import annotations

import re
from typing import Final

from jiezhen.reading import lexicon
from jiezhen.reading.draft import Draft
from jiezhen.reading.model import Kind

_UP: Final = lexicon.any_of("growth")
_DOWN: Final = lexicon.any_of("decline")
_LINK: Final = r"(?:了|约|比例|近|超|超过|达|达到|率|率达|率为|率约|为|高达|逾|至少|均超|均达|幅度|幅度达|幅为|分别|分别为|分别达|分别达到|均)*"
_CHANGE: Final = re.compile(rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN})){_LINK}$")
_CHANGE_AFTER: Final = re.compile(
    r"(?:的)?(?:增长(?!点|极|目标任务|到|至)|增幅|增速|涨幅|下降(?!到|至)|降幅)"
)
_LEVEL: Final = re.compile(r"(?:到|至|为|在)(?:约|近|超|超过|的)?$")
_COMPARED: Final = re.compile(
    r"同比|环比|同期|(?:比|较|与)[^，。；]{0,10}(?:年|期|季度|月|相比|平均|目标)|相比|年均|平均每年|同口径|可比"
)
_PROGRESS: Final = re.compile(
    r"(?:完成(?:了)?(?:年度|全年|年初|年|区|市|镇|县|计划|目标|任务|预算|考核|序时|进度|下达|既定|总)[^，。；]{0,14}|完成率[^，。；]{0,6}|完成(?:了|进度)?|进度(?:达|为|已达|达到|完成)?|(?:占|为|达)(?:到|了)?(?:全年|年度|年初|年|区|市|县|镇|计划|目标|任务|预算|总)?[^，。；]{0,10}?(?:任务|目标|计划|预算|指标|进度)[^，。；]{0,4})(?:的|达|达到|约|超|率达|率为)*$"
)
_PROGRESS_AFTER: Final = re.compile(r"[，,]?(?:的)?(?:完成(?:率|年度|全年|任务|进度)|进度)")
_STOCK: Final = re.compile(
    r"(?:现有|现共有|共有|拥有|实有|在册|在库|辖区(?:内)?(?:有|共)|下辖|管辖|辖(?!区)|建有|设有|共设|已有|储备|规模达|累计(?:有|拥有|建有)|剩余|尚有|仍有|现存|目前有)[^，。；]{0,10}$"
    r"|(?:总数|总量|总面积|幅员|辖区面积|耕地面积|占地面积|人口|党员|常住|户籍|注册志愿者|保有量|存量|存款|余额|总人数|库存|在编|覆盖率目前|总资产)(?:已|累计|约|共|共有|达到?|有|为|超|近|总数|数|增加到|增至|扩大到)*$"
    r"|(?:增加到|增至|扩大到|扩大至|保障|共计有|总计有)$"
)
_STOCK_SUBJECT: Final = re.compile(
    r"(?:[^，。；]{0,12}?(?:项目|工程|实事))?(?:有序|有力|稳步|扎实|加快|加速|全面|顺利|按节点|按计划|分步)?(?:分步)?(?:有序)?推进"
)
_TOOK_PART: Final = re.compile(r"[\u4e00-\u9fff]{0,6}?(?:参与|参加|受益|报名|接受|完成|通过|获)")
_TARGET: Final = re.compile(
    r"力争|争取(?!到|了|资金|上级|专项|各类|中央|省|市|区|高新)|确保(?!了)|(?<![不])拟(?!定|订|出|写|制|声|态)|目标(?:是|为|：|:)|(?:预期|奋斗|计划)目标|计划(?:新|建|投|完|于|在|用|到|总|今|明|引|开|实)|明年|下一步|(?<![即])将(?:新|完|建|达|实|打|投|推|继|再|于|引|培|组|举|开)"
)
_AIM: Final = re.compile(
    r"力争|(?:预期|奋斗|主要|总体|计划)目标(?:是|为|：|:)|目标任务(?:是|为|：|:)"
)
_PAST: Final = re.compile(
    r"(?<!业)已(?:经)?(?:完成|建成|有|达|累计|实现|签|新|开|引|成)|去年|目前|截至|现有|累计(?:完成|建成|实现|已)"
)
_FAR: Final = 300  # characters before a number in which 力争 or 预计 may stand
RATES: Final = frozenset(("%", "‰", "成"))
_POINTS: Final = frozenset(("个百分点", "百分点", "个基点", "番"))


def set_kind(draft: Draft) -> None:
    """Set kind, direction, sign, estimate and cumulative of a claim; ids are left alone."""
    head = _words_before(draft)
    kind, rule = _measured(draft, head)
    draft.estimate = bool(re.search(r"预计|预估|预测", _sentence_head(draft)))
    draft.cumulative = "累计" in _sentence_head(draft)[-40:]
    kind, rule = _in_plan(draft, kind, rule)
    draft.kind, draft.rule = kind, f"kind: {rule}"


def follow(draft: Draft, previous: Draft) -> None:
    """Let a bare number in a row be what the one before it is: 分别增长6%、11%."""
    between = draft.text[previous.high : draft.low]
    if draft.unit != previous.unit or between not in ("、", "和", "与", "及", "，", ","):
        return
    if draft.unit not in RATES:
        if (
            draft.kind in ("result", "stock")
            and previous.kind in ("result", "stock")
            and not draft.after
        ):
            draft.kind, draft.rule = previous.kind, "kind: in a row"
        return
    if previous.changed and not draft.changed:
        signed = draft.text[draft.start] in "-−" or draft.text[previous.start] in "-−"
        draft.changed, draft.direction = True, previous.direction
        draft.kind, draft.rule = previous.kind, "kind: in a row"
        if signed:
            draft.direction = "down" if draft.value is not None and draft.value < 0 else None
        elif draft.direction == "down" and draft.value is not None:
            draft.value = -draft.value


def _words_before(draft: Draft) -> str:
    """Return the clause up to the number; a clause that opens with it borrows the words before its comma."""
    head = draft.head()
    return head or draft.text[max(draft.sentence.start, draft.low - 12) : draft.low].rstrip(
        "，,（("
    )


def _sentence_head(draft: Draft) -> str:
    return draft.text[max(draft.sentence.start, draft.low - _FAR) : draft.low]


def _measured(draft: Draft, head: str) -> tuple[Kind, str]:
    """Return the kind that the nearest words give, before the mood of the section is weighed."""
    if draft.kind == "rank":
        return "rank", "place in an order"
    changed = _change(draft, head)
    if changed:
        draft.changed = True
        return "growth", changed
    if draft.unit in RATES or (
        draft.unit is None and "分之" in draft.text[draft.start : draft.end]
    ):
        return _share(draft, head)
    if draft.rule == "set":
        return "stock", "set"
    return _count(draft, head)


def _change(draft: Draft, head: str) -> str | None:
    """Return the rule if the figure is a change against a base, and set its sign."""
    relative = draft.unit in RATES or draft.unit in _POINTS or draft.unit == "倍"
    before = re.split(r"[，,]", head)[-1]
    found = _CHANGE.search(before)
    compared = bool(_COMPARED.search(before))
    if before.rstrip("为达约至").endswith("自然增长率"):
        return None
    if (
        found
        and not _LEVEL.search(before)
        and (relative or (compared and not _counts_new(found, before)))
    ):
        if not relative and not found["down"]:
            return None  # 比上年增加30户 tells an amount; only a fall needs its sign
        if found["down"]:
            draft.value = None if draft.value is None else -draft.value
        rule: str | None = f"word of change: {found[0]}"
    else:
        rule = _named_change(draft, before) if relative else None
    if rule is not None and draft.value is not None and draft.value < 0:
        draft.direction = "down"
    return rule


def _named_change(draft: Draft, before: str) -> str | None:
    """Return the rule if a share is called a change without a verb before it: 同比-3%, 6%的增幅."""
    if _CHANGE_AFTER.match(draft.text, draft.high):
        return "word of change behind"
    if re.search(r"(?:增速|增幅|增长率|涨幅|同比|环比)(?:分别)?(?:为|达|达到|约|在)?$", before):
        return "rate of change"
    return "percentage points" if draft.unit in _POINTS else None


def _counts_new(found: re.Match[str], before: str) -> bool:
    """同比新增 is a change; 净增 after 累计 is not looked at further."""
    return found[0].startswith(("改善", "扩大")) or len(before) > 40


def _share(draft: Draft, head: str) -> tuple[Kind, str]:
    before = re.split(r"[，,]", head)[-1]
    if _PROGRESS.search(before) and not re.search(
        r"(?:按期|按时|改造|整改|及时)完成率[^，]{0,3}$", before
    ):
        return "progress", "words of completion"
    if _PROGRESS_AFTER.match(draft.text, draft.high):
        return "progress", "words of completion behind"
    return "rate", "share"


def _count(draft: Draft, head: str) -> tuple[Kind, str]:
    if any(re.search(r"基本情况|概况|简介", title) for title in draft.sentence.frame.headings):
        return "stock", "section of standing facts"
    near = head[-24:]
    if (
        _STOCK.search(near)
        and not _TOOK_PART.match(draft.text, draft.high)
        and not re.search(
            r"新增|新建|完成|覆盖|惠及|服务|吸引|走访|培训|发展|改造|拆除|整治|建筑|征收|释放|去化|流转",
            near[-14:],
        )
    ):
        return "stock", "words of standing"
    if not head and draft.value is not None and _STOCK_SUBJECT.match(draft.text, draft.high):
        return "stock", "subject of 推进"
    return "result", "default"


def _in_plan(draft: Draft, kind: Kind, rule: str) -> tuple[Kind, str]:
    """Make a figure a target where its section or its own clause speaks of the future."""
    words = _sentence_head(draft)
    if draft.sentence.frame.mood == "plan":
        past = _PAST.search(words[-24:])
        if past and not _TARGET.search(words):
            return kind, rule
        return "target", "plan section"
    meant = _AIM.search(words) or _TARGET.search(words[-30:])
    if kind in ("result", "rate", "growth") and meant and not _PAST.search(words[-12:]):
        return "target", "words of intent"
    return kind, rule
