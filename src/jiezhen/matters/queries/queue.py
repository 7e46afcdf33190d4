"""The queue: what is to be done over all kinds of matters, the most urgent first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Count, DateField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from jiezhen.kernel import clock
from jiezhen.matters import rules
from jiezhen.matters.models import Matter
from jiezhen.matters.queries.single import state_title
from jiezhen.packs.schema import Kind
from jiezhen.people import masking
from jiezhen.people.access import Viewer
from jiezhen.records import access, places, shapes, wording
from jiezhen.records.paging import Place, sealed, unsealed
from jiezhen.units import queries as unit_queries
from jiezhen.units.queries import UnitRow

PAGE = 50
#: The tabs of the queue: clocks, not states.
TABS = ("todo", "today", "overdue", "closed", "all")
_LATEST = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the queue asks for; unknown words of it are not in here."""

    tab: str = "todo"
    kind: str = ""
    state: str = ""
    unit: str = ""
    q: str = ""
    after: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Asked":
        """Return the parts of an address that the queue knows."""
        tab = given.get("tab", "todo")
        q = given.get("q", "").strip()[:60]
        return cls(
            tab if tab in TABS else "todo",
            given.get("kind", "")[:80],
            given.get("state", "")[:40],
            given.get("unit", "")[:40],
            "" if masking.free_text(q) != q else q,
            given.get("after", "")[:400],
        )

    @property
    def salt(self) -> str:
        """Return what binds a place in the queue to these filters."""
        return f"matters:{self.tab}:{self.kind}:{self.state}:{self.unit}:{self.q}"


@dataclass(frozen=True, slots=True)
class Line:
    """One matter in the queue."""

    code: str
    title: str
    href: str
    kind: str
    state: str
    unit: str
    due_on: date | None
    closed_on: date | None
    opened_on: date


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue, how many matters lie in each tab, and what may be chosen."""

    asked: Asked
    lines: tuple[Line, ...]
    counts: Mapping[str, int]
    kinds: tuple[Kind, ...]
    units: tuple[UnitRow, ...]
    before: int = 0
    next: str = ""
    previous: str = ""


def kinds(viewer: Viewer, *, projects: bool) -> list[Kind]:
    """Return the kinds of matters that the viewer sees: the long ones or the others."""
    return [
        k for k in access.kinds(viewer, "matter") if rules.is_project(k, k.flow_spec) == projects
    ]


def queue(viewer: Viewer, asked: Asked, at: datetime) -> Queue:
    """Return one page of the queue over all kinds: the most urgent first.

    Three statements: units, counts, the page.
    """
    seen = kinds(viewer, projects=False)
    if asked.kind:
        named = [k for k in access.kinds(viewer, "matter") if k.name == asked.kind]
        chosen = named
    else:
        chosen = seen
    units = unit_queries.units_of_office(viewer.office_id)
    some = access.rows_of_many(viewer, chosen)
    if some is None:
        return Queue(asked, (), dict.fromkeys(TABS, 0), tuple(seen), tuple(units))
    rows = _filtered(cast("QuerySet[Matter]", some), asked, units)
    tests = _tests(clock.day_of(at))
    counts = rows.aggregate(**{name: Count("pk", filter=test) for name, test in tests.items()})
    page = _page(rows.filter(tests[asked.tab]), asked)
    titles = {u.id: u.title for u in units}
    lines = tuple(_line(row, titles) for row in page.rows)
    return Queue(
        asked, lines, counts, tuple(seen), tuple(units), page.before, page.next, page.previous
    )


def urgent(viewer: Viewer, at: datetime, most: int = 10) -> list[Line]:
    """Return the open matters that are late or due today, the latest first: one statement."""
    some = access.rows_of_many(viewer, kinds(viewer, projects=False))
    if some is None:
        return []
    rows = cast("QuerySet[Matter]", some).filter(
        withdrawn_at=None, closed_on=None, due_on__lte=clock.day_of(at)
    )
    found = rows.select_related("unit").order_by("due_on", "id")[:most]
    return [_line(row, {row.unit_id: row.unit.title}) for row in found]


@dataclass(frozen=True, slots=True)
class _Page:
    """The rows of one page, and the places of the pages around it."""

    rows: list[Any]
    before: int
    next: str
    previous: str


def _page(rows: "QuerySet[Matter]", asked: Asked) -> _Page:
    """Return a page: open matters by deadline, the others by their latest day."""
    falling = asked.tab in {"closed", "all"}
    urgency: Any = F("closed_on") if asked.tab == "closed" else F("opened_on")
    if not falling:
        urgency = Coalesce(F("due_on"), Value(_LATEST, output_field=DateField()))
    place = unsealed(asked.after, asked.salt)
    back = place is not None and place.back
    chosen = rows.annotate(urgency=urgency)
    if place is not None:
        beyond = "lt" if falling != place.back else "gt"
        day = date.fromisoformat(str(place.value))
        chosen = chosen.filter(**{f"urgency__{beyond}e": day}).filter(
            Q(**{f"urgency__{beyond}": day}) | Q(**{f"id__{beyond}": place.id})
        )
    order = ("-urgency", "-id") if falling != back else ("urgency", "id")
    found: list[Any] = list(chosen.order_by(*order)[: PAGE + 1])
    more = len(found) > PAGE
    shown = found[:PAGE][::-1] if back else found[:PAGE]
    edge = place.before if place else 0
    before = max(0, edge - len(shown)) if back else edge
    return _Page(
        shown,
        before,
        _edge(asked, shown, before, back=False) if shown and (back or more) else "",
        _edge(asked, shown, before, back=True) if shown and (more if back else place) else "",
    )


def _edge(asked: Asked, shown: list[Any], before: int, *, back: bool) -> str:
    """Return the signed place before the first row, or behind the latest."""
    row = shown[0] if back else shown[-1]
    counted = before if back else before + len(shown)
    return sealed(Place(row.urgency.isoformat(), row.pk, counted, back), asked.salt)


def _filtered(rows: "QuerySet[Matter]", asked: Asked, units: list[UnitRow]) -> "QuerySet[Matter]":
    rows = rows.filter(withdrawn_at=None)
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.unit:
        unit = next((u for u in units if u.code == asked.unit), None)
        rows = rows.filter(unit__path__startswith=unit.path) if unit else rows.none()
    for word in asked.q.split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(code__icontains=word))
    return rows


def _tests(today: date) -> dict[str, Q]:
    still = Q(closed_on=None)
    return {
        "todo": still,
        "today": still & Q(due_on=today),
        "overdue": still & Q(due_on__lt=today),
        "closed": Q(closed_on__isnull=False),
        "all": Q(),
    }


def _line(row: Matter, titles: Mapping[int, str]) -> Line:
    kind = shapes.kind_of(row.kind)
    return Line(
        row.code,
        row.title or row.code,
        places.page(row.kind, row.code),
        wording.title(kind),
        state_title(kind, row.state),
        titles.get(row.unit_id, ""),
        row.due_on,
        row.closed_on,
        row.opened_on,
    )
