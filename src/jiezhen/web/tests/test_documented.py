"""Every tag, filter, skeleton and script stands in docs/design-system.md."""

from pathlib import Path

import pytest

from jiezhen.web.templatetags.web import register

ROOM = Path(__file__).parent.parent
PAGE = ROOM.parents[2] / "docs/design-system.md"


@pytest.mark.skipif(not PAGE.exists(), reason="installed without the documentation")
def test_everything_is_documented() -> None:
    text = PAGE.read_text("utf-8")
    skeletons = ["base", "list", "record", "form", "split", "board", "editor", "login", "portal"]
    names = [*register.tags, *register.filters, *(f"web/{name}.html" for name in skeletons)]
    names += [script.name for script in (ROOM / "static/web").glob("*.js")]
    assert [name for name in names if f"`{name}`" not in text] == []
