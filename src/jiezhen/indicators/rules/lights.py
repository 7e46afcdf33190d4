"""The light of a target: progress against the time that is gone, with its arithmetic in words.

ratio = 完成率 ÷ 序时进度. The day itself counts as gone. A rate does not grow with time, so it
is compared with its target directly; a ceiling (<=) may be used up no faster than time goes.
Source: UX 3.3; docs/algorithms/pace.md.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Colour = Literal["green", "yellow", "red", "grey", "blue"]
Comparator = Literal[">=", "<=", "="]
Number = int | Decimal | Fraction

COMPARATORS: dict[str, str] = {">=": "不少于", "<=": "不超过", "=": "等于"}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which ratio on a light is green, and from which yellow; valid since a day."""

    since: date
    green: Fraction
    yellow: Fraction
    source: str


#: Dated values: a change adds a line and leaves the lights of earlier days as they were.
THRESHOLDS: tuple[Thresholds, ...] = (
    Thresholds(date(1900, 1, 1), Fraction(95, 100), Fraction(80, 100), "UX 3.3"),
)


@dataclass(frozen=True, slots=True)
class Light:
    """A light and why it is on.

    `share` is the part of the target that is reached (may exceed 1), `pace` the part of the
    time that is gone, `ratio` their quotient; None where they mean nothing. `why` is the
    arithmetic in Chinese, `why_en` in English.
    """

    colour: Colour
    word: str
    why: str
    why_en: str = ""
    share: Fraction | None = None
    pace: Fraction | None = None
    ratio: Fraction | None = None


def thresholds_on(on: date) -> Thresholds:
    """Return the thresholds that hold on a day."""
    return max((t for t in THRESHOLDS if t.since <= on), key=lambda t: t.since)


@dataclass(frozen=True, slots=True)
class _Case:
    """What a light is decided from."""

    value: Fraction
    target: Fraction
    comparator: str
    start: date
    until: date
    on: date
    planned: Fraction | None
    unit: str = ""

    def told(self, number: Fraction) -> str:
        return percent(number) if self.unit == "%" else f"{plain(number)}{self.unit}"

    def gap(self) -> str:
        off = abs(self.target - self.value)
        return f"{plain(off * 100)}个百分点" if self.unit == "%" else f"{plain(off)}{self.unit}"

    @property
    def days(self) -> tuple[int, int]:
        whole = (self.until - self.start).days
        return min(max((self.on - self.start).days + 1, 0), whole), whole

    @property
    def pace(self) -> Fraction:
        if self.planned is not None and self.target:
            return self.planned / self.target
        return Fraction(*self.days)

    @property
    def share(self) -> Fraction:
        return self.value / self.target if self.target else Fraction(1)

    @property
    def over(self) -> bool:
        return self.on >= self.until


def pace(  # noqa: PLR0913  # what a light is decided from
    value: Number | None,
    target: Number,
    comparator: str,
    start: date,
    until: date,
    on: date,
    *,
    rate: bool = False,
    planned: Number | None = None,
    unit: str = "",
) -> Light:
    """Return the light of a value against its target on a day.

    Args:
        value: What is reached so far; None when nothing is known.
        target: What is promised, in the same unit.
        comparator: ">=", "<=" or "=".
        start: The first day of the target's time.
        until: The day after its last day.
        on: The day of the light, which counts as gone.
        rate: The value is a rate, an average or a stock: it does not grow with time.
        planned: What was planned to be reached by this day, where months were planned.
        unit: How the words write the numbers; "%" for shares of 1.

    Source: UX 3.3: green from 0.95, yellow from 0.80, red below or past its date.
    """
    if value is None:
        return Light("grey", "无数据", "还没有数。", "No data yet.")
    if on < start:
        said = f"{_day(start)}才开始。"
        return Light("grey", "未启动", said, f"Starts on {start.isoformat()}.")
    case = _Case(
        _exact(value),
        _exact(target),
        comparator,
        start,
        until,
        on,
        None if planned is None else _exact(planned),
        unit,
    )
    if comparator == "<=":
        return _ceiling(case, rate=rate)
    return _level(case) if rate else _growing(case)


def _growing(case: _Case) -> Light:
    """A number that adds up over the time, with a floor or an exact target."""
    share = case.share
    reached = share >= 1 if case.comparator == ">=" else share == 1
    if reached:
        return Light(
            "blue",
            "销号",
            f"完成{percent(share)}，已达到目标。",
            f"{percent(share)} done, target reached.",
            share,
            case.pace,
        )
    if case.comparator == "=" and share > 1:
        return Light(
            "red" if case.over else "yellow",
            "超期" if case.over else "滞后",
            f"完成{percent(share)}，已超过要求的数。",
            f"{percent(share)} done, more than asked for.",
            share,
            case.pace,
        )
    if case.over:
        return Light(
            "red",
            "超期",
            f"完成{percent(share)}，{_last(case)}到期。",
            f"{percent(share)} done, time is over.",
            share,
            Fraction(1),
            share,
        )
    if case.pace == 0:
        return Light(
            "green", "正常", "按计划还不到时候。", "Nothing was planned by now.", share, case.pace
        )
    return _judged(case, share / case.pace, f"完成{percent(share)} ÷ {_gone(case)}")


