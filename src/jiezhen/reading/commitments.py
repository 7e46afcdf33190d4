"""Promises of a plan, with or without a number: their words, strength, targets, dates and responsible office.

A commitment is a clause of a plan section that opens with a verb of doing. Clauses that only say how or on what
ground (围绕…, 以…为抓手) lead up to the next one. A list that ends in 各1处 gives one commitment for each object.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from jiezhen.reading import deadlines, lexicon, sureness
from jiezhen.reading.draft import Draft, Sentence
from jiezhen.reading.model import Commitment, Figure, Strength

_FIRM: Final = lexicon.known("firm")
_SOFT: Final = re.compile(
    r"推动|推进|启动|探索|谋划|促进|支持|加强|深化|优化|强化|开展|筹办|迎接|协调|参与|着眼|布局|研究|鼓励|引导"
)
_STRIVE: Final = re.compile(r"力争|争取|争创|努力|积极创建|争先")
_VERB: Final = re.compile(
    rf"(?!服务[包站点]){lexicon.any_of('verbs', 'plan_verbs', 'firm')}(?![率量数额值费性])"
)
_DATE: Final = r"(?:20\d\d年)?(?:(?:1[0-2]|[1-9])月(?:份|\d{1,2}日|[上中下]旬|底|末)?|[一二三四]季度|年[底末中]|[上下]半年)(?:之?前|以前|内|起|末|底)?"
_OPENING: Final = re.compile(
    rf"(?:{lexicon.any_of('openers')}|[一二三四五六七八九十]+是|[、，“‘\"\s]|20\d\d年|有力有序|不折不扣|竭尽全力|竭尽所能|按时按质|扎实有效|纵深|充分|奋力|靶向|常态长效|常态|驰而不息|做到|一体|坚持不懈|源源不断|{_DATE}|按照[^，]*|以[^，]{{1,12}}为[^，]{{1,6}})*"
)
_GROUND: Final = re.compile(
    r"(?:以|围绕|聚焦|立足|依托|按照|根据|坚持以|对标|紧扣|紧盯|紧紧围绕|通过|结合|针对|瞄准|践行|深入践行|坚持|牢固树立|抓住|发挥|充分发挥|用好|下足|联合|面向|把握|对照|放大|依靠|全面贯彻|在[^，]{0,20}下)"
)
_CLAUSE: Final = re.compile(r"[^，,；;。！!？?：:]+(?:[，,；;。！!？?：:]+|$)")
_BODY: Final = r"[\u4e00-\u9fff]{1,12}?(?:办公室|办|科|中心|所|局|委|部|站|队|院|公司|单位)"
_OFFICE: Final = re.compile(
    rf"(?:责任|牵头|主办|承办|负责)(?:单位|部门|科室)[：:]?(?P<named>{_BODY})|由(?P<office>{_BODY})(?:牵头|负责|主办|落实|承办|组织|实施)"
    rf"|[（(](?P<bracket>{_BODY})(?:牵头|负责|主办|[）)]$|[，、][^（）()]*(?:配合|负责|参与)?[）)]$)"
)
# A sentence or line that only says who answers for what was said before it, or by when.
_REMARK: Final = re.compile(
    rf"\s*[（(]?(?:(?:责任|牵头|主办|承办|负责|配合)(?:单位|部门|科室|领导|人)|完成时限|完成时间|时间节点)[：:]|\s*由{_BODY}(?:牵头|负责|主办|承办|牵头负责)(?:，[^，。]{{0,20}}配合)?[）)。；]*\s*$"
)
_DUE: Final = re.compile(r"(?:完成时限|完成时间|时间节点)[：:]")
_MILESTONE: Final = re.compile(
    r"(?P<milestone>开工建设|开工|竣工|完工|投入使用|投入运营|投运|投用|建成开放|开园|开馆|开业|开放|落地|挂牌|验收|封顶|上线|运营|动迁|立项|交付|启用)(?:[，。；]|$)"
)
_PAST: Final = re.compile(r"[^，]{0,6}(?:已|去年|截至|目前)")
_SEPARATE: Final = re.compile(r"、(?:和|及)?")
_MINIMUM: Final = 4


@dataclass(frozen=True, slots=True)
class _Clause:
    sentence: Sentence
    start: int
    end: int
    verb: str
    words: str
    grounded: bool


def commitments(
    sentences: list[Sentence], drafts: list[Draft], figures: tuple[Figure, ...]
) -> tuple[Commitment, ...]:
    """Return the commitments of all plan sections in document order.

    Shape: one row per promise; 各 lists give one row per object, several measures of one thing one row.
    """
    by_block: dict[int, list[tuple[Draft, Figure]]] = {}
    for draft, figure in zip(drafts, figures, strict=True):
        if figure.kind != "id":
            by_block.setdefault(id(draft.sentence.block), []).append((draft, figure))
    results = [
        figure for figure in figures if figure.kind in ("result", "stock", "rate", "progress")
    ]
    found: list[Commitment] = []
    start = 0
    for sentence in sentences:
        if sentence.block.form == "heading":
            continue
        if _REMARK.match(sentence.text, sentence.start, sentence.end):
            found = _remarked(found, sentence, start)
            continue
        start = len(found)
        inside = [
            pair
            for pair in by_block.get(id(sentence.block), [])
            if sentence.start <= pair[0].start < sentence.end
        ]
        for clause in _clauses(sentence, inside):
            found.extend(_commit(clause, inside, results))
    return tuple(_numbered(found))


def _clauses(sentence: Sentence, inside: list[tuple[Draft, Figure]]) -> list[_Clause]:
    """Return the clauses that promise something; those without verb are joined to the one before."""
    if sentence.frame.mood != "plan" and not any(figure.kind == "target" for _, figure in inside):
        return []
    found: list[_Clause] = []
    lead: int | None = None
    for match in _CLAUSE.finditer(sentence.text, sentence.start, sentence.end):
        start, end = match.span()
        if sentence.frame.mood != "plan" and not _has_target(inside, start, end):
            continue
        opening = _OPENING.match(sentence.text, start)
        at = opening.end() if opening else start
        verb = _VERB.match(sentence.text, at)
        if _GROUND.match(sentence.text, at) and not _has_target(inside, start, end):
            lead = start if lead is None else lead
            continue
        if verb is None and _has_target(inside, start, end):
            verb = _VERB.search(sentence.text, at, end)
        if verb is None and (
            not _has_target(inside, start, end) or _is_measure_only(inside, at, end)
        ):
            found = _extended(found, end, lead)
            continue
        if _PAST.match(sentence.text, start, end):
            continue
        begin = start if lead is None else lead
        found.append(
            _Clause(
                sentence,
                begin,
                end,
                verb[0] if verb else "",
                sentence.text[start:end],
                lead is not None,
            )
        )
        lead = None
    return found


def _extended(found: list[_Clause], end: int, lead: int | None) -> list[_Clause]:
    if not found or lead is not None:
        return found
    last = found[-1]
    words = last.words + last.sentence.text[last.end : end]
    return [*found[:-1], _Clause(last.sentence, last.start, end, last.verb, words, last.grounded)]


def _is_measure_only(inside: list[tuple[Draft, Figure]], at: int, end: int) -> bool:
    """Return whether a clause only says how much of what the clause before promised: 全年不少于10场."""
    first = next((draft for draft, _ in inside if at <= draft.start < end), None)
    return first is not None and first.low <= at and not first.after


def _has_target(inside: list[tuple[Draft, Figure]], start: int, end: int) -> bool:
    return any(figure.kind == "target" and start <= draft.start < end for draft, figure in inside)


def _commit(
    clause: _Clause, inside: list[tuple[Draft, Figure]], results: list[Figure]
) -> list[Commitment]:
    targets = [
        pair
        for pair in inside
        if clause.start <= pair[0].start < clause.end and pair[1].kind == "target"
    ]
    words = clause.words.strip("，,；;。 ")
    if len(words) < _MINIMUM:
        return []
    groups = _groups(targets)
    if not groups and sureness.says_nothing(words, _object_of(words, clause.verb)):
        return []
    if not groups:
        return [_built(clause, words, _object_of(words, clause.verb), (), results)]
    answer: list[Commitment] = []
    for group in groups:
        first = group[0][1]
        names = first.objects or (first.object or words,)
        figures = tuple(figure for _, figure in group)
        answer.extend(_built(clause, words, name, figures, results) for name in names)
    return answer


def _groups(targets: list[tuple[Draft, Figure]]) -> list[list[tuple[Draft, Figure]]]:
    """Put the measures of one thing together: 17幢 with 2.67万平方米."""
    groups: list[list[tuple[Draft, Figure]]] = []
    for draft, figure in targets:
        if (
            groups
            and figure.with_ is not None
            and any(other.id == figure.with_ for _, other in groups[-1])
        ):
            groups[-1].append((draft, figure))
        else:
            groups.append([(draft, figure)])
    return groups


def _built(
    clause: _Clause, words: str, name: str, targets: tuple[Figure, ...], results: list[Figure]
) -> Commitment:
    start, end = clause.sentence.block.joined.span(clause.start, clause.end)
    text = clause.sentence.text
    window = deadlines.window(
        text[clause.sentence.start : clause.end], clause.words, clause.sentence.frame
    )
    office = _office(text, clause.sentence.start, clause.sentence.end)
    milestone = None if targets else _MILESTONE.search(words)
    return Commitment(
        id="",
        start=start,
        end=end,
        quote=words,
        action=clause.verb,
        strength=_strength(words, clause.verb, targets),
        object=name,
        section=clause.sentence.frame.headings,
        targets=tuple(figure.id for figure in targets),
        milestone=milestone["milestone"] if milestone else None,
        starts=window[0],
        deadline=window[1],
        office=office,
        confidence=_confidence(clause, words, targets),
        document_result=_result(targets, name, results),
    )


def _object_of(words: str, verb: str) -> str:
    at = words.find(verb) if verb else -1
    rest = words[at + len(verb) :] if at >= 0 else words
    rest = rest.strip("，。、了")
    return (rest if rest.count("“") == rest.count("”") else rest.strip("“”")) or words


def _strength(words: str, verb: str, targets: tuple[Figure, ...]) -> Strength:
    if _STRIVE.search(words[:24]):
        return "力争"
    if _SOFT.match(verb) and not targets:
        return "推进"
    return "必成" if verb in _FIRM or (targets and not _SOFT.match(verb)) else "推进"


def _confidence(clause: _Clause, words: str, targets: tuple[Figure, ...]) -> float:
    if targets:
        return sureness.WITH_FIGURE
    dated = bool(re.match(rf"(?:[^，]{{0,6}}?){_DATE}", words) or _MILESTONE.search(words))
    return sureness.of_words(
        words,
        clause.verb,
        _object_of(words, clause.verb),
        firm=clause.verb in _FIRM,
        dated=dated,
        under_heading=clause.sentence.frame.rule == "heading",
    )


def _office(text: str, start: int, end: int) -> str | None:
    found = _OFFICE.search(text, start, end)
    return (found["named"] or found["office"] or found["bracket"]) if found else None


def _remarked(found: list[Commitment], sentence: Sentence, start: int) -> list[Commitment]:
    """Give the commitments of the sentence before, from `start` on, the office and date that a remark names."""
    words = sentence.text[sentence.start : sentence.end]
    office = _office(sentence.text, sentence.start, sentence.end)
    due = deadlines.window(words, words, sentence.frame)[1] if _DUE.search(words) else None
    return found[:start] + [
        replace(each, office=each.office or office, deadline=due or each.deadline)
        for each in found[start:]
    ]


def _result(targets: tuple[Figure, ...], name: str, results: list[Figure]) -> str | None:
    """Return the id of a result of the same document with the same unit and nearly the same object."""
    units = {figure.unit for figure in targets}
    best, chosen = 0.55, None
    for figure in results:
        if figure.unit in units and figure.object:
            likeness = _likeness(name, figure.object)
            if likeness > best:
                best, chosen = likeness, figure.id
    return chosen


def _likeness(left: str, right: str) -> float:
    """Return how alike two phrases are: the share of their character pairs that both have."""
    first, second = _pairs(left), _pairs(right)
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def _pairs(words: str) -> set[str]:
    words = "".join(ch for ch in words if ch.isalnum())
    return {words[index : index + 2] for index in range(len(words) - 1)}


def _numbered(found: list[Commitment]) -> list[Commitment]:
    return [replace(commitment, id=f"c{count}") for count, commitment in enumerate(found, 1)]
