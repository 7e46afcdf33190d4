"""Matters that go together: carried ones, parents, parts that were split off."""

import pytest

from jiezhen.conftest import Cast
from jiezhen.matters import operations, queries
from jiezhen.matters.models import Matter
from jiezhen.matters.tests.conftest import again, at, opened
from jiezhen.people.access import Viewer
from jiezhen.records import files
from jiezhen.records import operations as records

pytestmark = pytest.mark.django_db
CASE = "trial.case"


def test_a_double_that_was_just_taken_in_is_closed_with_the_case_in_hand(desk: Viewer) -> None:
    main = opened(desk, "2023-06-21 09:12", **{"class": "noise"})
    operations.move(desk, CASE, main.pk, "contact", {}, at("2023-06-21 09:30"))
    double = opened(desk, "2023-06-21 09:40", caller="赵铁柱")
    assert double.state == "received"
    operations.merge(desk, CASE, main.pk, [double.pk], at("2023-06-21 09:45"))
    operations.move(desk, CASE, main.pk, "finish", {"outcome": "solved"}, at("2023-06-21 11:00"))
    double = again(double)
    assert double.state == "closed" and double.closed_on is not None
    assert double.timers["total"]["met"] == "yes" and double.due_at is None
    step = main.moves.get(name="finish")
    operations.undo(desk, CASE, main.pk, step.pk, at("2023-06-21 11:05"))
    assert again(double).state == "received" and again(double).due_at is not None


def test_who_was_chosen_in_the_old_unit_does_not_go_along(desk: Viewer) -> None:
    main, other = opened(desk), opened(desk)
    operations.assign(desk, CASE, other.pk, at("2023-06-21 09:20"), handler="city")
    operations.merge(desk, CASE, main.pk, [other.pk], at("2023-06-21 09:30"))
    operations.move(desk, CASE, main.pk, "dispatch", {}, at("2023-06-21 09:40"), unit="cgb")
    assert again(other).unit.code == "cgb" and again(other).handler_id == 0


def test_a_carried_matter_counts_in_the_period_of_its_end(desk: Viewer, cast: Cast) -> None:
    kind, viewer = "visits.problem", cast.system
    rows = [
        operations.open_matter(viewer, kind, values, at("2023-06-21 09:12")).matter
        for values in ({"detail": "路灯不亮"}, {"detail": "路灯坏了"})
    ]
    main, other = rows
    operations.merge(viewer, kind, main.pk, [other.pk], at("2023-06-21 09:30"))
    values = {"solved_on": "2023-06-25"}
    operations.move(viewer, kind, main.pk, "solve", values, at("2023-06-26 09:00"))
    assert [str(again(row).on) for row in rows] == ["2023-06-25", "2023-06-25"]


def test_a_parent_that_cannot_go_on_does_not_hold_its_child_up(desk: Viewer, cast: Cast) -> None:
    row, carrier = (opened(desk, **{"class": "noise"}) for _n in range(2))
    for name in ("contact", "verify"):
        operations.move(desk, CASE, row.pk, name, {}, at("2023-06-21 10:00"))
    operations.merge(desk, CASE, carrier.pk, [row.pk], at("2023-06-21 10:10"))
    check = Matter.objects.for_system("t").get(parent_id=row.pk)
    operations.move(cast.system, "trial.check", check.pk, "pass", {}, at("2023-06-21 10:20"))
    assert again(check).state == "passed" and again(row).state == "checking"


def test_a_part_does_not_inherit_what_was_done_with_the_whole(desk: Viewer) -> None:
    row = opened(desk, "2023-06-21 09:12")
    operations.move(desk, CASE, row.pk, "dispatch", {}, at("2023-06-21 09:30"), unit="cgb")
    operations.contact(desk, CASE, row.pk, "reached", at("2023-06-21 10:00"))
    assert again(row).data["contacted"] == "in_time"
    parts = [operations.Part({"subject": "漏水"})]
    (part,) = operations.split(desk, CASE, row.pk, parts, at("2023-06-21 10:30"))
    assert "contacted" not in part.data and "called_at" not in part.data
    operations.move(desk, CASE, part.pk, "dispatch", {}, at("2023-06-21 11:00"), unit="cgb")
    operations.contact(desk, CASE, part.pk, "reached", at("2023-06-30 10:00"))
    assert again(part).data["contacted"] == "late"


