"""A figure divided by grid, source or class: the parts are the whole, down to the records."""

import json
import re
from datetime import date, timedelta

import pytest

from jiezhen.conftest import AT
from jiezhen.indicators import queries
from jiezhen.indicators.queries import splits
from jiezhen.indicators.tests import plainly
from jiezhen.kernel.periods import Period

pytestmark = pytest.mark.usefixtures("still")
H1 = Period.parse("2023H1")
NAMES = ["t_cases", "t_called", "t_call_rate", "t_late", "t_hours", "t_content_rate"]
COUNTED = ("t_cases", "t_called", "t_late")
UNITS = ("yunxiu", "p1", "c1", "c2", "c3", "fwb")


@pytest.fixture
def rows(write, cast):
    """Sixty cases over units, grids, sources and classes; some without, some withdrawn, some old."""
    found = []
    for n in range(60):
        unit, grid = UNITS[n % 6], (None, *UNITS)[(n * 5) % 7]
        opened = date(2023, 1, 3) + timedelta(days=n * 3)
        due = opened + timedelta(days=7)
        met = (None, "yes", "no", "yes")[n % 4]
        clock = {"due": f"{due}T16:30:00+08:00", "done": f"{due}T16:00:00+08:00", "hours": n / 4}
        row = write(
            "counting.case",
            unit,
            _opened_on=opened,
            _closed_on=due if n % 3 else None,
            _grid_id=cast.unit(grid).id if grid else None,
            _timers={"contact": {**clock, "met": met} if met else clock, "handle": clock},
            _withdrawn_at=AT if n % 13 == 5 else None,
            source=(None, "phone", "app", "fax", "phone")[n % 5],
            sort=("noise", "trash", None)[n % 3],
            content=(None, "good", "fair", "so", "bad", "none")[n % 6],
        )
        found.append((row, unit))
    return found


@pytest.fixture
def known(cast):
    """Return the units by code."""
    return {u: cast.unit(u) for u in (*UNITS, "p2", "cgb")}


def below(known, code):
    return {u for u in UNITS if known[u].path.startswith(known[code].path)}


def belongs(known, row, by, key):
    """Say in plain words whether a record belongs to a part."""
    if by == "grid":
        code = next((u for u in UNITS if known[u].id == row.grid_id), None)
        listed = ("c1", "c2", "c3")
        return code == key if key in listed else code not in listed
    return (row.data.get(by) or "") == key


@pytest.mark.parametrize("by", ["source", "sort", "grid", "unit"])
@pytest.mark.parametrize("within", ["yunxiu", "p1", "c2"])
def test_parts_equal_a_plain_computation(cast, known, rows, by, within):
    viewer, unit = cast.viewers["leader"], cast.unit(within)
    whole = queries.frame(viewer, AT)
    names = NAMES
    listed = [queries.definition_of(n) for n in names]
    split = splits.split_of(by, listed, whole, unit)
    sheet = queries.sheet(viewer, names, [unit], [H1], AT, given_frame=whole, split=split)
    for name in names:
        expected = plainly.figure(name, rows, below(known, within), H1.start, H1.until, AT)
        assert sheet.figure(name, unit, H1).value == expected or close(
            sheet.figure(name, unit, H1).value, expected
        )
        cells = sheet.cells(name, unit, H1)
        for member, figure in cells:
            if by == "unit":
                codes = below(known, member.key) if member.unit else {within, *_areas(within)}
                some = [(r, c) for r, c in rows if c in codes & below(known, within)]
            else:
                some = [(r, c) for r, c in rows if belongs(known, r, by, member.key)]
            part = plainly.figure(name, some, below(known, within), H1.start, H1.until, AT)
            assert close(figure.value, part), (name, member.key)
        assert sum(f.rows for _m, f in cells) == sheet.figure(name, unit, H1).rows
        if name in COUNTED:
            assert sum(f.value for _m, f in cells) == sheet.figure(name, unit, H1).value


def _areas(within):
    return {"yunxiu": {"p1", "p2"}, "p1": set(), "c2": set()}[within]


def close(found, expected):
    if found is None or expected is None:
        return found is None and expected is None
    return abs(float(found) - float(expected)) < 1e-6


