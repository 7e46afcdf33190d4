"""The words of a flow: states, moves, timers, requests, and what a move sets going."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field as Key
from pydantic import PrivateAttr

from jiezhen.kernel.worktime import TimeUnit
from jiezhen.packs.words import Area, Day, Expressed, Source, Text, Title, Word, Words

if TYPE_CHECKING:
    from jiezhen.kernel.expressions import Expression

#: What a matter in a state waits for; each is a tab of the queue.
Waits = Literal["contact", "dispatch", "verify", "check", "decide", "revisit"]
#: The four plain steps that a resident sees: 收到了 派给了谁 在办 办好了.
Step = Literal["received", "assigned", "working", "done"]

#: The name under which timers start with the registration itself.
OPENED = "opened"


class State(Words):
    """A state of a flow.

    `date` names the field that is filled when the state is entered, `waits` what has to come
    next, `step` what a resident is told.
    """

    title: Title
    title_en: Text = ""
    start: bool = False
    end: bool = False
    date: Word | None = None
    waits: Waits | None = None
    step: Step | None = None


class Spawn(Words):
    """Matters that a move sets going: one, or one for each entry of a kind.

    `link` is the field of the new matter that leads back, `values` are fixed, `copy` takes fields
    of this matter (and of the entry, written `each.<field>`). `to` is the unit: the same, the one
    where it happened, or that of the entry.
    """

    kind: Word
    each: Word | None = None
    where: Expressed | None = None
    link: Word | None = None
    values: dict[str, str] = Key(default_factory=dict)
    copy_: dict[str, Word] = Key(alias="copy", default_factory=dict)
    to: Literal["unit", "grid", "each"] = "unit"

    _where: Expression | None = PrivateAttr(default=None)

    @property
    def condition(self) -> Expression | None:
        """Return the checked condition over the entries, and this matter's `parent_<field>`."""
        return self._where


class Turn(Words):
    """What a move becomes when its answers meet a condition: another move from the same state."""

    where: Expressed
    into: Word

    _where: Expression | None = PrivateAttr(default=None)

    @property
    def condition(self) -> Expression | None:
        """Return the checked condition over the matter with the answers."""
        return self._where


class Move(Words):
    """A step that a person makes: from which states, to which, what it asks for.

    `by` lists the rights of which one is needed, `needs` those fields of `asks` that must be
    filled (all of them when it is not written), `reason` asks for words. `assigns` asks for the
    unit that gets the matter. `spawns` sets further matters going; `parent` names the move that
    the matter's parent makes with it. `callers` lets the caller make it with their code. `auto`
    makes it at once, at registration or on arrival in its state, when the table of routes names
    the unit. `again` counts as doing the matter again (重办). `turns` lets it become another move
    by what was answered.
    """

    title: Title
    title_en: Text = ""
    from_: tuple[Word, ...] = Key(alias="from", min_length=1, strict=False)
    to: Word
    by: tuple[Word, ...] = Key(default=("change",), min_length=1, strict=False)
    asks: tuple[Word, ...] = Key(default=(), strict=False)
    needs: tuple[Word, ...] | None = Key(default=None, strict=False)
    where: Expressed | None = None
    sets: dict[str, str] = Key(default_factory=dict)
    reason: bool = False
    assigns: bool = False
    callers: bool = False
    auto: bool = False
    again: bool = False
    turns: Turn | None = None
    spawns: tuple[Spawn, ...] = Key(default=(), strict=False)
    parent: Word | None = None
    phrases: tuple[Title, ...] = Key(default=(), strict=False)

    _where: Expression | None = PrivateAttr(default=None)

    @property
    def condition(self) -> Expression | None:
        """Return the checked condition under which the move may be made."""
        return self._where


class Milestone(Words):
    """A state that is told as a milestone of a long matter."""

    title: Title
    title_en: Text = ""
    state: Word


class Amount(Words):
    """A length of time: how much, of which unit."""

    amount: int | float = Key(gt=0)
    unit: TimeUnit


