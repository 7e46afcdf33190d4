"""Clocks of matters: what starts, meets, drops, pauses and extends them."""

import pytest

from jiezhen.conftest import Cast
from jiezhen.matters import operations, rules
from jiezhen.matters.models import Matter
from jiezhen.matters.tests.conftest import again, at, more, opened
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.units.models import Unit
from jiezhen.units.queries import trees

pytestmark = pytest.mark.django_db
CASE = "trial.case"


def due(row, name: str) -> str:
    return row.timers[name]["due"][:16]


def test_a_complaint_over_a_festival_is_due_in_five_working_days(desk: Viewer) -> None:
    row = opened(desk, **{"class": "complaint"})
    assert due(row, "total") == "2023-06-29T09:12"
    assert row.due_at == at("2023-06-29 09:12")
    assert row.due_timer == "total" and row.due_on.isoformat() == "2023-06-29"


@pytest.mark.parametrize(
    ("moment", "kind", "expected"),
    [
        ("2022-12-30 10:00", "complaint", "2023-01-05T10:00"),
        ("2023-01-03 10:00", "complaint", "2023-01-10T10:00"),
        ("2023-06-21 09:12", "consult", "2023-06-25T09:12"),
        ("2023-06-21 09:12", "", "2023-07-06T09:12"),
    ],
)
def test_the_table_is_read_by_class_and_day(
    desk: Viewer, moment: str, kind: str, expected: str
) -> None:
    row = opened(desk, moment, **({"class": kind} if kind else {}))
    assert due(row, "total") == expected


def test_a_standard_of_the_register_wins_and_knows_the_area(desk: Viewer, cast: Cast) -> None:
    values = {"small": "0101", "a": 2, "b": 4, "c": 8, "unit_": "urgent_hour"}
    records.create(
        cast.system, "trial.standard", cast.unit("yunxiu"), values, at("2023-01-01 09:00")
    )
    assert due(opened(desk, small="0101"), "total") == "2023-06-21T13:12"
    assert due(opened(desk, small="0999"), "total") == "2023-07-06T09:12"


def test_contact_in_time_fills_the_choice_and_the_hours(desk: Viewer) -> None:
    row = opened(desk)
    operations.move(desk, CASE, row.pk, "dispatch", {}, at("2023-06-21 09:40"), unit="cgb")
    operations.contact(desk, CASE, row.pk, "missed", at("2023-06-21 10:00"))
    assert again(row).timers["contact"].get("met") is None
    operations.contact(desk, CASE, row.pk, "reached", at("2023-06-21 10:55"), words="约好下午看")
    row = again(row)
    assert row.state == "handling" and row.data["contacted"] == "in_time"
    assert row.data["called_at"].startswith("2023-06-21T10:55")
    assert row.timers["contact"]["hours"] == 1.25
    assert row.timers["contact"]["met"] == "yes"


def test_contact_one_minute_late_is_late(desk: Viewer) -> None:
    row = opened(desk)
    operations.move(desk, CASE, row.pk, "dispatch", {}, at("2023-06-21 09:40"), unit="cgb")
    operations.move(desk, CASE, row.pk, "contact", {}, at("2023-06-25 09:41"))
    assert again(row).data["contacted"] == "late"


def test_a_pause_over_a_weekend_costs_the_working_clock_nothing(desk: Viewer) -> None:
    row = opened(desk, "2023-07-03 09:00", **{"class": "complaint"})
    operations.ask(desk, CASE, row.pk, "pause", at("2023-07-07 17:30"), reason="absent")
    paused = again(row)
    assert paused.due_at is None and paused.paused_at is not None
    operations.resume(desk, CASE, row.pk, at("2023-07-10 08:30"))
    assert due(again(row), "total") == "2023-07-10T09:00"


def test_a_pause_of_two_working_days_moves_the_deadline_by_two(desk: Viewer) -> None:
    row = opened(desk, "2023-07-03 09:00", **{"class": "complaint"})
    operations.ask(desk, CASE, row.pk, "pause", at("2023-07-04 09:00"), reason="absent")
    operations.resume(desk, CASE, row.pk, at("2023-07-06 09:00"))
    assert due(again(row), "total") == "2023-07-12T09:00"


def test_a_pause_needs_a_listed_reason(desk: Viewer) -> None:
    row = opened(desk)
    with pytest.raises(operations.UnableToAsk, match="清单"):
        operations.ask(desk, CASE, row.pk, "pause", at("2023-06-21 10:00"), reason="想停")


