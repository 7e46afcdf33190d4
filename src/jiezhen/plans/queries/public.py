"""What the office promised, as everybody may read it: the confirmed commitments of published plans.

Which plans are published is said by the door. Proposals, explanations of offices, reasons of lights that
were set by hand and names of persons are not there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from jiezhen.indicators.queries import public as figures
from jiezhen.kernel import clock
from jiezhen.people.access import Viewer
from jiezhen.plans.models import Commitment
from jiezhen.plans.queries import reading, standings
from jiezhen.plans.queries.live import Ask
from jiezhen.plans.queries.standings import Progress
from jiezhen.plans.rules.lights import COLOURS, Colour, Standing, order

_OPEN = "confirmed commitments of the plan are open to everybody"


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise as it is published: its words, who leads, by when, how far, which light.

    `done` and the light's reason are covered where they would tell a number about few people.
    """

    words: str
    section: str
    target: str
    due_on: date
    lead: str
    done: str
    code: str
    from_document: bool
    light: Standing
    why: str


@dataclass(frozen=True, slots=True)
class Promises:
    """The promises of one year; `years` are those for which there are any."""

    year: int
    years: tuple[int, ...]
    title: str
    rows: tuple[Promise, ...]

    @property
    def counts(self) -> tuple[tuple[Colour, int], ...]:
        """Return how many promises show each light, in the order of lists; none left out but 0."""
        lit = [row.light.colour for row in self.rows]
        return tuple((colour, lit.count(colour)) for colour in COLOURS if colour in lit)


def _rows(viewer: Viewer, published: Iterable[int]) -> QuerySet[Commitment]:
    rows: QuerySet[Commitment] = Commitment.objects.for_system(_OPEN)
    return rows.filter(
        document__office_id=viewer.office_id,
        document_id__in=list(published),
        state="confirmed",
    )


def promises(viewer: Viewer, published: Iterable[int], year: int | None, at: datetime) -> Promises:
    """Return the promises of a year, of the latest one when none is named; red ones first.

    Four statements and the figures' ones. `published` are the ids of the plans that are public.
    """
    every = _rows(viewer, published)
    years = tuple(
        every.order_by("-document__year").values_list("document__year", flat=True).distinct()
    )
    wanted = year if year in years else next(iter(years), clock.day_of(at).year)
    rows = list(
        every.filter(document__year=wanted)
        .select_related("document", "lead", "task")
        .order_by("document_id", "start", "position", "number")
    )
    targets = reading.targets_of(rows)
    found = standings.of_commitments(viewer, rows, targets, at)
    made = [(_promise(r, reading.line_of(r, targets.get(r.pk, []), found[r.pk])), r) for r in rows]
    made.sort(key=lambda pair: (*order(pair[0].light), pair[0].due_on, pair[1].pk))
    promised = tuple(p for p, _row in made)
    titles = dict.fromkeys(r.document.title for r in rows)
    return Promises(wanted, years, "、".join(titles), promised)


def _promise(row: Commitment, line: reading.Line) -> Promise:
    progress = line.progress
    covered = _covered(row, progress)
    return Promise(
        words=row.words,
        section=row.section,
        target="、".join(line.targets),
        due_on=row.due_on,
        lead=row.lead.title if row.lead else "",
        done="少于5" if covered else progress.done,
        code=progress.href.removeprefix("/n/"),
        from_document=progress.source == "document",
        light=progress.light,
        why="" if covered else _why(progress.light),
    )


def _why(light: Standing) -> str:
    """Return the arithmetic of a light; the words of a person who set or closed it stay inside."""
    if light.by_hand:
        return "人工调整"
    return "" if light.colour == "blue" and light.word == "销号" else light.why


def _covered(row: Commitment, progress: Progress) -> bool:
    if progress.source != "records" or progress.value is None:
        return False
    return figures.too_small(row.indicator, Decimal(progress.value), progress.records or 0)


def asked(viewer: Viewer, published: Iterable[int]) -> list[Ask]:
    """Return the figures that published promises are counted by; one statement."""
    rows = _rows(viewer, published).exclude(indicator="")
    return [Ask(*row) for row in rows.values_list("indicator", "scope", "period").distinct()]
