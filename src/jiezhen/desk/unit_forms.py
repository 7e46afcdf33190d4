"""The forms of 单元与网格: add, bring in from a file, split, merge."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from jiezhen.units import rules
from jiezhen.units.queries import UnitRow
from jiezhen.units.rules import boundaries

MOST_PARTS = 8
_DAYS = ["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
_CODE_HELP = _("字母、数字、短横线；网格编码14位或20位都可以")


def _offer(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices


class NewUnit(forms.Form):
    """A unit below another."""

    code = forms.SlugField(label=_("编号"), max_length=40, help_text=_CODE_HELP)
    title = forms.CharField(label=_("名称"), max_length=100)
    level = forms.ChoiceField(label=_("层级"))
    parent = forms.ChoiceField(label=_("上级"))
    area_class = forms.ChoiceField(
        label=_("地区等级"), required=False, help_text=_("办理时限按A、B、C类地区不同；不选随上级")
    )

    def __init__(
        self,
        *args: Any,
        units: list[tuple[str, str]],
        levels: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "parent", units)
        _offer(self, "level", levels)
        _offer(self, "area_class", [("", _("随上级")), *((c, c) for c in rules.AREA_CLASSES)])


class BringIn(forms.Form):
    """A file of boundaries or a table of units."""

    what = forms.ChoiceField(
        label=_("导入什么"),
        choices=[("tree", _("单元表（Excel）")), ("boundaries", _("边界（GeoJSON）"))],
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=_("文件"), error_messages={"empty": _("文件是空的。请选有内容的文件。")}
    )
    system = forms.ChoiceField(
        label=_("坐标系"),
        required=False,
        choices=[
            ("wgs84", _("WGS-84、CGCS2000（测绘、天地图）")),
            ("gcj02", _("GCJ-02（高德、腾讯）")),
            ("bd09", _("BD-09（百度）")),
        ],
        help_text=_("只有导入边界要选。选错了，边界会偏几百米"),
    )

    def clean_file(self) -> Any:
        """Refuse a file that is too large before anything of it is read."""
        file = self.cleaned_data["file"]
        if file.size > boundaries.MOST_BYTES:
            raise forms.ValidationError(_("文件超过30MB。请先简化边界，或拆成几个文件。"))
        return file


class Split(forms.Form):
    """A unit into several: each part's code and title, and where each unit below goes."""

    on = forms.DateField(
        label=_("从哪天起"), input_formats=_DAYS, help_text=_("不晚于今天，如2023-07-01")
    )

    def __init__(self, *args: Any, below: list[UnitRow], parts: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.below, self.parts = below, parts
        places = [(str(n), _("第%s个新单元") % n) for n in range(1, parts + 1)]
        for n, words in places:
            self.fields[f"code_{n}"] = forms.SlugField(
                label=_("%s的编号") % words, max_length=40, help_text=_CODE_HELP
            )
            self.fields[f"title_{n}"] = forms.CharField(
                label=_("%s的名称") % words, max_length=100
            )
        for unit in below:
            self.fields[f"below_{unit.code}"] = forms.ChoiceField(
                label=_("%s归哪个") % unit.title, choices=places
            )

    def given(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Return code, title and units below of each part."""
        clean = self.cleaned_data
        return [
            (
                clean[f"code_{n}"],
                clean[f"title_{n}"],
                tuple(u.code for u in self.below if clean[f"below_{u.code}"] == str(n)),
            )
            for n in range(1, self.parts + 1)
        ]


class Merge(forms.Form):
    """Several units below one parent into one of them, or into a new one."""

    on = forms.DateField(
        label=_("从哪天起"), input_formats=_DAYS, help_text=_("不晚于今天，如2023-07-01")
    )
    units = forms.MultipleChoiceField(label=_("合并哪些"), widget=forms.CheckboxSelectMultiple)
    code = forms.SlugField(
        label=_("合并后的编号"), max_length=40, help_text=_("写其中一个的编号，它就继续用")
    )
    title = forms.CharField(label=_("合并后的名称"), max_length=100)

    def __init__(self, *args: Any, below: list[UnitRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "units", [(u.code, f"{u.title} {u.code}") for u in below])
