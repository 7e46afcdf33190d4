"""What `jiezhen pack` does: check, list, show, new. The words go to whoever prints them."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from jiezhen.packs import cases, registry
from jiezhen.packs.errors import PackError, unknown
from jiezhen.packs.registry import Catalogue, catalogue, examine
from jiezhen.packs.schema import Indicator, Kind

SHAPES = {"entry": "底数", "matter": "事项", "activity": "服务", "observation": "观测"}
TYPES = {
    "text": "文字",
    "choice": "选项",
    "number": "数",
    "money": "金额",
    "date": "日期",
    "time": "时间",
    "flag": "是否",
    "place": "地点",
    "link": "关联",
    "person": "姓名",
    "phone": "电话",
    "id_number": "身份证号",
    "file": "附件",
}
_NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")


def check(folder: Path) -> list[PackError]:
    """Return everything that is wrong with a pack, or with the packs inside a folder.

    The pack is checked together with the shipped packs, since it may refer to them. An indicator
    without a case is a problem too.
    """
    folder = folder.resolve()
    shipped = registry.BUILT_IN.resolve() in (folder, *folder.parents)
    places = [place for place in registry.folders() if shipped or place.resolve() != folder]
    if not shipped:
        places.append(folder)
    loaded = examine(places)
    problems = [p for p in loaded.problems if p.file is None or folder in _around(p.file)]
    if loaded.problems:
        return problems or loaded.problems
    full = registry.load(places)
    for name, place in full.folders.items():
        if folder in _around(place / "pack.yaml"):
            problems += _cases(name, full)
    return problems


def _around(path: Path) -> list[Path]:
    return [path.resolve(), *path.resolve().parents]


def _cases(pack: str, full: Catalogue) -> list[PackError]:
    found, problems = cases.examine(pack, full)
    shown = {name for case in found for name in case.expect}
    for name, indicator in full.indicators.items():
        if indicator.pack == pack and name not in shown:
            problems.append(
                PackError(
                    f"指标“{indicator.title}”（{name}）还没有例子，请在 cases/ 里写一个。",
                    f"The indicator {name!r} has no case; write one in cases/.",
                    full.folders[pack] / "pack.yaml",
                )
            )
    return problems


def overview() -> str:
    """Return the loaded packs as text: name, title and how much each declares."""
    full = catalogue()
    lines = []
    for name, pack in full.packs.items():
        kinds = [kind for kind in full.kinds.values() if kind.pack == name]
        indicators = [item for item in full.indicators.values() if item.pack == name]
        lines.append(f"{name:<14}{pack.title}  记录 {len(kinds)} 种，指标 {len(indicators)} 个")
    return "\n".join(lines)


def show(name: str) -> str:
    """Return a pack, a kind or an indicator as text.

    Raises:
        PackError: Nothing has this name.
    """
    full = catalogue()
    if name in full.packs:
        return _pack(name, full)
    if name in full.kinds:
        return _kind(full.kinds[name])
    if name in full.indicators:
        return _indicator(full.indicators[name])
    raise PackError(*unknown("业务包、记录种类或指标", "pack", name, full.packs))


def _pack(name: str, full: Catalogue) -> str:
    pack = full.packs[name]
    lines = [f"{pack.title}（{name}）", f"来源：{pack.source.document}", ""]
    lines += [_kind(kind) + "\n" for kind in full.kinds.values() if kind.pack == name]
    lines += [_indicator(item) for item in full.indicators.values() if item.pack == name]
    return "\n".join(lines)


def _kind(kind: Kind) -> str:
    lines = [f"{kind.title}（{kind.name}，{SHAPES[kind.shape]}）"]
    for name, field in kind.fields.items():
        marks = TYPES[field.type] + (f"，{field.unit}" if field.unit else "")
        lines.append(f"  {name:<16}{field.title}（{marks}）{' 必填' if field.required else ''}")
    if kind.flow_spec is not None:
        titles = " → ".join(state.title for state in kind.flow_spec.states.values())
        lines.append(f"  流程：{titles}")
    return "\n".join(lines)


def _indicator(item: Indicator) -> str:
    also = f"\n    也叫：{'、'.join(item.also)}" if item.also else ""
    return f"  {item.title}（{item.name}，{item.unit}）\n    {item.definition_sentence()}{also}"


def new(name: str, folder: Path) -> Path:
    """Write a small working pack with comments and return its folder.

    Args:
        name: The pack's name: small letters, digits, underscores.
        folder: Where the pack's folder is made.

    Raises:
        PackError: The name cannot be used, or the folder exists already.
    """
    if not _NAME.fullmatch(name):
        raise PackError(
            f"“{name}”不能做业务包的名字：用小写英文字母、数字和下划线，2 到 30 个，字母开头。",
            f"{name!r} is no pack name: 2 to 30 small letters, digits, underscores.",
        )
    target = folder / name
    if target.exists() or name in catalogue().packs:
        raise PackError(f"“{name}”已经有了，请换一个名字。", f"{name!r} exists already.", target)
    code = name.replace("_", "").upper()
    letters = "".join(sign for sign in code if sign.isalpha())[:3] + "X"
    for template in _templates():
        path = target / template.relative_to(_scaffold()).with_suffix("")
        path.parent.mkdir(parents=True, exist_ok=True)
        text = template.read_text(encoding="utf-8")
        path.write_text(text.replace("__name__", name).replace("__CODE__", letters), "utf-8")
    return target


def _scaffold() -> Path:
    return Path(str(files("jiezhen.packs"))) / "scaffold"


def _templates() -> list[Path]:
    return sorted(_scaffold().rglob("*.yaml.txt"))
