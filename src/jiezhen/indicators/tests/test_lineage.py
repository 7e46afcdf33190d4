"""Where a number comes from: the records add up, what was left out has its reason."""

from datetime import date

import pytest

from jiezhen.conftest import AT, build_cast
from jiezhen.indicators import operations, queries
from jiezhen.indicators.queries import usage
from jiezhen.kernel.periods import Period

H1 = Period.parse("2023H1")


def reasons(found):
    return {left.words: left.rows for left in found.left}


def test_it_shows_records_and_what_was_left_out_with_reasons(cast, write):
    counted = write("counting.lift", "c1", completed_on="2023-03-01", _state="accepted")
    write("counting.lift", "c1", completed_on="2023-07-02", _state="accepted")
    write("counting.lift", "c2", _state="survey")
    write("counting.lift", "c2", completed_on="2023-05-01", _state="survey")
    write("counting.lift", "c2", _state="accepted")
    write("counting.lift", "c2", completed_on="2022-05-01", _state="accepted")
    write("counting.lift", "c2", completed_on="2023-02-01", _state="accepted", _withdrawn_at=AT)
    found = queries.lineage(cast.viewers["section"], "t_lifts", "all", H1, AT)
    assert found.figure.value == 1
    assert [r.id for r in found.records] == [counted.pk]
    assert reasons(found) == {
        "状态不是已验收、已交付": 2,
        "竣工验收日期在2023年6月30日之后": 1,
        "没有填写竣工验收日期": 1,
        "已撤回": 1,
    }
    left = queries.lineage(cast.viewers["section"], "t_lifts", "all", H1, AT, left=True)
    assert len(left.records) == 5
    assert [s.unit.code for s in found.shares] == ["c1"]


def test_an_unknown_condition_is_told_as_unknown(cast, write):
    write("counting.lift", "c1", completed_on="2023-03-01", style="a", contract=100)
    write("counting.lift", "c1", completed_on="2023-03-01", style="a", insured="no")
    found = queries.lineage(cast.viewers["section"], "t_contracts", "all", H1, AT)
    assert reasons(found) == {
        "已投保没有填写，不能判断“并非已投保”": 1,
        "没有填写合同金额": 1,
    }


def test_who_may_not_open_records_sees_counts_only(cast, write):
    write("counting.lift", "c1", completed_on="2023-03-01", _state="accepted")
    write("counting.lift", "c3", completed_on="2023-03-01", _state="accepted")
    grid = queries.lineage(cast.viewers["grid"], "t_lifts", "all", H1, AT)
    assert grid.figure.value == 2
    assert len(grid.records) == 1
    assert grid.hidden == 1
    auditor = queries.lineage(cast.viewers["auditor"], "t_lifts", "all", H1, AT)
    assert auditor.records is None
    assert auditor.hidden == 2
    assert {s.unit.code for s in auditor.shares} == {"c1", "c3"}


def test_a_number_of_another_office_is_not_there(cast, write):
    other = build_cast("donghu")
    href = queries.link_for("t_lifts", cast.unit("c1"), H1)
    code = href.removeprefix("/n/")
    mine = queries.frame(cast.viewers["leader"], AT)
    assert queries.resolve(cast.viewers["leader"], code, mine)[0] == "t_lifts"
    theirs = queries.frame(other.viewers["leader"], AT)
    with pytest.raises(queries.NoSuchNumber):
        queries.resolve(other.viewers["leader"], code, theirs)
    assert len(code) <= 12


@pytest.mark.parametrize(
    "code", ["", "7", "zzzzzzzzzzzz", "7f3k2q", "il", "../../x", "７f3k2q11111"]
)
def test_a_strange_code_is_refused(cast, code):
    with pytest.raises(queries.NoSuchNumber):
        queries.resolve(cast.viewers["leader"], code, queries.frame(cast.viewers["leader"], AT))


def test_a_frozen_number_stays_and_says_what_came_later(cast, write):
    write("counting.lift", "c1", completed_on="2023-03-01", _state="accepted")
    gone = write("counting.lift", "c1", completed_on="2023-03-02", _state="accepted")
    changed = write("counting.lift", "c1", completed_on="2023-03-03", _state="accepted")
    planner = cast.viewers["planner"]
    wanted = operations.Wanted("t_lifts", cast.unit("yunxiu"), H1)
    made = operations.freeze(planner, [wanted], AT, used_in="上半年报告")[0]
    whole = queries.frame(planner, AT)
    assert queries.drift(planner, made, whole).words == ""
    for _ in range(2):
        write("counting.lift", "c2", completed_on="2023-04-01", _state="accepted")
    gone.withdrawn_at = AT
    gone.save()
    changed.version = 2
    changed.save()
    kept = queries.frozen(planner, made.code)
    assert kept.value == 3
    assert kept.href == f"/n/{made.code}"
    assert queries.drift(planner, kept, whole).words == "冻结后多了2条，少了1条，1条改过"
    assert queries.figure(planner, "t_lifts", "all", H1, AT).value == 4


def test_a_frozen_ratio_and_stock_keep_their_makers(cast, write):
    write("counting.meal", "c1", day="2023-01-05", visits=30, free="yes")
    write("counting.firm", "c1", _on=date(2022, 1, 1))
    write("counting.firm", "c1", _on=date(2022, 1, 1), _until=date(2022, 5, 1))
    planner = cast.viewers["planner"]
    wanted = [operations.Wanted(n, cast.unit("c1"), H1) for n in ("t_free_share", "t_firms")]
    share, firms = operations.freeze(planner, wanted, AT)
    assert share.value == 1
    assert len(share.made_by) == 2
    assert firms.value == len(firms.made_by) == 1


def test_freezing_needs_its_right(cast):
    with pytest.raises(operations.NotAllowed):
        operations.freeze(
            cast.viewers["grid"], [operations.Wanted("t_lifts", cast.unit("c1"), H1)], AT
        )


def test_uses_are_told_by_those_who_use(cast, write, monkeypatch):
    monkeypatch.setattr(usage, "_providers", {})
    usage.offer("tasks", lambda viewer, name: [queries.Use(f"任务“{name}”", "/tasks/1")])
    found = queries.lineage(cast.viewers["leader"], "t_lifts", "all", H1, AT)
    assert [use.title for use in found.uses] == ["任务“t_lifts”"]


def test_the_page_of_a_number_takes_four_statements(cast, write, django_assert_num_queries):
    for day in range(1, 29):
        write("counting.lift", "c1", completed_on=f"2023-03-{day:02d}", _state="accepted")
    with django_assert_num_queries(4):
        found = queries.lineage(cast.viewers["section"], "t_lifts", "all", H1, AT)
    assert len(found.records) == 20
    more = queries.lineage(cast.viewers["section"], "t_lifts", "all", H1, AT, after=found.next)
    assert len(more.records) == 8
    assert not more.next
