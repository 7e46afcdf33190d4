"""The status page: whether all is well, and what to do when it is not."""

from datetime import timedelta

import pytest

from jiezhen.conftest import Cast
from jiezhen.kernel.worktime import NATIONAL


def test_the_page_says_until_when_holidays_are_known(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = NATIONAL.known_until()

    def shown(before: int) -> str:
        monkeypatch.setenv("JIEZHEN_NOW", (last - timedelta(days=before)).isoformat())
        return cast.client("administrator").get("/admin").content.decode()

    calm, near = shown(61), shown(60)
    assert f"知道到{last.year}年12月31日" in calm and f"知道到{last.year}年12月31日" in near
    assert "升级 chinesecalendar" not in calm
    assert "升级 chinesecalendar" in near
