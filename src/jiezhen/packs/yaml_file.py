"""Reading one YAML file: plain values with the line of each key, and nothing clever.

Keys are text and stay as written (`on`, `no` and `010` are no traps here); `true` and `false` are
the only flags; days are text. Anchors, aliases, tags, doubled keys, several documents, deep
nesting and large files are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from jiezhen.packs.errors import PackError

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # a platform without the C library; the same words, more slowly
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

MOST_BYTES = 512 * 1024
MOST_DEPTH = 12
MOST_VALUES = 50_000

#: Where a value stands: keys and positions from the top of the file.
Path_ = tuple[str | int, ...]

_INT = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A file that was read: its values, and the line of each key and list item."""

    path: Path
    values: object
    lines: dict[Path_, int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """Return the line of a value, or of the nearest thing around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, message: str, message_en: str, *path: str | int) -> PackError:
        """Return a PackError that stands at a value of this file."""
        return PackError(message, message_en, self.path, self.line(*path))


def read(path: Path) -> YamlFile:
    """Return the values of a file.

    Raises:
        PackError: The file cannot be read, is too large or too deep, or holds something that packs
            do not allow.
    """
    text = _text(path)
    try:
        _inspect(path, text)
        node = yaml.compose(text, Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise PackError(
            f"YAML 写法有误：{error.problem or '读不下去'}。请检查缩进、冒号和引号。",
            f"The YAML is malformed: {error.problem}.",
            path,
            line,
        ) from None
    except yaml.YAMLError as error:
        raise PackError(
            "YAML 里有不能用的字符。", f"The YAML is malformed: {error}", path
        ) from None
    lines: dict[Path_, int] = {}
    values = _value(path, node, (), lines) if node is not None else {}
    return YamlFile(path, values, lines)


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise PackError("文件读不出来。", f"The file cannot be read: {error}.", path) from None
    if len(raw) > MOST_BYTES:
        raise PackError(
            f"文件有 {len(raw) // 1024} KB，最多 {MOST_BYTES // 1024} KB；请拆成几个文件。",
            f"The file has {len(raw)} bytes; {MOST_BYTES} at most.",
            path,
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise PackError(
            "文件不是 UTF-8 编码，请另存为 UTF-8。", "The file is not UTF-8.", path, line
        ) from None


def _inspect(path: Path, text: str) -> None:
    """Walk the events, which needs no recursion, before anything is built."""
    depth = count = documents = 0
    for event in yaml.parse(text, Loader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        anchor = getattr(event, "anchor", None)
        if anchor:
            raise PackError(
                f"不能用锚点和引用（& 和 *）：“{anchor}”。请把内容写全。",
                f"Anchors and aliases (& and *) are not allowed: {anchor!r}.",
                path,
                line,
            )
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        count += isinstance(event, yaml.ScalarEvent)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            raise PackError(
                f"套得太深，最多 {MOST_DEPTH} 层。",
                f"Nested too deeply; {MOST_DEPTH} levels at most.",
                path,
                line,
            )
        if count > MOST_VALUES or documents > 1:
            raise PackError(
                f"一个文件只放一份内容，最多 {MOST_VALUES} 个值。",
                f"One document with at most {MOST_VALUES} values a file.",
                path,
                line,
            )
        _plain_tag(path, event, line)


def _plain_tag(path: Path, event: yaml.Event, line: int) -> None:
    tag = getattr(event, "tag", None)
    if tag and not (isinstance(event, yaml.ScalarEvent) and tag == "!"):
        raise PackError(
            f"不能用标记“{tag}”。", f"Tags such as {tag!r} are not allowed.", path, line
        )


def _value(file: Path, node: yaml.Node, at: Path_, lines: dict[Path_, int]) -> object:
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(file, node, at, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_value(file, item, (*at, n), lines) for n, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(
    file: Path, node: yaml.MappingNode, at: Path_, lines: dict[Path_, int]
) -> dict[str, object]:
    found: dict[str, object] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value
        if not isinstance(key_node, yaml.ScalarNode) or not key or key == "<<":
            raise PackError("键要写成一个词。", "A key is one word.", file, line)
        if key in found:
            first = lines[(*at, key)]
            raise PackError(
                f"键“{key}”写了两次，第一次在第 {first} 行。",
                f"The key {key!r} stands twice; first in line {first}.",
                file,
                line,
            )
        lines[(*at, key)] = line
        found[key] = _value(file, value_node, (*at, key), lines)
    return found


def _scalar(node: yaml.Node) -> object:
    text = str(node.value)
    if getattr(node, "style", None) in ("'", '"', "|", ">"):
        return text
    if text in ("true", "false"):
        return text == "true"
    if text in ("", "~", "null"):
        return None
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
