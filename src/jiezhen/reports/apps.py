"""The application of reports."""

from django.apps import AppConfig


class Reports(AppConfig):
    """See the package."""

    name = "jiezhen.reports"
    verbose_name = "报告"
