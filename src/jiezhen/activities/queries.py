"""Read services: the latest over all kinds, those used lately, what they add up to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q, Sum
from django.utils.translation import gettext as _

from jiezhen.activities import rules
from jiezhen.activities.facts import TICKS
from jiezhen.kernel import clock
from jiezhen.kernel.expressions import parse
from jiezhen.kernel.periods import Period
from jiezhen.packs.schema import Finds, Kind
from jiezhen.people.access import Viewer
from jiezhen.records import access, columns, display, holding, panels, places, shapes, wording
from jiezhen.records.lookups import WholeValue
from jiezhen.records.models import Row
from jiezhen.units import queries as unit_queries

LATEST = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One service in the list over all kinds."""

    code: str
    title: str
    href: str
    kind: str
    unit: str
    on: date | None
    count: str


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of service: how many records the viewer sees this year, and the latest day."""

    kind: Kind
    this_year: int
    latest: date | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page 服务 shows: the kinds, and the latest records of all."""

    services: tuple[Service, ...]
    lines: tuple[Line, ...]


def overview(viewer: Viewer, at: datetime) -> Overview:
    """Return the kinds of services and their latest records: three statements."""
    kinds = access.kinds(viewer, "activity")
    rows = access.rows_of_many(viewer, kinds)
    if rows is None:
        return Overview((), ())
    rows = rows.filter(withdrawn_at=None)
    year = Period.of(clock.day_of(at), "year")
    inside = Q(on__gte=year.start, on__lt=year.until)
    grouped = (
        rows.order_by()
        .values_list("kind")
        .annotate(n=Count("pk", filter=inside), latest=Max("on"))
    )
    counts: Mapping[str, tuple[int, date | None]] = {k: (n, day) for k, n, day in grouped}
    titles = {u.id: u.title for u in unit_queries.units_of_office(viewer.office_id)}
    by_name = {k.name: k for k in kinds}
    lines = tuple(_line(row, by_name[row.kind], titles) for row in rows.order_by("-id")[:LATEST])
    return Overview(tuple(Service(k, *counts.get(k.name, (0, None))) for k in kinds), lines)


def _line(row: Row, kind: Kind, titles: Mapping[int, str]) -> Line:
    name = rules.counted(kind)
    shown = display.field_value(row, name, kind.fields[name]).text if name else ""
    return Line(
        row.code,
        row.title or row.code,
        places.page(row.kind, row.code),
        wording.title(kind),
        titles.get(row.unit_id, ""),
        row.on,
        shown,
    )


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a checklist, to be ticked."""

    id: int
    code: str
    title: str


def checklist(viewer: Viewer, find: Finds, most: int = 300) -> list[Item]:
    """Return the rows of a checklist that are in force, in the order of their registration."""
    try:
        kind = access.kind_for(viewer, str(find.checklist))
    except access.NoSuchRecord:
        return []
    rows = access.rows(viewer, kind).filter(withdrawn_at=None, until=None).order_by("id")[:most]
    wanted = parse(find.where, kind.columns()) if find.where else None
    return [
        Item(row.pk, row.code, row.title or row.code)
        for row in rows
        if wanted is None or wanted.evaluate(holding.known(kind, row)) is True
    ]


@dataclass(frozen=True, slots=True)
class FoundMatter:
    """One matter that an activity found: its page, and how it stands."""

    kind: str
    code: str
    title: str
    href: str
    state: str
    closed: bool


def found_matters(viewer: Viewer, row: Row) -> list[FoundMatter]:
    """Return the matters that an activity found and the viewer may see: a statement a kind."""
    found = []
    for find in shapes.kind_of(row.kind).finds:
        try:
            kind = access.kind_for(viewer, find.kind)
        except access.NoSuchRecord:
            continue
        rows = access.rows(viewer, kind).filter(withdrawn_at=None)
        linked = rows.annotate(found_by=WholeValue(find.link)).filter(found_by=row.pk)
        found += [
            FoundMatter(
                kind.name,
                one.code,
                one.title or one.code,
                places.page(kind.name, one.code),
                display.state_title(kind, getattr(one, "state", "")),
                getattr(one, "closed_on", None) is not None,
            )
            for one in linked.order_by("id")
        ]
    return found


def lately_used(viewer: Viewer, most: int = 6) -> list[Kind]:
    """Return the kinds of services that may be registered, those used by the viewer first."""
    kinds = access.kinds(viewer, "activity", "change")
    rows = access.rows_of_many(viewer, kinds)
    if rows is None:
        return []
    own = rows.filter(created_by_id=viewer.account_id).order_by().values_list("kind")
    used = dict(own.annotate(latest=Max("id")).order_by("-latest")[:most])
    return sorted(kinds, key=lambda k: -used.get(k.name, 0))


@dataclass(frozen=True, slots=True)
class Added:
    """What a kind of service adds up to in a unit over a period, as text, and its list."""

    title: str
    text: str
    href: str


def added_up(viewer: Viewer, row: Row, at: datetime) -> list[Added]:
    """Return today's, this month's and this year's sums of the kind that a record is of.

    In the record's unit; one statement. Empty for kinds that count nothing.
    """
    kind = access.kind_for(viewer, row.kind)
    name = rules.counted(kind)
    if not name:
        return []
    today = clock.day_of(at)
    month, year = Period.of(today, "month"), Period.of(today, "year")
    rows = access.rows(viewer, kind).filter(withdrawn_at=None, unit_id=row.unit_id)
    value = columns.columns_of(kind)[name].expression()
    sums = rows.annotate(counted=value).aggregate(
        today=Sum("counted", filter=Q(on=today)),
        month=Sum("counted", filter=Q(on__gte=month.start, on__lt=month.until)),
        year=Sum("counted", filter=Q(on__gte=year.start, on__lt=year.until)),
    )
    here, unit = places.listing(kind.name), f"&unit={row.unit.code}"
    day = f"{kind.on}={today.isoformat()}" if kind.on in kind.fields else f"period={month.code}"
    found = []
    for key, query in (
        ("today", day),
        ("month", f"period={month.code}"),
        ("year", f"period={year.code}"),
    ):
        total = sums[key] or 0
        plain = int(total) if total == int(total) else total
        stored = display.stored_value(kind.name, name, kind.fields[name], plain)
        text = stored.text or f"0{kind.fields[name].unit}"
        found.append(Added(key, text, f"{here}?{query}{unit}"))
    return found


def panel(viewer: Viewer, row: Row, at: datetime) -> panels.Panel | None:
    """Return what an activity found, with the state of each; None for kinds that find nothing."""
    spec = shapes.kind_of(row.kind)
    if not spec.finds:
        return None
    found = found_matters(viewer, row)
    lines = [panels.Line(f"{m.code} {m.title}", m.href, m.state) for m in found]
    ticks = list(row.data.get(TICKS, {}).values())
    if ticks:
        said = _("检查清单：合格{ok}项，有问题{bad}项，不涉及{na}项").format(
            ok=ticks.count("ok"), bad=ticks.count("bad"), na=ticks.count("na")
        )
        lines.insert(0, panels.Line(said))
    if not found:
        lines.append(panels.Line(_("没有发现问题。")))
    closed = sum(m.closed for m in found)
    title = _("发现的问题{n}件，已办结{closed}件")
    return panels.Panel(title.format(n=len(found), closed=closed), tuple(lines))
