"""What the start says before the product serves."""

from datetime import timedelta

import pytest
from django.core.checks import Warning as Said
from django.core.checks import run_checks

from jiezhen.kernel.worktime import NATIONAL

LAST = NATIONAL.known_until()


def said() -> list[Said]:
    return [found for found in run_checks() if found.id == "jiezhen.W1"]


@pytest.mark.parametrize(
    ("before", "moment", "there"),
    [
        (61, "T23:59:59+08:00", False),
        (60, "T00:00:00+08:00", True),
        (60, "T16:00:00Z", True),
        (0, "T12:00:00+08:00", True),
        (-400, "T12:00:00+08:00", True),
    ],
)
def test_the_end_of_known_holidays_is_told_sixty_days_ahead_and_after(
    before: int, moment: str, there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = LAST - timedelta(days=before)
    monkeypatch.setenv("JIEZHEN_NOW", f"{day}{moment}")
    assert bool(said()) is there


def test_it_says_what_to_do_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEZHEN_NOW", LAST.isoformat())
    [found] = said()
    assert isinstance(found, Said)
    assert f"{LAST.year}年12月31日" in found.msg and f"until {LAST.isoformat()}" in found.msg
    assert "升级 chinesecalendar" in str(found.hint)
    assert "Upgrade the package chinesecalendar" in str(found.hint)
