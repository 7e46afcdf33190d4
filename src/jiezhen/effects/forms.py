"""The forms of notices and webhooks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from jiezhen.effects.rules import GROUPS, HOWS
from jiezhen.effects.rules.messages import SHAPES

GROUP_TITLES = {
    "deadlines": gettext_lazy("到期、超期和督办"),
    "matters": gettext_lazy("事项"),
    "plans": gettext_lazy("计划和任务"),
    "others": gettext_lazy("其他"),
}
HOW_TITLES = {
    "inside": gettext_lazy("只在系统里"),
    "digest": gettext_lazy("每天一封摘要"),
    "now": gettext_lazy("立刻发邮件"),
}
SHAPE_TITLES = {
    "jiezhen": gettext_lazy("街镇JSON"),
    "wecom": gettext_lazy("企业微信群机器人"),
    "dingtalk": gettext_lazy("钉钉群机器人"),
}
DEPTHS = {
    "open": gettext_lazy("公开"),
    "inner": gettext_lazy("内部"),
    "personal": gettext_lazy("个人信息"),
    "secret": gettext_lazy("保密"),
}


class Choices(forms.Form):
    """How somebody wants to hear of each group of events."""

    email = forms.EmailField(
        label=gettext_lazy("邮箱"), required=False, max_length=200, empty_value=""
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group in GROUPS:
            self.fields[group] = forms.ChoiceField(
                label=GROUP_TITLES[group], choices=[(how, HOW_TITLES[how]) for how in HOWS]
            )


class NewWebhook(forms.Form):
    """An address outside, and what it shall hear of."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    address = forms.CharField(label=gettext_lazy("地址"), max_length=2000)
    shape = forms.ChoiceField(
        label=gettext_lazy("格式"), choices=[(shape, SHAPE_TITLES[shape]) for shape in SHAPES]
    )
    patterns = forms.CharField(
        label=gettext_lazy("事件"),
        initial="matter.*",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("一行一个，如 matter.* 或 *.overdue；* 是全部。"),
    )
    sensitivity = forms.ChoiceField(
        label=gettext_lazy("深到"),
        choices=list(DEPTHS.items()),
        initial="inner",
        help_text=gettext_lazy("比这更深的事项不从这里发出。"),
    )
    secret = forms.CharField(
        label=gettext_lazy("加签密钥"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("只有钉钉机器人用；街镇格式的密钥登记后显示一次。"),
    )

    def clean_patterns(self) -> tuple[str, ...]:
        """Return the patterns, one a line."""
        return tuple(dict.fromkeys(self.cleaned_data["patterns"].split()))
