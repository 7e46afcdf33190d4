"""The board of a kind of long matter: a column for each state, and its four sums of money."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from jiezhen.matters import rules
from jiezhen.matters.facts import as_matter, flow_of
from jiezhen.matters.models import Matter, Move
from jiezhen.matters.queries.single import Offered, offered
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import access, lookups, places, wording
from jiezhen.records.models import Row
from jiezhen.units import queries as unit_queries
from jiezhen.units.queries import UnitRow

#: Most cards of a column; the table has them all.
CARDS = 30
#: So many stays are looked at for a stage's own average, and so many are needed.
STAYS, NEEDED = 1000, 3


@dataclass(frozen=True, slots=True)
class Card:
    """One matter on the board.

    `days` is how long it has been in its stage; `average` the mean of that stage, None
    while too few have passed through it.
    """

    row: Matter
    href: str
    unit: str
    days: int
    average: float | None
    moves: tuple[Offered, ...]

    @property
    def late(self) -> bool:
        """Say whether the matter stays longer than its stage usually takes."""
        return self.average is not None and self.days > self.average


@dataclass(frozen=True, slots=True)
class Stage:
    """One column: a state of the flow, how many matters are in it, the latest of them."""

    state: str
    title: str
    count: int
    end: bool
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A kind's board. `money` holds the sums in 分 by field, only those that the kind has."""

    kind: Kind
    stages: tuple[Stage, ...]
    money: Mapping[str, int]
    units: tuple[UnitRow, ...]
    unit: str


def board(viewer: Viewer, kind: Kind, at: datetime, unit: str = "") -> Board:
    """Return the board of a kind, of one unit or all.

    Four statements: units, counts with sums, cards, stays.
    """
    units = unit_queries.units_of_office(viewer.office_id)
    rows = access.rows(viewer, kind).filter(withdrawn_at=None)
    chosen = next((u for u in units if u.code == unit), None)
    if unit:
        rows = rows.filter(unit__path__startswith=chosen.path) if chosen else rows.none()
    counts, money = _sums(rows, kind)
    averages = _averages(kind, viewer.office_id)
    titles = {u.id: u.title for u in units}
    cards = _cards(viewer, rows, averages, titles, at)
    flow = flow_of(kind)
    stages = tuple(
        Stage(
            name, wording.title(state), counts.get(name, 0), state.end, tuple(cards.get(name, ()))
        )
        for name, state in flow.states.items()
    )
    return Board(kind, stages, money, tuple(units), unit)


def _sums(rows: QuerySet[Row], kind: Kind) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many matters are in each state, and the sums of the kind's money."""
    names = [n for n in rules.MONEY if n in kind.fields and kind.fields[n].type == "money"]
    rows = rows.annotate(**{f"m_{n}": lookups.WholeValue(n) for n in names})
    grouped = (
        cast("QuerySet[Matter]", rows)
        .order_by()
        .values("state")
        .annotate(n=Count("pk"), **{f"s_{n}": Sum(f"m_{n}") for n in names})
    )
    counts: dict[str, int] = {}
    money: dict[str, int] = dict.fromkeys(names, 0)
    lines: list[dict[str, Any]] = [dict(line) for line in grouped]
    for line in lines:
        counts[line["state"]] = line["n"]
        for name in names:
            money[name] += int(line[f"s_{name}"] or 0)
    return counts, money


def _averages(kind: Kind, office_id: int) -> dict[str, float]:
    """Return the mean days that matters of the kind stayed in each state."""
    moves = (
        Move.objects.filter(
            matter__kind=kind.name, matter__office_id=office_id, undone_by=None, undoes=None
        )
        .exclude(came_from="")
        .exclude(came_from=F("went_to"))
    )
    stays: dict[str, list[float]] = {}
    for came_from, at, before in moves.order_by("-id").values_list(
        "came_from", "at", "before__state_since"
    )[:STAYS]:
        if before:
            stay = at - datetime.fromisoformat(before)
            stays.setdefault(came_from, []).append(stay / timedelta(days=1))
    return {state: sum(s) / len(s) for state, s in stays.items() if len(s) >= NEEDED}


def _cards(
    viewer: Viewer,
    rows: QuerySet[Row],
    averages: Mapping[str, float],
    titles: Mapping[int, str],
    at: datetime,
) -> dict[str, list[Card]]:
    ranked = rows.annotate(
        place=Window(RowNumber(), partition_by=F("state"), order_by=F("id").desc())
    ).filter(place__lte=CARDS)
    found: dict[str, list[Card]] = {}
    for row in map(as_matter, ranked.select_related("unit").order_by("-id")):
        since = row.state_since or row.created_at
        card = Card(
            row,
            places.page(row.kind, row.code),
            titles.get(row.unit_id, ""),
            max(0, (at - since).days),
            None if row.closed_on else averages.get(row.state),
            tuple(offered(viewer, row)),
        )
        found.setdefault(row.state, []).append(card)
    return found


@dataclass(frozen=True, slots=True)
class Project:
    """One kind of project: how many the viewer sees that go on, and that have ended."""

    kind: Kind
    open: int
    ended: int


def projects(viewer: Viewer) -> list[Project]:
    """Return the kinds of projects that the viewer sees: one statement."""
    some = [k for k in access.kinds(viewer, "matter") if rules.is_project(k, k.flow_spec)]
    rows = access.rows_of_many(viewer, some)
    if rows is None:
        return []
    found = (
        rows.filter(withdrawn_at=None)
        .order_by()
        .values_list("kind")
        .annotate(
            still=Count("pk", filter=Q(closed_on=None)),
            over=Count("pk", filter=Q(closed_on__isnull=False)),
        )
    )
    counts = {kind: (still, over) for kind, still, over in found}
    return [Project(k, *counts.get(k.name, (0, 0))) for k in some]
