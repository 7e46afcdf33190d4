"""The import engine: checks, cures, whole or absent, once, and back again."""

from datetime import timedelta

import pytest

from jiezhen.conftest import AT, Cast
from jiezhen.records import operations, sandbox, shapes
from jiezhen.records.imports import access, outcome, staging, summary, undoing, writing
from jiezhen.records.models import Batch, Change, Row, StagedRow
from jiezhen.records.tests.import_tools import ELDER, elder, id_number, ledger, sheet
from jiezhen.trail.models import Entry as TrailEntry

__all__ = ["ledger"]
pytestmark = pytest.mark.usefixtures("ledger")
KIND = "ledger.elder"


def rows_of(kind: str = KIND) -> dict[str, Row]:
    rows = shapes.model_of(kind).objects.for_system("test").filter(kind=kind, withdrawn_at=None)
    return {row.title + str(row.pk): row for row in rows.order_by("id")}


def run(cast: Cast, content: bytes, kind: str = KIND, who: str = "section", **more: object):
    return outcome.run(cast.viewers[who], kind, content, "名册.xlsx", AT, **more)


def states(batch: int) -> dict[int, str]:
    return dict(StagedRow.objects.filter(batch_id=batch).values_list("number", "state"))


def test_it_imports_good_rows(cast: Cast) -> None:
    found = run(cast, sheet(ELDER, [elder(1), elder(2)]))
    assert found.state == "committed"
    assert (found.counts.created, found.counts.bad) == (2, 0)
    assert found.sentence == "已导入：新增2条，更新0条。"
    row = next(iter(rows_of().values()))
    assert row.title == "张*"
    assert row.data["phone"] == "13800000001"
    assert row.data["care"] == "light"
    assert row.unit_id == cast.unit("c1").id
    assert row.source == "import"
    assert row.batch_id == found.batch


def test_id_numbers_never_lie_open_in_the_database(cast: Cast) -> None:
    viewer = cast.viewers["section"]
    secret = id_number(7)
    content = sheet(ELDER, [elder(7, 身份证号=secret), elder(8, 身份证号=secret[:-1])])
    batch = outcome.check(viewer, KIND, content, AT, name="a.xlsx")
    rows = list(StagedRow.objects.filter(batch=batch))
    assert not any(secret[:-1] in str((r.cells, r.values, r.problems)) for r in rows)
    writing.commit(viewer, batch, AT)
    done = StagedRow.objects.get(batch=batch, state="created")
    assert (done.cells, done.values) == ({}, {"version": 1})


def test_the_same_file_twice_counts_once(cast: Cast) -> None:
    content = sheet(ELDER, [elder(n) for n in range(1, 21)])
    run(cast, content)
    again = run(cast, content)
    assert (again.counts.same, again.counts.created, again.counts.updated) == (20, 0, 0)
    assert len(rows_of()) == 20


def test_rows_without_a_natural_key_are_known_by_their_place(cast: Cast) -> None:
    heads = ("日期", "助餐点", "人次", "单元")
    lines = [["2023-05-01", "幸福餐厅", 12, "松涛"]] * 2
    run(cast, sheet(heads, lines), "ledger.meal")
    assert len(rows_of("ledger.meal")) == 2  # two equal lines of one file are two meals
    assert run(cast, sheet(heads, lines), "ledger.meal").counts.same == 2
    longer = run(
        cast, sheet(heads, [*lines, ["2023-05-02", "幸福餐厅", 3, "松涛"]]), "ledger.meal"
    )
    assert (longer.counts.maybe, longer.counts.created) == (2, 1)
    assert len(rows_of("ledger.meal")) == 3


def test_it_says_what_is_wrong_and_how_to_cure_it(cast: Cast) -> None:
    content = sheet(
        ELDER,
        [
            elder(1, 出生日期="1943.2.30"),
            elder(2, 居民区="松涛村"),
            elder(3, 联系电话="1380013800"),
            elder(4, 照护等级="轻"),
            elder(5, 姓名=""),
            elder(6, 身份证号=310112194302030),
            elder(7, 姓名="张**"),
            elder(8),
        ],
    )
    found = run(cast, content)
    assert found.counts.created == 1
    told = {(p.row, p.column): p.message for p in found.problems}
    assert told[2, "出生日期"].startswith("1943年2月没有30日")
    assert told[3, "居民区"] == "没有“松涛村”。您是说“松涛”吗？"
    assert told[4, "联系电话"] == "少1位。手机号是11位。"
    assert told[5, "照护等级"] == "没有“轻”。您是说“轻度”吗？"
    assert told[6, "姓名"] == "请填姓名。"
    assert "存成了数字" in told[7, "身份证号"]
    assert "遮住的写法" in told[8, "姓名"]
    assert len(told) == 7


