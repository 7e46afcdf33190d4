"""计划阅读: the untouched text with its marks, and one row for each commitment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from jiezhen.indicators.rules import amounts
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.plans.models import Commitment, Document, Target
from jiezhen.plans.queries import scope, standings
from jiezhen.plans.queries.standings import Progress
from jiezhen.plans.rules import lights, linking, marks, rows
from jiezhen.records import wording

#: From this likeness on a proposal is ticked beforehand on the page that links many.
NEAR = 0.7
#: How each state is shown on the text.
_SHAPES = {"confirmed": "sure", "proposed": "unsure", "ignored": "told"}


@dataclass(frozen=True, slots=True)
class Line:
    """One commitment as the table shows it; `targets` are written as they are compared: ≥90%."""

    number: int
    title: str
    words: str
    section: str
    strength: str
    action: str
    state: str
    targets: tuple[str, ...]
    milestone: str
    progress: Progress
    starts_on: date
    due_on: date
    lead: str
    lead_code: str
    owner: str
    owner_id: int | None
    office_hint: str
    confidence: float
    indicator: str
    indicator_title: str
    period: str
    task_code: str
    change: str
    told: tuple[str, ...] = ()
    unit: str = ""

    @property
    def key(self) -> str:
        """Return the number as marks carry it."""
        return str(self.number)

    @property
    def sure(self) -> bool:
        """Say whether the row may be confirmed together with others."""
        return self.state == "proposed" and self.confidence >= rows.SURE

    @property
    def light(self) -> lights.Standing:
        """Return the light."""
        return self.progress.light


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a document is worked through."""

    confirmed: int
    proposed: int
    ignored: int
    sure: int


@dataclass(frozen=True, slots=True)
class Page:
    """A document as it is read: pieces of its text in order, its rows, what is chosen."""

    document: Document
    pieces: tuple[marks.Piece, ...]
    lines: tuple[Line, ...]
    counts: Counts
    chosen: Line | None
    next_open: int | None
    joined: bool


def page(
    viewer: Viewer, document: Document, at: datetime, chosen: int | None, *, joined: bool = False
) -> Page:
    """Return a document with its rows.

    Shape: three statements and the figures' ones. `chosen` is a row's number; a number that is
    not there chooses the first row that waits, else the first.
    """
    every = list(
        scope.commitments(viewer, document.pk)
        .exclude(state="merged")
        .order_by("start", "position", "number")
    )
    targets = targets_of(every)
    found = standings.of_commitments(viewer, every, targets, at)
    lines = tuple(line_of(c, targets.get(c.pk, []), found[c.pk]) for c in every)
    shown = next((x for x in lines if x.number == chosen), None)
    if shown is None:
        shown = next((x for x in lines if x.state == "proposed"), lines[0] if lines else None)
    gaps = marks.breaks(document.text, _paragraphs(document)) if joined else []
    return Page(
        document=document,
        pieces=tuple(marks.pieces(document.text, _marks(every, targets, document.text), gaps)),
        lines=lines,
        counts=_counts(lines),
        chosen=shown,
        next_open=_next_open(lines, shown),
        joined=joined,
    )


def targets_of(every: Iterable[Commitment]) -> dict[int, list[Target]]:
    """Return the numbers of commitments by the commitments' ids, in order; one statement."""
    found: dict[int, list[Target]] = {}
    for target in Target.objects.filter(commitment__in=[c.pk for c in every]).order_by("order"):
        found.setdefault(target.commitment_id, []).append(target)
    return found


def line_of(row: Commitment, targets: list[Target], progress: Progress) -> Line:
    """Return a commitment as the table shows it."""
    spec = catalogue().indicators.get(row.indicator)
    return Line(
        number=row.number,
        title=row.object or row.words,
        words=row.words,
        section=row.section,
        strength=row.strength,
        action=row.action,
        state=row.state,
        targets=tuple(target_said(t) for t in targets),
        milestone=row.milestone,
        progress=progress,
        starts_on=row.starts_on,
        due_on=row.due_on,
        lead=row.lead.title if row.lead else "",
        lead_code=row.lead.code if row.lead else "",
        owner=str(row.owner) if row.owner else "",
        owner_id=row.owner_id,
        office_hint=row.office_hint,
        confidence=row.confidence,
        indicator=row.indicator,
        indicator_title=spec.title if spec else row.indicator,
        period=row.period,
        task_code=_task_code(row),
        change=row.change,
        told=tuple(t.result_span for t in targets if t.result is not None),
        unit=targets[0].unit if targets else "",
    )


