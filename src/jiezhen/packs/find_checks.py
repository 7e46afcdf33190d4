"""Checks of what an activity finds: matters that lead back to it, checklists of entries."""

from __future__ import annotations

from jiezhen.packs.errors import unknown
from jiezhen.packs.helper_checks import condition
from jiezhen.packs.kind_checks import required
from jiezhen.packs.loader import Loaded
from jiezhen.packs.schema import Finds, Kind


def check(loaded: Loaded, name: str) -> None:
    """Add every problem with what a kind finds; links and flows are full already."""
    spec = loaded.kinds[name]
    for index, item in enumerate(spec.finds):
        _matter(loaded, spec, item, index)
        _checklist(loaded, spec, item, index)


def _matter(loaded: Loaded, spec: Kind, item: Finds, index: int) -> None:
    at = ("finds", index)
    child = _other(loaded, spec, item.kind, "matter", *at, "kind")
    if child is None:
        return
    _leads(loaded, spec, child, item.link, spec.name, *at, "link")
    for name in item.ask:
        _has(loaded, spec, child, name, *at, "ask")
    for name, own in item.copy_.items():
        _has(loaded, spec, child, name, *at, "copy")
        _has(loaded, spec, spec, own, *at, "copy", name)


def _checklist(loaded: Loaded, spec: Kind, item: Finds, index: int) -> None:
    at = ("finds", index)
    if bool(item.checklist) != bool(item.item):
        messages = ("checklist 和 item 要一起写。", "`checklist` and `item` go together.")
        loaded.report("kinds", spec.name, messages, *at)
    elif item.checklist and item.item:
        listed = _other(loaded, spec, item.checklist, "entry", *at, "checklist")
        child = loaded.kinds.get(item.kind)
        if listed is not None:
            condition(loaded, ("kinds", spec.name), listed, item.where, *at, "where")
        if listed is not None and child is not None:
            _leads(loaded, spec, child, item.item, listed.name, *at, "item")


def _other(loaded: Loaded, spec: Kind, name: str, shape: str, *at: str | int) -> Kind | None:
    found = loaded.kinds.get(name)
    if found is None or found.shape != shape:
        fitting = [n for n, k in loaded.kinds.items() if k.shape == shape]
        messages = unknown("这样的记录种类", f"kind of {shape}", name, fitting)
        loaded.report("kinds", spec.name, messages, *at)
        return None
    required(loaded, "kinds", spec.name, (spec.pack, name), *at)
    return found


def _has(loaded: Loaded, spec: Kind, other: Kind, name: str, *at: str | int) -> None:
    if name not in other.fields:
        messages = unknown(f"“{other.title}”的字段", "field", name, other.fields)
        loaded.report("kinds", spec.name, messages, *at)


def _leads(loaded: Loaded, spec: Kind, child: Kind, name: str, to: str, *at: str | int) -> None:
    links = [n for n, f in child.fields.items() if f.type == "link" and f.to == to]
    if name not in links:
        messages = unknown(f"通到“{to}”的 link 字段", f"link to {to}", name, links)
        loaded.report("kinds", spec.name, messages, *at)
