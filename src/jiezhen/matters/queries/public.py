"""What residents may know: the progress of their own matter, and open data about all.

Nothing here tells who called. The caller's own code opens progress; open data shows what was
reported as kinds that packs offer to residents, with masked words.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from jiezhen.matters import rules
from jiezhen.matters.facts import as_matter, flow_of, values_of
from jiezhen.matters.models import Matter, Move
from jiezhen.matters.queries.single import ADDED, state_title
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Kind
from jiezhen.people import masking
from jiezhen.records import sealing, shapes

#: Where staff wrote or looked at the words themselves. Everything else (residents' pages, Open311, the
#: JSON door) brings words that nobody has read.
_BY_STAFF = ("form", "phone", "import", "split", "spawned", "demo")
#: The four plain steps in their order.
STEPS = ("received", "assigned", "working", "done")
#: Moves that were not taken back; residents are not told of the taking back either.
STANDS = Q(undone_by=None, undoes=None)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a matter is: step 1 to 4, when it was reported, due and over, and what it became.

    `result` are the choices filled at closing by title, `may` the moves left to the caller.
    """

    code: str
    kind: Kind
    title: str
    step: int
    state: str
    opened_at: datetime
    due_at: datetime | None
    closed_on: date | None
    unit: str
    steps: tuple[tuple[datetime, str], ...] = ()
    result: tuple[tuple[str, str], ...] = ()
    may: tuple[str, ...] = ()


def offered_kinds() -> list[Kind]:
    """Return the kinds of matter that packs offer to residents, in the packs' order."""
    return [k for k in catalogue().kinds_of("matter") if k.offer is not None]


def progress(office_id: int, receipt: str) -> Progress | None:
    """Return the progress of the matter with a caller's code; None when there is none.

    Two statements when it is found, one when not; what was written is only ever hashed.
    """
    code = "".join(receipt.split()).replace("-", "").upper()[:40]
    rows = Matter.objects.for_system("the caller's own code").select_related("unit")
    found = (
        rows.filter(office_id=office_id, receipt=sealing.finger(code), withdrawn_at=None)
        .exclude(receipt="")
        .first()
    )
    return _progress(as_matter(found)) if found is not None else None


