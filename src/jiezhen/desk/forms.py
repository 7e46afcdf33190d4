"""The forms of signing in and of administration."""

from typing import Any, cast

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignIn(AuthenticationForm):
    """User name and password; a password manager may fill both."""

    username = forms.CharField(
        label=_("用户名"), widget=forms.TextInput({"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    error_messages = {  # noqa: RUF012  # Django's own declaration
        "invalid_login": _("用户名或密码不对。密码区分大小写。"),
        "inactive": _("这个账号已停用。请找管理员。"),
    }


class NewAccount(forms.Form):
    """A person who may sign in, posted to one unit in one role."""

    username = forms.SlugField(
        label=_("用户名"), max_length=64, help_text=_("小写字母、数字、短横线")
    )
    name = forms.CharField(label=_("姓名"), max_length=64)
    unit = forms.ChoiceField(label=_("单元"))
    role = forms.ChoiceField(label=_("角色"))
    password = forms.CharField(
        label=_("初始密码"),
        min_length=12,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("至少12位；本人登录后自己改"),
    )

    def __init__(
        self,
        *args: Any,
        units: list[tuple[str, str]],
        roles: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("unit", units), ("role", roles)):
            cast(forms.ChoiceField, self.fields[name]).choices = choices
