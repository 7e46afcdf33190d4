"""What people fill in: a file, a choice for a commitment, a task, a light, a line."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_DAY = re.compile(r"(\d{4})\D{0,2}(\d{1,2})\D{1,2}(\d{1,2})日?|(\d{4})(\d{2})(\d{2})")


def read_day(text: str) -> date | None:
    """Return the day of 2026-3-1, 2026.3.1, 20260301 or 2026年3月1日; None when it is none."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    parts = [p for p in found.groups() if p]
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


class DayField(forms.CharField):
    """A day in any of the ways in which people write one."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("max_length", 20)
        super().__init__(**more)

    def clean(self, value: Any) -> Any:
        """Return the day, or None for nothing."""
        text = super().clean(value)
        if not text:
            return None
        day = read_day(str(text))
        if day is None:
            raise forms.ValidationError(_("看不懂这个日期。写成2026-3-1或2026年3月1日。"))
        return day


class Upload(forms.Form):
    """A plan or report: a file, or words from the clipboard."""

    file = forms.FileField(
        label=_("文件"),
        required=False,
        help_text=_("Word、PDF、txt或md，可以拖进来"),
        error_messages={"empty": _("文件是空的。请选有内容的文件。")},
        widget=forms.ClearableFileInput({"accept": ".docx,.pdf,.txt,.md"}),
    )
    text = forms.CharField(
        label=_("或者粘贴文字"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 4}),
    )
    title = forms.CharField(
        label=_("标题"), required=False, max_length=200, help_text=_("不填就用文件名")
    )
    year = forms.IntegerField(
        label=_("年度"),
        required=False,
        min_value=2000,
        max_value=2100,
        help_text=_("不填就从文件里找"),
    )
    replaces = forms.TypedChoiceField(
        label=_("是哪份文件的新版本"),
        required=False,
        coerce=int,
        empty_value=None,
    )

    def __init__(self, *args: Any, known: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["replaces"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", _("自己认")), (0, _("不是，是一份新的")), *known]

    def clean(self) -> dict[str, Any]:
        """Ask for a file or for words."""
        found = super().clean() or {}
        if not found.get("file") and not (found.get("text") or "").strip() and not self.errors:
            self.add_error("file", _("请选一个文件，或者把文字粘贴进来。"))
        return found


class Choose(forms.Form):
    """What is chosen for a commitment. Lists come from the page; operations check them again."""

    lead = forms.CharField(required=False, max_length=40)
    owner = forms.IntegerField(required=False)
    due_on = DayField(label=_("期限"), required=False)
    indicator = forms.CharField(required=False, max_length=80)
    period = forms.CharField(required=False, max_length=10)


class NewTask(forms.Form):
    """A task that no document promised."""

    title = forms.CharField(label=_("任务"), max_length=200)
    lead = forms.ChoiceField(label=_("牵头"))
    owner = forms.TypedChoiceField(label=_("责任人"), required=False, coerce=int, empty_value=None)
    starts_on = DayField(label=_("从"), required=False, help_text=_("不填就是今天"))
    due_on = DayField(label=_("期限"), help_text=_("2026-3-1或20260301都可以"))
    target = forms.CharField(
        label=_("目标"), required=False, max_length=30, help_text=_("例：36台；没有数字就不填")
    )
    indicator = forms.ChoiceField(label=_("用哪些记录来算"), required=False)
    milestones = forms.CharField(
        label=_("节点"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("一行一个：施工进场 2026-6-30"),
    )

    def __init__(
        self,
        *args: Any,
        leads: list[tuple[str, str]],
        people: list[tuple[int, str]],
        indicators: list[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        offered: tuple[tuple[str, list[Any]], ...] = (
            ("lead", [("", _("选牵头单位")), *leads]),
            ("owner", [("", _("选人")), *people]),
            ("indicator", [("", _("先不关联")), *indicators]),
        )
        for name, choices in offered:
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def clean_target(self) -> tuple[Decimal, str] | None:
        """Return a number and its measure word."""
        text = self.cleaned_data["target"].strip()
        if not text:
            return None
        found = re.fullmatch(r"([\d.]+)\s*(.{0,10})", text)
        try:
            number = Decimal(found[1]) if found else None
        except InvalidOperation:
            number = None
        if found is None or number is None:
            raise forms.ValidationError(_("目标写成数字加单位，例：36台。"))
        unit = found[2].strip()
        return (number / 100, "%") if unit in ("%", "％") else (number, unit)

    def clean_milestones(self) -> tuple[tuple[str, date], ...]:
        """Return titles with their days, one a line."""
        return read_nodes(self.cleaned_data["milestones"])


class Nodes(forms.Form):
    """The nodes of a task, one a line."""

    milestones = forms.CharField(
        label=_("节点"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("一行一个：施工进场 2026-6-30"),
    )

    def clean_milestones(self) -> tuple[tuple[str, date], ...]:
        """Return titles with their days, one a line."""
        return read_nodes(self.cleaned_data["milestones"])


def read_nodes(text: str) -> tuple[tuple[str, date], ...]:
    """Return the nodes of lines such as 施工进场 2026-6-30.

    Raises:
        ValidationError: A line has no day at its end.
    """
    found = []
    for line in filter(None, (x.strip() for x in text.splitlines())):
        head, _space, tail = line.rpartition(" ")
        day = read_day(tail)
        if not head.strip() or day is None:
            raise forms.ValidationError(
                _("“%(line)s”后面要有日期，例：施工进场 2026-6-30。"), params={"line": line[:40]}
            )
        found.append((head.strip()[:100], day))
    return tuple(found)


class Light(forms.Form):
    """A light set by hand."""

    colour = forms.ChoiceField(
        label=_("改成"),
        required=False,
        choices=[
            ("green", _("正常")),
            ("yellow", _("滞后")),
            ("red", _("严重滞后")),
            ("grey", _("未启动")),
            ("", _("按数据亮灯")),
        ],
    )
    reason = forms.CharField(label=_("理由"), required=False, max_length=400)


class Line(forms.Form):
    """One line on a timeline."""

    text = forms.CharField(label=_("写一句"), required=False, max_length=1000)
    kind = forms.ChoiceField(
        required=False,
        choices=[("progress", _("进展")), ("explanation", _("科室说明")), ("reply", _("回复"))],
    )


class Ask(forms.Form):
    """A question for the leader, with the ways it could go, one a line."""

    question = forms.CharField(label=_("要拍板的事"), required=False, max_length=400)
    options = forms.CharField(
        label=_("可选的办法"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("一行一个"),
    )


class Answer(forms.Form):
    """A leader's answer."""

    answer = forms.CharField(required=False, max_length=10)
    line = forms.CharField(label=_("批语"), required=False, max_length=400)
