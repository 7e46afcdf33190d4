"""The application of accounts."""

from django.apps import AppConfig


class People(AppConfig):
    """Accounts and access."""

    name = "jiezhen.people"
    verbose_name = "用户"
