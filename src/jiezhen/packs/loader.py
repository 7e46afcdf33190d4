"""From the files of a pack to checked declarations, one by one.

What is wrong with one declaration does not hide the others: problems are collected. Each problem
names file, line, key and what is allowed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from jiezhen.packs import complaints
from jiezhen.packs.errors import PackError, unknown
from jiezhen.packs.flows import Flow
from jiezhen.packs.schema import SECTIONS, Indicator, Kind, Pack, Role, Statistic
from jiezhen.packs.tables import Calendar, Routes, Score
from jiezhen.packs.words import Words
from jiezhen.packs.yaml_file import YamlFile, read

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: Sections whose names belong to their pack; the others share one space of names.
LOCAL = ("kinds", "flows", "routes")
#: Keys that the loader fills and no file may hold.
FILLED = {"name", "pack"}

Model = TypeVar("Model", bound=BaseModel)
Key = tuple[str, str]


@dataclass(slots=True)
class Loaded:
    """What was read: declarations by full name, where each stands, and what is wrong.

    `origins` leads from (section, name) to the file and the path of keys inside it.
    """

    packs: dict[str, Pack] = field(default_factory=dict)
    folders: dict[str, Path] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    statistics: dict[str, Statistic] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    calendars: dict[str, Calendar] = field(default_factory=dict)
    routes: dict[str, Routes] = field(default_factory=dict)
    scores: dict[str, Score] = field(default_factory=dict)
    demo: dict[str, dict[str, Any]] = field(default_factory=dict)
    origins: dict[Key, tuple[YamlFile, tuple[str | int, ...]]] = field(default_factory=dict)
    problems: list[PackError] = field(default_factory=list)

    def report(self, section: str, name: str, messages: tuple[str, str], *path: str | int) -> None:
        """Add a problem that stands at a key of a declaration."""
        file, base = self.origins[section, name]
        self.problems.append(file.problem(*messages, *base, *path))


def pack_folders(folders: list[Path]) -> list[Path]:
    """Return the folders that hold a pack: each given folder, or those directly inside it.

    Raises:
        PackError: A given folder does not exist.
    """
    found: list[Path] = []
    for folder in folders:
        if not folder.is_dir():
            raise PackError(
                f"没有业务包文件夹“{folder}”。", f"There is no pack folder {folder}.", folder
            )
        if (folder / "pack.yaml").is_file():
            found.append(folder)
        else:
            found += sorted(p.parent for p in folder.glob("*/pack.yaml"))
    return found


def load_pack(folder: Path, into: Loaded) -> None:
    """Read one pack's files into `into`; what is wrong is added to its problems."""
    try:
        head_file = read(folder / "pack.yaml")
        pack = validated(Pack, head_file, head_file.values, ())
    except complaints.Many as many:
        into.problems += many.problems
        return
    except PackError as problem:
        into.problems.append(problem)
        return
    if pack.pack in into.packs:
        into.problems.append(
            head_file.problem(
                f"已经有业务包“{pack.pack}”（{into.folders[pack.pack]}），请换一个名字。",
                f"There is a pack {pack.pack!r} already ({into.folders[pack.pack]}).",
                "pack",
            )
        )
        return
    into.packs[pack.pack] = pack
    into.folders[pack.pack] = folder
    into.origins["packs", pack.pack] = (head_file, ())
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        if path.name != "pack.yaml":
            _load_file(path, pack.pack, into)


def _load_file(path: Path, pack: str, into: Loaded) -> None:
    try:
        file = read(path)
    except PackError as problem:
        into.problems.append(problem)
        return
    if not isinstance(file.values, dict):
        into.problems.append(
            file.problem("文件最外层要写成“键: 值”。", "The top of the file must be keys.")
        )
        return
    for section, items in file.values.items():
        if section == "demo" and isinstance(items, dict):
            into.demo.setdefault(pack, {}).update(items)
        elif section not in SECTIONS:
            allowed = [*SECTIONS, "demo"]
            messages = unknown("这一节", "section", section, allowed)
            into.problems.append(file.problem(*messages, section))
        elif not isinstance(items, dict):
            into.problems.append(
                file.problem(
                    f"“{section}”下面要按名字列出各项。",
                    f"{section!r} holds items by name.",
                    section,
                )
            )
        else:
            for name, values in items.items():
                _load_item(file, pack, (section, name), values, into)


def _load_item(file: YamlFile, pack: str, key: Key, values: object, into: Loaded) -> None:
    section, short = key
    name = f"{pack}.{short}" if section in LOCAL else short
    shelf: dict[str, Words] = getattr(into, section)
    try:
        _check_name(file, key)
        if name in shelf:
            other, base = into.origins[section, name]
            raise file.problem(
                f"“{name}”已经在 {other.path.parent.name}/{other.path.name} 第 "
                f"{other.line(*base)} 行写过。",
                f"{name!r} is declared already in {other.path}:{other.line(*base)}.",
                *key,
            )
        model = SECTIONS[section]
        filled = {k: v for k, v in (("name", name), ("pack", pack)) if k in model.model_fields}
        item = validated(model, file, values, key, filled)
    except complaints.Many as many:
        into.problems += many.problems
    except PackError as problem:
        into.problems.append(problem)
    else:
        shelf[name] = item
        into.origins[section, name] = (file, key)


def _check_name(file: YamlFile, key: Key) -> None:
    if not NAME.fullmatch(key[1]):
        raise file.problem(
            f"名字“{key[1]}”要用小写英文字母、数字和下划线，以字母开头，最多 40 个字符。",
            f"The name {key[1]!r} needs small letters, digits and underscores, 40 at most.",
            *key,
        )


def validated(
    model: type[Model],
    file: YamlFile,
    values: object,
    path: tuple[str | int, ...],
    filled: dict[str, str] | None = None,
) -> Model:
    """Return the values as the model.

    Args:
        model: What the values should be.
        file: The file they come from.
        values: What stands at `path`.
        path: Where they stand in the file.
        filled: Values that the loader adds and that the file may not hold.

    Raises:
        Many: The values do not fit; every problem names line, key and what is allowed.
    """
    if not isinstance(values, dict):
        raise complaints.Many(
            [file.problem("这里要写成“键: 值”。", "Keys are needed here.", *path)]
        )
    allowed = complaints.allowed_keys(model, set(filled or ()))
    problems = [
        file.problem(*unknown("这个键", "key", key, allowed), *path, key)
        for key in values
        if key in (filled or ())
    ]
    try:
        found = model.model_validate({**values, **(filled or {})})
    except ValidationError as error:
        problems += complaints.told(error, model, file, path, set(filled or ()))
        raise complaints.Many(problems) from None
    if problems:
        raise complaints.Many(problems)
    return found


def types_of(name: str, model: type[BaseModel]) -> tuple[object, ...]:
    """Return the allowed values of a key that has a closed list."""
    return get_args(model.model_fields[name].annotation)