def test_a_part_does_not_claim_the_files_of_the_whole(desk: Viewer, cast: Cast) -> None:
    given = {"subject": "堆物", "received_on": "2023-06-21"}
    moment = at("2023-06-21 09:12")
    row = operations.open_matter(cast.system, "hotline.case", given, moment).matter
    proof = files.ready("一.txt", "门口".encode())
    operations.add_photos(cast.system, again(row), "photos", [proof], moment)
    assert again(row).data["photos"]
    parts = [operations.Part({"subject": "漏水"})]
    (part,) = operations.split(cast.system, "hotline.case", row.pk, parts, at("2023-06-21 10:00"))
    assert "photos" not in part.data


def test_a_rating_after_the_end_does_not_move_the_end(desk: Viewer) -> None:
    row = opened(desk, "2023-06-21 09:12", **{"class": "noise"})
    for name in ("contact", "finish"):
        operations.move(desk, CASE, row.pk, name, {}, at("2023-06-29 10:00"))
    operations.move(desk, CASE, row.pk, "rate", {"satisfied": "good"}, at("2023-07-04 10:00"))
    assert str(again(row).closed_on) == "2023-06-29"


def test_a_call_before_anything_may_be_done_is_noted_only(desk: Viewer, cast: Cast) -> None:
    row = operations.open_matter(
        cast.system, "hotline.case", {"subject": "堆物", "received_on": "2023-06-21"},
        at("2023-06-21 09:12"),
    ).matter  # fmt: skip
    assert row.state == "received"
    operations.contact(cast.system, "hotline.case", row.pk, "reached", at("2023-06-21 09:20"))
    assert again(row).state == "received"
    assert row.moves.filter(name="called").count() == 1


def test_a_call_about_a_question_does_not_ask_for_its_answer(desk: Viewer, cast: Cast) -> None:
    values = {"subject": "怎么办证", "received_on": "2023-06-21", "class": "consult"}
    moment = at("2023-06-21 09:12")
    row = operations.open_matter(cast.system, "hotline.case", values, moment).matter
    operations.contact(cast.system, "hotline.case", row.pk, "reached", at("2023-06-21 09:20"))
    assert again(row).state == "received"
    assert row.moves.filter(name="called").count() == 1


def test_a_matter_that_carries_others_is_not_withdrawn(desk: Viewer) -> None:
    main, other = opened(desk), opened(desk)
    operations.merge(desk, CASE, main.pk, [other.pk], at("2023-06-21 09:30"))
    with pytest.raises(records.Refused, match="并案"):
        records.withdraw(desk, CASE, main.pk, at("2023-06-21 10:00"), "登记错了")
    operations.unmerge(desk, CASE, other.pk, at("2023-06-21 10:10"))
    records.withdraw(desk, CASE, main.pk, at("2023-06-21 10:20"), "登记错了")
    assert again(main).withdrawn_at is not None


def both_closed(desk: Viewer, **more: str) -> list[Matter]:
    """Return two cases of two callers that were merged and closed; the first carries the other."""
    rows = [opened(desk, caller=name, **{"class": "noise"} | more) for name in ("赵铁柱", "钱二")]
    operations.merge(desk, CASE, rows[0].pk, [rows[1].pk], at("2023-06-21 09:30"))
    for name, values in (("contact", {}), ("finish", {"outcome": "solved"})):
        operations.move(desk, CASE, rows[0].pk, name, values, at("2023-06-21 10:30"))
    return [again(row) for row in rows]


def test_what_one_caller_answers_is_not_the_answer_of_another(desk: Viewer) -> None:
    main, other = both_closed(desk)
    assert other.state == "closed" and other.data["outcome"] == "solved"
    operations.move(desk, CASE, main.pk, "rate", {"satisfied": "good"}, at("2023-06-22 10:00"))
    assert again(main).data["satisfied"] == "good"
    other = again(other)
    assert "satisfied" not in other.data
    assert other.merged_into_id is None and other.moves.latest("id").name == "unmerged"
    operations.move(desk, CASE, other.pk, "rate", {"satisfied": "bad"}, at("2023-06-22 11:00"))
    assert again(other).data["satisfied"] == "bad" and again(main).data["satisfied"] == "good"


