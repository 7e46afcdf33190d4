"""What was delivered and read goes after 180 days; what nobody took stays, with what it names."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from jiezhen.conftest import Cast, build_cast
from jiezhen.effects.models import DEAD, DROPPED, Announcement, Delivery, Notice
from jiezhen.effects.operations import clearing, hooks, notices
from jiezhen.effects.tests.support import AT, case, later, say, work

MOMENT = timedelta(microseconds=1)
KEPT = clearing.KEPT


def rows(table: Any) -> Any:
    return table.objects.for_system("test")


def left() -> tuple[int, int, int]:
    return rows(Notice).count(), rows(Delivery).count(), rows(Announcement).count()


def clear(at: Any, most: int = 100) -> list[int]:
    """Clear as the worker does, in its order."""
    return [
        clearing.notices(at, most),
        clearing.deliveries(at, most),
        clearing.announcements(at, most),
    ]


def told(cast: Cast, many: int = 1, how: str = "now") -> None:
    """Let 松涛 hear of events by a notice and by e-mail."""
    notices.choose(cast.viewers["grid"], "grid@example.org", {"matters": how}, AT)
    say(cast, *(case(number=n) for n in range(many)))
    work()


@pytest.fixture(autouse=True)
def mailed(settings: Any) -> None:
    settings.MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def test_the_edge_of_the_limit(cast: Cast) -> None:
    told(cast)
    notices.read_all(cast.viewers["grid"], later(hours=1))
    assert left() == (1, 1, 1)
    assert clear(AT + KEPT) == [0, 0, 0]
    # The message arrived at once, the notice was read an hour later and holds the event.
    assert clear(AT + KEPT + MOMENT) == [0, 1, 0]
    assert clear(later(hours=1) + KEPT) == [0, 0, 0]
    assert clear(later(hours=1) + KEPT + MOMENT) == [1, 0, 1]
    assert left() == (0, 0, 0)


def test_what_nobody_read_stays_with_its_event(cast: Cast) -> None:
    told(cast)
    assert clear(later(days=3650)) == [0, 1, 0]
    assert left() == (1, 0, 1)


def test_a_digest_is_not_mailed_twice(cast: Cast) -> None:
    """An unread notice keeps the digest in which it was; else it would wait for the next one."""
    told(cast, how="digest")
    work(later(hours=3))
    assert left() == (1, 1, 1)
    assert clear(later(days=3650)) == [0, 0, 0]
    work(later(days=3650))
    assert left() == (1, 1, 1)


@pytest.mark.parametrize("table", [Announcement, Delivery])
def test_a_dead_letter_stays_until_it_is_dropped(cast: Cast, table: Any) -> None:
    told(cast)
    notices.read_all(cast.viewers["grid"], AT)
    rows(table).update(state=DEAD, done_at=None)
    clear(later(days=3650))
    assert rows(table).count() == rows(Announcement).count() == 1
    name = "event" if table is Announcement else "message"
    dropped = later(days=3650)
    hooks.settle(cast.viewers["administrator"], name, rows(table).get().pk, dropped, again=False)
    assert rows(table).get().state == DROPPED
    clear(dropped + KEPT)
    assert rows(table).count() == 1
    clear(dropped + KEPT + MOMENT)
    assert left() == (0, 0, 0)


def test_what_waits_stays(cast: Cast) -> None:
    say(cast, case())
    assert clear(later(days=3650)) == [0, 0, 0]
    assert left() == (0, 0, 1)


def test_young_rows_stay_and_old_ones_go_in_batches(cast: Cast) -> None:
    told(cast, 5)
    notices.read_all(cast.viewers["grid"], AT)
    say(cast, case(number=99), at=later(days=200))
    work(later(days=200))
    assert clear(later(days=200), 2) == [2, 2, 2]
    assert [sum(clear(later(days=200), 4)) for _call in range(2)] == [9, 0]
    assert left() == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_processes_side_by_side_clear_each_row_once() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("an in-memory SQLite has one connection")
    cast = build_cast()
    told(cast, 300)
    notices.read_all(cast.viewers["grid"], AT)
    start, cleared, at = threading.Barrier(4), [], later(days=181)

    def round_() -> None:
        start.wait()
        try:
            idle = 0
            while idle < 3:
                some = sum(clear(at, 20))
                cleared.append(some)
                idle = 0 if some else idle + 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=round_) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert left() == (0, 0, 0)
    assert sum(cleared) == 900
