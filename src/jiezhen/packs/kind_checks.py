"""Checks of kinds and flows, and of how they fit together."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jiezhen.kernel.expressions import is_name
from jiezhen.packs import helper_checks
from jiezhen.packs.errors import unknown
from jiezhen.packs.flows import Flow
from jiezhen.packs.loader import NAME, Loaded
from jiezhen.packs.schema import Field, Kind, system_columns

_PLACEHOLDER = re.compile(r"\{(.*?)\}")


def flow(loaded: Loaded, name: str) -> None:
    """Check one flow by itself: one start, moves between its states, nothing unreachable."""
    spec = loaded.flows[name]
    starts = [state for state, item in spec.states.items() if item.start]
    for state in spec.states:
        if not NAME.fullmatch(state):
            loaded.report("flows", name, _bad_name(state), "states", state)
    if len(starts) != 1:
        messages = (
            f"要有且只有一个起点（start: true），现在有 {len(starts)} 个。",
            f"A flow needs exactly one start, not {len(starts)}.",
        )
        loaded.report("flows", name, messages, "states", starts[1] if starts else "")
    _known_states(loaded, name, spec)
    if len(starts) == 1:
        _reachable(loaded, name, spec, starts[0])


def _known_states(loaded: Loaded, name: str, spec: Flow) -> None:
    for move, item in spec.moves.items():
        for index, state in enumerate(item.from_):
            if state not in spec.states:
                messages = unknown("状态", "state", state, spec.states)
                loaded.report("flows", name, messages, "moves", move, "from", index)
        if item.to not in spec.states:
            messages = unknown("状态", "state", item.to, spec.states)
            loaded.report("flows", name, messages, "moves", move, "to")
    for milestone, told in spec.milestones.items():
        if told.state not in spec.states:
            messages = unknown("状态", "state", told.state, spec.states)
            loaded.report("flows", name, messages, "milestones", milestone, "state")


def _reachable(loaded: Loaded, name: str, spec: Flow, start: str) -> None:
    """Refuse states that no move reaches, and states without an end that no move leaves."""
    reached, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        for move in spec.moves.values():
            if here in move.from_ and move.to not in reached:
                reached.add(move.to)
                waiting.append(move.to)
    for state, item in spec.states.items():
        if state not in reached:
            messages = (
                f"没有任何一步能走到“{item.title}”（{state}）。",
                f"No move leads to the state {state!r}.",
            )
            loaded.report("flows", name, messages, "states", state)
        elif not item.end and not any(state in move.from_ for move in spec.moves.values()):
            messages = (
                f"“{item.title}”（{state}）走不出去；是终点就写 end: true。",
                f"No move leaves the state {state!r}; write end: true when it is an end.",
            )
            loaded.report("flows", name, messages, "states", state)


def kind(loaded: Loaded, name: str) -> None:
    """Check one kind with its fields, links and flow, and complete it."""
    spec = loaded.kinds[name]
    spec = loaded.kinds[name] = _completed(loaded, spec)
    for field_name, field in spec.fields.items():
        _field(loaded, spec, field_name, field)
    for index, field_name in enumerate(spec.key):
        if field_name not in spec.fields:
            messages = unknown("字段", "field", field_name, spec.fields)
            loaded.report("kinds", name, messages, "key", index)
    for field_name in _PLACEHOLDER.findall(spec.label):
        if field_name not in spec.fields:
            messages = unknown("字段", "field", field_name, spec.fields)
            loaded.report("kinds", name, messages, "label")
    _main_date(loaded, spec)
    _purpose(loaded, spec)
    _matter(loaded, spec)
    helper_checks.check(loaded, spec)


def _completed(loaded: Loaded, spec: Kind) -> Kind:
    """Return the kind with full names in its links and flow, and its main date filled in."""
    fields = {
        name: field.model_copy(update={"to": full(spec.pack, field.to)}) if field.to else field
        for name, field in spec.fields.items()
    }
    on = spec.on or {"matter": "opened_on", "entry": "valid_from"}.get(spec.shape, "")
    flow_name = full(spec.pack, spec.flow) if spec.flow else None
    finds = tuple(
        item.model_copy(
            update={
                "kind": full(spec.pack, item.kind),
                "checklist": full(spec.pack, item.checklist) if item.checklist else None,
            }
        )
        for item in spec.finds
    )
    changed = {"fields": fields, "on": on, "flow": flow_name, "finds": finds}
    found = spec.model_copy(update=changed)
    object.__setattr__(found, "__pydantic_private__", {"_flow": None})
    if flow_name is not None:
        found._flow = loaded.flows.get(flow_name)
    return found


def full(pack: str, name: str) -> str:
    """Return a name with its pack in front: `lift` in the pack lifts is lifts.lift."""
    return name if "." in name else f"{pack}.{name}"


def _field(loaded: Loaded, spec: Kind, name: str, field: Field) -> None:
    at = ("fields", name)
    if not is_name(name) or name in system_columns(spec.shape, spec.flow_spec):
        loaded.report("kinds", spec.name, _bad_name(name), *at)
    if field.type == "link":
        _link(loaded, spec, name, field)
    elif field.to:
        messages = ("只有 link 才写 to。", "Only a link has `to`.")
        loaded.report("kinds", spec.name, messages, *at, "to")
    if (field.type == "choice") != bool(field.options):
        messages = (
            "choice 要写 options，其他类型不写。",
            "A choice has options, and nothing else has.",
        )
        loaded.report("kinds", spec.name, messages, *at)
    if field.type == "number" and not field.unit:
        messages = ("数要写单位（unit）。", "A number needs a unit.")
        loaded.report("kinds", spec.name, messages, *at)
    for key, allowed in _LIMITED.items():
        if getattr(field, key) not in (None, False) and field.type not in allowed:
            messages = (
                f"“{key}”只用于 {'、'.join(allowed)}。",
                f"{key!r} belongs to {', '.join(allowed)} only.",
            )
            loaded.report("kinds", spec.name, messages, *at, key)
    _options(loaded, spec, name, field)


_LIMITED = {"unit": ("number",), "whole": ("number",), "min": ("number", "money")} | {
    "max": ("number", "money")
}


def _options(loaded: Loaded, spec: Kind, name: str, field: Field) -> None:
    for key in field.options:
        if not NAME.fullmatch(key):
            loaded.report("kinds", spec.name, _bad_name(key), "fields", name, "options", key)
    titles = list(field.options.values())
    for key, title in field.options.items():
        if titles.count(title) > 1:
            loaded.report(
                "kinds", spec.name, _twice("选项", title), "fields", name, "options", key
            )
    for key in field.options_en:
        if key not in field.options:
            messages = unknown("选项", "option", key, field.options)
            loaded.report("kinds", spec.name, messages, "fields", name, "options_en", key)


def _link(loaded: Loaded, spec: Kind, name: str, field: Field) -> None:
    at = ("fields", name)
    if not field.to:
        messages = ("link 要写 to（连到哪种记录）。", "A link needs `to`.")
        loaded.report("kinds", spec.name, messages, *at)
    elif field.to not in loaded.kinds:
        messages = unknown("记录种类", "kind", field.to, loaded.kinds)
        loaded.report("kinds", spec.name, messages, *at, "to")
    else:
        required(loaded, "kinds", spec.name, (spec.pack, field.to), *at, "to")


def required(
    loaded: Loaded, section: str, name: str, reference: tuple[str, str], *at: str | int
) -> None:
    """Refuse a reference to a pack that the own pack does not name in `requires`."""
    pack, to = reference
    other = to.split(".", 1)[0]
    if other != pack and other not in loaded.packs[pack].requires:
        messages = (
            f"用到了业务包“{other}”，请在 pack.yaml 的 requires 里写上。",
            f"The pack {other!r} is used; name it in `requires` of pack.yaml.",
        )
        loaded.report(section, name, messages, *at)


def _main_date(loaded: Loaded, spec: Kind) -> None:
    if not spec.on:
        messages = (
            "要用 on 写明哪个日期决定归入哪个期间。",
            "`on` must name the date that puts a row into a period.",
        )
        loaded.report("kinds", spec.name, messages)
        return
    columns = spec.columns()
    dates = [column.name for column in columns.values() if column.type == "date"]
    if spec.on not in dates:
        loaded.report("kinds", spec.name, unknown("日期", "date", spec.on, dates), "on")


def _purpose(loaded: Loaded, spec: Kind) -> None:
    for name in spec.personal:
        if not spec.purpose and not spec.fields[name].purpose:
            messages = (
                f"“{spec.fields[name].title}”是个人信息，要写用途（purpose）。",
                f"The field {name!r} is personal; its purpose must be written.",
            )
            loaded.report("kinds", spec.name, messages, "fields", name)


def _matter(loaded: Loaded, spec: Kind) -> None:
    if (spec.shape == "matter") != bool(spec.flow):
        messages = (
            "事项（matter）要写 flow，其他不写。",
            "A matter has a flow, nothing else has.",
        )
        loaded.report("kinds", spec.name, messages)
        return
    if not spec.flow:
        return
    flow = loaded.flows.get(spec.flow)
    if flow is None:
        loaded.report("kinds", spec.name, unknown("流程", "flow", spec.flow, loaded.flows), "flow")
        return
    for state, item in flow.states.items():
        if item.date and (item.date not in spec.fields or spec.fields[item.date].type != "date"):
            dates = [n for n, field in spec.fields.items() if field.type == "date"]
            messages = unknown(f"“{spec.title}”的日期字段", "date field", item.date, dates)
            loaded.report("flows", spec.flow, messages, "states", state, "date")
    for move, step in flow.moves.items():
        _asked(loaded, spec, move, step.asks, "asks", spec.fields)
        _asked(loaded, spec, move, step.needs or (), "needs", step.asks)


def _asked(
    loaded: Loaded,
    spec: Kind,
    move: str,
    names: Iterable[str],
    key: str,
    allowed: Iterable[str],
) -> None:
    allowed = list(allowed)
    for index, name in enumerate(names):
        if name not in allowed:
            messages = unknown(f"“{spec.title}”的字段", "field", name, allowed)
            loaded.report("flows", str(spec.flow), messages, "moves", move, key, index)


def titles(loaded: Loaded) -> None:
    """Refuse one title for two kinds, fields of a kind or states of a flow; and one code."""
    seen: dict[str, str] = {}
    codes: dict[str, str] = {}
    for name, spec in loaded.kinds.items():
        for shelf, word, key in ((seen, spec.title, "title"), (codes, spec.code, "code")):
            if shelf.setdefault(word, name) != name:
                messages = _twice(shelf[word], word)
                loaded.report("kinds", name, messages, key)
        _unique(loaded, ("kinds", name), "fields", {k: f.title for k, f in spec.fields.items()})
    for name, flow in loaded.flows.items():
        _unique(loaded, ("flows", name), "states", {k: s.title for k, s in flow.states.items()})
        _unique(loaded, ("flows", name), "moves", {k: m.title for k, m in flow.moves.items()})


def _unique(loaded: Loaded, key: tuple[str, str], part: str, named: dict[str, str]) -> None:
    seen: dict[str, str] = {}
    for name, title in named.items():
        if seen.setdefault(title, name) != name:
            loaded.report(*key, _twice(seen[title], title), part, name, "title")


def _twice(where: str, word: str) -> tuple[str, str]:
    return f"“{word}”和“{where}”重了，请换一个。", f"{word!r} is used by {where!r} already."


def _bad_name(name: str) -> tuple[str, str]:
    return (
        f"名字“{name}”不能用：要用小写英文字母、数字和下划线，不与系统栏目和 SQL 词相同。",
        (
            f"The name {name!r} cannot be used: small letters, digits, underscores, no SQL word, "
            "no system column."
        ),
    )
