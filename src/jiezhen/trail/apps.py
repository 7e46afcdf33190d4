"""The application of the trail."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate  # noqa: TID251  # not a model's signal

from jiezhen.trail import triggers


class Trail(AppConfig):
    """Entries, seals, and acts that happen once."""

    name = "jiezhen.trail"
    verbose_name = "审计"

    def ready(self) -> None:
        """Install the triggers whenever the tables were made."""
        post_migrate.connect(triggers.install, sender=self)
