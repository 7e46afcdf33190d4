"""B1: 1+5+48+228 by Excel and GeoJSON; every point finds its grid; a split keeps last year comparable.

All through the pages of the security officer, the JSON API and the figures' door.
"""

import io
import json
import re
from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import uuid4

import numpy as np
import pytest
import shapely
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiezhen.conftest import AT, Cast
from jiezhen.trail.models import Entry
from jiezhen.units import operations, queries
from jiezhen.units.models import Unit
from jiezhen.units.rules.coordinates import from_wgs84
from jiezhen.units.rules.geometry import middle

from .doors import XLSX, nonce, post

pytestmark = pytest.mark.usefixtures("still")
HEADS = ("编号", "名称", "层级", "上级", "其他叫法", "地区等级")
SPOTS, COMMUNITIES, AREAS = 228, 48, 5
FRAME = shapely.box(121.38, 31.00, 121.46, 31.06)


@dataclass
class Town:
    """The town as a surveyor knows it: rows of its units, and the shape of each."""

    rows: list[tuple[str, ...]]
    shapes: dict[str, shapely.Geometry]


def _town() -> Town:
    random = Random(228)
    west, south, east, north = FRAME.bounds
    spots = [(random.uniform(west, east), random.uniform(south, north)) for _ in range(SPOTS)]
    spots.sort()
    cells = shapely.voronoi_polygons(shapely.MultiPoint(spots), extend_to=FRAME, ordered=True)
    rows: list[tuple[str, ...]] = []
    shapes: dict[str, shapely.Geometry] = {}
    below: dict[str, list[shapely.Geometry]] = {}
    for n, cell in enumerate(cells.geoms):
        community = n * COMMUNITIES // SPOTS
        area = community * AREAS // COMMUNITIES
        for code, title, level, above in (
            (f"p{area + 1}", f"第{area + 1}片区", "片区", ""),
            (f"c{community + 1:02d}", f"沧{community + 1}居民区", "居民区", f"p{area + 1}"),
            (f"31011200900{n:03d}", f"{n + 1}号网格", "网格", f"c{community + 1:02d}"),
        ):
            if code not in below:
                rows.append(
                    (code, title, level, above, f"{title}简称", "A" if code == "p1" else "")
                )
            below.setdefault(code, []).append(cell.intersection(FRAME))
    for code, parts in below.items():
        shapes[code] = shapely.union_all(parts)
    # A table need not come in order.
    return Town(rows[::-1], shapes)


