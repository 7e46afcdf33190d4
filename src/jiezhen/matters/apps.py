"""The application of matters."""

from django.apps import AppConfig


class Matters(AppConfig):
    """Registers its table as the home of one shape of record."""

    name = "jiezhen.matters"
    verbose_name = "事项"

    def ready(self) -> None:
        """Offer the table to the machinery of records."""
        from jiezhen.matters import queries  # models exist only now
        from jiezhen.matters.operations import intake
        from jiezhen.records import panels, places

        intake.offer()
        places.offer(
            "matter",
            places.Place(
                queries.page_of,
                queries.list_of,
                lambda kind: f"/matters/new?kind={kind}",
                queries.roof_of,
                own=True,
            ),
        )
        panels.offer_events("matters", queries.events)
