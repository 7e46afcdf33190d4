"""How matters come in: their grid, their unit, their caller, what they set going."""

from datetime import date

import pytest

from jiezhen.conftest import Cast
from jiezhen.matters import operations, queries
from jiezhen.matters.models import Matter, Party
from jiezhen.matters.queries import callers as parties
from jiezhen.matters.tests.conftest import again, at, more, opened
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.trail.models import Entry
from jiezhen.units import operations as unit_operations
from jiezhen.units import queries as units
from jiezhen.units.models import Unit
from jiezhen.units.operations import reshaping
from jiezhen.units.queries import trees

pytestmark = pytest.mark.django_db
CASE = "trial.case"
SQUARE = {
    "type": "Polygon",
    "coordinates": [
        [[121.4, 31.0], [121.41, 31.0], [121.41, 31.01], [121.4, 31.01], [121.4, 31.0]]
    ],
}


def test_a_matter_keeps_its_caller_apart_and_its_words_clean(desk: Viewer) -> None:
    row = opened(
        desk,
        subject="我叫王小明，电话13812345678，楼下王小明家门口堆物，家里电话021-64350000",
        caller="王小明",
        phone="138 1234 5678",
    )
    said = str(again(row).data) + again(row).title
    for secret in ("王小明", "13812345678", "64350000"):
        assert secret not in said
    assert "王**" in row.title
    person = Party.objects.get(matter=row)
    assert (person.role, person.name, person.phone) == ("caller", "王小明", "13812345678")
    assert "王小明" in person.said["subject"]


def test_words_of_staff_do_not_name_the_caller_either(desk: Viewer) -> None:
    row = opened(desk, caller="赵铁柱", phone="13912345678")
    operations.say(desk, CASE, row.pk, "赵铁柱说明天在家，13912345678", at("2023-06-21 10:00"))
    operations.move(
        desk, CASE, row.pk, "dispatch", {}, at("2023-06-21 10:10"),
        unit="cgb", note="找赵铁柱",
    )  # fmt: skip
    notes = " ".join(row.moves.values_list("note", flat=True))
    assert "赵铁柱" not in notes and "13912345678" not in notes and "赵**" in notes


def test_showing_the_caller_needs_a_purpose_and_is_on_record(desk: Viewer) -> None:
    row = opened(desk, caller="赵铁柱", phone="13912345678")
    shown = parties.parties(desk, again(row))[0]
    assert (shown.name, shown.phone) == ("赵**", "139****5678")
    with pytest.raises(records.Refused, match="为什么"):
        operations.reveal_party(desk, CASE, row.pk, shown.id, " ", at("2023-06-21 10:00"))
    full = operations.reveal_party(
        desk, CASE, row.pk, shown.id, "先行联系", at("2023-06-21 10:00")
    )
    assert full.name == "赵铁柱" and full.phone == "13912345678"
    entry = Entry.objects.get(action=parties.REVEALED)
    assert entry.why == "先行联系" and "赵铁柱" not in str(entry.after)


def test_whom_it_is_about_never_learns_who_called(desk: Viewer, cast: Cast) -> None:
    row = opened(desk, caller="赵铁柱", phone="13912345678", about="城市管理办")
    operations.move(desk, CASE, row.pk, "dispatch", {}, at("2023-06-21 10:10"), unit="cgb")
    subject = unit_operations.hire(
        cast.system, {"username": "cg", "name": "张磊", "password": "cloud-peak-2023"},
        "cgb", "section", at("2023-06-01 09:00"),
    )  # fmt: skip
    viewer = units.viewer_of(subject.pk, at("2023-06-21 10:20"))
    assert viewer is not None
    viewer = more(viewer, "parties.see", "reveal")
    row = again(row)
    assert parties.parties(viewer, row) == ()
    person = Party.objects.get(matter=row)
    with pytest.raises(operations.NotForSubject):
        operations.reveal_party(viewer, CASE, row.pk, person.pk, "联系", at("2023-06-21 10:30"))
    assert queries.matter_for(viewer, row.code).data["subject"] == "楼道堆物"


def test_a_subject_that_was_split_stays_barred(desk: Viewer, cast: Cast) -> None:
    row = opened(desk, caller="赵铁柱", about="松涛居民区")
    parts = [reshaping.Part("c8", "松涛一居", ()), reshaping.Part("c9", "松涛二居")]
    reshaping.split(cast.system, "c1", parts, date(2023, 6, 25), at("2023-06-25 09:00"))
    account = unit_operations.hire(
        cast.system, {"username": "st", "name": "李新", "password": "cloud-peak-2023"},
        "c8", "grid", at("2023-06-26 09:00"),
    )  # fmt: skip
    viewer = units.viewer_of(account.pk, at("2023-07-02 09:00"))
    assert viewer is not None and parties.barred(viewer, again(row))
    assert not parties.barred(cast.viewers["neighbour"], again(row))


