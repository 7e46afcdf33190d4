"""One fact told with two values in the same draft."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from jiezhen.reading.model import Document, Figure
from jiezhen.reports.rules import units, words
from jiezhen.reports.rules.context import Context, masked
from jiezhen.reports.rules.model import Finding
from jiezhen.reports.rules.repeats import SHORTEST

_COMMON: Final = 3
#: Words that make of one thing several: another place, another part, an addition.
_ANOTHER: Final = re.compile(
    r"另|其中|其余|剩余|再|还|又|人均|日均|平均|首|第[一二三四五六七八九十\d]"
)


def findings(document: Document, contexts: dict[str, Context]) -> Iterator[Finding]:
    """Yield a finding for each figure that tells an earlier one's fact with another value."""
    told: dict[tuple[str, str, str], list[Figure]] = {}
    for figure in _plain(document):
        group = told.setdefault(_signature(figure), [])
        other = next((g for g in group if _conflict(document, contexts, figure, g)), None)
        group.append(figure)
        if other is not None:
            yield _finding(document.text, figure, other)
    yield from _sentences(document, contexts)


def _plain(document: Document) -> Iterator[Figure]:
    tables = [(p.start, p.end) for p in document.paragraphs if p.form == "table"]
    for figure in document.claims:
        if figure.value is None or figure.kind in ("growth", "rank", "progress", "target"):
            continue
        if (
            figure.duplicate_of
            or figure.of
            or figure.comparator != "="
            or figure.upper is not None
        ):
            continue
        if any(start <= figure.start < end for start, end in tables):
            continue
        if len(words.core(figure.object or "")) > _COMMON:
            yield figure


def _signature(figure: Figure) -> tuple[str, str, str]:
    return words.core(figure.object or ""), units.plain(figure.unit), figure.period or ""


def _conflict(
    document: Document, contexts: dict[str, Context], left: Figure, right: Figure
) -> bool:
    if left.value == right.value or (left.place or "") != (right.place or ""):
        return False
    if (left.action or "") != (right.action or "") and left.action and right.action:
        return False
    if contexts[left.id].sentence == contexts[right.id].sentence or _near(document, left, right):
        return False
    one, other = (_clause(document.text, contexts[f.id]) for f in (left, right))
    if _ANOTHER.search(one) or _ANOTHER.search(other):
        return False
    return words.dice(one, other) >= 0.75


def _near(document: Document, left: Figure, right: Figure) -> bool:
    """Say whether two values of one written form may both hold: 1.6万 and 16012."""
    smaller, larger = sorted((abs(Fraction(left.value or 0)), abs(Fraction(right.value or 0))))
    rough = any("万" in document.text[f.start : f.end] for f in (left, right))
    return rough and larger > 0 and (larger - smaller) / larger < Fraction(1, 100)


def _sentences(document: Document, contexts: dict[str, Context]) -> Iterator[Finding]:
    """Yield figures of sentences that equal an earlier one in every word and differ in a number."""
    seen: dict[str, dict[int, Figure]] = {}
    for span, figures in _by_sentence(document, contexts).items():
        key = masked(document.text[span[0] : span[1]])
        if len(key) < SHORTEST * 2 or not figures:
            continue
        numbered = dict(enumerate(figures))
        first = seen.setdefault(key, numbered)
        if first is numbered or len(first) != len(numbered):
            continue
        if any(
            _ids_differ(document, a, b)
            for a, b in zip(first.values(), numbered.values(), strict=True)
        ):
            continue
        for number, figure in numbered.items():
            other = first[number]
            if figure.kind != "id" and figure.value != other.value and not _signed(figure):
                yield _finding(document.text, figure, other)


def _by_sentence(
    document: Document, contexts: dict[str, Context]
) -> dict[tuple[int, int], list[Figure]]:
    groups: dict[tuple[int, int], list[Figure]] = {}
    for figure in document.figures:
        groups.setdefault(contexts[figure.id].sentence, []).append(figure)
    return groups


def _ids_differ(document: Document, left: Figure, right: Figure) -> bool:
    """Say whether the sentences speak of different days, versions or places by number."""
    one, other = (document.text[f.start : f.end] for f in (left, right))
    return "id" in (left.kind, right.kind) and one != other


def _signed(figure: Figure) -> bool:
    """Say whether the first rule has judged the figure already."""
    return len(words.core(figure.object or "")) > _COMMON and figure.kind in ("result", "stock")


def _clause(text: str, context: Context) -> str:
    return text[context.clause[0] : context.clause[1]]


def _finding(text: str, figure: Figure, other: Figure) -> Finding:
    one, before = ("".join(text[f.start : f.end].split()) for f in (figure, other))
    return Finding(
        "contradiction",
        "differs",
        ((figure.start, figure.end), (other.start, other.end)),
        one,
        record=before,
        words=f"同一件事两个数：前面写的是{before}",
        cause="前后不一致",
        figure=figure.id,
    )
