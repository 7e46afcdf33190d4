"""A year of a hotline: what the product counts equals a plain count over the list of events.

30,000 cases come in by files, as a district hands them over, and six hundred run their whole way
through the moves, on a clock that the test sets. Every indicator is then counted a second time in
plain Python, from what the test itself did, for each unit and month.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import chinese_calendar
import pytest

from jiezhen.conftest import Cast

from .city import City

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SEED, CASES, WALKED = 20_240_101, 30_000, 600
KIND = "hotline.case"
UNITS = ("c1", "c2", "c3", "cgb", "fwb")
FIRST, DAYS = date(2024, 1, 1), 366
LIMITS = {"咨询": 1, "意见建议": 1, "督办": 3, "回访复核": 3, "求助": 5, "投诉": 5}
WEIGHTS = {"满意": 1.0, "基本满意": 0.8, "一般": 0.6, "不满意": 0.0}
HEADS = [
    *("工单编号", "诉求标题", "单元", "来源", "诉求类型", "受理时间", "结案时间", "截止日期"),
    *("是否先行联系", "结案评判", "满意度", "是否重复", "夜间来电", "是否重办", "是否延期", "紧急程度", "状态"),
]  # fmt: skip


@dataclass
class Case:
    """What happened to one case; the only thing that the plain count looks at."""

    number: str
    unit: str
    sort: str
    received: date
    closed: date | None = None
    due: date | None = None
    contact: str = ""
    outcome: str = ""
    satisfaction: str = ""
    repeated: bool = False
    night: bool = False
    redone: bool = False
    prolonged: bool = False
    urgent: bool = False
    returned: bool = False
    callback: bool = False
    contact_hours: float | None = None
    contacted_on: date | None = None
    second_on: date | None = None
    second_met: bool | None = None
    first_closed: date | None = None

    @property
    def done(self) -> bool:
        """Say whether the case was closed and is not being done again."""
        return self.closed is not None


def workdays(start: date, many: int) -> date:
    """Return the day so many working days later, by walking through the days."""
    day = start
    while many:
        day += timedelta(days=1)
        many -= chinese_calendar.is_workday(day)
    return day


def workday_at(start: date) -> date:
    """Return the day itself when it is worked, else the next one that is."""
    while not chinese_calendar.is_workday(start):
        start += timedelta(days=1)
    return start


def make(dice: random.Random) -> Iterator[Case]:
    """Return the cases of a year by chance: repeats, returns, extensions, nights, holidays."""
    for number in range(CASES):
        received = FIRST + timedelta(days=dice.randrange(DAYS))
        sort = dice.choices(list(LIMITS), [20, 8, 2, 1, 40, 29])[0]
        case = Case(f"SH{number:06d}", dice.choice(UNITS), sort, received)
        case.repeated, case.night = dice.random() < 0.12, dice.random() < 0.07
        case.urgent = dice.random() < 0.03
        case.returned = dice.random() < 0.04
        if not case.returned and dice.random() < 0.97:
            finish(case, dice)
        yield case


def finish(case: Case, dice: random.Random) -> None:
    """Close a case: mostly in time, on either side of its deadline, over the turn of months."""
    limit = LIMITS[case.sort]
    case.prolonged = dice.random() < 0.05
    case.due = workdays(case.received, limit + (5 if case.prolonged else 0))
    spent = dice.choices([0, limit, limit + 1, limit + 6], [30, 45, 15, 10])[0]
    case.closed = workdays(case.received, spent)
    case.redone = dice.random() < 0.06
    case.contact = dice.choices(["是", "否", "未评价", ""], [90, 4, 4, 2])[0]
    case.outcome = dice.choices(["实际解决", "解释说明", ""], [70, 28, 2])[0]
    case.satisfaction = dice.choices([*WEIGHTS, "未评价", ""], [50, 20, 10, 6, 10, 4])[0]
    case.callback = bool(case.satisfaction)


def row(case: Case) -> list[str]:
    """Return a case as a district's table writes it."""
    state = "已退回" if case.returned else "处置中"
    if case.done:
        state = "已回访" if case.callback else "已办结"
    flags = [case.repeated, case.night, case.redone, case.prolonged]
    return [
        *(case.number, "诉求", case.unit, "12345热线", case.sort, case.received.isoformat()),
        *(str(day or "") for day in (case.closed, case.due)),
        *(case.contact, case.outcome, case.satisfaction),
        *("是" if flag else "否" for flag in flags),
        *("影响生活的求助" if case.urgent else "", state),
    ]


