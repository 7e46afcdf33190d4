"""「按」: the chip that chooses by what a figure is divided, and the part that a page is about."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _

from jiezhen.indicators.queries import Figure, Frame
from jiezhen.indicators.queries.splits import Member, Part, UnknownUnit, dimensions, read_part
from jiezhen.indicators.views import parts
from jiezhen.packs.definitions import Definition
from jiezhen.units.queries import UnitRow
from jiezhen.web.components import Cell, Chip, Choice, Column, Row, Table


def chosen(given: Mapping[str, str], definitions: list[Definition]) -> str:
    """Return by what an address divides: a column that all the indicators have, else units."""
    by = given.get("by", "")
    return by if by in dimensions(definitions) else "unit"


def part_of(
    given: Mapping[str, str], definitions: list[Definition], whole: Frame, unit: UnitRow
) -> Part:
    """Return the part that an address asks for, or answer 404."""
    try:
        return read_part(given, definitions, whole, unit)
    except UnknownUnit as unknown:
        raise Http404(unknown.message) from unknown


def by_chip(
    definitions: list[Definition], by: str, link: Callable[[str], str]
) -> tuple[Chip, ...]:
    """Return the chip 「按」; none where there is nothing to choose."""
    known = dimensions(definitions)
    if len(known) < 2:
        return ()
    choices = tuple(Choice(title, link(name), current=name == by) for name, title in known.items())
    return (Chip(known.get(by, ""), _("按"), choices=choices),)


def part_chips(part: Part, path: str, by: str) -> tuple[Chip, ...]:
    """Return what the page is narrowed to, each with a way back."""
    found = []
    for title, pair in zip(part.titles, part.words, strict=True):
        kept = [p for p in part.words if p != pair] + ([("by", by)] if by != "unit" else [])
        found.append(Chip(title, remove=f"{path}?{urlencode(kept)}" if kept else path))
    return tuple(found)


def with_words(path: str, part: Part, **more: str) -> str:
    """Return an address of a part with some words more; empty ones are left out."""
    words = [*part.words, *((k, v) for k, v in more.items() if v)]
    return f"{path}?{urlencode(words)}" if words else path


def table(
    cells: list[tuple[Member, Figure]], title: str, head: str, link: Callable[[Member], str]
) -> Table:
    """Return the parts of a figure as a table: value, 同比, records. Parts of nothing are left out."""
    columns = (
        Column(head),
        Column(_("数"), "number"),
        Column(_("同比")),
        Column(_("记录"), "number"),
    )
    rows = tuple(
        Row(
            (
                Cell(member.title, href=link(member)),
                parts.value_cell(figure),
                Cell(parts.growth_words(figure.year) if figure.year else "", why=_("没有数")),
                Cell(str(figure.rows), href=figure.href, number=True),
            )
        )
        for member, figure in cells
        if figure.rows or figure.value
    )
    return Table(title, columns, rows)