def test_a_caller_whose_case_is_carried_answers_for_it(desk: Viewer) -> None:
    main, other = both_closed(desk)
    assert [o.name for o in queries.offered(desk, other)] == ["rate"]
    operations.move(desk, CASE, other.pk, "rate", {"satisfied": "bad"}, at("2023-06-22 10:00"))
    assert again(other).data["satisfied"] == "bad" and "satisfied" not in again(main).data
    assert again(other).merged_into_id == main.pk


def unit_id(cast: Cast, code: str) -> int:
    return cast.unit(code).id


def test_whom_a_case_is_about_is_barred_also_when_it_is_written_later(
    desk: Viewer, cast: Cast
) -> None:
    row = opened(desk, caller="赵铁柱")
    moment = at("2023-06-21 10:00")
    records.change(desk, CASE, row.pk, {"about": "城市管理办"}, row.version, moment)
    row = again(row)
    assert row.subjects == [unit_id(cast, "cgb")]
    # Nobody takes the bar away by writing another unit: it may be the barred one who writes.
    records.change(desk, CASE, row.pk, {"about": "听泉居民区"}, row.version, moment)
    assert again(row).subjects == sorted([unit_id(cast, "cgb"), unit_id(cast, "c2")])


def test_a_part_is_barred_to_whom_the_whole_is_about(desk: Viewer, cast: Cast) -> None:
    row = opened(desk, caller="赵铁柱", about="城市管理办")
    parts = [operations.Part({"subject": "漏水", "about": "听泉居民区"})]
    (part,) = operations.split(desk, CASE, row.pk, parts, at("2023-06-21 10:00"))
    assert again(part).subjects == sorted([unit_id(cast, "cgb"), unit_id(cast, "c2")])


def test_callers_of_carried_cases_are_named_in_neither(desk: Viewer, cast: Cast) -> None:
    kind, viewer = "hotline.case", cast.system
    given = {"subject": "堆物", "received_on": "2023-06-21"}
    main, other = (
        operations.open_matter(
            viewer, kind, given | {"caller": who}, at("2023-06-21 09:12")
        ).matter
        for who in ("赵铁柱", "钱小二")
    )
    operations.merge(viewer, kind, main.pk, [other.pk], at("2023-06-21 09:30"))
    for name, values, unit in (
        ("dispatch", {}, "cgb"),
        ("contact", {}, ""),
        ("close", {"outcome": "solved", "answer": "已告知钱小二和赵铁柱"}, ""),
    ):
        operations.move(
            viewer, kind, main.pk, name, values, at("2023-06-21 10:00"),
            unit=unit, note="钱小二在家",
        )  # fmt: skip
    for row in (again(main), again(other)):
        told = str(row.data) + str(list(row.moves.values_list("note", flat=True)))
        assert "钱小二" not in told and "赵铁柱" not in told, row.code


def test_the_caller_of_a_carried_case_is_called_apart(desk: Viewer) -> None:
    main, other = (opened(desk, caller=n, **{"class": "noise"}) for n in ("赵铁柱", "钱小二"))
    operations.move(desk, CASE, main.pk, "contact", {}, at("2023-06-21 09:20"))
    operations.merge(desk, CASE, main.pk, [other.pk], at("2023-06-21 09:30"))
    assert again(other).state == "dispatched" and "contacted" not in again(other).data
    operations.contact(desk, CASE, other.pk, "reached", at("2023-06-21 09:40"))
    assert again(other).state == "handling" and again(other).data["contacted"] == "in_time"
    with pytest.raises(records.Refused, match="已并入"):
        operations.move(desk, CASE, other.pk, "finish", {}, at("2023-06-21 09:50"))


def test_who_was_called_is_not_called_again_with_the_main_one(desk: Viewer) -> None:
    main, other = (opened(desk, caller=n, **{"class": "noise"}) for n in ("赵铁柱", "钱小二"))
    operations.merge(desk, CASE, main.pk, [other.pk], at("2023-06-21 09:30"))
    operations.contact(desk, CASE, other.pk, "reached", at("2023-06-21 09:40"))
    assert again(main).state == "dispatched"
    operations.contact(desk, CASE, main.pk, "reached", at("2023-06-26 16:00"))
    assert again(main).data["contacted"] == "late"
    assert again(other).data["contacted"] == "in_time"
    assert other.moves.filter(name="contact").count() == 1
