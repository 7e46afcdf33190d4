"""The units and people of the demonstration office."""

from datetime import datetime
from random import Random
from typing import Any

from shapely import MultiPoint, Polygon, voronoi_polygons
from shapely.geometry import mapping

from jiezhen.desk import demonstration
from jiezhen.people.access import Viewer
from jiezhen.units import operations as units

CODE = "yunxiu"
#: Lies in the open sea, so that nobody takes the map for a real place. WGS-84.
_WEST, _SOUTH, _WIDTH, _HEIGHT = 123.40, 30.60, 0.060, 0.042

_AREAS = (("p1", "东片区"), ("p2", "中片区"), ("p3", "西片区"))
_COMMUNITIES = (
    "松涛",
    "听泉",
    "望岳",
    "揽月",
    "栖霞",
    "枕溪",
    "云台",
    "鹤鸣",
    "竹影",
    "晴川",
    "荷风",
    "秋水",
)
_DEPARTMENTS = (
    ("dzb", "党政办公室"),
    ("fwb", "社区服务办"),
    ("zzb", "社区自治办"),
    ("cgb", "城市管理办"),
    ("csb", "城市建设办"),
    ("ysb", "营商环境办"),
    ("pab", "平安建设办"),
    ("djb", "党建办"),
    ("cyzx", "城运中心"),
    ("slzx", "社区事务受理中心"),
)


def found(at: datetime, random: Random) -> Viewer:
    """Found the office with its units and people; return a viewer that acts for the machine."""
    viewer = units.found_office(CODE, "云岫街道（虚构）", at, title_en="Yunxiu (fictional)")
    shapes = _polygons(random)
    rows: list[dict[str, Any]] = [
        {"code": code, "title": title, "level": "area", "parent": CODE} for code, title in _AREAS
    ]
    for n, name in enumerate(_COMMUNITIES):
        code = f"c{n + 1:02d}"
        rows.append(
            {
                "code": code,
                "title": f"{name}居民区",
                "level": "community",
                "parent": _AREAS[n // 4][0],
                "also": [name],
                "polygon": shapes[n],
            }
        )
        rows += [
            {"code": f"{code}g{g}", "title": f"{name}第{g}网格", "level": "grid", "parent": code}
            for g in (1, 2)
        ]
    rows += [
        {"code": code, "title": title, "level": "department", "parent": CODE}
        for code, title in _DEPARTMENTS
    ]
    units.add_units(viewer, rows, at)
    for user in demonstration.users():
        person = {"username": user.username, "name": user.name, "password": demonstration.PASSWORD}
        units.hire(viewer, person, user.unit, user.role, at)
    return viewer


def _polygons(random: Random) -> list[dict[str, Any]]:
    """Return twelve polygons that fill a rectangle, column by column."""
    points = []
    for n in range(len(_COMMUNITIES)):
        column, line = divmod(n, 4)
        east = (column + 0.5 + random.uniform(-0.22, 0.22)) / 3
        north = (line + 0.5 + random.uniform(-0.22, 0.22)) / 4
        points.append((_WEST + east * _WIDTH, _SOUTH + north * _HEIGHT))
    frame = Polygon(
        [
            (_WEST, _SOUTH),
            (_WEST + _WIDTH, _SOUTH),
            (_WEST + _WIDTH, _SOUTH + _HEIGHT),
            (_WEST, _SOUTH + _HEIGHT),
        ]
    )
    cells = voronoi_polygons(MultiPoint(points), extend_to=frame, ordered=True)
    return [mapping(cell.intersection(frame)) for cell in cells.geoms]