def test_the_sample_of_the_brief(cast: Cast) -> None:
    """412 elders; 303 rows: 288 known, 3 new, 9 faulty, 3 that may be known."""
    viewer = cast.viewers["section"]
    run(cast, sheet(ELDER, [elder(n) for n in range(412)]))
    known = [elder(n, 照护等级="中度") for n in range(288)]
    fresh = [elder(n) for n in range(500, 503)]
    faulty = [elder(n, 联系电话="138") for n in range(600, 609)]
    # Another id number, but name and day of birth of somebody who is there.
    alike = [elder(n, 身份证号=id_number(n + 1, "19200101")) for n in range(300, 303)]
    content = sheet(ELDER, known + fresh + faulty + alike)
    batch = outcome.check(viewer, KIND, content, AT, name="名册.xlsx")
    counts = summary.counts_of(batch)
    assert (counts.good, counts.bad, counts.maybe) == (291, 9, 3)
    assert summary.effect(batch) == "独居老人将从412条变为415条（新增3条，更新288条）。"
    writing.commit(viewer, batch, AT)
    assert len(rows_of()) == 415
    undoing.take_back(viewer, batch, AT + timedelta(days=6))
    rows = rows_of().values()
    assert len(rows) == 412
    assert {row.data["care"] for row in rows} == {"light"}


def test_a_possible_double_is_merged_or_added(cast: Cast) -> None:
    viewer = cast.viewers["section"]
    run(cast, sheet(ELDER, [elder(1), elder(2)]))
    alike = [elder(n, 身份证号="", 照护等级="重度") for n in (1, 2)]
    batch = outcome.check(viewer, KIND, sheet(ELDER, alike), AT, name="b.xlsx")
    assert states(batch.pk) == {2: "maybe", 3: "maybe"}
    assert staging.decide(viewer, batch, 2, "merge", AT).state == "update"
    assert staging.decide(viewer, batch, 3, "new", AT).state == "new"
    writing.commit(viewer, Batch.objects.get(pk=batch.pk), AT)
    care = [row.data["care"] for row in rows_of().values()]
    assert sorted(care) == ["heavy", "heavy", "light"]


def test_one_key_twice_in_a_file(cast: Cast) -> None:
    viewer = cast.viewers["section"]
    rows = [elder(1), elder(1), elder(1, 照护等级="重度")]
    batch = outcome.check(viewer, KIND, sheet(ELDER, rows), AT, name="c.xlsx")
    assert states(batch.pk) == {2: "new", 3: "skipped", 4: "maybe"}
    staging.decide(viewer, batch, 4, "merge", AT)
    assert states(batch.pk) == {2: "skipped", 3: "skipped", 4: "new"}
    writing.commit(viewer, Batch.objects.get(pk=batch.pk), AT)
    assert [row.data["care"] for row in rows_of().values()] == ["heavy"]


def test_mending_a_cell_checks_that_row_alone(cast: Cast) -> None:
    viewer = cast.viewers["section"]
    rows = [elder(1, 联系电话="138"), elder(2, 居民区="没这个")]
    batch = outcome.check(viewer, KIND, sheet(ELDER, rows), AT, name="d.xlsx")
    other = StagedRow.objects.get(batch=batch, number=3)
    mended = staging.fix_cells(viewer, batch, 2, {3: "13812345678"}, AT)
    assert (mended.state, mended.problems) == ("new", [])
    assert StagedRow.objects.get(pk=other.pk).problems == other.problems
    writing.commit(viewer, batch, AT)
    assert [row.data["phone"] for row in rows_of().values()] == ["13812345678"]
    staging.fix_cells(viewer, batch, 3, {4: "听泉"}, AT)
    batch = writing.commit(viewer, Batch.objects.get(pk=batch.pk), AT)
    assert batch.counts["created"] == 2


