"""Says at start-up whether this machine can draw Chinese.

SVG charts name a font and the reader's machine draws it. PNG charts are drawn here: without a
Chinese font every word is lost, with no error anywhere. So two different characters are drawn and
compared: no font gives two empty pictures, a font without Chinese two equal boxes.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import vl_convert
from django.core import checks

FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "PingFang SC",
)


def _drawn(text: str) -> bytes:
    families = ", ".join(f"'{name}'" for name in FAMILIES)
    return bytes(
        vl_convert.svg_to_png(
            '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">'
            f'<text x="2" y="20" font-size="18" font-family="{families}, sans-serif">{text}</text>'
            "</svg>"
        )
    )


@lru_cache(maxsize=1)
def draws_chinese() -> bool:
    """Return whether pictures made on this machine keep their Chinese words."""
    return _drawn("街") != _drawn("镇")


def check_fonts(app_configs: Sequence[Any] | None, **kwargs: object) -> list[checks.CheckMessage]:
    """Warn in both languages when PNG charts would lose their text."""
    if draws_chinese():
        return []
    return [
        checks.Warning(
            "这台机器没有中文字体：PNG图表里的文字会全部丢失（网页和SVG图表不受影响）。"
            " No Chinese font on this machine: charts as PNG would lose all their text"
            " (pages and SVG charts are not affected).",
            hint="apt install fonts-noto-cjk  (or fonts-wqy-microhei, 5 MB)",
            id="web.W001",
        )
    ]


def register() -> None:
    """Add the check to those that Django runs at start-up."""
    checks.register(check_fonts, "fonts")
