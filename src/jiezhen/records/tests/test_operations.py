"""Every write of a record: what it keeps, what it refuses, what stays on record."""

from datetime import date, datetime
from typing import Any

import pytest

from jiezhen.conftest import AT, Cast, build_cast
from jiezhen.kernel import clock
from jiezhen.records import operations
from jiezhen.records.models import Change, Counter, Row
from jiezhen.records.operations import AlreadyThere, Conflict, Draft, NotAllowed, Refused
from jiezhen.records.tests import world
from jiezhen.registers.models import Entry
from jiezhen.trail.models import Entry as Trail

pytestmark = pytest.mark.django_db


def fresh(row: Row) -> Entry:
    return Entry.objects.for_system("test").get(pk=row.pk)


def change(
    cast: Cast,
    row: Row,
    values: dict[str, Any],
    version: int = 1,
    who: str = "section",
) -> Row:
    return operations.change(cast.viewers[who], row.kind, row.pk, values, version, AT, why="核对")


def test_it_keeps_values_title_key_and_a_trail_row(cast: Cast) -> None:
    row = world.home(cast, id_number=world.ID_NUMBER, age="82岁")
    kept = fresh(row)
    assert kept.code == "ZH-2023-000001"
    assert kept.title == "沧源路123弄5号 张**"
    assert kept.data["age"] == 82
    assert world.ID_NUMBER not in str(kept.data)
    assert len(kept.natural_key) == 64
    assert (kept.version, kept.source, kept.created_by_id) == (
        1,
        "form",
        cast.accounts["section"].pk,
    )
    entry = Trail.objects.get(action="entry.created")
    assert entry.on == "demo.home:ZH-2023-000001"
    assert "张建国" not in str((entry.before, entry.after, entry.why))