def test_committing_again_changes_nothing(cast: Cast) -> None:
    viewer = cast.viewers["section"]
    batch = outcome.check(viewer, KIND, sheet(ELDER, [elder(1)]), AT, name="e.xlsx")
    writing.commit(viewer, batch, AT)
    entries = TrailEntry.objects.count()
    writing.commit(viewer, batch, AT)
    assert len(rows_of()) == 1
    assert TrailEntry.objects.count() == entries


def test_empty_cells_change_nothing_and_full_ones_keep_history(cast: Cast) -> None:
    run(cast, sheet(ELDER, [elder(1)]))
    again = elder(1, 联系电话="", 照护等级="重度")
    found = run(cast, sheet(ELDER, [again]))
    assert found.counts.updated == 1
    row = next(iter(rows_of().values()))
    assert (row.data["phone"], row.data["care"], row.version) == ("13800000001", "heavy", 2)
    change = Change.objects.get(record_id=row.pk)
    assert (change.action, change.before, change.after) == (
        "imported", {"care": "light"}, {"care": "heavy"},
    )  # fmt: skip


def test_a_row_changed_since_the_check_stays_behind(cast: Cast) -> None:
    viewer = cast.viewers["section"]
    run(cast, sheet(ELDER, [elder(1), elder(2)]))
    rows = [elder(n, 照护等级="重度") for n in (1, 2)]
    batch = outcome.check(viewer, KIND, sheet(ELDER, rows), AT, name="f.xlsx")
    first = next(iter(rows_of().values()))
    operations.change(viewer, KIND, first.pk, {"care": "middle"}, 1, AT)
    batch = writing.commit(viewer, batch, AT)
    assert (batch.counts["updated"], batch.counts["bad"]) == (1, 1)
    assert [row.data["care"] for row in rows_of().values()] == ["middle", "heavy"]


def test_taking_back_is_refused_when_a_row_was_changed(cast: Cast) -> None:
    viewer = cast.viewers["section"]
    found = run(cast, sheet(ELDER, [elder(1), elder(2)]))
    first = next(iter(rows_of().values()))
    operations.change(viewer, KIND, first.pk, {"care": "middle"}, 1, AT)
    with pytest.raises(access.UnableToImport, match=first.code):
        undoing.take_back(viewer, Batch.objects.get(pk=found.batch), AT)
    assert len(rows_of()) == 2


def test_taking_back_ends_after_seven_days(cast: Cast) -> None:
    found = run(cast, sheet(ELDER, [elder(1)]))
    batch = Batch.objects.get(pk=found.batch)
    with pytest.raises(access.Locked):
        undoing.take_back(cast.viewers["section"], batch, AT + timedelta(days=7))


def test_what_was_taken_back_can_come_again(cast: Cast) -> None:
    viewer = cast.viewers["section"]
    content = sheet(("编号", *ELDER), [["LR-2023-000009", *elder(1)]])
    found = run(cast, content)
    undoing.take_back(viewer, Batch.objects.get(pk=found.batch), AT)
    assert rows_of() == {}
    again = run(cast, content)
    assert again.counts.updated == 1
    assert [row.code for row in rows_of().values()] == ["LR-2023-000009"]


def test_system_columns(cast: Cast) -> None:
    heads = ("地址", "状态", "受理日期", "竣工日期", "合同金额", "居委", "经度", "纬度")
    lines = [
        ["沧源路1号", "已验收", "2022年11月2日", 44986, "65.8万元", "松涛", 121.4, 31.02],
        ["沧源路2号", "施工", "2023-01-05", "", 1234.5, "听泉", "", ""],
        ["沧源路3号", "已验受", "", "", "", "听泉", "", ""],
    ]
    found = run(cast, sheet(heads, lines), "ledger.retrofit")
    assert [p.message for p in found.problems] == ["没有“已验受”这个状态。您是说“已验收”吗？"]
    one, two = rows_of("ledger.retrofit").values()
    assert (one.state, str(one.opened_on), str(one.closed_on)) == (
        "accepted", "2022-11-02", "2023-03-01",
    )  # fmt: skip
    assert one.data["address"] == {"text": "沧源路1号", "lon": 121.4, "lat": 31.02}
    assert (one.data["contract"], two.data["contract"]) == (65_800_000, 123_450)
    assert (two.state, two.moves.count()) == ("building", 1)


