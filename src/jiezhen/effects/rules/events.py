"""What is announced, and the groups in which people choose how they hear of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened and that others should hear of.

    `name` is dotted (`matter.dispatched`), `about` names the object
    (`hotline.case:HT-2023-000713`), `kind` and `sensitivity` say who may see it, and
    `unit_path` whose it is. `key` is unique in the office: the same key announces
    nothing twice. `title`, `text` and `data` hold nothing personal. `to` names accounts
    that shall hear of it besides the unit; `by` is the account whose act it was, which
    needs no notice of it.
    """

    name: str
    about: str
    unit_path: str
    kind: str
    title: str
    key: str
    text: str = ""
    href: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    sensitivity: str = "inner"
    to: tuple[int, ...] = ()
    by: int = 0


#: Groups of events in which people choose, and their patterns; the first match wins.
GROUPS: dict[str, tuple[str, ...]] = {
    "deadlines": ("*.due_soon", "*.overdue", "*.supervised", "*.pressed"),
    "matters": ("matter.*",),
    "plans": ("plan.*", "task.*"),
    "others": ("*",),
}
#: How somebody hears of a group: only in the product, one e-mail a day, an e-mail each.
HOWS = ("inside", "digest", "now")

#: Events that also go to the heads above a unit.
HEADS = ("*.overdue", "*.supervised")
#: Who holds one of these over a unit is its head.
HEAD_RIGHTS = ("matters.supervise", "plans.decide")
#: Events that the clock makes; nobody is woken by an e-mail of theirs.
CLOCKED = ("*.due_soon", "*.overdue")


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Say whether a dotted name fits one of the patterns (`matter.*`)."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def group_of(name: str) -> str:
    """Return the group of an event's name."""
    return next(group for group, patterns in GROUPS.items() if matches(name, patterns))
