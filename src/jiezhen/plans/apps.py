"""The application of plans."""

from django.apps import AppConfig


class Plans(AppConfig):
    """See the package."""

    name = "jiezhen.plans"
    verbose_name = "计划"