def target_said(target: Target) -> str:
    """Return a number with its comparator: ≥90%."""
    sign = {">=": "≥", "<=": "≤", "~": "约"}.get(target.comparator, "")
    return f"{sign}{lights.amount(target.value, target.unit)}"


@dataclass(frozen=True, slots=True)
class Links:
    """What the link menu offers: proposals with their reason, then every other indicator."""

    proposals: tuple[linking.Proposal, ...]
    others: tuple[tuple[str, str], ...]


def links(line: Line) -> Links:
    """Return which indicators may count a row; nothing is linked by this."""
    named = _named()
    found = linking.propose(named, f"{line.action}{line.title}", line.unit)
    near = {p.name for p in found}
    known = catalogue().indicators
    others = sorted((wording.title(known[n.name]), n.name) for n in named if n.name not in near)
    return Links(tuple(found), tuple((name, title) for title, name in others))


@dataclass(frozen=True, slots=True)
class Offer:
    """A row without a link, and the indicator that fits it best."""

    line: Line
    proposal: linking.Proposal

    @property
    def near(self) -> bool:
        """Say whether the words are near enough to tick it beforehand."""
        return self.proposal.score >= NEAR


def offers(page_: Page) -> list[Offer]:
    """Return the unlinked rows with a number for which an indicator of the same unit is offered."""
    named = _named()
    found = []
    for line in page_.lines:
        if line.indicator or line.state == "ignored" or not line.targets:
            continue
        best = linking.propose(named, f"{line.action}{line.title}", line.unit, most=1)
        if best and (not line.unit or best[0].unit == line.unit):
            found.append(Offer(line, best[0]))
    return found


def _named() -> list[linking.Named]:
    return [
        linking.Named(name, spec.title, tuple(spec.also), amounts.base_unit(spec.unit or ""))
        for name, spec in catalogue().indicators.items()
    ]


def _task_code(row: Commitment) -> str:
    task = getattr(row, "task", None)
    return task.code if task is not None and task.state != "withdrawn" else ""


def _counts(lines: tuple[Line, ...]) -> Counts:
    states = [x.state for x in lines]
    return Counts(
        states.count("confirmed"),
        states.count("proposed"),
        states.count("ignored"),
        sum(1 for x in lines if x.sure),
    )


def _next_open(lines: tuple[Line, ...], chosen: Line | None) -> int | None:
    """Return the next row that waits, behind the chosen one first, then from the top."""
    at = lines.index(chosen) if chosen in lines else -1
    after = [x for x in (*lines[at + 1 :], *lines[: at + 1]) if x.state == "proposed"]
    return after[0].number if after else None


def _paragraphs(document: Document) -> list[tuple[int, int, str]]:
    return [(int(p[0]), int(p[1]), str(p[2])) for p in document.paragraphs]


def _marks(
    every: list[Commitment], targets: dict[int, list[Target]], text: str
) -> list[marks.Mark]:
    """Return what is marked: the numbers of a row, or its words when it has none.

    Rows that share one number (各1处) are marked at the words of their object instead, all but
    the last of them.
    """
    owners: dict[int, Commitment] = {}
    for row in every:
        for target in targets.get(row.pk, []):
            owners[target.start] = row
    found = []
    for row in every:
        shape, key = _SHAPES.get(row.state, "told"), str(row.number)
        mine = [t for t in targets.get(row.pk, []) if owners[t.start] is row]
        found += [marks.Mark(t.start, t.end, shape, key) for t in mine]
        if not mine:
            start, end = _place(row, text)
            found.append(marks.Mark(start, end, shape, key, words=True))
    return found


def _place(row: Commitment, text: str) -> tuple[int, int]:
    """Return where the object stands when the row shares its number, else the whole words."""
    at = text.find(row.object, row.start, row.end) if row.object else -1
    if at >= 0 and row.object != row.words:
        return at, at + len(row.object)
    return row.start, row.end
