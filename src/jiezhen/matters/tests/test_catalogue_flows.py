"""Every flow of the catalogue, walked whole: each move from each state, allowed or forbidden."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from jiezhen.conftest import AT, Cast
from jiezhen.matters import operations, rules
from jiezhen.matters.models import Matter, Move, Request
from jiezhen.matters.tests.walking import BOOK, KINDS, answers, fitting, flow, fresh, matter
from jiezhen.packs import registry
from jiezhen.packs.flows import Request as Asked
from jiezhen.packs.schema import Kind, Role
from jiezhen.people.access import Grant, Viewer
from jiezhen.records import operations as records
from jiezhen.trail.models import Entry as Trail

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=3)
KEPT = (
    *("state", "state_since", "entered", "closed_on", "data", "title", "on", "unit_id", "waits"),
    *("timers", "due_at", "warn_at", "due_timer", "returns", "extended", "paused_at"),
)


@pytest.fixture(autouse=True)
def book(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the whole catalogue in force."""
    monkeypatch.setattr(registry, "_current", BOOK)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Return each kind of matter in turn."""
    return request.param  # type: ignore[no-any-return]


def step(cast: Cast, kind: Kind, row: Matter, name: str, **more: Any) -> None:
    """Let the machine make a move with all that it asks for."""
    wanted = flow(kind).moves[name]
    told = {"note": "理由" if wanted.reason else "", "unit": "cgb" if wanted.assigns else ""}
    operations.move(
        cast.system, kind.name, row.pk, name, answers(kind, name), LATER, **(told | more)
    )


def test_every_allowed_move_is_made_appended_and_undone(cast: Cast, kind: Kind) -> None:
    for name, wanted in flow(kind).moves.items():
        needs = wanted.asks if wanted.needs is None else wanted.needs
        bare = [n for n in needs if kind.fields[n].type in ("file", "link")]
        assert not bare, f"{kind.name}.{name} needs what cannot be tried here: {bare}"
        for state in wanted.from_:
            row = matter(cast, kind, state, **fitting(kind, wanted))
            before, trail = fresh(row), Trail.objects.filter(action="matter.moved").count()
            step(cast, kind, row, name)
            _arrived(cast, kind, row, name, state)
            assert Trail.objects.filter(action="matter.moved").count() == trail + 1
            _undone(cast, kind, row, before)


def _arrived(cast: Cast, kind: Kind, row: Matter, name: str, state: str) -> None:
    after, wanted = fresh(row), flow(kind).moves[name]
    assert after.state == wanted.to
    assert after.state_since == LATER
    end = flow(kind).states[wanted.to]
    assert (after.closed_on is not None) == end.end
    if state != wanted.to:
        day = after.data[end.date] if end.date else "2023-07-03"
        assert after.entered[wanted.to] == day
    for field, text in wanted.sets.items():
        assert after.data.get(field, "") == text or text.startswith("$")
    if wanted.assigns:
        assert after.unit_id == cast.unit("cgb").id
    made = Move.objects.filter(matter=row).latest("id")
    assert (made.name, made.came_from, made.went_to) == (name, state, wanted.to)
    spawned = Matter.objects.for_system("test").filter(parent=row)
    assert spawned.count() >= sum(1 for s in wanted.spawns if not s.each)
    if end.end:
        running = [n for n, t in after.timers.items() if not {"done", "dropped"} & t.keys()]
        assert running == [], "a matter that is over has no running clock"


def _undone(cast: Cast, kind: Kind, row: Matter, before: Matter) -> None:
    made = Move.objects.filter(matter=row).latest("id")
    moves = Move.objects.filter(matter=row).count()
    operations.undo(cast.system, kind.name, row.pk, made.pk, LATER + timedelta(minutes=5))
    again = fresh(row)
    for column in KEPT:
        assert getattr(again, column) == getattr(before, column), (made.name, column)
    undo = Move.objects.filter(matter=row).latest("id")
    assert (undo.name, undo.undoes_id) == ("undo", made.pk)
    assert Move.objects.filter(matter=row).count() == moves + 1
    live = Matter.objects.for_system("test").filter(parent=row, withdrawn_at=None)
    assert not live.exists(), "what the move set going is withdrawn with it"


def test_every_forbidden_move_is_refused_and_names_what_is_allowed(cast: Cast, kind: Kind) -> None:
    moves = flow(kind).moves
    for state in flow(kind).states:
        forbidden = [name for name, wanted in moves.items() if state not in wanted.from_]
        if not forbidden:
            continue
        row = matter(cast, kind, state)
        here = fresh(row)
        for name in forbidden:
            with pytest.raises(rules.MoveForbidden) as refused, transaction.atomic():
                step(cast, kind, row, name)
            allowed = [m.title for m in moves.values() if state in m.from_]
            assert any(t in refused.value.message for t in allowed or ["没有"])
        assert (fresh(row).state, fresh(row).version) == (state, here.version)
        assert Move.objects.filter(matter=row, came_from=state).count() == 0


def test_a_move_whose_condition_does_not_hold_is_refused(cast: Cast, kind: Kind) -> None:
    for name, wanted in flow(kind).moves.items():
        if wanted.condition is None:
            continue
        others = {
            n: next((o for o in kind.fields[n].options if o != v), "否")
            for n, v in fitting(kind, wanted).items()
        }
        row = matter(cast, kind, wanted.from_[0], **others)
        with pytest.raises(rules.MoveForbidden), transaction.atomic():
            step(cast, kind, row, name)


def test_a_move_that_wants_a_reason_is_not_made_without(cast: Cast, kind: Kind) -> None:
    for name, wanted in flow(kind).moves.items():
        if not wanted.reason:
            continue
        row = matter(cast, kind, wanted.from_[0], **fitting(kind, wanted))
        with pytest.raises(records.Refused) as refused, transaction.atomic():
            step(cast, kind, row, name, note=" ")
        assert ("note", "请写理由。") in {(p.field, p.message) for p in refused.value.problems}


def test_a_move_says_which_field_it_needs(cast: Cast, kind: Kind) -> None:
    for name, wanted in flow(kind).moves.items():
        row = matter(cast, kind, wanted.from_[0], **fitting(kind, wanted))
        needs = wanted.asks if wanted.needs is None else wanted.needs
        missing = {n for n in needs if not row.data.get(n)}
        if not missing:
            continue
        with pytest.raises(records.Refused) as refused, transaction.atomic():
            operations.move(cast.system, kind.name, row.pk, name, {}, AT, note="理由", unit="cgb")
        assert {p.field for p in refused.value.problems} == missing, name


def test_every_request_is_asked_from_its_states_and_from_no_other(cast: Cast, kind: Kind) -> None:
    for name, wanted in flow(kind).requests.items():
        for state, spec in flow(kind).states.items():
            row = matter(cast, kind, state)
            given = _given(cast, wanted)
            if state not in wanted.from_ if wanted.from_ else spec.end:
                with pytest.raises(records.Refused), transaction.atomic():
                    operations.ask(cast.system, kind.name, row.pk, name, LATER, **given)
                continue
            asked = operations.ask(cast.system, kind.name, row.pk, name, LATER, **given)
            for _node in wanted.nodes:
                assert Request.objects.get(pk=asked.pk).state == "asked"
                operations.decide(cast.system, asked.pk, LATER, grant=True)
            assert Request.objects.get(pk=asked.pk).state == "granted"
            _granted(kind, wanted, fresh(row))


def _given(cast: Cast, wanted: Asked) -> dict[str, Any]:
    given: dict[str, Any] = {"reason": next(iter(wanted.reasons)), "words": "写明情况"}
    if wanted.article:
        given["article"] = _article(cast, wanted.article)
    if wanted.effect == "extend":
        given["amount"] = 1
    return given


def _granted(kind: Kind, wanted: Asked, row: Matter) -> None:
    if wanted.effect == "move":
        assert row.state == flow(kind).moves[str(wanted.move)].to
    elif wanted.effect == "pause":
        assert row.paused_at == LATER
    else:
        assert row.extended == 1


def _article(cast: Cast, kind: str) -> str:
    spec = BOOK.kinds[kind]
    values = {n: _plain(spec, n) for n, f in spec.fields.items() if f.required}
    values[spec.key[0]] = f"第{Trail.objects.count()}项"
    return records.create(cast.system, kind, cast.unit("yunxiu"), values, AT).code


def _plain(spec: Kind, name: str) -> str:
    return next(iter(spec.fields[name].options), "写明")


def test_every_step_and_every_review_has_a_role_that_sees_the_kind_and_may_do_it(
    kind: Kind,
) -> None:
    spec = flow(kind)
    wanted = {f"moves.{n}": m.by for n, m in spec.moves.items()}
    for name, request in spec.requests.items():
        wanted[f"requests.{name}"] = request.by
        wanted |= {f"requests.{name}.{n}": node.by for n, node in enumerate(request.nodes)}
    people = [_holder(role) for role in BOOK.roles.values()]
    sees = [v for v in people if v.may("see", kind.name, "/o/", kind.sensitivity)]
    for what, by in wanted.items():
        able = [v for v in sees if any(v.may(r, kind.name, "/o/", kind.sensitivity) for r in by)]
        assert able, f"{kind.name} {what}: nobody can do it"


def _holder(role: Role) -> Viewer:
    grants = tuple(Grant(r.may, r.kinds, r.sensitivity, "/o/") for r in role.rights)
    return Viewer(1, role.title, 1, "/o/", grants=grants)