def test_it_names_every_problem_with_its_field(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        world.home(cast, address="", age="很老", phone="138", office_id=3)
    fields = {p.field for p in refused.value.problems}
    assert fields == {"address", "age", "phone", "office_id"}
    assert not Entry.objects.for_system("test").exists()
    assert not Counter.objects.exists()


def test_a_natural_key_is_taken_once(cast: Cast) -> None:
    first = world.home(cast, id_number=world.ID_NUMBER)
    with pytest.raises(AlreadyThere):
        world.home(cast, id_number=world.ID_NUMBER.lower(), address="别处")
    other = world.home(cast, address="无证")  # no key without its value
    with pytest.raises(AlreadyThere):
        change(cast, other, {"id_number": world.ID_NUMBER})
    assert fresh(other).version == 1
    world.home(build_cast("beiyun"), id_number=world.ID_NUMBER)  # another office has its own
    operations.withdraw(cast.viewers["section"], first.kind, first.pk, AT, "重复")
    change(cast, other, {"id_number": world.ID_NUMBER})
    with pytest.raises(AlreadyThere):
        operations.bring_back(cast.viewers["section"], first.kind, first.pk, AT)


def test_numbers_run_by_kind_year_and_office_without_gaps(cast: Cast) -> None:
    codes = [world.firm(cast, f"企业{n}").code for n in range(3)]
    assert codes == [f"QY-2023-00000{n}" for n in (1, 2, 3)]
    later = datetime(2024, 1, 1, 0, 30, tzinfo=clock.ZONE)
    row = operations.create(
        cast.viewers["section"], "demo.firm", cast.unit("c1"), {"name": "新年"}, later
    )
    assert row.code == "QY-2024-000001"
    assert world.firm(build_cast("beiyun"), "北云").code == "QY-2023-000001"
    late = operations.create(
        cast.viewers["section"],
        "demo.visit",
        cast.unit("c1"),
        {"purpose": "补登", "visited_on": "2022-12-31", "people": 1},
        AT,
    )
    assert late.code == "ZF-2022-000001"


def test_numbers_pass_by_codes_that_came_along(cast: Cast) -> None:
    given = {"code": "QY-2023-000007"}
    operations.create(
        cast.viewers["section"], "demo.firm", cast.unit("c1"), {"name": "旧"}, AT, given=given
    )
    operations.create(
        cast.viewers["section"],
        "demo.firm",
        cast.unit("c1"),
        {"name": "外"},
        AT,
        given={"code": "2023-88"},
    )
    assert world.firm(cast, "新").code == "QY-2023-000008"
    with pytest.raises(AlreadyThere):
        operations.create(
            cast.viewers["section"], "demo.firm", cast.unit("c1"), {"name": "再"}, AT, given=given
        )


def test_many_are_written_together_or_not_at_all(cast: Cast) -> None:
    viewer, unit = cast.viewers["section"], cast.unit("c1")
    drafts = [Draft(unit, {"name": name}) for name in ("一", "二", "一")]
    with pytest.raises(AlreadyThere):
        operations.create_many(viewer, "demo.firm", drafts, AT, source="import", batch_id=1)
    assert not Entry.objects.for_system("test").exists()
    rows = operations.create_many(viewer, "demo.firm", drafts[:2], AT, source="import", batch_id=1)
    assert [r.code for r in rows] == ["QY-2023-000001", "QY-2023-000002"]


@pytest.mark.parametrize(
    ("who", "unit"),
    [
        ("leader", "c1"),
        ("planner", "c1"),
        ("grid", "c2"),
        ("grid", "c3"),
        ("auditor", "c1"),
        ("administrator", "c1"),
    ],
)
def test_nobody_registers_beyond_their_right(cast: Cast, who: str, unit: str) -> None:
    with pytest.raises(NotAllowed):
        world.home(cast, unit, who)
    assert not Entry.objects.for_system("test").exists()


def test_a_change_keeps_what_differed(cast: Cast) -> None:
    row = world.home(cast, age=80)
    changed = change(cast, row, {"age": "81", "remark": "搬来"})
    assert changed.version == 2
    told = Change.objects.get()
    assert (told.before, told.after) == (
        {"age": 80, "remark": None},
        {"age": 81, "remark": "搬来"},
    )
    assert (told.version, told.why, told.actor, told.action) == (2, "核对", "陈服务", "changed")
    entry = Trail.objects.get(action="entry.changed")
    assert entry.after == {"fields": ["age", "remark"]}


def test_a_change_of_nothing_writes_nothing(cast: Cast) -> None:
    row = world.home(cast, id_number=world.ID_NUMBER, age=80)
    same = change(cast, row, {"age": "80", "head": "张建国", "id_number": world.ID_NUMBER})
    assert same.version == 1
    assert not Change.objects.exists()
    assert not Trail.objects.filter(action="entry.changed").exists()


def test_a_change_over_somebody_elses_is_refused(cast: Cast) -> None:
    row = world.home(cast, age=80)
    change(cast, row, {"age": 81})
    with pytest.raises(Conflict) as conflict:
        change(cast, row, {"age": 82})
    assert conflict.value.theirs["age"] == 81
    assert "别人在08:00改过这条" in str(conflict.value)
    assert fresh(row).data["age"] == 81


@pytest.mark.parametrize("who", ["leader", "neighbour", "auditor"])
def test_nobody_changes_withdraws_or_brings_back_beyond_their_right(cast: Cast, who: str) -> None:
    row = world.home(cast)
    viewer = cast.viewers[who]
    for act in (
        lambda: operations.change(viewer, row.kind, row.pk, {"age": 1}, 1, AT),
        lambda: operations.withdraw(viewer, row.kind, row.pk, AT, "x"),
        lambda: operations.bring_back(viewer, row.kind, row.pk, AT),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert fresh(row).version == 1


def test_a_record_is_not_reached_by_the_name_of_another_kind(cast: Cast) -> None:
    row = world.home(cast)
    with pytest.raises(NotAllowed):
        operations.change(cast.viewers["section"], "demo.firm", row.pk, {"name": "x"}, 1, AT)


def test_withdrawing_needs_a_reason_and_can_be_taken_back(cast: Cast) -> None:
    row = world.firm(cast, "面馆")
    viewer = cast.viewers["section"]
    with pytest.raises(Refused):
        operations.withdraw(viewer, row.kind, row.pk, AT, "  ")
    operations.withdraw(viewer, row.kind, row.pk, AT, "登错了")
    assert fresh(row).withdrawn_at == AT
    with pytest.raises(Refused) as refused:
        change(cast, row, {"area": 1}, 2)
    assert "已经撤回" in str(refused.value)
    operations.bring_back(viewer, row.kind, row.pk, AT)
    assert fresh(row).withdrawn_at is None
    assert list(Change.objects.order_by("version").values_list("action", flat=True)) == [
        "withdrawn",
        "brought_back",
    ]
    assert Trail.objects.get(action="entry.withdrawn").why == "登错了"


def test_the_main_date_follows_its_field(cast: Cast) -> None:
    row = operations.create(
        cast.viewers["section"],
        "demo.visit",
        cast.unit("c1"),
        {"purpose": "看", "visited_on": "2023-6-1", "people": 1},
        AT,
    )
    assert row.on == date(2023, 6, 1)
    row = operations.change(
        cast.viewers["section"], row.kind, row.pk, {"visited_on": "2023-5-1"}, 1, AT
    )
    assert row.on == date(2023, 5, 1)


def test_a_link_is_written_as_code_title_or_both(cast: Cast) -> None:
    firm = world.firm(cast, "山阳面馆")
    world.firm(cast, "重名", place="甲")
    viewer, unit = cast.viewers["section"], cast.unit("c1")
    for written in (firm.code, "山阳面馆", f"{firm.code} 山阳面馆", firm.pk):
        row = operations.create(
            viewer,
            "demo.visit",
            unit,
            {"purpose": "看", "visited_on": "2023-6-1", "people": 1, "firm": written},
            AT,
        )
        assert row.data["firm"] == firm.pk
    operations.withdraw(viewer, firm.kind, firm.pk, AT, "关了")
    with pytest.raises(Refused):
        operations.create(
            viewer,
            "demo.visit",
            unit,
            {"purpose": "看", "visited_on": "2023-6-1", "people": 1, "firm": firm.code},
            AT,
        )


def test_a_link_to_what_one_may_not_see_is_not_found(cast: Cast) -> None:
    home = world.home(cast, "c3")
    with pytest.raises(Refused) as refused:
        operations.create(
            cast.viewers["grid"],
            "demo.visit",
            cast.unit("c1"),
            {"purpose": "看", "visited_on": "2023-6-1", "people": 1, "home": home.code},
            AT,
        )
    assert "没有找到" in str(refused.value)
