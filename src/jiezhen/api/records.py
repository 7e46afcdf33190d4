"""Kinds, records, moves and imports."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from ninja import File, Router
from ninja.files import UploadedFile

from jiezhen.activities import operations as activities
from jiezhen.api import bodies, guards, schemas
from jiezhen.api.guards import answer, keyed
from jiezhen.matters import operations as matters
from jiezhen.matters.rules import MoveForbidden
from jiezhen.packs.registry import catalogue
from jiezhen.records import imports, operations, queries, shapes
from jiezhen.records.models import Row
from jiezhen.units import queries as units
from jiezhen.web.pages import StaffRequest

#: Plain JSON.
Body = dict[str, Any]
router = Router(tags=["records"])
_FAILURES = {
    400: schemas.Failure,
    401: schemas.Failure,
    403: schemas.Failure,
    404: schemas.Failure,
    409: schemas.Failure,
    422: schemas.Failure,
}


def who(request: HttpRequest) -> StaffRequest:
    """Return the request of a viewer whom a guard let in."""
    return cast(StaffRequest, request)


def _known(kind: str) -> None:
    if kind not in catalogue().kinds:
        raise Http404


@router.get(
    "/kinds", response={200: list[schemas.KindOut], 400: schemas.Failure, 401: schemas.Failure}
)
def kinds(request: HttpRequest) -> HttpResponse:
    """List the kinds of record that the caller may see."""
    viewer = who(request).viewer
    seen = [k for k in catalogue().kinds.values() if viewer.may("see", k.name)]
    return answer([bodies.kind(k) for k in seen])


@router.get("/records/{kind}", response={200: Body, **_FAILURES})
def listed(request: HttpRequest, kind: str) -> HttpResponse:
    """List records with the filters of the page: `?unit=c01&period=2023H1&after=…`.

    Shape: items, the cursor of the next page (empty at the end), the number in all (above
    10,000 when there are more), and notes on filters that were not understood.
    """
    _known(kind)
    asked = who(request)
    page = queries.listing(asked.viewer, kind, request.GET, asked.at)
    return answer(
        {
            "items": [bodies.record(line.row, line.unit) for line in page.lines],
            "next": page.next,
            "total": page.total,
            "notes": list(page.notes),
        }
    )


@router.get("/records/{kind}/{code}", response={200: schemas.RecordOut, **_FAILURES})
def one(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Return one record."""
    _known(kind)
    row = queries.record_for(who(request).viewer, kind, code)
    return answer(bodies.record(row, row.unit.title))


@router.post("/records/{kind}", response={201: schemas.RecordOut, **_FAILURES})
def create(request: HttpRequest, kind: str, body: schemas.RecordIn) -> HttpResponse:
    """Write a record. Needs `Idempotency-Key`."""
    _known(kind)
    asked = who(request)
    unit = units.unit_for(asked.viewer, body.unit)

    def work() -> HttpResponse:
        allowed = set(shapes.shape_of(kind).given)
        unknown = sorted(set(body.given) - allowed)
        if unknown:
            said = f"given 里没有“{unknown[0]}”，可用：{'、'.join(sorted(allowed))}。"
            raise operations.Refused(operations.Problem("given", said))
        if body.findings:
            return _with_findings(asked, kind, unit, body)
        row = operations.create(
            asked.viewer, kind, unit, body.values, asked.at, given=body.given, source="api"
        )
        return answer(bodies.record(row, unit.title), 201)

    return keyed(request, work)


def _with_findings(
    asked: StaffRequest, kind: str, unit: units.UnitRow, body: schemas.RecordIn
) -> HttpResponse:
    """Write an activity with what it found; the answer names the matters' codes."""
    found = activities.Found(
        [activities.Finding(f.values, f.place, f.item) for f in body.findings]
    )
    made = activities.register(
        asked.viewer,
        kind,
        unit,
        body.values,
        asked.at,
        found=found,
        given=body.given,
        source="api",
    )
    codes = [matter.code for matter in made.matters]
    return answer(bodies.record(made.row, unit.title) | {"findings": codes}, 201)


@router.patch("/records/{kind}/{code}", response={200: schemas.RecordOut, **_FAILURES})
def change(request: HttpRequest, kind: str, code: str, body: schemas.ChangeIn) -> HttpResponse:
    """Change fields of the version that the caller has seen. Needs `Idempotency-Key`."""
    _known(kind)
    asked = who(request)
    row = queries.record_for(asked.viewer, kind, code)

    def work() -> HttpResponse:
        changed = operations.change(
            asked.viewer, kind, row.pk, body.values, body.version, asked.at, why=body.why
        )
        return answer(bodies.record(changed, row.unit.title))

    return keyed(request, work)


@router.post("/records/{kind}/{code}/withdraw", response={200: schemas.RecordOut, **_FAILURES})
def withdraw(request: HttpRequest, kind: str, code: str, body: schemas.ReasonIn) -> HttpResponse:
    """Take a record out of lists and figures. Needs `Idempotency-Key`."""
    _known(kind)
    asked = who(request)
    row = queries.record_for(asked.viewer, kind, code)

    def work() -> HttpResponse:
        gone = operations.withdraw(asked.viewer, kind, row.pk, asked.at, body.why)
        return answer(bodies.record(gone, row.unit.title))

    return keyed(request, work)


@router.post("/records/{kind}/{code}/moves/{move}", response={200: schemas.RecordOut, **_FAILURES})
def move(
    request: HttpRequest, kind: str, code: str, move: str, body: schemas.MoveIn
) -> HttpResponse:
    """Make a move of a matter. Needs `Idempotency-Key`."""
    _known(kind)
    asked = who(request)
    row: Row = queries.record_for(asked.viewer, kind, code)
    if shapes.kind_of(kind).shape != "matter":
        raise Http404

    def work() -> HttpResponse:
        try:
            moved = matters.move(
                asked.viewer,
                kind,
                row.pk,
                move,
                body.values,
                asked.at,
                note=body.note,
                version=body.version,
                unit=body.unit,
            )
        except MoveForbidden as forbidden:
            return guards.problem(forbidden.message, 409, message_en=forbidden.message_en)
        return answer(bodies.record(moved, row.unit.title))

    return keyed(request, work)


@router.post("/imports/{kind}", response={200: Body, **_FAILURES})
def import_file(request: HttpRequest, kind: str, file: File[UploadedFile]) -> HttpResponse:
    """Import a table: good rows are written, bad rows come back with their cure.

    Needs `Idempotency-Key`.
    """
    _known(kind)
    asked = who(request)
    try:
        # Reading takes a child process some seconds; no transaction waits for it.
        table = imports.read(file.read())
    except imports.UnableToImport as unable:
        return guards.problem(unable.message, 422, message_en=unable.message_en)
    file.seek(0)

    def work() -> HttpResponse:
        try:
            outcome = imports.run(asked.viewer, kind, table, file.name or "", asked.at)
        except imports.UnableToImport as unable:
            status = 403 if isinstance(unable, imports.NotAllowed) else 422
            return guards.problem(unable.message, status, message_en=unable.message_en)
        return answer(outcome.to_dict())

    return keyed(request, work)
