"""What the figures of one sentence say about each other: totals and parts, shares, growth.

Only structures that the words announce are judged. A difference is called a mistake where the words leave
no other reading, or where one changed digit would mend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from jiezhen.reading.model import Document, Figure
from jiezhen.reports.rules import units
from jiezhen.reports.rules.context import Context
from jiezhen.reports.rules.meaning import Written, exact, judge, written
from jiezhen.reports.rules.model import Finding, Verdict
from jiezhen.reports.rules.rewriting import plainly

_AMONG: Final = re.compile(r"其中|包括|包含|(?<!不)含")
_OUTCOME: Final = re.compile(
    r"已|正在|尚|未|留作|现场|流转|答复|处置|办结|解决|采纳|转办|退回|移交|在办|化解|调解|剩余|其余|另有|整改"
)
_TOTAL: Final = re.compile(
    r"收到|收集|受理|接到|接待|共|总计|合计|累计|排查|发现|征集|登记|建议|提案|诉求|案件"
)
_STAGES: Final = re.compile(r"签约|开工|完工|竣工|动工|交付|启用|启动")
_JOINT: Final = re.compile(r"^[\s，,、；;：:（(]*")
_OF: Final = re.compile(r"占|率|比例|比重")
_EARLIER: Final = re.compile(r"(?:去年|上年|同期|上一年|前年|原来|原先|由|从)[^，,。；;]{0,8}$")
_MORE_BY: Final = re.compile(r"(?:增加|净增|多|新增|减少|净减|少)(?:了)?$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """The figures of one sentence in order; the words between them come from the whole text."""

    text: str
    figures: tuple[Figure, ...]
    start: int
    end: int

    def between(self, left: Figure, right: Figure) -> str:
        """Return the words between two figures."""
        return self.text[left.end : right.start]

    def before(self, figure: Figure) -> str:
        """Return the words from the mark before a figure to the figure."""
        words = self.text[self.start : figure.start]
        return re.split(r"[，,；;。：:、]", words)[-1]


def findings(document: Document, contexts: dict[str, Context]) -> list[Finding]:
    """Return what holds and what does not hold between the figures of each sentence."""
    found: list[Finding] = []
    for sentence in sentences(document, contexts):
        found.extend(_sums(sentence))
        found.extend(_shares(sentence))
        found.extend(_growths(sentence))
    return found


def sentences(document: Document, contexts: dict[str, Context]) -> Iterator[Sentence]:
    """Yield the sentences that tell at least one figure."""
    groups: dict[tuple[int, int], list[Figure]] = {}
    for figure in document.claims:
        if figure.value is not None:
            groups.setdefault(contexts[figure.id].sentence, []).append(figure)
    for (start, end), figures in groups.items():
        yield Sentence(document.text, tuple(figures), start, end)


def _counts(sentence: Sentence) -> list[Figure]:
    return [
        f
        for f in sentence.figures
        if not units.is_share(f.unit)
        and not units.is_points(f.unit)
        and f.kind not in ("growth", "rank")
        and f.upper is None
    ]


def _sums(sentence: Sentence) -> Iterator[Finding]:
    counts = _counts(sentence)
    used: set[str] = set()
    for index, total in enumerate(counts):
        if total.id in used:
            continue
        parts = _following(counts[index + 1 :], total)
        if not parts:
            continue
        finding, members = _total(sentence, total, parts)
        if finding is not None:
            used.update(f.id for f in members)
            yield finding


def _following(rest: Sequence[Figure], total: Figure) -> list[Figure]:
    """Return the figures right after a total that are counted in its unit."""
    parts = []
    for figure in rest:
        same = figure.unit is None or units.fit(figure.unit, total.unit) == 1
        if not same or figure.each or figure.kind != total.kind:
            break
        parts.append(figure)
    return parts


def _total(
    sentence: Sentence, total: Figure, parts: list[Figure]
) -> tuple[Finding | None, list[Figure]]:
    whole = Fraction(total.value or 0)
    among = bool(_AMONG.search(sentence.between(total, parts[0])))
    for count in range(len(parts), 1, -1):
        some = parts[:count]
        if count < len(parts) and sentence.between(some[-1], parts[count]).lstrip().startswith(
            "、"
        ):
            continue  # 、 says that the list of parts goes on
        told = among or count > 2 or _are_parts(sentence, total, some)
        if told and whole and sum(Fraction(p.value or 0) for p in some) == whole:
            return _sum_finding(sentence, total, some, "agrees", "合计相符"), some
    if among:
        return _among(sentence, total, parts)
    return _broken(sentence, total, parts)


def _among(
    sentence: Sentence, total: Figure, parts: list[Figure]
) -> tuple[Finding | None, list[Figure]]:
    """Judge 其中: no part is larger than the whole."""
    whole = Fraction(total.value or 0)
    large = next((p for p in parts if Fraction(p.value or 0) > whole), None)
    if large is parts[0] or (large and not _AMONG.search(sentence.between(parts[0], large))):
        words = f"部分大于总数：{_said(sentence, large)}大于{_said(sentence, total)}"
        return _finding(sentence, [large, total], "differs", words), [large]
    words = "部分不大于总数"
    return _finding(sentence, [total, parts[0]], "agrees", words), [parts[0]]


def _broken(
    sentence: Sentence, total: Figure, parts: list[Figure]
) -> tuple[Finding | None, list[Figure]]:
    """Find outcomes that ought to add up to what came in, and are one digit away from it."""
    whole = Fraction(total.value or 0)
    for count in range(len(parts), 1, -1):
        some = parts[:count]
        if not _are_parts(sentence, total, some):
            continue
        gap = sum(Fraction(p.value or 0) for p in some) - whole
        if gap and _one_digit([total, *some], gap):
            added = plainly(exact(whole + gap), total.unit)
            words = f"合计不符：相加是{added}，稿中写{_said(sentence, total)}"
            return _sum_finding(sentence, total, some, "differs", words), some
    return None, []


def _are_parts(sentence: Sentence, total: Figure, parts: Sequence[Figure]) -> bool:
    """Say whether the words make the figures outcomes of what the total counts."""
    head = sentence.text[max(sentence.start, total.start - 24) : total.start]
    tail = sentence.between(total, parts[0])
    if _STAGES.search(sentence.before(total)):
        return False
    if not (_TOTAL.search(head) or _TOTAL.search(tail)):
        return False
    gaps = [tail, *(sentence.between(left, right) for left, right in pairwise(parts))]
    last = sentence.text[parts[-1].end : sentence.end][:8]
    return sum(bool(_OUTCOME.search(gap)) for gap in [*gaps, last]) >= len(parts) - 1 and all(
        len(_JOINT.sub("", gap)) <= 14 for gap in gaps
    )


def _one_digit(figures: Sequence[Figure], gap: Fraction) -> bool:
    """Say whether changing one digit of one of the figures closes the gap."""
    if gap.denominator != 1:
        return False
    size = abs(gap.numerator)
    while size and size % 10 == 0:
        size //= 10
    return 1 <= size <= 9 and any(abs(Fraction(f.value or 0)) * 10 >= abs(gap) for f in figures)


def _sum_finding(
    sentence: Sentence, total: Figure, parts: Sequence[Figure], verdict: Verdict, words: str
) -> Finding:
    sum_ = "+".join(_bare(p) for p in parts)
    sign = "=" if verdict == "agrees" else "≠"
    written_ = f"{sum_}{sign}{_bare(total)}"
    spans = tuple((f.start, f.end) for f in (total, *parts))
    return Finding("sum", verdict, spans, written_, words=words, figure=total.id)


def _shares(sentence: Sentence) -> Iterator[Finding]:
    """Check a percentage against the whole and the part that stand before it, or against its whole alone."""
    for share in sentence.figures:
        if (
            not units.is_share(share.unit)
            or share.kind not in ("rate", "progress")
            or not share.value
        ):
            continue
        said = written(share, sentence.text)
        pair = _whole_and_part(sentence, share)
        if said is None or pair is None or said.upper is not None:
            continue
        whole, part = pair
        base = Fraction(whole.value or 0)
        value = Fraction(part.value or 0) / base
        shown = f"{_bare(part)}÷{_bare(whole)}={plainly(exact(value), '%')}"
        good = judge(said, value) != "no"
        words = "比率相符" if good else f"比率不符：按这两个数算是{plainly(exact(value), '%')}"
        spans = tuple((f.start, f.end) for f in (share, part, whole))
        verdict: Verdict = "agrees" if good else "differs"
        yield Finding("share", verdict, spans, shown, words=words, figure=share.id)
    yield from _grim(sentence)


def _whole_and_part(sentence: Sentence, share: Figure) -> tuple[Figure, Figure] | None:
    """Return the whole and the part where the words leave no doubt: 受理120件，办结118件，办结率98.3%."""
    counted = {f.id for f in _counts(sentence)}
    earlier = [f for f in sentence.figures if f.end <= share.start][-2:]
    if len(earlier) < 2 or any(f.id not in counted for f in earlier):
        return None
    whole, part = earlier
    if units.fit(whole.unit, part.unit) < 1 or not 0 < (part.value or 0) <= (whole.value or 0):
        return None
    between = sentence.between(part, share)
    if len(between) > 16 or not _OF.search(between):
        return None
    deed = re.sub(r"[，,、\s共已]", "", sentence.between(whole, part))
    named = re.search(r"(\w{2})率", between)
    if named and named[1] in deed:
        return whole, part
    return (whole, part) if re.search(r"占(?:比|总数|其中|全部)", between) else None


def _grim(sentence: Sentence) -> Iterator[Finding]:
    """Remark on percentages that no whole number of the told total can give."""
    by_id = {f.id: f for f in sentence.figures}
    for share in sentence.figures:
        whole = by_id.get(share.of or "")
        if whole is None or share.kind != "rate" or not units.is_share(share.unit):
            continue
        said = written(share, sentence.text)
        number = whole.value
        if said is None or not isinstance(number, int) or not units.is_count(whole.unit):
            continue
        if said.word or whole.comparator != "=" or not 0 < number < 2000 or not 0 < said.value < 1:
            continue
        if not _possible(said, number):
            words = f"{_said(sentence, whole)}里没有一个整数能算出{_said(sentence, share)}"
            yield Finding(
                "share",
                "remark",
                ((share.start, share.end), (whole.start, whole.end)),
                _said(sentence, share),
                words=words,
                figure=share.id,
            )


def _possible(said: Written, number: int) -> bool:
    near = said.value * number
    return any(
        judge(said, Fraction(part, number)) == "yes"
        or 0 <= Fraction(part, number) - said.value < said.step
        for part in range(max(0, int(near) - 1), min(number, int(near) + 2) + 1)
    )


def _growths(sentence: Sentence) -> Iterator[Finding]:
    """Check a growth where both values, or the value and the increase, stand beside it."""
    for growth in sentence.figures:
        if growth.kind != "growth" or not units.is_share(growth.unit):
            continue
        said = written(growth, sentence.text)
        found = _base(sentence, growth)
        if said is None or found is None:
            continue
        value, base = found
        if not base:
            continue
        rate = (value - base) / abs(base)
        shown = f"{plainly(exact(rate), '%')}"
        good = judge(said, rate) != "no" or abs(rate - said.value) <= said.step
        words = "增幅与两个数相符" if good else f"增幅不符：按稿中两个数算是{shown}"
        verdict: Verdict = "agrees" if good else "differs"
        yield Finding(
            "growth",
            verdict,
            ((growth.start, growth.end),),
            _said(sentence, growth),
            record=shown,
            words=words,
            figure=growth.id,
        )


def _base(sentence: Sentence, growth: Figure) -> tuple[Fraction, Fraction] | None:
    """Return value and base of a growth that are both told in its sentence."""
    counts = [f for f in _counts(sentence) if f.end <= growth.start]
    if len(counts) < 2:
        return None
    for left, right in pairwise(counts):
        if right is not counts[-1] or units.fit(left.unit, right.unit) < 1:
            continue
        one, other = Fraction(left.value or 0), Fraction(right.value or 0)
        if _EARLIER.search(sentence.before(left)):
            return other, one
        if _EARLIER.search(sentence.before(right)):
            return one, other
        more = _MORE_BY.search(sentence.before(right))
        if more and left.id == (growth.of or left.id):
            step = -other if "减" in more[0] or more[0].startswith("少") else other
            return one, one - step
    return None


def _finding(
    sentence: Sentence, figures: Sequence[Figure], verdict: Verdict, words: str
) -> Finding:
    spans = tuple((f.start, f.end) for f in figures)
    said = "，其中".join(_said(sentence, f) for f in figures)
    return Finding("sum", verdict, spans, said, words=words, figure=figures[0].id)


def _said(sentence: Sentence, figure: Figure) -> str:
    return "".join(sentence.text[figure.start : figure.end].split())


def _bare(figure: Figure) -> str:
    return plainly(figure.value, "")
