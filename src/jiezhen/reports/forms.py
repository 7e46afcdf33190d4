"""What people fill in: a new report, a draft to check, a section, a correction."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiezhen.kernel.periods import BadPeriod, Period

_FILES = forms.ClearableFileInput({"accept": ".docx,.pdf,.txt,.md"})


class PeriodField(forms.CharField):
    """A period by its code: 2023, 2023H1, 2023Q2, 2023-06, 2023Y11."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("max_length", 10)
        super().__init__(**more)

    def clean(self, value: Any) -> Any:
        """Return the code, or an empty text for nothing."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return ""
        try:
            return Period.parse(text).code
        except BadPeriod as bad:
            raise forms.ValidationError(bad.message) from bad


class Check(forms.Form):
    """A draft to be proof-read: a file, or words from the clipboard."""

    file = forms.FileField(
        label=_("文件"),
        required=False,
        help_text=_("Word、PDF、txt或md，可以拖进来"),
        widget=_FILES,
    )
    text = forms.CharField(
        label=_("或者粘贴文字"), required=False, strip=False, widget=forms.Textarea({"rows": 8})
    )
    period = PeriodField(
        label=_("说的是哪段时间"), required=False, help_text=_("如2023H1、2023。不填就从文中找")
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a file or for words."""
        found = super().clean() or {}
        if not found.get("file") and not (found.get("text") or "").strip() and not self.errors:
            self.add_error("file", _("请选一个文件，或者把文字粘贴进来。"))
        return found


class New(forms.Form):
    """A new report: its title and period, and what it begins with."""

    title = forms.CharField(label=_("标题"), max_length=200)
    period = PeriodField(
        label=_("期间"), help_text=_("如2023H1（上半年）、2023（全年）、2023-06（6月）")
    )
    begin = forms.ChoiceField(
        label=_("从什么写起"),
        initial="plan",
        widget=forms.RadioSelect,
        choices=[
            ("plan", _("从今年的计划：每条承诺一句话")),
            ("report", _("从去年的报告：数字先提议，逐个确认")),
            ("empty", _("从空白写起")),
        ],
    )
    file = forms.FileField(label=_("去年的报告"), required=False, widget=_FILES)
    text = forms.CharField(
        label=_("或者粘贴去年的报告"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for last year's report where it is what the new one begins with."""
        found = super().clean() or {}
        given = found.get("file") or (found.get("text") or "").strip()
        if found.get("begin") == "report" and not given and not self.errors:
            self.add_error("file", _("请选去年的报告，或者把文字粘贴进来。"))
        return found


class Edit(forms.Form):
    """A section in the editor; chips stand in the text as 【1：16台】."""

    title = forms.CharField(label=_("小标题"), required=False, max_length=200)
    text = forms.CharField(
        label=_("正文"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 16, "data-editor": ""}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class Correct(forms.Form):
    """A correction of one frozen number."""

    key = forms.CharField(label=_("哪个数"), max_length=240, widget=forms.Select)
    said = forms.CharField(label=_("改为"), max_length=40, help_text=_("如15台"))
    reason = forms.CharField(label=_("原因"), max_length=400)

    def __init__(self, *args: Any, known: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["key"].widget = forms.Select(choices=[("", _("请选")), *known])


class Why(forms.Form):
    """A reason alone."""

    why = forms.CharField(label=_("原因"), max_length=400)
