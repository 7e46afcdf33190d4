"""Events and turns of the worker for the tests of effects."""

from datetime import datetime, timedelta
from typing import Any

from jiezhen.conftest import AT, Cast
from jiezhen.effects import tasks
from jiezhen.effects.operations import Event, announce

__all__ = ["AT", "case", "later", "say", "work"]

KIND = "hotline.case"


def case(name: str = "matter.dispatched", number: int = 1, **more: Any) -> Event:
    """Return an event about a hotline case of 松涛居民区."""
    given: dict[str, Any] = {
        "name": name,
        "about": f"{KIND}:HT-2023-{number:06d}",
        "unit_path": "/yunxiu/p1/c1/",
        "kind": KIND,
        "title": f"楼道堆物派到松涛居民区（{number}）",
        "key": f"{name}:{number}",
        "href": f"/matters/HT-2023-{number:06d}",
        "sensitivity": "personal",
    }
    return Event(**given | more)


def say(cast: Cast, *events: Event, at: datetime = AT) -> None:
    """Announce events in the office of the cast."""
    for event in events:
        announce(cast.system.office_id, event, at)


def later(**more: float) -> datetime:
    """Return a moment after the tests' own."""
    return AT + timedelta(**more)


def work(at: datetime = AT) -> int:
    """Run the worker's rounds until nothing more is due."""
    done = 0
    while more := tasks.deliver(at):
        done += more
    return done
