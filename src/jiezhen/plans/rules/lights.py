"""Which light a task shows, and the reason for it in words.

Words: *share* is 完成率 (done ÷ target), *pace* is 序时 (days gone ÷ days there are). The light of
a number comes from `indicators.rules`; here stand the cases around it, in this order: closed, set
by hand, past its date, not begun, a number, milestones, silence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from jiezhen.indicators.rules import amounts
from jiezhen.indicators.rules import pace as pace_light
from jiezhen.kernel.numerals import Exact

Colour = Literal["green", "yellow", "red", "grey", "blue"]
Source = Literal["records", "document", "none"]
#: The order in which lists show them.
COLOURS: tuple[Colour, ...] = ("red", "yellow", "green", "blue", "grey")

#: A task without a number turns yellow after so many days without a word.
QUIET_DAYS = 45


@dataclass(frozen=True, slots=True)
class Milestone:
    """A node of a task: what, by when (inclusive), and when it was done."""

    title: str
    due: date
    done: date | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What a light is decided from.

    `target` None: a task without a number. `done` None: nobody knows. `level` marks a rate that
    has to be held, not a count that grows over the year. Dates are inclusive.
    """

    starts_on: date
    due_on: date
    target: Exact | None = None
    comparator: str = "="
    unit: str = ""
    done: Exact | None = None
    source: Source = "none"
    level: bool = False
    milestones: tuple[Milestone, ...] = ()
    progressed_on: date | None = None
    assigned_on: date | None = None
    closed_on: date | None = None
    closed_why: str = ""
    manual: str = ""
    manual_reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A light with its word and reason.

    `late` counts days past the date; `computed` is what a light set by hand stands in for.
    """

    colour: Colour
    word: str
    why: str
    share: Fraction | None = None
    pace: Fraction | None = None
    ratio: Fraction | None = None
    late: int = 0
    by_hand: bool = False
    computed: "Standing | None" = None


WORDS: dict[str, str] = {
    "green": "正常",
    "yellow": "滞后",
    "red": "严重滞后",
    "grey": "无数据",
    "blue": "销号",
}


def standing(case: Case, today: date) -> Standing:
    """Return the light of a task on a day.

    Source: UX.md 3.3; docs/algorithms/task-lights.md.
    """
    if case.closed_on is not None:
        said = f"：{case.closed_why}" if case.closed_why else ""
        return replace(
            _measured(case, today),
            colour="blue",
            word="销号",
            why=f"{day_said(case.closed_on)}销号{said}。".replace("。。", "。"),
        )
    found = _open(case, today)
    if case.manual in WORDS:
        colour: Colour = case.manual  # type: ignore[assignment]
        why = f"人工调整：{case.manual_reason}。按数据是{found.word}：{found.why}"
        return replace(
            found, colour=colour, word=WORDS[colour], why=why, by_hand=True, computed=found
        )
    return found


def _open(case: Case, today: date) -> Standing:
    base = _measured(case, today)
    counted = _counted(case, base, today) if case.target is not None else None
    if counted is not None and counted.colour == "blue":
        return counted
    late = _late(case, today)
    if late is not None:
        return replace(base, colour="red", word="超期", why=late[0], late=late[1])
    if today < case.starts_on:
        return replace(base, why=f"{day_said(case.starts_on)}才开始。", word="未启动")
    return counted if counted is not None else _worded(case, base, today)


def _measured(case: Case, today: date) -> Standing:
    pace = gone(case.starts_on, case.due_on, today)
    share = None
    if case.target and case.done is not None:
        share = Fraction(case.done) / Fraction(case.target)
    return Standing(
        "grey", "无数据", "", share, pace, share / pace if share is not None and pace else None
    )


def gone(starts_on: date, due_on: date, today: date) -> Fraction:
    """Return the share of the days gone, today included: 2023-07-03 in 2023 is 184/365."""
    days = (due_on - starts_on).days + 1
    return Fraction(min(max((today - starts_on).days + 1, 0), days), days)


def _counted(case: Case, base: Standing, today: date) -> Standing:
    """Judge a number against the time that is gone."""
    if case.done is None or case.target is None:
        return replace(base, why="还没有关联记录。选用哪些记录来算，这个任务就会自己更新。")
    half = base.pace is not None and base.pace < Fraction(1, 2)
    if case.done == 0 and not case.level and case.comparator != "<=" and half:
        return replace(base, word="未启动", why="还没有记录，时间过了不到一半。")
    # A promise of 36台 is kept by the 37th, too: only a ceiling is not a floor.
    comparator = "<=" if case.comparator == "<=" else ">="
    light = pace_light(
        case.done,
        case.target,
        comparator,
        case.starts_on,
        case.due_on + timedelta(days=1),
        today,
        rate=case.level,
        unit=case.unit,
    )
    late = (today - case.due_on).days if light.word == "超期" else 0
    return replace(
        base,
        colour=light.colour,
        word=light.word,
        why=light.why,
        ratio=light.ratio,
        late=max(late, 0),
    )


def _late(case: Case, today: date) -> tuple[str, int] | None:
    open_nodes = [m for m in case.milestones if m.done is None and m.due < today]
    if open_nodes:
        node = min(open_nodes, key=lambda m: m.due)
        days = (today - node.due).days
        return f"节点“{node.title}”应在{day_said(node.due)}完成，已过{days}天。", days
    finished = bool(case.milestones) and all(m.done for m in case.milestones)
    if case.due_on < today and not (case.target is None and finished):
        days = (today - case.due_on).days
        reached = (
            f"完成{percent(Fraction(case.done) / Fraction(case.target))}，"
            if (case.target and case.done is not None)
            else ""
        )
        return f"{reached}期限{day_said(case.due_on)}，已过{days}天。", days
    return None


def _worded(case: Case, base: Standing, today: date) -> Standing:
    since = max(
        (d for d in (case.progressed_on, *(m.done for m in case.milestones)) if d), default=None
    )
    quiet = (today - (since or case.assigned_on or case.starts_on)).days
    if quiet >= QUIET_DAYS:
        return replace(
            base, colour="yellow", word="滞后", why=f"{quiet}天没有进展，超过{QUIET_DAYS}天。"
        )
    if since is None:
        return replace(base, word="未启动", why="还没有进展。写一句进展或完成一个节点就会亮灯。")
    ahead = [m for m in case.milestones if m.done is None]
    node = f"；下一个节点“{ahead[0].title}”在{day_said(ahead[0].due)}" if ahead else ""
    return replace(base, colour="green", word="正常", why=f"{day_said(since)}有进展{node}。")


def nodes_said(milestones: Sequence[Milestone]) -> str:
    """Return where a row of milestones stands: 节点 1/3：施工进场."""
    done = sum(1 for m in milestones if m.done)
    ahead = [m.title for m in milestones if m.done is None]
    return (
        f"节点 {done}/{len(milestones)}：{ahead[0]}" if ahead else f"节点 {done}/{done}：都完成了"
    )


def order(found: Standing) -> tuple[int, int, Fraction]:
    """Return the place in a list: red by days overdue, then yellow and red by ratio."""
    return (
        COLOURS.index(found.colour),
        -found.late,
        found.ratio if found.ratio is not None else (Fraction(10**6)),
    )


def percent(share: Fraction | None) -> str:
    """Write a share of 1 with one decimal; less than all is never written 100%."""
    if share is None:
        return "—"
    tenths = int(share * 1000 + Fraction(1, 2))
    if tenths == 1000 and share < 1:
        tenths = 999
    return f"{tenths // 10}%" if share in (0, 1) else f"{tenths // 10}.{tenths % 10}%"


def amount(value: Exact | None, unit: str) -> str:
    """Write a number with its 量词 as reports do; a share with % becomes a percentage."""
    if value is None:
        return "—"
    if unit != "%":
        return amounts.written(Decimal(value), unit)
    share = Decimal(value) * 100
    # A target keeps its decimals as promised; a computed share has endless ones.
    if share != share.quantize(Decimal("0.01")):
        rounded = share.quantize(Decimal("0.1"), ROUND_HALF_UP)
        share = Decimal("99.9") if rounded == 100 and share < 100 else rounded
    text = f"{share:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + unit


def day_said(day: date) -> str:
    """Write 2023年7月3日."""
    return f"{day.year}年{day.month}月{day.day}日"
