"""The application of records."""

from django.apps import AppConfig


class Records(AppConfig):
    """Kinds, fields, lists, files, import and export."""

    name = "jiezhen.records"
    verbose_name = "记录"

    def ready(self) -> None:
        """Show files on every record's page."""
        from jiezhen.records import files  # noqa: PLC0415  # models exist only now

        files.offer()
