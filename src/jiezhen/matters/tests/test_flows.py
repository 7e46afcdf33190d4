"""Moves of a matter: who may make them, undoing, words of progress, dates that follow."""

from datetime import timedelta

import pytest

from jiezhen.conftest import AT, Cast
from jiezhen.kernel import clock
from jiezhen.matters import operations, rules
from jiezhen.matters.models import Matter, Move
from jiezhen.matters.tests.walking import BOOK, fresh, matter
from jiezhen.packs import registry
from jiezhen.records import operations as records
from jiezhen.trail.models import Entry as Trail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def book(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the whole catalogue in force."""
    monkeypatch.setattr(registry, "_current", BOOK)


CASE = BOOK.kinds["demo.case"]


def taken(cast: Cast, who: str = "grid") -> tuple[Matter, Move]:
    row = matter(cast, CASE)
    operations.move(cast.viewers[who], "demo.case", row.pk, "take", {}, AT)
    return fresh(row), Move.objects.filter(matter=row).latest("id")


def test_undo_is_for_the_one_who_moved_within_ten_minutes_and_once(cast: Cast) -> None:
    row, step = taken(cast)
    minute = timedelta(minutes=1)
    for who, at in (
        ("section", AT + minute),
        ("grid", AT + 10 * minute + timedelta(seconds=1)),
        ("grid", AT - minute),
    ):
        with pytest.raises(operations.UnableToUndo):
            operations.undo(cast.viewers[who], "demo.case", row.pk, step.pk, at)
    operations.undo(cast.viewers["grid"], "demo.case", row.pk, step.pk, AT + 10 * minute)
    with pytest.raises(operations.UnableToUndo):
        operations.undo(cast.viewers["grid"], "demo.case", row.pk, step.pk, AT + 10 * minute)
    assert Move.objects.filter(matter=row, name="undo").count() == 1


def test_only_the_latest_move_is_undone_but_words_do_not_count(cast: Cast) -> None:
    row, first = taken(cast)
    grid = cast.viewers["grid"]
    operations.move(grid, "demo.case", row.pk, "close", {"outcome": "solved"}, AT)
    second = Move.objects.filter(matter=row).latest("id")
    with pytest.raises(operations.UnableToUndo):
        operations.undo(grid, "demo.case", row.pk, first.pk, AT)
    operations.say(grid, "demo.case", row.pk, "记一句", AT)
    operations.undo(grid, "demo.case", row.pk, second.pk, AT)
    assert fresh(row).state == "handling"


def test_undo_leaves_what_others_changed_since(cast: Cast) -> None:
    row, step = taken(cast)
    records.change(
        cast.viewers["section"], "demo.case", row.pk, {"place": "5号楼"}, row.version, AT
    )
    operations.undo(cast.viewers["grid"], "demo.case", row.pk, step.pk, AT)
    assert fresh(row).data["place"] == {"text": "5号楼"}


def test_undo_is_refused_when_its_own_field_was_changed_since(cast: Cast) -> None:
    row, _step = taken(cast)
    grid = cast.viewers["grid"]
    operations.move(grid, "demo.case", row.pk, "close", {"outcome": "solved"}, AT)
    latest = Move.objects.filter(matter=row).latest("id")
    records.change(
        cast.viewers["section"],
        "demo.case",
        row.pk,
        {"outcome": "explained"},
        fresh(row).version,
        AT,
    )
    with pytest.raises(operations.UnableToUndo) as unable:
        operations.undo(grid, "demo.case", row.pk, latest.pk, AT)
    assert "后来又改过" in str(unable.value)


def test_a_move_over_somebody_elses_is_refused(cast: Cast) -> None:
    row, _step = taken(cast)
    with pytest.raises(records.Conflict):
        operations.move(
            cast.viewers["grid"],
            "demo.case",
            row.pk,
            "close",
            {"outcome": "solved"},
            AT,
            version=1,
        )


@pytest.mark.parametrize("who", ["leader", "neighbour", "auditor"])
def test_nobody_moves_beyond_their_right(cast: Cast, who: str) -> None:
    row = matter(cast, CASE)
    with pytest.raises(records.NotAllowed):
        operations.move(cast.viewers[who], "demo.case", row.pk, "take", {}, AT)
    with pytest.raises(records.NotAllowed):
        operations.say(cast.viewers[who], "demo.case", row.pk, "x", AT)
    assert fresh(row).state == "received"


def test_a_move_may_ask_for_another_right(cast: Cast) -> None:
    row, _step = taken(cast)
    with pytest.raises(records.NotAllowed):
        operations.move(cast.viewers["section"], "demo.case", row.pk, "delay", {}, AT, note="等料")
    since = fresh(row).state_since
    operations.move(
        cast.viewers["leader"],
        "demo.case",
        row.pk,
        "delay",
        {},
        AT + timedelta(hours=1),
        note="等料",
    )
    after = fresh(row)
    assert after.state == "handling"
    assert after.state_since > since


def test_a_move_takes_only_what_it_asks_for(cast: Cast) -> None:
    row, _step = taken(cast)
    operations.move(
        cast.viewers["grid"],
        "demo.case",
        row.pk,
        "close",
        {"outcome": "solved", "subject": "改掉", "state": "x"},
        AT,
    )
    assert fresh(row).data["subject"] != "改掉"


def test_a_state_entered_late_counts_on_its_day_and_follows_a_correction(cast: Cast) -> None:
    row, _step = taken(cast)
    operations.move(
        cast.viewers["grid"],
        "demo.case",
        row.pk,
        "close",
        {"outcome": "solved", "done_on": "2023-06-20"},
        AT,
    )
    closed = fresh(row)
    assert closed.closed_on.isoformat() == closed.entered["closed"] == "2023-06-20"
    records.change(
        cast.viewers["section"], "demo.case", row.pk, {"done_on": "2023-06-21"}, closed.version, AT
    )
    corrected = fresh(row)
    assert corrected.closed_on.isoformat() == corrected.entered["closed"] == "2023-06-21"


def test_a_withdrawn_matter_neither_moves_nor_speaks(cast: Cast) -> None:
    row = matter(cast, CASE)
    records.withdraw(cast.viewers["section"], "demo.case", row.pk, AT, "登错了")
    for act in (
        lambda: operations.move(cast.viewers["grid"], "demo.case", row.pk, "take", {}, AT),
        lambda: operations.say(cast.viewers["grid"], "demo.case", row.pk, "x", AT),
    ):
        with pytest.raises(records.Refused) as refused:
            act()
        assert "已经撤回" in str(refused.value)


def test_a_word_of_progress_leaves_a_trail_row(cast: Cast) -> None:
    row = matter(cast, CASE)
    operations.say(cast.viewers["grid"], "demo.case", row.pk, " 联系了物业 ", AT)
    assert Move.objects.filter(matter=row).latest("id").note == "联系了物业"
    assert Trail.objects.filter(action="matter.said").count() == 1
    for text in ("  ", "长" * 1001):
        with pytest.raises(records.Refused):
            operations.say(cast.viewers["grid"], "demo.case", row.pk, text, AT)


def test_an_imported_state_sets_its_dates(cast: Cast) -> None:
    row = records.create(
        cast.system,
        "demo.case",
        cast.unit("c1"),
        {"subject": "旧"},
        AT,
        given={"state": "closed", "opened_on": "2022-05-01", "closed_on": "2022-05-03"},
    )
    assert isinstance(row, Matter)
    assert row.entered == {"received": "2022-05-01", "closed": "2022-05-03"}
    assert row.data["done_on"] == "2022-05-03"
    assert row.on.isoformat() == "2022-05-01"
    assert clock.day_of(row.created_at).isoformat() == "2023-07-03"


def test_long_matters_are_projects(cast: Cast) -> None:
    def project(name: str) -> bool:
        return rules.is_project(BOOK.kinds[name], BOOK.kinds[name].flow_spec)

    assert project("demo.work")
    assert project("lifts.retrofit")
    assert not project("demo.case")
    assert not project("hotline.case")
    assert not project("demo.home")
