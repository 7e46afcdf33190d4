"""Machines that write at the same moment with the same key."""

import json
import threading

import pytest
from django.db import connection, connections
from django.test import Client

from jiezhen.conftest import AT, build_cast
from jiezhen.registers.models import Entry
from jiezhen.units import operations as units

from .addresses import SITE


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_with_one_key_write_one_record(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite in memory has one connection; the same runs on PostgreSQL")
    monkeypatch.setenv("JIEZHEN_NOW", AT.isoformat())
    cast = build_cast()
    token = units.issue_token(cast.viewers["administrator"], "section", "并发", AT)
    body = json.dumps({"unit": "c1", "values": {"name": "并发食堂", "category": "canteen"}})
    answers: list[int] = []
    start = threading.Barrier(50)

    def send() -> None:
        try:
            start.wait()
            answer = Client().post(
                f"/api/records/{SITE}",
                body,
                content_type="application/json",
                headers={"Idempotency-Key": "same", "Authorization": f"Bearer {token}"},
            )
            answers.append(answer.status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [201] * 50
    assert Entry.objects.for_system("test").filter(kind=SITE).count() == 1
