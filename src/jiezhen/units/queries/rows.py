"""Units as rows, read from the table."""

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from jiezhen.units.models import Unit


class UnknownUnit(Exception):
    """No unit of the office has this code or name; `near` is the likeliest."""

    def __init__(self, text: str, near: str = "") -> None:
        self.text, self.near = text, near
        self.message = f"没有“{text}”。" + (
            f"您是说“{near}”吗？" if near else "请从单元清单里选。"
        )
        self.message_en = f"There is no unit {text!r}." + (
            f" Did you mean {near}?" if near else ""
        )
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as other engines see it.

    `successor_id` is the unit that took it over when it ended, `heirs` those that a split made
    of it; `area_class` is its own and empty when it has its parent's.
    """

    id: int
    code: str
    title: str
    title_en: str
    level: str
    path: str
    parent_id: int | None
    valid_from: date | None
    valid_until: date | None
    also: tuple[str, ...] = ()
    successor_id: int | None = None
    heirs: tuple[int, ...] = ()
    area_class: str = ""
    polygon: dict[str, Any] | None = None


def units_of_office(office_id: int, *, polygons: bool = False) -> list[UnitRow]:
    """Return all units of an office in path order, past ones too. Names are not personal."""
    fields = [
        "id",
        "code",
        "title",
        "title_en",
        "level",
        "path",
        "parent_id",
        "valid_from",
        "valid_until",
        "also",
        "successor_id",
        "heirs",
        "area_class",
    ]
    if polygons:
        fields.append("polygon")
    rows = Unit.objects.for_system("names of units are open to the whole office")
    found = rows.filter(office_id=office_id).order_by("path").values(*fields)
    return [
        UnitRow(**{**row, "also": tuple(row["also"]), "heirs": tuple(row["heirs"])})
        for row in found
    ]


def find_unit(units: list[UnitRow], text: str) -> UnitRow:
    """Return the unit that a code or a name means.

    Raises:
        UnknownUnit: None fits; the likeliest is named.
    """
    wanted = text.strip()
    for unit in units:
        if wanted in {unit.code, unit.title, *unit.also}:
            return unit
    names = [n for u in units for n in (u.title, *u.also)]
    near = get_close_matches(wanted, names, n=1, cutoff=0.5)
    raise UnknownUnit(wanted, near[0] if near else "")
