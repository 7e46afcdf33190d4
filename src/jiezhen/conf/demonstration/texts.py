"""The plan, the supplied statistics, a report and a draft of the demonstration.

The plan's targets are drawn from the records, so that some lights are green, some
yellow and some red on whatever day the demonstration is built.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

from jiezhen.indicators import operations as indicator_operations
from jiezhen.indicators import queries as indicators
from jiezhen.kernel import clock, quantities
from jiezhen.kernel.periods import Period
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.people.models import Account
from jiezhen.plans import queries as plans
from jiezhen.plans.operations import commitments, decisions, documents, snapshots, tasks
from jiezhen.plans.operations.sources import Source
from jiezhen.plans.queries import reading
from jiezhen.reports.operations import drafts, skeletons, writing
from jiezhen.units import queries as units

_HERE = Path(__file__).parent
_TARGET = re.compile(r"\{(\w+):([\d.]+)\}")
_FIGURE = re.compile(r"\{([=!])(\w+)\}")
_SURE = 0.62
#: Which department leads what, by the theme of the indicator.
_LEADS = {
    "民生": "fwb",
    "经济": "ysb",
    "平安": "pab",
    "城市更新": "csb",
    "城市管理": "cgb",
    "生态": "csb",
    "党建": "djb",
    "民主法治": "zzb",
    "文化": "djb",
}


@dataclass(frozen=True, slots=True)
class _Days:
    """The day of the demonstration, its year, and the half year that its report is about."""

    at: datetime
    year: Period
    half: Period

    @classmethod
    def of(cls, at: datetime) -> "_Days":
        day = clock.day_of(at)
        begun = Period.of(day, "half")
        # A report is written about a half year that is over.
        half = begun if (begun.until - day).days < 20 else begun.previous()
        return cls(at, Period.of(day, "year"), half)


def add(viewer: Viewer, at: datetime) -> Iterator[str]:
    """Supply statistics, read the plan into linked commitments, write a report and a draft."""
    days = _Days.of(at)
    indicator_operations.note_definitions(at)
    _supply(viewer, days)
    planner = _person("demo-office", at)
    count = _plan(planner, days)
    yield f"计划读成{count}条承诺，已确认并关联指标。"
    _words(planner, at)
    _report(planner, days)
    yield "半年报告和一份待校对的稿子：写好了。"


def _person(username: str, at: datetime) -> Viewer:
    found = units.viewer_of(Account.objects.get(username=username).pk, at)
    if found is None:
        raise LookupError(username)
    return found


def _supply(viewer: Viewer, days: _Days) -> None:
    """Supply three years of every statistic, growing a little from year to year."""
    office = units.unit_by_id(viewer, viewer.office_id)
    for order, (name, spec) in enumerate(sorted(catalogue().statistics.items())):
        numbers = []
        begin = date(days.year.start.year - 2, 1, 1)
        period = Period.of(begin, spec.by)
        while period.until <= clock.day_of(days.at):
            grown = 1 + Decimal((period.start - begin).days) / 5000
            base = Decimal(40 + 17 * order) * (10**6 if spec.unit == "元" else 7)
            numbers.append(
                indicator_operations.Number(
                    office, period, (base * grown).quantize(Decimal(1)), spec.supplier
                )
            )
            period = period.next()
        indicator_operations.supply_many(viewer, name, numbers, days.at)


def _plan(planner: Viewer, days: _Days) -> int:
    began = datetime.combine(date(days.year.start.year, 1, 9), days.at.timetz())
    text = _TARGET.sub(_Goals(planner, days), (_HERE / "plan.md").read_text("utf-8"))
    text = text.replace("{year}", str(days.year.start.year))
    title = f"云岫街道{days.year.start.year}年工作要点（虚构）"
    source = Source(text, file_name=f"{title}.md", kind="md")
    document = documents.upload(planner, source, min(began, days.at)).document
    page = reading.page(planner, document, days.at, None)
    for line in page.lines:
        proposed = reading.links(line).proposals
        sure = proposed[0] if proposed and proposed[0].score >= _SURE else None
        theme = catalogue().indicators[sure.name].theme if sure else ""
        choice = commitments.Choice(
            lead=_LEADS.get(theme, "dzb"), indicator=sure.name if sure else ""
        )
        commitments.confirm(planner, document.pk, line.number, min(began, days.at), choice)
    return len(page.lines)


class _Goals:
    """Turns `{indicator:0.9}` into a target at which the light stands at 0.9 today."""

    def __init__(self, viewer: Viewer, days: _Days) -> None:
        self.days = days
        self.office = units.unit_by_id(viewer, viewer.office_id)
        names = _TARGET.findall((_HERE / "plan.md").read_text("utf-8"))
        self.sheet = indicators.sheet(
            viewer, [name for name, _factor in names], [self.office], [days.year], days.at
        )

    def __call__(self, match: re.Match[str]) -> str:
        found = self.sheet.figure(match[1], self.office, self.days.year)
        pace = self.days.year.elapsed(clock.day_of(self.days.at))
        share = Decimal(pace.numerator) / pace.denominator * Decimal(match[2])
        wanted = (found.value or Decimal(1)) / share
        step = Decimal("0.1") if found.word == "公顷" else Decimal(1)
        return f"{max(step, wanted.quantize(step, ROUND_CEILING)).normalize():f}"


def _words(planner: Viewer, at: datetime) -> None:
    """Add what people say: explanations, a question for the leader, the lights of last week."""
    snapshots.snapshot(planner, at - timedelta(days=7))
    lit = plans.red_and_yellow(planner, at)
    for row in lit[:2]:
        tasks.say(
            planner,
            row.code,
            "正在等公示，下个月可以开工。",
            at - timedelta(days=3),
            "explanation",
        )
    if lit:
        question = decisions.Question("进度落后，是否增加一支施工队？", ("增加", "不增加"))
        decisions.send_up(planner, lit[0].code, question, at - timedelta(days=2))


def _report(planner: Viewer, days: _Days) -> None:
    title = f"云岫街道{days.half.title}工作情况（虚构）"
    parts = skeletons.from_plan(planner, days.year.start.year)
    writing.create(planner, title, days.half, days.at, sections=parts, origin="今年计划")
    template = (_HERE / "draft.md").read_text("utf-8").replace("{period}", days.half.title)
    names = [name for _mark, name in _FIGURE.findall(template)]
    office = units.unit_by_id(planner, planner.office_id)
    sheet = indicators.sheet(planner, names, [office], [days.half], days.at)

    def told(match: re.Match[str]) -> str:
        figure = sheet.figure(match[2], office, days.half)
        value = figure.value or Decimal(0)
        # The draft holds two slips on purpose, for the proof-reader to find.
        value = value + 2 if match[1] == "!" else value
        return quantities.written(value, figure.word)

    text = _FIGURE.sub(told, template)
    drafts.open_draft(
        planner, drafts.Received(text, "送审稿.md", "md"), days.at, period=days.half.code
    )
