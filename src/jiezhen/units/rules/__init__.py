"""Pure decisions about units."""

from datetime import date

#: Levels of a unit, from the office down, and the kinds of unit beside the grid.
LEVELS: dict[str, str] = {
    "office": "街镇",
    "area": "片区",
    "community": "居民区",
    "grid": "网格",
    "microgrid": "微网格",
    "department": "科室",
    "point": "服务点",
}

#: Classes of area by which deadlines differ (GB/T 30428): A busy, B ordinary, C remote.
AREA_CLASSES = ("A", "B", "C")
#: The class of a unit whose parents have none either.
AREA_CLASS = "B"


def valid(valid_from: date | None, valid_until: date | None, on: date) -> bool:
    """Say whether a half-open validity holds a day."""
    return (valid_from is None or valid_from <= on) and (valid_until is None or on < valid_until)


def path_under(parent: str, code: str) -> str:
    """Return the path of a unit below another: /yunxiu/ + c03 → /yunxiu/c03/."""
    return f"{parent or '/'}{code}/"
