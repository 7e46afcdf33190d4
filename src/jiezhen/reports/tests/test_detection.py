"""What the writer writes is read back as it is; a changed digit is marked, whichever it is."""

import random
from decimal import Decimal

import pytest

from jiezhen.reading import read
from jiezhen.reports.rules import forms, tokens, writing
from jiezhen.reports.rules.checking import check, check_text
from jiezhen.reports.rules.context import context_of, keys
from jiezhen.reports.rules.forms import Number
from jiezhen.reports.rules.model import Ask
from jiezhen.reports.rules.tokens import Chip
from jiezhen.reports.tests.table import Table

THINGS = [
    ("为老助餐", "人次", "提供为老助餐{value}"),
    ("加装电梯完工", "台", "新增完工电梯{value}"),
    ("新增就业岗位", "个", "新增就业岗位{value}"),
    ("适老化改造", "户", "完成家庭适老化改造{value}"),
    ("税收", "元", "实现税收{value}"),
    ("招商引资企业", "家", "引进企业{value}"),
    ("拆除违法建筑面积", "平方米", "拆除违法建筑{value}"),
    ("热线办结率", "%", "热线按时办结率达{value}"),
    ("矛盾纠纷调处", "件", "调处矛盾纠纷{value}"),
    ("安全检查", "家次", "开展安全检查{value}"),
    ("消除安全隐患", "处", "消除安全隐患{value}"),
    ("志愿者注册", "人", "注册志愿者累计达{value}"),
    ("文明实践活动", "场", "开展文明实践活动{value}"),
    ("主题党日", "次", "开展主题党日{value}"),
    ("新建绿地", "公顷", "新建绿地{value}"),
    ("房屋修缮", "幢", "修缮老旧房屋{value}"),
    ("党员培训", "人次", "培训党员{value}"),
    ("政府信息公开", "条", "主动公开信息{value}"),
    ("充电桩建设", "个", "新建充电桩{value}"),
    ("社区食堂", "家", "建成社区食堂{value}"),
]


def _value(unit: str, dice: random.Random) -> Decimal | int:
    if unit == "%":
        return Decimal(dice.randint(5000, 9999)) / 10000
    if unit == "元":
        return Decimal(dice.randint(10**8, 10**12)) / 100
    if unit == "公顷":
        return Decimal(dice.randint(1, 99)) / 10
    if unit == "平方米":
        return dice.randint(1000, 90000)
    return dice.choice((dice.randint(1, 99), dice.randint(100, 9999), dice.randint(10000, 99999)))


def _write(dice: random.Random, table: Table, title: str, unit: str, sentence: str) -> str:
    """Return one sentence with chips, and note what its numbers are."""
    key = table.add(title, _value(unit, dice), unit, [sentence.replace("{value}", "")])
    if unit != "%" and dice.random() < 0.4:
        table.values[key, "progress"] = Decimal(dice.randint(200, 1300)) / 1000
        return writing.sentence(sentence, title, Chip(key), progress=True)
    told = writing.sentence(sentence, title, Chip(key))
    if unit != "%" and dice.random() < 0.4:
        table.values[key, "growth"] = Decimal(dice.randint(-600, 900)) / 1000
        told = told.rstrip("。") + f"，{Chip(key, aspect='growth').token}。"
    return told


def _teach(table: Table, said: str, placed: list[writing.Placed]) -> None:
    """Let the table remember the words of every chip, as reports of the office do."""
    for one in placed:
        digit = next((i for i in range(one.start, one.end) if said[i].isdigit()), None)
        if digit is None:
            continue
        line = said.rfind("\n", 0, one.start) + 1
        where = context_of(said, digit, one.end, line, (said + "\n").find("\n", one.start))
        for word in keys(said, where, digit):
            table.known_words[word] = Ask(one.chip.indicator, one.chip.aspect, form=one.chip.form)


def _report(seed: int, *, taught: bool) -> tuple[str, Table]:
    """Write a report over all things in random forms, with progress and growth told of some."""
    dice = random.Random(seed)  # noqa: S311
    table = Table()
    lines = [_write(dice, table, *thing) for thing in dice.sample(THINGS, len(THINGS))]
    text = "上半年工作报告\n一、主要工作\n" + "\n".join(lines)

    def number(chip: Chip) -> Number:
        unit = table.listed[chip.indicator].unit if chip.aspect == "value" else "%"
        return Number(table.values[chip.indicator, chip.aspect], unit or "", aspect=chip.aspect)

    def formed(_order: int, chip: Chip) -> str:
        # One number in four is told roughly; in the five documents it is one in thirty.
        rough = chip.aspect == "value" and dice.random() < 0.25
        form = dice.choice(forms.forms(number(chip))).name if rough else ""
        return Chip(chip.indicator, aspect=chip.aspect, form=form).token

    said, placed = writing.plain(tokens.rewrite(text, formed), number)
    if taught:
        _teach(table, said, placed)
    return said, table


@pytest.mark.parametrize("taught", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_it_marks_nothing_in_a_report_that_the_writer_wrote(seed: int, taught: bool) -> None:
    text, table = _report(seed, taught=taught)
    result = check_text(text, table)
    assert [(f.about, f.written, f.words) for f in result.marked] == []
    assert len(result.figures) >= len(THINGS)


@pytest.mark.parametrize("taught", [True, False])
def test_it_marks_a_changed_digit_at_least_99_times_in_100(taught: bool) -> None:
    dice = random.Random(7)  # noqa: S311
    tried, missed = 0, []
    for seed in range(4):
        text, table = _report(seed, taught=taught)
        for figure in check_text(text, table).figures:
            for at in range(figure.start, figure.end):
                if not text[at].isdigit():
                    continue
                other = dice.choice([d for d in "0123456789" if d != text[at]])
                changed = text[:at] + other + text[at + 1 :]
                tried += 1
                if not check(read(changed), table).marked:
                    missed.append(
                        (text[figure.start : figure.end], changed[figure.start : figure.end])
                    )
    assert tried > 300
    assert len(missed) <= tried / 100, missed
