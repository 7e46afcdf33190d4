"""The order of articles as a reader expects it, however they were put up."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from jiezhen.kernel.numerals import NotANumeral, value_of

T = TypeVar("T")
_NUMBER = re.compile(r"\s*第\s*([^条\s]{1,12})\s*条(?:\s*之\s*([一二三四五六七八九十\d]{1,4}))?")


def place(title: str) -> tuple[int, int] | None:
    """Return the number of an article and of its 之; None where the title begins otherwise, as 第二章 does."""
    found = _NUMBER.match(title)
    if found is None:
        return None
    try:
        return int(value_of(found[1])), int(value_of(found[2])) if found[2] else 0
    except NotANumeral:
        return None


def in_order(articles: Sequence[T], title: Callable[[T], str]) -> list[T]:
    """Return articles by their numbers; as they came when one of them has none."""
    places = [place(title(a)) for a in articles]
    if None in places:
        return list(articles)
    order = sorted(range(len(articles)), key=lambda n: (places[n] or (0, 0), n))
    return [articles[n] for n in order]
