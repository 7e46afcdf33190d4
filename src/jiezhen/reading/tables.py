"""Figures in tables: the unit from the cell, else from the column, the row or 单位：万元 above the table.

A cell's object is its row's label with its column's heading; headings give period and kind as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from jiezhen.kernel import numerals
from jiezhen.reading import kinds, lexicon, periods
from jiezhen.reading.draft import Draft, Sentence
from jiezhen.reading.frames import Frame
from jiezhen.reading.layout import Block
from jiezhen.reading.model import Kind
from jiezhen.reading.names import NamedSpans
from jiezhen.reading.numbers import NAME_UNITS, tokens
from jiezhen.reading.spacing import Habit
from jiezhen.reading.text import Joined, join

_CELL: Final = re.compile(r"[^|\t]+")
_RULE: Final = re.compile(r"[\s|:\-—=+_]+$")
_UNIT_LINE: Final = re.compile(r"(?:计量)?单位[：:]\s*(?P<unit>[^\s，。）)|]{1,12})")
_IN_BRACKETS: Final = re.compile(r"[（(](?P<unit>[^（）()]{1,10})[）)]")
_BARE: Final = re.compile(r"[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$")
_MEASURE: Final = re.compile(rf"(?P<factor>[百千]?[万亿]?)(?P<unit>{lexicon.any_of('measures')})$")
_SKIP: Final = re.compile(r"序号|编号|年份|电话|代码|邮编|备注|时间|日期|门牌|地址|页")
_GROWTH: Final = re.compile(r"同比|增长|增幅|增速|环比|比上年|较上年|±")
_PROGRESS: Final = re.compile(r"完成率|进度|完成.{0,6}[%％]|占.{0,6}(?:目标|任务|计划)")
_TARGET: Final = re.compile(r"目标|计划|任务|预算(?!收入|支出|执行)|预期")
_DONE: Final = re.compile(r"完成(?!率)|实际|实绩|已")


@dataclass(frozen=True, slots=True)
class _Cell:
    joined: Joined
    column: int

    @property
    def text(self) -> str:
        return self.joined.text


@dataclass(frozen=True, slots=True)
class _Table:
    """What stands over the body: the heading of each column and the unit that holds for the whole table."""

    heads: tuple[str, ...]
    unit: str | None
    unit_column: int | None

    def head(self, column: int) -> str:
        return self.heads[column] if column < len(self.heads) else ""


def drafts(original: str, parts: list[Block], framed: list[Frame]) -> list[Draft]:
    """Return the figures of all tables, in order; cells without a unit give nothing."""
    found: list[Draft] = []
    habit = Habit.of(original)
    for first, rows in _tables(original, parts):
        cells = [_cells(original, block, habit) for block in rows]
        table = _table(cells, _unit_above(parts, first))
        body = [
            (block, row) for block, row in zip(rows, cells, strict=True) if _is_body(row, table)
        ]
        for block, row in body:
            found.extend(_row(block, row, table, framed[first]))
    return found


def _tables(original: str, parts: list[Block]) -> Iterator[tuple[int, list[Block]]]:
    index = 0
    while index < len(parts):
        end = index
        while (
            end < len(parts)
            and parts[end].form == "table"
            and (end == index or _adjoin(original, parts[end - 1 : end + 1]))
        ):
            end += 1
        if end > index:
            yield index, parts[index:end]
        index = max(end, index + 1)


def _adjoin(original: str, pair: list[Block]) -> bool:
    return original.count("\n", pair[0].end, pair[1].start) < 2


def _cells(original: str, block: Block, habit: Habit) -> list[_Cell]:
    line = original[block.start : block.end]
    if _RULE.match(line):
        return []
    lead = (
        block.start + (len(line) - len(line.lstrip(" |")))
        if line.lstrip().startswith("|")
        else block.start
    )
    pieces: list[_Cell] = []
    cursor = lead
    for column, text in enumerate(re.split(r"[|\t]", original[lead : block.end])):
        pieces.append(
            _Cell(join(original, [(cursor, cursor + len(text))], habit, cell=True), column)
        )
        cursor += len(text) + 1
    return pieces


def _table(cells: list[list[_Cell]], above: str | None) -> _Table:
    head = next((row for row in cells if row), [])
    if any(_BARE.match(cell.text) for cell in head[1:]):
        return _Table((), above, None)
    heads = tuple(cell.text for cell in head)
    unit_column = next((n for n, text in enumerate(heads) if text in ("单位", "计量单位")), None)
    return _Table(heads, above, unit_column)


def _unit_above(parts: list[Block], first: int) -> str | None:
    for block in reversed(parts[max(0, first - 2) : first]):
        found = _UNIT_LINE.search(block.text)
        if found:
            return found["unit"]
    return None


def _is_body(row: list[_Cell], table: _Table) -> bool:
    return bool(row) and tuple(cell.text for cell in row) != table.heads


def _row(block: Block, row: list[_Cell], table: _Table, frame: Frame) -> Iterator[Draft]:
    label = next(
        (
            cell.text
            for cell in row
            if cell.text and not re.match(r"[\d.（）()、一二三四五六七八九十]+$", cell.text)
        ),
        "",
    )
    for cell in row:
        head = table.head(cell.column)
        if cell.text and not _SKIP.search(head) and cell.text != label:
            draft = _cell_figure(block, cell, _unit_of(row, cell, table, label), frame)
            if draft is not None:
                if draft.is_claim:
                    _describe(draft, label, head)
                yield draft


def _unit_of(row: list[_Cell], cell: _Cell, table: _Table, label: str) -> str | None:
    head = table.head(cell.column)
    if "%" in head or re.search(r"增幅|增速|完成率|占比|同比增长", head):
        return "%"
    for words in (head, label):
        found = _IN_BRACKETS.search(words)
        if found and _MEASURE.match(found["unit"]):
            return found["unit"]
    if table.unit_column is not None and table.unit_column < len(row):
        return row[table.unit_column].text or table.unit
    return table.unit


def _cell_figure(block: Block, cell: _Cell, unit: str | None, frame: Frame) -> Draft | None:
    shown = _as_block(block, cell)
    sentence = Sentence(shown, 0, len(cell.text), frame, NamedSpans(cell.text))
    if _BARE.match(cell.text):
        measure = _MEASURE.match(unit) if unit else None
        if measure is None:
            return _unnamed(sentence)
        return _scaled(sentence, cell.text, measure)
    for token in tokens(cell.text):
        if token.unit and token.unit not in NAME_UNITS and not sentence.named.at(token.start):
            return Draft(
                sentence,
                token.start,
                token.end,
                token.low,
                token.high,
                token.value,
                token.unit,
                token.comparator,
                token.qualifier,
                token.upper,
            )
    return None


def _unnamed(sentence: Sentence) -> Draft:
    """Return a number in a cell that nothing gives a unit: kept, but no claim."""
    value = numerals.value_of(sentence.text.lstrip("+-−"))
    size = len(sentence.text)
    return Draft(
        sentence, 0, size, 0, size, value, None, "=", None, None, kind="id", rule="table: no unit"
    )


def _as_block(block: Block, cell: _Cell) -> Block:
    """Return the row as a block whose clean text is that of one cell."""
    return replace(block, joined=cell.joined)


def _scaled(sentence: Sentence, text: str, measure: re.Match[str]) -> Draft:
    share = {"%": 100, "‰": 1000}.get(measure["unit"], 1)
    factor = Decimal(numerals.magnitude(measure["factor"])) / share
    number = numerals.value_of(text.lstrip("+-−"))
    value = numerals.whole(Decimal(number) * factor * (-1 if text[0] in "-−" else 1))
    return Draft(sentence, 0, len(text), 0, len(text), value, measure["unit"], "=", None, None)


def _describe(draft: Draft, label: str, head: str) -> None:
    label, head = (_IN_BRACKETS.sub("", words) for words in (label, head))
    draft.kind, draft.rule = _kind(draft, label, head), f"table: {head or 'cell'}"
    plain = re.sub(r"20\d\d年(?:度)?|[\d%]|数[量值]$|完成情况|实际", "", head)
    draft.object = (
        label
        + (
            plain
            if plain
            and plain not in label
            and not re.fullmatch(r"目标值?|全年|上半年|实绩|数|合计|计划", plain)
            else ""
        )
        or None
    )
    if draft.kind == "growth" and draft.value is not None and draft.value < 0:
        draft.direction = "down"
    periods.set_period(draft)
    said = periods.of_heading(head, draft.sentence.frame)
    draft.period = said or draft.period


def _kind(draft: Draft, label: str, head: str) -> Kind:
    if _GROWTH.search(head) or (
        _GROWTH.search(label) and draft.unit == "%" and not label.endswith("率")
    ):
        return "growth"
    if _PROGRESS.search(head):
        return "progress"
    if (_TARGET.search(head) and not _DONE.search(head)) or draft.sentence.frame.mood == "plan":
        return "target"
    return "rate" if draft.unit in kinds.RATES else "result"
