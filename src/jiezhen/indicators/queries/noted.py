"""What is noted about indicators: targets, versions of definitions, uses. One statement."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import CharField, F, FilteredRelation, Q, QuerySet, Value
from django.db.models.functions import JSONObject

from jiezhen.indicators.models import Definition, Target
from jiezhen.indicators.queries import usage
from jiezhen.indicators.queries.shapes import TargetRow
from jiezhen.indicators.queries.usage import Use
from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a definition, and who of the office confirmed it."""

    indicator: str
    version: int
    sentence: str
    since: datetime | None
    digest: str = ""
    id: int = 0
    approved_by: str = ""
    approved_at: datetime | None = None


@dataclass(slots=True)
class Notes:
    """Targets in force, versions latest first, and uses."""

    targets: dict[str, list[TargetRow]] = field(default_factory=lambda: defaultdict(list))
    versions: dict[str, list[Version]] = field(default_factory=lambda: defaultdict(list))
    uses: list[Use] = field(default_factory=list)

    def target(self, name: str, unit: int, period: Period) -> TargetRow | None:
        """Return the target of the period, else of the shortest period that holds it."""
        held = [
            t
            for t in self.targets.get(name, ())
            if t.unit_id == unit and t.period.contains(period)
        ]
        return min(held, key=lambda t: t.period.days, default=None)

    def version(self, name: str) -> Version:
        """Return the version in force: the noted one of the pack's digest, else the next."""
        spec = catalogue().indicators[name]
        held = self.versions.get(name, [])
        for version in held:
            if version.digest == spec.digest:
                return version
        number = held[0].version + 1 if held else 1
        return Version(name, number, spec.definition_sentence(), None, spec.digest)


def notes(viewer: Viewer, names: Iterable[str], *, uses_of: str = "") -> Notes:
    """Return what is noted about some indicators, and where one of them is used."""
    listed = sorted(set(names))
    waiting: list[QuerySet[Any]] = [_versions(viewer, listed)]
    found = Notes()
    if uses_of:
        found.uses, more = usage.asked(viewer, uses_of)
        waiting += more
    for what, body in _targets(viewer, listed).union(*waiting, all=True):
        _TAKE[what](found, body)
    for versions in found.versions.values():
        versions.sort(key=lambda v: -v.version)
    return found


def _named(name: str) -> Value:
    return Value(name, output_field=CharField())


def _targets(viewer: Viewer, names: list[str]) -> QuerySet[Any]:
    rows = Target.objects.for_system("targets are open to the whole office")
    rows = rows.filter(office_id=viewer.office_id, indicator__in=names, withdrawn_at=None)
    fields = (
        "id",
        "indicator",
        "unit_id",
        "period",
        "value",
        "comparator",
        "starts_on",
        "ends_on",
        "months",
        "source",
        "commitment_id",
        "set_by",
        "set_at",
    )
    body = JSONObject(**{name: F(name) for name in fields})
    found: QuerySet[Any] = rows.order_by().values_list(_named("target"), body)
    return found


def _versions(viewer: Viewer, names: list[str]) -> QuerySet[Any]:
    rows = Definition.objects.filter(indicator__in=names).annotate(
        word=FilteredRelation("approvals", condition=Q(approvals__office_id=viewer.office_id))
    )
    body = JSONObject(
        id=F("id"),
        indicator=F("indicator"),
        version=F("version"),
        sentence=F("sentence"),
        since=F("since"),
        digest=F("digest"),
        approved_by=F("word__actor"),
        approved_at=F("word__at"),
    )
    return rows.order_by().values_list(_named("version"), body)


def _take_target(found: Notes, body: dict[str, Any]) -> None:
    try:
        period = Period.parse(body["period"])
    except BadPeriod:
        return
    start, until = _day(body["starts_on"]), _day(body["ends_on"])
    found.targets[body["indicator"]].append(
        TargetRow(
            id=body["id"],
            indicator=body["indicator"],
            unit_id=body["unit_id"],
            period=period,
            value=Decimal(str(body["value"])),
            comparator=body["comparator"],
            start=start or period.start,
            until=date.fromordinal(until.toordinal() + 1) if until else period.until,
            months=_json(body["months"]),
            source=body["source"],
            commitment_id=body["commitment_id"],
            set_by=body["set_by"],
            set_at=_moment(body["set_at"]),
        )
    )


def _take_version(found: Notes, body: dict[str, Any]) -> None:
    found.versions[body["indicator"]].append(
        Version(
            indicator=body["indicator"],
            version=body["version"],
            sentence=body["sentence"],
            since=_moment(body["since"]),
            digest=body["digest"],
            id=body["id"],
            approved_by=body["approved_by"] or "",
            approved_at=_moment(body["approved_at"]),
        )
    )


def _take_use(found: Notes, body: dict[str, Any]) -> None:
    found.uses.append(Use(body["title"], body["href"], period=body.get("period") or ""))


_TAKE = {"target": _take_target, "version": _take_version, "use": _take_use}


def _json(value: Any) -> dict[str, str]:
    """Return a JSON object that SQLite may hand over as text inside another one."""
    return dict(json.loads(value)) if isinstance(value, str) else dict(value or {})


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value[:10]) if value else None


def _moment(value: str | None) -> datetime | None:
    """Return a moment of a JSON object; SQLite writes it in UTC without saying so."""
    if not value:
        return None
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
