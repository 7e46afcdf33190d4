"""Moves become notices, once; deadlines are told of, once."""

import pytest

from jiezhen.conftest import Cast
from jiezhen.effects.models import Announcement
from jiezhen.matters import operations, tasks
from jiezhen.matters.models import Matter, Move
from jiezhen.matters.tests.conftest import at, opened
from jiezhen.people.access import Viewer

pytestmark = pytest.mark.django_db
CASE = "trial.case"


def told() -> list[str]:
    return list(
        Announcement.objects.for_system("a test looks")
        .order_by("id")
        .values_list("name", flat=True)
    )


def test_every_move_is_announced_once_without_who_called(desk: Viewer, cast: Cast) -> None:
    row = opened(desk, caller="赵铁柱", phone="13912345678", subject="赵铁柱家门口堆物")
    operations.move(desk, CASE, row.pk, "dispatch", {}, at("2023-06-21 09:40"), unit="cgb")
    operations.supervise(desk, CASE, row.pk, at("2023-06-21 10:00"), words="今天办")
    assert tasks.tell(at("2023-06-21 10:01")) == 3
    assert tasks.tell(at("2023-06-21 10:02")) == 0
    assert told() == ["matter.opened", "matter.dispatched", "matter.supervised"]
    assert not Move.objects.filter(told=False).exists()
    assert "赵铁柱" not in str(list(Announcement.objects.for_system("a test looks").values()))


def test_deadlines_are_told_when_near_and_when_passed(desk: Viewer) -> None:
    opened(desk, "2023-07-03 09:00", **{"class": "consult"})
    tasks.tell(at("2023-07-03 09:01"))
    before = len(told())
    assert tasks.remind(at("2023-07-03 10:00")) == 0
    for moment in ("2023-07-04 08:40", "2023-07-04 08:41"):
        tasks.remind(at(moment))
    assert told()[before:] == ["matter.due_soon"]
    for moment in ("2023-07-04 09:00", "2023-07-04 09:05"):
        tasks.remind(at(moment))
    assert told()[before:] == ["matter.due_soon", "matter.overdue"]


def test_more_deadlines_than_fit_into_one_look_are_all_told(
    desk: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "LOOKED", 2)
    rows = [opened(desk, "2023-07-03 09:00", **{"class": "consult"}) for _n in range(5)]
    tasks.remind(at("2023-07-04 09:05"))
    late = Announcement.objects.for_system("a test looks").filter(name="matter.overdue")
    assert {a.about for a in late} == {f"{CASE}:{row.code}" for row in rows}


def test_a_kind_that_no_pack_declares_any_more_holds_nobody_up(desk: Viewer) -> None:
    gone = opened(desk, "2023-07-03 09:00", **{"class": "consult"})
    Matter.objects.for_system("a pack was taken away").filter(pk=gone.pk).update(kind="old.case")
    kept = opened(desk, "2023-07-03 09:00", **{"class": "consult"})
    assert tasks.tell(at("2023-07-03 09:01")) == 2
    tasks.remind(at("2023-07-04 09:05"))
    told = Announcement.objects.for_system("a test looks")
    assert set(told.values_list("about", flat=True)) == {f"{CASE}:{kept.code}"}
    assert not Move.objects.filter(told=False).exists()
