"""Saying in plain Chinese and English what pydantic found, with line, key and allowed words."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from jiezhen.packs import stance
from jiezhen.packs.errors import PackError, asked, listed, unknown
from jiezhen.packs.yaml_file import YamlFile

Messages = tuple[str, str]


class Many(Exception):
    """Several problems with one declaration."""

    def __init__(self, problems: list[PackError]) -> None:
        self.problems = problems
        super().__init__(str(problems[0]) if problems else "")


def allowed_keys(model: type[BaseModel], filled: set[str] | None = None) -> list[str]:
    """Return the keys that a declaration may hold, as they are written in a file."""
    hidden = {"name", "pack"} if filled is None else filled
    return [
        field.alias or name for name, field in model.model_fields.items() if name not in hidden
    ]


def told(
    error: ValidationError,
    model: type[BaseModel],
    file: YamlFile,
    path: tuple[str | int, ...],
    filled: set[str],
) -> list[PackError]:
    """Return pydantic's findings as problems of the file."""
    found = []
    for item in error.errors(include_url=False):
        at = tuple(part for part in item["loc"] if not _is_branch(part, item["loc"]))
        messages = _messages(dict(item), model, at, filled)
        found.append(file.problem(*messages, *path, *at))
    unique = {(p.line, p.message): p for p in found}
    return list(unique.values())


def _is_branch(part: str | int, loc: tuple[str | int, ...]) -> bool:
    """Say whether a part of a location names a branch of a union, which is in no file."""
    return (
        isinstance(part, str)
        and (part in ("int", "float", "str") or "[" in part)
        and (part is loc[-1])
    )


def _messages(
    item: dict[str, Any], model: type[BaseModel], at: tuple[str | int, ...], filled: set[str]
) -> Messages:
    key = str(at[-1]) if at else ""
    kind = str(item["type"])
    context: dict[str, Any] = item.get("ctx") or {}
    if kind == "extra_forbidden":
        keys = allowed_keys(_model_at(model, at[:-1]) or model, filled)
        return unknown("这个键", "key", key, keys)
    if kind == "missing":
        return f"缺少“{key}”。", f"{key!r} is missing."
    if kind == "literal_error":
        return _choice(key, str(item["input"]), context)
    for start, say in _SAYINGS.items():
        if kind.startswith(start):
            return say(key, context)
    return f"“{key}”的写法不对。", f"{key!r} is not right: {item['msg']}."


def _choice(key: str, given: str, context: dict[str, Any]) -> Messages:
    if stance.refused(given):
        return stance.explained(given)
    words = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "").split(", ")
    near, near_en = asked(given, words)
    return (
        f"“{key}”不能是“{given}”。{near}可用的：{listed(words)}。",
        f"{key!r} cannot be {given!r}.{near_en} Allowed: {', '.join(words)}.",
    )


def _type(word: str, word_en: str) -> Callable[[str, dict[str, Any]], Messages]:
    def say(key: str, _: dict[str, Any]) -> Messages:
        return f"“{key}”要写{word}。", f"{key!r} must be {word_en}."

    return say


def _limit(word: str, word_en: str, name: str) -> Callable[[str, dict[str, Any]], Messages]:
    def say(key: str, context: dict[str, Any]) -> Messages:
        size = context.get(name)
        return f"“{key}”{word.format(size)}。", f"{key!r} {word_en.format(size)}."

    return say


_SAYINGS: dict[str, Callable[[str, dict[str, Any]], Messages]] = {
    "string_pattern": _limit("要写成 {} 的样子", "must look like {}", "pattern"),
    "string_too_short": _limit("不能是空的", "cannot be empty", "min_length"),
    "string_too_long": _limit("最多 {} 个字", "has {} characters at most", "max_length"),
    "string": _type("文字（需要时加引号）", "text (quoted when needed)"),
    "int": _type("整数", "a whole number"),
    "float": _type("数", "a number"),
    "bool": _type(" true 或 false", "true or false"),
    "tuple": _type("一列，例如 [a, b]", "a list such as [a, b]"),
    "list": _type("一列，例如 [a, b]", "a list such as [a, b]"),
    "dict": _type("成“键: 值”", "keys"),
    "model": _type("成“键: 值”", "keys"),
    "too_short": _limit("至少要有 {} 项", "needs {} items at least", "min_length"),
    "greater_than_equal": _limit("不能小于 {}", "cannot be below {}", "ge"),
    "less_than_equal": _limit("不能大于 {}", "cannot be above {}", "le"),
    "greater_than": _limit("要大于 {}", "must be above {}", "gt"),
    "less_than": _limit("要小于 {}", "must be below {}", "lt"),
}


def _model_at(model: type[BaseModel], at: tuple[str | int, ...]) -> type[BaseModel] | None:
    """Return the model that stands at a place inside a declaration."""
    here: Any = model
    for part in at:
        here = _inside(here, part)
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None


def _inside(here: Any, part: str | int) -> Any:  # noqa: ANN401 -- any annotation
    if isinstance(here, type) and issubclass(here, BaseModel):
        for name, field in here.model_fields.items():
            if part in (name, field.alias):
                return next(_models(field.annotation), field.annotation)
    args = get_args(here)
    return args[-1] if get_origin(here) is dict else (args[0] if args else None)


def _models(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 -- any annotation
    """Return the parts of a union that are models."""
    if get_origin(annotation) in (Union, types.UnionType):
        for arg in get_args(annotation):
            yield from _models(arg)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
