"""What a column of a file may mean for a kind, and how its heading is recognised.

A target is a field's name, `<place>.lon` and `<place>.lat`, or a system value with `@`
before it: `@unit`, `@code`, and what the kind's shape allows an import to give.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from jiezhen.packs.schema import Kind
from jiezhen.records import shapes, wording

UNIT, CODE, STATE = "@unit", "@code", "@state"
#: A column of days that names the last day; the stored end is the day after it.
INCLUSIVE = "@until_inclusive"

_UNIT_WORDS = (
    "单元", "居民区", "居委", "居委会", "村居", "居村委", "社区", "网格", "科室", "单位", "所属单元",
    "所属居民区", "所属居委", "所属社区", "所属单位", "所在居委", "所在居民区", "unit", "unit_code",
)  # fmt: skip
_SYSTEM_WORDS: dict[str, tuple[str, ...]] = {
    "code": ("编号", "记录编号", "系统编号", "code"),
    "state": ("状态", "办理状态", "进度状态", "state"),
    "opened_on": ("开始日期", "受理日期", "立项日期", "opened_on"),
    "closed_on": ("办结日期", "结束日期", "完成日期", "closed_on"),
    "due_on": ("截止日期", "期限", "办结期限", "due_on"),
    "valid_from": ("起用日期", "自", "起", "生效日期", "valid_from"),
    "valid_until": ("停用日期", "失效日期", "valid_until"),
    "on": ("日期", "发生日期", "on"),
    "until": ("至（不含）", "until"),
}
_INCLUSIVE_WORDS = ("至", "止", "截至", "last day")
#: How many of a file's first rows may hold the headings.
_LOOK = 15


@dataclass(frozen=True, slots=True)
class Target:
    """What a column may be: its name, its title for people, the headings it is known by."""

    name: str
    title: str
    words: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the headings stand, what they say, and what each column means."""

    row: int
    titles: tuple[str, ...]
    match: dict[int, str]
    digest: str

    @property
    def known(self) -> bool:
        """Say whether at least one column was recognised."""
        return bool(self.match)


def targets(kind: Kind) -> dict[str, Target]:
    """Return everything that a column may mean, in the order of a template."""
    found = [Target(CODE, _("编号"), _SYSTEM_WORDS["code"]), Target(UNIT, _("单元"), _UNIT_WORDS)]
    places = [name for name, field in kind.fields.items() if field.type == "place"]
    for name, field in kind.fields.items():
        if field.type == "file":
            continue
        words = (field.title, field.title_en, name, *field.also)
        found.append(
            Target(name, wording.title(field), tuple(filter(None, words)), field.required)
        )
        if field.type == "place":
            found += _degrees(name, field.title, alone=len(places) == 1)
    found += _given(kind)
    return {target.name: target for target in found}


def _degrees(name: str, title: str, *, alone: bool) -> list[Target]:
    lon = (f"{title}经度", f"{name}.lon", *(("经度", "lon", "lng") if alone else ()))
    lat = (f"{title}纬度", f"{name}.lat", *(("纬度", "lat") if alone else ()))
    return [Target(f"{name}.lon", lon[0], lon), Target(f"{name}.lat", lat[0], lat)]


def _given(kind: Kind) -> list[Target]:
    """Return the system values that an import may give, but those that a field sets."""
    shape = shapes.shape_of(kind.name)
    derived = {"entry": "valid_from"}.get(kind.shape, "on") if kind.on in kind.fields else ""
    found = []
    for name in shape.given:
        if name in ("code", derived):
            continue
        words = _SYSTEM_WORDS.get(name, (name,))
        found.append(Target(f"@{name}", words[0], words))
        if name in ("until", "valid_until"):
            found.append(Target(INCLUSIVE, _("至（最后一天）"), _INCLUSIVE_WORDS))
    return found


def heading_in(
    kind: Kind, rows: Sequence[tuple[int, list[Any]]], remembered: Mapping[str, dict[str, str]]
) -> Heading | None:
    """Return the heading among the first rows: a remembered one, else the best known.

    None when no row could be one.
    """
    best: Heading | None = None
    for number, cells in rows[:_LOOK]:
        heading = _heading(kind, number, cells)
        if heading.digest in remembered:
            kept = {int(c): t for c, t in remembered[heading.digest].items()}
            return Heading(number, heading.titles, kept, heading.digest)
        texts = sum(isinstance(c, str) and bool(c) for c in cells)
        if best is None:
            best = heading if heading.known or texts > 1 else None
        elif len(heading.match) > len(best.match):
            best = heading
    return best


def _heading(kind: Kind, number: int, cells: Sequence[Any]) -> Heading:
    titles = tuple(str(c) for c in cells)
    match: dict[int, str] = {}
    words = _words(kind)
    for column, title in enumerate(titles):
        name = words.get(_plain(title)) or words.get(_bare(title))
        if name and name not in match.values():
            match[column] = name
    joined = "\x1f".join(_plain(t) for t in titles)
    return Heading(number, titles, match, hashlib.sha256(joined.encode()).hexdigest())


def _words(kind: Kind) -> dict[str, str]:
    """Return target by heading word; a field's own word goes before a system's."""
    found: dict[str, str] = {}
    every = targets(kind)
    for system in (False, True):
        for name, target in every.items():
            if name.startswith("@") is system:
                for word in target.words:
                    found.setdefault(_plain(word), name)
    return found


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[\s*:]", "", text)


def _bare(text: str) -> str:
    """Return a heading without what stands in brackets: 金额（元） is 金额."""
    return re.sub(r"[(\[【].*?[)\]】]", "", _plain(text))
