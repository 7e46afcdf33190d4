"""The look of a chart, once (UX 4): config of Vega-Lite and the colours.

Two measured traps are handled here: a number locale with empty `grouping` blanks every label, and
Vega drops null marks, so regions without data are a layer of their own (`svg.HATCH`).
"""

from typing import Any

CATEGORY = ("#0F5C6E", "#C25E00", "#5B4B9A", "#4A7A1E", "#A83262", "#6B5B45")
# Series differ by dashes as well, so that black-and-white print keeps them apart.
DASHES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (3, 4), (10, 4))
INK, LABEL, GRID, AXIS = "#1B211E", "#47504A", "#E3E6E1", "#767F78"
SANS = (
    "'PingFang SC', 'HarmonyOS Sans SC', MiSans, 'Microsoft YaHei', 'Noto Sans CJK SC',"
    " 'Source Han Sans SC', 'WenQuanYi Micro Hei', sans-serif"
)
# Big values of an axis are written 12万 or 3亿; the words of the page keep the exact figure.
AXIS_LABEL = (
    "abs(datum.value) >= 1e8 ? format(datum.value / 1e8, '~f') + '亿' : "
    "abs(datum.value) >= 1e5 ? format(datum.value / 1e4, '~f') + '万' : "
    "format(datum.value, '~f')"
)
_FONT: dict[str, Any] = {"labelFont": SANS, "titleFont": SANS}


def config() -> dict[str, Any]:
    """Return the `config` object of every chart."""
    return {
        "background": None,
        "padding": {"left": 2, "top": 4, "right": 10, "bottom": 2},
        "font": SANS,
        "locale": {
            "number": {"decimal": ".", "thousands": "", "grouping": [3], "currency": ["", ""]}
        },
        "view": {"stroke": None},
        "axis": {
            **_FONT,
            "labelFontSize": 12,
            "labelColor": LABEL,
            "titleFontSize": 12,
            "titleFontWeight": 400,
            "titleColor": LABEL,
            "domainColor": AXIS,
            "tickColor": AXIS,
            "tickSize": 4,
        },
        "axisX": {"grid": False, "labelAngle": 0},
        "axisY": {
            "grid": True,
            "gridColor": GRID,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "titleAngle": 0,
            "titleAlign": "left",
            "titleAnchor": "end",
            "titleBaseline": "bottom",
        },
        "line": {"strokeWidth": 2},
        "bar": {"color": CATEGORY[0]},
        "text": {"font": SANS, "fontSize": 12, "color": INK},
    }
