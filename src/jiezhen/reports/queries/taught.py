"""What words mean: said by a person (指定来源), or shown by the reports that were written here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.reports.models import Report, Section, Wording
from jiezhen.reports.queries import scope
from jiezhen.reports.rules import tokens, writing
from jiezhen.reports.rules.context import context_of, keys
from jiezhen.reports.rules.forms import Number
from jiezhen.reports.rules.model import OUTSIDE, Ask
from jiezhen.reports.rules.tokens import Chip

_ONE = Decimal(1)

#: How many reports of the office teach the meaning of words, the latest first.
REPORTS = 12


@dataclass(frozen=True, slots=True)
class Lesson:
    """A chip and the period of the report in which it stands."""

    chip: Chip
    period: str
    scope: str


class Memory:
    """Looks up what words were said to mean; the words of persons come before those of reports."""

    def __init__(self, viewer: Viewer, own: Report | None = None) -> None:
        """Read what was assigned and what the reports of the office show: three statements at most."""
        self._viewer = viewer
        self._own = own
        self._shown = self._lessons()
        self._said: dict[str, Ask] = {}

    def load(self, wanted: Iterable[str]) -> None:
        """Read the assigned meanings of some keys: one statement."""
        listed = list(dict.fromkeys(wanted))
        rows = Wording.objects.for_system("meanings of words are open to the office")
        rows = rows.filter(office_id=self._viewer.office_id).order_by("id")
        for row in rows.filter(key__in=listed) if len(listed) < 900 else rows:
            fact = row.indicator or OUTSIDE + row.note
            self._said[row.key] = Ask(fact, row.aspect, None, row.base or None)

    def recall(self, wanted: Iterable[str], period: str | None) -> Ask | None:
        """Return what the first known key means, for a draft about a period."""
        for key in wanted:
            if key in self._said:
                return self._said[key]
        for key in wanted:
            lesson = self._shown.get(key)
            if lesson is not None:
                return _ask(lesson, period)
        return None

    def _lessons(self) -> dict[str, Lesson]:
        reports = list(scope.reports(self._viewer).order_by("period", "id"))
        reports.sort(
            key=lambda r: (self._own is not None and r.pk == self._own.pk, r.period, r.pk)
        )
        chosen = {r.pk: r for r in reports[-REPORTS:]}
        sections = Section.objects.filter(report_id__in=list(chosen)).only("report_id", "text")
        by_report: dict[int, list[Section]] = {}
        for section in sections:
            by_report.setdefault(section.report_id, []).append(section)
        found: dict[str, Lesson] = {}
        for pk, report in chosen.items():
            for section in by_report.get(pk, ()):
                for key, chip in lessons(section.text):
                    found[key] = Lesson(chip, report.period, report.scope)
        return found


def lessons(text: str) -> Iterator[tuple[str, Chip]]:
    """Yield the keys under which the chips of a text are recognised in a draft."""
    if not tokens.chips(text):
        return
    said, placed = writing.plain(text, _example)
    for one in placed:
        if one.chip.proposed:
            continue
        words = said[one.start : one.end]
        digit = next((i for i, sign in enumerate(words) if sign.isdigit()), None)
        if digit is None:
            continue
        at = one.start + digit
        line = said.rfind("\n", 0, one.start) + 1
        end = said.find("\n", one.end)
        where = context_of(said, at, one.end, line, len(said) if end < 0 else end)
        for key in keys(said, where, at):
            yield key, one.chip


def _example(chip: Chip) -> Number:
    """Return a number of the chip's unit; keys do not depend on its value."""
    spec = catalogue().indicators.get(chip.indicator)
    unit = spec.unit if spec else ""
    unit = unit[1:] if unit[:1] in "万亿" and len(unit) > 1 else unit
    if chip.aspect in ("growth", "progress"):
        return Number(_ONE / 100, "%", aspect=chip.aspect, against=_against(chip))
    if chip.aspect == "change":
        return Number(_ONE, "个百分点", aspect="change", against=_against(chip))
    return Number(_ONE / 100 if unit == "%" else _ONE, unit)


def _against(chip: Chip) -> str:
    if chip.base == "previous":
        return "环比"
    return f"比{chip.base}年" if chip.base else "同比"


def _ask(lesson: Lesson, period: str | None) -> Ask:
    """Return the question of a lesson, moved to the period of the draft."""
    chip = lesson.chip
    told = chip.period or lesson.period
    base = chip.base or None
    if period and period != lesson.period:
        told = period if told == lesson.period else _moved(told, lesson.period, period)
        base = _moved(base, lesson.period, period) if base and base.isdigit() else base
    # Another period may be told in another form; the same one should not be.
    form = chip.form if not period or period == lesson.period else None
    return Ask(chip.indicator, chip.aspect, told, base, chip.unit or lesson.scope or None, form)


def _moved(code: str, taught: str, period: str) -> str:
    try:
        return Period.parse(code).years_before(int(taught[:4]) - int(period[:4])).code
    except (BadPeriod, ValueError):
        return code
