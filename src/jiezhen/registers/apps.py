"""The application of registers."""

from django.apps import AppConfig


class Registers(AppConfig):
    """Registers its table as the home of one shape of record."""

    name = "jiezhen.registers"
    verbose_name = "底数"

    def ready(self) -> None:
        """Offer the table to the machinery of records."""
        from jiezhen.records import places  # models exist only now
        from jiezhen.registers import facts

        facts.offer()
        places.offer("entry", places.under("registers", self.verbose_name))
