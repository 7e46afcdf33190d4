"""Proof-reading as one call: every figure, what the figures say of each other, repeats, bare claims."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from jiezhen.reading import read
from jiezhen.reading.model import Document
from jiezhen.reports.rules import claims, contradictions, relations, repeats, targets
from jiezhen.reports.rules.figures import Checker
from jiezhen.reports.rules.model import Finding, Nothing, Result, Source


def check_text(text: str, source: Source | None = None) -> Result:
    """Return what a proof-reader finds in a draft.

    Shape: one finding of `about` "figure" for each figure, and findings on sums, shares, growth, repeats
    and claims, in the order of the text.
    Errors: none; a text without figures gives no figure findings.
    """
    return check(read(text), source)


def check(document: Document, source: Source | None = None) -> Result:
    """Return what a proof-reader finds in a document that was read already."""
    source = source or Nothing(document.period)
    checker = Checker(document, source)
    figures = [_sized(checker, finding) for finding in checker.findings()]
    sure = {f.figure for f in figures if f.verdict == "agrees"}
    between = _still_open(document, checker, sure)
    noted = _noted(figures, between)
    found = [*noted, *between, *_repeated(document), *claims.claims(document)]
    found.sort(key=lambda f: (f.start, f.about != "figure", f.end))
    numbered = tuple(replace(f, id=str(n)) for n, f in enumerate(found, start=1))
    return Result(document.text, numbered, source.period or document.period)


def _still_open(document: Document, checker: Checker, sure: set[str]) -> list[Finding]:
    """Return the findings between figures; what all records bear out is not held against the draft."""
    found: Iterable[Finding] = (
        *relations.findings(document, checker.contexts),
        *targets.findings(document),
        *contradictions.findings(document, checker.contexts),
    )
    by_span = {(f.start, f.end): f.id for f in document.figures}
    return [
        f
        for f in found
        if f.verdict == "agrees" or not all(by_span.get(span) in sure for span in f.spans)
    ]


def _sized(checker: Checker, finding: Finding) -> Finding:
    """Add a doubt about the size to a figure that no record bears out."""
    if finding.verdict != "no_source":
        return finding
    doubt = claims.size(checker.by_id[finding.figure], checker.document.text)
    return replace(finding, words=doubt) if doubt else finding


def _noted(figures: list[Finding], between: list[Finding]) -> list[Finding]:
    """Tell a figure without source what the other figures of the text say about it."""
    good = {
        span: f for f in between if f.verdict == "agrees" and f.about == "sum" for span in f.spans
    }
    noted = []
    for finding in figures:
        held = good.get((finding.start, finding.end))
        if finding.verdict == "no_source" and held is not None and finding.words == "没有找到来源":
            finding = replace(finding, words=f"没有找到来源；与文中其他数相符（{held.written}）")
        noted.append(finding)
    return noted


def _repeated(document: Document) -> list[Finding]:
    found = []
    for repeat in repeats.repeats(document):
        exact = repeat.likeness == 1
        how = "一字不差" if exact else f"几乎相同（{repeat.likeness:.0%}）"
        passage, first = repeat.passage, repeat.first
        found.append(
            Finding(
                "repeat",
                "remark",
                ((passage.start, passage.end), (first.start, first.end)),
                "重复",
                record=f"第{passage.number}条",
                words=f"与第{first.number}条{how}",
                cause="重复粘贴",
            )
        )
    return found
