"""The application of desk."""

from django.apps import AppConfig


class Desk(AppConfig):
    """See the package."""

    name = "jiezhen.desk"
    verbose_name = "工作台"