CLASSES = {"咨询": "consult", "求助": "help", "投诉": "complaint", "督办": "supervise"}


def walk(city: City, number: int, dice: random.Random, article: str) -> Case:
    """Lead a case through its moves on a set clock and return what happened."""
    start = workday_at(FIRST + timedelta(days=dice.randrange(330)))
    sort = dice.choice(list(CLASSES))
    case = Case(f"WK{number:04d}", "cgb", sort, start)
    case.night, case.urgent = dice.random() < 0.07, dice.random() < 0.1
    city.now(f"{start} 09:00")
    values = {"night": "是" if case.night else "否", "class": CLASSES[sort]}
    code = city.open(
        KIND, order_number=case.number, subject="诉求", received_on=str(start),
        **(values | ({"urgent": "living"} if case.urgent else {})),
    )  # fmt: skip
    case.due = start + timedelta(days=1) if case.urgent else workdays(start, LIMITS[sort])
    city.move(KIND, code, "dispatch", unit=case.unit)
    if not case.urgent and dice.random() < 0.05:
        asked = {"reason": "not_ours", "article": article}
        agree(city, code, "return", asked, f"{start} 10:00")
        case.returned = True
        return case
    late = dice.random() < 0.2
    reached = workdays(start, 2) if late else start
    city.now(f"{reached} 10:30")
    city.move(KIND, code, "contact", who="section")
    case.contact, case.contacted_on = ("否" if late else "是"), reached
    # Urgent hours run through the night and through holidays; the others are 7.5 a working day.
    case.contact_hours = 1.5 + (24 * (reached - start).days if case.urgent else 15 * late)
    rested = 0 if case.urgent else prolong(city, code, case, reached, dice)
    spent = dice.choice([0, LIMITS[sort], LIMITS[sort] + 1])
    closed = workdays(max(reached, workdays(start, spent)), rested)
    close(city, code, case, closed, dice.choice(["实际解决", "解释说明"]))
    if dice.random() < 0.3:
        again(city, code, case, dice)
    if dice.random() < 0.9:
        call_back(city, code, case, dice)
    return case


def agree(city: City, code: str, what: str, asked: dict[str, Any], moment: str) -> None:
    """Ask for something as the unit, and let a leader grant it, at a moment."""
    city.now(moment)
    made = city.post(f"matters/{KIND}/{code}/requests/{what}", asked, who="section")
    city.post(f"requests/{made['id']}", {"grant": True}, who="leader")


def prolong(city: City, code: str, case: Case, day: date, dice: random.Random) -> int:
    """Get two days more, or let the clock rest for some; return how many days it rested."""
    assert case.due is not None
    if day >= case.due or dice.random() < 0.4:
        return 0
    if dice.random() < 0.5:
        asked = {"reason": "works", "words": "要施工", "amount": 2}
        agree(city, code, "extend", asked, f"{day} 10:40")
        case.prolonged, case.due = True, workdays(case.due, 2)
        return 0
    rested = dice.choice([1, 3])
    agree(city, code, "pause", {"reason": "absent", "words": "家里没人"}, f"{day} 10:45")
    city.now(f"{workdays(day, rested)} 10:45")
    city.post(f"matters/{KIND}/{code}/resume", who="section")
    case.due = workdays(case.due, rested)
    return rested


