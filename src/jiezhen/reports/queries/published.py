"""Published reports as everybody may read them, without an account.

What the office published is open to all; drafts, final drafts and the numbers of either are not there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from jiezhen.indicators import queries as figures
from jiezhen.indicators.queries import public
from jiezhen.people.access import Viewer
from jiezhen.reports.models import Correction, Frozen, Report
from jiezhen.reports.queries.content import Content, content, restored
from jiezhen.reports.queries.listing import ReportRow
from jiezhen.reports.queries.scope import NotThere
from jiezhen.reports.rules.forms import Number

_OPEN = "what is published is open to everybody"
#: What stands for a share or a growth that would tell a number about few people.
COVERED = "不公开"


@dataclass(frozen=True, slots=True)
class Correct:
    """One public correction: from `at` on, `after` stands where `before` stood."""

    at: datetime
    title: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Published:
    """A published report: its text with numbers, its corrections, how many numbers have a source."""

    whole: Content
    corrections: tuple[Correct, ...]
    told: int
    supplied: int

    @property
    def recorded(self) -> int:
        """How many numbers come from records of the office."""
        return self.told - self.supplied


@dataclass(frozen=True, slots=True)
class Place:
    """A published report in which a number stands."""

    id: int
    title: str
    published_at: datetime | None
    corrections: tuple[Correct, ...]


def _rows(viewer: Viewer) -> QuerySet[Report]:
    rows: QuerySet[Report] = Report.objects.for_system(_OPEN)
    return rows.filter(office_id=viewer.office_id, state="published")


def listing(viewer: Viewer) -> list[ReportRow]:
    """Return the published reports of the office, the latest first; one statement."""
    names = ("id", "title", "period", "state", "created_at", "frozen_at", "published_at")
    rows = _rows(viewer).order_by("-published_at", "-id").values(*names)
    return [ReportRow(created_by="", **row) for row in rows]


def report(viewer: Viewer, ident: int, at: datetime) -> Published:
    """Return one published report, its numbers about few people covered.

    Raises:
        NotThere: The office published no such report.
    """
    row = _rows(viewer).filter(pk=ident).first() if ident < 2**63 else None
    if row is None:
        raise NotThere(f"report {ident}")
    indicators = {r.key: r.indicator for r in row.frozen.all()}
    whole = content(viewer, row, at, cover=lambda numbers: covered(viewer, numbers, indicators))
    sources = [whole.numbers[key] for key in indicators if key in whole.numbers]
    corrections = tuple(
        _correct(made, indicators.get(made.key, ""), whole.numbers.get(made.key))
        for made in whole.corrections
    )
    outside = sum(1 for key in indicators if public.supplied(indicators[key]))
    return Published(whole, corrections, len(sources), outside)


def covered(
    viewer: Viewer, numbers: dict[str, Number], indicators: dict[str, str]
) -> dict[str, Number]:
    """Return numbers of which those about few people say 「少于5」, with public addresses; one statement."""
    codes = [n.code for n in numbers.values() if n.code]
    small = public.frozen_covered(figures.frozen_many(viewer, codes).values())
    return {
        key: replace(
            number,
            said=_said(number, indicators.get(key, ""), small),
            href=f"/p/n/{number.code}" if number.code else "",
        )
        for key, number in numbers.items()
    }


def _said(number: Number, indicator: str, small: dict[str, Decimal | None]) -> str:
    """Return what stands for a number; blank: itself."""
    if number.value is None or number.aspect == "target":
        return ""
    if number.aspect != "value" or number.word in ("%", "％", "‰"):
        return COVERED if number.code in small else ""
    value = Decimal(number.value)
    as_frozen = number.code in small and small[number.code] == value
    tiny = as_frozen or public.too_small(indicator, value)
    return public.covered_text(number.word) if tiny else ""


def _correct(made: Correction, indicator: str, number: Number | None) -> Correct:
    before, after = made.before_text, made.after_text
    if number is not None and number.aspect != "value":
        before, after = (number.said, number.said) if number.said else (before, after)
    else:
        cover = public.covered_text(number.word if number else "")
        before = cover if public.too_small(indicator, made.before) else before
        after = cover if public.too_small(indicator, made.after) else after
    return Correct(made.at, number.title if number else "", before, after, made.reason)


def places(viewer: Viewer, code: str) -> list[Place]:
    """Return the published reports in which a frozen number stands, the latest first.

    None: the number is not public.
    """
    rows = (
        Frozen.objects.filter(
            code=code, report__office_id=viewer.office_id, report__state="published"
        )
        .select_related("report")
        .order_by("-report__published_at", "key")
    )
    found: dict[int, Place] = {}
    for row in rows:
        made = tuple(
            _correct(c, row.indicator, restored(row.told, row.value, row.code))
            for c in row.report.corrections.filter(key=row.key)
        )
        known = found.get(row.report_id)
        found[row.report_id] = Place(
            row.report_id,
            row.report.title,
            row.report.published_at,
            (*(known.corrections if known else ()), *made),
        )
    return list(found.values())