def _level(case: _Case) -> Light:
    """A rate with a floor: its value itself is compared, however much time is gone."""
    reached = case.share >= 1 if case.comparator == ">=" else case.share == 1
    said = f"现在{case.told(case.value)}，目标{case.told(case.target)}"
    told = f"{said}，已达到。"
    if reached and case.over:
        return Light("blue", "销号", told, "The target is met.", case.share)
    if reached:
        return Light("green", "正常", told, "The target is met.", case.share)
    gap = case.gap()
    if case.over:
        return Light(
            "red",
            "超期",
            f"{said}，{_last(case)}到期，差{gap}。",
            f"Time is over, {gap} short.",
            case.share,
            None,
            case.share,
        )
    low = thresholds_on(case.on).yellow
    ratio = case.share if case.share < 1 else 1 / case.share
    shown = f"{said}，差{gap}，现值 ÷ 目标 = {_ratio(ratio, low)}"
    if ratio >= low:
        return Light(
            "yellow", "滞后", f"{shown}，未达到目标。", f"{gap} short.", case.share, None, ratio
        )
    return Light(
        "red", "严重滞后", f"{shown}，低于{_two(low)}。", f"{gap} short.", case.share, None, ratio
    )


def _ceiling(case: _Case, *, rate: bool) -> Light:
    """A number that must not exceed its target."""
    share = case.share if case.target else Fraction(int(case.value > 0) * 2)
    said = f"现在{case.told(case.value)}，上限{case.told(case.target)}"
    if case.value > case.target:
        return Light(
            "red",
            "超期" if case.over else "严重滞后",
            f"{said}，已超过上限。",
            "Above the ceiling.",
            share,
            None,
        )
    if case.over:
        return Light("blue", "销号", f"{said}，到期没有超过。", "Kept below the ceiling.", share)
    if rate or case.value == 0:
        return Light("green", "正常", f"{said}，没有超过。", "Below the ceiling.", share)
    return _judged(case, case.pace / share, f"{_gone(case)} ÷ 已用{percent(share)}")


def _judged(case: _Case, ratio: Fraction, arithmetic: str) -> Light:
    limits = thresholds_on(case.on)
    share = case.share
    arithmetic += "" if arithmetic.endswith("）") else " "
    english = f"ratio {_ratio(ratio, limits.green)}"
    if ratio >= limits.green:
        said = f"{arithmetic}= {_two(ratio)}，不低于{_two(limits.green)}。"
        return Light("green", "正常", said, english, share, case.pace, ratio)
    if ratio >= limits.yellow:
        said = f"{arithmetic}= {_ratio(ratio, limits.green)}，低于{_two(limits.green)}。"
        return Light("yellow", "滞后", said, english, share, case.pace, ratio)
    said = f"{arithmetic}= {_ratio(ratio, limits.yellow)}，低于{_two(limits.yellow)}。"
    return Light("red", "严重滞后", said, english, share, case.pace, ratio)


def _gone(case: _Case) -> str:
    if case.planned is not None:
        return f"计划进度{percent(case.pace)}"
    gone, whole = case.days
    return f"序时{percent(case.pace)}（{gone}/{whole}天）"


def _exact(number: Number) -> Fraction:
    return Fraction(number)


def percent(share: Fraction, places: int = 1) -> str:
    """Return 44.4%; less than all is never written 100%."""
    scale = 10**places
    whole = _half_up(share * 100 * scale)
    if whole == 100 * scale and share < 1:
        whole -= 1
    text = f"{Decimal(whole) / scale:.{places}f}"
    return f"{'100' if share == 1 else text}%"


def plain(number: Fraction) -> str:
    """Return a number without useless zeros, to four decimals."""
    text = f"{Decimal(_half_up(number * 10000)) / 10000:.4f}"
    return text.rstrip("0").rstrip(".")


def _two(ratio: Fraction) -> str:
    return f"{Decimal(_half_up(ratio * 100)) / 100:.2f}"


def _ratio(ratio: Fraction, below: Fraction) -> str:
    """Return two decimals, cut instead of rounded where rounding would contradict the light."""
    text = _two(ratio)
    if ratio < below <= Fraction(text):
        return f"{Decimal(int(ratio * 100)) / 100:.2f}"
    return text


def _half_up(number: Fraction) -> int:
    sign = -1 if number < 0 else 1
    return sign * int(abs(number) + Fraction(1, 2))


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def _last(case: _Case) -> str:
    return _day(date.fromordinal(case.until.toordinal() - 1))