def test_an_extension_waits_for_somebody_else_and_moves_the_deadline(
    desk: Viewer, cast: Cast
) -> None:
    row = opened(desk, "2023-07-03 09:00", **{"class": "complaint"})
    asked = operations.ask(
        desk, CASE, row.pk, "extend", at("2023-07-05 09:00"), reason="rain", amount=3
    )
    assert again(row).waits == "decide"
    leader = more(cast.viewers["leader"], "matters.approve")
    with pytest.raises(records.NotAllowed):
        operations.decide(desk, asked.pk, at("2023-07-05 10:00"), grant=True)
    with pytest.raises(operations.UnableToAsk, match="理由"):
        operations.decide(leader, asked.pk, at("2023-07-05 10:00"), grant=False)
    operations.decide(leader, asked.pk, at("2023-07-05 10:00"), grant=True)
    row = again(row)
    assert due(row, "total") == "2023-07-13T09:00"
    assert row.extended == 1 and row.waits == "dispatch"
    with pytest.raises(operations.UnableToAsk, match="1次"):
        operations.ask(
            desk, CASE, row.pk, "extend", at("2023-07-06 09:00"), reason="rain", amount=1
        )


def test_an_extension_is_asked_for_before_the_deadline_and_bounded(desk: Viewer) -> None:
    row = opened(desk, "2023-07-03 09:00", **{"class": "complaint"})
    with pytest.raises(operations.UnableToAsk, match="5个工作日"):
        operations.ask(
            desk, CASE, row.pk, "extend", at("2023-07-04 09:00"), reason="rain", amount=6
        )
    with pytest.raises(operations.UnableToAsk, match="超过时限"):
        operations.ask(
            desk, CASE, row.pk, "extend", at("2023-07-10 09:01"), reason="rain", amount=1
        )


def test_sending_back_names_an_article_of_the_duty_list(desk: Viewer, cast: Cast) -> None:
    row = opened(desk)
    moment = at("2023-06-21 11:00")
    with pytest.raises(operations.UnableToAsk, match="条款"):
        operations.ask(desk, CASE, row.pk, "return", moment, reason="not_ours", article="第九条")
    duty = records.create(
        cast.system, "trial.duty", cast.unit("yunxiu"), {"name": "第九条"}, moment
    )
    operations.ask(desk, CASE, row.pk, "return", moment, reason="not_ours", article=duty.code)
    row = again(row)
    assert row.state == "returned" and row.closed_on is not None
    assert "dropped" in row.timers["total"] and "met" not in row.timers["total"]
    assert duty.code in row.moves.get(name="refuse").note


def test_hanging_needs_two_reviews_in_order(desk: Viewer, cast: Cast) -> None:
    row = opened(desk, **{"class": "noise"})
    operations.move(desk, CASE, row.pk, "contact", {}, at("2023-06-21 10:00"))
    asked = operations.ask(
        desk, CASE, row.pk, "hang", at("2023-06-21 11:00"), reason="money", words="等预算"
    )
    section = more(cast.viewers["section"], "matters.approve")
    operations.decide(section, asked.pk, at("2023-06-21 13:00"), grant=True)
    assert again(row).state == "handling"
    leader = more(cast.viewers["leader"], "matters.approve")
    operations.decide(leader, asked.pk, at("2023-06-21 14:00"), grant=True)
    assert again(row).state == "hung"


def test_doing_again_starts_the_second_clock_and_what_was_missed_stays_missed(
    desk: Viewer,
) -> None:
    row = opened(desk, "2023-07-03 09:00", **{"class": "noise"})
    operations.move(desk, CASE, row.pk, "contact", {}, at("2023-07-03 10:00"))
    operations.move(desk, CASE, row.pk, "finish", {"outcome": "solved"}, at("2023-07-04 10:00"))
    assert again(row).timers["total"]["met"] == "yes"
    operations.move(desk, CASE, row.pk, "redo", {}, at("2023-07-05 09:00"), note="回访不满意")
    row = again(row)
    assert row.closed_on is None and row.returns == 1
    assert row.data["satisfied"] == "bad"
    assert due(row, "second") == "2023-07-10T09:00"
    operations.move(desk, CASE, row.pk, "finish", {"outcome": "solved"}, at("2023-07-10 09:01"))
    assert again(row).timers["second"]["met"] == "no"
    operations.move(desk, CASE, row.pk, "redo", {}, at("2023-07-11 09:00"), note="又不满意")
    operations.move(desk, CASE, row.pk, "finish", {"outcome": "solved"}, at("2023-07-11 10:00"))
    second = again(row).timers["second"]
    assert second["met"] == "no" and second["round"] == 2


