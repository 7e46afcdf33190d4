"""Which indicators may count what a commitment promises. Proposals only; a person links."""

from collections.abc import Iterable
from dataclasses import dataclass

from jiezhen.plans.rules import words

#: Below this a proposal is more noise than help. Our choice; see docs/algorithms.
LEAST = 0.34
_UNIT_DIFFERS = 0.55


@dataclass(frozen=True, slots=True)
class Named:
    """An indicator as it is told apart: its name, title, other titles and unit."""

    name: str
    title: str
    also: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One indicator that may fit; `score` is 0 to 1 and `why` says what it rests on."""

    name: str
    title: str
    unit: str
    score: float
    why: str


def propose(
    indicators: Iterable[Named], phrase: str, unit: str = "", most: int = 5
) -> list[Proposal]:
    """Return the indicators whose titles are most like a phrase, best first.

    Shape: at most `most` proposals of at least `LEAST`; ties in the order of names. A title of
    another unit of measure counts for little more than half; an empty unit is no objection.
    """
    about = words.core(phrase)
    found = [p for i in indicators if (p := _weigh(i, about, unit)) is not None]
    return sorted(found, key=lambda p: (-p.score, p.name))[:most]


def _weigh(indicator: Named, about: str, unit: str) -> Proposal | None:
    best, title = max(
        (_score(words.core(name), about), name) for name in (indicator.title, *indicator.also)
    )
    same = not unit or unit == indicator.unit
    score = round(best if same else best * _UNIT_DIFFERS, 4)
    if score < LEAST:
        return None
    common = "、".join(f"“{w}”" for w in words.common(words.core(title), about))
    measure = (
        f"；单位都是{unit}"
        if unit and same
        else ""
        if same
        else (f"；单位不同：承诺是{unit}，指标是{indicator.unit}")
    )
    why = f"指标“{title}”与原话都有{common}{measure}"
    return Proposal(indicator.name, indicator.title, indicator.unit, score, why)


def _score(title: str, about: str) -> float:
    """Weigh how much of the title the words hold against how alike both are."""
    return 0.6 * words.covered(title, about) + 0.4 * words.likeness(title, about)
