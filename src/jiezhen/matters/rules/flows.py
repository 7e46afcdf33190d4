"""Pure decisions about a flow: which moves there are, and whether one is allowed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from jiezhen.kernel.expressions import Expression
from jiezhen.packs.flows import Flow, Move, Request
from jiezhen.packs.schema import Kind

#: The four sums of a project, in their order: 合同 补贴 自筹 已付. A pack names its money so.
MONEY = ("contract", "subsidy", "own_share", "paid")

#: A move may be undone by the one who made it for this long.
UNDO = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Offered:
    """A move that may be made now: its name and its declaration."""

    name: str
    move: Move


class MoveForbidden(Exception):
    """The flow does not allow the move from this state."""

    def __init__(
        self, flow: Flow, state: str, name: str, values: Mapping[str, object] | None = None
    ) -> None:
        title = flow.states[state].title if state in flow.states else state
        move = flow.moves[name].title if name in flow.moves else name
        offered = "、".join(o.move.title for o in moves_from(flow, state, values)) or "没有"
        self.message = f"“{title}”时不能“{move}”。现在可以做的：{offered}。"
        self.message_en = f"{name!r} is not allowed while {state!r}."
        super().__init__(self.message)


def start(flow: Flow) -> str:
    """Return the state in which a matter begins."""
    return next(name for name, state in flow.states.items() if state.start)


def moves_from(
    flow: Flow, state: str, values: Mapping[str, object] | None = None
) -> list[Offered]:
    """Return the moves that the flow allows from a state, in the pack's order.

    With the values of the matter, moves whose condition is false or unknown are left out.
    """
    return [
        Offered(name, m)
        for name, m in flow.moves.items()
        if state in m.from_ and (values is None or met(m.condition, values))
    ]


def met(condition: Expression | None, values: Mapping[str, object]) -> bool:
    """Say whether a condition is true of a matter; unknown is not true, none always is."""
    if condition is None:
        return True
    return condition.evaluate({name: values.get(name) for name in condition.names}) is True


def move(flow: Flow, state: str, name: str, values: Mapping[str, object] | None = None) -> Move:
    """Return the move of that name when it is allowed from the state.

    Raises:
        MoveForbidden: The flow has no such move from here, or its condition is not met.
    """
    found = flow.moves.get(name)
    if found is None or state not in found.from_:
        raise MoveForbidden(flow, state, name)
    if values is not None and not met(found.condition, values):
        raise MoveForbidden(flow, state, name, values)
    return found


def turned(flow: Flow, name: str, values: Mapping[str, object]) -> str:
    """Return the name of the move that a move becomes by what was answered, else its own."""
    turn = flow.moves[name].turns
    return turn.into if turn is not None and met(turn.condition, values) else name


def open_turn(made: Move, values: Mapping[str, object]) -> list[Expression]:
    """Return what would have to be answered for a move to become another one.

    Empty when it has no turn, or what is not asked already rules it out.
    """
    turn = made.turns
    if turn is None or turn.condition is None:
        return []
    parts = turn.condition.conjuncts()
    asked = [part for part in parts if set(part.names) & set(made.asks)]
    known = (part for part in parts if part not in asked)
    return asked if all(met(part, values) for part in known) else []


def rights_for(flow: Flow, name: str) -> tuple[str, ...]:
    """Return the rights of which one is enough for a move; `change` when there is no such move."""
    found = flow.moves.get(name)
    return ("change",) if found is None else tuple(found.by)


def by_call(kind: Kind, flow: Flow) -> tuple[str, ...]:
    """Return the moves that reaching a caller makes: they meet the contact clock, and nothing more.

    A move that needs more than the moment of the call, such as an answer at once, is made by hand.
    """
    timer = flow.timers.get("contact")
    some = ((n, flow.moves[n]) for n in (timer.stops if timer else ()) if n in flow.moves)
    return tuple(n for n, m in some if not m.assigns and _needs_only_time(kind, m))


def _needs_only_time(kind: Kind, move: Move) -> bool:
    needed = move.asks if move.needs is None else move.needs
    return all(kind.fields[n].type == "time" for n in needed)


def may_ask(flow: Flow, request: Request, state: str) -> bool:
    """Say whether something may be asked for, and granted, while a matter stands in a state."""
    return state in request.from_ if request.from_ else not flow.states[state].end


def is_project(kind: Kind, flow: Flow | None) -> bool:
    """Say whether a kind of matter is a long one with stages, shown as a board under 项目.

    A pack says so itself; else long matters declare milestones, or carry money. The others wait
    in the queue of 事项.
    """
    if kind.shape != "matter" or flow is None:
        return False
    if kind.project is not None:
        return kind.project
    return bool(flow.milestones) or any(f.type == "money" for f in kind.fields.values())


def may_undo(made_at: datetime, at: datetime) -> bool:
    """Say whether a move is young enough to be undone."""
    return timedelta(0) <= at - made_at <= UNDO
