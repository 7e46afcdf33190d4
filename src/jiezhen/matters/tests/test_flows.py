"""Every flow of the catalogue, walked whole: each move from each state, allowed or forbidden."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jiezhen.conftest import AT, Cast
from jiezhen.kernel import clock
from jiezhen.matters import operations, rules
from jiezhen.matters.models import Matter, Move
from jiezhen.packs import registry
from jiezhen.packs.schema import Kind
from jiezhen.records import operations as records
from jiezhen.records.tests.world import PACK
from jiezhen.trail.models import Entry as Trail

pytestmark = pytest.mark.django_db

SHIPPED = registry.load([registry.BUILT_IN])
TRIED = registry.load([registry.BUILT_IN / "office", PACK])
#: The catalogue and the kinds of the tests together.
BOOK = replace(
    SHIPPED, kinds={**SHIPPED.kinds, **TRIED.kinds}, flows={**SHIPPED.flows, **TRIED.flows}
)
KINDS = [kind for kind in BOOK.kinds.values() if kind.shape == "matter"]
#: A value that each type of field takes.
VALUES: dict[str, Any] = {
    "text": "写明",
    "number": 1,
    "money": "100",
    "date": "2023-07-02",
    "time": "2023-07-02 09:00",
    "flag": "是",
    "place": "沧源路1号",
    "person": "张建国",
    "phone": "13812345678",
}


@pytest.fixture(autouse=True)
def book(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the whole catalogue in force."""
    monkeypatch.setattr(registry, "_current", BOOK)


def value(kind: Kind, name: str) -> Any:
    spec = kind.fields[name]
    if spec.type == "choice":
        return next(iter(spec.options))
    if spec.type == "number" and spec.min is not None:
        return max(spec.min, 1)
    return VALUES.get(spec.type)


def matter(cast: Cast, kind: Kind, state: str = "") -> Matter:
    values = {n: value(kind, n) for n, f in kind.fields.items() if f.required}
    row = records.create(
        cast.system,
        kind.name,
        cast.unit("c1"),
        values,
        AT,
        given={"state": state} if state else {},
    )
    assert isinstance(row, Matter)
    return row


def answers(kind: Kind, name: str) -> dict[str, Any]:
    asks = rules_of(kind).moves[name].asks
    return {n: value(kind, n) for n in asks if kind.fields[n].type not in {"file", "link"}}


def rules_of(kind: Kind) -> Any:
    return BOOK.flows[str(kind.flow)]


def fresh(row: Matter) -> Matter:
    return Matter.objects.for_system("test").get(pk=row.pk)


STEPS = [
    (k, state, move) for k in KINDS for state in rules_of(k).states for move in rules_of(k).moves
]
ALLOWED = [(k, s, m) for k, s, m in STEPS if s in rules_of(k).moves[m].from_]
FORBIDDEN = [(k, s, m) for k, s, m in STEPS if s not in rules_of(k).moves[m].from_]


def named(step: Any) -> str:
    return step.name if isinstance(step, Kind) else str(step)


@pytest.mark.parametrize(("kind", "state", "name"), ALLOWED, ids=named)
def test_an_allowed_move_is_made_appended_and_undone(
    cast: Cast, kind: Kind, state: str, name: str
) -> None:
    row = matter(cast, kind, state)
    before = fresh(row)
    wanted = rules_of(kind).moves[name]
    files = [n for n in wanted.needs if kind.fields[n].type == "file"] if wanted.needs else []
    assert not files, "a move that needs a file cannot be tried here"
    later = AT + timedelta(minutes=3)
    operations.move(
        cast.system,
        kind.name,
        row.pk,
        name,
        answers(kind, name),
        later,
        note="理由" if wanted.reason else "",
    )
    after = fresh(row)
    assert after.state == wanted.to
    assert after.state_since == later
    end = rules_of(kind).states[wanted.to]
    assert (after.closed_on is not None) == end.end
    assert after.entered[wanted.to] == (after.data[end.date] if end.date else "2023-07-03")
    step = Move.objects.filter(matter=row).latest("id")
    assert (step.name, step.came_from, step.went_to) == (name, state, wanted.to)
    assert Trail.objects.filter(action="matter.moved").count() == 1
    operations.undo(cast.system, kind.name, row.pk, step.pk, later + timedelta(minutes=5))
    again = fresh(row)
    for column in ("state", "state_since", "entered", "closed_on", "data", "title", "on"):
        assert getattr(again, column) == getattr(before, column), column
    undone = Move.objects.filter(matter=row).latest("id")
    assert (undone.name, undone.undoes_id) == ("undo", step.pk)
    assert Move.objects.filter(matter=row).count() == 3


@pytest.mark.parametrize("kind", KINDS, ids=named)
def test_a_forbidden_move_is_refused_and_names_what_is_allowed(cast: Cast, kind: Kind) -> None:
    for _kind, state, name in [step for step in FORBIDDEN if step[0] is kind]:
        with pytest.raises(rules.MoveForbidden) as forbidden:
            rules.move(rules_of(kind), state, name)
        allowed = [m.title for m in rules_of(kind).moves.values() if state in m.from_]
        for title in allowed or ["没有"]:
            assert title in forbidden.value.message
    step = next((s for s in FORBIDDEN if s[0] is kind), None)
    if step is None:
        return
    row = matter(cast, kind, step[1])
    with pytest.raises(rules.MoveForbidden):
        operations.move(
            cast.system, kind.name, row.pk, step[2], answers(kind, step[2]), AT, note="x"
        )
    assert fresh(row).state == step[1]
    assert Move.objects.filter(matter=row).count() == 1


REASONED = [(k, m) for k in KINDS for m, spec in rules_of(k).moves.items() if spec.reason]
ASKING = [
    (k, m)
    for k in KINDS
    for m, spec in rules_of(k).moves.items()
    if (spec.asks if spec.needs is None else spec.needs)
]


@pytest.mark.parametrize(("kind", "name"), REASONED, ids=named)
def test_a_move_that_wants_a_reason_is_not_made_without(cast: Cast, kind: Kind, name: str) -> None:
    row = matter(cast, kind, rules_of(kind).moves[name].from_[0])
    with pytest.raises(records.Refused) as refused:
        operations.move(cast.system, kind.name, row.pk, name, answers(kind, name), AT, note=" ")
    assert ("note", "请写理由。") in {(p.field, p.message) for p in refused.value.problems}


@pytest.mark.parametrize(("kind", "name"), ASKING, ids=named)
def test_a_move_says_which_field_it_needs(cast: Cast, kind: Kind, name: str) -> None:
    spec = rules_of(kind).moves[name]
    row = matter(cast, kind, spec.from_[0])
    missing = {n for n in (spec.asks if spec.needs is None else spec.needs) if not row.data.get(n)}
    if not missing:
        pytest.skip("every record has what the move needs")
    with pytest.raises(records.Refused) as refused:
        operations.move(cast.system, kind.name, row.pk, name, {}, AT, note="理由")
    assert {p.field for p in refused.value.problems} == missing


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
