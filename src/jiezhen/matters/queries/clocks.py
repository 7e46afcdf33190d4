"""The clocks of one matter in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiezhen.kernel import clock, worktime
from jiezhen.matters.facts import flow_of
from jiezhen.matters.models import Matter
from jiezhen.matters.queries.setting import calendar
from jiezhen.matters.rules import timers
from jiezhen.records import shapes, wording

Lamp = Literal["green", "yellow", "red", "grey", "blue"]


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock: its light, the word of the light, the rest or excess, its exact deadline."""

    name: str
    title: str
    lamp: Lamp
    word: str
    rest: str
    due_at: datetime
    done_at: datetime | None = None
    length: str = ""


def clocks(row: Matter, at: datetime) -> list[Clock]:
    """Return the clocks that a matter has, in the pack's order."""
    flow = flow_of(shapes.kind_of(row.kind))
    return [
        _clock(name, wording.title(spec), row.timers[name], at)
        for name, spec in flow.timers.items()
        if name in row.timers
    ]


def nearest(row: Matter, at: datetime) -> Clock | None:
    """Return the clock that falls due first; None when none runs."""
    if row.due_at is None:
        return None
    if not row.due_timer:
        return _by_day(row.due_at, row.warn_at, at)
    spec = flow_of(shapes.kind_of(row.kind)).timers.get(row.due_timer)
    item = row.timers.get(row.due_timer)
    if spec is None or item is None:
        return None
    return _clock(row.due_timer, wording.title(spec), item, at)


def _by_day(due: datetime, warn: datetime | None, at: datetime) -> Clock:
    """Return the clock of a deadline that was written as a day."""
    words = worktime.words(at, due, "calendar_day", calendar(), warn)
    return Clock("", _("期限"), words.light, *_said(words), due)


def _said(words: worktime.Words) -> tuple[str, str]:
    """Return the word of a light and the rest or excess, in the language of the page."""
    if get_language() == "en":
        return words.lamp[1], words.en
    return words.lamp[0], words.zh.removeprefix("超期")


def _clock(name: str, title: str, item: dict[str, Any], at: datetime) -> Clock:
    due, length = timers.moment(item["due"]), _length(item)
    if "done" in item:
        done = timers.moment(item["done"])
        met = item["met"] == "yes"
        word = _("按时完成") if met else _("超期完成")
        rest = _taken(item["hours"]) if "hours" in item else ""
        return Clock(name, title, "blue" if met else "red", word, rest, due, done, length)
    if "dropped" in item:
        return Clock(name, title, "grey", _("不再计时"), "", due, None, length)
    if "paused" in item:
        since = timers.moment(item["paused"]).astimezone(clock.ZONE)
        rest = _("{day}起").format(day=f"{since.month}月{since.day}日 {since:%H:%M}")
        return Clock(name, title, "grey", _("暂停"), rest, due, None, length)
    warn = timers.moment(item["warn"])
    words = worktime.words(at, due, item["unit"], calendar(), warn)
    return Clock(name, title, words.light, *_said(words), due, None, length)


def _taken(hours: float) -> str:
    """Return how long a clock ran, in minutes where it was less than an hour."""
    minutes = max(1, round(hours * 60))
    if minutes < 60:
        return _("用时{n}分钟").format(n=minutes)
    if minutes % 60 == 0 or minutes >= 24 * 60:
        return _("用时{n}小时").format(n=round(minutes / 60))
    return _("用时{h}小时{m}分").format(h=minutes // 60, m=minutes % 60)


def _length(item: dict[str, Any]) -> str:
    names = {
        "work_day": _("{n}个工作日"),
        "work_hour": _("{n}个工作小时"),
        "urgent_hour": _("{n}小时"),
        "calendar_day": _("{n}天"),
    }
    return names[item["unit"]].format(n=f"{item['amount']:g}")