def workbook(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    """Return an Excel file of units."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("单元")
        for number, row in enumerate((HEADS, *rows)):
            sheet.write_row(number, 0, row)
    return SimpleUploadedFile("单元.xlsx", made.getvalue(), content_type=XLSX)


def geojson(shapes: dict[str, shapely.Geometry], system: str) -> SimpleUploadedFile:
    """Return a file of boundaries in a system, each feature with its unit's code."""

    def moved(points: np.ndarray) -> np.ndarray:
        return np.column_stack(from_wgs84(points[:, 0], points[:, 1], system))

    features = [
        {
            "type": "Feature",
            "properties": {"编号": code, "OBJECTID": 7},
            "geometry": json.loads(shapely.to_geojson(shapely.transform(shape, moved))),
        }
        for code, shape in shapes.items()
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return SimpleUploadedFile("边界.geojson", text.encode())


def bring_in(client: Client, what: str, file: SimpleUploadedFile, system: str = "wgs84") -> str:
    """Send a file to be checked and return the address of what was found."""
    answer = post(client, "/admin/units/import", what=what, file=file, system=system)
    assert answer.status_code == 302, re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())
    return str(answer.headers["Location"])


def page(client: Client, href: str) -> str:
    """Return the words of a page."""
    answer = client.get(href)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def built(cast: Cast) -> tuple[Cast, Town]:
    """Return the office with its 281 units, brought in by the security officer."""
    operations.end_unit(cast.system, "c1", date(2020, 1, 1), AT)
    rows = Unit.objects.for_system("this journey brings its own units")
    rows.filter(level__in=("area", "community")).exclude(
        code__in=("p1", "c1", "c3", "p2")
    ).delete()
    return cast, _town()


def build(cast: Cast, town: Town) -> Client:
    client = cast.client("security")
    href = bring_in(client, "tree", workbook(*town.rows))
    assert "新加279个，改2个，0个没有变，0行要改。" in page(client, href)
    assert queries.tree(cast.system.office_id, AT).by_code("c48") is None  # not written yet
    post(client, href, do="write")
    href = bring_in(client, "boundaries", geojson(town.shapes, "gcj02"), "gcj02")
    assert "281个图形对上了单元，0个没有对上；有0处重叠或空缺。" in page(client, href)
    post(client, href, do="write")
    return client


def test_ten_thousand_points_all_find_their_grid(built: tuple[Cast, Town]) -> None:
    cast, town = built
    build(cast, town)
    tree = queries.tree(cast.system.office_id, AT)
    levels = [u.level for u in tree.units if u.valid_until is None]
    assert (levels.count("area"), levels.count("community"), levels.count("grid")) == (5, 49, 228)
    grids = {c: s for c, s in town.shapes.items() if c.startswith("3101")}
    random = Random(3)
    west, south, east, north = FRAME.bounds
    points = [(random.uniform(west, east), random.uniform(south, north)) for _ in range(10_000)]
    codes, shapes = list(grids), np.array(list(grids.values()))
    here = shapely.points(np.array(points))
    holders: dict[int, list[str]] = {}
    for place, shape in enumerate(shapes):
        for point in np.flatnonzero(shapely.covers(shape, here)):
            holders.setdefault(int(point), []).append(codes[place])
    wrong = 0
    for number, (lon, lat) in enumerate(points):
        unit = tree.at_point(lon, lat, AT.date())
        assert unit is not None and unit.level == "grid", (lon, lat)
        wrong += unit.code not in holders[number]
    assert wrong == 0
    assert tree.area_class(tree.by_code(codes[0])) == "A"


def ramps(client: Client, unit: str, *days: str) -> None:
    """Write one ramp a day into a unit through the JSON API."""
    for day in days:
        body = {
            "unit": unit,
            "values": {"quantity": 1, "place": "沧源路123弄", "installed_on": day},
        }
        answer = client.post(
            "/api/records/eldercare.ramp",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": uuid4().hex},
        )
        assert answer.status_code == 201, answer.content.decode()


def figure(client: Client, unit: str, period: str) -> int | None:
    asked = {"indicator": "ramps_installed", "unit": unit, "period": period}
    (found,) = client.get("/api/figures", asked).json()
    return found["value"]


def test_a_split_keeps_last_year_comparable_and_can_be_taken_back(
    built: tuple[Cast, Town],
) -> None:
    cast, town = built
    officer, section = build(cast, town), cast.client("section")
    grids = [r[0] for r in town.rows if r[3] == "c02"]
    ramps(section, "c02", "2022-03-01", "2022-09-01", "2023-02-01")
    ramps(section, grids[0], "2022-05-01")
    ramps(section, "c03", "2022-05-01")
    before = {u: figure(section, u, "2022") for u in ("c02", "p1", "")}
    assert before["c02"] == 3

    form = {"on": "2023-07-01", "code_1": "c02a", "title_1": "沧二东居民区"}
    form |= {"code_2": "c02b", "title_2": "沧二西居民区"}
    form |= {f"below_{g}": "1" if n == 0 else "2" for n, g in enumerate(grids)}
    href = post(officer, "/admin/units/c02/split", **form).headers["Location"]
    assert "沧2居民区分为沧二东居民区、沧二西居民区" in page(officer, href)
    tree = queries.tree(cast.system.office_id, AT)
    assert tree.by_code(grids[0]).path == f"/yunxiu/p1/c02a/{grids[0]}/"
    inside = shapely.point_on_surface(town.shapes[grids[0]])
    found = tree.at_point(inside.x, inside.y)
    assert [u.code for u in tree.above(found, "community")] == ["c02a"]

    ramps(section, "c02a", "2023-07-02")
    ramps(section, grids[1], "2023-07-02")
    # The old unit speaks of the same ground in both years; everything above keeps its sum.
    assert {u: figure(section, u, "2022") for u in ("c02", "p1", "")} == before
    assert figure(section, "c02", "2023") == 1 + 2
    assert figure(section, "c02a", "2023") == figure(section, "c02b", "2023") == 1
    assert figure(section, "p1", "2023") == 3
    assert "分为沧二东居民区、沧二西居民区" in page(officer, "/admin/units")

    # Something was recorded in a part: the split stands. Without records it goes back.
    refused = officer.post(href, {"_nonce": nonce(officer, href), "do": "take_back"})
    assert refused.status_code == 422 and "已经有记录" in refused.content.decode()
    actions = Entry.objects.filter(action__startswith="units.").values_list("action", flat=True)
    assert {"units.tree.imported", "units.boundaries.imported", "units.unit.split"} <= set(actions)


def test_a_merge_counts_both_for_the_new_unit_and_is_taken_back(built: tuple[Cast, Town]) -> None:
    cast, town = built
    officer, section = build(cast, town), cast.client("section")
    ramps(section, "c04", "2022-03-01")
    ramps(section, "c05", "2022-03-01")
    was = {u.code: (u.path, u.valid_until) for u in queries.units_of_office(cast.system.office_id)}
    form = {"on": "2023-07-01", "units": ["c04", "c05"], "code": "c601", "title": "沧新居民区"}
    href = post(officer, "/admin/units/p1/merge", **form).headers["Location"]
    assert figure(section, "c601", "2022") == 2
    tree = queries.tree(cast.system.office_id, AT)
    grids = [r[0] for r in town.rows if r[3] in ("c04", "c05")]
    assert {tree.by_code(g).path for g in grids} == {f"/yunxiu/p1/c601/{g}/" for g in grids}
    assert tree.named("沧4居民区").code == "c601"
    merged = shapely.union_all([town.shapes["c04"], town.shapes["c05"]])
    full = queries.units_of_office(cast.system.office_id, polygons=True)
    whole = next(u.polygon for u in full if u.code == "c601")
    assert (
        shapely.geometry.shape(whole).symmetric_difference(merged).area < 1e-8
    )  # kept to a centimetre
    assert shapely.covers(merged, shapely.Point(middle(whole)))
    post(officer, href, do="take_back")
    now = {u.code: (u.path, u.valid_until) for u in queries.units_of_office(cast.system.office_id)}
    assert now == was
    assert "已经撤回" in page(officer, href)


def test_what_is_wrong_with_a_table_is_told_before_anything_is_written(cast: Cast) -> None:
    client = cast.client("security")
    rows = [
        ("g 1", "一网格", "网格", "c1", "", ""),
        ("g2", "二网格", "方格", "c1", "", ""),
        ("g3", "三网格", "网格", "没有的居民区", "", ""),
        ("g4", "四网格", "网格", "c1", "", "D"),
        ("g5", "五网格", "网格", "g6", "", ""),
        ("g6", "六网格", "网格", "g5", "", ""),
        ("c1", "松涛居民区", "居民区", "p2", "", ""),
        ("g7", "七网格", "网格", "松涛", "", "c"),
        ("g7", "又是七网格", "网格", "松涛", "", ""),
    ]
    href = bring_in(client, "tree", workbook(*rows))
    told = page(client, href)
    assert "新加1个，改0个，0个没有变，8行要改。" in told
    for words in ("只能用字母、数字", "没有层级“方格”", "没有上级单元“没有的居民区”", "只能是A、B、C",
                  "绕成了圈", "上级或层级不同", "出现了两次"):  # fmt: skip
        assert words in told
    assert queries.tree(cast.system.office_id, AT).by_code("g7") is None
    post(client, href, do="write")
    tree = queries.tree(cast.system.office_id, AT)
    assert tree.by_code("g7").path == "/yunxiu/p1/c1/g7/"
    assert tree.area_class(tree.by_code("g7")) == "C"
    assert tree.by_code("g5") is None
    post(client, href, do="take_back")
    assert queries.tree(cast.system.office_id, AT).by_code("g7") is None


def test_what_is_wrong_with_boundaries_is_told_and_they_are_taken_back(cast: Cast) -> None:
    client = cast.client("security")
    shapes = {
        "c1": shapely.box(121.40, 31.00, 121.42, 31.02),
        "c2": shapely.box(121.41, 31.00, 121.43, 31.02),
        "unknown": shapely.box(121.5, 31.0, 121.6, 31.1),
    }
    href = bring_in(client, "boundaries", geojson(shapes, "bd09"), "bd09")
    told = page(client, href)
    assert "2个图形对上了单元，1个没有对上；有1处重叠或空缺。" in told
    assert "没有单元叫这个名称或编号" in told and "松涛居民区、听泉居民区" in told
    tree = queries.tree(cast.system.office_id, AT)
    assert tree.at_point(121.405, 31.01) is None
    post(client, href, do="write")
    assert queries.tree(cast.system.office_id, AT).at_point(121.405, 31.01).code == "c1"
    post(client, href, do="take_back")
    assert queries.tree(cast.system.office_id, AT).at_point(121.405, 31.01) is None
    for text in (
        b"not json",
        b"{}",
        b"[" * 100_000,
        b'{"type":"FeatureCollection","features":[]}',
    ):
        file = SimpleUploadedFile("x.geojson", text)
        given = {
            "what": "boundaries",
            "file": file,
            "_nonce": nonce(client, "/admin/units/import"),
        }
        assert client.post("/admin/units/import", given).status_code == 422


def test_only_the_security_officer_reshapes_units(cast: Cast) -> None:
    for who in ("leader", "section", "grid", "auditor", "administrator"):
        client = cast.client(who)
        for href in ("import", "changes/1", "c1/split", "p1/merge"):
            assert client.get(f"/admin/units/{href}").status_code == 403
    assert cast.client("security").get("/admin/units/changes/1").status_code == 404
    assert cast.client("security").get("/admin/units/nothing/split").status_code == 404


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"code_1": "c1", "title_1": "甲"}, "已经有了"),
        ({"code_1": "n2", "title_1": "甲"}, "不能相同"),
        ({"on": "2023-07-04"}, "不能晚于今天"),
        ({"on": "七月"}, "从哪天起"),
    ],
)
def test_a_split_that_cannot_be_says_why(cast: Cast, form: dict[str, str], said: str) -> None:
    client = cast.client("security")
    sent = {"on": "2023-07-01", "code_1": "n1", "title_1": "甲", "code_2": "n2", "title_2": "乙"}
    sent |= form | {"_nonce": nonce(client, "/admin/units/c1/split")}
    answer = client.post("/admin/units/c1/split", sent)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert cast.unit("c1").valid_until is None
