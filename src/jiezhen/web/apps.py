"""Registers the design system and its start-up check."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The design system; it has no tables."""

    name = "jiezhen.web"
    label = "web"

    def ready(self) -> None:
        """Register the system checks of this app."""
        from jiezhen.web import fonts

        fonts.register()
