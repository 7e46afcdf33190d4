"""The draft with marks, as pieces in order; the words are the draft's own, untouched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jiezhen.reports.rules.model import Finding, Result, Verdict

_WORSE: dict[Verdict, int] = {"agrees": 0, "no_source": 1, "remark": 2, "differs": 3}
#: How much of a repeated passage carries the mark.
_HEAD = 6


@dataclass(frozen=True, slots=True)
class Marked:
    """Words of the draft; with a mark where `key` names the finding that made it."""

    text: str
    verdict: Verdict | None = None
    key: str = ""


def pieces(result: Result) -> list[Marked]:
    """Return the whole text cut at its marks; where findings meet, the gravest one is shown."""
    spans: dict[tuple[int, int], tuple[Verdict, str]] = {}
    for finding in sorted(result.findings, key=lambda f: f.about != "figure"):
        if finding.about == "repeat":
            continue
        _lay(spans, finding)
    taken = sorted(spans)
    for finding in result.findings:
        if finding.about == "repeat":
            head = _free(taken, finding.start, min(finding.end, finding.start + _HEAD))
            if head is not None:
                spans[head] = (finding.verdict, finding.id)
    return _cut(result.text, sorted((s, e, *mark) for (s, e), mark in spans.items()))


def _lay(spans: dict[tuple[int, int], tuple[Verdict, str]], finding: Finding) -> None:
    for number, span in enumerate(finding.spans):
        held = spans.get(span)
        if held is None and (number or _crosses(spans, span)):
            continue
        if held is None or _WORSE[finding.verdict] > _WORSE[held[0]]:
            spans[span] = (finding.verdict, finding.id)


def _crosses(spans: dict[tuple[int, int], tuple[Verdict, str]], span: tuple[int, int]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in spans)


def _free(taken: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    for low, high in taken:
        if low < end and start < high:
            end = low
    return (start, end) if end > start else None


def _cut(text: str, marks: Sequence[tuple[int, int, Verdict, str]]) -> list[Marked]:
    found: list[Marked] = []
    at = 0
    for start, end, verdict, key in marks:
        if start < at:
            continue
        if start > at:
            found.append(Marked(text[at:start]))
        found.append(Marked(text[start:end], verdict, key))
        at = end
    if at < len(text):
        found.append(Marked(text[at:]))
    return found
