"""The application of registers."""

from django.apps import AppConfig


class Registers(AppConfig):
    """Registers its table as the home of one shape of record."""

    name = "jiezhen.registers"
    verbose_name = "底数"

    def ready(self) -> None:
        """Offer the table to the machinery of records."""
        from jiezhen.registers import facts  # noqa: PLC0415  # models exist only now

        facts.offer()
