"""一周一研: the list that a weekly meeting starts from, and each of its parts as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.matters.models import OPEN, Matter, Move, Party
from jiezhen.matters.queries.callers import barred
from jiezhen.matters.queries.leafing import Stretch, leaf
from jiezhen.matters.queries.page import YEAR
from jiezhen.matters.queries.queue import MOST, Line, kinds, lines
from jiezhen.matters.queries.scope import rows_of
from jiezhen.packs.registry import catalogue
from jiezhen.people import masking
from jiezhen.people.access import Viewer
from jiezhen.records import access

#: Most lines of each part, and most places or callers that came again.
SHOWN, REPEATED = 50, 20
#: The parts that are lists of matters, in the order of the page.
PARTS = ("overdue", "newly", "reopened", "returned", "pressed")
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A caller or a place that came again; `name` and `phone` of a caller are masked."""

    name: str
    phone: str
    count: int
    lines: tuple[Line, ...]
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The first matters of a part, or one page of it; `count` stops at `MOST` + 1."""

    lines: tuple[Line, ...]
    count: int
    before: int = 0
    next: str = ""
    previous: str = ""


@dataclass(frozen=True, slots=True)
class Weekly:
    """The parts of the list; `callers` is None for who may not know who called.

    Places and callers are those that came most often, `REPEATED` and one more at most.
    """

    since: datetime
    parts: Mapping[str, Part]
    places: tuple[Repeat, ...]
    callers: tuple[Repeat, ...] | None


def weekly(viewer: Viewer, at: datetime) -> Weekly:
    """Return what a weekly meeting looks at; about ten statements however many matters there are."""
    rows = rows_of(viewer, kinds(viewer), at).filter(withdrawn_at=None)
    return Weekly(
        at - WEEK,
        {name: _first(viewer, rows, name, at) for name in PARTS},
        _places(viewer, rows, at),
        _callers(viewer, at) if viewer.may("parties.see") else None,
    )


def part(viewer: Viewer, name: str, after: str, at: datetime) -> Part:
    """Return one page of a part, behind a place that an earlier page gave.

    Raises:
        KeyError: There is no such part.
    """
    rows = rows_of(viewer, kinds(viewer), at).filter(withdrawn_at=None)
    stretch = _stretch(rows, name, at)
    page = leaf([stretch], after, f"weekly:{name}", SHOWN)
    order = [row.pk for row in page.rows]
    told = {line.id: line for line in lines(viewer, rows.filter(pk__in=order), at)}
    some = tuple(told[pk] for pk in order if pk in told)
    return Part(some, _counted(stretch), page.before, page.next, page.previous)


def _first(viewer: Viewer, rows: "QuerySet[Matter]", name: str, at: datetime) -> Part:
    stretch = _stretch(rows, name, at)
    names = (stretch.column, "id") if stretch.column else ("id",)
    ordered = stretch.rows.order_by(*(f"-{n}" if stretch.falling else n for n in names))
    told = lines(viewer, ordered[:SHOWN], at)
    return Part(told, len(told) if len(told) < SHOWN else _counted(stretch))


def _counted(stretch: Stretch) -> int:
    return stretch.rows.order_by()[: MOST + 1].count()


def _stretch(rows: "QuerySet[Matter]", name: str, at: datetime) -> Stretch:
    """Return a part in its order: by deadline or by the day of supervision, else the newest first."""
    late = rows.filter(OPEN, due_at__isnull=False, due_at__lt=at)
    moved = Move.objects.filter(matter=OuterRef("pk"), at__gt=at - WEEK, undone_by=None)
    return {
        "overdue": lambda: Stretch(late, "due_at"),
        "newly": lambda: Stretch(late.filter(due_at__gte=at - WEEK), "due_at"),
        "reopened": lambda: _moved(rows, moved, "again"),
        "returned": lambda: _moved(rows, moved, "return"),
        "pressed": lambda: Stretch(
            rows.filter(OPEN, supervised_at__isnull=False), "supervised_at"
        ),
    }[name]()


def _moved(rows: "QuerySet[Matter]", moved: "QuerySet[Move]", what: str) -> Stretch:
    return Stretch(rows.filter(Exists(moved.filter(name__in=_names(what)))), falling=True)


def _names(what: str) -> list[str]:
    """Return the names of moves that do a matter again, or that a request to send back makes."""
    flows = catalogue().flows.values()
    if what == "again":
        return sorted({n for f in flows for n, m in f.moves.items() if m.again})
    return sorted(
        {str(r.move) for f in flows for r in f.requests.values() if r.move and r.article}
    )


def _places(viewer: Viewer, rows: "QuerySet[Matter]", at: datetime) -> tuple[Repeat, ...]:
    """Return places that came at least twice in a year, within the week too: by cell."""
    recent = rows.filter(opened_on__gt=clock.day_of(at - YEAR)).exclude(cell="")
    this_week = recent.filter(opened_on__gt=clock.day_of(at - WEEK)).values("cell")
    counted = (
        recent.filter(cell__in=this_week)
        .values("cell", "kind")
        .order_by()
        .annotate(n=Count("pk"))
        .filter(n__gte=2)
        .order_by("-n", "cell")[: REPEATED + 1]
    )
    found = [(line["cell"], line["kind"], line["n"]) for line in counted]
    many = recent.filter(cell__in={c for c, _kind, _n in found})
    told = lines(viewer, many.order_by("-id")[: 20 * SHOWN], at)
    by_cell: dict[tuple[str, str], list[Line]] = {}
    for line in told:
        by_cell.setdefault((line.cell, line.kind_name), []).append(line)
    return tuple(
        Repeat(_place(by_cell[cell, kind]), "", n, tuple(by_cell[cell, kind][:5]), cell)
        for cell, kind, n in found
        if (cell, kind) in by_cell
    )


def _place(some: list[Line]) -> str:
    """Return what a place is called: one address, or the neighbourhood of one of several.

    A place with a point is a square of the map, in which many doors lie; naming one household for
    what its neighbours brought would be wrong.
    """
    places = list(dict.fromkeys(line.place for line in some if line.place))
    if len(places) > 1:
        return _("{place}一带").format(place=places[0])
    return places[0] if places else some[0].title


def _callers(viewer: Viewer, at: datetime) -> tuple[Repeat, ...]:
    """Return callers who came at least twice in a year, and within the week; masked.

    Matters about one of the viewer's own units are left out before anything is counted.
    """
    some = [k for k in kinds(viewer) if k.parties]
    seen = rows_of(viewer, some, at, "parties.see") & rows_of(viewer, some, at)
    people = Party.objects.filter(
        matter__in=seen.filter(withdrawn_at=None), role="caller", at__gt=at - YEAR
    ).exclude(phone_finger="")
    counted = (
        people.filter(phone_finger__in=people.filter(at__gt=at - WEEK).values("phone_finger"))
        .values("phone_finger")
        .order_by()
        .annotate(n=Count("matter_id", distinct=True))
        .filter(n__gte=2)
        .order_by("-n", "phone_finger")[: REPEATED + 1]
    )
    fingers = [line["phone_finger"] for line in counted]
    found = people.filter(phone_finger__in=fingers).select_related("matter").order_by("-matter_id")
    by_finger: dict[str, list[Party]] = {}
    for person in found:
        if not barred(viewer, person.matter):
            by_finger.setdefault(person.phone_finger, []).append(person)
    wanted = {p.matter_id for people_ in by_finger.values() for p in people_}
    told = {line.id: line for line in lines(viewer, seen.filter(pk__in=wanted), at)}
    repeats = [
        Repeat(
            masking.name(mine[0].name),
            masking.phone(mine[0].phone),
            len({p.matter_id for p in mine}),
            tuple(told[i] for i in dict.fromkeys(p.matter_id for p in mine) if i in told)[:5],
        )
        for mine in (by_finger.get(f, []) for f in fingers)
        if len({p.matter_id for p in mine}) >= 2
    ]
    return tuple(repeats)


def chosen_lines(viewer: Viewer, ids: list[int], at: datetime) -> tuple[Line, ...]:
    """Return the lines of some matters that the viewer sees, in the order of their ids."""
    rows = rows_of(viewer, access.kinds(viewer, "matter"), at)
    return lines(viewer, rows.filter(pk__in=ids, withdrawn_at=None).order_by("id"), at)
