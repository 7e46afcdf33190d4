"""The tags and filters of the design system: `{% load web %}`.

Each tag turns one context of `jiezhen.web.components` into markup; docs/design-system.md lists
them with an example each. They never query, never read the clock, and escape everything.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jiezhen.web import fields, formats, inline
from jiezhen.web.components import (
    Action,
    Bar,
    Cell,
    Chip,
    Choice,
    Column,
    Crumb,
    Event,
    Facet,
    Fact,
    Masked,
    Pager,
    Problem,
    Table,
    Tile,
    Undo,
)

register = template.Library()
Context = dict[str, Any]

register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("clock", formats.clock)
register.filter("weekday", formats.weekday)
register.filter("percent", formats.percent)
register.filter("plain", formats.plain)
register.filter("quantity", formats.quantity)
register.simple_tag(inline.lamp, name="lamp")
register.simple_tag(inline.number, name="number")
register.simple_tag(inline.bar, name="bar")
register.simple_tag(inline.sparkline, name="sparkline")
register.simple_tag(inline.mark, name="mark")


@register.filter
def day_near(value: date | datetime | None, at: date | datetime | None = None) -> str:
    """Write a day, without its year when that is the year of `at`."""
    return formats.day_near(value, at)


@register.filter
def ago(value: datetime | None, at: datetime | None = None) -> SafeString:
    """Write 3分钟前, with the exact time for pointer, keyboard and machine."""
    if not isinstance(value, datetime):
        return SafeString(formats.UNKNOWN)
    return format_html(
        '<time datetime="{}" title="{}" tabindex="0">{}</time>',
        value.isoformat(),
        formats.moment(value),
        formats.ago(value, at),
    )


@register.simple_tag
def cell(given: Cell) -> SafeString:
    """Render the inside of one table cell."""
    return inline.cell(given)


@register.simple_tag(takes_context=True)
def nonce(context: Context) -> SafeString:
    """Render the hidden nonce of an unsafe form from the context variable `nonce`."""
    value = context.get("nonce")
    if not value:
        return SafeString()
    return format_html('<input type="hidden" name="_nonce" value="{}">', value)


@register.simple_tag(takes_context=True)
def here(context: Context) -> str:
    """Return the path and query of this page, for a form that comes back to it."""
    request: HttpRequest | None = context.get("request")
    return request.get_full_path() if request is not None else "/"


@register.inclusion_tag("web/parts/table.html", takes_context=True)
def table(context: Context, table: Table) -> Context:
    """Render a data grid. Selected rows post as `selected` of the form `bulk`."""
    return {"table": table, "at": context.get("at")}


@register.inclusion_tag("web/parts/th.html")
def th(column: Column) -> Context:
    """Render a column head, with a sort link when the column has one."""
    return {"column": column}


@register.inclusion_tag("web/parts/tile.html")
def tile(tile: Tile) -> Context:
    """Render one figure of a dashboard."""
    return {"tile": tile}


@register.inclusion_tag("web/parts/pager.html")
def pager(page: Pager) -> Context:
    """Render where the list stands and its two links."""
    return {"page": page}


@register.inclusion_tag("web/parts/tabs.html")
def tabs(choices: Sequence[Choice], label: str = "") -> Context:
    """Render links as tabs with counts."""
    return {"choices": choices, "label": label}


@register.inclusion_tag("web/parts/chips.html")
def chips(chips: Sequence[Chip], label: str = "") -> Context:
    """Render scope chips (单元, 期间) or the filters in force."""
    return {"chips": chips, "label": label}


@register.inclusion_tag("web/parts/facets.html")
def facets(facets: Sequence[Facet]) -> Context:
    """Render the filters of a list with their counts."""
    return {"facets": facets}


@register.inclusion_tag("web/parts/crumbs.html")
def crumbs(crumbs: Sequence[Crumb]) -> Context:
    """Render the path above the heading."""
    return {"crumbs": crumbs}


@register.inclusion_tag("web/parts/timeline.html", takes_context=True)
def timeline(context: Context, events: Sequence[Event], label: str = "") -> Context:
    """Render the events of a record; years equal to that of `at` are dropped."""
    return {"events": events, "label": label, "at": context.get("at")}


@register.inclusion_tag("web/parts/facts.html", takes_context=True)
def facts(context: Context, facts: Sequence[Fact], label: str = "") -> Context:
    """Render what is known of a record as names and values."""
    return {"facts": facts, "label": label, "nonce": context.get("nonce")}


@register.inclusion_tag("web/parts/mask.html", takes_context=True)
def mask(context: Context, masked: Masked) -> Context:
    """Render a covered value and the reasons for which it may be shown, on record."""
    return {"masked": masked, "nonce": context.get("nonce")}


@register.inclusion_tag("web/parts/action.html", takes_context=True)
def action(context: Context, action: Action) -> Context:
    """Render a link or a one-button form named after its result."""
    return {"action": action, "nonce": context.get("nonce")}


@register.inclusion_tag("web/parts/empty.html", takes_context=True)
def empty(context: Context, title: str, why: str = "", action: Action | None = None) -> Context:
    """Render what is missing, why, and the next step."""
    return {"title": title, "why": why, "action": action, "nonce": context.get("nonce")}


@register.inclusion_tag("web/parts/status.html", takes_context=True)
def status(context: Context) -> Context:
    """Render the one status region: what was just done, and what a part is doing now."""
    return {
        "messages": context.get("messages"),
        "undo": context.get("undo"),
        "nonce": context.get("nonce"),
    }


@register.inclusion_tag("web/parts/undo.html", takes_context=True)
def confirm_undo(context: Context, undo: Undo) -> Context:
    """Render what was done and 「撤回」."""
    return {"undo": undo, "nonce": context.get("nonce")}


@register.inclusion_tag("web/parts/notice.html")
def notice(text: str, tone: str = "plain") -> Context:
    """Render one sentence of note; `tone` is plain, warn or stop."""
    return {"text": text, "tone": tone if tone in {"plain", "warn", "stop"} else "plain"}


@register.inclusion_tag("web/parts/error_summary.html")
def error_summary(form: BaseForm | None = None, problems: Sequence[Problem] = ()) -> Context:
    """Render 「有3处要改」 with a link to each field; nothing when all is well."""
    found = [*fields.problems(form), *problems]
    return {"problems": found, "count": len(found)}


@register.inclusion_tag("web/parts/field.html")
def field(bound: BoundField, unit: str = "") -> Context:
    """Render label, hint, control and error of one form field."""
    return {"field": fields.seen(bound), "unit": unit}


@register.inclusion_tag("web/parts/chart.html")
def chart(chart: object) -> Context:
    """Render a chart of `jiezhen.web.charts` with its sentence and 「看表格」."""
    return {"chart": chart}


@register.inclusion_tag("web/parts/map.html")
def unit_map(drawn: object) -> Context:
    """Render a map of `jiezhen.web.maps` with its legend and the list beside it."""
    return {"map": drawn}


@register.simple_tag
def progress(bar: Bar) -> SafeString:
    """Render a `Bar` (the same as `{% bar %}` with one argument)."""
    return inline.bar(bar)
