"""Checks of timers, requests and what moves set going, where a flow and its kind meet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from jiezhen.kernel.worktime import UNITS
from jiezhen.packs.errors import unknown
from jiezhen.packs.flows import OPENED, Flow, Move, Request, Spawn, Timer, Turn
from jiezhen.packs.helper_checks import condition
from jiezhen.packs.kind_checks import full, required
from jiezhen.packs.loader import Loaded
from jiezhen.packs.schema import Kind


def check(loaded: Loaded, name: str) -> None:
    """Check the flow of one kind against it, and complete its conditions and names."""
    spec = loaded.kinds[name]
    flow = spec.flow_spec
    if flow is None:
        return
    for key, timer in flow.timers.items():
        _timer(loaded, spec, flow, key, timer)
    for key, request in flow.requests.items():
        _request(loaded, spec, flow, key, request)
    for key, move in flow.moves.items():
        at = ("moves", key)
        found = condition(loaded, ("flows", flow.name), spec, move.where, *at, "where")
        if found is not None:
            move._where = found
        _names(loaded, flow, move.sets, spec.fields, "字段", *at, "sets")
        if move.turns is not None:
            _turn(loaded, spec, flow, move, move.turns, (*at, "turns"))
        for index, spawn in enumerate(move.spawns):
            _spawn(loaded, spec, flow, spawn, (*at, "spawns", index))


def _turn(
    loaded: Loaded, spec: Kind, flow: Flow, move: Move, turn: Turn, at: tuple[str | int, ...]
) -> None:
    """What a move turns into can be made from the same states, by what was answered already."""
    found = condition(loaded, ("flows", flow.name), spec, turn.where, *at, "where")
    if found is not None:
        turn._where = found
    _names(loaded, flow, [turn.into], flow.moves, "一步", *at, "into")
    into = flow.moves.get(turn.into)
    if into is None:
        return
    unasked = set(into.asks if into.needs is None else into.needs) - set(move.asks)
    if set(move.from_) - set(into.from_) or into.assigns or into.where or into.turns or unasked:
        messages = (
            f"“{move.title}”不能变成“{into.title}”：要能从同样的状态走，没有条件，不另选单元，不另问必填的，自己不再变。",
            f"{turn.into!r} must start from the same states, ask for no more and not turn itself.",
        )
        loaded.report("flows", flow.name, messages, *at, "into")


def _names(
    loaded: Loaded,
    flow: Flow,
    names: Iterable[str],
    allowed: Iterable[str],
    word: str,
    *at: str | int,
) -> None:
    known = list(allowed)
    for name in names:
        if name not in known:
            loaded.report("flows", flow.name, unknown(word, "name", name, known), *at)


def _timer(loaded: Loaded, spec: Kind, flow: Flow, name: str, timer: Timer) -> None:
    at = ("timers", name)
    marks = {"starts": timer.starts, "stops": timer.stops, "drops": timer.drops}
    for key, moves in marks.items():
        allowed = [OPENED, *flow.moves] if key == "starts" else list(flow.moves)
        _names(loaded, flow, moves, allowed, "一步", *at, key)
    if not timer.within and timer.standard is None:
        messages = ("要写时限（within 或 standard）。", "A timer needs `within` or `standard`.")
        loaded.report("flows", flow.name, messages, *at)
    for index, row in enumerate(timer.within):
        where = (*at, "within", index, "where")
        found = condition(loaded, ("flows", flow.name), spec, row.where, *where)
        if found is not None:
            row._where = found
    times = [n for n, f in spec.fields.items() if f.type == "time"]
    _names(loaded, flow, [timer.since] if timer.since else [], times, "时间字段", *at, "since")
    _judged(loaded, spec, flow, name, timer)
    _standard(loaded, spec, flow, name, timer)


def _judged(loaded: Loaded, spec: Kind, flow: Flow, name: str, timer: Timer) -> None:
    if not timer.field:
        return
    field = spec.fields.get(timer.field)
    at = ("timers", name, "field")
    if field is None or field.type != "choice":
        choices = [n for n, f in spec.fields.items() if f.type == "choice"]
        loaded.report("flows", flow.name, unknown("选择字段", "choice", timer.field, choices), *at)
        return
    for option in (timer.met, timer.missed):
        if option not in field.options:
            messages = unknown("选项", "option", str(option), field.options)
            loaded.report("flows", flow.name, messages, *at)


def _standard(loaded: Loaded, spec: Kind, flow: Flow, name: str, timer: Timer) -> None:
    if timer.standard is None:
        return
    at = ("timers", name, "standard")
    wanted = full(spec.pack, timer.standard.kind)
    other = loaded.kinds.get(wanted)
    if other is None:
        messages = unknown("记录种类", "kind", wanted, loaded.kinds)
        loaded.report("flows", flow.name, messages, *at, "kind")
        return
    object.__setattr__(timer.standard, "kind", wanted)
    told = timer.standard
    needed = [*told.match, *told.narrow, *told.amount.values(), told.unit]
    _names(loaded, flow, needed, other.fields, f"“{other.title}”的字段", *at)
    _names(loaded, flow, told.match.values(), spec.fields, "字段", *at, "match")
    _names(loaded, flow, told.narrow.values(), spec.fields, "字段", *at, "narrow")
    unit = other.fields.get(told.unit)
    if unit is not None:
        _names(loaded, flow, unit.options or [""], UNITS, "时限单位", *at, "unit")
    for field in (other.fields.get(n) for n in told.amount.values()):
        if field is not None and field.type != "number":
            messages = (
                f"“{field.title}”不是数，不能当时限。",
                f"{field.title} is no number and cannot be a deadline.",
            )
            loaded.report("flows", flow.name, messages, *at, "amount")


def _request(loaded: Loaded, spec: Kind, flow: Flow, name: str, request: Request) -> None:
    at = ("requests", name)
    _names(loaded, flow, request.from_, flow.states, "状态", *at, "from")
    _names(loaded, flow, request.timers, flow.timers, "计时", *at, "timers")
    if request.effect == "move":
        _names(loaded, flow, [request.move or ""], flow.moves, "一步", *at, "move")
    if request.effect == "extend" and request.most is None:
        messages = ("延期要写最多多久（most）。", "An extension needs `most`.")
        loaded.report("flows", flow.name, messages, *at)
    if request.article:
        wanted = full(spec.pack, request.article)
        if wanted not in loaded.kinds:
            messages = unknown("记录种类", "kind", wanted, loaded.kinds)
            loaded.report("flows", flow.name, messages, *at, "article")
        else:
            object.__setattr__(request, "article", wanted)
            required(loaded, "flows", flow.name, (spec.pack, wanted), *at, "article")


def _spawn(
    loaded: Loaded, spec: Kind, flow: Flow, spawn: Spawn, at: tuple[str | int, ...]
) -> None:
    wanted = full(spec.pack, spawn.kind)
    child = loaded.kinds.get(wanted)
    if child is None or child.shape != "matter":
        matters = [n for n, k in loaded.kinds.items() if k.shape == "matter"]
        messages = unknown("事项种类", "kind of matter", wanted, matters)
        loaded.report("flows", flow.name, messages, *at, "kind")
        return
    object.__setattr__(spawn, "kind", wanted)
    required(loaded, "flows", flow.name, (spec.pack, wanted), *at, "kind")
    if spawn.each:
        _each(loaded, spec, flow, spawn, at)
    filled = [*spawn.values, *spawn.copy_, *([spawn.link] if spawn.link else [])]
    _names(loaded, flow, filled, child.fields, f"“{child.title}”的字段", *at)


def _each(loaded: Loaded, spec: Kind, flow: Flow, spawn: Spawn, at: tuple[str | int, ...]) -> None:
    """Check the roster of a spawn; its condition may also name the matter's `parent_<field>`."""
    wanted = full(spec.pack, str(spawn.each))
    entry = loaded.kinds.get(wanted)
    if entry is None or entry.shape != "entry":
        entries = [n for n, k in loaded.kinds.items() if k.shape == "entry"]
        messages = unknown("底数种类", "kind of entry", wanted, entries)
        loaded.report("flows", flow.name, messages, *at, "each")
        return
    object.__setattr__(spawn, "each", wanted)
    required(loaded, "flows", flow.name, (spec.pack, wanted), *at, "each")
    columns = dict(entry.columns())
    for name, column in spec.columns().items():
        columns[f"parent_{name}"] = replace(column, name=f"parent_{name}")
    key = ("flows", flow.name)
    found = condition(loaded, key, columns, spawn.where, *at, "where")
    if found is not None:
        spawn._where = found
