"""What changed between two versions of a document: new, changed, gone. Nothing is overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from jiezhen.plans.rules import words

Change = Literal["same", "changed", "new", "gone"]
#: Two promises with different words are the same promise from this likeness on. Our choice.
LEAST = 0.55


@dataclass(frozen=True, slots=True)
class Told:
    """A promise of one version: its row's id, object and words."""

    id: int
    object: str
    words: str


@dataclass(frozen=True, slots=True)
class Pair:
    """What became of one promise; `old` is None for a new one, `new` for one that is gone."""

    change: Change
    old: int | None
    new: int | None


def compare(old: Sequence[Told], new: Sequence[Told]) -> list[Pair]:
    """Return one pair for every promise of both versions, in the order of the new one, gone last.

    The same words are paired first, then the most alike, best first; ties by order.
    """
    mates = _same(old, new)
    free = [t for t in old if t.id not in mates.values()]
    open_ = [t for t in new if t.id not in mates]
    same = set(mates)
    scored = sorted(
        (
            (_alike(o, n), -i, -j, o.id, n.id)
            for i, o in enumerate(free)
            for j, n in enumerate(open_)
        ),
        reverse=True,
    )
    taken = set(mates.values())
    for score, _i, _j, was, now in scored:
        if score < LEAST:
            break
        if was not in taken and now not in mates:
            mates[now] = was
            taken.add(was)
    pairs = [Pair(_kind(t.id, mates, same), mates.get(t.id), t.id) for t in new]
    return pairs + [Pair("gone", t.id, None) for t in old if t.id not in taken]


def _kind(now: int, mates: dict[int, int], same: set[int]) -> Change:
    return "same" if now in same else "changed" if now in mates else "new"


def _same(old: Sequence[Told], new: Sequence[Told]) -> dict[int, int]:
    waiting: dict[tuple[str, str], list[int]] = {}
    for told in old:
        waiting.setdefault(_face(told), []).append(told.id)
    mates = {}
    for told in new:
        left = waiting.get(_face(told))
        if left:
            mates[told.id] = left.pop(0)
    return mates


def _face(told: Told) -> tuple[str, str]:
    return "".join(told.object.split()), "".join(told.words.split())


def _alike(old: Told, new: Told) -> float:
    by_words = words.likeness(words.core(old.words), words.core(new.words))
    by_object = words.likeness(words.core(old.object), words.core(new.object))
    return 0.5 * by_words + 0.5 * by_object
