"""From stored text with chips to what is read: words and written numbers, with where each number stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jiezhen.reports.rules import forms, tokens
from jiezhen.reports.rules.forms import Number
from jiezhen.reports.rules.tokens import Chip

#: What an empty paragraph of a skeleton holds until somebody writes it.
TO_WRITE = "（待写）"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, or a number with the chip it came from. `order` counts the chips of a section from 0."""

    text: str
    chip: Chip | None = None
    number: Number | None = None
    order: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a chip's number stands in the plain text of a report."""

    chip: Chip
    start: int
    end: int


def rendered(text: str, number_of: Callable[[Chip], Number]) -> Iterator[Piece]:
    """Yield the pieces of stored text; a proposed chip still shows the words that it would replace."""
    order = 0
    for piece in tokens.pieces(text):
        if isinstance(piece, str):
            yield Piece(piece)
            continue
        number = number_of(piece)
        yield Piece(piece.was or forms.written(number, piece.form), piece, number, order)
        order += 1


def plain(text: str, number_of: Callable[[Chip], Number]) -> tuple[str, list[Placed]]:
    """Return the text as it is read, and where each of its numbers stands."""
    said, placed, at = [], [], 0
    for piece in rendered(text, number_of):
        if piece.chip is not None:
            placed.append(Placed(piece.chip, at, at + len(piece.text)))
        said.append(piece.text)
        at += len(piece.text)
    return "".join(said), placed


def paragraphs(pieces: list[Piece]) -> list[list[Piece]]:
    """Return the pieces line by line; empty lines are dropped."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.chip is not None:
            lines[-1].append(piece)
            continue
        first, *others = piece.text.split("\n")
        for number, part in enumerate((first, *others)):
            if number:
                lines.append([])
            if part:
                lines[-1].append(Piece(part))
    return [line for line in lines if any(p.text.strip() or p.chip for p in line)]


def sentence(pattern: str, title: str, chip: Chip, *, progress: bool = False) -> str:
    """Return an indicator's sentence with its chip, 新增完工电梯{{n:…}}, and a full stop.

    `pattern` holds {value} where the number stands; an indicator without one is told by its title. With
    `progress` the sentence also says which part of the yearly target that is.
    """
    said = pattern if "{value}" in pattern else f"{title}{{value}}"
    told = said.replace("{value}", chip.token).rstrip("。")
    if progress:
        part = Chip(chip.indicator, chip.unit, chip.period, "progress")
        told += f"，完成年度目标的{part.token}"
    return told + "。"


def is_empty(text: str) -> bool:
    """Return whether nothing was written yet."""
    bare = "".join(text.replace(TO_WRITE, "").split())
    return not bare
