"""What people fill in about figures: targets, supplied numbers, reasons."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiezhen.indicators.rules import COMPARATORS, amounts
from jiezhen.kernel import quantities
from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.packs.schema import Statistic

_SOURCE = _("写清是谁给的、哪一份，如“区财政局2023年6月快报”")


def read_amount(text: str, unit: str) -> Decimal:
    """Return a number that a person wrote in a unit (4649, 4649个, 3.5万) in base units.

    Raises:
        ValueError: It is no number.
    """
    plain = text.strip().replace(",", "").replace("，", "").removesuffix(unit).strip()
    try:
        found = Decimal(plain)
    except InvalidOperation:
        try:
            return Decimal(quantities.read_value(text.strip()))
        except quantities.UnreadableQuantity as problem:
            raise ValueError(text) from problem
    if not found.is_finite() or abs(found) > Decimal(10) ** 15:
        raise ValueError(text)
    return amounts.to_base(found, unit)


class AmountField(forms.CharField):
    """A number in a unit, as people write it; in base units when cleaned."""

    def __init__(self, unit: str, **more: Any) -> None:
        super().__init__(max_length=40, **more)
        self.unit = unit
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> Any:
        """Return a Decimal in base units, None for nothing."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_amount(str(text), self.unit)
        except ValueError as problem:
            said = _("“%(text)s”不是数。请只写数字，如12.5。") % {"text": text}
            raise forms.ValidationError(said) from problem


class PeriodField(forms.CharField):
    """A period's code."""

    def clean(self, value: Any) -> Any:
        """Return the Period."""
        text = super().clean(value)
        try:
            return Period.parse(str(text))
        except BadPeriod as bad:
            raise forms.ValidationError(bad.message) from bad


class TargetForm(forms.Form):
    """A target of one indicator for one unit and period."""

    def __init__(self, *args: Any, unit: str, **more: Any) -> None:
        super().__init__(*args, **more)
        words = [(sign, f"{_(word)} {sign}") for sign, word in COMPARATORS.items()]
        self.fields["period"] = PeriodField(
            label=_("期间"), max_length=8, help_text=_("如 2023、2023H1、2023Q2、2023-06")
        )
        self.fields["comparator"] = forms.ChoiceField(label=_("怎样算完成"), choices=words)
        self.fields["value"] = AmountField(
            unit, label=_("目标"), help_text=_("单位：%(unit)s") % {"unit": unit}
        )
        self.fields["source"] = forms.CharField(
            label=_("依据"),
            required=False,
            max_length=200,
            help_text=_("哪份文件、哪次会议定的"),
        )


class SupplyForm(forms.Form):
    """A number that somebody outside supplied for one unit and period."""

    revises = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, spec: Statistic, units: list[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        said = _("单位：%(unit)s") % {"unit": spec.unit}
        self.fields["unit"] = forms.ChoiceField(label=_("单元"), choices=units)
        self.fields["period"] = PeriodField(
            label=_("期间"), max_length=8, help_text=_("如 2023、2023H1、2023Q2、2023-06")
        )
        self.fields["value"] = AmountField(spec.unit, label=_("数"), help_text=said)
        self.fields["base"] = AmountField(
            spec.unit,
            label=_("可比基数"),
            required=False,
            help_text=_("对方重新核定的上年同期数，没有就不填"),
        )
        self.fields["growth"] = AmountField(
            "", label=_("对方给的同比"), required=False, help_text=_("单位：%，下降写负数")
        )
        self.fields["source"] = forms.CharField(label=_("来源"), max_length=200, help_text=_SOURCE)


class ReasonForm(forms.Form):
    """Why something is taken back."""

    why = forms.CharField(label=_("理由"), max_length=400)
