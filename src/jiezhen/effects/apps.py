"""The application of effects."""

from django.apps import AppConfig


class Effects(AppConfig):
    """Notices, e-mail and webhooks."""

    name = "jiezhen.effects"
    verbose_name = "消息"
