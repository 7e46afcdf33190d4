"""What the writer writes, the reader reads back to the same value: every indicator, every form."""

from decimal import Decimal

import pytest

from jiezhen.packs import registry
from jiezhen.packs.schema import Indicator
from jiezhen.reading import read
from jiezhen.reports.rules import forms, tokens, writing
from jiezhen.reports.rules.forms import Number
from jiezhen.reports.rules.tokens import Chip

WHOLE = (1, 7, 16, 48, 120, 948, 2747, 9007, 10431, 48120, 96315, 125000, 1234567)
MONEY = (
    Decimal("8300"),
    Decimal("500700"),
    Decimal("6414200"),
    Decimal("92830000"),
    Decimal("1542000000"),
)
SHARES = (Decimal("0.591"), Decimal("0.808234"), Decimal("0.9996"), Decimal(1), Decimal("0.07"))


def _base_unit(unit: str) -> str:
    return unit[1:] if unit[:1] in "万亿" and len(unit) > 1 else unit


def _values(spec: Indicator) -> tuple[Decimal | int, ...]:
    unit = _base_unit(spec.unit)
    if unit in ("%", "‰"):
        return SHARES
    if unit == "元":
        return MONEY
    if spec.measure == "average" or spec.decimals:
        return (*WHOLE, Decimal("2600.4"), Decimal("0.9"))
    return WHOLE


def _said(spec: Indicator, number: Number, form: str) -> str:
    chip = Chip(spec.name, form=form)
    stored = writing.sentence(spec.sentence, spec.title, chip)
    return writing.plain(stored, lambda _chip: number)[0]


def test_every_indicator_is_read_back_in_every_form() -> None:
    known = registry.load([registry.BUILT_IN]).indicators
    tried, wrong = 0, []
    for spec in known.values():
        unit = _base_unit(spec.unit)
        for value in _values(spec):
            number = Number(value, unit, spec.decimals)
            for form in forms.forms(number):
                text = f"2023年上半年，{_said(spec, number, form.name)}"
                found = [f for f in read(text).claims if f.value is not None]
                tried += 1
                if not any(f.value == form.said and (f.unit or "") == unit for f in found):
                    wrong.append((spec.name, text, [(f.span, f.value, f.unit) for f in found]))
    assert tried > 100
    assert wrong == []


@pytest.mark.parametrize("value", ["0.8082", "-0.367", "1.32", "-0.0314"])
def test_a_growth_is_read_back_with_its_sign(value: str) -> None:
    number = Number(Decimal(value), "%", aspect="growth")
    for form in forms.forms(number):
        if form.name.startswith("p"):
            continue
        found = [
            f for f in read(f"全年财政收入5.36亿元，{form.text}。").claims if f.kind == "growth"
        ]
        assert [f.value for f in found] == [form.said]


def test_tokens_survive_storage_and_what_is_none_stays_text() -> None:
    chip = Chip("lifts", "c1", "2023", "growth", "2021", "p2", "80.82 %&}")
    text = f"同比增长{chip.token}，{{{{n:BAD}}}}{{{{n:lifts?of=wrong}}}}"
    assert tokens.chips(text) == [chip]
    assert tokens.rewrite(text, lambda _n, c: c.token) == text
    assert tokens.unnumbered(tokens.numbered(text, lambda _c: "16台"), [chip.token]) == text
