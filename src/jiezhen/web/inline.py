"""Small pieces that stand inside a Chinese sentence, so they must not bring white space along.

Every function returns safe markup in which all given text is escaped. Shapes are inline SVG with
attributes only: our Content-Security-Policy refuses `style`.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jiezhen.web import formats
from jiezhen.web.components import Bar, Cell, Colour, Lamp, Share

# Each light has its own outline, so that it is read without colour (UX 4).
_SHAPES: dict[str, SafeString] = {
    "green": SafeString(
        '<circle class="lamp-fill" cx="8" cy="8" r="7"/>'
        '<path class="lamp-cut" d="M4.6 8.3 7 10.7l4.4-4.9"/>'
    ),
    "yellow": SafeString(
        '<path class="lamp-fill" d="M8 1 15.6 14.5H.4Z"/>'
        '<path class="lamp-cut" d="M8 5.6v4.2M8 11.4v1.5"/>'
    ),
    "red": SafeString(
        '<rect class="lamp-fill" x="1" y="1" width="14" height="14" rx="1"/>'
        '<path class="lamp-cut" d="m5.2 5.2 5.6 5.6m0-5.6-5.6 5.6"/>'
    ),
    "grey": SafeString('<circle class="lamp-ring" cx="8" cy="8" r="6"/>'),
    "blue": SafeString('<path class="lamp-fill" d="M8 .8 15.2 8 8 15.2.8 8Z"/>'),
}


def lamp_word(colour: Colour) -> str:
    """Return the word of a light that was given none."""
    words: dict[Colour, str] = {
        "green": _("正常"),
        "yellow": _("滞后"),
        "red": _("超期"),
        "grey": _("无数据"),
        "blue": _("销号"),
    }
    return words[colour]


def lamp(colour: Colour | Lamp, word: str = "", why: str = "") -> SafeString:
    """Return a status light: shape, colour and word; `why` is its one-line reason."""
    if isinstance(colour, Lamp):
        return lamp(colour.colour, colour.word or word, colour.why or why)
    if colour not in _SHAPES:
        colour = "grey"
    reason = format_html('<span class="lamp-why">{}</span>', _(why)) if why else ""
    return format_html(
        '<span class="lamp lamp-{0}" data-lamp="{0}"><svg class="lamp-shape" width="16" height="16"'
        ' viewBox="0 0 16 16" aria-hidden="true" focusable="false">{1}</svg>'
        '<span class="lamp-word">{2}</span>{3}</span>',
        colour,
        _SHAPES[colour],
        _(word) if word else lamp_word(colour),
        reason,
    )


def number(text: object, href: str = "", why: str = "") -> SafeString:
    """Return a computed figure as a link to where it comes from, or 「—」 with the reason."""
    if text is None or text in ("", formats.UNKNOWN):
        reason = format_html('<span class="why">{}</span>', why) if why else ""
        return format_html('<span class="blank">{}{}</span>', formats.UNKNOWN, reason)
    if href:
        return format_html('<a class="num" data-num href="{}">{}</a>', href, text)
    return format_html('<span class="num">{}</span>', text)


def _of_hundred(share: Share) -> str:
    """Return the share as a length that an SVG attribute takes, held between 0% and 100%."""
    value = formats.exact(share) or Decimal(0)
    return f"{float(max(Decimal(0), min(Decimal(1), value)) * 100):.2f}%"


def bar(share: Share | Bar | None, pace: Share | None = None, text: str = "") -> SafeString:
    """Return a target bar; the upright tick is 序时 (the share of the time that is gone)."""
    if isinstance(share, Bar):
        return bar(share.share, share.pace, share.text or text)
    if share is None:
        return number(None)
    words = text or formats.percent(share)
    said = _("完成%(share)s") % {"share": words}
    tick = SafeString()
    if pace is not None:
        at = _of_hundred(pace)
        said += _("，序时%(pace)s") % {"pace": formats.percent(pace)}
        tick = format_html('<rect class="bar-pace" x="{}" y="0" width="2" height="16"/>', at)
    return format_html(
        '<span class="bar"><svg class="bar-shape" width="100%" height="16" role="img"'
        ' aria-label="{}" focusable="false">'
        '<rect class="bar-track" x="0" y="4" width="100%" height="8"/>'
        '<rect class="bar-fill" x="0" y="4" width="{}" height="8"/>{}</svg>'
        '<span class="bar-text">{}</span></span>',
        said,
        _of_hundred(share),
        tick,
        words,
    )


def _runs(values: Sequence[float | None]) -> list[list[tuple[float, float]]]:
    """Scale the values into the 120 by 28 box and cut the line where a value is missing."""
    known = [float(v) for v in values if v is not None]
    low, high = min(known), max(known)
    span = (high - low) or 1.0
    step = 112 / max(1, len(values) - 1)
    runs: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        y = 14.0 if high == low else 24 - 20 * (float(value) - low) / span
        runs[-1].append((4 + index * step, y))
    return [run for run in runs if run]


def sparkline(values: Sequence[float | None], label: str = "") -> SafeString:
    """Return the course of a figure as one thin line; a gap stays a gap."""
    if not any(v is not None for v in values):
        return number(None, why=_("这段时间没有数"))
    runs = _runs(values)
    lines = format_html_join(
        "",
        '<polyline class="spark-line" points="{}"/>',
        ((" ".join(f"{x:.1f},{y:.1f}" for x, y in run),) for run in runs if len(run) > 1),
    )
    alone = format_html_join(
        "",
        '<circle class="spark-dot" cx="{}" cy="{}" r="1.5"/>',
        ((f"{run[0][0]:.1f}", f"{run[0][1]:.1f}") for run in runs if len(run) == 1),
    )
    x, y = runs[-1][-1]
    said = label or _("近%(n)d期走势") % {"n": len(values)}
    return format_html(
        '<svg class="spark" width="120" height="28" viewBox="0 0 120 28" role="img"'
        ' aria-label="{}" focusable="false">{}{}'
        '<circle class="spark-end" cx="{}" cy="{}" r="2.5"/></svg>',
        said,
        lines,
        alone,
        f"{x:.1f}",
        f"{y:.1f}",
    )


_MARKS = {
    "sure": "",
    "unsure": "",
    "told": "",
    "agrees": "✓",
    "differs": "✗",
    "unsourced": "?",
    "remark": "!",
}


def mark_word(state: str) -> str:
    """Return what a mark in a document says to those who cannot see its line."""
    return {
        "sure": _("已确认"),
        "unsure": _("待确认"),
        "told": _("说明性"),
        "agrees": _("一致"),
        "differs": _("不一致"),
        "unsourced": _("没有来源"),
        "remark": _("提示"),
    }[state]


def mark(text: str, state: str = "sure", href: str = "", key: str = "") -> SafeString:
    """Return a marked figure of a document pane; `key` ties it to the row with the same key."""
    if state not in _MARKS:
        state = "told"
    sign = _MARKS[state]
    badge = format_html('<sup class="mark-sign" aria-hidden="true">{}</sup>', sign) if sign else ""
    inner = format_html(
        '{}{}<span class="visually-hidden">（{}）</span>', text, badge, mark_word(state)
    )
    tie = format_html(' data-c="{0}" id="mark-{0}"', key) if key else ""
    if href:
        return format_html('<a class="mark mark-{}" href="{}"{}>{}</a>', state, href, tie, inner)
    return format_html('<span class="mark mark-{}"{}>{}</span>', state, tie, inner)


def cell(given: Cell) -> SafeString:
    """Return the inside of one table cell."""
    if given.markup is not None:
        return given.markup
    parts: list[SafeString] = []
    if given.lamp is not None:
        parts.append(lamp(given.lamp))
    if given.bar is not None:
        parts.append(bar(given.bar))
    if given.text or not parts:
        parts.append(_text_of(given))
    if given.note:
        parts.append(format_html('<span class="note">{}</span>', given.note))
    return format_html_join("", "{}", ((part,) for part in parts))


def _text_of(given: Cell) -> SafeString:
    if given.number or not given.text:
        return number(given.text, given.href, given.why)
    inner = format_html("<code>{}</code>", given.text) if given.code else given.text
    if given.href:
        return format_html('<a href="{}">{}</a>', given.href, inner)
    return format_html("{}", inner)
