"""Words and moves that waited on a phone: done once, or both versions shown."""

import pytest

from jiezhen.conftest import AT, Cast
from jiezhen.matters import operations
from jiezhen.matters.models import Matter, Move
from jiezhen.trail.once import fresh

KIND = "grid.finding"


@pytest.fixture
def case(cast: Cast, still: object) -> Matter:
    """Return a finding that its unit has in hand."""
    values = {"place": "云台路18号", "problem": "waste", "found_on": "2023-07-03"}
    return operations.open_matter(
        cast.viewers["section"], KIND, values, AT, unit=cast.unit("c1")
    ).matter


def later(cast: Cast, case: Matter, who: str = "section", **more: object):
    sent = {"_nonce": fresh(), "do": "say", "_version": case.version} | more
    return cast.client(who).post(
        f"/matters/{case.code}/later", sent, headers={"Accept": "application/json"}
    )


def said() -> list[str]:
    return list(Move.objects.filter(name="said").values_list("note", flat=True))


def correct(cast: Cast, case: Matter) -> int:
    """Let somebody else correct the matter."""
    from jiezhen.records import operations as records

    return records.change(
        cast.viewers["city"], KIND, case.pk, {"place": "云台路20号"}, case.version, AT
    ).version


def test_a_word_that_waited_is_said_once(cast: Cast, case: Matter) -> None:
    key = fresh()
    first = later(cast, case, note="正在清理", _nonce=key)
    again = later(cast, case, note="正在清理", _nonce=key)
    assert first.json()["state"] == "done" and first.json() == again.json()
    assert first.json()["href"] == f"/matters/{case.code}"
    assert said() == ["正在清理"]


def test_a_word_for_a_matter_that_changed_shows_both(cast: Cast, case: Matter) -> None:
    version, key = correct(cast, case), fresh()
    both = later(cast, case, note="正在清理", _nonce=key)
    assert both.status_code == 409
    told = both.json()
    assert told["state"] == "conflict" and told["version"] == version
    assert {"title": "说明", "mine": "正在清理", "theirs": ""} in told["pairs"]
    assert "改过这条" in told["told"] and said() == []
    chosen = later(cast, case, note="正在清理", _nonce=key, _version=told["version"])
    assert chosen.json()["state"] == "done" and said() == ["正在清理"]


def test_a_move_for_a_matter_that_moved_shows_where_it_is(cast: Cast, case: Matter) -> None:
    flow = Matter.objects.for_system("t").get(pk=case.pk)
    name = _first_move(flow)
    done = later(cast, case, do=name, unit="cgb", note="已派")
    assert done.json()["state"] == "done", done.json()
    both = later(cast, case, do=name, unit="cgb", note="我也派")
    assert both.status_code == 409 and both.json()["state"] == "conflict"
    now = both.json()["pairs"][0]
    assert now["title"] == "现在" and now["mine"] and now["theirs"]
    assert Move.objects.filter(matter_id=case.pk, name=name).count() == 1


def _first_move(row: Matter) -> str:
    from jiezhen.matters.facts import flow_of
    from jiezhen.matters.rules import moves_from
    from jiezhen.records import shapes

    return next(
        o.name
        for o in moves_from(flow_of(shapes.kind_of(row.kind)), row.state)
        if not o.move.asks or o.move.needs == ()
    )


def test_what_cannot_be_is_told(cast: Cast, case: Matter) -> None:
    assert later(cast, case, note="").json() == {"state": "fix", "told": "请写一句进展。"}
    assert later(cast, case, do="no_such_move").status_code == 404
    assert later(cast, case, "neighbour", note="不归我").status_code == 404
    assert said() == []
