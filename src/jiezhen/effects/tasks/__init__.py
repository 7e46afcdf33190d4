"""The worker's rounds: spread what was announced, send what is due."""

from jiezhen.effects.tasks.rounds import deliver

__all__ = ["deliver"]
