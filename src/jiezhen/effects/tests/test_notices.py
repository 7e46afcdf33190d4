"""An act is announced once, in its own transaction, and those concerned hear of it."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiezhen.conftest import AT, Cast
from jiezhen.effects import queries
from jiezhen.effects.models import Announcement, Notice
from jiezhen.effects.operations import announce, announce_many
from jiezhen.effects.rules import GROUPS
from jiezhen.effects.tests.support import case, later, say, work


def readers(cast: Cast) -> set[str]:
    """Return who found a notice."""
    return {who for who, viewer in cast.viewers.items() if queries.unread(viewer)}


def page(client: Client, href: str = "/notices") -> str:
    answer = client.get(href)
    assert answer.status_code == 200
    return answer.content.decode()


def test_announcing_costs_one_statement_and_happens_once(cast: Cast) -> None:
    with (
        CaptureQueriesContext(
            connection,
        ) as caught,
        transaction.atomic(),
    ):
        announce(cast.system.office_id, case(), AT)
    inserts = [q for q in caught.captured_queries if "INSERT" in q["sql"]]
    others = [q["sql"] for q in caught.captured_queries if "INSERT" not in q["sql"]]
    assert len(inserts) == 1
    assert all(sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for sql in others)
    announce_many(cast.system.office_id, [case(), case(number=2), case()], AT)
    assert Announcement.objects.for_system("test").count() == 2


def test_what_is_rolled_back_was_never_said(cast: Cast) -> None:
    with transaction.atomic():
        announce(cast.system.office_id, case(), AT)
        transaction.set_rollback(True)
    assert work() == 0
    assert readers(cast) == set()


def test_the_unit_hears_of_its_matter_and_nobody_else(cast: Cast) -> None:
    say(cast, case())
    assert readers(cast) == set()  # the worker has not been round yet
    assert work() == 1
    assert readers(cast) == {"grid"}
    assert "楼道堆物派到松涛居民区" in page(cast.client("grid"))
    assert "楼道堆物" not in page(cast.client("neighbour"))


def test_the_one_who_acted_needs_no_notice_and_a_named_one_gets_it(cast: Cast) -> None:
    grid, section = cast.accounts["grid"].pk, cast.accounts["section"].pk
    say(cast, case(by=grid, to=(section,)))
    work()
    assert readers(cast) == {"section"}


def test_nobody_hears_of_what_they_may_not_see(cast: Cast) -> None:
    named = tuple(account.pk for account in cast.accounts.values())
    say(cast, case(to=named))
    work()
    # The neighbour sees another unit, the leader no personal kinds, officials no records.
    assert readers(cast) == {"grid", "section", "city"}


def test_a_unit_without_people_is_stood_in_for_by_those_above(cast: Cast) -> None:
    say(cast, case(unit_path="/yunxiu/cgb/"))
    work()
    assert readers(cast) == {"section", "city"}


def test_heads_hear_of_what_is_overdue_and_supervised(cast: Cast) -> None:
    say(cast, case("matter.overdue", sensitivity="inner"))
    work()
    assert readers(cast) == {"grid", "leader", "planner", "city"}


def test_numbers_that_slipped_into_the_words_are_covered(cast: Cast) -> None:
    say(
        cast,
        case(
            title="请回电13900424242",
            text="电话 13900424242\n",
            data={"who": [{"tel": "13900424242"}]},
        ),
    )
    work()
    assert "13900424242" not in page(cast.client("grid"))
    row = Announcement.objects.for_system("test").get()
    assert "13900424242" not in str((row.title, row.text, row.data))
    assert row.data == {"who": [{"tel": "139****4242"}]}


def test_unread_ones_stand_first_and_one_press_reads_all(cast: Cast) -> None:
    say(cast, case(number=1))
    work()
    grid = cast.client("grid")
    assert "1<span" in page(grid, "/notices/count")
    answer = grid.post("/notices/read", {"_nonce": "n1"})
    assert (answer.status_code, answer["Location"]) == (302, "/notices")
    assert "<span" not in page(grid, "/notices/count")
    say(cast, case(number=2), at=later(hours=1))
    say(cast, case("matter.sent_back", number=3), at=later(minutes=30))
    work(later(hours=1))
    lines = queries.notices(cast.viewers["grid"]).lines
    assert [line.unread for line in lines] == [True, True, False]
    assert "全部标为已读" in page(grid)


def test_reading_is_ones_own(cast: Cast) -> None:
    say(cast, case(to=(cast.accounts["section"].pk,)))
    work()
    cast.client("grid").post("/notices/read", {"_nonce": "n1"})
    assert readers(cast) == {"section"}


def opened(client: Client, href: str) -> str:
    """Return the count that the browser asks for after it has opened a page."""
    here = f"http://testserver{href}"
    return client.get("/notices/count", headers={"HX-Current-URL": here}).content.decode()


def test_opening_the_page_reads_its_notices_and_no_others(cast: Cast) -> None:
    say(cast, case(number=1), case("matter.overdue", number=1), case(number=2))
    work()
    grid, href = cast.client("grid"), queries.notices(cast.viewers["grid"]).lines[0].href
    assert "3<span" in opened(grid, "/matters") and "3<span" in opened(grid, "/")
    assert (
        "3<span"
        in grid.get("/notices/count", headers={"HX-Current-URL": "http://[no"}).content.decode()
    )
    left = opened(grid, f"{href}?tab=course#course")
    assert "<span" in left and "3<span" not in left
    assert opened(grid, href) == left
    lines = queries.notices(cast.viewers["grid"]).lines
    assert {(line.href == href, line.unread) for line in lines} == {(True, False), (False, True)}


def test_notices_of_one_object_stand_under_the_newest(cast: Cast) -> None:
    for minute, name in enumerate(("matter.dispatched", "matter.due_soon", "matter.overdue")):
        say(cast, case(name, number=1, key=f"k{minute}"), at=later(minutes=minute))
    say(cast, case(number=2), at=later(minutes=9))
    work(later(minutes=9))
    other, one = queries.notices(cast.viewers["grid"]).lines
    assert (len(one.older), len(other.older)) == (2, 0)
    html = page(cast.client("grid"))
    assert "之前还有2条" in html and html.count('<li class="is-unread"') == 2
    cast.client("grid").post("/notices/read", {"_nonce": "n1"})
    say(cast, case("matter.supervised", number=1, key="k9"), at=later(minutes=20))
    work(later(minutes=20))
    new, *old = queries.notices(cast.viewers["grid"]).lines
    assert new.unread and not new.older and not any(line.unread for line in old)


def test_each_group_has_its_tab_and_every_notice_one_group(cast: Cast) -> None:
    names = ("matter.dispatched", "matter.overdue", "plan.pressed", "task.assigned", "report.due")
    for n, name in enumerate(names):
        say(cast, case(name, number=n))
    work()
    grid, viewer = cast.client("grid"), cast.viewers["grid"]
    sizes = {g: len(queries.notices(viewer, group=g).lines) for g in GROUPS}
    assert sizes == {"deadlines": 2, "matters": 1, "plans": 1, "others": 1}
    assert page(grid, "/notices?group=plans").count('<li class="is-unread"') == 1
    assert page(grid, "/notices?group=none").count('<li class="is-unread"') == 5
    assert 'aria-current="page"' in page(grid, "/notices?group=plans")


def test_the_list_and_the_count_cost_few_statements(cast: Cast) -> None:
    for number in range(120):
        say(cast, case(number=number))
    work()
    grid = cast.client("grid")
    for href in ("/notices", "/notices?page=2", "/notices/count", "/notices/latest"):
        with CaptureQueriesContext(connection) as caught:
            page(grid, href)
        assert len(caught) <= 4, (href, [q["sql"] for q in caught.captured_queries])
    assert "99+" in page(grid, "/notices/count")
    assert page(grid, "/notices?page=3").count('<li class="is-unread"') == 20


def test_the_desk_shows_the_latest_after_the_page(cast: Cast) -> None:
    grid = cast.client("grid")
    assert 'hx-get="/notices/latest"' in page(grid, "/")
    assert page(grid, "/notices/latest").strip() == ""
    say(cast, *(case(number=n) for n in range(8)))
    work()
    assert page(grid, "/notices/latest").count("<li") == 5


def test_a_batch_costs_few_statements_and_a_second_round_none(cast: Cast) -> None:
    say(cast, *(case(number=n) for n in range(150)))
    with CaptureQueriesContext(connection) as caught:
        work()
    assert len(caught) <= 30
    with CaptureQueriesContext(connection) as caught:
        work()
    assert len(caught) <= 3
    assert Notice.objects.for_system("test").count() == 150


def test_a_broken_event_waits_and_is_laid_down_while_the_others_go_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(cast, case(number=1), case(number=2, sensitivity="nonsense"), case(number=3))
    work()
    assert queries.unread(cast.viewers["grid"]) == 2
    broken = Announcement.objects.for_system("test").get(sensitivity="nonsense")
    assert (broken.state, broken.tries) == ("waiting", 1)
    assert broken.reason.startswith("分发出错")
    for hours in range(1, 40):
        work(later(hours=hours))
    broken.refresh_from_db()
    assert (broken.state, broken.tries) == ("dead", 8)
    letters = queries.dead(cast.viewers["administrator"])
    assert [(x.table, x.about) for x in letters] == [("event", broken.about)]
