"""The residents' pages as a Django application."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Residents' pages and Open311."""

    name = "jiezhen.portal"
    verbose_name = "公众门户"
