"""Stock or result: whether a count tells what there is or what was done.

A clause of being (下辖, 共有, 其中包括, 另有) or without any verb (党员1486名, 存栏5万头) tells a state; a clause of doing
tells a result. A number in a list follows the predicate of the list, and parts follow their total. Sums that arise over
time (收入, 产值, 产量) are results even in a profile.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from jiezhen.reading import lexicon
from jiezhen.reading.draft import Draft, clause_start

Predicate = Literal["being", "doing"]

_BEING: Final = re.compile(
    r"[下共管所]辖|辖(?![区内])|现有|现共有|共有|拥有|实有|设有|建有|配有|住有|现存|尚有|仍有|另有|还有|共计有|总计有|分布有|设置|下设|内设|共设|坐落着?|居住着"
    r"|(?:目前|[现内中有下]|主要|其中|全[镇区市县乡村国省]|街道|系统|辖区|社区|[村镇乡]|截[至止][^，。；]{0,10})有(?![效序力关所利机限偿色害望助意])"
    r"|是[^，。；]{0,6}$|距(?!离)|相距|毗邻|(?:扩大|发展|增加|增长|壮大|增)(?:到|至)|(?:稳定|保持)在|存栏|在册|在岗|在职|在编|在校|在籍|在建|常住|户籍|剩余|尚余|保有|总数|总人口|其中包括|包括|包含|持有|具有"
)
_FLOW: Final = re.compile(
    r"(?:收入|产值|增加值|总值|税收|税|投资|销售额?|营业额|营收|利润|产量|总产|单产|出口|进口|进出口|到位资金|支出|成交额|零售额|GDP|流量|接诊|接待|播种面积|造林面积|发电量|货运量|客运量)[^，。；]{0,6}$"
)
_STATE_NOUN: Final = re.compile(
    r"(?:人口|户数|人数|面积|余额|存量|存款|资产|党员|床位|职工|学生|教师|劳动力|志愿者|耕地|林地|水面|山林|田|土|距[^，。；]*|相距|里程|海拔|气温|覆盖面积|网格|户|社|村|组|所|校|院|站|馆|厂|店|企业|单位|牧场|农场|养殖场|市场|园区|基地|中心|合作社|协会|学校|幼儿园|泊位|车位|机构|组织|支部|党委|党总支|人员|员|干部|农户|家庭)(?:约|近|达|共|为|有|已|计|达到|超|总数|数|[（(][^（）()]*[）)])*$"
)
_ENTITY: Final = lexicon.known("entities")
_AREA: Final = frozenset(("亩", "公顷", "平方公里", "平方千米", "平方米", "公里", "千米", "米"))
_AREA_NOUN: Final = re.compile(
    r"(?:面积|耕地|林地|水面|山林|草地|绿地|田|土|土地|里程|长|长度|海拔|规划区|建成区|距[^，。；]*)(?:约|近|达|共|为|有|已|计|达到|超)*$"
)
_EVENT: Final = re.compile(
    r"(?:活动|会议?|培训班?|案件|案|事件|诉求|工单|问题|隐患|纠纷|讲座|宣传|宣讲|服务|检查|走访|投诉|信访|警情|事故|建议|提案|任务|举措|文章|信息|稿件|岗位|场次|学习|调研|演练|慰问|项目|改造|建设|整治|工程)(?:约|近|达|共|为|已|计|达到|超|数)*$"
)
_WORK: Final = re.compile(r"(?:推进|做实|压实|保障)(?:了)?$")
_AMONG: Final = re.compile(r"[^，。；]{2,20}?(?<!其)中(?:，|有)")
_PROFILE: Final = re.compile(r"基本情况|概况|简介|镇情|乡情|区情|街情|村情|基本信息")
_DOING: Final = re.compile(
    rf"(?<!党){lexicon.any_of('strong', 'deeds_plain')}|{lexicon.any_of('verbs')}了"
)
_CLAUSE_VERB: Final = re.compile(
    rf"(?:{lexicon.any_of('openers')})*(?P<verb>{lexicon.any_of('verbs')})(?![率量数额值费])"
)
# Verbs that as often begin a noun.
_NOUNY: Final = lexicon.known("nouny_verbs")
_NOUN_BEHIND: Final = re.compile(
    r"(?:企业|机构|中心|组织|人员|队伍|面积|单位|基地|场所?|站|点|户|社|区|园|厅|室|员|者|局|所|学校|系统|设施|总量|岗位)"
)
_AS_OF: Final = re.compile(r"截[至止][^，。；]*[底末日]")
_DEED_BEHIND: Final = re.compile(
    r"[\u4e00-\u9fff]{0,4}?(?:已完成|已建成|已竣工|已开工|参与|参加|报名|受益)"
)
_LONGEST_LINK: Final = 24
_STANDING: Final = "section of standing facts"


def settle(claims: list[Draft]) -> None:
    """Set kind stock or result of the counts of one sentence, in order."""
    before: Draft | None = None
    state: Predicate | None = None
    for draft in claims:
        if draft.kind in ("result", "stock") and draft.rule != "kind: set":
            state, why = _predicate(draft, before, state)
            _apply(draft, state, why)
        before = draft


def _apply(draft: Draft, state: Predicate | None, why: str) -> None:
    if state == "being" and draft.kind == "result":
        draft.kind, draft.rule = "stock", f"kind: {why}"
    elif state == "doing" and draft.kind == "stock" and draft.rule == f"kind: {_STANDING}":
        draft.kind, draft.rule = "result", f"kind: {why}"


def _predicate(
    draft: Draft, before: Draft | None, state: Predicate | None
) -> tuple[Predicate | None, str]:
    """Return what kind of clause the number stands in, and the rule that says so."""
    floor = before.high if before is not None else draft.sentence.start
    gap = draft.text[floor : draft.low]
    plain = _by_noun(gap, draft)
    if plain is not None:
        return plain
    if _DEED_BEHIND.match(draft.text, draft.high):
        return None, "default"
    said = _said(gap, draft)
    if said is not None:
        return said, f"clause of {said}"
    if before is not None and _goes_on(gap, draft) and state is not None:
        return state, "list"
    if _is_nominal(gap, draft):
        return "being", "clause without verb"
    return ("being", _STANDING) if _in_profile(draft) else (None, "default")


def _by_noun(gap: str, draft: Draft) -> tuple[Predicate, str] | None:
    """Return what the counted noun and the section say, before any verb is looked at."""
    if _FLOW.search(gap) and "常年" not in gap:
        return "doing", "sum of a time"
    if draft.kind == "stock" and draft.rule != f"kind: {_STANDING}":
        return "being", "words of standing"
    if _stands_first(draft):
        return "being", "whole of what follows"
    own = re.split(r"[，,；;：:。]", gap)[-1]
    noun = re.sub(r".*的", "", own)
    if _in_profile(draft) and (
        _AS_OF.search(gap) or (_is_nominal(gap, draft) and _said(noun, draft) != "doing")
    ):
        return "being", "profile"
    return None


def _said(gap: str, draft: Draft) -> Predicate | None:
    """Return what the words between the number before and this one say, the last verb deciding."""
    if (
        _WORK.search(gap)
        and draft.unit in (_ENTITY - _AREA) | {"项"}
        and not re.search(r"改造|整治|修缮|修复", draft.tail())
    ):
        return "being"
    being = max((found.end() for found in _BEING.finditer(gap)), default=-1)
    doing = max(
        (found.end() for found in _DOING.finditer(gap) if not _is_in_noun(gap, found)), default=-1
    )
    for found in re.finditer(r"[^，,；;：:。、]+", gap):
        verb = _CLAUSE_VERB.match(found[0])
        if verb and not (verb["verb"] in _NOUNY and _NOUN_BEHIND.match(found[0], verb.end())):
            doing = max(doing, found.start() + verb.end())
    if max(being, doing) < 0:
        return None
    return "being" if being >= doing else "doing"


def _is_in_noun(gap: str, found: re.Match[str]) -> bool:
    """Return whether a verb only begins a name: 培训机构, 服务中心, 种植面积."""
    return found[0] in _NOUNY and bool(_NOUN_BEHIND.match(gap, found.end()))


def _goes_on(gap: str, draft: Draft) -> bool:
    return len(gap) <= _LONGEST_LINK and not re.search(r"[。；;]", gap)


def _stands_first(draft: Draft) -> bool:
    """Return whether the number is the whole that the rest of the sentence parts: 1200名党员中有…."""
    start = clause_start(draft.text, draft.sentence.start, draft.low)
    return (
        bool(_AMONG.match(draft.text, draft.high))
        and _CLAUSE_VERB.match(draft.text, start) is None
    )


def _is_nominal(gap: str, draft: Draft) -> bool:
    """Return whether a clause says with a bare noun and a number what there is: 全镇党员1486名."""
    noun = re.split(r"[，,；;：:。、]", gap)[-1].strip("（(")
    if len(noun) < 2 or draft.unit not in _ENTITY:  # noqa: PLR2004
        return False
    if not re.match(r"[，,；;。、（(）)：:]|其中|$", draft.text[draft.high : draft.high + 2]):
        return False
    if draft.unit in _AREA:
        return bool(_AREA_NOUN.search(noun))
    return not _EVENT.search(noun) and bool(_STATE_NOUN.search(noun))


def _in_profile(draft: Draft) -> bool:
    return any(_PROFILE.search(title) for title in draft.sentence.frame.headings)
