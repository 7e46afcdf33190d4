"""The worker clears old rows away once a day, a batch at a time, and lets others write between."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session

from jiezhen.conf import clearing
from jiezhen.conftest import AT
from jiezhen.trail.models import Nonce

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a process begin that cleared nothing yet, in small batches."""
    monkeypatch.setattr(clearing, "_done", set())
    monkeypatch.setattr(clearing, "BATCH", 2)


def answers(many: int) -> None:
    Nonce.objects.bulk_create(
        Nonce(key=f"1:{n}", account_id=1, digest="d", status=200, at=AT - timedelta(days=31))
        for n in range(many)
    )


def test_once_a_day_and_all_that_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    answers(5)
    assert clearing.daily(AT, pauses.append) == 5
    assert pauses == [clearing.PAUSE] * 3
    answers(5)
    assert clearing.daily(AT + timedelta(hours=15), pauses.append) == 0
    assert clearing.daily(AT + timedelta(hours=16), pauses.append) == 5, "a new day"


def test_a_server_that_stops_is_not_kept_waiting() -> None:
    answers(5)
    assert clearing.daily(AT, lambda _seconds: True) == 2
    assert Nonce.objects.count() == 3


def test_a_session_goes_when_it_has_expired() -> None:
    Session.objects.create(session_key="old", expire_date=AT - timedelta(microseconds=1))
    Session.objects.create(session_key="now", expire_date=AT)
    assert clearing.daily(AT, lambda _seconds: False) == 1
    assert Session.objects.get().session_key == "now"


@pytest.mark.parametrize("log", [AccessAttempt, AccessLog])
def test_a_sign_in_is_kept_for_half_a_year(log: type[AccessAttempt] | type[AccessLog]) -> None:
    more = {"failures_since_start": 1} if log is AccessAttempt else {}
    for name, days in (("old", 185), ("young", 184)):
        made = log.objects.create(username=name, ip_address="127.0.0.1", **more)
        log.objects.filter(pk=made.pk).update(attempt_time=AT - timedelta(days=days))
    assert clearing.daily(AT, lambda _seconds: False) == 1
    assert log.objects.get().username == "young"
