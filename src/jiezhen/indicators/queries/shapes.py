"""What questions about figures are answered with."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from jiezhen.indicators.rules import Growth, Light, amounts
from jiezhen.kernel.periods import Period
from jiezhen.units.queries import UnitRow


class UnknownIndicator(Exception):
    """No indicator has this name; `near` is the likeliest."""

    def __init__(self, name: str, near: str = "") -> None:
        self.name, self.near = name, near
        self.message = f"没有指标“{name}”。" + (f"您是说“{near}”吗？" if near else "")
        self.message_en = f"There is no indicator {name!r}." + (f" {near}?" if near else "")
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A promise: `value` in base units, for a unit and a period or the days given."""

    id: int
    indicator: str
    unit_id: int
    period: Period
    value: Decimal
    comparator: str
    start: date
    until: date
    months: dict[str, str]
    source: str = ""
    commitment_id: int | None = None
    set_by: str = ""
    set_at: datetime | None = None

    def planned(self, on: date) -> Decimal | None:
        """Return what was planned to be reached by a day; None where no months were planned.

        Inside a month the plan grows evenly from the end of the month before.
        """
        if not self.months:
            return None
        reached = Decimal(0)
        for code in sorted(self.months):
            month = Period.parse(code)
            wanted = Decimal(self.months[code])
            if on >= month.last:
                reached = wanted
            elif on in month:
                share = month.elapsed(on)
                step = (wanted - reached) * share.numerator / share.denominator
                return reached + step
        return reached


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator for one unit and period.

    `value` is in base units (`word`): money in 元, a percentage as a share of 1; None when
    nothing can be said, and then `why` tells the reason. `rows` counts the records behind it.
    `empty` says that there are no records of the kind at all, so that a 0 means little.
    """

    indicator: str
    title: str
    measure: str
    unit: UnitRow
    period: Period
    value: Decimal | None
    word: str
    rows: int
    as_of: datetime
    href: str
    version: int = 1
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    decimals: int = 0
    better: str = "more"
    empty: bool = False
    why: str = ""
    target: TargetRow | None = None
    reached: Decimal | None = None
    light: Light | None = None
    year: Growth | None = None
    previous: Growth | None = None
    growths: dict[int, Growth] = field(default_factory=dict)

    @property
    def is_rate(self) -> bool:
        """Say whether values differ in percentage points."""
        return self.word in ("%", "％")

    @property
    def text(self) -> str:
        """Return the value as it is written, with its unit; 「—」 when there is none."""
        return "—" if self.value is None else amounts.written(self.value, self.word, self.decimals)

    def with_light(self, light: Light | None) -> "Figure":
        """Return the same figure under a light."""
        return replace(self, light=light)
