"""What a proof-reader asks and answers: facts that the office knows, and findings about a draft.

All offsets are Python string indices into the draft's text, end exclusive. Values are in base units:
元, 平方米 and plain counts; shares are parts of 1; a fall is negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from jiezhen.kernel.numerals import Exact

Verdict = Literal["agrees", "differs", "no_source", "remark"]
Aspect = Literal["value", "growth", "change", "progress", "target"]
Origin = Literal["indicator", "statistic", "target", "report"]
About = Literal[
    "figure",
    "sum",
    "share",
    "growth",
    "target",
    "contradiction",
    "repeat",
    "claim",
    "size",
    "missing",
]

WORDS: dict[Verdict, str] = {
    "agrees": "一致",
    "differs": "不一致",
    "no_source": "没有来源",
    "remark": "提示",
}
MARKS: dict[Verdict, str] = {"agrees": "✓", "differs": "✗", "no_source": "?", "remark": "!"}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something with a value that the office can vouch for, and the names by which documents call it.

    `period` and `place` are set where the fact holds for one period or place alone, as a target or a
    figure of a published report does; None means that it can be asked for any.
    """

    key: str
    origin: Origin
    title: str
    also: tuple[str, ...] = ()
    unit: str | None = None
    definition: str = ""
    period: str | None = None
    place: str | None = None
    href: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the title first."""
        return (self.title, *self.also)


@dataclass(frozen=True, slots=True)
class Ask:
    """Which number of a fact is meant: its value, or a growth, progress or target made from it.

    `form` is the written form that a report about this very period chose; None where no report did.
    """

    fact: str
    aspect: Aspect = "value"
    period: str | None = None
    base: str | None = None
    place: str | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the office's records say to an `Ask`. `why` says in words why a value is missing.

    `period` and `place` are written out for the reader; `href` opens the number's own page, and
    `later` counts records that came in after the moment to which the value holds. `told` is the number in the
    form that was asked for.
    """

    value: Exact | None
    unit: str | None
    period: str = ""
    place: str = ""
    href: str = ""
    why: str = ""
    later: int = 0
    told: str = ""


@dataclass(frozen=True, slots=True)
class Nearby:
    """A value close by that explains a difference: `words` name it (2022年上半年的数).

    `cause` is the whole explanation where 稿中写的是… does not fit: 2台在7月.
    """

    words: str
    value: Exact
    cause: str = ""


#: How a remembered source begins that lies outside the office's records; its words follow.
OUTSIDE = "outside:"


class Source(Protocol):
    """Where proof-reading gets its values from. One implementation reads the office's records."""

    @property
    def period(self) -> str | None:
        """The period that the draft speaks of where its words do not say."""

    def facts(self) -> Sequence[Fact]:
        """Return everything that can be matched."""

    def known(self, ask: Ask) -> Known | None:
        """Return what is on record, or None where the question makes no sense for this fact."""

    def nearby(self, ask: Ask) -> Sequence[Nearby]:
        """Return values of other periods, later records and the like, likeliest first."""

    def remembered(self, keys: Sequence[str]) -> Ask | None:
        """Return what a person, or a report written here, said these very words to mean."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """A source without facts: only what the draft says against itself is checked."""

    period: str | None = None

    def facts(self) -> Sequence[Fact]:
        """Return nothing."""
        return ()

    def known(self, ask: Ask) -> Known | None:
        """Return None."""
        return None

    def nearby(self, ask: Ask) -> Sequence[Nearby]:
        """Return nothing."""
        return ()

    def remembered(self, keys: Sequence[str]) -> Ask | None:
        """Return None."""
        return None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact that may be meant, with its value on record written out."""

    key: str
    title: str
    record: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the proof-reader's list.

    `spans` are the places in the draft, the first one carrying the mark. `written` is what the draft says,
    `record` what is on record, `words` the explanation, `cause` the likely reason alone, `suggestion` what
    could stand there instead. `keys` are the words under which an assigned source is remembered.
    """

    about: About
    verdict: Verdict
    spans: tuple[tuple[int, int], ...]
    written: str
    record: str = ""
    words: str = ""
    cause: str = ""
    suggestion: str = ""
    fact: str = ""
    title: str = ""
    definition: str = ""
    href: str = ""
    candidates: tuple[Candidate, ...] = ()
    keys: tuple[str, ...] = ()
    figure: str = ""
    id: str = ""

    @property
    def start(self) -> int:
        """Where the mark begins."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """Where the mark ends."""
        return self.spans[0][1]

    @property
    def mark(self) -> str:
        """The sign that stands for the verdict without colour."""
        return MARKS[self.verdict]

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values; empty fields are left out."""
        said: dict[str, Any] = {
            "id": self.id,
            "about": self.about,
            "verdict": self.verdict,
            "verdict_zh": WORDS[self.verdict],
            "start": self.start,
            "end": self.end,
            "spans": [list(span) for span in self.spans],
            "written": self.written,
            "record": self.record,
            "words": self.words,
            "cause": self.cause,
            "suggestion": self.suggestion,
            "indicator": self.fact,
            "title": self.title,
            "href": self.href,
            "figure": self.figure,
            "candidates": [
                {"indicator": c.key, "title": c.title, "record": c.record, "href": c.href}
                for c in self.candidates
            ],
        }
        return {name: value for name, value in said.items() if value not in ("", [])}


@dataclass(frozen=True, slots=True)
class Result:
    """The whole answer about one draft: findings in the order of the text."""

    text: str = field(repr=False)
    findings: tuple[Finding, ...]
    period: str | None = None

    @property
    def figures(self) -> tuple[Finding, ...]:
        """One finding for each figure of the draft."""
        return tuple(f for f in self.findings if f.about == "figure")

    @property
    def marked(self) -> tuple[Finding, ...]:
        """What a person has to look at: all that is not 一致, but for claims told without a number."""
        return tuple(f for f in self.findings if f.verdict != "agrees" and f.about != "claim")

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many findings have each verdict."""
        return {v: sum(f.verdict == v for f in self.findings) for v in WORDS}

    def lines(self) -> list[str]:
        """Return one line for each finding, for a terminal: sign, line of the draft, words, record, why."""
        return [
            "\t".join(
                (
                    f.mark,
                    str(self.text.count("\n", 0, f.start) + 1),
                    f.written,
                    f.record or "—",
                    f.words,
                    f"可改成{f.suggestion}" if f.suggestion else "",
                )
            ).rstrip()
            for f in self.findings
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values without the text itself."""
        return {
            "period": self.period,
            "counts": dict(self.counts),
            "figures": len(self.figures),
            "findings": [finding.to_dict() for finding in self.findings],
        }
