"""Checks of office hours, tables of routes, and scores."""

from __future__ import annotations

import itertools
from datetime import date, time

from jiezhen.packs.errors import unknown
from jiezhen.packs.helper_checks import condition
from jiezhen.packs.kind_checks import full, required
from jiezhen.packs.loader import Loaded
from jiezhen.packs.tables import Calendar, Routes, Score


def check(loaded: Loaded) -> None:
    """Add every problem with the tables, and complete their names and conditions."""
    for name, calendar in loaded.calendars.items():
        _calendar(loaded, name, calendar)
    for name, routes in loaded.routes.items():
        _routes(loaded, name, routes)
    for name, score in loaded.scores.items():
        _score(loaded, name, score)


def _calendar(loaded: Loaded, name: str, calendar: Calendar) -> None:
    for key in ("days_off", "days_on"):
        for index, text in enumerate(getattr(calendar, key)):
            _day(loaded, name, text, key, index)
    for index, hours in enumerate(calendar.hours):
        _day(loaded, name, hours.since, "hours", index, "since")
        try:
            edges = [time.fromisoformat(t) for p in hours.periods for t in p.split("-")]
        except ValueError:
            edges = []
        if not edges or any(a >= b for a, b in itertools.pairwise(edges)):
            messages = (
                "时段要按先后写，不重叠，如 08:30-11:30。",
                "Periods stand in order without overlap, as 08:30-11:30.",
            )
            loaded.report("calendars", name, messages, "hours", index, "periods")


def _day(loaded: Loaded, name: str, text: str, *at: str | int) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        messages = (f"没有“{text}”这一天。", f"There is no day {text}.")
        loaded.report("calendars", name, messages, *at)


def _routes(loaded: Loaded, name: str, routes: Routes) -> None:
    wanted = full(routes.pack, routes.of)
    spec = loaded.kinds.get(wanted)
    if spec is None or spec.shape != "matter":
        matters = [n for n, k in loaded.kinds.items() if k.shape == "matter"]
        loaded.report("routes", name, unknown("事项种类", "kind", wanted, matters), "of")
        return
    object.__setattr__(routes, "of", wanted)
    required(loaded, "routes", name, (routes.pack, wanted), "of")
    for index, row in enumerate(routes.rows):
        found = condition(loaded, ("routes", name), spec, row.where, "rows", index, "where")
        if found is not None:
            row._where = found


def _score(loaded: Loaded, name: str, score: Score) -> None:
    for index, version in enumerate(score.versions):
        for key, part in version.parts.items():
            at = ("versions", index, "parts", key)
            if part.indicator not in loaded.indicators:
                messages = unknown("指标", "indicator", part.indicator, loaded.indicators)
                loaded.report("scores", name, messages, *at, "indicator")
            if (part.by == "bands") != bool(part.bands):
                messages = (
                    "by: bands 要写 bands，其他不写。",
                    "`bands` belongs to by: bands.",
                )
                loaded.report("scores", name, messages, *at)
    if score.deductions is None:
        return
    wanted = full(score.pack, score.deductions.of)
    spec = loaded.kinds.get(wanted)
    if spec is None:
        messages = unknown("记录种类", "kind", wanted, loaded.kinds)
        loaded.report("scores", name, messages, "deductions", "of")
        return
    object.__setattr__(score.deductions, "of", wanted)
    if score.deductions.points not in spec.fields:
        messages = unknown("字段", "field", score.deductions.points, spec.fields)
        loaded.report("scores", name, messages, "deductions", "points")
    where = score.deductions.where
    condition(loaded, ("scores", name), spec, where, "deductions", "where")
