"""Matters: open one, find its likely doubles, move it, ask for more time, note a call."""

from datetime import datetime
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from jiezhen.api import schemas
from jiezhen.api.guards import answer, keyed
from jiezhen.api.records import _FAILURES, who
from jiezhen.kernel import clock
from jiezhen.matters import operations, queries
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import places
from jiezhen.units import queries as units
from jiezhen.units.queries import UnitRow, UnknownUnit
from jiezhen.units.rules import coordinates

Body = dict[str, Any]
router = Router(tags=["matters"])


def _kind(name: str) -> Kind:
    kind = catalogue().kinds.get(name)
    if kind is None or kind.shape != "matter":
        raise Http404
    return kind


def _place(body: schemas.PlaceIn | None) -> Body | None:
    """Return a place in WGS-84."""
    if body is None:
        return None
    found: Body = {"text": body.text}
    if body.lon is not None and body.lat is not None:
        lon, lat = coordinates.to_wgs84(body.lon, body.lat, body.system)
        found |= {"lon": lon, "lat": lat}
    return found


def _unit(viewer: Viewer, text: str, at: datetime) -> UnitRow | None:
    if not text:
        return None
    found = units.tree(viewer.office_id, at).named(text)
    if found is None:
        raise UnknownUnit(text)
    return found


@router.post("/matters/{kind}", response={201: schemas.OpenedOut, **_FAILURES})
def open_matter(request: HttpRequest, kind: str, body: schemas.MatterIn) -> HttpResponse:
    """Open a matter: its grid and unit are found, its clocks start, likely doubles come back.

    Needs `Idempotency-Key`. `place` may be in `wgs84`, `gcj02` or `bd09`.
    """
    spec = _kind(kind)
    asked = who(request)
    viewer, at = asked.viewer, asked.at
    unit = _unit(viewer, body.unit, at)
    place = _place(body.place)

    def work() -> HttpResponse:
        alike = _twins(viewer, spec, body.values, place, at) if body.twins else []
        made = operations.open_matter(
            viewer, kind, body.values, at,
            unit=unit, source=body.source or "api", place=place, receipt=body.receipt,
        )  # fmt: skip
        return answer(_opened(viewer, made, alike, at), 201)

    return keyed(request, work)


def _opened(
    viewer: Viewer, made: operations.Opened, alike: list[queries.Twin], at: datetime
) -> Body:
    row = made.matter
    tree = units.tree(viewer.office_id, at)
    unit, grid = tree.unit(row.unit_id), tree.unit(row.grid_id) if row.grid_id else None
    return {
        "code": row.code,
        "href": places.page(row.kind, row.code),
        "state": row.state,
        "unit": unit.code if unit else "",
        "unit_title": unit.title if unit else "",
        "grid": grid.code if grid else "",
        "due_at": row.due_at.astimezone(clock.ZONE).isoformat() if row.due_at else None,
        "timers": {name: {"due": item["due"]} for name, item in row.timers.items()},
        "receipt": made.receipt,
        "twins": [_twin(t) for t in alike],
    }


def _twin(twin: queries.Twin) -> Body:
    return {
        "code": twin.code,
        "title": twin.title,
        "state": twin.state,
        "opened_on": twin.opened_on.isoformat(),
        "score": twin.score,
        "why": twin.why,
    }


def _twins(
    viewer: Viewer, spec: Kind, values: Body, place: Body | None, at: datetime
) -> list[queries.Twin]:
    """Return likely doubles of raw values; what cannot be read is simply not compared."""
    name = queries.place_of(spec)
    raw = {**values, name: place} if place and name and not values.get(name) else values
    return queries.twins_before(viewer, spec, raw, at)


@router.post("/matters/{kind}/twins", response={200: list[Body], **_FAILURES})
def twins(request: HttpRequest, kind: str, body: schemas.MatterIn) -> HttpResponse:
    """Return likely doubles before anything is filed. Writes nothing."""
    spec = _kind(kind)
    asked = who(request)
    if not asked.viewer.may("see", kind, sensitivity=spec.sensitivity):
        raise Http404
    found = _twins(asked.viewer, spec, body.values, _place(body.place), asked.at)
    return answer([_twin(t) for t in found])


