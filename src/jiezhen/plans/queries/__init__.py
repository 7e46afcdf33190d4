"""Every read of plans. What the desk and other engines may ask for is named here.

A page that shows several of them asks `board.board` once and hands the board to the others.
"""

from jiezhen.plans.queries.board import (
    Board,
    Changes,
    TaskRow,
    light_counts,
    my_tasks,
    red_and_yellow,
    week_changes,
)
from jiezhen.plans.queries.decisions import Waiting, decisions_waiting
from jiezhen.plans.queries.live import Also
from jiezhen.plans.queries.reminders import notices_for

__all__ = [
    "Also",
    "Board",
    "Changes",
    "TaskRow",
    "Waiting",
    "decisions_waiting",
    "light_counts",
    "my_tasks",
    "notices_for",
    "red_and_yellow",
    "week_changes",
]
