"""The tokens are those of the brief, both dark blocks agree, and every pair reads well."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parent.parent / "static/web/jiezhen.css").read_text("utf-8")


def _tokens(selector: str) -> dict[str, str]:
    block = CSS.split(selector, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6})", block))


LIGHT = _tokens(":root {")
DARK = _tokens(':root:not([data-theme="light"]) {')


def _luminance(colour: str) -> float:
    def channel(at: int) -> float:
        c = int(colour[at : at + 2], 16) / 255
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)


def contrast(a: str, b: str) -> float:
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


# The table of the brief: token, on white, on page.
ON_PAPER = [
    ("ink", 16.4, 15.2),
    ("ink-2", 8.4, 7.8),
    ("ink-3", 5.8, 5.4),
    ("brand", 7.6, 7.0),
    ("visited", 8.0, 7.5),
    ("green", 5.8, 5.4),
    ("amber", 6.4, 5.9),
    ("amber-fill", 3.4, 3.2),
    ("red", 8.0, 7.5),
    ("done", 7.1, 6.6),
]
ON_DARK = [
    ("ink", 13.8),
    ("ink-2", 9.5),
    ("ink-3", 6.6),
    ("brand", 8.4),
    ("visited", 7.6),
    ("green", 8.5),
    ("amber", 9.3),
    ("red", 8.2),
    ("done", 8.3),
    ("control", 5.3),
]


@pytest.mark.parametrize(("token", "on_card", "on_page"), ON_PAPER)
def test_light_contrast_is_that_of_the_brief(token: str, on_card: float, on_page: float) -> None:
    assert contrast(LIGHT[token], LIGHT["card"]) == pytest.approx(on_card, abs=0.11)
    assert contrast(LIGHT[token], LIGHT["page"]) == pytest.approx(on_page, abs=0.11)


@pytest.mark.parametrize(("token", "on_card"), ON_DARK)
def test_dark_contrast_is_that_of_the_brief(token: str, on_card: float) -> None:
    assert contrast(DARK[token], DARK["card"]) == pytest.approx(on_card, abs=0.11)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("status", ["green", "amber", "red", "done"])
def test_status_text_reads_on_its_own_tint(theme: dict[str, str], status: str) -> None:
    assert contrast(theme[status], theme[f"{status}-tint"]) >= 5.0


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_reads_on_every_ground_it_stands_on(theme: dict[str, str]) -> None:
    for text in ("ink", "ink-2", "ink-3", "brand", "brand-strong"):
        for ground in ("page", "card", "brand-tint", "sunk"):
            if text == "ink-3" and ground == "brand-tint":
                continue
            assert contrast(theme[text], theme[ground]) >= 4.5, (text, ground)
    assert contrast(theme["on-brand"], theme["brand"]) >= 7
    for n in range(1, 7):
        assert contrast(theme[f"cat-{n}"], theme["card"]) >= 4.2


def test_the_system_and_the_switch_give_the_same_dark() -> None:
    assert _tokens(':root[data-theme="dark"] {') == DARK
    assert set(DARK) == set(LIGHT)


@pytest.mark.parametrize("word", [":has(", "@container", "color-mix(", "@import", "url(", "http"])
def test_the_stylesheet_stays_above_the_floor_and_inside_the_origin(word: str) -> None:
    assert word not in re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)


def test_there_is_no_nesting() -> None:
    plain = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)
    open_now: list[str] = []
    for selector, brace in re.findall(r"([^{};]*)([{}])", plain):
        if brace == "}":
            open_now.pop()
            continue
        assert all(outer.startswith("@media") for outer in open_now), selector
        open_now.append(selector.strip())
    assert open_now == []
