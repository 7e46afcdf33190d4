"""Examples of a pack that its owner can read: records in, figures out.

    cases:
      - name: 竣工验收日期在期间最后一天的算，第二天的不算
        period: 2023H1
        records:
          - {kind: lifts.retrofit, values: {completed_on: 2023-06-30}, state: accepted}
          - {kind: lifts.retrofit, values: {completed_on: 2023-07-01}, state: accepted}
        expect: {lifts_completed: 1}

Values are written as people write them: money in 元, flags as yes and no, days as 2023-06-30. A link
names the `as` of a record above it. An expected figure of null means that there is none. Cases are
run by the engine that counts; here they are read and checked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field as Key
from pydantic import StringConstraints

from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.packs import complaints
from jiezhen.packs.errors import BadPacks, PackError, unknown
from jiezhen.packs.loader import validated
from jiezhen.packs.registry import Catalogue, catalogue
from jiezhen.packs.schema import Field, Kind
from jiezhen.packs.words import Text, Word, Words
from jiezhen.packs.yaml_file import YamlFile, read

Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class CaseTimer(Words):
    """What one timer of a matter came to: deadline, end, whether it was met, hours."""

    due: Day | None = None
    done: Day | None = None
    met: bool | None = None
    hours: int | float | None = None


class CaseRecord(Words):
    """One record of a case.

    `state` is the state the matter is in, `entered` the day on which it entered states; both are
    optional. The days belong to the columns of the same names. `grid` is the unit where it
    happened, `timers` what its timers came to.
    """

    kind: Word
    as_: Word = Key(default="", alias="as")
    unit: Word = ""
    values: dict[str, str | int | float | bool] = Key(default_factory=dict)
    state: Word | None = None
    entered: dict[str, Day] = Key(default_factory=dict)
    opened_on: Day | None = None
    closed_on: Day | None = None
    due_on: Day | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    grid: Word = ""
    returns: int = 0
    extended: int = 0
    timers: dict[str, CaseTimer] = Key(default_factory=dict)


class CaseStatistic(Words):
    """One supplied value of a case."""

    statistic: Word
    period: Text | int
    value: int | float
    unit: Word = ""


class Case(Words):
    """An example: what is recorded and supplied, and which figures come of it in a period."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=120)]
    period: str | int
    records: tuple[CaseRecord, ...] = Key(default=(), strict=False)
    statistics: tuple[CaseStatistic, ...] = Key(default=(), strict=False)
    expect: dict[str, int | float | None] = Key(min_length=1)

    @property
    def span(self) -> Period:
        """Return the period for which figures are expected."""
        return Period.parse(str(self.period))


def load(pack: str, of: Catalogue | None = None) -> list[Case]:
    """Return the checked cases of a pack, in the order of files and lines.

    Args:
        pack: The name of a loaded pack.
        of: The catalogue; the one in force when it is not given.

    Raises:
        KeyError: There is no such pack.
        BadPacks: A case is wrong; `problems` lists it all.
    """
    found, problems = examine(pack, of or catalogue())
    if problems:
        raise BadPacks(problems)
    return found


def examine(pack: str, of: Catalogue) -> tuple[list[Case], list[PackError]]:
    """Return the cases of a pack together with everything that is wrong with them."""
    found: list[Case] = []
    problems: list[PackError] = []
    for path in sorted((of.folders[pack] / "cases").glob("*.yaml")):
        try:
            file = read(path)
            for index, values in enumerate(_items(file)):
                case = validated(Case, file, values, ("cases", index))
                problems += _Check(file, ("cases", index), of).case(case)
                found.append(case)
        except complaints.Many as many:
            problems += many.problems
        except PackError as problem:
            problems.append(problem)
    return found, problems


def _items(file: YamlFile) -> list[Any]:
    values = file.values
    items = values.get("cases") if isinstance(values, dict) and len(values) == 1 else None
    if not isinstance(items, list):
        raise file.problem("文件里只写一列 cases。", "The file holds one list, `cases`.")
    return items


class _Check:
    """Checks one case against the catalogue; problems carry their line."""

    def __init__(self, file: YamlFile, at: tuple[str | int, ...], of: Catalogue) -> None:
        self.file = file
        self.at = at
        self.of = of
        self.known: dict[str, str] = {}
        self.problems: list[PackError] = []

    def add(self, messages: tuple[str, str], *path: str | int) -> None:
        self.problems.append(self.file.problem(*messages, *self.at, *path))

    def case(self, case: Case) -> list[PackError]:
        self.period(case.period, "period")
        for name in case.expect:
            if name not in self.of.indicators:
                self.add(unknown("指标", "indicator", name, self.of.indicators), "expect", name)
        for index, given in enumerate(case.statistics):
            self.period(given.period, "statistics", index, "period")
            if given.statistic not in self.of.statistics:
                messages = unknown("统计数", "statistic", given.statistic, self.of.statistics)
                self.add(messages, "statistics", index, "statistic")
        for index, record in enumerate(case.records):
            kind = self.of.kinds.get(record.kind)
            if kind is None:
                messages = unknown("记录种类", "kind", record.kind, self.of.kinds)
                self.add(messages, "records", index, "kind")
            else:
                self.record(record, kind, index)
        return self.problems

    def period(self, code: str | int, *path: str | int) -> None:
        try:
            Period.parse(str(code))
        except BadPeriod as bad:
            self.add((bad.message, bad.message_en), *path)

    def record(self, record: CaseRecord, kind: Kind, index: int) -> None:
        at = ("records", index)
        for name, value in record.values.items():
            field = kind.fields.get(name)
            if field is None:
                messages = unknown("字段", "field", name, kind.fields)
                self.add(messages, *at, "values", name)
            else:
                self.value(field, value, *at, "values", name)
        states = kind.flow_spec.states if kind.flow_spec else {}
        for state in [*record.entered, *([record.state] if record.state else [])]:
            if state not in states:
                self.add(unknown("状态", "state", state, states), *at, "state")
        if record.as_:
            self.known[record.as_] = record.kind

    def value(self, field: Field, value: object, *path: str | int) -> None:
        if field.type == "link":
            if self.known.get(str(value)) != field.to:
                messages = unknown("前面的记录", "earlier record", str(value), self.known)
                self.add(messages, *path)
        elif not _FITS.get(field.type, _is_text)(field, value):
            self.add(
                (f"“{value}”不是“{field.title}”的值。", f"{value!r} does not fit the field."),
                *path,
            )


def _is_text(_: Field, value: object) -> bool:
    return isinstance(value, str)


def _is_number(_: Field, value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_day(_: Field, value: object) -> bool:
    try:
        return date.fromisoformat(str(value)).isoformat() == value
    except ValueError:
        return False


def _is_time(_: Field, value: object) -> bool:
    try:
        return datetime.fromisoformat(str(value)).tzinfo is not None
    except ValueError:
        return False


_FITS: dict[str, Callable[[Field, object], bool]] = {
    "number": _is_number,
    "money": _is_number,
    "date": _is_day,
    "time": _is_time,
    "choice": lambda field, value: value in field.options,
    "flag": lambda _, value: value in ("yes", "no"),
}
