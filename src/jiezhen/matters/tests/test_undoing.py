"""Undoing a move puts back what the move changed, and nothing that somebody else did since."""

from dataclasses import replace

import pytest

from jiezhen.conftest import Cast
from jiezhen.matters import operations, queries
from jiezhen.matters.models import Matter, Move
from jiezhen.matters.tests.conftest import again, at, more, opened
from jiezhen.people.access import Grant, Viewer
from jiezhen.records import operations as records

pytestmark = pytest.mark.django_db
CASE = "trial.case"


def dispatched(desk: Viewer) -> tuple[Matter, Move]:
    """Return a case that was sent to 城市管理办, and the move that did it."""
    row = opened(desk, "2023-06-21 09:12")
    operations.move(desk, CASE, row.pk, "dispatch", {}, at("2023-06-21 09:30"), unit="cgb")
    return again(row), row.moves.get(name="dispatch")


def test_supervision_outlives_an_undone_move(desk: Viewer) -> None:
    row, step = dispatched(desk)
    operations.supervise(desk, CASE, row.pk, at("2023-06-21 09:32"), words="今天办")
    operations.undo(desk, CASE, row.pk, step.pk, at("2023-06-21 09:35"))
    row = again(row)
    assert row.state == "received"
    assert row.supervised_at == at("2023-06-21 09:32")


def test_a_merge_outlives_an_undone_move(desk: Viewer) -> None:
    main = opened(desk)
    row, step = dispatched(desk)
    operations.merge(desk, CASE, main.pk, [row.pk], at("2023-06-21 09:32"))
    operations.undo(desk, CASE, row.pk, step.pk, at("2023-06-21 09:35"))
    assert again(row).merged_into_id == main.pk


def test_a_move_is_not_undone_over_a_pause_of_its_clocks(desk: Viewer) -> None:
    row, step = dispatched(desk)
    operations.ask(desk, CASE, row.pk, "pause", at("2023-06-21 09:32"), reason="absent")
    with pytest.raises(operations.UnableToUndo, match="后来又改过"):
        operations.undo(desk, CASE, row.pk, step.pk, at("2023-06-21 09:35"))
    assert again(row).paused_at == at("2023-06-21 09:32")


def test_a_dispatch_is_not_undone_once_somebody_there_was_chosen(desk: Viewer, cast: Cast) -> None:
    row, step = dispatched(desk)
    operations.assign(desk, CASE, row.pk, at("2023-06-21 09:32"), handler="city")
    with pytest.raises(operations.UnableToUndo, match="后来又改过"):
        operations.undo(desk, CASE, row.pk, step.pk, at("2023-06-21 09:35"))
    assert again(row).handler_id == cast.accounts["city"].pk


def test_undoing_puts_clocks_unit_and_state_back(desk: Viewer) -> None:
    row = opened(desk, "2023-06-21 09:12")
    before = again(row)
    operations.move(desk, CASE, row.pk, "dispatch", {}, at("2023-06-21 09:30"), unit="cgb")
    step = row.moves.get(name="dispatch")
    operations.undo(desk, CASE, row.pk, step.pk, at("2023-06-21 09:35"))
    now = again(row)
    for name in (
        "state",
        "unit_id",
        "timers",
        "due_at",
        "due_timer",
        "due_on",
        "waits",
        "entered",
    ):
        assert getattr(now, name) == getattr(before, name), name


def test_an_undone_move_leaves_a_request_waiting(desk: Viewer, cast: Cast) -> None:
    row, step = dispatched(desk)
    operations.ask(desk, CASE, row.pk, "extend", at("2023-06-21 09:32"), reason="rain", amount=1)
    operations.undo(desk, CASE, row.pk, step.pk, at("2023-06-21 09:35"))
    assert again(row).waits == "decide"
    leader = more(cast.viewers["leader"], "matters.approve")
    asked = row.requests.get()
    operations.decide(leader, asked.pk, at("2023-06-21 09:36"), grant=False, words="不必")
    assert again(row).waits == "dispatch"


def test_residents_are_not_told_of_a_step_that_was_taken_back(desk: Viewer) -> None:
    given = {"subject": "堆物", "class": "noise"}
    moment = at("2023-06-21 09:12")
    made = operations.open_matter(desk, CASE, given, moment, receipt=True)
    row = made.matter
    operations.move(desk, CASE, row.pk, "contact", {}, at("2023-06-21 09:30"))
    operations.move(desk, CASE, row.pk, "finish", {}, at("2023-06-21 09:40"))
    step = row.moves.get(name="finish")
    operations.undo(desk, CASE, row.pk, step.pk, at("2023-06-21 09:45"))
    told = queries.progress(desk.office_id, made.receipt)
    assert told is not None
    assert [state for _at, state in told.steps] == ["已受理", "已派单", "处置中"]
    steps = queries.open_steps(desk.office_id, (row.code,))
    assert [step.state for step in steps] == ["已受理", "已派单", "处置中"]
    # What other systems know by its number keeps it, whatever is taken back.
    operations.move(desk, CASE, row.pk, "finish", {}, at("2023-06-21 09:50"))
    later = queries.open_steps(desk.office_id, (row.code,))
    assert later[:3] == steps and later[3].number == 6


def test_one_right_of_several_moves_and_undoes_wherever_the_others_are_held(
    desk: Viewer, cast: Cast
) -> None:
    row = opened(desk, place={"text": "松涛路1弄1号"})
    operations.move(desk, CASE, row.pk, "dispatch", {}, at("2023-06-21 09:30"), unit="c1")
    operations.move(desk, CASE, row.pk, "contact", {}, at("2023-06-21 09:40"))
    # Somebody who dispatches elsewhere still changes what is their own.
    elsewhere = Grant("matters.dispatch", "*", "secret", cast.unit("c3").path)
    grid = cast.viewers["grid"]
    both = replace(grid, grants=(elsewhere, *grid.grants))
    operations.move(both, CASE, row.pk, "hang", {}, at("2023-06-21 10:00"))
    assert again(row).state == "hung"
    operations.undo(both, CASE, row.pk, row.moves.latest("id").pk, at("2023-06-21 10:01"))
    assert again(row).state == "handling"
    only = replace(grid, grants=(elsewhere,))
    with pytest.raises(records.NotAllowed):
        operations.move(only, CASE, row.pk, "hang", {}, at("2023-06-21 10:02"))