def test_a_firm_that_it_is_about_is_barred_by_its_code(desk: Viewer, cast: Cast) -> None:
    firm = records.create(
        cast.system, "trial.firm", cast.unit("yunxiu"), {"name": "甲厂"}, at("2023-06-01 09:00")
    )
    unit_operations.add_units(
        cast.system,
        [{"code": firm.code, "title": "甲厂", "level": "point", "parent": "c1"}],
        at("2023-06-01 09:00"),
    )
    row = opened(desk, firm=firm.code, caller="赵铁柱")
    assert again(row).subjects == [Unit.objects.for_system("t").get(code=firm.code).pk]


def test_a_point_finds_its_grid_and_the_table_its_unit(desk: Viewer, cast: Cast) -> None:
    Unit.objects.for_system("t").filter(code="c1").update(polygon=SQUARE)
    trees.forget(desk.office_id)
    place = {"text": "松涛路5号", "lon": 121.405, "lat": 31.005}
    row = operations.open_matter(
        desk, CASE, {"subject": "堆物", "class": "complaint"}, at("2023-06-21 09:12"), place=place
    ).matter
    row = again(row)
    assert row.grid.code == "c1" and row.unit.code == "c1"
    assert row.state == "dispatched" and row.waits == "contact"
    assert [m.name for m in row.moves.order_by("id")] == ["opened", "dispatch"]
    assert row.timers["contact"]["due"][:16] == "2023-06-25T09:12"


def test_a_fault_of_the_table_is_told_and_the_matter_waits(desk: Viewer) -> None:
    day = opened(desk, "2023-06-21 10:00", **{"class": "noise"})
    assert again(day).unit.code == "cgb" and day.state == "dispatched"
    night = opened(desk, "2023-06-21 23:00", **{"class": "noise"})
    row = again(night)
    assert row.state == "received" and row.waits == "dispatch"
    assert "夜间中队" in row.moves.get(name="opened").note
    assert any("夜间中队" in f for f in queries.route_faults(desk, at("2023-06-21 23:00")))


def test_a_check_moves_its_parent_and_is_undone_with_it(desk: Viewer) -> None:
    row = opened(desk, **{"class": "noise"})
    operations.move(desk, CASE, row.pk, "contact", {}, at("2023-06-21 10:30"))
    operations.move(desk, CASE, row.pk, "verify", {}, at("2023-06-21 11:00"))
    child = Matter.objects.for_system("t").get(parent=row)
    assert child.kind == "trial.check" and child.data["about"] == "楼道堆物"
    assert child.data["origin"] == row.pk and child.waits == "check"
    operations.move(desk, "trial.check", child.pk, "fail", {}, at("2023-06-21 13:00"))
    row = again(row)
    assert row.state == "handling" and row.returns == 1
    step = child.moves.order_by("-id").first()
    operations.undo(desk, "trial.check", child.pk, step.pk, at("2023-06-21 13:05"))
    assert again(row).state == "checking" and again(row).returns == 0
    assert again(child).state == "open"


def test_undoing_what_set_matters_going_withdraws_them(desk: Viewer) -> None:
    row = opened(desk, **{"class": "noise"})
    operations.move(desk, CASE, row.pk, "contact", {}, at("2023-06-21 10:30"))
    operations.move(desk, CASE, row.pk, "verify", {}, at("2023-06-21 11:00"))
    child = Matter.objects.for_system("t").get(parent=row)
    step = row.moves.filter(name="verify").get()
    operations.undo(desk, CASE, row.pk, step.pk, at("2023-06-21 11:02"))
    assert again(child).withdrawn_at is not None and again(row).state == "handling"


def test_a_level_calls_out_everybody_of_the_roster_up_to_it(desk: Viewer, cast: Cast) -> None:
    for who, level in (("值班长", 1), ("应急队", 2), ("志愿者", 4)):
        records.create(
            cast.system, "trial.roster", cast.unit("c1"), {"who": who, "level": level},
            at("2023-06-01 09:00"),
        )  # fmt: skip
    row = opened(desk, **{"class": "noise"})
    operations.move(desk, CASE, row.pk, "contact", {}, at("2023-06-21 10:30"))
    operations.move(desk, CASE, row.pk, "alarm", {"level": 2}, at("2023-06-21 11:00"))
    calls = Matter.objects.for_system("t").filter(kind="trial.call").order_by("id")
    assert [c.data["who"] for c in calls] == ["值班长", "应急队"]