def call_back(city: City, code: str, case: Case, dice: random.Random) -> None:
    """Ask the caller; the first time that one is not satisfied the case is done again."""
    case.satisfaction, case.callback = dice.choice([*WEIGHTS, "未评价"]), True
    reopened = case.satisfaction == "不满意" and not case.redone
    city.move(KIND, code, "revisit", satisfaction=case.satisfaction)
    if not reopened and dice.random() < 0.1:
        city.move(KIND, code, "reopen", note="又来电，没有修好")
        reopened = True
    if reopened:
        closed_again(city, code, case, dice)
        if dice.random() < 0.8:
            call_back(city, code, case, dice)


def close(city: City, code: str, case: Case, day: date, outcome: str) -> None:
    """Close a case on a day, at eleven; a deadline is at nine."""
    city.now(f"{day} 11:00")
    city.move(KIND, code, "close", who="section", outcome=outcome, answer="已答复")
    case.outcome, case.closed = outcome, day
    case.first_closed = case.first_closed or day


def again(city: City, code: str, case: Case, dice: random.Random) -> None:
    """Let the caller be dissatisfied on the day of closing, and close the case again."""
    city.now(f"{case.closed} 16:00")
    city.move(KIND, code, "redo", note="没有解决")
    case.satisfaction, case.callback = "不满意", True
    closed_again(city, code, case, dice)


def closed_again(city: City, code: str, case: Case, dice: random.Random) -> None:
    """Close a case that was taken up again on the day of its closing, in time or late."""
    assert case.closed is not None
    due = workdays(case.closed, 3)
    close(city, code, case, workdays(case.closed, dice.choice([1, 3, 5])), "实际解决")
    # A second handling that was late once stays late, however often the case comes back.
    case.second_met = case.closed <= due and case.second_met is not False
    case.redone, case.second_on = True, case.closed


def in_time(case: Case) -> bool | None:
    """Say whether the first closing kept its deadline; walked cases are due at nine."""
    if case.closed is None or case.due is None:
        return None
    if case.number.startswith("WK"):
        first = case.first_closed or case.closed
        return bool(datetime.combine(first, datetime.min.time()) < _nine(case.due))
    return case.closed <= case.due


