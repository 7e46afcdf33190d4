"""Where plans use a number: every task that is counted by it."""

from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat

from jiezhen.indicators.queries import usage
from jiezhen.people.access import Viewer
from jiezhen.plans.queries import scope


def uses(viewer: Viewer, indicator: str) -> QuerySet[Any]:
    """Return the viewer's tasks linked to an indicator, as rows that cost no statement of their own."""
    found = scope.tasks(viewer).filter(indicator=indicator)
    return usage.rows(
        found,
        title=Concat(Value("任务“"), F("title"), Value("”")),
        href=Concat(Value("/tasks/"), F("code")),
        period=F("period"),
    )
