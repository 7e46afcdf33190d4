"""The application of plans."""

from django.apps import AppConfig


class Plans(AppConfig):
    """Documents, commitments, tasks and their lights."""

    name = "jiezhen.plans"
    verbose_name = "计划"

    def ready(self) -> None:
        """Tell the figures engine where plans use a number."""
        from jiezhen.indicators.queries import usage  # noqa: PLC0415  # models exist only now
        from jiezhen.plans.queries import uses  # noqa: PLC0415

        usage.offer("plans", uses.uses)
