"""The forms of the residents' pages."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _


class Front(forms.Form):
    """How residents reach the office."""

    phone = forms.CharField(
        label=_("电话"),
        max_length=40,
        required=False,
        help_text=_("每一页都写着，要有人接；不填就写12345。"),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "tel"}),
    )
    hours = forms.CharField(
        label=_("接听时间"), max_length=60, required=False, help_text=_("例：8:30—17:30")
    )
    counter = forms.CharField(label=_("窗口"), max_length=120, required=False)
    route = forms.CharField(label=_("怎么走"), max_length=200, required=False)
    open311 = forms.ChoiceField(
        label=_("谁可以用Open311上报"),
        choices=(
            ("off", _("不开放")),
            ("key", _("有接口令牌的系统")),
            ("open", _("任何人，限次数")),
        ),
        widget=forms.RadioSelect,
    )


class Plans(forms.Form):
    """Which plan documents are published with their lights."""

    plans = forms.MultipleChoiceField(
        label=_("公布哪些计划"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, known: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["plans"]).choices = known
