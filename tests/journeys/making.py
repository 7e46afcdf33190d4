"""From the mapping to records: as many as a figure says, and some that must not count."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jiezhen.kernel.periods import Period
from jiezhen.packs.definitions import Definition
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Field, Kind

from .gold import Gold, Origin, bound, is_share

UNITS = ("c1", "c2", "c3", "fwb", "cgb")
#: Days on which nothing counts for the half year: before it, and after the day of the test.
BEFORE, AFTER = date(2022, 5, 17), date(2023, 9, 12)
TODAY = date(2023, 7, 2)


@dataclass
class Made:
    """One record that somebody will register: raw values as people write them."""

    kind: str
    unit: str
    values: dict[str, Any]
    given: dict[str, str] = field(default_factory=dict)
    door: str = "import"
    counts: bool = True
    withdrawn: bool = False


class Maker:
    """Makes the records of one figure after another; every draw comes from one seed."""

    def __init__(self, gold: Mapping[str, Gold], origins: Mapping[str, Origin], seed: int) -> None:
        self.gold, self.origins = gold, origins
        self.dice = random.Random(seed)  # noqa: S311
        self.serial = 0
        #: Indicators with a target over the year: their records of July would move its light.
        self.yearly = {
            i
            for o in origins.values()
            if o.how == "target" and o.period == "2023"
            for i in o.indicators
        }

    def records(self, ident: str) -> list[Made]:
        """Return the records of a figure, those that must not count among them."""
        origin = self.origins[ident]
        if "told_by" in origin.told:
            return []
        found: list[Made] = []
        for number, name in enumerate(origin.indicators):
            told = dict(origin.told)
            for column, options in told.get("each", {}).items():
                told["values"] = {**told.get("values", {}), column: options[number]}
            found += self.some(name, origin.period, self._wanted(ident), told)
        for door, many in origin.told.get("doors", {}).items():
            waiting = [m for m in found if m.door == "import" and m.counts]
            for made in waiting[:many]:
                made.door = door
        return found

    def some(self, name: str, period: str, wanted: Decimal, told: Mapping[str, Any]) -> list[Made]:
        """Return the records that give an indicator a value."""
        definition = catalogue().indicators[name].definition
        counted = _Counted(self, definition, Period.parse(period), told)
        made = counted.made(wanted)
        return made + counted.decoys(name in self.yearly)

    def _wanted(self, ident: str) -> Decimal:
        figure = self.gold[ident]
        value = figure.value
        if bound(figure) and not is_share(figure):
            # 1万余 and 超8000 are told of a number that is somewhat larger.
            value = Decimal(int(value * Decimal("1.0431")))
        beside = self.origins[ident].told.get("beside", ())
        return value - sum(self.gold[other].value for other in beside)

    def number(self, told: Any) -> int:
        """Return a number of the mapping: itself, or the value of the figure that it names."""
        return int(self.gold[told].value) if isinstance(told, str) else int(told)

    def next(self) -> int:
        """Return a running number, so that no two records are alike."""
        self.serial += 1
        return self.serial


class _Counted:
    """The records of one indicator."""

    def __init__(
        self, maker: Maker, definition: Definition, period: Period, told: Mapping[str, Any]
    ) -> None:
        self.maker, self.period, self.told = maker, period, told
        self.measure = definition.indicator.measure
        self.column = definition.value.text if definition.value else ""
        if self.measure == "ratio":
            definition = definition.parts[1]
        assert definition.kind is not None
        self.kind: Kind = definition.kind
        self.on = definition.on or "valid_from"

    def made(self, wanted: Decimal) -> list[Made]:
        """Return the records that count, as many as are needed for a value."""
        rows = self._rows(wanted)
        for place, more in enumerate(rows):
            for column, figure in self.told.get("among", {}).items():
                more[column] = f"{column}之{place % self.maker.number(figure) + 1}"
            for column, link in self.told.get("links", {}).items():
                more[column] = f"{column}之{place % self.maker.number(link['count']) + 1}"
        return [self.one(self._own_day(place), **more) for place, more in enumerate(rows)]

    def _own_day(self, place: int) -> date | None:
        """Return a day of its own where the day is part of what makes a record the same."""
        if "links" not in self.told or self.on not in self.kind.key:
            return None
        return self.period.start + timedelta(days=place)

    def _rows(self, wanted: Decimal) -> list[dict[str, Any]]:
        """Return what each counting record holds beside the values of all."""
        match self.measure:
            case "sum":
                return [{self.column: part} for part in self._parts(wanted)]
            case "average":
                pairs = range(self.maker.number(self.told["spread"]) // 2)
                return [
                    {self.column: int(wanted) + sign * turn * 7}
                    for turn in pairs
                    for sign in (-1, 1)
                ]
            case "distinct":
                names = [f"{self.column}第{self.maker.next()}" for _turn in range(int(wanted))]
                return [{self.column: name} for name in names + names[: len(names) // 3]]
            case "ratio":
                return self._share(Fraction(wanted))
        return [{} for _turn in range(int(wanted))]

    def _share(self, wanted: Fraction) -> list[dict[str, Any]]:
        whole = wanted.denominator * -(-120 // wanted.denominator)
        return [
            dict(self.told["yes" if place < wanted * whole else "no"]) for place in range(whole)
        ]

    def _parts(self, wanted: Decimal) -> list[Any]:
        """Divide a sum at random into whole parts, none of them empty."""
        many = min(self.maker.number(self.told.get("spread", 12)), int(wanted))
        cuts = sorted(self.maker.dice.sample(range(1, int(wanted)), many - 1))
        return [b - a for a, b in zip([0, *cuts], [*cuts, int(wanted)], strict=True)]

    def one(self, day: date | None = None, state: str = "", **more: Any) -> Made:
        """Return one record with all that its kind requires."""
        maker = self.maker
        serial, day = maker.next(), day or self._day()
        wanted = {**self.told.get("values", {}), **more}
        values = {
            n: _filled(f, serial, day)
            for n, f in self.kind.fields.items()
            if f.type != "link" and (f.required or n in self.kind.key)
        }
        given: dict[str, str] = {}
        if self.on in self.kind.fields:
            values[self.on] = day.isoformat()
        elif self.kind.shape == "entry":
            given["valid_from"] = day.isoformat()
        if self.kind.shape == "matter":
            given["state"] = state or str(self.told["state"])
        values.update({k: v for k, v in wanted.items() if v != ""})
        for name in [k for k, v in wanted.items() if v == ""]:
            values.pop(name, None)
        return Made(self.kind.name, maker.dice.choice(UNITS), values, given)

    def decoys(self, yearly: bool) -> list[Made]:
        """Return records like those that count, each with one thing different."""
        found = [self.one(AFTER, **self._sample()), self._withdrawn()]
        if self.measure == "stock":
            found.append(self._ended())
        else:
            found += [self.one(BEFORE + timedelta(days=n), **self._sample()) for n in range(2)]
            if not yearly:
                found.append(self.one(TODAY, **self._sample()))
        for other in self.told.get("unlike", ()):
            if other.get("ended"):
                found.append(self._ended())
                continue
            more = {**self._sample(), **other.get("values", {})}
            found.append(self.one(state=other.get("state", ""), **more))
        for made in found:
            made.counts = False
        return found

    def _sample(self) -> dict[str, Any]:
        """Return what a record that would count holds beside the values of all."""
        more: dict[str, Any] = dict(self.told.get("no", {}))
        if self.measure in ("sum", "average"):
            more[self.column] = self.maker.dice.randint(2, 9)
        for column in self.told.get("among", {}):
            more[column] = f"{column}之外"
        for column in self.told.get("links", {}):
            more[column] = f"{column}之1"
        return more

    def _withdrawn(self) -> Made:
        made = self.one(**self._sample())
        made.withdrawn, made.door = True, "api"
        return made

    def _ended(self) -> Made:
        made = self.one(BEFORE, **self._sample())
        made.given["valid_until"] = (self.period.last - timedelta(days=40)).isoformat()
        return made

    def _day(self) -> date:
        days = (self.period.until - self.period.start).days
        return self.period.start + timedelta(days=self.maker.dice.randrange(days))


def _filled(spec: Field, serial: int, day: date) -> Any:
    """Return something for a field that must not be empty."""
    found = {
        "date": day.isoformat(),
        "choice": next(iter(spec.options), ""),
        "number": 1,
        "money": 100 + serial,
        "place": f"云河路{serial}弄",
        "flag": "no",
    }
    return found.get(spec.type, f"{spec.title}第{serial}")
