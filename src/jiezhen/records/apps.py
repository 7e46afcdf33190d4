"""The application of records."""

from django.apps import AppConfig


class Records(AppConfig):
    """Kinds, fields, lists, files, import and export."""

    name = "jiezhen.records"
    verbose_name = "记录"
