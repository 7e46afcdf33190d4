"""The application of start-up."""

from django.apps import AppConfig


class Conf(AppConfig):
    """Registers the checks of start-up."""

    name = "jiezhen.conf"
    verbose_name = "启动"

    def ready(self) -> None:
        """Load the checks."""
        from jiezhen.conf import checks  # noqa: F401, PLC0415  # registers itself
