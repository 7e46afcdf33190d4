"""The verdict on one figure: find what it speaks of, ask the source, compare by meaning, say why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from jiezhen.kernel import quantities
from jiezhen.reading.model import Document, Figure
from jiezhen.reports.rules import causes, context, matching, units
from jiezhen.reports.rules.meaning import Meaning, Written, judge, written
from jiezhen.reports.rules.model import (
    OUTSIDE,
    Ask,
    Aspect,
    Candidate,
    Fact,
    Finding,
    Known,
    Nearby,
    Source,
    Verdict,
)
from jiezhen.reports.rules.rewriting import plainly, rewritten


@dataclass(frozen=True, slots=True)
class Answer:
    """A candidate with what its records say and whether that fits the draft; None: nothing on record."""

    fact: Fact
    ask: Ask
    known: Known
    meaning: Meaning | None


class Checker:
    """Proof-reads the figures of one document against one source."""

    def __init__(self, document: Document, source: Source) -> None:
        """Prepare the catalogue of facts and the context of every figure."""
        self.document, self.source = document, source
        self.catalogue = matching.Catalogue(source.facts())
        self.contexts = context.contexts(document)
        self.by_id = {figure.id: figure for figure in document.figures}
        self._chosen: dict[str, Answer | None] = {}

    def findings(self) -> list[Finding]:
        """Return one finding for each figure, in the order of the text.

        A number that reads like part of a name is a figure where its words are remembered as one.
        """
        found = []
        for figure in self.document.figures:
            keys = self.keys(figure)
            ask = self.source.remembered(keys)
            if figure.kind == "id" and ask is None:
                continue
            found.append(replace(self._finding(figure, ask), keys=keys, figure=figure.id))
        return found

    def keys(self, figure: Figure) -> tuple[str, str]:
        """Return the words under which the figure's source is remembered."""
        return context.keys(self.document.text, self.contexts[figure.id], figure.start)

    def chosen(self, figure: Figure) -> Answer | None:
        """Return the answer that the figure was held against, once `findings` has run."""
        return self._chosen.get(figure.id)

    def _finding(self, figure: Figure, ask: Ask | None) -> Finding:
        text = self.document.text
        shown = Finding("figure", "no_source", ((figure.start, figure.end),), _words(figure, text))
        said = written(figure, text)
        if said is None:
            return replace(shown, words="数没有读懂，请人工核对")
        if ask is not None and ask.fact.startswith(OUTSIDE):
            return replace(shown, words=f"外部数据：{ask.fact.removeprefix(OUTSIDE)}")
        if ask is not None and (fact := self.catalogue.facts.get(ask.fact)):
            return self._against(shown, figure, said, [self._told(figure, fact, ask, said)])
        answers, slips = self._candidates(figure, said)
        if not answers and slips:
            return self._unit_slip(shown, figure, slips)
        return self._against(shown, figure, said, answers)

    def proposal(self, figure: Figure) -> Ask | None:
        """Return the one number that the figure's words mean, whatever its value; None where that is open."""
        ask = self.source.remembered(self.keys(figure))
        if ask is not None:
            return None if ask.fact.startswith(OUTSIDE) else ask
        fitting, _ = self._matches(figure)
        if len(fitting) != 1:
            return None
        aspect = _aspects(figure, fitting[0].fact)[0]
        return Ask(fitting[0].fact.key, aspect, figure.period, base_of(figure), figure.place)

    def _candidates(self, figure: Figure, said: Written) -> tuple[list[Answer], list[Answer]]:
        """Return the facts that may be meant, and those that only a mistaken unit keeps out."""
        fitting, confused = self._matches(figure)
        return (
            [a for m in fitting if (a := self._best(figure, m.fact, said)) is not None],
            [a for m in confused if (a := self._best(figure, m.fact, said)) is not None],
        )

    def _matches(self, figure: Figure) -> tuple[list[matching.Match], list[matching.Match]]:
        around = self.contexts[figure.id]
        about = self._subject(figure)
        near = matching.surroundings(self.document.text, about, around.clause, around.sentence)
        aspect = aspect_of(figure)
        matches = self.catalogue.matches(about, near, aspect)
        fitting = [m for m in matches if aspect != "value" or units.fit(figure.unit, m.fact.unit)]
        confused = [m for m in matches if m not in fitting]
        if matching.clear(fitting):
            return fitting[:1], confused
        return [m for m in fitting if fitting[0].score - m.score < matching.LEAD], confused

    def _subject(self, figure: Figure) -> Figure:
        """Return the figure whose words name the subject: the base of a growth, the total of a share."""
        if figure.kind in ("growth", "progress") and figure.of in self.by_id:
            return self.by_id[figure.of]
        return figure

    def _best(self, figure: Figure, fact: Fact, said: Written) -> Answer | None:
        """Ask a fact in the ways that the figure's kind allows; the one that fits, else the first known.

        A reader's period is a judgement of its own, so the draft's period is asked for as well.
        """
        held: Answer | None = None
        periods = dict.fromkeys((figure.period, self.source.period))
        for aspect, period in product(_aspects(figure, fact), periods):
            ask = Ask(fact.key, aspect, period, base_of(figure), figure.place)
            answer = self._answer(fact, ask, said)
            if answer.meaning == "yes":
                return answer
            if held is None or (held.meaning is None and answer.meaning is not None):
                held = answer
        return held

    def _told(self, figure: Figure, fact: Fact, ask: Ask, said: Written) -> Answer:
        """Answer a remembered question; without a period of its own it is asked for the figure's."""
        if ask.period is not None or figure.period in (None, self.source.period):
            return self._answer(fact, ask, said)
        first = self._answer(fact, ask, said)
        second = self._answer(fact, replace(ask, period=figure.period), said)
        return second if second.meaning == "yes" or first.meaning is None else first

    def _answer(self, fact: Fact, ask: Ask, said: Written) -> Answer:
        known = self.source.known(ask)
        if known is None:
            return Answer(fact, ask, Known(None, fact.unit, why="记录里没有这样的数"), None)
        if known.value is None:
            return Answer(fact, ask, known, None)
        return Answer(fact, ask, known, judge(said, known.value))

    def _against(
        self, shown: Finding, figure: Figure, said: Written, answers: Sequence[Answer]
    ) -> Finding:
        known = [a for a in answers if a.meaning is not None]
        if not known:
            return self._unknown(shown, answers)
        fits = next((a for a in known if a.meaning == "yes"), None) or next(
            (a for a in known if a.meaning == "loose"), None
        )
        answer = fits or known[0]
        self._chosen[figure.id] = answer
        shown = replace(shown, candidates=_listed(answers) if len(answers) > 1 else ())
        unit = answer.known.unit or answer.fact.unit
        shown = replace(
            shown,
            record=plainly(answer.known.value, unit),
            fact=answer.fact.key,
            title=answer.fact.title,
            definition=answer.fact.definition,
            href=answer.known.href or answer.fact.href,
        )
        if fits is None:
            return self._differs(shown, figure, said, answer, known)
        told = _other_form(figure, answer)
        if told:
            return replace(
                shown, verdict="remark", words=f"说法成立，但报告里写的是{told}", suggestion=told
            )
        verdict, words = _fitting(said, answer, len(answers))
        return replace(shown, verdict=verdict, words=words)

    def _differs(
        self,
        shown: Finding,
        figure: Figure,
        said: Written,
        answer: Answer,
        all_known: Sequence[Answer],
    ) -> Finding:
        value = answer.known.value
        if value is None or figure.value is None:
            return shown
        unit = answer.known.unit or answer.fact.unit
        if len(all_known) > 1:
            shown = replace(shown, words="可能的几个来源都不是这个数", verdict="differs")
            return replace(shown, record="", fact="", title="", definition="", href="")
        near: Sequence[Nearby] = self.source.nearby(answer.ask)
        cause = causes.likely(figure, said, answer.known, near, self._others(figure, answer, said))
        apart = causes.apart(figure.value, value, unit)
        return replace(
            shown,
            verdict="differs",
            cause=cause,
            words=f"{apart}：{cause}" if cause else apart,
            suggestion=rewritten(figure, self.document.text, value, unit),
        )

    def _others(self, figure: Figure, answer: Answer, said: Written) -> list[tuple[Fact, Known]]:
        """Return similar facts whose value may have been written by mistake."""
        near = self.contexts[figure.id]
        around = matching.surroundings(self.document.text, figure, near.clause, near.sentence)
        found = []
        for match in self.catalogue.matches(figure, around, answer.ask.aspect):
            if match.fact.key != answer.fact.key:
                known = self.source.known(replace(answer.ask, fact=match.fact.key))
                if known is not None:
                    found.append((match.fact, known))
        return found

    def _unit_slip(self, shown: Finding, figure: Figure, slips: Sequence[Answer]) -> Finding:
        """Judge a figure whose words fit a fact that is counted in another unit: 人 for 人次."""
        first = slips[0]
        said = f"“{first.fact.title}”按{first.fact.unit}计，稿中写的是{figure.unit}"
        if first.meaning == "yes":
            record = plainly(first.known.value, first.fact.unit)
            return replace(
                shown,
                verdict="differs",
                record=record,
                words=said,
                cause="单位写错",
                fact=first.fact.key,
                title=first.fact.title,
                href=first.known.href,
                suggestion=shown.written.replace(figure.unit or "", first.fact.unit or ""),
            )
        return replace(shown, words=said, candidates=_listed(slips))

    def _unknown(self, shown: Finding, answers: Sequence[Answer]) -> Finding:
        if not answers:
            return replace(shown, words="没有找到来源")
        why = answers[0].known.why or "这段时间没有记录"
        return replace(shown, words=why, candidates=_listed(answers))