def test_merged_matters_go_along_and_keep_their_callers(desk: Viewer) -> None:
    rows = [opened(desk, caller=f"赵{n}柱", **{"class": "noise"}) for n in "一二三"]
    main, *others = rows
    operations.merge(desk, CASE, main.pk, [r.pk for r in others], at("2023-06-21 09:30"))
    operations.move(desk, CASE, main.pk, "contact", {}, at("2023-06-21 10:30"))
    operations.move(desk, CASE, main.pk, "finish", {"outcome": "solved"}, at("2023-06-21 11:00"))
    for row in others:
        row = again(row)
        assert row.state == "closed" and row.data["outcome"] == "solved"
        assert row.timers["total"]["met"] == "yes"
        assert Party.objects.filter(matter=row).count() == 1
    with pytest.raises(records.Refused, match="并入"):
        operations.move(desk, CASE, others[0].pk, "redo", {}, at("2023-06-21 11:30"), note="x")
    step = main.moves.filter(name="finish").get()
    operations.undo(desk, CASE, main.pk, step.pk, at("2023-06-21 11:05"))
    assert {again(r).state for r in rows} == {"handling"}


def test_a_merge_is_taken_back(desk: Viewer) -> None:
    main, other = opened(desk, **{"class": "noise"}), opened(desk, **{"class": "noise"})
    operations.merge(desk, CASE, main.pk, [other.pk], at("2023-06-21 09:30"))
    operations.unmerge(desk, CASE, other.pk, at("2023-06-21 09:31"))
    operations.move(desk, CASE, main.pk, "contact", {}, at("2023-06-21 10:30"))
    assert again(other).state == "dispatched"


def test_split_parts_keep_the_caller(desk: Viewer) -> None:
    row = opened(desk, caller="赵铁柱", phone="13912345678")
    parts = [operations.Part({"subject": "堆物"}), operations.Part({"subject": "漏水"}, "cgb")]
    made = operations.split(desk, CASE, row.pk, parts, at("2023-06-21 10:00"))
    assert [m.title for m in made] == ["堆物", "漏水"]
    assert {again(m).parent_id for m in made} == {row.pk}
    assert [p.name for p in Party.objects.filter(matter__in=made)] == ["赵铁柱", "赵铁柱"]


def test_a_caller_follows_and_answers_with_their_code(desk: Viewer) -> None:
    made = operations.open_matter(
        desk, CASE, {"subject": "堆物", "class": "noise"}, at("2023-06-21 09:12"), receipt=True
    )
    assert len(made.receipt) == 10 and made.receipt not in str(again(made.matter).__dict__)
    for name in ("contact", "finish"):
        operations.move(desk, CASE, made.matter.pk, name, {}, at("2023-06-21 10:30"))
    found = operations.by_receipt(
        desk.office_id, f" {made.receipt.lower()[:5]}-{made.receipt[5:]} "
    )
    assert found is not None and found.pk == made.matter.pk
    operations.answer(desk, made.receipt, "rate", {"satisfied": "good"}, at("2023-06-22 09:00"))
    assert again(made.matter).data["satisfied"] == "good"
    with pytest.raises(operations.UnknownReceipt):
        operations.answer(desk, "ABCDEFGHJK", "rate", {"satisfied": "bad"}, at("2023-06-22 09:00"))
    with pytest.raises(records.Refused, match="诉求人"):
        operations.answer(desk, made.receipt, "redo", {}, at("2023-06-22 09:00"), note="x")


def test_the_caller_is_not_changed_through_the_record(desk: Viewer) -> None:
    row = opened(desk, caller="赵铁柱")
    with pytest.raises(records.Refused, match="单独保管"):
        records.change(desk, CASE, row.pk, {"caller": "李四"}, row.version, at("2023-06-21 10:00"))


def test_corrected_words_are_cleaned_too(desk: Viewer) -> None:
    row = opened(desk, caller="赵铁柱")
    records.change(
        desk, CASE, row.pk, {"subject": "赵铁柱反映漏水"}, row.version, at("2023-06-21 10:00")
    )
    assert again(row).data["subject"] == "赵**反映漏水"


def test_supervision_and_assignment_stand_in_the_history(desk: Viewer, cast: Cast) -> None:
    row = opened(desk)
    operations.supervise(desk, CASE, row.pk, at("2023-06-21 10:00"), words="今天办结")
    operations.assign(desk, CASE, row.pk, at("2023-06-21 10:01"), handler="city")
    assert again(row).handler_id == cast.accounts["city"].pk
    operations.assign(desk, CASE, row.pk, at("2023-06-21 10:02"), handler="")
    assert again(row).handler_id == 0 and again(row).supervised_at is not None
    with pytest.raises(records.Refused, match="不在这个单元"):
        operations.assign(desk, CASE, row.pk, at("2023-06-21 10:03"), handler="grid")
