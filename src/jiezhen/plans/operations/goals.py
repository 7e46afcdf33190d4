"""Hand the numbers of confirmed commitments over to the indicators as their targets."""

from datetime import datetime

from jiezhen.people.access import Viewer
from jiezhen.plans.models import Commitment


def set_goal(viewer: Viewer, row: Commitment, at: datetime) -> None:
    """Set the target of the linked indicator to what the commitment promises.

    Only where somebody linked it, and only for who may set targets; the plan's own light never
    depends on it.
    """
