"""What concerns the caller: opening a matter, showing who they are, their own answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.matters.facts import as_matter, flow_of
from jiezhen.matters.models import Matter, Party
from jiezhen.matters.operations import intake, moving, steps
from jiezhen.matters.queries import callers as parties
from jiezhen.matters.queries import places
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.records import sealing, shapes
from jiezhen.trail import operations as trail
from jiezhen.units import queries as units
from jiezhen.units.queries import UnitRow


@dataclass(frozen=True, slots=True)
class Opened:
    """A matter that was just opened, and the caller's code; blank where none was asked for."""

    matter: Matter
    receipt: str = ""


def open_matter(  # noqa: PLR0913  # the one door of new matters; all but four are by name
    viewer: Viewer,
    kind: str,
    values: Mapping[str, Any],
    at: datetime,
    *,
    unit: UnitRow | None = None,
    given: Mapping[str, Any] | None = None,
    source: str = "form",
    place: Mapping[str, Any] | None = None,
    parent: Matter | None = None,
    receipt: bool = False,
) -> Opened:
    """Open a matter: find its grid and its unit, keep the caller apart, start its clocks.

    One transaction, that of `records.create_many`.

    `unit` is where it is taken in, the viewer's own when not given. `place` is
    {text, lon, lat} in WGS-84 and fills the kind's field for it. `receipt` asks for a code with
    which the caller follows it.

    Raises:
        records.NotAllowed: The viewer may neither change this kind here nor report it.
        records.Refused: Values are missing or wrong; one problem a field.
        records.AlreadyThere: The natural key is taken.
    """
    spec = shapes.kind_of(kind)
    tree = units.tree(viewer.office_id, at)
    raw = dict(values)
    name = places.field_of(spec)
    if place and name and raw.get(name) in (None, "", {}):
        raw[name] = {k: place[k] for k in ("text", "lon", "lat") if place.get(k) is not None}
    plain, problems = records.read_values(spec, raw, records.context_for(viewer, at))
    if problems:
        raise records.Refused(*problems)
    code = intake.new_receipt() if receipt else ""
    found = intake.Intake(tree, parent_id=parent.pk if parent else None, receipt=code)
    draft = records.Draft(
        unit or tree.unit(viewer.unit_id) or tree.office,
        plain,
        {**(given or {}), intake.KEY: found},
    )
    row = records.create_many(viewer, kind, [draft], at, source=source)[0]
    return Opened(as_matter(row), code)


class NotForSubject(records.NotAllowed):
    """Whom a matter is about never learns who called."""


@transaction.atomic
def reveal_party(
    viewer: Viewer, kind: str, record_id: int, party_id: int, purpose: str, at: datetime
) -> parties.Shown:
    """Show who called, for a purpose that stays on record.

    Shape: the person with name, number and address in full.

    Raises:
        NotForSubject: The viewer works in a unit that the matter is about.
        records.NotAllowed: The viewer does not hold the right `parties.see` here.
        records.Refused: No purpose is given.
    """
    spec = shapes.kind_of(kind)
    rows = Matter.objects.seen_by(viewer, "see", kind, spec.sensitivity)
    row = rows.select_related("unit").filter(kind=kind, pk=record_id).first()
    if row is not None and parties.barred(viewer, row):
        raise NotForSubject(
            records.Problem("", _("这件反映的是本单元，诉求人信息不向本单元开放。"))
        )
    if row is None or not parties.may_see(viewer, row):
        raise records.NotAllowed(
            records.Problem("", _("没有权限看诉求人。需要的话，找本单元负责人。"))
        )
    person = Party.objects.filter(matter_id=row.pk, pk=party_id).first()
    if person is None:
        raise records.NotAllowed(records.Problem("", _("没有这位诉求人。")))
    if not purpose.strip():
        raise records.Refused(records.Problem("purpose", _("请写为什么要看。")))
    trail.append(
        viewer,
        parties.REVEALED,
        f"{kind}:{row.code}",
        at,
        why=steps.words(row.pk, spec, purpose)[:100],
        after={"role": person.role},
    )
    return parties.in_full(person)


class UnknownReceipt(LookupError):
    """No matter has this code. The answer never tells which part of it was wrong."""


@transaction.atomic
def answer(
    viewer: Viewer,
    receipt: str,
    name: str,
    values: Mapping[str, Any],
    at: datetime,
    *,
    note: str = "",
) -> Matter:
    """Let the caller make a move that the flow leaves to callers, with their code.

    `viewer` is the public viewer of the office.

    Raises:
        UnknownReceipt: No matter of the office has the code.
        rules.MoveForbidden: The matter is not there yet.
        records.Refused: What the move asks for is missing, or it is not the caller's.
    """
    row = by_receipt(viewer.office_id, receipt)
    if row is None:
        raise UnknownReceipt
    wanted = flow_of(shapes.kind_of(row.kind)).moves.get(name)
    if wanted is None or not wanted.callers:
        raise records.Refused(records.Problem("", _("这一步不由诉求人做。")))
    acting = steps.own(viewer)
    return moving.move(acting, row.kind, row.pk, name, values, at, note=note)


def by_receipt(office_id: int, receipt: str) -> Matter | None:
    """Return the matter of a caller's code. One statement, whatever was written."""
    code = "".join(receipt.split()).replace("-", "").upper()[:40]
    rows = Matter.objects.for_system("the caller's own code").select_related("unit")
    found = rows.filter(office_id=office_id, receipt=sealing.finger(code), withdrawn_at=None)
    row = found.exclude(receipt="").first()
    return as_matter(row) if row is not None else None
