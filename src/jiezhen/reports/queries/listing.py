"""The list of reports, what a report leaves out, and numbers to insert by search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_noop

from jiezhen.indicators.queries import usage
from jiezhen.kernel.periods import Period
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.plans.queries.board import TaskRow, board
from jiezhen.records import wording
from jiezhen.reports.models import Frozen
from jiezhen.reports.queries import scope
from jiezhen.reports.queries.checks import sources_like
from jiezhen.reports.queries.content import Content
from jiezhen.reports.queries.numbers import Where, key_of, numbers
from jiezhen.reports.rules import forms, words, writing
from jiezhen.reports.rules.forms import Form, Number
from jiezhen.reports.rules.tokens import Chip

STATES = {"draft": gettext_noop("草稿"), "final": gettext_noop("定稿"), "published": "已发布"}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report as the list shows it."""

    id: int
    title: str
    period: str
    state: str
    created_at: datetime
    created_by: str
    frozen_at: datetime | None
    published_at: datetime | None

    @property
    def href(self) -> str:
        """Return its page."""
        return f"/reports/{self.id}"

    @property
    def state_word(self) -> str:
        """Return the state in words."""
        return STATES.get(self.state, self.state)

    @property
    def period_title(self) -> str:
        """Return the period in words."""
        return wording.period(Period.parse(self.period))


def reports(viewer: Viewer, state: str = "") -> list[ReportRow]:
    """Return the reports of the office, the latest period first; one statement."""
    rows = scope.reports(viewer)
    if state:
        rows = rows.filter(state=state)
    names = (
        "id",
        "title",
        "period",
        "state",
        "created_at",
        "created_by",
        "frozen_at",
        "published_at",
    )
    return [ReportRow(**row) for row in rows.order_by("-period", "-id").values(*names)]


@dataclass(frozen=True, slots=True)
class Missing:
    """A task that the report does not tell, with the sentence that would tell it."""

    task: TaskRow
    sentence: str


def untold(viewer: Viewer, whole: Content, at: datetime) -> list[Missing]:
    """Return the tasks of the report's year that its text does not mention (没写到的任务), red ones first."""
    year = Period.parse(whole.report.period)
    text = "".join(part.section.text for part in whole.parts)
    told = whole.indicators
    found = []
    for task in board(viewer, at).rows:
        if task.due_on.year != year.start.year and task.due_on.year != year.last.year:
            continue
        mentioned = task.indicator in told if task.indicator else _mentioned(task.title, text)
        if not mentioned:
            found.append(Missing(task, sentence_for(task)))
    return found


def sentence_for(task: TaskRow) -> str:
    """Return the sentence that tells a task: with its live number where an indicator is linked."""
    spec = catalogue().indicators.get(task.indicator)
    if spec is None:
        return f"{writing.TO_WRITE}{task.title}。"
    progress = bool(task.target) and spec.unit not in ("%", "‰")
    return writing.sentence(spec.sentence, spec.title, Chip(task.indicator), progress=progress)


def _mentioned(title: str, text: str) -> bool:
    pieces = words.pieces(title)
    return bool(pieces) and len(pieces & words.pieces(text)) >= 0.8 * len(pieces)


@dataclass(frozen=True, slots=True)
class Offer:
    """One number that may be inserted, with the ways to write it as chips."""

    title: str
    number: Number
    options: tuple[tuple[Form, str], ...]
    sentence: str


def offers(viewer: Viewer, phrase: str, where: Where, at: datetime) -> list[Offer]:
    """Return the numbers that a phrase may mean, each with value, growth, progress and their forms."""
    names = [n for n, _title, _unit in sources_like(phrase) if n in catalogue().indicators]
    chips = [
        Chip(name, aspect=aspect) for name in names for aspect in ("value", "growth", "progress")
    ]
    found = numbers(viewer, chips, where, at)
    made = []
    for chip in chips:
        number = found[key_of(chip, where)]
        if number.value is None and chip.aspect != "value":
            continue
        spec = catalogue().indicators[chip.indicator]
        options = tuple(
            (form, Chip(chip.indicator, aspect=chip.aspect, form=form.name).token)
            for form in forms.forms(number)
        )
        sentence = (
            writing.sentence(spec.sentence, spec.title, chip) if chip.aspect == "value" else ""
        )
        made.append(Offer(spec.title, number, options, sentence))
    return made


def uses(viewer: Viewer, indicator: str) -> QuerySet[Any]:
    """Return the reports that tell an indicator's frozen number, for the number's own page."""
    rows = Frozen.objects.filter(indicator=indicator, report__office_id=viewer.office_id)
    where = Concat(Value("/reports/"), Cast(F("report_id"), CharField()))
    return usage.rows(rows, title=F("report__title"), href=where, period=F("report__period"))
