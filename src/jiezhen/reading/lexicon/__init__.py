"""The words of government documents, kept as data: one file a list, one entry a line, `#` for remarks.

A line may hold several entries parted by blanks. Each file says in its first lines what belongs there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources


@cache
def lines(name: str) -> tuple[str, ...]:
    """Return the lines of one list without remarks and empty lines."""
    text = resources.files(__package__).joinpath(f"{name}.txt").read_text("utf-8")
    return tuple(filter(None, (line.partition("#")[0].strip() for line in text.splitlines())))


@cache
def words(name: str) -> tuple[str, ...]:
    """Return the entries of one list, longest first, each once.

    Errors: a list that is not shipped raises FileNotFoundError at import of the module that uses it.
    """
    entries = {entry for line in lines(name) for entry in line.split()}
    return tuple(sorted(entries, key=lambda entry: (-len(entry), entry)))


@cache
def known(name: str) -> frozenset[str]:
    """Return the entries of one list as a set."""
    return frozenset(words(name))


@cache
def any_of(*names: str) -> str:
    """Return a regular expression that matches any entry of the lists, the longest first.

    Entries with a common first character share one branch, which keeps matching fast.
    """
    return pattern({entry for name in names for entry in words(name)})


def pattern(entries: Iterable[str]) -> str:
    """Return a regular expression that matches any of the entries, the longest first."""
    entries = sorted(set(entries), key=lambda entry: (-len(entry), entry))
    branches: dict[str, list[str]] = {}
    for entry in entries:
        branches.setdefault(entry[0], []).append(entry[1:])
    return "(?:" + "|".join(_branch(first, rests) for first, rests in branches.items()) + ")"


def _branch(first: str, rests: list[str]) -> str:
    if rests == [""]:
        return re.escape(first)
    return re.escape(first) + "(?:" + "|".join(re.escape(rest) for rest in rests) + ")"
