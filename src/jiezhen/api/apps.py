"""The application of api."""

from django.apps import AppConfig


class Api(AppConfig):
    """See the package."""

    name = "jiezhen.api"
    verbose_name = "接口"
