"""Progress against a plan: the target that a percentage implies, and targets told in the same text."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from jiezhen.reading.model import Document, Figure
from jiezhen.reports.rules import units, words
from jiezhen.reports.rules.meaning import exact, judge, written
from jiezhen.reports.rules.model import Finding, Verdict
from jiezhen.reports.rules.rewriting import plainly

#: From this likeness on a target and a result are told of one thing.
SAME: float = 0.8


def findings(document: Document) -> Iterator[Finding]:
    """Yield what progress figures say about their targets: 234家 = 117% implies 200家."""
    by_id = {figure.id: figure for figure in document.claims}
    goals = [f for f in document.claims if f.kind == "target" and f.value]
    for figure in document.claims:
        if figure.kind != "progress" or not units.is_share(figure.unit) or not figure.value:
            continue
        result = by_id.get(figure.of or "")
        if result is None or not result.value or result.kind in ("growth", "rate"):
            continue
        goal = _goal_of(result, goals)
        if goal is not None:
            yield _against(document.text, figure, result, goal)
        else:
            yield from _implied(document.text, figure, result)


def _goal_of(result: Figure, goals: list[Figure]) -> Figure | None:
    """Return the one target of the text that names what the result counts."""
    found = [
        goal
        for goal in goals
        if units.fit(goal.unit, result.unit) == 1
        and words.dice(goal.object or "", result.object or "") >= SAME
    ]
    return found[0] if len(found) == 1 else None


def _against(text: str, figure: Figure, result: Figure, goal: Figure) -> Finding:
    said = written(figure, text)
    share = Fraction(result.value or 0) / Fraction(goal.value or 1)
    good = said is not None and judge(said, share) != "no"
    shown = plainly(exact(share), "%")
    verdict: Verdict = "agrees" if good else "differs"
    note = (
        "完成进度相符"
        if good
        else f"完成进度不符：{_said(text, result)}比{_said(text, goal)}是{shown}"
    )
    spans = tuple((f.start, f.end) for f in (figure, result, goal))
    return Finding(
        "target", verdict, spans, _said(text, figure), record=shown, words=note, figure=figure.id
    )


def _implied(text: str, figure: Figure, result: Figure) -> Iterator[Finding]:
    said = written(figure, text)
    if said is None or said.word or said.upper is not None or result.comparator != "=":
        return
    value = Fraction(result.value or 0)
    half = said.step / 2
    if said.value <= half or said.value == 1:
        return
    low, high = value / (said.value + half), value / (said.value - half)
    spans = ((figure.start, figure.end), (result.start, result.end))
    shown = f"{_said(text, result)}，{_said(text, figure)}"
    if not units.is_count(result.unit):
        near = plainly(exact(value / said.value), result.unit)
        yield Finding(
            "target", "agrees", spans, shown, words=f"推算目标约{near}", figure=figure.id
        )
        return
    if ceil(low) > floor(high) and said.value < 1:
        note = f"没有一个整数目标能让{_said(text, result)}算出{_said(text, figure)}"
        yield Finding("target", "remark", spans, shown, words=note, figure=figure.id)
        return
    best = round(value / said.value)
    sure = "" if ceil(low) == floor(high) else "约"
    note = f"推算目标{sure}{plainly(best, result.unit)}"
    yield Finding("target", "agrees", spans, shown, words=note, figure=figure.id)


def _said(text: str, figure: Figure) -> str:
    return "".join(text[figure.start : figure.end].split())
