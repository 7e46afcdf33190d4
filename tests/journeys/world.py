"""The office in which document 000 is made: people, records, numbers from outside, plan."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial

from jiezhen.conftest import AT, Cast, build_cast
from jiezhen.kernel.periods import Period
from jiezhen.units import operations as units

from . import doors, gold
from .gold import Gold, Origin
from .making import Made, Maker

SEED = 20230703


@dataclass
class World:
    """Everything that the tests of document 000 look at."""

    cast: Cast
    text: str
    gold: dict[str, Gold]
    origins: dict[str, Origin]
    reached: list[dict[str, object]]
    outcomes: dict[str, dict[str, object]] = field(default_factory=dict)
    made: list[Made] = field(default_factory=list)
    at: datetime = AT

    def by(self, how: str) -> list[str]:
        """Return the ids of the figures that arise in one way."""
        return [ident for ident, origin in self.origins.items() if origin.how == how]


def found(text: str) -> World:
    """Found the office; nothing is on record yet."""
    origins, reached = gold.mapping()
    return World(build_cast("journey"), text, gold.figures("000"), origins, reached)


def keep_records(world: World) -> None:
    """Register the records of the half year through workbooks, the API and forms."""
    maker = Maker(world.gold, world.origins, SEED)
    machine = doors.Machine(_token(world))
    _sections(world, maker, machine)
    for ident in world.by("computed"):
        world.made += maker.records(ident)
    for more in world.reached:
        target = world.gold[str(more["of"])].value
        part = target * Decimal(str(more["percent"])) / 100
        world.made += maker.some(str(more["indicator"]), str(more["period"]), part, more)
    client = world.cast.client("section")
    books: dict[str, list[Made]] = defaultdict(list)
    for made in world.made:
        if made.door == "import":
            books[made.kind].append(made)
        elif made.door == "api":
            machine.create(made)
        else:
            doors.register(client, made)
    for number, (kind, some) in enumerate(books.items()):
        maker.dice.shuffle(some)
        take_in = machine.take_in if number % 3 == 0 else partial(doors.import_on_page, client)
        world.outcomes[kind] = take_in(kind, some)


def _token(world: World) -> str:
    account = world.cast.accounts["section"]
    return units.issue_token(world.cast.viewers["section"], account.username, "数据接入", AT)


def _sections(world: World, maker: Maker, machine: doors.Machine) -> None:
    """Register what other records name: so many of them as a figure says."""
    for origin in world.origins.values():
        for column, link in origin.told.get("links", {}).items():
            for number in range(maker.number(link["count"])):
                values = {"name": f"{column}之{number + 1}"}
                made = Made(link["kind"], "cgb", values, {"valid_from": "2021-01-01"})
                machine.create(made)


def take_statistics(world: World) -> None:
    """Enter the numbers of the authorities, those of earlier years too."""
    for ident in world.by("supplied"):
        _months(world, ident)
    for ident in world.by("growth"):
        _base(world, ident)


def _months(world: World, ident: str) -> None:
    """Give a half year by its months; a statistic that is a level by its latest month."""
    origin, value = world.origins[ident], world.gold[ident].value
    months = Period.parse(origin.period).months
    if origin.told.get("latest"):
        parts = [value * share // 100 for share in (91, 92, 94, 95, 97)] + [value]
    else:
        parts = [value * share // 100 for share in (14, 13, 18, 17, 19)]
        parts.append(value - sum(parts))
    for month, part in zip(months, parts, strict=True):
        supply(world, origin.indicator, month.code, part)


def _base(world: World, ident: str) -> None:
    """Give the year of comparison such a number that the growth comes out as it is told.

    A comparable one takes the place of the number that was supplied first.
    """
    origin = world.origins[ident]
    value = next(
        world.gold[o.id].value
        for o in world.origins.values()
        if o.how == "supplied" and o.indicator == origin.indicator
    )
    base = Fraction(value) / (1 + Fraction(world.gold[ident].value))
    rounded = Decimal(round(base / 10_000)) * 10_000
    if origin.told.get("restated"):
        supply(world, origin.indicator, origin.told["base"], rounded * Decimal("0.97"))
    supply(world, origin.indicator, origin.told["base"], rounded)


def supply(world: World, statistic: str, period: str, value: Decimal) -> None:
    """Enter one number of an authority by its form; a second one revises the first."""
    answer = doors.post(
        world.cast.client("planner"),
        f"/indicators/supply/{statistic}",
        unit="journey",
        period=period,
        value=f"{value:f}",
        source="区里的统计月报",
    )
    assert answer.status_code == 302
