"""The application of matters."""

from django.apps import AppConfig


class Matters(AppConfig):
    """Registers its table as the home of one shape of record."""

    name = "jiezhen.matters"
    verbose_name = "事项"

    def ready(self) -> None:
        """Offer the table to the machinery of records."""
        from jiezhen.matters import facts  # noqa: PLC0415  # models exist only now

        facts.offer()
