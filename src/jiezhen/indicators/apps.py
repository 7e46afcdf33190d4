"""The application of indicators."""

from django.apps import AppConfig


class Indicators(AppConfig):
    """See the package."""

    name = "jiezhen.indicators"
    verbose_name = "指标"
