"""Who hears of an event in the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiezhen.effects.rules.events import HEAD_RIGHTS, HEADS, Event, matches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiezhen.people.access import Viewer


#: Who may see, and who of them hears without being named, by kind, unit, depth and heads.
Known = dict[tuple[str, str, str, bool], tuple[frozenset[int], frozenset[int]]]


def receivers(event: Event, viewers: Sequence[Viewer], known: Known | None = None) -> list[int]:
    """Return the accounts that hear of an event, in order, without the one who acted.

    Nobody hears of what they may not see. Those posted exactly in the unit hear of it,
    the heads above it too when it is overdue or supervised, and the accounts that the
    event names. Where nobody is posted in the unit, the nearest unit above it whose
    people may change such a record stands in, so that a message never reaches nobody
    for want of a posting.

    `known` keeps what was found, for many events about the same viewers.
    """
    heads = matches(event.name, HEADS)
    key = (event.kind, event.unit_path, event.sensitivity, heads)
    known = {} if known is None else known
    if key not in known:
        known[key] = _concerned(event, viewers, heads=heads)
    able, found = known[key]
    return sorted((found | able.intersection(event.to)) - {event.by, 0})


def _concerned(
    event: Event, viewers: Sequence[Viewer], *, heads: bool
) -> tuple[frozenset[int], frozenset[int]]:
    able = [v for v in viewers if v.may("see", event.kind, event.unit_path, event.sensitivity)]
    found = [v for v in able if _posted(v, event, event.unit_path, "see")]
    if not found:
        found = _stand_in(event, able)
    if heads:
        found += [v for v in able if any(v.may(r, path=event.unit_path) for r in HEAD_RIGHTS)]
    return frozenset(v.account_id for v in able), frozenset(v.account_id for v in found)


def _posted(viewer: Viewer, event: Event, path: str, right: str) -> bool:
    return any(
        grant.path == path and grant.may == right and grant.reaches(event.kind, event.sensitivity)
        for grant in viewer.grants
    )


def _stand_in(event: Event, able: list[Viewer]) -> list[Viewer]:
    path = _above(event.unit_path)
    while path:
        found = [v for v in able if _posted(v, event, path, "change")]
        if found:
            return found
        path = _above(path)
    return []


def _above(path: str) -> str:
    """Return the path of the unit above: /yunxiu/p1/ → /yunxiu/; the office has none."""
    upper = path.rstrip("/").rpartition("/")[0]
    return f"{upper}/" if upper else ""
