"""Read rules such as "5 work_day; pause A / B; extend 2 work_day" and the calendars of the cases."""

from datetime import date, datetime, time
from pathlib import Path

import yaml

from jiezhen.kernel.clock import ZONE
from jiezhen.kernel.worktime import NATIONAL, Calendar, after_pause, due, extended

CASES = yaml.load(  # every value as it is written
    (Path(__file__).parent / "worktime_cases.yaml").read_text("utf-8"), yaml.BaseLoader
)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def calendar(told):
    def days(key):
        return frozenset(map(date.fromisoformat, told.get(key, [])))

    hours = tuple(
        (
            date.fromisoformat(since),
            tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in spans),
        )
        for since, spans in told.get("hours", {}).items()
    )
    return Calendar(days("days_off"), days("days_on"), hours or NATIONAL.hours)


CALENDARS = {"": NATIONAL} | {name: calendar(told) for name, told in CASES["calendars"].items()}


def reckoned(start, rule, name=""):
    """Return the deadline that a rule gives, all steps on the clock of its first unit."""
    first, *steps = rule.split("; ")
    amount, unit = first.split()
    found = due(at(start), float(amount), unit, CALENDARS[name])
    for step in steps:
        word, rest = step.split(" ", 1)
        if word == "pause":
            since, until = map(at, rest.split(" / "))
            found = after_pause(found, since, until, unit, CALENDARS[name])
        elif word == "extend":
            more, of = rest.split()
            found = extended(found, float(more), of, CALENDARS[name])
        else:
            raise ValueError(step)
    return found