@router.post("/matters/{kind}/proposals", response={200: Body, **_FAILURES})
def proposals(request: HttpRequest, kind: str, body: schemas.MatterIn) -> HttpResponse:
    """Return the likeliest categories of raw values, with how often such are right.

    Writes nothing. `off` says why nothing is proposed; blank when proposing is on.
    """
    spec = _kind(kind)
    viewer = who(request).viewer
    if spec.guess is None or not viewer.may("change", kind, sensitivity=spec.sensitivity):
        raise Http404
    found = queries.proposals(viewer, spec, body.values)
    top = [{"key": p.key, "title": p.title, "share": p.share} for p in found.top]
    return answer(
        {
            "off": found.off,
            "field": found.field,
            "top": top,
            "accuracy": found.accuracy,
            "accuracy3": found.accuracy3,
            "cases": found.cases,
            "trained_at": found.trained_at.isoformat() if found.trained_at else None,
        }
    )


@router.post("/matters/{kind}/{code}/contact", response={200: Body, **_FAILURES})
def contact(request: HttpRequest, kind: str, code: str, body: schemas.ContactIn) -> HttpResponse:
    """Note a call to the caller: `reached`, `missed` or `wrong`. Needs `Idempotency-Key`."""
    _kind(kind)
    asked = who(request)
    row = queries.matter_for(asked.viewer, code, kind)

    def work() -> HttpResponse:
        changed = operations.contact(
            asked.viewer,
            kind,
            row.pk,
            cast("operations.Outcome", body.outcome),
            asked.at,
            words=body.words,
        )
        return answer(_standing(changed, asked.at))

    return keyed(request, work)


@router.post("/matters/{kind}/{code}/requests/{name}", response={201: Body, **_FAILURES})
def ask(
    request: HttpRequest, kind: str, code: str, name: str, body: schemas.AskIn
) -> HttpResponse:
    """Ask for what the flow offers (延期 暂停 退回 挂账). Needs `Idempotency-Key`."""
    _kind(kind)
    asked = who(request)
    row = queries.matter_for(asked.viewer, code, kind)

    def work() -> HttpResponse:
        made = operations.ask(
            asked.viewer, kind, row.pk, name, asked.at,
            reason=body.reason, words=body.words, article=body.article, amount=body.amount,
        )  # fmt: skip
        return answer({"id": made.pk, "state": made.state}, 201)

    return keyed(request, work)


@router.post("/requests/{request_id}", response={200: Body, **_FAILURES})
def decide(request: HttpRequest, request_id: int, body: schemas.DecideIn) -> HttpResponse:
    """Agree to a request or refuse it. Needs `Idempotency-Key`."""
    asked = who(request)
    if request_id >= 2**63:
        raise Http404

    def work() -> HttpResponse:
        made = operations.decide(
            asked.viewer, request_id, asked.at, grant=body.grant, words=body.words
        )
        return answer({"id": made.pk, "state": made.state})

    return keyed(request, work)


@router.post("/matters/{kind}/{code}/resume", response={200: Body, **_FAILURES})
def resume(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Let the clocks of a paused matter go on. Needs `Idempotency-Key`."""
    _kind(kind)
    asked = who(request)
    row = queries.matter_for(asked.viewer, code, kind)
    return keyed(
        request,
        lambda: answer(
            _standing(operations.resume(asked.viewer, kind, row.pk, asked.at), asked.at)
        ),
    )


@router.get("/matters/{kind}/{code}", response={200: Body, **_FAILURES})
def one(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Return where a matter stands: state, unit, clocks in words."""
    _kind(kind)
    asked = who(request)
    return answer(_standing(queries.matter_for(asked.viewer, code, kind), asked.at))


def _standing(row: Any, at: datetime) -> Body:
    tree = units.tree(row.office_id, at)
    unit, grid = tree.unit(row.unit_id), tree.unit(row.grid_id) if row.grid_id else None
    return {
        "code": row.code,
        "title": row.title,
        "state": row.state,
        "version": row.version,
        "unit": unit.code if unit else "",
        "grid": grid.code if grid else "",
        "clocks": [
            {
                "name": c.name,
                "title": c.title,
                "light": c.lamp,
                "word": c.word,
                "rest": c.rest,
                "due_at": c.due_at.isoformat(),
            }
            for c in queries.clocks(row, at)
        ],
    }
