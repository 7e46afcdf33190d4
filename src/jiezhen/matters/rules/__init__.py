"""Pure decisions about matters: moves, clocks, routes, doubles, what is kept apart."""

from jiezhen.matters.rules.flows import (
    MONEY,
    UNDO,
    MoveForbidden,
    Offered,
    by_call,
    is_project,
    may_ask,
    may_undo,
    move,
    moves_from,
    open_turn,
    rights_for,
    start,
    turned,
)

__all__ = [
    "MONEY",
    "UNDO",
    "MoveForbidden",
    "Offered",
    "by_call",
    "is_project",
    "may_ask",
    "may_undo",
    "move",
    "moves_from",
    "open_turn",
    "rights_for",
    "start",
    "turned",
]
