"""What the demonstration office publishes: how it is reached, its plan, and a report with its numbers."""

from datetime import datetime

from jiezhen.indicators import queries as indicators
from jiezhen.kernel import clock
from jiezhen.kernel.periods import Period
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.plans.queries import documents
from jiezhen.portal.operations.fronts import set_front
from jiezhen.reports.operations import settling, writing
from jiezhen.reports.operations.writing import Skeleton
from jiezhen.reports.rules.tokens import Chip
from jiezhen.reports.rules.writing import sentence

#: Numbers of the published report, as far as the office has them.
_TOLD = (
    "lifts_completed",
    "elderly_homes_adapted",
    "meals_served",
    "elders_visited",
    "disabled_homes_adapted",
)


def publish(viewer: Viewer, at: datetime) -> None:
    """Open the residents' pages: telephone, plan, and a report of the half year that is over."""
    words = {
        "phone": "021-00000000",
        "hours": "8:30—17:30",
        "counter": "社区事务受理服务中心，云岫路1号",
        "route": "地铁云岫站向东200米",
        "open311": "open",
    }
    plans = [d.id for d in documents.files(viewer) if d.confirmed and not d.replaced]
    set_front(viewer, at, words=words, plans=plans)
    half = Period.of(clock.day_of(at), "half").previous()
    sheet = indicators.sheet(viewer, _TOLD, (), [half], at)
    office = sheet.frame.office
    told = [n for n in _TOLD if not sheet.figure(n, office, half).empty]
    specs = catalogue().indicators
    text = "\n".join(sentence(specs[n].sentence, specs[n].title, Chip(n)) for n in told)
    title = f"云岫街道{half.title}工作报告（虚构）"
    report = writing.create(viewer, title, half, at, sections=[Skeleton("民生保障", text)])
    settling.freeze(viewer, report.pk, at)
    settling.publish(viewer, report.pk, at)
