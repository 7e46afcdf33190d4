"""What waits for a person today, block by block.

Which blocks there are follows from rights, never from the name of a role. An empty
block is left out; when all are, the page says that nothing is to be done.
"""

from dataclasses import dataclass, field
from datetime import datetime

from jiezhen.kernel import clock
from jiezhen.kernel.periods import Period
from jiezhen.matters import queries as matters
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.plans import queries as plans
from jiezhen.plans.queries.board import board as plan_board
from jiezhen.records import wording
from jiezhen.web.components import Bar, Tile

#: The figures that a leader is asked for most, in this order; the first four that the
#: installed packs know are shown.
HEADLINES = (
    "hotline_contact_rate",
    "hotline_on_time_rate",
    "hotline_satisfaction_rate",
    "jobs_added",
    "lifts_completed",
    "hazards_fixed_rate",
)
SHOWN = 4
MOST = 5


@dataclass(frozen=True, slots=True)
class Today:
    """The page: `nothing` says that no block has anything."""

    at: datetime
    decisions: list[plans.Waiting] = field(default_factory=list)
    board: plans.Board | None = None
    lit: list[plans.TaskRow] = field(default_factory=list)
    mine: list[plans.TaskRow] = field(default_factory=list)
    changes: plans.Changes | None = None
    tiles: list[Tile] = field(default_factory=list)
    contact: list[matters.Line] = field(default_factory=list)
    due: list[matters.Line] = field(default_factory=list)
    overdue: list[matters.Line] = field(default_factory=list)
    may_decide: bool = False

    @property
    def nothing(self) -> bool:
        """Say whether the page has nothing to show."""
        blocks = (self.decisions, self.lit, self.mine, self.tiles)
        return not any((*blocks, self.contact, self.due, self.overdue))


def today(viewer: Viewer, at: datetime) -> Today:
    """Return the page of a viewer.

    The leader sees questions, lights and four figures; who plans, the lights; who works,
    the own tasks and what is due. Six statements with session and viewer, for everybody.
    """
    decides = viewer.may("plans.decide")
    whole = decides or viewer.may("plans.edit")
    also = plans.Also(_headlines(), Period.of(clock.day_of(at), "year"), ("year",))
    seen = plan_board(viewer, at, also=also if decides else None) if viewer.may("see") else None
    works = viewer.may("change", path=viewer.unit_path) and not decides
    lines = matters.urgent(viewer, at, 2 * MOST) if works else []
    late = [line for line in lines if line.clock and line.clock.lamp == "red"]
    rest = [line for line in lines if line not in late]
    return Today(
        at=at,
        decisions=plans.decisions_waiting(viewer, at),
        board=seen if whole else None,
        lit=plans.red_and_yellow(viewer, at, MOST, seen) if whole and seen else [],
        mine=plans.my_tasks(viewer, at, seen)[:MOST] if not whole and seen else [],
        changes=plans.week_changes(viewer, at, seen) if whole and seen and seen.rows else None,
        tiles=_tiles(viewer, also, seen) if decides else [],
        contact=[line for line in rest if line.waits == "contact"][:MOST],
        due=[line for line in rest if line.waits != "contact"][:MOST],
        overdue=late[:MOST],
        may_decide=decides,
    )


def _headlines() -> tuple[str, ...]:
    return tuple([n for n in HEADLINES if n in catalogue().indicators][:SHOWN])


def _tiles(viewer: Viewer, also: plans.Also, board: plans.Board | None) -> list[Tile]:
    if also.sheet is None:
        return []
    lights = {r.indicator: r for r in board.rows if r.indicator} if board else {}
    found = [also.sheet.figure(name, viewer.office_id, also.period) for name in also.names]
    return [
        Tile(
            title=wording.title(catalogue().indicators[f.indicator]),
            value="" if f.value is None else f.text,
            href=f.href,
            why=f.why,
            target=lights[f.indicator].target if f.indicator in lights else "",
            bar=_bar(lights.get(f.indicator)),
            change=f.year.words if f.year else "",
            favour=f.year.favour if f.year else "",
        )
        for f in found
    ]


def _bar(row: plans.TaskRow | None) -> Bar | None:
    if row is None or row.light.share is None:
        return None
    return Bar(row.light.share, row.light.pace)