def _progress(row: Matter) -> Progress:
    kind = shapes.kind_of(row.kind)
    flow = flow_of(kind)
    now = flow.states[row.state].step or ("done" if row.closed_on else "working")
    taken: list[tuple[datetime, str]] = []
    stood = row.moves.filter(STANDS).order_by("id")
    for moment, state in stood.values_list("at", "went_to"):
        spec = flow.states.get(state)
        if spec is not None and (not taken or taken[-1][1] != state):
            taken.append((moment, state))
    closing = {n for m in flow.moves.values() if flow.states[m.to].end for n in m.asks}
    shown = tuple(
        (f.title, f.options.get(str(row.data.get(n)), str(row.data.get(n))))
        for n, f in kind.kept.items()
        if n in closing and f.type == "choice" and row.data.get(n)
    )
    offered = rules.moves_from(flow, row.state, values_of(row))
    may = tuple(o.name for o in offered if o.move.callers)
    return Progress(
        row.code,
        kind,
        row.title,
        STEPS.index(now) + 1,
        state_title(kind, row.state),
        row.created_at,
        row.due_at,
        row.closed_on,
        row.unit.title,
        tuple((moment, state_title(kind, state)) for moment, state in taken),
        shown if row.closed_on else (),
        may,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which open data are asked for: kinds, open or closed, reported or changed in a window."""

    kinds: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    closed: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    changed_since: datetime | None = None
    changed_until: datetime | None = None
    near: tuple[float, float, float] | None = None
    page: int = 1
    size: int = 50


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """One matter as open data; times are moments, the place is rounded to about ten metres.

    `taken_up` says that somebody of the office took it in hand, and so has read its words.
    """

    code: str
    kind: Kind
    title: str
    state: str
    closed: bool
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None
    closed_on: date | None
    unit: str
    address: str
    lon: float | None
    lat: float | None
    taken_up: bool
    values: dict[str, Any] = field(default_factory=dict)
    replies: tuple[tuple[str, str], ...] = ()

    @property
    def came_of(self) -> tuple[str, ...]:
        """What the office chose at closing, in words; what the caller thought of it is not told."""
        flow = self.kind.flow_spec
        if not self.closed or flow is None:
            return ()
        ends = (m for m in flow.moves.values() if flow.states[m.to].end and not m.callers)
        asked = {n for m in ends for n in m.asks}
        return tuple(
            spec.options.get(str(self.values[n]), str(self.values[n]))
            for n, spec in self.kind.kept.items()
            if n in asked and n in self.values and spec.type == "choice"
        )


def open_matters(office_id: int, wanted: Wanted) -> list[OpenMatter]:
    """Return open data of what residents may report, the newest first: one statement.

    Kinds that are personal or secret are never among them.
    """
    offered = {k.name for k in offered_kinds() if k.sensitivity in ("open", "inner")}
    names = [n for n in wanted.kinds if n in offered] if wanted.kinds else sorted(offered)
    rows = Matter.objects.for_system("open data: what was reported, never by whom")
    rows = rows.filter(office_id=office_id, kind__in=names, withdrawn_at=None)
    rows = rows.filter(_when(wanted)).select_related("unit").order_by("-id")
    rows = rows.annotate(moved=Exists(_by_hand()))
    first = (max(1, wanted.page) - 1) * wanted.size
    return [_open(as_matter(r)) for r in rows[first : first + wanted.size]]


def _by_hand() -> Any:  # noqa: ANN401  # a query set of moves
    """Return a matter's moves to another state that a person made and that were not taken back."""
    return Move.objects.filter(
        STANDS & ~Q(came_from="") & ~Q(came_from=F("went_to")),
        matter=OuterRef("pk"),
        account_id__gt=0,
    )


def _when(wanted: Wanted) -> Q:
    test = Q()
    if wanted.codes:
        test &= Q(code__in=wanted.codes)
    if wanted.closed is not None:
        test &= Q(closed_on__isnull=not wanted.closed)
    for name, value in (
        ("created_at__gte", wanted.since),
        ("created_at__lte", wanted.until),
        ("changed_at__gte", wanted.changed_since),
        ("changed_at__lte", wanted.changed_until),
    ):
        if value is not None:
            test &= Q(**{name: value})
    if wanted.near is not None:
        lon, lat, metres = wanted.near
        reach = metres / 111_320
        test &= Q(lat__range=(lat - reach, lat + reach))
        test &= Q(lon__range=(lon - 2 * reach, lon + 2 * reach))
    return test


def _open(row: Matter) -> OpenMatter:
    kind = shapes.kind_of(row.kind)
    place = next((row.data.get(n) for n, f in kind.kept.items() if f.type == "place"), None)
    told = {
        n: row.data[n]
        for n, f in kind.kept.items()
        if f.type in ("choice", "flag") and row.data.get(n)
    }
    return OpenMatter(
        row.code,
        kind,
        masking.free_text(row.title),
        state_title(kind, row.state),
        row.closed_on is not None,
        row.created_at,
        row.changed_at,
        row.due_at,
        row.closed_on,
        row.unit.title,
        masking.free_text(str((place or {}).get("text", ""))),
        None if row.lon is None else round(row.lon, 4),
        None if row.lat is None else round(row.lat, 4),
        row.source in _BY_STAFF or bool(row.moved),  # type: ignore[attr-defined]
        told,
        _replies(row, kind) if row.closed_on is not None else (),
    )


def _replies(row: Matter, kind: Kind) -> tuple[tuple[str, str], ...]:
    """Return the words that were written at closing, masked, with the titles of their fields."""
    flow = flow_of(kind)
    closing = {n for m in flow.moves.values() if flow.states[m.to].end for n in m.asks}
    return tuple(
        (f.title, masking.free_text(str(row.data[n])))
        for n, f in kind.kept.items()
        if n in closing and f.type == "text" and row.data.get(n)
    )


@dataclass(frozen=True, slots=True)
class OpenStep:
    """One step of a matter as open data; `number` counts all steps, also those that are not told."""

    code: str
    number: int
    at: datetime
    state: str
    closed: bool


def open_steps(office_id: int, codes: tuple[str, ...]) -> list[OpenStep]:
    """Return the steps of some open matters, oldest first.

    What was added from outside is none, nor is what was taken back.
    """
    offered = [k.name for k in offered_kinds() if k.sensitivity in ("open", "inner")]
    moves = Move.objects.filter(
        matter__office_id=office_id,
        matter__kind__in=offered,
        matter__withdrawn_at=None,
        matter__code__in=codes,
    ).order_by("id")
    count: Counter[str] = Counter()
    found = []
    for code, kind, at, state, name, *taken_back in moves.values_list(
        "matter__code", "matter__kind", "at", "went_to", "name", "undone_by", "undoes"
    ):
        count[code] += 1
        if name == ADDED or any(taken_back):
            continue
        spec = shapes.kind_of(kind)
        states = flow_of(spec).states
        ended = states[state].end if state in states else False
        found.append(OpenStep(code, count[code], at, state_title(spec, state), ended))
    return found
