"""Bring boundaries and the tree of units in from files: first checked, then written on request."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from jiezhen.kernel import clock
from jiezhen.people.access import Viewer
from jiezhen.trail import operations as trail
from jiezhen.units import rules
from jiezhen.units.models import Unit, UnitChange
from jiezhen.units.operations import changes
from jiezhen.units.operations.touching import UnableToAdd, need, touch, units_of
from jiezhen.units.queries import trees
from jiezhen.units.rules import tables
from jiezhen.units.rules.geometry import BadShape, Cell, Drawn, Fault, GridIndex

#: Properties that say which unit a polygon is, tried in this order before all others.
_NAMES = ("code", "编号", "编码", "代码", "id", "名称", "name", "title")
#: Overlaps and gaps that are listed; more are only counted.
MOST_FAULTS = 100


@transaction.atomic
def check_boundaries(
    viewer: Viewer, drawn: Sequence[Drawn | BadShape], file: str, at: datetime
) -> UnitChange:
    """Match polygons with units and keep them with their faults; no unit is changed yet.

    Raises:
        UnableToAdd: The viewer may not.
    """
    need(viewer)
    tree = trees.tree(viewer.office_id, at)
    rows: list[dict[str, Any]] = []
    polygons: dict[str, Any] = {}
    for number, one in enumerate(drawn, 1):
        row = _matched(one, tree, polygons)
        rows.append({"number": number, **row})
        if isinstance(one, Drawn) and row["code"]:
            polygons[row["code"]] = one.polygon
    faults = _faults(viewer, polygons, at)
    data = {
        "rows": rows,
        "polygons": polygons,
        "faults": [_told(tree, f) for f in faults[:MOST_FAULTS]],
        "more": max(0, len(faults) - MOST_FAULTS),
    }
    return changes.keep(viewer, "boundaries", file, at, data)


def _matched(one: Drawn | BadShape, tree: trees.Tree, taken: dict[str, Any]) -> dict[str, Any]:
    if isinstance(one, BadShape):
        return {"name": "", "code": "", "fault": str(one), "mended": False}
    texts = [one.properties[k] for k in _NAMES if k in one.properties]
    texts += [v for k, v in one.properties.items() if k not in _NAMES]
    unit = next((u for t in texts if (u := tree.named(str(t))) is not None), None)
    name = str(texts[0])[:100] if texts else ""
    row = {"name": name, "code": "", "fault": "", "mended": one.mended}
    if unit is None:
        return row | {"fault": "没有单元叫这个名称或编号。请在图层属性里写上单元编号。"}
    if unit.code in taken:
        return row | {"fault": f"“{unit.title}”在文件里有两个图形。请合成一个多面。"}
    return row | {"code": unit.code, "name": unit.title}


def _faults(viewer: Viewer, polygons: dict[str, Any], at: datetime) -> list[Fault]:
    """Return overlaps and gaps as they would be with the new boundaries."""
    cells = []
    for unit in units_of(viewer):
        polygon = polygons.get(unit.code, unit.polygon)
        if polygon:
            depth = unit.path.count("/")
            cells.append(Cell(unit.pk, polygon, unit.valid_from, unit.valid_until, depth))
    return GridIndex(cells).faults(clock.day_of(at))


def _told(tree: trees.Tree, fault: Fault) -> dict[str, Any]:
    units = [unit.title for number in fault.units if (unit := tree.unit(number))]
    return asdict(fault) | {"units": units}


@transaction.atomic
def check_tree(
    viewer: Viewer, rows: Sequence[tuple[int, Sequence[Any]]], file: str, at: datetime
) -> UnitChange:
    """Judge the rows of a table of units and keep them; no unit is changed yet.

    Raises:
        UnableToAdd: The viewer may not, or the table has no header that is understood.
    """
    need(viewer)
    known = {u.code: u for u in units_of(viewer)}
    there = {
        u.code: tables.Known(
            u.code,
            u.title,
            u.level,
            next((p.code for p in known.values() if p.pk == u.parent_id), ""),
            u.path,
            tuple(u.also),
            u.area_class,
        )
        for u in known.values()
    }
    office = next(u.code for u in known.values() if u.pk == viewer.office_id)
    try:
        judged = tables.judge(tables.read_rows(rows), there, office)
    except tables.BadTable as bad:
        raise UnableToAdd(str(bad)) from bad
    return changes.keep(viewer, "tree", file, at, {"rows": [asdict(r) for r in judged]})


@transaction.atomic
def carry_out(viewer: Viewer, change_id: int, at: datetime) -> UnitChange:
    """Write what a check found good. The bad rows are left out.

    Raises:
        UnableToAdd: The viewer may not, it was written or taken back, or nothing in it is good.
    """
    need(viewer)
    change = changes.locked(viewer, change_id)
    if change.state != "checked":
        raise UnableToAdd("这个文件已经写入过，或已经撤回。请重新导入。")
    written = _WRITERS[change.what](viewer, change)
    if not written:
        raise UnableToAdd("文件里没有可以写入的单元。请先改好文件。")
    change.state, change.on = "done", clock.day_of(at)
    change.save()
    touch(viewer.office_id)
    trail.append(
        viewer,
        f"units.{change.what}.imported",
        f"unitchange:{change.pk}",
        at,
        after={"file": change.title, "units": written},
    )
    return change


def _write_boundaries(viewer: Viewer, change: UnitChange) -> int:
    polygons = change.data["polygons"]
    found = [u for u in units_of(viewer) if u.code in polygons]
    change.data["before"] = {u.code: u.polygon for u in found}
    for unit in found:
        unit.polygon = polygons[unit.code]
    changes.save(found, ["polygon"])
    # What waited is now in the units themselves.
    change.data["polygons"] = {}
    return len(found)


def _write_tree(viewer: Viewer, change: UnitChange) -> int:
    known = {u.code: u for u in units_of(viewer)}
    rows = [r for r in change.data["rows"] if r["state"] in ("new", "changed")]
    change.data["before"], change.data["added"] = {}, []
    altered = []
    for row in rows:
        unit = known.get(row["code"])
        new = {"title": row["title"], "also": row["also"], "area_class": row["area_class"]}
        if row["state"] == "changed" and unit is not None:
            change.data["before"][unit.code] = {name: getattr(unit, name) for name in new}
            for name, value in new.items():
                setattr(unit, name, value)
            altered.append(unit)
            continue
        if unit is not None or row["parent"] not in known:
            raise UnableToAdd("检查以后有人改过单元。请重新导入这个文件。")
        parent = known[row["parent"]]
        known[row["code"]] = Unit.objects.create(
            office_id=viewer.office_id,
            parent=parent,
            path=rules.path_under(parent.path, row["code"]),
            code=row["code"],
            level=row["level"],
            **new,
        )
        change.data["added"].append(row["code"])
    changes.save(altered, ["title", "also", "area_class"])
    return len(rows)


_WRITERS = {"boundaries": _write_boundaries, "tree": _write_tree}


def take_back_boundaries(viewer: Viewer, change: UnitChange) -> None:
    """Put the former boundaries back."""
    before = change.data["before"]
    found = [u for u in units_of(viewer) if u.code in before]
    for unit in found:
        unit.polygon = before[unit.code]
    changes.save(found, ["polygon"])


def take_back_tree(viewer: Viewer, change: UnitChange) -> None:
    """Take added units away, children first, and put former titles back."""
    known = {u.code: u for u in units_of(viewer)}
    changes.remove(_there(known, reversed(change.data["added"])))
    altered = _there(known, change.data["before"])
    for unit in altered:
        for name, value in change.data["before"][unit.code].items():
            setattr(unit, name, value)
    changes.save(altered, ["title", "also", "area_class"])


def _there(known: dict[str, Unit], codes: Iterable[str]) -> list[Unit]:
    return [known[code] for code in codes if code in known]
