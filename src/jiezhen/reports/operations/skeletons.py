"""What a new report begins with: last year's text with numbers proposed, or the sentences of the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.plans.queries import reading as plan_reading
from jiezhen.plans.queries import scope as plan_scope
from jiezhen.reading import read
from jiezhen.reading.model import Document, Figure, Paragraph
from jiezhen.reports.operations.writing import Skeleton
from jiezhen.reports.queries.numbers import Where, key_of, numbers
from jiezhen.reports.queries.source import Office, office_source
from jiezhen.reports.rules import forms, headings, writing
from jiezhen.reports.rules.figures import Checker
from jiezhen.reports.rules.model import Ask
from jiezhen.reports.rules.tokens import Chip


def from_plan(viewer: Viewer, year: int) -> list[Skeleton]:
    """Return one section for each section of the year's plan, one sentence for each confirmed commitment.

    A commitment that is linked to an indicator is told in the indicator's own words with its live number;
    the others keep their words, to be written out.
    """
    rows = plan_scope.commitments(viewer).filter(document__year=year, state="confirmed")
    every = list(rows.order_by("document_id", "start", "position"))
    targets = plan_reading.targets_of(every)
    sections: dict[str, list[str]] = {}
    told: set[Chip] = set()
    for row in every:
        title = row.section.split("/")[-1].split(" > ")[-1].strip() or "主要工作"
        spec = catalogue().indicators.get(row.indicator)
        if spec is None:
            sections.setdefault(title, []).append(
                f"{writing.TO_WRITE}{row.words.rstrip('。；，、,;')}。"
            )
            continue
        chip = Chip(row.indicator, unit=row.scope)
        if chip in told:
            continue
        told.add(chip)
        with_progress = bool(targets.get(row.pk)) and spec.unit not in ("%", "‰")
        sections.setdefault(title, []).append(
            writing.sentence(spec.sentence, spec.title, chip, progress=with_progress)
        )
    return [Skeleton(title, "\n".join(lines)) for title, lines in sections.items()]


def from_text(viewer: Viewer, text: str, period: Period, at: datetime) -> list[Skeleton]:
    """Return last year's sections and words; numbers that are recognised become proposals to be confirmed.

    Nothing is replaced silently: a proposal shows the old words until a person says yes.
    """
    document = read(text)
    source = office_source(viewer, document, at)
    checker = Checker(document, source)
    chips = {
        figure.id: chip
        for figure in document.claims
        if (ask := checker.proposal(figure)) is not None
        and (chip := _chip(source, document, figure, ask, period)) is not None
    }
    chips = _formed(viewer, chips, Where("", period.code), at)
    return _sections(document, chips)


def _chip(
    source: Office, document: Document, figure: Figure, ask: Ask, period: Period
) -> Chip | None:
    """Return the chip of a question about the old period, moved to the new one."""
    if ask.fact not in catalogue().indicators:
        return None
    old = document.period or source.period
    told = ask.period or old
    moved = "" if told == old else _moved(told, old, period)
    base = ask.base[:4] if ask.base and ask.base[:4].isdigit() else ""
    if base and int(base) == int(old[:4]) - 1:
        base = ""
    elif base:
        base = _moved(base, old, period)
    unit = source.unit(ask.place)
    words = "".join(document.text[figure.start : figure.end].split())
    return Chip(ask.fact, unit, moved, ask.aspect, base, "", words)


def _moved(code: str, old: str, period: Period) -> str:
    try:
        years = int(old[:4]) - int(period.code[:4])
        found = Period.parse(code).years_before(years).code
    except (BadPeriod, ValueError):
        return ""
    return "" if found == period.code else found


def _formed(viewer: Viewer, chips: dict[str, Chip], where: Where, at: datetime) -> dict[str, Chip]:
    """Give every chip the written form that is most like the old words."""
    found = numbers(viewer, chips.values(), where, at)
    listed = {}
    for ident, chip in chips.items():
        form = forms.nearest(forms.forms(found[key_of(chip, where)]), chip.was)
        if chip.aspect == "growth" and not form:
            form = "p2" if len(chip.was.partition(".")[2]) > 2 else "p1"
        listed[ident] = replace(chip, form=form)
    return listed


def _sections(document: Document, chips: dict[str, Chip]) -> list[Skeleton]:
    """Return the document's paragraphs under their headings, with chips in the place of figures."""
    made: list[Skeleton] = []
    lines: list[str] = []
    title, level = "", 1
    for paragraph in document.paragraphs:
        if paragraph.form == "heading":
            if not made and not lines and paragraph.text.strip() == (document.title or "").strip():
                continue
            if title or lines:
                made.append(Skeleton(title, "\n".join(lines), level))
            title, level, lines = (
                headings.bare(paragraph.text),
                1 if len(paragraph.section) <= 1 else 2,
                [],
            )
            continue
        lines.append(_line(document, paragraph, chips))
    if title or lines:
        made.append(Skeleton(title, "\n".join(lines), level))
    return made


def _line(document: Document, paragraph: Paragraph, chips: dict[str, Chip]) -> str:
    said, at = [], paragraph.start
    for figure in document.claims:
        chip = chips.get(figure.id)
        if chip is None or not (at <= figure.start and figure.end <= paragraph.end):
            continue
        said += [document.text[at : figure.start], chip.token]
        at = figure.end
    said.append(document.text[at : paragraph.end])
    return "".join("".join(part.split()) for part in said)
