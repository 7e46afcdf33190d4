"""Values by chance for the fields of any kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from shapely import Point, Polygon

from jiezhen.packs.schema import Field, Kind
from jiezhen.units.queries import UnitRow

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "明芳军丽强敏静磊洋艳勇娟涛秀兰霞平刚桂英志建文华玉梅晓云"
_ROADS = ("松涛路", "听泉路", "望岳路", "揽月路", "栖霞路", "枕溪路", "云台路", "晴川路")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass
class Maker:
    """Draws values. `links` holds the ids that a link may lead to, `shapes` units on the map."""

    random: Random
    today: date
    links: Mapping[str, list[int]] = field(default_factory=dict)
    shapes: Mapping[int, Polygon] = field(default_factory=dict)

    def values(
        self, kind: Kind, unit: UnitRow, on: date, recipe: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return plain values for one record of a kind that happened on a day.

        The recipe may give a list to choose from, a pair of bounds, `~` for none, or a text in
        which `{day}` is the day and `{n}` a number by chance.
        """
        given = recipe.get("fields", {})
        found: dict[str, Any] = {}
        for name, spec in kind.fields.items():
            if name in given:
                found[name] = self._given(given[name], spec, on)
            elif name == kind.on and spec.type == "date":
                found[name] = on.isoformat()
            elif spec.required or name in kind.key or self.random.random() < 0.85:
                found[name] = self._draw(kind, name, spec, unit, on)
        return found

    def _given(self, wanted: Any, spec: Field, on: date) -> Any:
        if isinstance(wanted, list) and spec.type in {"number", "money"} and len(wanted) == 2:
            low, high = wanted
            if spec.type == "money":
                return self.random.randint(int(low), int(high)) * 100
            if isinstance(low, float) or isinstance(high, float):
                return round(self.random.uniform(low, high), 1)
            return self.random.randint(low, high)
        if isinstance(wanted, list):
            return self.random.choice(wanted)
        if isinstance(wanted, str):
            return wanted.format(day=f"{on:%Y%m%d}", n=self.random.randint(1, 99999))
        return wanted

    def _draw(self, kind: Kind, name: str, spec: Field, unit: UnitRow, on: date) -> Any:
        makers: dict[str, Callable[[], Any]] = {
            "text": lambda: f"{unit.title[:2]}{spec.title}{self.random.randint(1, 999)}",
            "choice": lambda: self.random.choice(list(spec.options)),
            "number": lambda: self.random.randint(int(spec.min or 1), int(spec.max or 60)),
            "money": lambda: self.random.randint(1000, 90000) * 100,
            "date": lambda: on.isoformat(),
            "time": lambda: f"{on.isoformat()}T{self.random.randint(8, 17):02d}:00:00+08:00",
            "flag": lambda: self.random.choice(["yes", "no"]),
            "place": lambda: {"text": self.address()} | self._point(unit),
            "link": lambda: self._linked(spec),
            "person": self.name,
            "phone": lambda: f"1{self.random.choice('35789')}{self.random.randrange(10**9):09d}",
            "id_number": self.id_number,
            "file": lambda: None,
        }
        return makers[spec.type]()

    def _linked(self, spec: Field) -> int | None:
        known = self.links.get(str(spec.to), [])
        return self.random.choice(known) if known else None

    def _point(self, unit: UnitRow) -> dict[str, float]:
        """Return a point inside a unit; nothing for a unit that is on no map."""
        shape = self.shapes.get(unit.id)
        if shape is None:
            return {}
        west, south, east, north = shape.bounds
        for _turn in range(50):
            lon = self.random.uniform(west, east)
            lat = self.random.uniform(south, north)
            if shape.contains(Point(lon, lat)):
                return {"lon": round(lon, 6), "lat": round(lat, 6)}
        return {}

    def name(self) -> str:
        """Return a made-up name."""
        count = self.random.choice((1, 2, 2))
        return self.random.choice(_SURNAMES) + "".join(self.random.choices(_GIVEN, k=count))

    def address(self) -> str:
        """Return an address on a road that does not exist."""
        road = self.random.choice(_ROADS)
        lane, house = self.random.randint(10, 980), self.random.randint(1, 40)
        return f"{road}{lane}弄{house}号{self.random.randint(1, 6)}0{self.random.randint(1, 4)}室"

    def id_number(self) -> str:
        """Return an id number with a right check digit and a region code that is not given out."""
        born = self.today - timedelta(days=self.random.randint(60 * 365, 95 * 365))
        body = (
            f"999{self.random.randrange(1000):03d}{born:%Y%m%d}{self.random.randrange(1000):03d}"
        )
        total = sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True))
        return body + "10X98765432"[total % 11]
