"""The sentence beside a chart: what somebody would say who has looked at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from jiezhen.web import formats

Value = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Point:
    """One value at one label of one series; None is 无数据. `href` explains the figure."""

    label: str
    value: Value | None
    series: str = ""
    href: str = ""


def figure(value: Value, unit: str) -> str:
    """Write a value with its unit; a rate keeps its % beside the number."""
    if unit == "%":
        return f"{formats.plain(value)}%"
    return formats.quantity(value, unit)


def _change(new: Value, old: Value, unit: str) -> str:
    """Say how much more or less; rates differ in 个百分点, and nothing is good or bad here."""
    gap = Decimal(str(new)) - Decimal(str(old))
    if gap == 0:
        return _("相同")
    size = abs(gap)
    if unit == "%":
        words = _("上升%(n)s个百分点") if gap > 0 else _("下降%(n)s个百分点")
        return words % {"n": formats.plain(size)}
    words = _("多%(n)s") if gap > 0 else _("少%(n)s")
    return words % {"n": figure(size, unit)}


def _extremes(unit: str, known: Sequence[tuple[Point, Value]]) -> list[str]:
    """Say the highest and the lowest, unless that is the latest, which was said already."""
    latest = known[-1][1]
    top, most = max(known, key=lambda pair: pair[1])
    low, least = min(known, key=lambda pair: pair[1])
    if most == least:
        return []
    said = {"top": top.label, "most": figure(most, unit)}
    highest = _("是其中最高") if latest == most else _("最高%(top)s%(most)s") % said
    said = {"low": low.label, "least": figure(least, unit)}
    lowest = _("是其中最低") if latest == least else _("最低%(low)s%(least)s") % said
    return [lowest, highest] if latest == least else [highest, lowest]


def _one_course(unit: str, points: Sequence[Point]) -> str:
    known = [(p, p.value) for p in points if p.value is not None]
    if not known:
        return _("这段时间没有数据")
    latest, value = known[-1]
    parts = [_("%(label)s%(n)s") % {"label": latest.label, "n": figure(value, unit)}]
    if len(known) > 1:
        before, old = known[-2]
        change = _change(value, old, unit)
        parts.append(_("比%(label)s%(change)s") % {"label": before.label, "change": change})
    if len(known) > 2:
        parts += _extremes(unit, known)
    blank = [p.label for p in points if p.value is None]
    if blank:
        parts.append(_("%(labels)s无数据") % {"labels": _("、").join(blank)})
    return _("，").join(parts)


def of_course(title: str, unit: str, points: Sequence[Point]) -> str:
    """Say how one or several series went: latest, change, highest, lowest, gaps."""
    series = list(dict.fromkeys(p.series for p in points))
    if not points:
        return _("%(title)s：这段时间没有数据。") % {"title": title}
    told = []
    for name in series:
        course = _one_course(unit, [p for p in points if p.series == name])
        told.append(_("%(label)s%(n)s") % {"label": name, "n": course} if name else course)
    return _("%(title)s：%(told)s。") % {"title": title, "told": _("；").join(told)}


def of_rank(title: str, unit: str, ordered: Sequence[Point]) -> str:
    """Say who is first and last of a ranking that is already in order."""
    known = [(p, p.value) for p in ordered if p.value is not None]
    if not known:
        return _("%(title)s：这段时间没有数据。") % {"title": title}
    first, most = known[0]
    parts = [_("%(label)s%(n)s最多") % {"label": first.label, "n": figure(most, unit)}]
    if len(known) > 1:
        final, least = known[-1]
        parts.append(_("%(label)s%(n)s最少") % {"label": final.label, "n": figure(least, unit)})
    blank = [p.label for p in ordered if p.value is None]
    if blank:
        parts.append(_("%(labels)s无数据") % {"labels": _("、").join(blank)})
    return _("%(title)s：%(told)s。") % {"title": title, "told": _("，").join(parts)}
