"""The application of activities."""

from django.apps import AppConfig


class Activities(AppConfig):
    """Registers its table as the home of one shape of record."""

    name = "jiezhen.activities"
    verbose_name = "服务"

    def ready(self) -> None:
        """Offer the table to the machinery of records."""
        from jiezhen.activities import facts, queries  # models exist only now
        from jiezhen.records import panels, places

        facts.offer()
        panels.offer("20 findings", queries.panel)
        places.offer(
            "activity",
            places.under("services", self.verbose_name, lambda k: f"/services/new?kind={k}"),
        )
