"""Open data of matters in the words of GeoReport v2: services, requests, updates. Never who reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from jiezhen.kernel import clock
from jiezhen.matters.queries.places import field_of
from jiezhen.matters.queries.public import (
    OpenMatter,
    Wanted,
    offered_kinds,
    open_matters,
    open_steps,
)
from jiezhen.packs.schema import Field, Kind
from jiezhen.portal.queries import offers
from jiezhen.portal.queries.fronts import Office
from jiezhen.portal.rules import georeport
from jiezhen.portal.rules.georeport import Wrong

Body = dict[str, Any]
_TYPES = {
    "number": "number",
    "money": "number",
    "date": "datetime",
    "time": "datetime",
    "choice": "singlevaluelist",
    "flag": "singlevaluelist",
}


def kinds() -> list[Kind]:
    """Return the kinds that are services: offered to residents, open data, tied to nothing else."""
    return [
        k
        for k in offered_kinds()
        if k.offer
        and offers.is_open(k)
        and not any(k.fields[n].type == "link" for n in k.offer.fields)
    ]


def kind_of(code: str) -> Kind:
    """Return the kind behind a service code.

    Raises:
        Wrong: There is none.
    """
    found = next((k for k in kinds() if k.name == code), None)
    if found is None:
        raise Wrong(404, "service_code was not found")
    return found


def services() -> list[Body]:
    """Return GET services."""
    return [
        {
            "service_code": k.name,
            "service_name": k.offer.title,
            "description": k.offer.help or None,
            "metadata": bool(_asked(k)),
            "type": "realtime",
            "keywords": ",".join(k.offer.words) or None,
            "group": k.offer.group,
        }
        for k in kinds()
        if k.offer
    ]


def _asked(kind: Kind) -> list[tuple[str, Field]]:
    names = kind.offer.fields if kind.offer else ()
    place = field_of(kind)
    return [
        (n, f)
        for n in names
        if n != place
        and (f := kind.fields[n]).type not in ("file", "link", "place")
        and not f.party
        and n not in kind.personal
    ]


def definition(kind: Kind) -> Body:
    """Return the service definition: the fields of the offer as attributes.

    Texts are not required, because `description` fills them when they are not given.
    """
    return {
        "service_code": kind.name,
        "attributes": [
            {
                "variable": True,
                "code": name,
                "datatype": _TYPES.get(spec.type, "text"),
                "required": spec.required and spec.type != "text",
                "datatype_description": spec.help or spec.unit or None,
                "order": order,
                "description": spec.title,
                "values": [{"key": k, "name": v} for k, v in _values(spec).items()],
            }
            for order, (name, spec) in enumerate(_asked(kind), start=1)
        ],
    }


def _values(spec: Field) -> Mapping[str, str]:
    return {"yes": "是", "no": "否"} if spec.type == "flag" else spec.options


@dataclass(frozen=True, slots=True)
class Query:
    """What a client asks of requests and updates, still as it was written."""

    given: Mapping[str, str]
    at: datetime

    def get(self, name: str) -> str:
        """Return a parameter; blank when it is not there."""
        return str(self.given.get(name, ""))[:4000]

    def moment(self, name: str) -> datetime | None:
        """Return a moment; see `georeport.moment`."""
        return georeport.moment(self.get(name), name, clock.ZONE)

    def wanted(self) -> Wanted:
        """Return which open data are asked for.

        Raises:
            Wrong: Something cannot be read.
        """
        codes = georeport.listed(self.get("service_request_id"))[: georeport.MOST_IDS]
        page = georeport.page(self.get("page"), self.get("page_size"))
        if codes:
            return Wanted(codes=codes, page=page.number, size=max(page.size, len(codes)))
        wanted = Wanted(
            kinds=self._kinds(),
            closed=self._closed(),
            changed_since=self.moment("updated_after"),
            changed_until=self.moment("updated_before"),
            near=self._near(),
            page=page.number,
            size=page.size,
        )
        start, end = self.moment("start_date"), self.moment("end_date")
        changed = wanted.changed_since or wanted.changed_until
        if changed and start is None and end is None:
            return wanted
        since, until = georeport.window(start, end, self.at)
        return replace(wanted, since=since, until=until)

    def _kinds(self) -> tuple[str, ...]:
        names = georeport.listed(self.get("service_code"))
        known = tuple(k.name for k in kinds())
        if not names:
            return known or ("",)
        return tuple(n for n in names if n in known) or ("",)

    def _closed(self) -> bool | None:
        asked = set(georeport.listed(self.get("status").lower()))
        if asked - {"open", "closed"}:
            raise Wrong(400, "status must be open or closed")
        return None if len(asked) != 1 else asked == {"closed"}

    def _near(self) -> tuple[float, float, float] | None:
        lat = georeport.degrees(self.get("lat"), "lat", 90)
        lon = georeport.degrees(self.get("long"), "long", 180)
        metres = georeport.degrees(self.get("radius"), "radius", 50_000)
        if lat is None or lon is None:
            return None
        return lon, lat, metres if metres and metres > 0 else 500.0


def requests(office: Office, query: Query) -> list[Body]:
    """Return GET requests, the newest first; one statement.

    Raises:
        Wrong: Something that is asked for cannot be read.
    """
    known = {k.name for k in kinds()}
    rows = open_matters(office.viewer.office_id, query.wanted())
    return [_request(row) for row in rows if row.kind.name in known]


def request(office: Office, code: str) -> Body:
    """Return one request.

    Raises:
        Wrong: There is no such request among the open data.
    """
    known = {k.name for k in kinds()}
    rows = open_matters(office.viewer.office_id, Wanted(codes=(code,), size=1))
    if not rows or rows[0].kind.name not in known:
        raise Wrong(404, "service_request_id was not found")
    return _request(rows[0])


def _request(row: OpenMatter) -> Body:
    """Return a request. Anybody may write anything: words show once somebody took it up."""
    service = row.kind.offer.title if row.kind.offer else row.kind.title
    return {
        "service_request_id": row.code,
        "status": "closed" if row.closed else "open",
        "status_notes": _notes(row),
        "service_name": service,
        "service_code": row.kind.name,
        "description": row.title[:4000] if row.taken_up else service,
        "agency_responsible": row.unit,
        "service_notice": None,
        "requested_datetime": _when(row.opened_at),
        "updated_datetime": _when(row.changed_at),
        "expected_datetime": _when(row.due_at) if row.due_at else None,
        "address": row.address or None if row.taken_up else None,
        "address_id": None,
        "zipcode": None,
        "lat": row.lat,
        "long": row.lon,
        "media_url": None,
    }


def _notes(row: OpenMatter) -> str:
    """Return the state, and behind it what came of a closed one: 已办结：解释说明.

    The standard knows open and closed alone; whether it was solved or explained is said here.
    """
    told = row.came_of
    return f"{row.state}：{'、'.join(told)}" if told else row.state


def _when(moment: datetime) -> str:
    return moment.astimezone(clock.ZONE).isoformat(timespec="seconds")


def updates(office: Office, query: Query) -> list[Body]:
    """Return the steps of requests, the oldest first; two statements.

    Raises:
        Wrong: Something that is asked for cannot be read.
    """
    codes = georeport.listed(query.get("service_request_id"))[: georeport.MOST_IDS]
    since, until = None, None
    if not codes:
        since, until = georeport.window(
            query.moment("start_date"), query.moment("end_date"), query.at
        )
        wanted = Wanted(
            kinds=tuple(k.name for k in kinds()) or ("",),
            changed_since=since,
            size=georeport.MOST_SIZE,
        )
        codes = tuple(m.code for m in open_matters(office.viewer.office_id, wanted))
    known = {m["service_request_id"] for m in _known(office, codes)}
    return [
        {
            "update_id": update_id(step.code, step.number),
            "service_request_id": step.code,
            "status": "closed" if step.closed else "open",
            "updated_datetime": _when(step.at),
            "description": step.state,
        }
        for step in open_steps(office.viewer.office_id, codes)
        if step.code in known and (since is None or until is None or since <= step.at <= until)
    ]


def update_id(code: str, number: int) -> str:
    """Return what a step of a request is called."""
    return f"{code}-{number}"


def _known(office: Office, codes: tuple[str, ...]) -> list[Body]:
    if not codes:
        return []
    names = {k.name for k in kinds()}
    rows = open_matters(office.viewer.office_id, Wanted(codes=codes, size=len(codes)))
    return [_request(r) for r in rows if r.kind.name in names]
