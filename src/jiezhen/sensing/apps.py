"""The application of sensing."""

from django.apps import AppConfig


class Sensing(AppConfig):
    """Registers its table as the home of one shape of record."""

    name = "jiezhen.sensing"
    verbose_name = "感知"

    def ready(self) -> None:
        """Offer the table to the machinery of records."""
        from jiezhen.sensing import facts  # noqa: PLC0415  # models exist only now

        facts.offer()