def test_undo_puts_clocks_back_and_keeps_both_rows(desk: Viewer) -> None:
    row = opened(desk, "2023-07-03 09:00", **{"class": "noise"})
    before = again(row)
    operations.move(desk, CASE, row.pk, "contact", {}, at("2023-07-03 10:00"))
    step = row.moves.order_by("-id").first()
    operations.undo(desk, CASE, row.pk, step.pk, at("2023-07-03 10:09"))
    after = again(row)
    for column in ("state", "timers", "due_at", "warn_at", "waits", "unit_id", "data"):
        assert getattr(after, column) == getattr(before, column), column
    assert list(row.moves.values_list("name", flat=True).order_by("id"))[-2:] == [
        "contact",
        "undo",
    ]


def test_who_handed_a_matter_away_may_still_take_it_back(desk: Viewer, cast: Cast) -> None:
    row = opened(desk)
    local = more(cast.viewers["grid"])
    mine = operations.open_matter(
        local, CASE, {"subject": "乱停车"}, at("2023-07-03 09:00")
    ).matter
    operations.move(local, CASE, mine.pk, "dispatch", {}, at("2023-07-03 09:05"), unit="cgb")
    step = mine.moves.order_by("-id").first()
    operations.undo(local, CASE, mine.pk, step.pk, at("2023-07-03 09:06"))
    assert again(mine).unit.code == "c1"
    assert row.unit.code == "yunxiu"


def test_a_move_with_a_condition_is_forbidden_where_it_is_not_met(desk: Viewer) -> None:
    row = opened(desk)
    with pytest.raises(rules.MoveForbidden):
        operations.move(desk, CASE, row.pk, "quiet", {}, at("2023-06-21 10:00"))


def test_the_class_of_the_area_chooses_the_column_of_the_standard(
    desk: Viewer, cast: Cast
) -> None:
    values = {"small": "0102", "a": 2, "b": 4, "c": 8, "unit_": "work_hour"}
    records.create(
        cast.system, "trial.standard", cast.unit("yunxiu"), values, at("2023-01-01 09:00")
    )
    Unit.objects.for_system("t").filter(code="yunxiu").update(area_class="A")
    trees.forget(desk.office_id)
    assert due(opened(desk, "2023-07-03 09:00", small="0102"), "total") == "2023-07-03T11:00"


@pytest.mark.parametrize(
    ("done", "met"), [("2023-06-28", "in_time"), ("2023-06-29", "late"), ("2023-06-01", "in_time")]
)
def test_a_case_brought_in_with_its_end_is_judged_by_its_deadline(
    trial: None, cast: Cast, done: str, met: str
) -> None:
    given = {"state": "revisited", "opened_on": "2023-06-01", "due_on": "2023-06-28"}
    values = {"subject": "旧件", "received_on": "2023-06-01", "finished_on": done}
    row = records.create(
        cast.system, "hotline.case", cast.unit("c1"), values, at("2023-07-03 08:00"), given=given
    )
    assert isinstance(row, Matter)
    assert row.data["finished_in_time"] == met
    assert row.timers["first"]["done"][:10] == done
    assert set(row.timers) == {"first"}
    assert row.due_at is None


def test_a_case_brought_in_as_closed_has_no_clock_for_what_is_past(
    trial: None, cast: Cast
) -> None:
    values = {"subject": "旧件", "received_on": "2023-06-01", "finished_on": "2023-06-05"}
    row = records.create(
        cast.system,
        "hotline.case",
        cast.unit("c1"),
        values,
        at("2023-07-03 08:00"),
        given={"state": "closed", "opened_on": "2023-06-01"},
    )
    assert isinstance(row, Matter)
    assert "first" not in row.timers
    assert "finished_in_time" not in row.data


def test_a_case_brought_in_while_in_hand_keeps_its_clock(trial: None, cast: Cast) -> None:
    values = {"subject": "在办", "received_on": "2023-06-30", "class": "complaint"}
    row = records.create(
        cast.system,
        "hotline.case",
        cast.unit("c1"),
        values,
        at("2023-07-03 08:00"),
        given={"state": "handling", "opened_on": "2023-06-30"},
    )
    assert isinstance(row, Matter)
    assert row.due_timer == "first"
    assert row.timers["first"]["due"][:10] == "2023-07-07"
