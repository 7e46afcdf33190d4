"""The application of activities."""

from django.apps import AppConfig


class Activities(AppConfig):
    """Registers its table as the home of one shape of record."""

    name = "jiezhen.activities"
    verbose_name = "服务"

    def ready(self) -> None:
        """Offer the table to the machinery of records."""
        from jiezhen.activities import facts  # noqa: PLC0415  # models exist only now

        facts.offer()