def test_the_last_day_of_validity_may_be_named(cast: Cast) -> None:
    run(cast, sheet((*ELDER, "自", "至"), [[*elder(1), "2020-01-01", "2022-12-31"]]))
    row = next(iter(rows_of().values()))
    assert (str(row.on), str(row.until)) == ("2020-01-01", "2023-01-01")


def test_links_are_found_by_code_or_title(cast: Cast) -> None:
    run(cast, sheet(ELDER, [elder(1, 姓名="欧阳一一")]))
    code = next(iter(rows_of().values())).code
    lines = [
        ["甲路1号", code, "松涛"],
        ["甲路2号", "欧阳**", "松涛"],
        ["甲路3号", "无此人", "松涛"],
    ]
    found = run(cast, sheet(("地址", "联系老人", "居委"), lines), "ledger.retrofit")
    assert found.counts.created == 2
    assert found.problems[0].message.startswith("没有找到“无此人”")


def test_nobody_imports_into_units_out_of_reach(cast: Cast) -> None:
    with pytest.raises(access.NotAllowed):
        run(cast, sheet(ELDER, [elder(1)]), who="grid")
    with pytest.raises(access.NotAllowed):
        run(cast, sheet(ELDER, [elder(1)]), who="leader")
    with pytest.raises(access.NotAllowed):
        outcome.run(cast.viewers["section"], "no.kind", b"x", "a", AT)


def test_columns_are_remembered(cast: Cast) -> None:
    viewer = cast.viewers["section"]
    heads = ("老人", "证件", "居民区")
    content = sheet(heads, [["张一", id_number(1), "松涛"]])
    batch = outcome.check(viewer, KIND, content, AT, name="g.xlsx")
    assert batch.counts["bad"] == 1
    staging.rematch(viewer, batch, {0: "name", 1: "id_number", 2: "@unit"}, AT)
    assert staging.proceed(viewer, batch, AT)
    assert Batch.objects.get(pk=batch.pk).counts["new"] == 1
    other = sheet(heads, [["张二", id_number(2), "松涛"]])
    assert run(cast, other).counts.created == 1


def test_headings_may_stand_lower_and_totals_are_left_out(cast: Cast) -> None:
    lines = [["独居老人名册", "", ""], [], ["姓名*", "身份证号\n（18位）", "所属居委"]]
    lines += [["张一", id_number(1), "松涛"], ["合计", "1人", ""]]
    found = run(cast, sheet(("", "", ""), lines))
    assert (found.counts.created, found.counts.skipped, found.counts.bad) == (1, 1, 0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (sheet(("姓名",), []), "只有表头，没有要导入的行。"),
        (sheet(("甲", "乙"), [["1", "2"]]), "没有认出任何一列。"),
        (sheet((), [[], []]), "文件是空的。"),
        (sheet(("3",), [[4], [5]]), "没有找到表头。"),
    ],
)
def test_sheets_without_rows_or_headings(cast: Cast, content: bytes, message: str) -> None:
    with pytest.raises((access.UnableToImport, sandbox.Unreadable)) as caught:
        run(cast, content)
    assert caught.value.message.startswith(message)
    assert caught.value.message_en


def test_one_entry_of_the_trail_for_all_rows(cast: Cast) -> None:
    run(cast, sheet(ELDER, [elder(1), elder(2), elder(3)]))
    actions = list(TrailEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions[-2:] == ["imports.batch.checked", "imports.batch.committed"]


def test_nothing_is_written_when_writing_breaks_down(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = cast.viewers["section"]
    batch = outcome.check(viewer, KIND, sheet(ELDER, [elder(1), elder(2)]), AT, name="h.xlsx")
    monkeypatch.setattr(writing, "recount", lambda *_a: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        writing.commit(viewer, batch, AT)
    assert rows_of() == {}
    assert set(states(batch.pk).values()) == {"new"}


def test_imports_are_taken_back_one_after_another(cast: Cast) -> None:
    viewer = cast.viewers["section"]
    first = run(cast, sheet(ELDER, [elder(1)]))
    second = run(cast, sheet(ELDER, [elder(1, 照护等级="重度")]))
    undoing.take_back(viewer, Batch.objects.get(pk=second.batch), AT)
    undoing.take_back(viewer, Batch.objects.get(pk=first.batch), AT)
    assert rows_of() == {}
