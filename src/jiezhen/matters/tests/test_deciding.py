"""What was asked for is decided while it is still possible, and is waited for until then."""

import pytest

from jiezhen.conftest import Cast
from jiezhen.matters import operations
from jiezhen.matters.models import Matter, Request
from jiezhen.matters.tests.conftest import again, at, more, opened
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records

pytestmark = pytest.mark.django_db
CASE = "trial.case"


@pytest.fixture
def leader(desk: Viewer, cast: Cast) -> Viewer:
    """Return somebody who approves."""
    return more(cast.viewers["leader"], "change", "matters.approve")


def handled(desk: Viewer) -> Matter:
    """Return a case in hand."""
    row = opened(desk, "2023-06-21 09:12", **{"class": "noise"})
    operations.move(desk, CASE, row.pk, "contact", {}, at("2023-06-21 09:30"))
    return again(row)


def longer(desk: Viewer, row: Matter) -> Request:
    """Ask for more time."""
    moment = at("2023-06-21 10:00")
    return operations.ask(desk, CASE, row.pk, "extend", moment, reason="rain", amount=1)


def test_nothing_is_granted_after_the_matter_was_closed(desk: Viewer, leader: Viewer) -> None:
    row = handled(desk)
    asked = longer(desk, row)
    operations.move(desk, CASE, row.pk, "finish", {}, at("2023-06-21 11:00"))
    assert again(row).waits == ""
    with pytest.raises(operations.UnableToAsk, match="现在不能延期"):
        operations.decide(leader, asked.pk, at("2023-06-21 12:00"), grant=True)
    assert again(row).extended == 0
    operations.decide(leader, asked.pk, at("2023-06-21 12:00"), grant=False, words="已办结")
    assert again(row).waits == ""


def test_nothing_is_granted_to_a_matter_that_was_withdrawn(desk: Viewer, leader: Viewer) -> None:
    row = handled(desk)
    asked = longer(desk, row)
    records.withdraw(desk, CASE, row.pk, at("2023-06-21 11:00"), "登记错了")
    with pytest.raises(records.Refused, match="已经撤回"):
        operations.decide(leader, asked.pk, at("2023-06-21 12:00"), grant=True)


def test_a_move_that_is_not_possible_any_more_is_told_not_broken(
    desk: Viewer, leader: Viewer, cast: Cast
) -> None:
    row = handled(desk)
    moment = at("2023-06-21 10:00")
    operations.ask(desk, CASE, row.pk, "hang", moment, reason="money", words="等预算")
    operations.decide(leader, row.requests.get().pk, at("2023-06-21 10:10"), grant=True)
    operations.move(desk, CASE, row.pk, "verify", {}, at("2023-06-21 11:00"))
    with pytest.raises(operations.UnableToAsk, match="不能“挂账”"):
        operations.decide(leader, row.requests.get().pk, at("2023-06-21 12:00"), grant=True)
    assert again(row).state == "checking" and row.requests.get().state == "asked"


def test_a_second_request_still_waits_when_the_first_was_decided(
    desk: Viewer, leader: Viewer
) -> None:
    row = handled(desk)
    first = longer(desk, row)
    moment = at("2023-06-21 10:05")
    operations.ask(desk, CASE, row.pk, "hang", moment, reason="money", words="等预算")
    operations.decide(leader, first.pk, at("2023-06-21 11:00"), grant=False, words="不必")
    assert again(row).waits == "decide"


def test_a_granted_request_leaves_the_other_one_waiting(desk: Viewer, leader: Viewer) -> None:
    row = handled(desk)
    first = longer(desk, row)
    moment = at("2023-06-21 10:05")
    operations.ask(desk, CASE, row.pk, "hang", moment, reason="money", words="等预算")
    operations.decide(leader, first.pk, at("2023-06-21 11:00"), grant=True)
    assert again(row).waits == "decide" and again(row).extended == 1


def test_a_move_leaves_a_request_waiting_that_may_still_be_granted(
    desk: Viewer, leader: Viewer
) -> None:
    row = opened(desk, "2023-06-21 09:12", **{"class": "noise"})
    asked = longer(desk, row)
    operations.move(desk, CASE, row.pk, "contact", {}, at("2023-06-21 10:30"))
    assert again(row).waits == "decide"
    operations.take_back(desk, asked.pk, at("2023-06-21 10:40"))
    assert again(row).waits == ""


def test_the_page_says_why_a_request_cannot_be_granted(
    desk: Viewer, leader: Viewer, cast: Cast, still: object
) -> None:
    row = handled(desk)
    moment = at("2023-06-21 10:00")
    operations.ask(cast.system, CASE, row.pk, "hang", moment, reason="money", words="等预算")
    asked = row.requests.get()
    operations.decide(leader, asked.pk, at("2023-06-21 10:10"), grant=True)
    operations.move(desk, CASE, row.pk, "verify", {}, at("2023-06-21 11:00"))
    posted = {"verdict": "yes", "_nonce": "a-nonce-of-its-own"}
    answer = cast.client("city").post(f"/matters/{row.code}/requests/{asked.pk}", posted)
    assert answer.status_code == 422
    assert "不能“挂账”" in answer.content.decode()