def base_of(figure: Figure) -> str | None:
    """Return the period that a growth names to compare with; None for plain 同比."""
    if figure.base_period is not None and figure.period is None:
        # The draft names no year of its own: the base is all that is known.
        return figure.base_period
    if figure.base_period is None or figure.period is None:
        return None
    year, base = figure.period[:4], figure.base_period[:4]
    plain = year.isdigit() and base.isdigit() and int(year) - int(base) == 1
    return None if plain and figure.period[4:] == figure.base_period[4:] else figure.base_period


def aspect_of(figure: Figure) -> Aspect:
    """Return which number of a fact a figure of this kind tells."""
    if figure.kind == "growth":
        return "change" if units.is_points(figure.unit) else "growth"
    if figure.kind == "progress":
        return "progress"
    return "target" if figure.kind == "target" else "value"


def _aspects(figure: Figure, fact: Fact) -> list[Aspect]:
    """Return the ways to ask, the likeliest first: a reader may take a result for a target and back."""
    aspect = aspect_of(figure)
    if fact.origin in ("target", "report"):
        return ["value"] if fact.origin == "report" else ["target"]
    if aspect == "target":
        return ["target", "value"]
    if aspect == "progress" or (aspect == "value" and figure.kind == "rate"):
        return [aspect, "value" if aspect == "progress" else "progress"]
    return [aspect]


def _other_form(figure: Figure, answer: Answer) -> str:
    """Return how a report about this period writes the number, where the draft writes another one."""
    told = answer.known.told
    if not told or figure.value is None:
        return ""
    try:
        value = quantities.read_value(told)
    except quantities.UnreadableQuantity:
        return ""
    return told if abs(Fraction(figure.value)) != abs(Fraction(value)) else ""


def _fitting(said: Written, answer: Answer, several: int) -> tuple[Verdict, str]:
    if answer.meaning == "loose":
        return "remark", f"说法成立，但离记录较远：记录是{_value(answer)}"
    words = "概数相符" if said.word else "四舍五入相符" if said.rounded else "与记录一致"
    if several > 1:
        words += f"（按“{answer.fact.title}”）"
    return "agrees", words


def _value(answer: Answer) -> str:
    return plainly(answer.known.value, answer.known.unit or answer.fact.unit)


def _listed(answers: Sequence[Answer]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            a.fact.key, a.fact.title, _value(a) if a.known.value is not None else "", a.known.href
        )
        for a in answers
    )


def _words(figure: Figure, text: str) -> str:
    return "".join(text[figure.start : figure.end].split())
