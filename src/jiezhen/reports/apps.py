"""The application of reports."""

from django.apps import AppConfig


class Reports(AppConfig):
    """See the package."""

    name = "jiezhen.reports"
    verbose_name = "报告"

    def ready(self) -> None:
        """Tell the page of a number in which reports it stands."""
        from jiezhen.indicators.queries import usage
        from jiezhen.reports.queries import listing

        usage.offer("reports", listing.uses)
