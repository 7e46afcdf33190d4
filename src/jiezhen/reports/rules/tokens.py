"""Live numbers inside text: `{{n:lifts_completed?period=2023H1&form=w1m}}`.

A chip names an indicator and, where they are not those of the report, unit and period; which number of it
is told (its value, growth, progress or target); and the written form. What looks like a chip but is not one
stays text. `was` holds the words that a proposed chip would replace, until a person says yes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, cast
from urllib.parse import parse_qsl, urlencode

from jiezhen.reports.rules.model import Aspect

_TOKEN: Final = re.compile(
    r"\{\{n:(?P<name>[a-z][a-z0-9_]{0,79})(?:\?(?P<query>[^{}\s]{0,400}))?\}\}"
)
_ASPECTS: Final = ("value", "growth", "change", "progress", "target")
_KEYS: Final = ("unit", "period", "of", "base", "form", "was")
#: How a chip stands in the editor: 【2：16台】.
_NUMBERED: Final = re.compile(r"【\s*(\d{1,3})\s*[：:][^】\n]{0,80}】")


@dataclass(frozen=True, slots=True)
class Chip:
    """One live number. Blank unit and period are those of the report; `base` is the year compared with."""

    indicator: str
    unit: str = ""
    period: str = ""
    aspect: Aspect = "value"
    base: str = ""
    form: str = ""
    was: str = ""

    @property
    def proposed(self) -> bool:
        """Whether a person has still to say yes."""
        return bool(self.was)

    @property
    def token(self) -> str:
        """The chip as it stands in stored text."""
        told = {
            "unit": self.unit,
            "period": self.period,
            "of": "" if self.aspect == "value" else self.aspect,
            "base": self.base,
            "form": self.form,
            "was": self.was,
        }
        query = urlencode({key: value for key, value in told.items() if value})
        return f"{{{{n:{self.indicator}{'?' + query if query else ''}}}}}"

    def confirmed(self) -> Chip:
        """Return the same chip without the words that it replaces."""
        return replace(self, was="")


class UnknownChip(ValueError):
    """The edited text names a number that is not in the list beside it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.message = f"没有第{number}号数。请从右边插入，不要自己编号。"
        self.message_en = f"There is no number {number}. Insert it from the panel."
        super().__init__(self.message)


def pieces(text: str) -> Iterator[str | Chip]:
    """Yield words and chips of stored text in order; together they are the whole text."""
    cursor = 0
    for found in _TOKEN.finditer(text):
        chip = _chip(found)
        if chip is None:
            continue
        if found.start() > cursor:
            yield text[cursor : found.start()]
        yield chip
        cursor = found.end()
    if cursor < len(text):
        yield text[cursor:]


def chips(text: str) -> list[Chip]:
    """Return the chips of stored text in order."""
    return [piece for piece in pieces(text) if isinstance(piece, Chip)]


def rewrite(text: str, change: Callable[[int, Chip], str]) -> str:
    """Return the text with each chip replaced by what `change` says of its number (from 0) and itself."""
    said, number = [], 0
    for piece in pieces(text):
        if isinstance(piece, str):
            said.append(piece)
            continue
        said.append(change(number, piece))
        number += 1
    return "".join(said)


def numbered(text: str, written: Callable[[Chip], str]) -> str:
    """Return stored text as a person edits it: every chip as 【2：16台】."""
    return rewrite(text, lambda number, chip: f"【{number + 1}：{written(chip)}】")


def unnumbered(edited: str, tokens: list[str]) -> str:
    """Return edited text with its numbered chips made tokens again. `tokens` are in order of number.

    Raises:
        UnknownChip: A number stands for no chip.
    """

    def token(found: re.Match[str]) -> str:
        number = int(found[1])
        if not 1 <= number <= len(tokens):
            raise UnknownChip(number)
        return tokens[number - 1]

    return _NUMBERED.sub(token, edited)


def valid(token: str) -> bool:
    """Return whether a text is one chip and nothing else; what comes from a browser is checked with it."""
    found = _TOKEN.fullmatch(token)
    return found is not None and _chip(found) is not None


def _chip(found: re.Match[str]) -> Chip | None:
    told = dict(parse_qsl(found["query"] or "", keep_blank_values=True))
    if any(key not in _KEYS for key in told) or told.get("of", "value") not in _ASPECTS:
        return None
    aspect: Aspect = cast("Aspect", told.pop("of", "value"))
    return Chip(found["name"], aspect=aspect, **told)
