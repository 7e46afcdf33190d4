"""The application of conf."""

from django.apps import AppConfig


class Conf(AppConfig):
    """See the package."""

    name = "jiezhen.conf"
    verbose_name = "启动"
