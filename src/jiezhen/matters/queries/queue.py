"""The queue: what is to be done over all kinds of matters, the most urgent first."""


from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

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
from jiezhen.records.models import Row
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
            tab if tab in TABS else "todo", given.get("kind", "")[:80],
            given.get("state", "")[:40], given.get("unit", "")[:40],
            "" if masking.free_text(q) != q else q, given.get("after", "")[:400],
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
    rows = access.rows_of_many(viewer, chosen)
    if rows is None:
        return Queue(asked, (), dict.fromkeys(TABS, 0), tuple(seen), tuple(units))
    rows = _filtered(rows, asked, units)
    today = clock.day_of(at)
    tests = _tests(today)
    counts = rows.aggregate(**{name: Count("pk", filter=test) for name, test in tests.items()})
    place = unsealed(asked.after, asked.salt)
    found = _page(rows.filter(tests[asked.tab]), asked, place)
    titles = {u.id: u.title for u in units}
    before = place.before if place else 0
    shown = found[:PAGE]
    after = ""
    if len(found) > PAGE:
        latest = shown[-1]
        after = sealed(Place(latest.urgency.isoformat(), latest.pk, before + PAGE), asked.salt)
    return Queue(asked, tuple(_line(row, titles) for row in shown), counts, tuple(seen),
                 tuple(units), before, after)


def _filtered(rows: QuerySet[Row], asked: Asked, units: list[UnitRow]) -> QuerySet[Row]:
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


def _page(rows: QuerySet[Row], asked: Asked, place: Place | None) -> list[Matter]:
    """Return a page and one more: open ones by deadline, the others by their latest day."""
    falling = asked.tab in {"closed", "all"}
    urgency = F("closed_on") if asked.tab == "closed" else F("opened_on")
    if not falling:
        urgency = Coalesce(F("due_on"), Value(_LATEST, output_field=DateField()))
    rows = rows.annotate(urgency=urgency)
    beyond = "lt" if falling else "gt"
    if place is not None:
        day = date.fromisoformat(str(place.value))
        rows = rows.filter(**{f"urgency__{beyond}e": day}).filter(
            Q(**{f"urgency__{beyond}": day}) | Q(**{f"id__{beyond}": place.id})
        )
    order = ("-urgency", "-id") if falling else ("urgency", "id")
    return list(rows.order_by(*order)[: PAGE + 1])  # type: ignore[arg-type]


def _line(row: Matter, titles: Mapping[int, str]) -> Line:
    kind = shapes.kind_of(row.kind)
    return Line(
        row.code, row.title or row.code, places.page(row.kind, row.code), wording.title(kind),
        state_title(kind, row.state), titles.get(row.unit_id, ""), row.due_on, row.closed_on,
        row.opened_on,
    )


