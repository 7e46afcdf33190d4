"""The application of indicators."""

from django.apps import AppConfig


class Indicators(AppConfig):
    """Tells record pages which figures a record counts for."""

    name = "jiezhen.indicators"
    verbose_name = "指标"

    def ready(self) -> None:
        """Offer the card 「这条计入」 to the pages of records."""
        from jiezhen.indicators.queries import counting  # noqa: PLC0415  # models exist only now
        from jiezhen.records import panels  # noqa: PLC0415

        panels.offer("10-indicators", counting.panel)
