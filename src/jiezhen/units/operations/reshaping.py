"""Split a unit into several on a day, merge several into one, and take a change back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from jiezhen.kernel import clock
from jiezhen.people.access import Viewer
from jiezhen.trail import operations as trail
from jiezhen.units import rules
from jiezhen.units.models import Unit, UnitChange
from jiezhen.units.operations import changes, importing
from jiezhen.units.operations.touching import UnableToAdd, need, touch, units_of
from jiezhen.units.rules.geometry import union
from jiezhen.units.rules.tables import CODE, MOST_PATH


@dataclass(frozen=True, slots=True)
class Part:
    """A unit that a split or merge makes: its code, its title, and the units below that go to it."""

    code: str
    title: str
    below: tuple[str, ...] = ()


@transaction.atomic
def split(viewer: Viewer, code: str, parts: Sequence[Part], on: date, at: datetime) -> UnitChange:
    """End a unit on a day and put several in its place; its records stay where they are.

    From that day the records of the parts count for the old unit too, so that its figures speak
    of the same ground before and after.

    Raises:
        UnableToAdd: The viewer may not, the day or a code does not fit, or a unit below is left over.
    """
    need(viewer)
    known = {u.code: u for u in units_of(viewer)}
    old = _living(known, code, on, at)
    _check_parts(old, parts, known)
    below = _children(known, [old], on)
    _check_below(below, parts)
    made = [_made(viewer, old, part, on, [known[c] for c in part.below]) for part in parts]
    moved: dict[str, str] = {}
    for part, unit in zip(parts, made, strict=True):
        moved |= _move([known[c] for c in part.below], unit, known)
    old.valid_until, old.heirs = on, [u.pk for u in made]
    old.save(update_fields=["valid_until", "heirs"])
    data = {"olds": [old.code], "made": [u.code for u in made], "moved": moved}
    title = f"{old.title}分为{'、'.join(u.title for u in made)}"
    return _done(viewer, "split", title, on, at, data)


@transaction.atomic
def merge(  # noqa: PLR0913  # who, which, into what, from when
    viewer: Viewer, codes: Sequence[str], into: Part, on: date, at: datetime
) -> UnitChange:
    """End units on a day in favour of one: a new one, or one of them that goes on.

    All records of those that ended count for it, last year's too.

    Raises:
        UnableToAdd: The viewer may not, fewer than two are given, they differ in level or parent,
            or the day or code does not fit.
    """
    need(viewer)
    known = {u.code: u for u in units_of(viewer)}
    olds = [_living(known, code, on, at) for code in dict.fromkeys(codes)]
    if len(olds) < 2:
        raise UnableToAdd("请至少选两个单元来合并。")
    if len({(u.level, u.parent_id) for u in olds}) > 1:
        raise UnableToAdd("只能合并同一上级下、同一层级的单元。")
    shape = union([u.polygon for u in olds])
    staying = next((u for u in olds if u.code == into.code), None)
    data: dict[str, Any] = {"olds": [u.code for u in olds if u is not staying], "made": []}
    if staying is None:
        _check_code(into, known)
        unit = _made(viewer, olds[0], into, on, [])
        data["made"] = [unit.code]
    else:
        unit = staying
        data["before"] = {unit.code: {"title": unit.title, "polygon": unit.polygon}}
        unit.title = into.title or unit.title
    unit.polygon = shape or unit.polygon
    unit.save(update_fields=["title", "polygon"])
    ending = [u for u in olds if u is not staying]
    data["moved"] = _move(_children(known, ending, on), unit, known)
    for old in ending:
        old.valid_until, old.successor = on, unit
    changes.save(ending, ["valid_until", "successor"])
    title = f"{'、'.join(u.title for u in olds)}合为{unit.title}"
    return _done(viewer, "merge", title, on, at, data)


@transaction.atomic
def take_back(viewer: Viewer, change_id: int, at: datetime) -> UnitChange:
    """Undo the latest change of many units, as long as nothing was recorded in what it made.

    Raises:
        UnableToAdd: The viewer may not, a later change stands, or records hold the new units.
    """
    need(viewer)
    change = changes.locked(viewer, change_id)
    later = UnitChange.objects.filter(office_id=viewer.office_id, state="done", pk__gt=change.pk)
    if change.state != "done":
        raise UnableToAdd("这次变更没有写入，或已经撤回。")
    if later.exists():
        raise UnableToAdd("后面还有别的变更。请先撤回后面的。")
    _BACK[change.what](viewer, change)
    change.state = "taken_back"
    change.save(update_fields=["state"])
    touch(viewer.office_id)
    trail.append(
        viewer, f"units.{change.what}.taken_back", f"unitchange:{change.pk}", at,
        after={"title": change.title},
    )  # fmt: skip
    return change


def _take_back_shape(viewer: Viewer, change: UnitChange) -> None:
    known = {u.code: u for u in units_of(viewer)}
    for code, parent in change.data["moved"].items():
        _move([known[code]], known[parent], known)
    olds = [known[code] for code in change.data["olds"]]
    for old in olds:
        old.valid_until, old.successor, old.heirs = None, None, []
    changes.save(olds, ["valid_until", "successor", "heirs"])
    for code, was in change.data.get("before", {}).items():
        known[code].title, known[code].polygon = was["title"], was["polygon"]
        known[code].save(update_fields=["title", "polygon"])
    changes.remove(known[code] for code in change.data["made"])


_BACK = {
    "boundaries": importing.take_back_boundaries,
    "tree": importing.take_back_tree,
    "split": _take_back_shape,
    "merge": _take_back_shape,
}


def _living(known: dict[str, Unit], code: str, on: date, at: datetime) -> Unit:
    unit = known.get(code)
    if unit is None or unit.level == "office":
        raise UnableToAdd(f"没有单元“{code}”，或它就是整个街镇。")
    if unit.valid_until is not None:
        raise UnableToAdd(f"“{unit.title}”已经停用。")
    if on > clock.day_of(at):
        raise UnableToAdd("日期不能晚于今天。到了那天再办。")
    if unit.valid_from is not None and on <= unit.valid_from:
        raise UnableToAdd(f"日期要晚于“{unit.title}”的起用日期。")
    return unit


def _check_parts(old: Unit, parts: Sequence[Part], known: dict[str, Unit]) -> None:
    if len(parts) < 2:
        raise UnableToAdd("请至少写两个新单元。")
    if len({p.code for p in parts}) < len(parts):
        raise UnableToAdd("新单元的编号不能相同。")
    for part in parts:
        _check_code(part, known)
    prefix = old.path[: -len(old.code) - 1]
    if any(len(prefix) + len(p.code) + 1 > MOST_PATH for p in parts):
        raise UnableToAdd("编号太长，连同各上级超过200个字符。")


def _check_code(part: Part, known: dict[str, Unit]) -> None:
    if not CODE.fullmatch(part.code):
        raise UnableToAdd(f"编号“{part.code}”只能用字母、数字、短横线，1到40个。")
    if part.code in known:
        raise UnableToAdd(f"单元编号“{part.code}”已经有了。")
    if not 1 <= len(part.title.strip()) <= 100:
        raise UnableToAdd(f"请填编号“{part.code}”的名称，不超过100个字。")


def _check_below(below: Sequence[Unit], parts: Sequence[Part]) -> None:
    given = [code for part in parts for code in part.below]
    there = {u.code: u.title for u in below}
    wrong = [code for code in given if code not in there]
    if wrong or len(set(given)) < len(given):
        raise UnableToAdd("每个下级单元只能归一个新单元，且要是它的直接下级。")
    left = [title for code, title in there.items() if code not in given]
    if left:
        raise UnableToAdd(f"还有下级单元没有归处：{'、'.join(left[:5])}。请为每个下级选新单元。")


def _children(known: dict[str, Unit], parents: Sequence[Unit], on: date) -> list[Unit]:
    ids = {u.pk for u in parents}
    return [
        u
        for u in known.values()
        if u.parent_id in ids and (u.valid_until is None or u.valid_until > on)
    ]


def _made(viewer: Viewer, old: Unit, part: Part, on: date, below: Sequence[Unit]) -> Unit:
    return Unit.objects.create(
        office_id=viewer.office_id,
        parent_id=old.parent_id,
        code=part.code,
        title=part.title.strip(),
        level=old.level,
        path=rules.path_under(old.path[: -len(old.code) - 1], part.code),
        area_class=old.area_class,
        valid_from=on,
        polygon=union([u.polygon for u in below]),
    )


def _move(units: Sequence[Unit], to: Unit, known: dict[str, Unit]) -> dict[str, str]:
    """Put units below another and follow with all paths; return their former parents' codes."""
    by_id = {u.pk: u for u in known.values()}
    former: dict[str, str] = {}
    touched: list[Unit] = []
    for unit in units:
        former[unit.code] = by_id[unit.parent_id or 0].code
        old, new = unit.path, rules.path_under(to.path, unit.code)
        unit.parent = to
        for other in known.values():
            if other.path.startswith(old):
                other.path = new + other.path[len(old) :]
                touched.append(other)
                if len(other.path) > MOST_PATH:
                    raise UnableToAdd("编号太长，连同各上级超过200个字符。")
    changes.save(touched, ["path", "parent"])
    return former


def _done(
    viewer: Viewer, what: str, title: str, on: date, at: datetime, data: dict[str, Any]
) -> UnitChange:
    change = changes.keep(viewer, what, title, at, data, on=on, state="done")
    touch(viewer.office_id)
    after = {"from": data["olds"], "to": data["made"], "on": on.isoformat()}
    trail.append(viewer, f"units.unit.{what}", f"unitchange:{change.pk}", at, after=after)
    return change
