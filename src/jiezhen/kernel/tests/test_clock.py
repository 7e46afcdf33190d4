"""The clock stands still when it is told to."""

from datetime import date, datetime

import pytest

from jiezhen.kernel import clock


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2023-07-03", "2023-07-03T09:00:00+08:00"),
        ("2023-07-03T18:30", "2023-07-03T18:30:00+08:00"),
        ("2023-07-03 18:30:05", "2023-07-03T18:30:05+08:00"),
        ("2023-07-03T23:30:00+00:00", "2023-07-04T07:30:00+08:00"),
    ],
)
def test_it_stands_still(monkeypatch, text, shown):
    monkeypatch.setenv("JIEZHEN_NOW", text)
    assert clock.now().isoformat() == shown
    assert clock.today() == datetime.fromisoformat(shown).date()


def test_it_refuses_what_is_no_time(monkeypatch):
    monkeypatch.setenv("JIEZHEN_NOW", "明天")
    with pytest.raises(clock.BadClock) as caught:
        clock.now()
    assert "明天" in caught.value.message
    assert "2023-07-03" in caught.value.message_en


def test_it_runs_when_nothing_is_said(monkeypatch):
    monkeypatch.delenv("JIEZHEN_NOW", raising=False)
    assert clock.now().utcoffset() is not None
    assert clock.day_of(date(2023, 1, 1)) == date(2023, 1, 1)
