"""Show one personal field of one record for a minute, for a reason that stays on record."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jiezhen.packs.schema import Kind
from jiezhen.people import masking
from jiezhen.people.access import Viewer
from jiezhen.records import access, fields, histories, lookups, sealing, shapes, wording
from jiezhen.records.models import Row
from jiezhen.records.operations import NotAllowed, Problem, Refused
from jiezhen.trail import operations as trail

#: How long a field stays open.
OPEN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Opened:
    """A field that somebody may see in full until a moment. It holds no value."""

    kind: str
    record_id: int
    field: str
    until: datetime

    def covers(self, row: Row, at: datetime) -> bool:
        """Say whether it opens a field of this record now."""
        return (self.kind, self.record_id) == (row.kind, row.pk) and at < self.until


def reasons() -> tuple[str, ...]:
    """Return the purposes for which a personal field may be shown."""
    return (_("先行联系"), _("核对身份"), _("上门走访"), _("办理业务"), _("本人要求"))


def may(viewer: Viewer, row: Row) -> bool:
    """Say whether the viewer may have a personal field of this record shown."""
    kind = shapes.kind_of(row.kind)
    return viewer.may("reveal", row.kind, row.unit.path, kind.sensitivity)


@transaction.atomic
def reveal(viewer: Viewer, row: Row, name: str, why: str, at: datetime) -> Opened:
    """Open one personal field of a record for a minute and write it down.

    Shape: what was opened, without its value. The trail holds the field's name and the
    purpose.

    Raises:
        NotAllowed: The viewer does not hold the right `reveal` here.
        Refused: There is no such personal field, or no purpose is given.
    """
    kind = shapes.kind_of(row.kind)
    spec = kind.fields.get(name)
    if spec is None or spec.type not in fields.PERSONAL:
        raise Refused(Problem(name, _("没有这一项。")))
    if not may(viewer, row):
        raise NotAllowed(Problem(name, refusal(wording.title(spec))))
    if not why.strip():
        raise Refused(Problem("reason", _("请写为什么要看。")))
    trail.append(
        viewer,
        histories.REVEALED,
        f"{row.kind}:{row.code}",
        at,
        why=why.strip()[:100],
        after={"field": name},
    )
    return Opened(row.kind, row.pk, name, at + OPEN)


def refusal(title: str) -> str:
    """Return the sentence for somebody who may not have a field shown."""
    return _("没有权限看{title}。需要的话，找本单元负责人。").format(title=title)


def seen(viewer: Viewer, row: Row, at: datetime) -> None:
    """Write down that somebody opened the page of a record about a person."""
    if shapes.kind_of(row.kind).personal:
        trail.append(viewer, histories.SEEN, f"{row.kind}:{row.code}", at)


def find(viewer: Viewer, kind: Kind, text: str, at: datetime, most: int = 30) -> list[Row]:
    """Return the records of people that a name, a number or the end of a phone number means.

    An id number is found by its keyed hash, so it must be whole; a telephone number by
    all of it or by its last four to eight digits; a name by two characters or more. The
    trail keeps how many were found, never what was asked.

    Raises:
        Refused: The text is too short to mean somebody.
    """
    text = text.replace(" ", "").replace("-", "")
    tests = _tests(kind, text)
    if not tests:
        raise Refused(
            Problem("text", _("请写姓名（至少两个字）、完整的身份证号、完整的电话或电话后四位。"))
        )
    rows = access.rows(viewer, kind).filter(withdrawn_at=None)
    names = {name for name, _test, _value in tests}
    rows = rows.alias(**{f"p_{n}": lookups.TextValue(n) for n in names})
    wanted = Q()
    for name, test, value in tests:
        wanted |= Q(**{f"p_{name}__{test}": value})
    found = list(rows.filter(wanted).select_related("unit").order_by("-id")[:most])
    trail.append(
        viewer, "records.people.searched", f"kind:{kind.name}", at, after={"found": len(found)}
    )
    return found


def _tests(kind: Kind, text: str) -> list[tuple[str, str, str]]:
    """Return field, test and value for each field in which the text may stand."""
    found = []
    for name, spec in kind.kept.items():
        if spec.type == "id_number" and masking.is_id_number(text.upper()):
            found.append((name + fields.HASH, "exact", sealing.finger(text)))
        elif spec.type == "phone" and text.isdecimal() and 4 <= len(text) <= 12:
            found.append((name, "endswith" if len(text) < 11 else "exact", text))
        elif spec.type == "person" and len(text) >= 2 and not any(c.isdecimal() for c in text):
            found.append((name, "contains", text))
    return found
