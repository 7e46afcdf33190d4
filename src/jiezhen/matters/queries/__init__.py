"""Read matters: the queue over all kinds, one matter, the board of a kind."""

from jiezhen.matters.queries.boards import Board, board, projects
from jiezhen.matters.queries.callers import barred, may_see, parties
from jiezhen.matters.queries.clocks import Clock, clocks, nearest
from jiezhen.matters.queries.guessing import Proposal, Proposals, Standing, proposals, standing
from jiezhen.matters.queries.places import field_of as place_of
from jiezhen.matters.queries.public import (
    OpenMatter,
    Progress,
    Wanted,
    offered_kinds,
    open_matters,
    open_steps,
    progress,
)
from jiezhen.matters.queries.queue import MOST as MOST_COUNTED
from jiezhen.matters.queries.queue import Asked, Line, Queue, kinds, queue, tabs, urgent
from jiezhen.matters.queries.scope import living_units
from jiezhen.matters.queries.setting import calendar, route_faults
from jiezhen.matters.queries.single import (
    Offered,
    events,
    list_of,
    matter_for,
    offered,
    page_of,
    roof_of,
    state_title,
    undoable,
)
from jiezhen.matters.queries.twins import Twin, changeable, twins
from jiezhen.matters.queries.twins import before as twins_before
from jiezhen.matters.queries.twins import of as twins_of
from jiezhen.records.access import NoSuchRecord

__all__ = [
    "MOST_COUNTED",
    "Asked",
    "Board",
    "Clock",
    "Line",
    "NoSuchRecord",
    "Offered",
    "OpenMatter",
    "Progress",
    "Proposal",
    "Proposals",
    "Queue",
    "Standing",
    "Twin",
    "Wanted",
    "barred",
    "board",
    "calendar",
    "changeable",
    "clocks",
    "events",
    "kinds",
    "list_of",
    "living_units",
    "matter_for",
    "may_see",
    "nearest",
    "offered",
    "offered_kinds",
    "open_matters",
    "open_steps",
    "page_of",
    "parties",
    "place_of",
    "progress",
    "projects",
    "proposals",
    "queue",
    "roof_of",
    "route_faults",
    "standing",
    "state_title",
    "tabs",
    "twins",
    "twins_before",
    "twins_of",
    "undoable",
    "urgent",
]
