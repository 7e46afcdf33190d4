"""The units in memory: found without a statement, fresh after every change, of one office alone."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiezhen.conftest import AT, Cast, build_cast
from jiezhen.units import operations, queries
from jiezhen.units.models import Unit
from jiezhen.units.queries import trees
from jiezhen.units.tests.test_geometry import square


def tree(cast: Cast) -> queries.Tree:
    return queries.tree(cast.system.office_id, AT)


def draw(cast: Cast, code: str, polygon: dict, **more: object) -> None:
    rows = Unit.objects.for_system("test").filter(code=code, office_id=cast.system.office_id)
    rows.update(polygon=polygon, **more)
    operations.touch(cast.system.office_id)


def test_everything_about_units_is_answered_without_a_statement(cast: Cast) -> None:
    draw(cast, "c1", square(0, 0))
    tree(cast)
    with CaptureQueriesContext(connection) as asked:
        found = tree(cast)
        unit = found.by_code("c1")
        assert unit is not None and found.unit(unit.id) == unit
        assert found.named(" 松涛 ") == found.named("松涛居民区") == found.named("c1") == unit
        at = found.at_point(121.005, 31.005, AT.date())
        assert at == unit and at is not None and at.polygon is None
        assert found.at_point(121.5, 31.5) is None
        below = {found.unit(n).code for n in found.below("/yunxiu/p1/")}
        assert below == {"p1", "c1", "c2"}
        assert [u.code for u in found.above(unit)] == ["c1", "p1", "yunxiu"]
        assert [u.code for u in found.above(unit, "area")] == ["p1"]
        assert found.by_code("nothing") is found.named("nothing") is found.unit(0) is None
    assert len(asked) == 0


def test_a_change_of_this_process_is_seen_at_once(cast: Cast) -> None:
    assert tree(cast).by_code("x9") is None
    row = {"code": "x9", "title": "新网格", "level": "grid", "parent": "c1"}
    operations.add_units(cast.system, [row], AT)
    assert tree(cast).by_code("x9") is not None
    operations.end_unit(cast.system, "c2", date(2023, 7, 1), AT, successor="c1")
    assert tree(cast).named("听泉居民区").code == "c1"


def test_a_change_of_another_process_is_seen_within_thirty_seconds(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = [1000.0]
    monkeypatch.setattr(trees._kept, "_passed", lambda: passed[0])
    trees.forget(cast.system.office_id)
    assert tree(cast).by_code("c1").title == "松涛居民区"
    rows = Unit.objects.for_system("another process")
    rows.filter(code="c1").update(title="松涛新居民区")
    rows.filter(pk=cast.system.office_id).update(revision=5)
    assert tree(cast).by_code("c1").title == "松涛居民区"
    passed[0] += 30
    with CaptureQueriesContext(connection) as asked:
        assert tree(cast).by_code("c1").title == "松涛新居民区"
    assert len(asked) == 3  # the look, and the reading with its own revision
    passed[0] += 30
    with CaptureQueriesContext(connection) as asked:
        tree(cast)
        tree(cast)
    assert len(asked) == 1


def test_units_of_another_office_are_in_no_tree(cast: Cast) -> None:
    other = build_cast("beiyun")
    for one in (cast, other):
        draw(one, "c1", square(0, 0))
    mine, theirs = tree(cast), tree(other)
    assert {u.path.split("/")[1] for u in mine.units} == {"yunxiu"}
    assert mine.unit(theirs.by_code("c1").id) is None
    assert mine.at_point(121.005, 31.005).path == "/yunxiu/p1/c1/"
    assert mine.below("/beiyun/") == ()
    with pytest.raises(LookupError):
        queries.tree(10**9, AT)


def test_a_class_of_area_is_inherited_and_is_b_when_nobody_says(cast: Cast) -> None:
    draw(cast, "p1", square(0, 0, 4), area_class="A")
    draw(cast, "c2", square(1, 0), area_class="C")
    found = tree(cast)
    classes = {c: found.area_class(found.by_code(c)) for c in ("yunxiu", "p1", "c1", "c2", "c3")}
    assert classes == {"yunxiu": "B", "p1": "A", "c1": "A", "c2": "C", "c3": "B"}


def test_a_name_that_two_living_units_bear_means_neither(cast: Cast) -> None:
    rows = [{"code": "g1", "title": "一网格", "level": "grid", "parent": p} for p in ["c1"]]
    operations.add_units(cast.system, rows, AT)
    assert tree(cast).named("一网格").code == "g1"
    operations.add_units(cast.system, [{**rows[0], "code": "g2", "parent": "c2"}], AT)
    assert tree(cast).named("一网格") is None
    operations.end_unit(cast.system, "g1", date(2023, 7, 1), AT)
    assert tree(cast).named("一网格").code == "g2"
    earlier = queries.tree(cast.system.office_id, AT - timedelta(days=30))
    assert earlier.named("一网格") is None
