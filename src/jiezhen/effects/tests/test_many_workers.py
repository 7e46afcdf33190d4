"""Several workers at once: each row goes to one of them."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, connections

from jiezhen.conftest import AT, build_cast
from jiezhen.effects import tasks
from jiezhen.effects.models import Announcement, Delivery, Notice
from jiezhen.effects.operations import hooks, leases
from jiezhen.effects.rules.waits import LEASE
from jiezhen.effects.tests.receivers import receiver
from jiezhen.effects.tests.support import case, say


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_send_each_message_once(settings: object) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("an in-memory SQLite has one connection; tests/kill covers the file")
    settings.EFFECTS_LOOPBACK = True  # type: ignore[attr-defined]
    cast = build_cast()
    with receiver() as there:
        wanted = hooks.Wanted("区平台", there.address, ("*",), "jiezhen", "personal")
        hooks.add(cast.viewers["administrator"], wanted, AT)
        say(cast, *(case(number=n) for n in range(120)))
        start = threading.Barrier(6)

        def work() -> None:
            start.wait()
            try:
                idle = 0
                while idle < 3:
                    idle = 0 if tasks.deliver(AT) else idle + 1
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        tasks.deliver(AT)
        met = Counter(got.headers["webhook-id"] for got in there.got)
    assert len(met) == 120
    assert set(met.values()) == {1}
    assert Notice.objects.for_system("test").count() == 120


@pytest.mark.django_db
def test_who_lost_the_lease_changes_nothing() -> None:
    cast = build_cast()
    say(cast, case())
    slow, [row] = leases.take(Announcement, AT, 10)
    assert leases.take(Announcement, AT, 10)[1] == []
    quick, [same] = leases.take(Announcement, AT + LEASE, 10)
    assert (same.pk, same.tries) == (row.pk, 2)
    late = AT + LEASE + timedelta(seconds=1)
    assert not leases.done(row, slow, late)
    assert not leases.failed(row, slow, "late", late)
    from jiezhen.effects.operations import outbox

    assert outbox.spread([row], slow, late) == 0
    assert Notice.objects.for_system("test").count() == 0
    assert outbox.spread([same], quick, late) == 1
    assert Notice.objects.for_system("test").count() == 1
    assert not Delivery.objects.for_system("test").exists()