class Within(Amount):
    """One row of a table of deadlines; the first that fits counts.

    It holds for matters that were opened from `since` until the day before `until`, in areas of
    the class, where the condition is true.
    """

    since: Day | None = None
    until: Day | None = None
    area: Area | None = None
    where: Expressed | None = None
    source: Source | None = None

    _where: Expression | None = PrivateAttr(default=None)

    @property
    def condition(self) -> Expression | None:
        """Return the checked condition."""
        return self._where


class Standard(Words):
    """Deadlines from a register: entries of `kind` whose `match` fields equal the matter's.

    Of several such entries the one of which a `narrow` field says what the matter's says counts,
    else the first that was entered. `amount` names the entry's field for each class of area,
    `unit` the field that holds the unit of time. A matter without a standard falls back to
    `within`.
    """

    kind: Word
    match: dict[str, Word] = Key(min_length=1)
    narrow: dict[str, Word] = Key(default_factory=dict)
    amount: dict[Area, Word] = Key(min_length=1)
    unit: Word


class Timer(Words):
    """A clock of a matter: which moves start it, which meet it, which end it unjudged.

    `opened` among `starts` is the registration. `pauses` says whether it stands still while the
    matter is paused. `since` names a time field whose moment starts the clock where it is filled,
    so that a matter that is written down late is late. `field` is a choice that is filled with `met` or `missed` when the timer is
    judged and nobody filled it.
    """

    title: Title
    title_en: Text = ""
    starts: tuple[Word, ...] = Key(min_length=1, strict=False)
    stops: tuple[Word, ...] = Key(min_length=1, strict=False)
    drops: tuple[Word, ...] = Key(default=(), strict=False)
    within: tuple[Within, ...] = Key(default=(), strict=False)
    standard: Standard | None = None
    since: Word | None = None
    pauses: bool = True
    field: Word | None = None
    met: Word | None = None
    missed: Word | None = None


class Node(Words):
    """One step of a review: its name and the rights of which one is needed."""

    title: Title
    title_en: Text = ""
    by: tuple[Word, ...] = Key(min_length=1, strict=False)


class Request(Words):
    """What the one in charge may ask for: more time, a pause, to send back, to hang, to appeal.

    `effect` is what follows when it is granted: `extend` moves the deadlines of `timers`, `pause`
    lets them stand still until resumed, `move` makes `move`. `nodes` decide one after the other;
    without any it takes effect at once. `article` names the kind of entry whose article is the
    reason (a duty list). It may be granted `times` times, asked for before the deadline only when
    `in_time`.
    """

    title: Title
    title_en: Text = ""
    effect: Literal["extend", "pause", "move"]
    from_: tuple[Word, ...] = Key(alias="from", default=(), strict=False)
    by: tuple[Word, ...] = Key(default=("change",), min_length=1, strict=False)
    reasons: dict[str, Title] = Key(min_length=1)
    reasons_en: dict[str, Text] = Key(default_factory=dict)
    words: bool = False
    article: Word | None = None
    timers: tuple[Word, ...] = Key(default=(), strict=False)
    most: Amount | None = None
    times: int = Key(default=1, ge=1, le=20)
    in_time: bool = False
    move: Word | None = None
    nodes: tuple[Node, ...] = Key(default=(), strict=False)


class Flow(Words):
    """States and the moves between them. `name` is full: lifts.retrofit."""

    name: str = ""
    title: Title
    title_en: Text = ""
    states: dict[str, State] = Key(min_length=1)
    moves: dict[str, Move] = Key(default_factory=dict)
    milestones: dict[str, Milestone] = Key(default_factory=dict)
    timers: dict[str, Timer] = Key(default_factory=dict)
    requests: dict[str, Request] = Key(default_factory=dict)

    @property
    def start(self) -> str:
        """Return the state in which a matter begins."""
        return next(name for name, state in self.states.items() if state.start)
