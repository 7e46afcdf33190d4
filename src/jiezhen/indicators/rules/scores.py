"""From figures to points: dated weights, rates, shares of a group, bands, deductions.

Pure arithmetic on fractions. Units are scored, persons never.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal, TypeVar

How = Literal["rate", "share", "bands"]
Missing = Literal["full", "none", "skip"]
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Weight:
    """One part of a score: how many points, and how its figure becomes points.

    `bands` are (figure, points) pairs; figures are written in the indicator's unit, 66.67 for
    66.67%.
    """

    key: str
    points: Fraction
    by: How = "rate"
    bands: tuple[tuple[Fraction, Fraction], ...] = ()
    missing: Missing = "skip"


@dataclass(frozen=True, slots=True)
class Got:
    """The points of one part. `value` and `whole` are figures in base units; None is unknown.

    `got` is None where the part is not counted.
    """

    weight: Weight
    value: Fraction | None
    whole: Fraction | None
    got: Fraction | None


@dataclass(frozen=True, slots=True)
class Total:
    """A unit's score: its parts, what was deducted, and the sum.

    `full` are the points that could be had, `counted` those of the parts that were counted;
    where some were not, `sum` scales the points of the others up to `full`.
    """

    parts: tuple[Got, ...]
    deducted: Fraction
    full: Fraction
    counted: Fraction
    sum: Fraction | None


def exact(number: float | int | Decimal | Fraction | None) -> Fraction | None:
    """Return a number as it is written: 0.1 is one tenth."""
    if number is None:
        return None
    return number if isinstance(number, Fraction) else Fraction(str(number))


def in_force(versions: Iterable[tuple[date, V]], on: date) -> V | None:
    """Return the version in force on a day: the latest that has begun; None before the first."""
    begun = [(since, version) for since, version in versions if since <= on]
    return max(begun, key=lambda pair: pair[0])[1] if begun else None


def along(bands: Sequence[tuple[Fraction, Fraction]], value: Fraction) -> Fraction:
    """Return the points on the line through pairs; outside the pairs the nearest one's points."""
    known = sorted(bands)
    if value <= known[0][0]:
        return known[0][1]
    for (low, less), (high, more) in itertools.pairwise(known):
        if value <= high:
            return less + (more - less) * (value - low) / (high - low) if high > low else more
    return known[-1][1]


def part(
    weight: Weight, value: Fraction | None, whole: Fraction | None, scale: Fraction = Fraction(1)
) -> Got:
    """Return the points of one part.

    Args:
        weight: The part.
        value: The unit's figure in base units (a share of 1 for a percentage).
        whole: The sum of the figure over the unit's group, for `share`.
        scale: By what a base value is multiplied to be written in the indicator's unit.
    """
    known = value is not None and not (weight.by == "share" and not whole)
    if value is None or not known:
        fixed = {"full": weight.points, "none": Fraction(0), "skip": None}
        return Got(weight, None, whole, fixed[weight.missing])
    if weight.by == "bands":
        return Got(weight, value, whole, along(weight.bands, value * scale))
    share = value / whole if weight.by == "share" and whole else value
    return Got(weight, value, whole, share * weight.points)


def total(parts: Sequence[Got], deducted: Fraction) -> Total:
    """Return the score of a unit; no score where no part was counted."""
    full = sum((most(p.weight) for p in parts), Fraction(0))
    held = [p for p in parts if p.got is not None]
    counted = sum((most(p.weight) for p in held), Fraction(0))
    points = sum((p.got for p in held if p.got is not None), Fraction(0))
    if not counted:
        return Total(tuple(parts), deducted, full, counted, None)
    return Total(tuple(parts), deducted, full, counted, points * full / counted - deducted)


def most(weight: Weight) -> Fraction:
    """Return the points that a part can give: for bands the highest of them."""
    return max(p for _v, p in weight.bands) if weight.bands else weight.points


def score(
    weights: Sequence[Weight],
    figures: Mapping[str, Mapping[int, Fraction | None]],
    units: Sequence[int],
    deducted: Mapping[int, Fraction],
    scales: Mapping[str, Fraction],
) -> dict[int, Total]:
    """Return the score of every unit of one group.

    Args:
        weights: The parts in force.
        figures: For each part its figure by unit, in base units.
        units: The group; shares are of this group alone.
        deducted: Points taken off by unit; negative ones are added.
        scales: For each part by what a base value is multiplied to be written.
    """
    sums = {
        w.key: sum((figures[w.key].get(u) or Fraction(0) for u in units), Fraction(0))
        for w in weights
    }
    found = {}
    for unit in units:
        parts = [
            part(w, figures[w.key].get(unit), sums[w.key], scales.get(w.key, Fraction(1)))
            for w in weights
        ]
        found[unit] = total(parts, deducted.get(unit, Fraction(0)))
    return found


def written(number: Fraction | None, decimals: int = 2) -> str:
    """Return points or percent as they are written, half away from zero: 14.82, 30."""
    if number is None:
        return "—"
    whole = Decimal(number.numerator) / Decimal(number.denominator)
    step = Decimal(1).scaleb(-decimals)
    text = f"{whole.quantize(step, ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