def _nine(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


Judge = Callable[[Case], bool]
BY_RECEIVED: dict[str, Judge] = {
    "hotline_received": lambda c: True,
    "hotline_returned": lambda c: c.returned,
    "hotline_repeated": lambda c: c.repeated,
    "hotline_night": lambda c: c.night,
    "hotline_urgent": lambda c: c.urgent,
}
BY_CLOSED: dict[str, Judge] = {
    "hotline_closed": lambda c: True,
    "hotline_contacted": lambda c: c.contact == "是",
    "hotline_not_contacted": lambda c: c.contact == "否",
    "hotline_contact_rated": lambda c: c.contact in ("是", "否"),
    "hotline_on_time": lambda c: in_time(c) is True,
    "hotline_late": lambda c: in_time(c) is False,
    "hotline_due": lambda c: in_time(c) is not None,
    "hotline_solved": lambda c: c.outcome == "实际解决",
    "hotline_explained": lambda c: c.outcome == "解释说明",
    "hotline_judged": lambda c: bool(c.outcome),
    "hotline_satisfaction_rated": lambda c: c.satisfaction in WEIGHTS,
    "hotline_unsatisfied": lambda c: c.satisfaction == "不满意",
    "hotline_called_back": lambda c: c.callback,
    "hotline_redone": lambda c: c.redone,
    "hotline_prolonged": lambda c: c.prolonged,
}
RATIOS = {
    "hotline_contact_rate": ("hotline_contacted", "hotline_contact_rated"),
    "hotline_on_time_rate": ("hotline_on_time", "hotline_due"),
    "hotline_solved_rate": ("hotline_solved", "hotline_judged"),
    "hotline_explained_rate": ("hotline_explained", "hotline_judged"),
    "hotline_satisfaction_rate": ("hotline_satisfied", "hotline_satisfaction_rated"),
    "hotline_callback_rate": ("hotline_called_back", "hotline_closed"),
    "hotline_redo_rate": ("hotline_redone", "hotline_closed"),
    "hotline_return_rate": ("hotline_returned", "hotline_received"),
    "hotline_prolonged_rate": ("hotline_prolonged", "hotline_closed"),
    "hotline_repeat_rate": ("hotline_repeated", "hotline_received"),
    "hotline_second_rate": ("hotline_seconds_on_time", "hotline_seconds"),
}


def plainly(cases: Iterable[Case]) -> dict[tuple[str, str, str], float | None]:
    """Return every figure by indicator, unit and month; None where there is none."""
    sums: dict[tuple[str, str, str], float] = defaultdict(float)

    def add(name: str, case: Case, day: date, value: float = 1) -> None:
        sums[name, case.unit, f"{day:%Y-%m}"] += value

    for case in cases:
        for name, judge in BY_RECEIVED.items():
            add(name, case, case.received, judge(case))
        if case.closed is not None:
            for name, judge in BY_CLOSED.items():
                add(name, case, case.closed, judge(case))
            add("hotline_satisfied", case, case.closed, WEIGHTS.get(case.satisfaction, 0))
            add("days", case, case.closed, (case.closed - case.received).days)
        if case.contacted_on is not None:
            add("contact", case, case.contacted_on)
            add("contact_hours", case, case.contacted_on, case.contact_hours or 0)
        if case.second_on is not None:
            add("hotline_seconds", case, case.second_on)
            add("hotline_seconds_on_time", case, case.second_on, bool(case.second_met))
    return _all(sums)


def _all(sums: dict[tuple[str, str, str], float]) -> dict[tuple[str, str, str], float | None]:
    counts = [*BY_RECEIVED, *BY_CLOSED, "hotline_satisfied"]
    counts += ["hotline_seconds", "hotline_seconds_on_time"]
    shares = RATIOS | {
        "hotline_days": ("days", "hotline_closed"),
        "hotline_contact_hours": ("contact_hours", "contact"),
    }
    found: dict[tuple[str, str, str], float | None] = {}
    for unit in UNITS:
        for month in range(1, 13):
            at = (unit, f"2024-{month:02d}")
            for name in counts:
                found[name, *at] = sums.get((name, *at), 0)
            for name, (top, bottom) in shares.items():
                below = sums.get((bottom, *at), 0)
                found[name, *at] = sums.get((top, *at), 0) / below if below else None
    return found


def counted(city: City, names: Iterable[str]) -> dict[tuple[str, str, str], Any]:
    """Return what the product counts, by the interface."""
    months = ",".join(f"2024-{m:02d}" for m in range(1, 13))
    address = f"figures?indicator={','.join(names)}&period={months}&unit={','.join(UNITS)}"
    return {
        (f["indicator"], f["unit_code"], f["period"]): f["value"]
        for f in city.get(address, who="section")
    }


def test_every_indicator_of_a_year_equals_a_plain_count(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, dice = City(cast, monkeypatch), random.Random(SEED)  # noqa: S311
    city.now("2024-12-31 17:00")
    cases = list(make(dice))
    told = city.table(KIND, HEADS, map(row, cases))
    assert told["counts"]["created"] == CASES, told["problems"][:3]
    duty = {"number": "G-7", "name": "轨道交通运营", "list": "reclaimed"}
    article = city.post("records/duties.duty", {"unit": "yunxiu", "values": duty}, who="section")
    cases += [walk(city, number, dice, article["code"]) for number in range(WALKED)]
    city.now("2025-03-03 09:00")
    wanted = plainly(cases)
    names = sorted({name for name, _unit, _month in wanted})
    found = counted(city, names)
    assert len(found) == len(wanted) == len(names) * len(UNITS) * 12
    wrong = {
        key: (found[key], value)
        for key, value in wanted.items()
        if found[key] != (None if value is None else pytest.approx(value, abs=1e-9))
    }
    assert wrong == {}
    assert all(any(v for (n, *_), v in wanted.items() if n == name) for name in names)
