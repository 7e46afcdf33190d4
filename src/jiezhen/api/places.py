"""Where a point or an address is: the unit that a phone proposes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from jiezhen.api import guards, schemas
from jiezhen.api.records import who
from jiezhen.registers import queries as registers
from jiezhen.registers.queries import Where
from jiezhen.units.queries import UnitRow
from jiezhen.units.rules.coordinates import System, to_wgs84

router = Router(tags=["places"])
MOST_TEXT = 300
#: A road may cross the whole office; a list of more is no choice.
MOST_CANDIDATES = 20


class UnitOut(Schema):
    """A unit by its code, name and level."""

    code: str
    title: str
    level: str


class WhereOut(Schema):
    """Where something is.

    `how`: address, point, name, none. `unit` is null exactly for none; then `candidates` holds
    the units between which nobody could decide. `lon` and `lat` are WGS-84.
    """

    unit: UnitOut | None
    door: str
    how: str
    said: str
    lon: float | None
    lat: float | None
    candidates: list[UnitOut]


@router.get(
    "/where",
    response={200: WhereOut, 400: schemas.Failure, 401: schemas.Failure, 422: schemas.Failure},
)
def where(
    request: HttpRequest,
    text: str = "",
    lon: float | None = None,
    lat: float | None = None,
    system: System = "wgs84",
) -> HttpResponse:
    """Find the unit and door of a point (`?lon=&lat=&system=gcj02`) or an address (`?text=`).

    `system` is wgs84, gcj02 or bd09. Nothing is kept of the question.
    """
    asked = who(request)
    problem = _problem(text, lon, lat)
    if problem is not None:
        return problem
    if lon is not None and lat is not None:
        lon, lat = to_wgs84(lon, lat, system)
    found = registers.where(asked.viewer.office_id, text, lon, lat, asked.at)
    return guards.answer(body(found))


def _problem(text: str, lon: float | None, lat: float | None) -> HttpResponse | None:
    if (lon is None) != (lat is None) or (not text.strip() and lon is None):
        said = "要写 text，或 lon 和 lat 两个一起写。"
        return guards.problem(said, 422, message_en="Send text, or lon and lat together.")
    # A number that is none, or infinite, fails the comparison too.
    if lon is not None and lat is not None and not (abs(lon) <= 180 and abs(lat) <= 90):
        return guards.problem("经纬度超出范围。", 422, message_en="Not a place on earth.")
    if len(text) > MOST_TEXT:
        return guards.problem("地址太长了，最多300个字。", 422, message_en="Too long.")
    return None


def body(found: Where) -> dict[str, Any]:
    """Return an answer as JSON."""
    return {
        "unit": _unit(found.unit) if found.unit else None,
        "door": found.door,
        "how": found.how,
        "said": found.said,
        "lon": None if found.lon is None else round(found.lon, 7),
        "lat": None if found.lat is None else round(found.lat, 7),
        "candidates": [_unit(u) for u in found.candidates[:MOST_CANDIDATES]],
    }


def _unit(unit: UnitRow) -> dict[str, str]:
    return {"code": unit.code, "title": unit.title, "level": unit.level}
