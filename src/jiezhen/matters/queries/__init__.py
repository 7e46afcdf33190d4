"""Read matters: the queue over all kinds, one matter, the board of a kind."""

from jiezhen.matters.queries.boards import Board, board, projects
from jiezhen.matters.queries.queue import Asked, Line, Queue, kinds, queue, urgent
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
from jiezhen.records.access import NoSuchRecord

__all__ = [
    "Asked",
    "Board",
    "Line",
    "NoSuchRecord",
    "Offered",
    "Queue",
    "board",
    "events",
    "kinds",
    "list_of",
    "matter_for",
    "offered",
    "page_of",
    "projects",
    "queue",
    "roof_of",
    "state_title",
    "undoable",
    "urgent",
]
