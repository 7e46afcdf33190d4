"""Every write of a record: create, change, withdraw, bring back."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.packs.schema import Field, Kind
from jiezhen.people.access import Viewer
from jiezhen.records import fields, holding, lookups, numbering, sealing, shapes
from jiezhen.records.models import Change, Row
from jiezhen.trail import operations as trail
from jiezhen.trail.inserting import insert_new
from jiezhen.units.queries import UnitRow


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field; an empty field name means the whole record."""

    field: str
    message: str


class Refused(Exception):
    """A record cannot be written; `problems` says what to do about each field."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = list(problems)
        super().__init__("；".join(p.message for p in problems))


class NotAllowed(Refused):
    """The viewer does not hold the right."""


class AlreadyThere(Refused):
    """A record with the same natural key exists."""


class Conflict(Refused):
    """Somebody changed the record since it was opened; both versions are shown."""

    def __init__(self, row: Row, theirs: dict[str, Any], at: datetime) -> None:
        self.row, self.theirs = row, theirs
        when = at.astimezone(clock.ZONE).strftime("%H:%M")
        said = _("别人在{when}改过这条。下面是两份的不同，请选一份。").format(when=when)
        super().__init__(Problem("", said))


@dataclass(slots=True)
class Draft:
    """A record that is to be written: its unit, its plain values, its system values.

    `given` may hold what the shape allows: a state, opened_on, valid_until, code.
    """

    unit: UnitRow
    values: dict[str, Any]
    given: dict[str, Any] = field(default_factory=dict)
    number: int = 0


def read_values(
    kind: Kind, raw: Mapping[str, Any], context: fields.Context, *, partly: bool = False
) -> tuple[dict[str, Any], list[Problem]]:
    """Return the plain values of raw ones, and a problem for each that cannot be read.

    Shape: every field of the kind that `raw` names (all of them unless `partly`), None for
    an empty one. Names that the kind does not have are refused, not ignored.
    """
    found: dict[str, Any] = {}
    problems = [
        Problem(name, _("没有“{name}”这一项。").format(name=name))
        for name in raw
        if name not in kind.fields
    ]
    for name, spec in kind.fields.items():
        if partly and name not in raw:
            continue
        if spec.type == "file":
            # Files are put to a record that is there already; a number of one proves nothing.
            if raw.get(name) not in (None, "", []):
                said = _("{title}：先登记，再在记录的页面上放文件。").format(title=spec.title)
                problems.append(Problem(name, said))
            continue
        try:
            found[name] = fields.read(raw.get(name), spec, context)
        except fields.Bad as bad:
            problems.append(Problem(name, f"{spec.title}：{bad.message}"))
            continue
        if found[name] is None and spec.required:
            problems.append(Problem(name, _("请填{title}。").format(title=spec.title)))
    return found, problems


def context_for(viewer: Viewer, at: datetime) -> fields.Context:
    """Return what reading values needs: today, and links found among what the viewer sees.

    A link is written as a code, as a code and a title behind it, or as a title that only
    one record bears; machines may write the id.
    """

    def link(kind: str, written: str | int) -> int | None:
        sensitivity = shapes.kind_of(kind).sensitivity
        rows = shapes.model_of(kind).objects.seen_by(viewer, "see", kind, sensitivity)
        ids = rows.filter(kind=kind, withdrawn_at=None).values_list("pk", flat=True)
        if isinstance(written, int):
            return written if ids.filter(pk=written).exists() else None
        text = written.strip()
        codes = {text, text.split(maxsplit=1)[0] if text else ""}
        for wanted in ({"code__in": codes}, {"title": text}):
            found: list[Any] = list(ids.filter(**wanted)[:2])
            if found:
                return int(found[0]) if len(found) == 1 else None
        return None

    return fields.Context(clock.day_of(at), link)


def create(
    viewer: Viewer,
    kind: str,
    unit: UnitRow,
    values: Mapping[str, Any],
    at: datetime,
    *,
    given: Mapping[str, Any] | None = None,
    source: str = "form",
) -> Row:
    """Write one record from raw values and return it.

    Raises:
        NotAllowed: The viewer may not change this kind in this unit.
        Refused: Values are missing or wrong; one problem a field.
        AlreadyThere: The natural key is taken.
    """
    spec = shapes.kind_of(kind)
    plain, problems = read_values(spec, values, context_for(viewer, at))
    if problems:
        raise Refused(*problems)
    draft = Draft(unit, plain, dict(given or {}))
    return create_many(viewer, kind, [draft], at, source=source)[0]


def create_many(
    viewer: Viewer,
    kind: str,
    drafts: list[Draft],
    at: datetime,
    *,
    source: str,
    batch_id: int | None = None,
) -> list[Row]:
    """Write many records of one kind whose values were read already; all or none.

    Shape: the rows in the order of the drafts. A handful of statements however many
    drafts there are.

    Raises:
        NotAllowed: The viewer may not change this kind in one of the units.
        Refused: A record does not hold what its kind must (`must`, `bounds`).
        AlreadyThere: A natural key is taken.
    """
    spec, shape = shapes.kind_of(kind), shapes.shape_of(kind)
    for path in {d.unit.path for d in drafts}:
        if not may_register(viewer, spec, path):
            raise NotAllowed(
                Problem("", _("没有在这个单元登记“{kind}”的权限。").format(kind=spec.title))
            )
    shape.receive(drafts, spec, viewer, at)
    rows = [_fresh(viewer, spec, shape, d, at, source, batch_id) for d in drafts]
    told = (holding.known(spec, row) for row in rows if spec.must)
    refuse_broken(broken for one in told for broken in holding.unmet(spec, one))
    # A single row is refused before, or not inserted: a way back would be two statements more.
    several = len(rows) > 1
    with transaction.atomic(savepoint=several or bool(spec.bounds)):
        refuse_broken(holding.beyond(spec, rows))
        numbering.pass_by(viewer.office_id, spec, rows)
        numbering.number(viewer.office_id, spec, rows, at)
        if new := insert_new(rows):
            shape.settle(rows, spec, viewer, at)
            _told(viewer, spec, rows, at, imported=batch_id is not None)
        elif several:
            transaction.set_rollback(True)
    if not new:
        raise AlreadyThere(Problem("", _("已经有一条同样的记录。请打开原来那条修改。")))
    return rows


def _told(viewer: Viewer, spec: Kind, rows: list[Row], at: datetime, *, imported: bool) -> None:
    """Write to the trail what was created."""
    action = f"{spec.shape}.created"
    if len(rows) == 1:
        trail.append(viewer, action, f"{spec.name}:{rows[0].code}", at)
    elif rows and not imported:
        # An import writes its own row, with the file's name; here the span of codes says which.
        span = {"count": len(rows), "first": rows[0].code, "latest": rows[-1].code}
        trail.append(viewer, action, spec.name, at, after=span)


def may_register(viewer: Viewer, spec: Kind, path: str) -> bool:
    """Say whether a viewer may register a kind in a unit: by right, or as it is offered to all."""
    if viewer.may("change", spec.name, path, spec.sensitivity):
        return True
    return spec.offer is not None and viewer.may("report", spec.name, path)


def _fresh(
    viewer: Viewer,
    spec: Kind,
    shape: shapes.Shape,
    draft: Draft,
    at: datetime,
    source: str,
    batch_id: int | None,
) -> Row:
    data: dict[str, Any] = {}
    for name, value in draft.values.items():
        if not spec.fields[name].party:
            fields.store(data, name, spec.fields[name], value, f"{spec.name}.{name}")
    row = shape.model(
        office_id=viewer.office_id,
        unit_id=draft.unit.id,
        kind=spec.name,
        data=data,
        source=source,
        batch_id=batch_id,
        created_at=at,
        created_by_id=viewer.account_id,
        changed_at=at,
        code=str(draft.given.get("code") or ""),
    )
    shape.prepare(row, spec, draft.given, at)
    derive(row, spec, draft.values)
    return row


def derive(row: Row, spec: Kind, values: Mapping[str, Any]) -> None:
    """Set what follows from the values: title, main date, natural key."""
    row.title = title_of(spec, row.data)
    if spec.on in spec.fields:
        text = row.data.get(spec.on)
        row.on = date.fromisoformat(text[:10]) if text else None
    parts = [_key_part(spec, row, name) for name in spec.key]
    row.natural_key = ""
    if parts and all(parts):
        row.natural_key = lookups.natural_key(parts)


def _key_part(spec: Kind, row: Row, name: str) -> str:
    stored = row.data.get(name + fields.HASH) or row.data.get(name)
    if isinstance(stored, dict):
        stored = stored.get("text")
    return lookups.key_part(stored)


def title_of(spec: Kind, data: Mapping[str, Any]) -> str:
    """Return a record's title by the kind's label; personal values stay masked in it."""

    def value(match: re.Match[str]) -> str:
        field, about = spec.fields[match[1]], f"{spec.name}.{match[1]}"
        return fields.shown(data.get(match[1]), field, masked=True, about=about)

    return re.sub(r"\{(\w+)\}", value, spec.label).strip()[:200]


def change(
    viewer: Viewer,
    kind: str,
    record_id: int,
    values: Mapping[str, Any],
    version: int,
    at: datetime,
    *,
    why: str = "",
) -> Row:
    """Change some fields of a record; fields that `values` does not name stay.

    Raises:
        NotAllowed: The viewer may not change the record.
        Conflict: It was changed since `version`; nothing is written.
        Refused: Values are wrong.
        AlreadyThere: The new natural key is taken.
    """
    spec = shapes.kind_of(kind)
    plain, problems = read_values(spec, values, context_for(viewer, at), partly=True)
    problems += [
        Problem(name, _("{title}单独保管，不在这里改。").format(title=spec.fields[name].title))
        for name in plain
        if spec.fields[name].party
    ]
    if problems:
        raise Refused(*problems)

    def apply(row: Row) -> None:
        refuse_withdrawn(row)
        for name, value in plain.items():
            if not same(row.data, name, spec.fields[name], value, f"{kind}.{name}"):
                fields.store(row.data, name, spec.fields[name], value, f"{kind}.{name}")
        shapes.shape_of(kind).follow(row, spec)
        derive(row, spec, plain)

    why = shapes.shape_of(kind).clean(record_id, spec, why)
    return rewrite(viewer, kind, record_id, at, apply, version=version, action="changed", why=why)


def refuse_withdrawn(row: Row) -> None:
    """Refuse to work on a record that was withdrawn.

    Raises:
        Refused: It must be brought back first.
    """
    if row.withdrawn_at is not None:
        raise Refused(Problem("", _("这条已经撤回。要改先恢复。")))


def refuse_broken(broken: Iterable[holding.Broken]) -> None:
    """Raise `Refused` with one problem for each thing that does not hold."""
    problems = [Problem(b.field, b.message) for b in dict.fromkeys(broken)]
    if problems:
        raise Refused(*problems)


def same(data: Mapping[str, Any], name: str, spec: Field, plain: Any, about: str) -> bool:
    """Say whether a field holds a value already; sealing anew would look like a change."""
    if spec.type == "id_number" and plain is not None:
        return bool(data.get(name + fields.HASH) == sealing.finger(plain))
    return bool(data.get(name) == plain)


@transaction.atomic
def rewrite(  # noqa: PLR0913  # one door for every change; all but four are by name
    viewer: Viewer,
    kind: str,
    record_id: int,
    at: datetime,
    apply: Callable[[Row], None],
    *,
    action: str,
    version: int | None = None,
    why: str = "",
    right: str | Sequence[str] = "change",
) -> Row:
    """Lock a record, let `apply` change it, and keep what differed as history.

    Engines use it for changes of their own, such as a move; one `right` of several is enough.
    Nothing is written when `apply` changed nothing.

    Raises:
        NotAllowed: The viewer may not change the record.
        Conflict: `version` is not the record's.
        Refused: It does not hold any more what its kind must (`must`, `bounds`).
    """
    spec, shape = shapes.kind_of(kind), shapes.shape_of(kind)
    rows = shape.model.objects.seen_by(viewer, right, kind, spec.sensitivity)
    row = rows.select_for_update(of=("self",)).filter(kind=kind, pk=record_id).first()
    if row is None:
        raise NotAllowed(Problem("", _("没有修改这条记录的权限。")))
    if version is not None and row.version != version:
        raise Conflict(row, dict(row.data), row.changed_at)
    before = snapshot(row)
    apply(row)
    after = snapshot(row)
    differ = [k for k in before.keys() | after.keys() if before.get(k) != after.get(k)]
    if not differ:
        return row
    refuse_broken(holding.of_changed(spec, row, before, differ))
    row.version += 1
    row.changed_at = at
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as problem:
        raise AlreadyThere(Problem("", _("已经有一条同样的记录。"))) from problem
    Change.objects.create(
        office_id=row.office_id,
        kind=kind,
        record_id=row.pk,
        version=row.version,
        at=at,
        account_id=viewer.account_id,
        actor=viewer.name,
        action=action,
        why=why,
        before={k: before.get(k) for k in differ},
        after={k: after.get(k) for k in differ},
    )
    trail.append(
        viewer,
        f"{spec.shape}.{action}",
        f"{kind}:{row.code}",
        at,
        why=why,
        after={"fields": sorted(differ)},
    )
    return row


def snapshot(row: Row) -> dict[str, Any]:
    """Return what history compares: the data and the columns that people may change."""
    found = dict(row.data)
    for column in (
        "unit_id",
        "state",
        "state_since",
        "entered",
        "opened_on",
        "closed_on",
        "due_on",
        "until",
        "withdrawn_at",
        "grid_id",
        "timers",
        "waits",
        "paused_at",
        "returns",
        "extended",
        "supervised_at",
        "handler_id",
        "parent_id",
        "merged_into_id",
        "subjects",
    ):
        value = getattr(row, column, None)
        if value is not None:
            found[f"_{column}"] = value.isoformat() if hasattr(value, "isoformat") else value
    return found


def changed_since(row: Row, version: int, names: Iterable[str]) -> bool:
    """Say whether any of these fields was changed after a version of a record."""
    later = Change.objects.filter(
        office_id=row.office_id, kind=row.kind, record_id=row.pk, version__gt=version
    )
    wanted = set(names)
    return any(wanted & change.after.keys() for change in later)


def withdraw(viewer: Viewer, kind: str, record_id: int, at: datetime, why: str) -> Row:
    """Take a record out of every list and figure; it can be brought back.

    Raises:
        NotAllowed: The viewer may not change the record.
        Refused: No reason is given, or others depend on it.
    """
    if not why.strip():
        raise Refused(Problem("why", _("请写撤回的理由。")))

    def apply(row: Row) -> None:
        shapes.shape_of(kind).leave(row)
        row.withdrawn_at = row.withdrawn_at or at

    why = shapes.shape_of(kind).clean(record_id, shapes.kind_of(kind), why)
    return rewrite(viewer, kind, record_id, at, apply, action="withdrawn", why=why)


def bring_back(viewer: Viewer, kind: str, record_id: int, at: datetime) -> Row:
    """Undo a withdrawal.

    Raises:
        NotAllowed: The viewer may not change the record.
        AlreadyThere: Its natural key was taken meanwhile.
    """

    def apply(row: Row) -> None:
        row.withdrawn_at = None

    return rewrite(viewer, kind, record_id, at, apply, action="brought_back")