@pytest.mark.parametrize("by", ["source", "sort", "grid"])
@pytest.mark.parametrize("name", ["t_cases", "t_called", "t_late", "t_hours"])
def test_records_and_what_was_left_out_add_up(cast, rows, by, name):
    viewer, unit = cast.viewers["section"], cast.unit("yunxiu")
    whole = queries.frame(viewer, AT)
    definition = queries.definition_of(name)
    all_of_it = queries.lineage(viewer, name, unit, H1, AT, whole=whole, by=by)
    assert all_of_it.by == by
    ids, left = [], 0
    for member in splits.split_of(by, [definition], whole, unit).members:
        part = splits.read_part(dict(member.words), [definition], whole, unit)
        found = queries.lineage(viewer, name, unit, H1, AT, whole=whole, part=part)
        ids += listed(viewer, name, unit, whole, part, found)
        left += sum(item.rows for item in found.left)
        share = next((s for s in all_of_it.shares if s.title == member.title), None)
        assert (share.rows if share else 0) == found.figure.rows
        assert share is None or share.href == found.figure.href
    if by == "source":  # a choice that the pack no longer knows has a part of its own
        part = splits.read_part({"source": "fax"}, [definition], whole, unit)
        found = queries.lineage(viewer, name, unit, H1, AT, whole=whole, part=part)
        ids += listed(viewer, name, unit, whole, part, found)
        left += sum(item.rows for item in found.left)
    assert len(ids) == len(set(ids)) == all_of_it.figure.rows
    assert left == sum(item.rows for item in all_of_it.left)


def listed(viewer, name, unit, whole, part, found):
    """Return the records of all pages."""
    ids, after = [r.id for r in found.records], found.next
    while after:
        page = queries.lineage(viewer, name, unit, H1, AT, whole=whole, part=part, after=after)
        ids, after = ids + [r.id for r in page.records], page.next
    assert len(ids) == found.figure.rows
    return ids


def page(cast, path, status=200):
    response = cast.client("section").get(path)
    assert response.status_code == status, response.content.decode()[:1500]
    return response.content.decode()


def test_the_number_page_is_divided_and_narrowed(cast, rows):
    code = queries.link_for("t_cases", cast.unit("yunxiu"), H1)
    text = page(cast, f"{code}?by=source")
    assert "按来源" in text
    href = re.search(rf'href="({code}\?source=phone)"[^>]*>(\d+)件', text)
    inside = page(cast, href[1])
    assert f"{href[2]}件" in inside
    assert "来源：电话" in inside
    assert f"共{href[2]}条" in inside
    told = json.loads(cast.client("section").get(f"{code}.json?source=phone&by=sort").content)
    assert told[0]["数"] == int(href[2]) == sum(r["数"] for r in told[1:])
    page(cast, f"{code}?grid=zz", 404)


def test_strange_divisions_are_the_usual_one(cast, rows):
    code = queries.link_for("t_cases", cast.unit("yunxiu"), H1)
    for by in ("place", "zz", "'", "today"):
        assert "按单元" in page(cast, f"{code}?by={by}")
    assert "0件" in page(cast, f"{code}?source=%27%20OR%201%3D1")


@pytest.mark.parametrize(
    "path",
    [
        "/indicators/t_cases?by=source&period=2023",
        "/indicators/t_cases?by=grid&period=2023&source=phone",
        "/indicators/t_call_rate?by=contact_met&grid=p1",
        "/indicators/t_content_rate?by=state&grid=~",
        "/indicators?theme=样例热线&by=source&pick=t_cases",
    ],
)
def test_pages_of_figures_are_divided(cast, rows, path):
    assert "样例" in page(cast, path)


def test_a_divided_page_takes_no_more_statements(cast, rows, django_assert_num_queries):
    client = cast.client("leader")
    client.get("/indicators/t_cases?period=2023")
    with django_assert_num_queries(5):
        client.get("/indicators/t_cases?period=2023")
    with django_assert_num_queries(5):
        client.get("/indicators/t_cases?period=2023&by=source")
    with django_assert_num_queries(5):
        client.get("/indicators/t_cases?period=2023&by=grid&source=phone&sort__none=1")
