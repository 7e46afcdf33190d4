"""Proof-reading for pages, files and other doors: the check of a draft or of a report, against the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.reading import read
from jiezhen.reports.models import Draft, Report
from jiezhen.reports.queries import scope
from jiezhen.reports.queries.content import content
from jiezhen.reports.queries.source import office_source
from jiezhen.reports.rules import words
from jiezhen.reports.rules.annotating import Comment
from jiezhen.reports.rules.checking import check
from jiezhen.reports.rules.model import WORDS, Finding, Result, Verdict


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One proof-read draft as lists show it."""

    id: int
    title: str
    at: datetime
    actor: str

    @property
    def href(self) -> str:
        """Return its page."""
        return f"/check/{self.id}"


def check_words(
    viewer: Viewer, text: str, at: datetime, *, period: str = "", own: Report | None = None
) -> Result:
    """Proof-read a text against the records of the viewer's office.

    Shape: see `rules.checking.check_text`. `period` is what the draft speaks of where it does not say.
    """
    document = read(text)
    return check(document, office_source(viewer, document, at, period=period, own=own))


def check_draft(viewer: Viewer, draft: Draft, at: datetime) -> Result:
    """Proof-read a draft that was taken in, against the records as they are now."""
    return check_words(viewer, draft.text, at, period=draft.period)


def check_report(viewer: Viewer, report: Report, at: datetime) -> Result:
    """Proof-read a report that was written here, as it would be read."""
    text, _placed = content(viewer, report, at).text()
    return check_words(viewer, text, report.as_of or at, period=report.period, own=report)


def drafts(viewer: Viewer, most: int = 20) -> list[DraftRow]:
    """Return the latest drafts of the office."""
    rows = scope.drafts(viewer).order_by("-id").values("id", "title", "at", "actor")
    return [DraftRow(**row) for row in rows[:most]]


def unfinished(viewer: Viewer, most: int = 5) -> list[DraftRow]:
    """Return the drafts that this person had checked and decided nothing about (校对未完的稿)."""
    rows = scope.drafts(viewer).filter(account_id=viewer.account_id, decided={}).order_by("-id")
    return [DraftRow(**row) for row in rows.values("id", "title", "at", "actor")[:most]]


def comments(result: Result, decided: dict[str, str]) -> list[Comment]:
    """Return what stands beside the words in Word: everything but what agrees or was kept on purpose."""
    found = []
    for finding in result.findings:
        said = decided.get(place_of(finding), "")
        if finding.verdict == "agrees" or said == "keep":
            continue
        for number, (start, end) in enumerate(finding.spans):
            if number and finding.about != "contradiction":
                break
            found.append(Comment(start, end, comment_words(finding, said)))
    return found


def comment_words(finding: Finding, said: str = "") -> str:
    """Return one comment: the verdict, the record, the reason, what to write instead."""
    parts = [
        f"{WORDS[finding.verdict]}：{finding.words}" if finding.words else WORDS[finding.verdict]
    ]
    if finding.record and finding.about == "figure":
        parts.append(f"记录：{finding.record}（{finding.title}）")
    if finding.candidates:
        parts.append(
            "可能是：" + "；".join(f"{c.title} {c.record}".strip() for c in finding.candidates)
        )
    if finding.suggestion:
        parts.append(f"{'请改成' if said == 'change' else '可改成'}：{finding.suggestion}")
    return "\n".join(parts)


def place_of(finding: Finding) -> str:
    """Return the name under which a decision about a finding is kept."""
    return f"{finding.about[0]}{finding.start}-{finding.end}"


def changed(draft: Draft, result: Result) -> str:
    """Return the text with the suggestions that were accepted."""
    text, at, said = draft.text, 0, []
    wanted = [
        f
        for f in result.findings
        if f.suggestion and f.about == "figure" and draft.decided.get(place_of(f)) == "change"
    ]
    for finding in wanted:
        said += [text[at : finding.start], finding.suggestion]
        at = finding.end
    return "".join((*said, text[at:]))


def only(result: Result, verdict: str) -> list[Finding]:
    """Return the findings of one verdict, or what a person has to look at, gravest first."""
    if verdict in WORDS:
        return [f for f in result.findings if f.verdict == verdict]
    order: dict[Verdict, int] = {"differs": 0, "no_source": 1, "remark": 2, "agrees": 3}
    return sorted(result.findings, key=lambda f: (order[f.verdict], f.start))


def sources_like(phrase: str, most: int = 8) -> list[tuple[str, str, str]]:
    """Return name, title and unit of the indicators and statistics that a phrase may mean."""
    known = catalogue()
    every = [(n, (s.title, *s.also), s.unit) for n, s in known.indicators.items()]
    every += [(f"statistic:{n}", (s.title, *s.also), s.unit) for n, s in known.statistics.items()]
    wanted = words.core(phrase)
    scored = []
    for name, titles, unit in every:
        best = max(_likeness(wanted, title) for title in titles)
        if best > 0.2:
            scored.append((best, name, titles[0], unit))
    scored.sort(key=lambda row: (-row[0], row[1]))
    return [(name, title, unit) for _score, name, title, unit in scored[:most]]


def _likeness(wanted: str, title: str) -> float:
    if wanted and wanted in title:
        return 1.0 + len(wanted) / (len(title) + 1)
    return words.dice(wanted, title)
