"""How figures of one sentence belong together: growth and its base, parts and totals, several units of one thing."""

from __future__ import annotations

import re
from typing import Final

from jiezhen.reading import objects
from jiezhen.reading.draft import Draft

_NEAR: Final = 40  # figures that may belong together
_PART: Final = re.compile(r"其中|其余|包括|包含|含(?!量)|分别为|分别是")
_RATIOS: Final = frozenset(("%", "‰", "成", "个百分点", "百分点"))
_DEEDS: Final = re.compile(
    r"(?:已|正在|留作|现场|通过|转|办结|解决|答复|采纳|整改|完成|处置|化解)"
)


def relate(sentence: list[Draft]) -> None:
    """Link the claims of one sentence in place: `of`, `parts`, `paired`."""
    claims = [draft for draft in sentence if draft.is_claim]
    for index, draft in enumerate(claims):
        earlier = claims[max(0, index - _NEAR) : index]
        if draft.unit in _RATIOS or draft.kind == "growth":
            draft.of = _base_of(draft, earlier)
        elif earlier:
            _pair(draft, earlier[-1])
            _part_of(draft, earlier)
    _sums(claims)
    for draft in claims:
        if draft.of is not None and draft.kind != "growth" and draft.unit not in _RATIOS:
            draft.of.parts.append(draft)


def _base_of(draft: Draft, earlier: list[Draft]) -> Draft | None:
    amounts = [other for other in earlier if other.unit not in _RATIOS and other.kind != "growth"]
    if not amounts:
        return None
    last = amounts[-1]
    if earlier[-1] is not last and earlier[-1].of is not last:
        return None
    between = draft.text[earlier[-1].high : draft.low]
    if draft.changed and re.match(
        r"[，,、（(]?(?:同比|比|较|环比|可比|与|年均|(?:逆势|实际|名义|平均|大幅|小幅|稳步|较快)?(?:增|下?降|减|上?升|提高))",
        between,
    ):
        return last
    if draft.kind == "progress" or re.match(r"[，,（(](?:占|完成|其)", between):
        return last
    return None


def _pair(draft: Draft, last: Draft) -> None:
    """17幢2.67万平方米569户: several measures of one thing; 48项 in 4大类; 服务 3000人次 of 20场."""
    between = draft.text[last.high : draft.low]
    if (
        last.unit != draft.unit
        and last.unit not in _RATIOS
        and (not between or between in ("、", "共", "计", "约", "近", "共计"))
    ):
        draft.paired = last.paired or last
        if draft.paired.kind == "stock" and draft.kind == "result":
            draft.kind = "stock"
    elif draft.unit in ("人次", "人", "户次", "家次") and re.match(
        r"[，,](?:共)?(?:覆盖|惠及|服务|参与|受益|吸引|参加|发动)", between
    ):
        draft.paired = last


def _part_of(draft: Draft, earlier: list[Draft]) -> None:
    last = earlier[-1]
    between = draft.text[last.high : draft.low]
    same = next(
        (
            other
            for other in reversed(earlier[-_NEAR:])
            if other.unit == draft.unit and other.value is not None
        ),
        None,
    )
    if same is None:
        return
    marked = _PART.search(between)
    if marked and _larger(same, draft):
        draft.of = same
    elif (
        last.of is not None
        and last.unit == draft.unit
        and re.match(r"[^，。；]{0,8}[、，]", between)
    ):
        if len(between) < 16 and _larger(last.of, draft):
            draft.of = last.of
    elif last is same and _larger(last, draft) and _only_deed(draft, between):
        draft.of = last


def _only_deed(draft: Draft, between: str) -> bool:
    words = between.strip("，,、")
    return draft.after == "" and len(words) <= 6 and bool(_DEEDS.match(words))


def _is_share(draft: Draft) -> bool:
    """Return whether a figure has no thing of its own behind it, so that it can be a part of a total."""
    return not objects.counts_noun_behind(draft) or bool(re.search(r"其中", draft.before))


def _larger(total: Draft, part: Draft) -> bool:
    return total.value is not None and part.value is not None and total.value > part.value > 0


def _sums(claims: list[Draft]) -> None:
    """Link parts that add up exactly to an earlier total of the same unit."""
    for index, total in enumerate(claims):
        following = [
            other for other in claims[index + 1 : index + _NEAR] if other.unit == total.unit
        ]
        if total.value is None or total.unit in _RATIOS or total.kind == "growth":
            continue
        for count in range(2, min(len(following), 8) + 1):
            chosen = following[:count]
            if not all(_is_share(other) for other in chosen):
                break
            if sum(other.value or 0 for other in chosen) == total.value and all(
                other.value for other in chosen
            ):
                for other in chosen:
                    other.of = total
                break


def repeats(drafts: list[Draft]) -> None:
    """Point figures of repeated lines to their first telling."""
    first: dict[tuple[str, int], Draft] = {}
    for draft in drafts:
        if not draft.is_claim:
            continue
        block = draft.sentence.block
        if len(block.text) < 12 or block.form == "table":
            continue
        known = first.setdefault((block.text, draft.start), draft)
        if known is not draft:
            draft.duplicate_of = known
