"""What stands beside a section: its numbers one by one, and its editor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jiezhen.reports import forms
from jiezhen.reports.queries.content import Content, Part
from jiezhen.reports.rules import tokens
from jiezhen.reports.rules.forms import Form, Number, written
from jiezhen.reports.rules.forms import forms as forms_of
from jiezhen.reports.rules.tokens import Chip


@dataclass(frozen=True, slots=True)
class ChipRow:
    """One number of a section in the panel beside it."""

    order: int
    text: str
    chip: Chip
    number: Number
    options: tuple[Form, ...]

    @property
    def label(self) -> int:
        """Return its number as the editor shows it."""
        return self.order + 1


def chip_rows(whole: Content, part: Part) -> Iterator[ChipRow]:
    """Yield the numbers of a section in order."""
    for order, chip in enumerate(tokens.chips(part.section.text)):
        number = whole.number_of(chip)
        text = chip.was or written(number, chip.form)
        yield ChipRow(order, text, chip, number, tuple(forms_of(number)))


def form_for(whole: Content, part: Part) -> tuple[forms.Edit, tuple[str, ...]]:
    """Return the editor of a section and the chips that its numbers stand for."""
    section = part.section
    text = tokens.numbered(
        section.text, lambda chip: chip.was or written(whole.number_of(chip), chip.form)
    )
    form = forms.Edit(initial={"title": section.title, "text": text, "version": section.version})
    return form, tuple(chip.token for chip in tokens.chips(section.text))
