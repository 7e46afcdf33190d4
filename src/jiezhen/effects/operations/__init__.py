"""Every write of effects: announce, spread, lease, notices, webhooks."""

from jiezhen.effects.operations.outbox import announce, announce_many
from jiezhen.effects.rules import Event

__all__ = ["Event", "announce", "announce_many"]
