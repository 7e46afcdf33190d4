"""The application of units."""

from django.apps import AppConfig


class Units(AppConfig):
    """Units, postings and scope."""

    name = "jiezhen.units"
    verbose_name = "单元"
