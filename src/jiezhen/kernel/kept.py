"""Keep in memory what is read often and changes seldom, and notice when it changed.

A process that changes a thing forgets it at once. Another process notices at its next look:
a cheap question (the stamp) that is asked at most every `seconds`, and only when the thing is
wanted. So what is kept is never older than `seconds` while somebody asks for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

#: How long a change made by another process may stay unnoticed. Unit: seconds.
SECONDS = 30.0


@dataclass(slots=True)
class _Held(Generic[V]):
    value: V
    stamp: object
    looked: float


_all: WeakSet[Kept[Any, Any]] = WeakSet()


def forget_all() -> None:
    """Drop everything that this process keeps, as when its database was replaced."""
    for kept in list(_all):
        kept.forget_every()


class Kept(Generic[K, V]):
    """Values by key, each with the stamp of what it was read from. Safe among threads."""

    def __init__(
        self, seconds: float = SECONDS, passed: Callable[[], float] | None = None
    ) -> None:
        """`passed` measures time in seconds from any start; tests give their own."""
        self.seconds = seconds
        self._passed = passed or time.monotonic
        self._held: dict[K, _Held[V]] = {}
        self._round: dict[K, int] = {}
        self._lock = Lock()
        _all.add(self)

    def get(self, key: K, stamp: Callable[[], object], load: Callable[[], V]) -> V:
        """Return the value of a key; `load` reads it, `stamp` says cheaply whether it changed."""
        now = self._passed()
        with self._lock:
            held, turn = self._held.get(key), self._round.get(key, 0)
        if held is not None and now - held.looked < self.seconds:
            return held.value
        # The stamp first: a change between the two is then noticed at the next look.
        fresh = stamp()
        if held is not None and fresh == held.stamp:
            held.looked = now
            return held.value
        value = load()
        with self._lock:
            if self._round.get(key, 0) == turn:
                self._held[key] = _Held(value, fresh, now)
        return value

    def forget_every(self) -> None:
        """Drop all keys."""
        with self._lock:
            keys = list(self._held)
        for key in keys:
            self.forget(key)

    def forget(self, key: K) -> None:
        """Drop a key; a reading of it that is under way is not kept either."""
        with self._lock:
            self._held.pop(key, None)
            self._round[key] = self._round.get(key, 0) + 1
